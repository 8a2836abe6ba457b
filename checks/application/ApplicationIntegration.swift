import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the tracer instruments OpenAI's library, and gets along with its version.
package struct ApplicationIntegration: Check {
  package let about = About(
    id: .applicationIntegration,
    title: "Tracer instruments openai",
    explanation: """
      The tracer reports each library that it wraps, with the library's version and whether it fits. \
      Where the application loads openai and the tracer does not list it, the integration is \
      switched off (DD_TRACE_OPENAI_ENABLED, DD_PATCH_MODULES, DD_TRACE_DISABLED_PLUGINS), or the \
      library was loaded before the tracer: HTTP spans come, and not one of OpenAI's.
      """,
    fix: "Switch the integration on, and use versions that fit together.",
    docs: Docs.openAI,
    needs: [.applicationInstrumented], statuses: [.passed, .failed, .unknown, .skipped],
    follows: [.applicationConfiguration])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let traffic = try await seen.traffic
    if traffic.isTracingOff { return .skipped("tracing is off: no library is instrumented") }
    if let openAI = traffic.telemetry.integrations.first {
      return openAI.isBroken
        ? .failed(.broken(openAI))
        : .passed(
          "\(openAI.words) is instrumented",
          Evidence(
            "integration", measured: openAI.words, expected: "enabled and compatible",
            source: "the tracer's own telemetry"))
    }
    if traffic.openAICount > 0 || traffic.events.contains(where: { $0.integration == "openai" }) {
      return .passed("spans of OpenAI's come")
    }
    if traffic.leavesOpenAIOut { return .failed(.leftOut(traffic, seen.settings)) }
    // Of one that ended too soon another check speaks.
    if traffic.endedUnsent { return .skipped("it ended before its tracer told what it loaded") }
    return .unknown(.unseen(traffic))
  }
}

extension Problem {
  fileprivate static func broken(_ openAI: CapturedTelemetry.Integration) -> Problem {
    let why =
      openAI.error ?? (openAI.enabled == false ? "it is switched off" : "versions do not fit")
    return Problem(
      "the tracer does not instrument \(openAI.words): \(why)",
      class: openAI.error == nil && openAI.enabled == false ? .disabled : .incompatible,
      evidence: Evidence(
        "integration",
        measured: "\(openAI.words), enabled \(openAI.enabled.map(String.init) ?? "not told"),"
          + " compatible \(openAI.compatible.map(String.init) ?? "not told")",
        expected: "enabled and compatible", source: "the tracer's own telemetry"),
      remedies: .edit("install versions of openai and the tracer that fit together"),
      .command("dd-doctor --only runtime", "says which versions they are"))
  }

  fileprivate static func leftOut(_ traffic: CapturedTraffic, _ settings: Settings) -> Problem {
    let library = traffic.telemetry.dependencies.first { $0.name.hasPrefix("openai") }?.words
    let calls = traffic.callsSeen > 0 ? counted(traffic.callsSeen, "HTTP call") + " to it" : nil
    let evidence = Evidence(
      "openai", measured: [library, calls].compactMap { $0 }.joined(separator: ", "),
      expected: "openai among the tracer's integrations", source: "the tracer's own telemetry")
    let names = [
      "DD_TRACE_OPENAI_ENABLED", "DD_PATCH_MODULES", "DD_TRACE_DISABLED_PLUGINS",
      "DD_TRACE_DISABLED_INSTRUMENTATIONS",
    ]
    guard let name = names.first(where: settings.environment.has) else {
      return Problem(
        "the application uses openai, and the tracer does not instrument it", class: .notLoaded,
        evidence: evidence,
        remedies: .edit("load the tracer before openai, and leave its integration switched on"))
    }
    let value = settings.environment[name]?.shown ?? ""
    return Problem(
      "\(name) is '\(value)': the application uses openai, and the tracer does not instrument it",
      class: .disabled, evidence: evidence,
      Evidence(
        name, measured: "'\(value)'", expected: "openai not left out", source: "environment"),
      remedies: name == "DD_TRACE_OPENAI_ENABLED"
        ? .unset(name, "the default is on") : .edit("take openai out of \(name)"))
  }

  fileprivate static func unseen(_ traffic: CapturedTraffic) -> Problem {
    Problem(
      "nothing shows that the application used openai while it was watched", class: .notLoaded,
      evidence: .captured(traffic),
      remedies: .advice("make it call OpenAI once while it is watched"),
      .command("dd-doctor capture --for 60s -- <command>", "watch it for longer"))
  }
}
