/// How a tracer decides which way LLM Observability takes, replayed from the configuration.
///
/// Sources: ddtrace 4.16, llmobs/_llmobs.py; dd-trace-js, packages/dd-trace/src/llmobs.
package enum LLMObservabilityDecision: Equatable, Sendable {
  /// Through the Agent: a variable says so.
  case agent(by: String)
  /// Straight to the site: a variable says so.
  case agentless(by: String)
  /// The tracer asks for the Agent's `/info`, and goes straight to the site without its evp_proxy.
  case asks
}

extension Settings {
  /// What this language's tracer makes of the variables; without a language, what Python's does.
  package var llmObservabilityDecision: LLMObservabilityDecision {
    switch boolean("DD_LLMOBS_AGENTLESS_ENABLED") {
    case .on: return .agentless(by: "DD_LLMOBS_AGENTLESS_ENABLED")
    case .off: return .agent(by: "DD_LLMOBS_AGENTLESS_ENABLED")
    case .ignored, nil: break
    }
    if language != .node, boolean("DD_AGENTLESS_ENABLED") == .on {
      return .agentless(by: "DD_AGENTLESS_ENABLED")
    }
    return .asks
  }

  /// Whether a list of endpoints makes the tracer send through the Agent that answers it.
  package func sendsThroughAgent(listing endpoints: [String]) -> Bool {
    switch language {
    case .node: endpoints.contains(Self.evpProxy)
    // ddtrace looks for the text alone, with no slash behind it.
    case .python, .php, nil: endpoints.contains { $0.contains("/evp_proxy/v2") }
    }
  }

  /// What Node's tracer looks for, letter by letter.
  package static let evpProxy = "/evp_proxy/v2/"

  /// The tracer's name; without a language, Python's.
  package var tracerName: String { (language ?? .python).tracer }

  /// Whether LLM Observability leaves by a way of its own, and not inside the traces.
  package var separatesLLMObservability: Bool {
    language == .node || environment.value("DD_LLMOBS_OVERRIDE_ORIGIN") != nil
      || !isOn("DD_APM_TRACING_ENABLED", default: true)
  }

  /// The hosts of a site that a tracer of this version sends LLM Observability to, without an Agent.
  ///
  /// Where the version is not known, those of every version that is in use.
  package func llmObservabilityHosts(_ site: Site, _ version: PackageVersion?) -> [String] {
    if language == .node {
      let tracesToo = isOn("_DD_APM_TRACING_AGENTLESS_ENABLED", default: false)
      return [site.llmObservabilityHost] + (tracesToo ? [site.agentlessTraceHost] : [])
    }
    if separatesLLMObservability { return [site.llmObservabilityHost] }
    guard let version else {
      return [site.llmObservabilityHost, site.agentlessTraceHost]
    }
    // ddtrace 4 puts it into the traces; the exact release is not documented.
    if version >= PackageVersion(4, 16) { return [site.agentlessTraceHost] }
    return version < PackageVersion(4, 0)
      ? [site.llmObservabilityHost] : [site.llmObservabilityHost, site.agentlessTraceHost]
  }
}
