import Configuration
package import Diagnosis
package import Probes

/// Whether what starts the application initialises dd-trace before OpenAI is loaded.
package struct RuntimeNodeInit: Check {
  package let about = About(
    id: "runtime.node.init",
    title: "Node loads dd-trace first",
    explanation: """
      dd-trace hooks modules while they are loaded, so it has to come first: `node -r dd-trace/init`, \
      or NODE_OPTIONS. ES modules need `--import dd-trace/initialize.mjs` in its place. A bundler that \
      takes the openai package in leaves nothing to hook. Looked at are NODE_OPTIONS, package.json's \
      scripts, Procfile, Dockerfile, start scripts, top-level code and bundlers' configurations.
      """,
    fix: "Set NODE_OPTIONS='--import dd-trace/initialize.mjs', or -r dd-trace/init for CommonJS.",
    docs: Docs.libraries + "nodejs/",
    needs: [.runtimeNodeTracer],
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func anticipate(_ seen: Observations) async {
    if seen.settings.language == .node, let question = seen.settings.projectLaunch {
      seen.begin(question)
    }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noRuntime(.node) { return .skipped(reason) }
    guard let launch = try await seen.projectLaunch, let question = settings.nodeModules else {
      return .skipped(Settings.noApplication)
    }
    let modules = try await seen.answer(question)
    if let word = settings.environment.quotedPreload { return .failed(.quoted(word)) }
    let found = Preloads(settings, launch)
    var problems: [Problem] = []
    let isESM = modules.isESM || launch.commands.contains { $0.text.contains(".mjs") }
    if isESM, found.role == .initialization, !found.hasHook, let way = found.first {
      problems.append(.commonJSOnly(way))
    }
    let code = launch.mentions.filter(\.initializesDDTrace)
    if found.role == nil, let late = Self.late(launch.mentions) { problems.append(.late(late)) }
    if found.role == nil, code.isEmpty, !settings.environment.isInjected,
      let plain = launch.commands.first(where: \.startsNode)
    {
      problems.append(.plain(plain, isESM))
    }
    problems += Self.bundled(launch, modules)
    return .worst(problems.map(Outcome.warning), else: calm(found, code, settings))
  }

  private func calm(_ found: Preloads, _ code: [LaunchCommand], _ settings: Settings) -> Outcome {
    if found.role != nil, let way = found.first {
      return .passed("dd-trace is loaded by \(way.measured)", evidence: [way])
    }
    if settings.environment.isInjected {
      return .passed("dd-trace is loaded by single-step instrumentation")
    }
    if let line = code.first {
      return .passed("dd-trace is loaded by the code", line.evidence)
    }
    return .skipped(Settings.unseenLaunch)
  }

  /// A file that takes OpenAI in before it initialises the tracer.
  private static func late(_ mentions: [LaunchCommand]) -> LaunchCommand? {
    var openAI: LaunchCommand?
    for line in mentions {
      if line.file != openAI?.file { openAI = nil }
      if line.initializesDDTrace, let openAI { return openAI }
      if line.requiresOpenAI { openAI = openAI ?? line }
    }
    return nil
  }

  /// Bundlers that take the package in, where the application is known to use it.
  private static func bundled(_ launch: ProjectLaunch.Answer, _ modules: NodeModules.Answer)
    -> [Problem]
  {
    let declared = modules.declared ?? []
    guard declared.contains("openai") else { return [] }
    return launch.bundlers.filter { bundler in
      guard !bundler.namesOpenAI, !bundler.isPrepared else { return false }
      switch bundler.name {
      case "next": return declared.contains("next") || modules.packages["next"] != nil
      case "webpack": return bundler.targetsNode
      default: return true
      }
    }.map(Problem.bundled)
      + launch.commands.filter { command in
        let words = command.words
        return command.starts("esbuild") && words.contains("--bundle")
          && words.contains("--platform=node") && !words.contains("--packages=external")
          && !words.contains { $0.hasPrefix("--external:openai") }
      }.map(Problem.bundled)
  }
}

/// What loads dd-trace before the application, and where that is said.
private struct Preloads {
  /// What is loaded altogether; nil where nothing is.
  let role: NodePreload.Role?
  let hasHook: Bool
  let first: Evidence?

  init(_ settings: Settings, _ launch: ProjectLaunch.Answer) {
    let ways =
      settings.environment.nodePreloads.map { ($0, "NODE_OPTIONS") }
      + launch.commands.flatMap { command in
        NodePreload.among(command.words).map { ($0, command.file) }
      }
    let roles = ways.compactMap(\.0.role)
    hasHook = roles.contains(.hook)
    role =
      roles.contains(.everything)
      ? .everything : roles.contains(.initialization) ? .initialization : nil
    let role = role
    first = ways.first { $0.0.role != nil && $0.0.role == role }.map { preload, source in
      Evidence("launch", measured: preload.text, source: source)
    }
  }
}

extension Environment {
  /// A preload that quotes keep together or that carries them: Node refuses to start with it.
  fileprivate var quotedPreload: String? {
    nodeOptionWords.first { word in
      word.contains("dd-trace") && (word.contains(" ") || word.contains("'"))
        || word.hasPrefix("'-")
    }
  }
}

extension LaunchCommand {
  /// Whether a line of JavaScript initialises the tracer.
  var initializesDDTrace: Bool {
    let text = text.filter { $0 != " " }
    return text.contains("dd-trace/init") || text.contains("dd-trace').init(")
      || text.contains("dd-trace\").init(") || text.contains("from'dd-trace'")
      || text.contains("from\"dd-trace\"") || text.contains("=require('dd-trace')")
      || text.contains("=require(\"dd-trace\")")
  }

  fileprivate var requiresOpenAI: Bool {
    text.contains("require('openai") || text.contains("require(\"openai")
  }
}

extension Problem {
  fileprivate static func quoted(_ word: String) -> Problem {
    Problem(
      "NODE_OPTIONS has quotes in it, and Node does not start with that", class: .malformed,
      evidence: Evidence(
        "NODE_OPTIONS", measured: word, expected: "-r dd-trace/init, without quotes",
        source: "environment"),
      remedies: .set("NODE_OPTIONS", to: "-r dd-trace/init"))
  }

  fileprivate static func commonJSOnly(_ way: Evidence) -> Problem {
    Problem(
      "this is an ES module, and \(way.measured) alone does not hook `import OpenAI`",
      class: .notLoaded, evidence: way,
      Evidence("package.json", measured: "\"type\": \"module\", or a .mjs file"),
      remedies: .set("NODE_OPTIONS", to: "--import dd-trace/initialize.mjs"))
  }

  fileprivate static func late(_ line: LaunchCommand) -> Problem {
    Problem(
      "\(line.file) loads openai before dd-trace is initialised", class: .notLoaded,
      evidence: line.evidence,
      remedies: .set("NODE_OPTIONS", to: "-r dd-trace/init", "it comes before every module"),
      .edit("or make dd-trace the first module of \(line.file)"))
  }

  fileprivate static func plain(_ command: LaunchCommand, _ isESM: Bool) -> Problem {
    let options = isESM ? "--import dd-trace/initialize.mjs" : "-r dd-trace/init"
    return Problem(
      "\(command.file) starts Node without dd-trace, and no code at the top of the project loads it",
      class: .notLoaded, evidence: command.evidence,
      remedies: .set("NODE_OPTIONS", to: options), .edit("or write node \(options) in the command"))
  }

  fileprivate static func bundled(_ bundler: ProjectLaunch.Bundler) -> Problem {
    let remedy =
      switch bundler.name {
      case "next": "name openai and dd-trace under serverExternalPackages in \(bundler.file)"
      case "esbuild": "use the plug-in dd-trace/esbuild, or leave openai and dd-trace external"
      default: "use the plug-in dd-trace/webpack, or leave openai and dd-trace external"
      }
    return Problem(
      "\(bundler.name) takes openai into its bundle, where dd-trace can't hook it",
      class: .incompatible,
      evidence: Evidence(
        bundler.file, measured: "openai is not left out", expected: "openai external",
        source: "the project's folder"),
      remedies: .edit(remedy))
  }

  fileprivate static func bundled(_ command: LaunchCommand) -> Problem {
    Problem(
      "esbuild takes openai into its bundle, where dd-trace can't hook it", class: .incompatible,
      evidence: command.evidence,
      remedies: .edit("add --packages=external, or --external:openai --external:dd-trace"))
  }
}
