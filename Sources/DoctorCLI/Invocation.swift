package import Configuration
import Wire

/// A command line, understood.
package struct Invocation: Equatable, Sendable {
  package var command: Command
  package var options = Options()
  /// What stands on the line beside options: the id of `explain`, the command of `help`.
  package var operands: [String] = []
  package var wantsHelp = false
  /// Whether a command stands on the line, or `check` is meant by default.
  package var namesCommand = false
}

/// The options of all commands; a command takes those that its table entry lists.
package struct Options: Equatable, Sendable {
  package var setup: Setup?
  package var language: Language?
  /// Where the configuration is read from, as `pid:N` or `KIND:FILE#NAME`.
  package var from: [String] = []
  /// A workload of another network is probed from here all the same.
  package var probesHere = false
  package var only: [String] = []
  package var skip: [String] = []
  package var offline = false
  /// Whether executables on PATH are asked that are checks of somebody else's.
  package var plugins = true
  package var strict = false
  package var findsSite = false
  /// `span`: ask what became of the test spans.
  package var verifies = false
  /// `HOST:PORT:HOST2:PORT2`, as curl's.
  package var connectTo: [String] = []
  package var caFile: String?
  package var timeout: Duration = .seconds(5)
  /// Of one round; each command has its own default.
  package var deadline: Duration?
  package var retries = 1
  package var wait: Duration?
  package var format: Format?
  package var reports: [ReportTarget] = []
  package var output: String?
  package var color = ColorChoice.auto
  package var quiet = false
  package var verbose = false
  package var debug = false
  package var port: UInt16?
  package var socket: String?
  package var fault: String?
  /// `fleet`: the file that lists Agents.
  package var agents: String?
  package var showsVersion = false
  /// A saved report: what stands in it decides nothing.
  package var baseline: String?
  /// Print what the remedies set, for a shell to read.
  package var printsEnvironment = false
  /// `capture`: how long to watch; nil for as long as the command runs.
  package var watch: Duration?
  /// `capture`: pass everything on to the Agent that is configured.
  package var forwards = false
  /// `run`: start the command whatever was found.
  package var warnsOnly = false
  /// The report goes into a support bundle.
  package var isBundle = false
  /// The checks stand before a command of the user's: OpenAI is asked nothing.
  package var isPreflight = false
}

package enum Format: String, CaseIterable, Sendable {
  case text, info, json, ndjson, junit, tap, sarif, github, markdown, html, prometheus, nagios
}

package enum ColorChoice: String, CaseIterable, Sendable {
  case auto, always, never
}

/// A further report: `--report json=report.json`.
package struct ReportTarget: Equatable, Sendable {
  package var format: Format
  package var path: String
}

/// A command line that can't be understood: one line, with the nearest valid name.
package struct UsageError: Error, Equatable, Sendable {
  package let message: String

  package init(_ message: String) {
    self.message = message
  }

  init(unknown kind: String, _ word: String, among valid: [String]) {
    self.init(
      "unknown \(kind) \(Self.shown(word))" + Spelling.advice(for: word, among: valid))
  }

  /// The word, unless it looks like a key: then its kind and length.
  static func shown(_ word: String) -> String {
    let value = word.split(separator: "=", maxSplits: 1).last.map(String.init) ?? word
    let bare = String(value.drop { $0 == "-" })
    if Redaction.isSecret(bare) || Redaction.isSecret(value) {
      return "(\(SecretTraits(Array(bare.utf8)).description))"
    }
    return "'\(printable(Redaction.redacted(word), limit: 60))'"
  }
}

extension Invocation {
  /// Reads the words behind the program's name.
  package static func parse(_ words: [String]) throws -> Invocation {
    var parser = ArgumentParser(words)
    return try parser.parse()
  }
}

private struct ArgumentParser {
  private var words: ArraySlice<String>
  private var invocation = Invocation(command: .check)
  private var hasCommand = false
  private var onlyOperands = false

  init(_ words: [String]) {
    self.words = words[...]
  }

  mutating func parse() throws -> Invocation {
    while let word = words.popFirst() {
      if !onlyOperands, !isInCommand, word == "--" {
        onlyOperands = true
      } else if !onlyOperands, word.hasPrefix("-"), word != "-", !isInCommand {
        try readOption(word)
      } else if !hasCommand {
        guard let command = Command(rawValue: word) else {
          throw UsageError(unknown: "command", word, among: Command.allCases.map(\.rawValue))
        }
        invocation.command = command
        hasCommand = true
        invocation.namesCommand = true
      } else {
        invocation.operands.append(word)
      }
    }
    try checkOptions()
    return invocation
  }

  /// Whether the words are those of a command that is to be started.
  private var isInCommand: Bool {
    [.run, .capture].contains(invocation.command) && !invocation.operands.isEmpty
  }

  private var given: [(option: Option, word: String)] = []

  private mutating func readOption(_ word: String) throws {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts.first ?? "")
    let option = Option.all.first { "--\($0.name)" == name || $0.short.map { "-\($0)" } == name }
    guard let option else {
      // Its value may be anything, a secret too: the name says enough.
      throw UsageError(unknown: "option", name, among: Option.all.map { "--\($0.name)" })
    }
    given.append((option, name))
    var value = parts.count == 2 ? String(parts[1]) : nil
    if option.value == nil {
      guard value == nil else { throw UsageError("\(name) takes no value") }
    } else if value == nil {
      guard let next = words.popFirst() else {
        throw UsageError("\(name) needs a value: \(name) \(option.value ?? "")")
      }
      value = next
    }
    try option.apply(&invocation, value ?? "")
  }

  /// Options may stand before their command, so they are held against it at the end.
  private func checkOptions() throws {
    guard !invocation.wantsHelp else { return }
    let taken = invocation.command.options
    for (option, word) in given where !taken.contains(option.name) {
      throw UsageError("\(invocation.command.rawValue) takes no \(word)")
    }
    let expected = invocation.command.operand
    if invocation.operands.count > (expected?.count ?? 0) {
      throw UsageError(
        "\(invocation.command.rawValue) takes no \(UsageError.shown(invocation.operands.last ?? ""))"
      )
    }
    if let expected, !expected.isOptional, invocation.operands.isEmpty {
      throw UsageError(
        "\(invocation.command.rawValue) needs a value:"
          + " dd-doctor \(invocation.command.rawValue) \(expected.name)")
    }
  }
}
