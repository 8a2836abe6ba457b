import Configuration
package import Diagnosis
package import Probes

/// Whether one tracer alone instruments the application.
package struct RuntimeDuplicates: Check {
  package let about = About(
    id: "runtime.duplicates",
    title: "One tracer instruments it",
    explanation: """
      Two tracers wrap the same calls: spans come twice, or one of them switches itself off. Looked \
      at is what PYTHONPATH, NODE_OPTIONS and the project's commands load: OpenTelemetry, New \
      Relic, Elastic, Dynatrace or AppDynamics beside Datadog, dd-trace twice, ddtrace-run together \
      with ddtrace.auto, single-step instrumentation together with one by hand.
      """,
    fix: "Keep one tracer, and load it in one way.",
    docs: Docs.compatibility,
    statuses: [.passed, .warning, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let language = settings.language else {
      return .skipped(settings.noRuntime(.python) ?? "")
    }
    guard let launch = try await seen.projectLaunch else { return .skipped(Settings.noApplication) }
    let environment = settings.environment
    let variable = language == .node ? "NODE_OPTIONS" : "PYTHONPATH"
    let loaded = Self.loaded(environment, language)
    // A command runs in this environment: what both load is loaded together.
    var launches = [Set(loaded)]
    var problems: [Problem] = []
    if loaded.filter({ $0 == .datadog }).count > 1 {
      problems.append(
        .twice("dd-trace is loaded twice", variable, environment.text(variable) ?? ""))
    }
    for command in launch.commands where !command.isBuild {
      let tools = command.tools
      launches.append(Set(tools + loaded))
      if tools.filter({ $0 == .datadog }).count > 1 {
        problems.append(.twice("the tracer is started twice", command.file, command.text))
      }
    }
    if let both = launches.first(where: { $0.contains(.datadog) && $0.count > 1 }) {
      problems.append(.beside(both, variable, environment.text(variable)))
    }
    let byHand = launches.contains { $0.contains(.datadog) }
    let code = launch.mentions.first {
      language == .node ? $0.initializesDDTrace : $0.text.contains("ddtrace.auto")
    }
    if environment.isInjected, byHand {
      problems.append(
        .twice(
          "single-step instrumentation and a start by hand both load the tracer",
          "DD_INJECTION_ENABLED", environment.text("DD_INJECTION_ENABLED") ?? ""))
    }
    if language == .python, byHand, let code {
      problems.append(.twice("ddtrace-run and ddtrace.auto are both used", code.file, code.text))
    }
    let nothing = !byHand && code == nil && !environment.isInjected
    return .worst(
      problems.map(Outcome.warning),
      else: nothing
        ? .skipped(Settings.unseenLaunch) : .passed("Datadog's tracer alone")
    )
  }

  /// What the environment alone loads, each as often as it does.
  private static func loaded(_ environment: Environment, _ language: Language) -> [Instrumentation]
  {
    switch language {
    case .python:
      return environment.pythonPathTools.map(\.tool)
    case .node:
      return environment.nodePreloads.filter { $0.role != .hook }.compactMap(\.tool)
    case .php: return []
    }
  }
}

extension Problem {
  fileprivate static func twice(_ what: String, _ source: String, _ measured: String) -> Problem {
    Problem(
      what, class: .conflict,
      evidence: Evidence("launch", measured: measured, expected: "one start", source: source),
      remedies: .edit("keep one of the two"))
  }

  fileprivate static func beside(
    _ tools: Set<Instrumentation>, _ variable: String, _ text: String?
  ) -> Problem {
    let others = tools.subtracting([.datadog]).map(\.words).sorted().joined(separator: ", ")
    return Problem(
      "\(others) is loaded beside Datadog's tracer: both wrap the same calls", class: .conflict,
      evidence: Evidence(
        "launch", measured: tools.map(\.words).sorted().joined(separator: ", "),
        expected: "Datadog alone",
        source: text.map { "\(variable): \($0)" } ?? "the project's files"
      ),
      remedies: .edit("load one of them: take \(others) out, or send its spans to Datadog by OTLP"))
  }
}
