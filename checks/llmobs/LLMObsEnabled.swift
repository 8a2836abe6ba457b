import Configuration
package import Diagnosis
package import Probes

/// Whether the tracer's LLM Observability is switched on.
package struct LLMObsEnabled: Check {
  package let about = About(
    id: "llmobs.enabled",
    title: "LLM Observability is switched on",
    explanation: """
      ddtrace does nothing for LLM Observability without DD_LLMOBS_ENABLED (`1` or `true`; `yes` is \
      false to it), unless the code calls LLMObs.enable(): so its absence fails a setup that was \
      named by --setup, and is a warning in one that was detected. dd-trace is switched on by \
      DD_LLMOBS_ML_APP or DD_LLMOBS_AGENTLESS_ENABLED too. The PHP tracer has none of it.
      """,
    fix: "Set DD_LLMOBS_ENABLED=1 where the application is started.",
    docs: Docs.llmObservability,
    statuses: [.passed, .warning, .failed], needsNetwork: false, echoes: .environmentDisabled)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if settings.language == .php { return .failed(.notInPHP(settings)) }
    switch settings.boolean("DD_LLMOBS_ENABLED") {
    case .on:
      let origin = settings.file(of: "DD_LLMOBS_ENABLED")?.path
      return .passed("DD_LLMOBS_ENABLED is on" + (origin.map { ", in \($0)" } ?? ""))
    case .off: return .failed(.notOn(settings, .disabled))
    case .ignored, nil: break
    }
    let implied = ["DD_LLMOBS_ML_APP", "DD_LLMOBS_AGENTLESS_ENABLED"].first {
      settings.environment.value($0) != nil
    }
    switch (settings.language, implied) {
    case (.node, let name?):
      return .passed("\(name) alone switches it on in dd-trace")
    case (nil, let name?): return .warning(.onInNodeAlone(name, settings))
    case (.python, _), (.php, _), (_, nil):
      if settings.environment.value("DD_LLMOBS_ENABLED") != nil {
        return .failed(.notOn(settings, .malformed))
      }
      // Where nobody named this setup, the code may well call LLMObs.enable() itself.
      let problem = Problem.notOn(settings, .missing)
      return settings.detectedFrom.contains("--setup") ? .failed(problem) : .warning(problem)
    }
  }
}

extension Settings {
  /// A variable as it stands, or that it is not set, as evidence.
  func evidence(_ name: String, expected: String) -> Evidence {
    let variable = environment[name]
    return Evidence(
      name, measured: variable.map { "'\($0.shown)'" } ?? "not set", expected: expected,
      source: variable?.origin ?? "environment")
  }
}

extension Problem {
  fileprivate static func notOn(_ settings: Settings, _ failureClass: FailureClass) -> Problem {
    let said =
      switch failureClass {
      case .missing: "DD_LLMOBS_ENABLED is not set"
      case .malformed: "DD_LLMOBS_ENABLED is no boolean to \(settings.tracerName)"
      default: "DD_LLMOBS_ENABLED is false to \(settings.tracerName)"
      }
    return Problem(
      "\(said): \(settings.tracerName) sends nothing to LLM Observability", class: failureClass,
      evidence: settings.evidence("DD_LLMOBS_ENABLED", expected: "1 or true"),
      remedies: .set("DD_LLMOBS_ENABLED", to: "1"),
      .advice("where the code calls LLMObs.enable(): dd-doctor --skip llmobs.enabled"))
  }

  fileprivate static func onInNodeAlone(_ name: String, _ settings: Settings) -> Problem {
    Problem(
      "DD_LLMOBS_ENABLED is not set: \(name) switches it on in dd-trace, and not in ddtrace",
      class: .missing,
      evidence: settings.evidence("DD_LLMOBS_ENABLED", expected: "1 or true"),
      remedies: .set("DD_LLMOBS_ENABLED", to: "1", "both tracers read it"),
      .command("dd-doctor --language node", "if the application runs on Node"))
  }

  fileprivate static func notInPHP(_ settings: Settings) -> Problem {
    Problem(
      "the PHP tracer has no LLM Observability: its OpenAI calls give APM spans alone",
      class: .unsupported,
      evidence: Evidence(
        "language", measured: "php", expected: "python or node",
        source: settings.detectedFrom.joined(separator: ", ")),
      remedies: .command("dd-doctor --setup apm --language php", "what PHP can send"))
  }
}
