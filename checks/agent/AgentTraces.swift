import Configuration
package import Diagnosis
package import Probes

/// Whether the Agent takes the traces of this tracer and keeps some.
package struct AgentTraces: Check {
  package let about = About(
    id: .agentTraces,
    title: "Agent takes traces",
    explanation: """
      The Agent lists the trace endpoints that it serves. A tracer whose endpoint is not among them \
      gets a 404 and drops the payload. An Agent whose target is 0 traces a second takes all of \
      them and keeps none. LLM Observability of ddtrace 4 rides inside spans, which an Agent \
      without `span_meta_structs` cuts off.
      """,
    fix: "Enable APM in the Agent (apm_config.enabled), and update an Agent that is too old.",
    docs: Docs.connection,
    needs: [.agentAnswers],
    statuses: [.passed, .warning, .failed, .unknown])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let description = try await seen.agentInfo.description else {
      let exchange = try await seen.agentTakesTraces
      if exchange.isAcceptance {
        return .passed("takes /v0.4/traces; without /info it lists nothing")
      }
      let problem = Problem.refused(exchange, settings)
      return exchange.fault?.failureClass == .interrupted ? .unknown(problem) : .failed(problem)
    }
    guard description.lists("/v0.4/traces") else {
      return .failed(.noTraces(description, settings))
    }
    if description.targetTPS == 0 { return .warning(.keepsNone(settings)) }
    if settings.setup.usesLLMObservability, settings.language == .python,
      description.spanMetaStructs == false,
      settings.isOn("DD_APM_TRACING_ENABLED", default: true)
    {
      return .warning(.cutsOffLLM(description, settings))
    }
    return .passed("takes /v0.4/traces")
  }
}

extension Problem {
  fileprivate static func refused(_ exchange: Exchange, _ settings: Settings) -> Problem {
    Problem(
      "no traces are taken at \(settings.agent.url)",
      class: exchange.fault?.failureClass ?? .notAgent,
      evidence: Evidence(
        "answer", measured: exchange.answer?.summary ?? exchange.fault?.message ?? "no answer",
        expected: "2xx with rate_by_service", source: exchange.url),
      settings.addressEvidence, remedies: Remedies.pointing(settings))
  }

  fileprivate static func noTraces(_ description: AgentDescription, _ settings: Settings) -> Problem
  {
    Problem(
      "\(description.words) lists no /v0.4/traces: APM is off, or it is too old",
      class: .unsupported,
      evidence: Evidence(
        "endpoints", measured: (description.endpoints ?? []).prefix(6).joined(separator: " "),
        expected: "/v0.4/traces", source: settings.agent.url("/info")),
      remedies: .edit("give the Agent DD_APM_ENABLED=true (apm_config.enabled) and restart it"))
  }

  fileprivate static func keepsNone(_ settings: Settings) -> Problem {
    Problem(
      "the Agent takes traces and keeps none: its target is 0 a second", class: .sampledOut,
      evidence: Evidence(
        "config.target_tps", measured: "0", expected: "more than 0 (default 10)",
        source: settings.agent.url("/info")),
      remedies: .edit("raise the Agent's DD_APM_TARGET_TPS (apm_config.target_traces_per_second)"))
  }

  fileprivate static func cutsOffLLM(_ description: AgentDescription, _ settings: Settings)
    -> Problem
  {
    Problem(
      "\(description.words) cuts off what ddtrace 4 puts inside spans for LLM Observability",
      class: .outdated,
      evidence: Evidence(
        "span_meta_structs", measured: "false", expected: "true with ddtrace 4.16 and later",
        source: settings.agent.url("/info")),
      remedies: .edit("update the Agent"),
      .set("DD_APM_TRACING_ENABLED", to: "false", "or send LLM Observability by evp_proxy alone"))
  }
}
