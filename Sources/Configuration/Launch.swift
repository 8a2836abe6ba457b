import Wire

/// A tool that instruments an application when it is loaded.
package enum Instrumentation: String, Codable, CaseIterable, Sendable {
  case datadog, openTelemetry, newRelic, elastic, dynatrace, appDynamics

  /// As a person would say it.
  package var words: String {
    switch self {
    case .datadog: "Datadog"
    case .openTelemetry: "OpenTelemetry"
    case .newRelic: "New Relic"
    case .elastic: "Elastic APM"
    case .dynatrace: "Dynatrace"
    case .appDynamics: "AppDynamics"
    }
  }

  /// Who is loaded by a program or a module of this name, by its path or its own.
  static func of(_ word: String) -> Instrumentation? {
    let parts = word.split(separator: "/").map(String.init)
    for (names, tool) in table where parts.contains(where: { names.contains($0) }) { return tool }
    return nil
  }

  private static let table: [(names: Set<String>, tool: Instrumentation)] = [
    (["dd-trace", "ddtrace-run", "ddtrace", "ddtrace.commands.ddtrace_run"], .datadog),
    (
      [
        "opentelemetry-instrument", "@opentelemetry", "opentelemetry",
        "opentelemetry.instrumentation.auto_instrumentation",
      ], .openTelemetry
    ),
    (["newrelic", "newrelic-admin", "newrelic.bootstrap"], .newRelic),
    (["elastic-apm-node", "elasticapm-run", "elasticapm"], .elastic),
    (["@dynatrace", "dynatrace"], .dynatrace),
    (["appdynamics", "pyagent"], .appDynamics),
  ]
}

/// A module that Node loads before the application.
package struct NodePreload: Equatable, Sendable {
  package enum Way: Equatable, Sendable { case require, `import`, loader }
  package enum Role: Equatable, Sendable {
    /// `dd-trace/init`: CommonJS.
    case initialization
    /// `dd-trace/initialize.mjs`: CommonJS and ES modules.
    case everything
    /// Hooks for ES modules, which need an initialisation beside them.
    case hook
  }

  package let way: Way
  package let module: String

  package var tool: Instrumentation? { Instrumentation.of(module) }

  /// What dd-trace's module does; nil for another's.
  package var role: Role? {
    guard tool == .datadog, !module.hasSuffix("/ci/init") else { return nil }
    if module.holds("dd-trace/initialize") { return .everything }
    if module.holds("dd-trace/register") || module.holds("dd-trace/loader-hook") { return .hook }
    if module.holds("dd-trace/init") { return .initialization }
    return nil
  }

  package var text: String {
    switch way {
    case .require: "-r \(module)"
    case .import: "--import \(module)"
    case .loader: "--loader \(module)"
    }
  }

  /// The preloads among words, as those of NODE_OPTIONS or of a command.
  package static func among(_ words: [String]) -> [NodePreload] {
    var found: [NodePreload] = []
    var index = 0
    while index < words.count {
      let parts = words[index].split(separator: "=", maxSplits: 1).map(String.init)
      let way: Way? =
        switch parts.first {
        case "-r", "--require": .require
        case "--import": .import
        case "--loader", "--experimental-loader": .loader
        default: nil
        }
      if let way {
        if parts.count == 2 {
          found.append(NodePreload(way: way, module: parts[1]))
        } else if index + 1 < words.count {
          index += 1
          found.append(NodePreload(way: way, module: words[index]))
        }
      }
      index += 1
    }
    return found
  }
}

/// A command that starts an application, as a file of the project tells.
package struct LaunchCommand: Codable, Equatable, Sendable {
  package var file: String
  package var text: String
  /// It makes the application ready, and does not start it.
  package var isBuild: Bool

  package init(file: String, text: String, isBuild: Bool = false) {
    self.file = file
    self.text = text
    self.isBuild = isBuild
  }

  /// Its words, without quotes.
  package var words: [String] { Self.words(text) }

  package var shown: String { "\(file): \(text)" }

  /// The instrumentations that the command starts, each as often as it does.
  package var tools: [Instrumentation] {
    let preloads = NodePreload.among(words)
    let modules = preloads.map(\.module)
    return preloads.filter { $0.role != .hook }.compactMap(\.tool)
      + words.filter { !modules.contains($0) && !$0.hasPrefix("-") }.compactMap { word in
        Self.launchers.contains(Self.base(word)) ? Instrumentation.of(Self.base(word)) : nil
      }
  }

  /// Whether it starts Python, by itself or by a server that does.
  package var startsPython: Bool {
    words.contains { word in
      let base = Self.base(word)
      return Self.pythonServers.contains(base) || base.hasPrefix("python3.")
    }
  }

  package var startsNode: Bool {
    !isBuild && words.contains { Self.nodePrograms.contains(Self.base($0)) }
  }

  /// The flags that keep Python from what loads a tracer: `-S`, `-E`, `-I`, also joined.
  package var isolatingFlag: String? {
    let words = words
    guard let python = words.firstIndex(where: { Self.base($0).hasPrefix("python") }) else {
      return nil
    }
    return words[(python + 1)...].prefix { $0.hasPrefix("-") && $0 != "-m" && $0 != "-c" }
      .first { flag in
        !flag.hasPrefix("--") && flag.dropFirst().allSatisfy(\.isLetter)
          && flag.contains { "SEI".contains($0) }
      }
  }

  /// The language of what it starts; nil where its words do not tell.
  package var language: Language? {
    words.lazy.map(Self.base).compactMap { word -> Language? in
      if Self.pythonServers.contains(word) || word.hasPrefix("python3.") { return .python }
      if Self.nodePrograms.contains(word) || Self.nodeManagers.contains(word) { return .node }
      return word.hasPrefix("php") ? .php : nil
    }.first
  }

  package func starts(_ program: String) -> Bool {
    words.contains { Self.base($0) == program }
  }

  /// Words at blanks, with quotes and the brackets of an exec form taken off.
  package static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in text {
      switch character {
      case " ", "\t", "\"", "'", "[", "]", ",", ";", "\\":
        if !word.isEmpty { words.append(word) }
        word = ""
      default: word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  private static func base(_ word: String) -> String {
    word.split(separator: "/").last.map(String.init) ?? word
  }

  private static let launchers: Set<String> = [
    "ddtrace-run", "ddtrace.commands.ddtrace_run", "opentelemetry-instrument", "newrelic-admin",
    "elasticapm-run", "pyagent",
  ]

  private static let pythonServers: Set<String> = [
    "python", "python3", "gunicorn", "uvicorn", "hypercorn", "daphne", "flask", "celery", "uwsgi",
    "streamlit", "fastapi", "waitress-serve", "ddtrace-run",
  ]

  private static let nodeManagers: Set<String> = ["npm", "npx", "yarn", "pnpm"]

  private static let nodePrograms: Set<String> = [
    "node", "nodejs", "ts-node", "tsx", "nodemon", "next", "nest", "pm2", "pm2-runtime",
  ]
}

extension Environment {
  /// What NODE_OPTIONS makes Node load first.
  package var nodePreloads: [NodePreload] {
    NodePreload.among(nodeOptionWords)
  }

  /// NODE_OPTIONS as Node splits it: at blanks outside of double quotes; single ones are letters.
  package var nodeOptionWords: [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in text("NODE_OPTIONS") ?? "" {
      if character == "\"" {
        isQuoted.toggle()
      } else if !isQuoted, character.isWhitespace {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  /// The folders of PYTHONPATH that instrument, with their place among all.
  package var pythonPathTools: [(folder: String, tool: Instrumentation)] {
    pythonPath.compactMap { folder in
      let isHook =
        folder.hasSuffix("/bootstrap") || folder.holds("auto_instrumentation")
        || folder.holds("autoinstrumentation")
      guard isHook, let tool = Instrumentation.of(folder) else { return nil }
      return (folder, tool)
    }
  }

  package var pythonPath: [String] {
    (text("PYTHONPATH") ?? "").split(separator: ":").map(String.init)
  }

  /// The folder by which `ddtrace-run` loads the tracer; nil without it.
  package var ddtraceBootstrap: String? {
    pythonPathTools.first { $0.tool == .datadog }?.folder
  }

  /// Whether single-step instrumentation injects the tracer.
  package var isInjected: Bool {
    let parts = (text("DD_INJECTION_ENABLED") ?? "").split(separator: ",")
    return parts.contains("tracer") || text("_DD_PY_SSI_INJECT") == "1"
  }
}
