import Checks
import Configuration
import Diagnosis
import Probes

/// What can stand in the place of a command line's last word; the shells' scripts ask for it.
///
/// One candidate a line, with a tab and what it is behind it. A line that begins with a colon says
/// what the shell completes by itself: `:files`, or `:command` for a command of the user's.
struct Completions {
  private let last: String
  private var command: Command?
  /// An option that still wants its value.
  private var pending: Option?
  private var operands: [String] = []
  /// Whether the last word belongs to a command of the user's.
  private var isForeign = false

  /// - Parameter words: those behind the program's name, the unfinished one last.
  init(_ words: [String]) {
    last = words.last ?? ""
    for word in words.dropLast() { read(word) }
  }

  private mutating func read(_ word: String) {
    if isForeign { return }
    if pending != nil {
      pending = nil
    } else if word == "--" {
      isForeign = command?.startsCommand == true
    } else if word.hasPrefix("-"), word != "-" {
      guard !word.contains("=") else { return }
      pending = Option.all.first { $0.isCalled(word) && $0.value != nil }
    } else if command == nil {
      command = Command(rawValue: word)
    } else {
      operands.append(word)
      isForeign = command?.startsCommand == true
    }
  }

  var lines: [String] {
    if isForeign { return [":command"] }
    if let pending { return pending.candidates.lines(of: last) }
    if last.hasPrefix("-") { return options }
    guard let command else {
      return Candidates.commands.lines(of: last)
    }
    guard let operand = command.operand, operands.count < operand.count else { return [] }
    return command.candidates.lines(of: last)
  }

  private var options: [String] {
    let own = command ?? .check
    if let equals = last.firstIndex(of: "=") {
      let name = String(last[..<equals])
      guard let option = Option.all.first(where: { $0.isCalled(name) }) else { return [] }
      return option.candidates.lines(
        of: String(last[last.index(after: equals)...]), behind: name + "=")
    }
    return Option.all.filter { own.options.contains($0.name) }
      .map { ("--\($0.name)", $0.summary) }
      .filter { $0.0.hasPrefix(last) }.map(Candidates.line)
  }
}

/// What can stand where an option's value or a command's operand is expected.
enum Candidates {
  case nothing, files, commands
  case words([String])
  /// Check ids and globs of their groups, comma-separated.
  case checks
  /// Checks, groups and variables.
  case subjects
  /// `F=PATH`.
  case formatAndFile
  case command

  /// The lines of those that begin with what was typed, behind what stands before it in the word.
  func lines(of typed: String, behind: String = "") -> [String] {
    switch self {
    case .nothing: []
    case .files: [":files"]
    case .command: [":command"]
    case .commands: Self.matching(Command.allCases.map { ($0.rawValue, $0.summary) }, typed)
    case .words(let words): Self.matching(words.map { ($0, "") }, typed, behind)
    case .subjects: Self.matching(Self.ids(globs: false), typed) + Self.variables(typed)
    case .checks:
      Self.matching(
        Self.ids(globs: true), String(typed[Self.afterComma(typed)...]),
        behind + typed[..<Self.afterComma(typed)])
    case .formatAndFile:
      typed.contains("=")
        ? [":files"]
        : Self.matching(Format.allCases.map { ("\($0.rawValue)=", "") }, typed, behind)
    }
  }

  /// A candidate and what it is, on one line.
  static func line(_ candidate: String, _ text: String) -> String {
    let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return text.isEmpty ? candidate : "\(candidate)\t\(text)"
  }

  private static func matching(
    _ all: [(String, String)], _ typed: String, _ behind: String = ""
  ) -> [String] {
    all.filter { $0.0.hasPrefix(typed) }.map { line(behind + $0.0, $0.1) }
  }

  private static func afterComma(_ text: String) -> String.Index {
    text.lastIndex(of: ",").map(text.index(after:)) ?? text.startIndex
  }

  private static func ids(globs: Bool) -> [(String, String)] {
    let project = try? HostProbe.project()
    let all =
      ProjectConfiguration.known(project)
      + Plugins.checks(for: project, timeout: .seconds(1)).map(\.about)
    var groups: [String] = []
    for about in all where groups.last != about.id.group { groups.append(about.id.group) }
    return groups.map { (globs ? "\($0).*" : $0, "all of \($0)") }
      + all.map { ($0.id.rawValue, $0.title) }
  }

  /// Of 7,000 names, those that begin as what was typed; nothing typed is too many.
  private static func variables(_ typed: String) -> [String] {
    typed.isEmpty ? [] : SettingsRegistry.names(beginning: typed)
  }
}

extension Option {
  fileprivate func isCalled(_ word: String) -> Bool {
    "--\(name)" == word || short.map { "-\($0)" } == word
  }

  /// What its value can be.
  var candidates: Candidates {
    switch name {
    case "setup": .words(Setup.allCases.map(\.rawValue))
    case "language": .words(Language.allCases.map(\.rawValue))
    case "format": .words(Format.allCases.map(\.rawValue))
    case "color": .words(ColorChoice.allCases.map(\.rawValue))
    case "fault": .words(DemoCommand.faultNames)
    case "only", "skip": .checks
    case "report": .formatAndFile
    default: ["FILE", "PATH", "SRC", "REPORT"].contains(value) ? .files : .nothing
    }
  }
}

extension Command {
  /// Whether its operands are a command of the user's.
  fileprivate var startsCommand: Bool { operand?.name.hasPrefix("-- ") == true }

  /// What its operand can be.
  var candidates: Candidates {
    switch self {
    case .explain: .subjects
    case .help: .commands
    case .schema: .words(Command.schemas)
    case .completion: .words(CompletionCommand.Shell.allCases.map(\.rawValue))
    default: startsCommand ? .command : operand == nil ? .nothing : .files
    }
  }
}
