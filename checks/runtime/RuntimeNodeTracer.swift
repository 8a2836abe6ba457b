import Configuration
package import Diagnosis
package import Probes

/// Whether dd-trace is in the application's node_modules, and fits its Node.
package struct RuntimeNodeTracer: Check {
  package let about = About(
    id: .runtimeNodeTracer,
    title: "Node has dd-trace",
    explanation: """
      Looks for dd-trace in node_modules, from the project's folder upwards as Node does, and holds \
      the Node version that dd-trace's own package.json asks for against `node --version`: an \
      older Node makes the tracer switch itself off without a word. Named in package.json is not \
      installed, and a missing dd-trace keeps an application with NODE_OPTIONS from starting.
      """,
    fix: "npm install dd-trace, in the folder and the image from which the application runs.",
    docs: Docs.libraries + "nodejs/",
    statuses: [.passed, .warning, .failed, .skipped, .unknown])

  package init() {}

  package func anticipate(_ seen: Observations) async {
    guard seen.settings.noRuntime(.node) == nil, let question = seen.settings.nodeModules else {
      return
    }
    seen.begin(question)
    seen.begin(NodeVersion(program: seen.settings.host.workload?.program))
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noRuntime(.node) { return .skipped(reason) }
    guard let question = settings.nodeModules else { return .skipped(Settings.noApplication) }
    let modules = try await seen.answer(question)
    guard let package = modules.packages["dd-trace"] else {
      if let reason = Self.unseen(modules, settings) { return .skipped(reason) }
      return .failed(.notInstalled(modules))
    }
    guard let text = package.version, let version = PackageVersion(text) else {
      return .unknown(.unreadable())
    }
    let node = try await seen.answer(
      NodeVersion(program: settings.host.workload?.program))
    if let program = node.program, node.version == nil {
      return .unknown(.broken(program, "its version", expected: "v20.11.0, or another"))
    }
    if let needed = package.engine.flatMap(Self.least), let have = node.version,
      let least = PackageVersion(needed), let own = PackageVersion(have), own < least
    {
      return .failed(.tooOldNode(text, needed, have))
    }
    if version.major < 5 { return .warning(.outdated(text)) }
    return .passed(
      "dd-trace \(text), "
        + (node.version.map { "Node \($0)" } ?? "no node on PATH to compare it with"))
  }

  /// Why it can't be told from here whether dd-trace is there.
  private static func unseen(_ modules: NodeModules.Answer, _ settings: Settings) -> String? {
    if settings.environment.isInjected {
      return "single-step instrumentation brings a dd-trace of its own"
    }
    if modules.isPlugAndPlay { return "Yarn's Plug'n'Play keeps the packages: not looked into" }
    let module = settings.environment.nodePreloads.first { $0.role != nil }?.module
    if let module, module.hasPrefix("/") { return "NODE_OPTIONS loads it from \(module)" }
    guard modules.declared == nil, !modules.hasModulesFolder else { return nil }
    return "no package.json and no node_modules here: not the application's folder"
  }

  /// `22` of `>=22`; other ranges are not judged.
  private static func least(_ range: String) -> String? {
    guard range.hasPrefix(">=") else { return nil }
    return String(range.dropFirst(2).drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
  }
}

extension Settings {
  var nodeModules: NodeModules? {
    guard language == .node, let folder = host.application else { return nil }
    return NodeModules(in: folder)
  }
}

extension Problem {
  fileprivate static func notInstalled(_ modules: NodeModules.Answer) -> Problem {
    let isDeclared = modules.declared?.contains("dd-trace") == true
    return Problem(
      isDeclared
        ? "dd-trace is in package.json, but not in node_modules"
        : "dd-trace is not in node_modules",
      class: .notInstalled,
      evidence: Evidence(
        "node_modules",
        measured: modules.hasModulesFolder ? "no dd-trace in it" : "no such folder here or above",
        expected: "dd-trace", source: "the project's folder and those above it"),
      remedies: .command(isDeclared ? "npm install" : "npm install dd-trace"))
  }

  fileprivate static func unreadable() -> Problem {
    Problem(
      "node_modules/dd-trace has no package.json that can be read", class: .malformed,
      evidence: Evidence(
        "node_modules/dd-trace/package.json", measured: "no version in it", expected: "a version",
        source: "node_modules"),
      remedies: .command("npm install dd-trace", "it writes the folder anew"))
  }

  fileprivate static func tooOldNode(_ tracer: String, _ needed: String, _ have: String) -> Problem
  {
    Problem(
      "dd-trace \(tracer) needs Node \(needed) or later and switches itself off on \(have)",
      class: .incompatible,
      evidence: Evidence(
        "node --version", measured: have, expected: ">=\(needed)",
        source: "engines of node_modules/dd-trace/package.json"),
      remedies: .edit("run the application on Node \(needed) or later"),
      .advice("or install the dd-trace line that supports this Node: 5.x needs 18, 6.x needs 22"))
  }

  fileprivate static func outdated(_ version: String) -> Problem {
    Problem(
      "dd-trace \(version) is of a line that is no longer maintained", class: .outdated,
      evidence: Evidence(
        "dd-trace", measured: version, expected: "5.x or later", source: "node_modules"),
      remedies: .command("npm install dd-trace@latest"))
  }
}
