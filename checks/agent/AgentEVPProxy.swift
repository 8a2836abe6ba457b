import Configuration
package import Diagnosis
package import Probes

/// Whether the Agent hands on LLM Observability data.
package struct AgentEVPProxy: Check {
  package let about = About(
    id: .agentEVPProxy,
    title: "Agent offers evp_proxy",
    explanation: """
      LLM Observability reaches Datadog through the Agent's /evp_proxy/v2/. A tracer that does not \
      find it in /info falls back to agentless mode in silence and then demands an API key. Plain \
      APM does not need it.
      """,
    fix: "Update the Agent to 7.40 or later, and do not disable evp_proxy_config.enabled.",
    docs: Docs.llmObservability,
    needs: [.agentAnswers],
    statuses: [.passed, .failed, .skipped])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    let description = try await seen.agentInfo.description
    let isNeeded = settings.setup.usesLLMObservability
    guard let description, let proxy = description.evpProxy else {
      if description?.kind == .lambdaExtension, isNeeded {
        // dd-trace does not find it by itself, and sends there where it is told to.
        if settings.language == .node, settings.llmObservabilityDecision == .asks {
          return .failed(.notFound(settings))
        }
        return .passed("the extension takes LLM Observability at its exact path")
      }
      return isNeeded
        ? .failed(.missing(description, settings))
        : .skipped("not offered; only LLM Observability needs it")
    }
    if isNeeded, let forwarding = try await seen.agentForwarding, forwarding.answer?.status == 405 {
      return .failed(.switchedOff(forwarding, settings))
    }
    return .passed("offers \(proxy)")
  }
}

extension AgentDescription {
  /// Whether it is from before evp_proxy, which came with 7.40; nil where it has no such version.
  fileprivate var isOld: Bool? {
    let parts = (version ?? "").split(separator: ".").prefix(2).compactMap { Int($0) }
    guard parts.count == 2 else { return nil }
    return parts[0] < 7 || parts[0] == 7 && parts[1] < 40
  }
}

extension Problem {
  fileprivate static func notFound(_ settings: Settings) -> Problem {
    Problem(
      "dd-trace does not find the extension's evp_proxy, of which it lists whole paths alone",
      class: .unsupported,
      evidence: Evidence(
        "endpoints", measured: "/evp_proxy/v2/api/v2/llmobs", expected: Settings.evpProxy,
        source: settings.agent.url("/info")),
      remedies: .set(
        "DD_LLMOBS_AGENTLESS_ENABLED", to: "0", "dd-trace then sends through the extension"))
  }

  fileprivate static func missing(_ description: AgentDescription?, _ settings: Settings) -> Problem
  {
    Problem(
      "\(description?.words ?? "this Agent") offers no evp_proxy: LLM Observability can't pass",
      class: .unsupported,
      evidence: Evidence(
        "endpoints",
        measured: description?.endpoints.map { "\($0.count), none of them /evp_proxy/v2/" }
          ?? "no /info",
        expected: "/evp_proxy/v2/", source: settings.agent.url("/info")),
      remedies: description?.isOld == false
        ? .edit("give the Agent DD_EVP_PROXY_CONFIG_ENABLED=true and restart it")
        : .edit("update the Agent to 7.40 or later"),
      .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "1", "or send without the Agent, with DD_API_KEY"))
  }

  fileprivate static func switchedOff(_ exchange: Exchange, _ settings: Settings) -> Problem {
    Problem(
      "the Agent lists evp_proxy and refuses to serve it: LLM Observability can't pass",
      class: .disabled,
      evidence: Evidence(
        "answer", measured: exchange.answer?.summary ?? "405", expected: "200",
        source: exchange.url),
      remedies: .edit("give the Agent DD_EVP_PROXY_CONFIG_ENABLED=true and restart it"),
      .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "1", "or send without the Agent, with DD_API_KEY"))
  }
}
