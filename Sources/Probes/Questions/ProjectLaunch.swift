package import Configuration
import FoundationEssentials
import Wire

/// How the files of a project say that it is started: commands, and code that loads a tracer.
package struct ProjectLaunch: Question {
  package struct Answer: Codable, Equatable, Sendable {
    package var commands: [LaunchCommand]
    /// Lines of code that name a tracer, or import OpenAI, in order: `app.py: import ddtrace.auto`.
    package var mentions: [LaunchCommand]
    /// Configurations of bundlers, with what they say of OpenAI.
    package var bundlers: [Bundler]
    /// The folders of PYTHONPATH that are there.
    package var pythonFolders: [String]
    /// The folders of PYTHONPATH that hold a `sitecustomize`, in order.
    package var sitecustomizes: [String]

    package init(
      commands: [LaunchCommand] = [], mentions: [LaunchCommand] = [], bundlers: [Bundler] = [],
      pythonFolders: [String] = [], sitecustomizes: [String] = []
    ) {
      self.commands = commands
      self.mentions = mentions
      self.bundlers = bundlers
      self.pythonFolders = pythonFolders
      self.sitecustomizes = sitecustomizes
    }
  }

  package struct Bundler: Codable, Equatable, Sendable {
    package var file: String
    /// `next`, `esbuild` or `webpack`.
    package var name: String
    package var namesOpenAI: Bool
    /// It leaves packages of node_modules out, or knows dd-trace's own plug-in.
    package var isPrepared: Bool
    /// It says that it builds for Node and not for a browser.
    package var targetsNode: Bool

    package init(
      file: String, name: String, namesOpenAI: Bool, isPrepared: Bool, targetsNode: Bool
    ) {
      self.file = file
      self.name = name
      self.namesOpenAI = namesOpenAI
      self.isPrepared = isPrepared
      self.targetsNode = targetsNode
    }
  }

  private let folder: String
  private let language: Language
  private let pythonPath: [String]
  /// The command of a process that runs: what the files say of others is not asked then.
  private let running: LaunchCommand?

  package init(
    in folder: ApplicationFolder, _ language: Language, pythonPath: [String],
    running: LaunchCommand? = nil
  ) {
    self.running = running
    self.folder = folder.path
    self.language = language
    self.pythonPath = pythonPath
  }

  package var key: String { "runtime.launch \(language.rawValue)" }

  package func ask(_ world: World) async -> Answer {
    var answer = Answer(
      commands: commands, mentions: mentions,
      bundlers: language == .node ? bundlers : [],
      pythonFolders: pythonPath.filter(Files.exist),
      sitecustomizes: pythonPath.filter {
        Files.exist("\($0)/sitecustomize.py") || Files.exist("\($0)/sitecustomize")
      })
    answer.mentions = Array(answer.mentions.prefix(40))
    return answer
  }

  private static let fileLimit = 128 * 1024

  private func text(_ name: String) -> String? {
    Files.text("\(folder)/\(name)", limit: Self.fileLimit)
  }
}

extension ProjectLaunch {
  private var commands: [LaunchCommand] {
    if let running { return [running] }
    var found: [LaunchCommand] = []
    for name in ["Procfile", "Dockerfile", "Containerfile", "package.json"] + Self.shellFiles {
      guard let text = text(name) else { continue }
      switch name {
      case "package.json": found += Self.scripts(text)
      case "Dockerfile", "Containerfile": found += Self.commands(Self.dockerCommand(text), name)
      case "Procfile": found += Self.commands(Self.after(text, ":"), name)
      default: found += Self.commands(Self.shellCommands(text), name)
      }
    }
    return Array(found.prefix(40))
  }

  private static func commands(_ lines: [String], _ file: String, isBuild: Bool = false)
    -> [LaunchCommand]
  {
    lines.map {
      LaunchCommand(
        file: file, text: Redaction.redacted(printable($0, limit: 300)), isBuild: isBuild)
    }
  }

  private static let shellFiles = [
    "docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml", "entrypoint.sh",
    "docker-entrypoint.sh", "start.sh", "run.sh", "supervisord.conf", "uwsgi.ini",
  ]

  /// ENTRYPOINT and CMD of the last stage, as the one command that they make.
  private static func dockerCommand(_ text: String) -> [String] {
    var entry = ""
    var command = ""
    var options: [String] = []
    let joined = text.replacing("\\\r\n", with: " ").replacing("\\\n", with: " ")
    for line in joined.split(whereSeparator: \.isNewline) {
      let line = line.drop(while: \.isWhitespace)
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      switch parts[0].uppercased() {
      case "FROM": (entry, command, options) = ("", "", [])
      case "ENTRYPOINT": entry = parts[1]
      case "CMD": command = parts[1]
      case "ENV" where parts[1].contains("NODE_OPTIONS"): options.append(parts[1])
      default: break
      }
    }
    let whole = [entry, command].filter { !$0.isEmpty }.joined(separator: " ")
    return (whole.isEmpty ? [] : [whole]) + options.map { $0.replacing("NODE_OPTIONS=", with: "") }
  }

  /// The scripts of package.json that start or build it.
  private static func scripts(_ text: String) -> [LaunchCommand] {
    struct Package: Decodable { let scripts: [String: String]? }
    guard let package = try? JSONDecoder().decode(Package.self, from: Data((text + "\n").utf8))
    else { return [] }
    return (package.scripts ?? [:]).sorted { $0.key < $1.key }.flatMap { name, script in
      let first = name.split(separator: ":").first.map(String.init) ?? name
      guard ["start", "serve", "prod", "production", "build"].contains(first) else {
        return [LaunchCommand]()
      }
      return commands([script], "package.json", isBuild: first == "build")
    }
  }

  private static func after(_ text: String, _ sign: Character) -> [String] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      guard !line.hasPrefix("#"), let index = line.firstIndex(of: sign) else { return nil }
      return String(line[line.index(after: index)...].drop(while: \.isWhitespace))
    }
  }

  /// Lines that start an interpreter or a launcher, of scripts and of compose files.
  private static func shellCommands(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let line = line.drop(while: \.isWhitespace)
      guard !line.hasPrefix("#"), !line.hasPrefix("//"), !line.hasPrefix("echo ") else {
        return nil
      }
      let command = LaunchCommand(file: "", text: String(line))
      let words = command.words
      guard
        command.startsPython || command.startsNode || !command.tools.isEmpty
          || words.contains("ddtrace.auto") || words.contains("NODE_OPTIONS=")
          || !NodePreload.among(words).isEmpty
      else { return nil }
      return String(line)
    }
  }

  /// Lines of the code at the top of the project that load a tracer or import OpenAI.
  private var mentions: [LaunchCommand] {
    let endings: [String] =
      switch language {
      case .python: [".py", "uwsgi.ini"]
      case .node: [".js", ".mjs", ".cjs", ".ts", ".mts"]
      case .php: []
      }
    guard !endings.isEmpty else { return [] }
    let files = ["", "src/", "app/", "server/"].flatMap { part in
      Files.names(in: "\(folder)/\(part)", limit: 400).filter { name in
        endings.contains { name.hasSuffix($0) }
      }.prefix(100).map { part + $0 }
    }
    return files.flatMap { file -> [LaunchCommand] in
      // A compiled bundle is no code that tells how the application is started.
      guard !file.contains(".config."), !file.hasSuffix(".d.ts"), let text = text(file) else {
        return []
      }
      return Self.lines(of: text).map { LaunchCommand(file: file, text: $0) }
    }
  }

  private static func lines(of text: String) -> [String] {
    guard text.holds("trace") || text.holds("openai") else { return [] }
    return text.split(whereSeparator: \.isNewline).compactMap { line -> String? in
      let line = line.drop(while: \.isWhitespace)
      guard line.utf8.count < 400, !line.hasPrefix("#"), !line.hasPrefix("//") else { return nil }
      let text = String(line)
      let words = ["ddtrace", "dd-trace", "LLMObs.enable"]
      let loads = words.contains { text.holds($0) }
      let importsOpenAI =
        (text.holds("import") || text.holds("require")) && text.holds("openai")
      return loads || importsOpenAI ? Redaction.redacted(printable(text, limit: 120)) : nil
    }
  }

  private var bundlers: [Bundler] {
    let files: [(String, [String])] = [
      ("next", ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs"]),
      ("esbuild", ["esbuild.config.js", "esbuild.config.mjs", "esbuild.js", "esbuild.mjs"]),
      (
        "webpack",
        ["webpack.config.js", "webpack.config.mjs", "webpack.config.ts", "webpack.config.cjs"]
      ),
    ]
    return files.flatMap { name, files in
      files.compactMap { file -> Bundler? in
        guard let text = text(file) else { return nil }
        return Bundler(
          file: file, name: name, namesOpenAI: text.holds("openai"),
          isPrepared: ["dd-trace/", "nodeExternals", "webpack-node-externals"].contains {
            text.holds($0)
          }
            || text.replacing(" ", with: "").replacing("\"", with: "'").holds("packages:'external'"),
          targetsNode: text.holds("node"))
      }
    }
  }
}

extension Observations {
  /// How the project's files say that it is started; nil where there is no folder to look at.
  package var projectLaunch: ProjectLaunch.Answer? {
    get async throws {
      guard let question = settings.projectLaunch else { return nil }
      return try await answer(question)
    }
  }
}

extension Settings {
  package var projectLaunch: ProjectLaunch? {
    guard let folder = host.application, let language else { return nil }
    let workload = host.workload
    return ProjectLaunch(
      in: folder, language, pythonPath: environment.pythonPath,
      running: workload?.processID.flatMap { id in
        workload?.command.map { LaunchCommand(file: "pid \(id)'s command line", text: $0) }
      })
  }
}
