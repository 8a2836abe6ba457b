import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether a call arrived as an event of LLM Observability.
package struct ApplicationLLMObsSpan: Check {
  package let about = About(
    id: .applicationLLMObsSpan,
    title: "LLM Observability events arrive",
    explanation: """
      LLM Observability's events come inside the APM span (ddtrace 4), by themselves through the \
      Agent's evp_proxy (Node, or with APM off), or to an intake where there is no Agent. OpenAI's \
      spans say by _dd.llmobs.enabled whether it was on. Prompts and answers pass through and are \
      counted: not a word of them is kept.
      """,
    fix: "Set DD_LLMOBS_ENABLED=1, and let the Agent offer evp_proxy.",
    docs: Docs.llmObservability,
    needs: [.applicationInstrumented], statuses: [.passed, .failed, .unknown, .skipped],
    follows: [.applicationConfiguration, .applicationFlush, .applicationIntegration])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let traffic = try await seen.traffic
    guard traffic.events.isEmpty else {
      let what = counted(traffic.eventCount, "event")
      if traffic.events.contains(where: { $0.carrier == .proxy }),
        let refusal = traffic.refusal(of: what, where: { $0.path.hasSuffix("/llmobs") })
      {
        return refusal
      }
      return Self.passed(traffic)
    }
    if traffic.language == .php { return .skipped("PHP's tracer has no LLM Observability") }
    guard seen.settings.setup.usesLLMObservability else {
      return .skipped("LLM Observability is not configured here")
    }
    if let (why, failureClass) = traffic.silence {
      return .failed(.missing(traffic, why, failureClass))
    }
    if traffic.offersProxy == false, seen.settings.llmObservabilityDecision == .asks {
      return .failed(.noProxy(traffic))
    }
    if traffic.openAI.contains(where: { $0.llmObservability == 0 }) {
      return .failed(.off(traffic))
    }
    return .unknown(.missing(traffic, traffic.guess, .notSent))
  }

  private static func passed(_ traffic: CapturedTraffic) -> Outcome {
    let events = traffic.events
    let ways = events.map { event in
      switch event.carrier {
      case .span: "inside APM spans"
      case .proxy: "through evp_proxy"
      case .intake: "to the intake"
      }
    }
    let messages = events.reduce(0) { $0 + $1.messages }
    let characters = events.reduce(0) { $0 + $1.characters }
    return .passed(
      "\(counted(traffic.eventCount, "event")) \(listed(ways)): "
        + "\(listed(events.map { $0.kind ?? "no kind" }))"
        + " of \(listed(events.map { $0.application ?? "no app" }))"
        + " with \(listed(events.map { $0.model ?? "no model" }))",
      Evidence(
        "messages", measured: "\(messages) with \(characters) characters, none of them kept",
        source: "the events"))
  }
}

extension Problem {
  fileprivate static func missing(
    _ traffic: CapturedTraffic, _ why: String, _ failureClass: FailureClass
  ) -> Problem {
    Problem(
      "no event of LLM Observability came: \(why)", class: failureClass,
      evidence: .captured(traffic),
      remedies: .advice("make the application call OpenAI while it is watched"))
  }

  fileprivate static func noProxy(_ traffic: CapturedTraffic) -> Problem {
    Problem(
      "the Agent's /info offers no evp_proxy: the tracer sends LLM Observability without the Agent",
      class: .unsupported, evidence: .captured(traffic),
      Evidence(
        "endpoints", measured: "no /evp_proxy/v2/", expected: "/evp_proxy/v2/",
        source: "the /info that the tracer was answered"),
      remedies: .edit("update the Agent, or set evp_proxy_config.enabled: true in datadog.yaml"),
      .set(
        "DD_LLMOBS_AGENTLESS_ENABLED", to: "1", "or send without it, with DD_API_KEY and DD_SITE"))
  }

  fileprivate static func off(_ traffic: CapturedTraffic) -> Problem {
    Problem(
      "OpenAI's spans come with LLM Observability off", class: .disabled,
      evidence: Evidence(
        "_dd.llmobs.enabled", measured: "0", expected: "1", source: "the spans"),
      remedies: .set("DD_LLMOBS_ENABLED", to: "1"),
      .edit("or call LLMObs.enable() before the first call"))
  }
}
