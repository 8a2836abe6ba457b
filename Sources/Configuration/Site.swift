/// One of Datadog's sites: a region with accounts, keys and hosts of its own.
///
/// Source: docs.datadoghq.com/getting_started/site, and the tracers' own tables of hosts.
package struct Site: Hashable, Sendable {
  /// As the documentation calls it: `US1`.
  package let name: String
  /// The value of DD_SITE.
  package let domain: String
  package let isGovernment: Bool
  /// Nil where no source tells.
  package let offersLLMObservability: Bool?
  /// Where a tracer without an Agent sends traces; no template yields it.
  package let agentlessTraceHost: String

  private init(
    _ name: String, _ domain: String, gov isGovernment: Bool = false, llmobs: Bool?,
    traces agentlessTraceHost: String
  ) {
    self.name = name
    self.domain = domain
    self.isGovernment = isGovernment
    offersLLMObservability = llmobs
    self.agentlessTraceHost = agentlessTraceHost
  }

  package var apiHost: String { "api.\(domain)" }

  /// Where a person logs in.
  package var appHost: String {
    Self.needingAppPrefix.contains(domain) ? "app.\(domain)" : domain
  }

  /// The host that the Agent sends traces to, and agentless tracers their statistics.
  package var traceHost: String { "trace.agent.\(domain)" }

  package var llmObservabilityHost: String { "llmobs-intake.\(domain)" }

  private static let needingAppPrefix: Set<String> = [
    "datadoghq.com", "datadoghq.eu", "ddog-gov.com",
  ]
}

extension Site {
  package static let us1 = Site(
    "US1", "datadoghq.com", llmobs: true, traces: "public-trace-http-intake.logs.datadoghq.com")

  package static let all: [Site] = [
    us1,
    Site(
      "US3", "us3.datadoghq.com", llmobs: true, traces: "trace.browser-intake-us3-datadoghq.com"),
    Site(
      "US5", "us5.datadoghq.com", llmobs: true, traces: "trace.browser-intake-us5-datadoghq.com"),
    Site(
      "EU1", "datadoghq.eu", llmobs: true, traces: "public-trace-http-intake.logs.datadoghq.eu"),
    Site("AP1", "ap1.datadoghq.com", llmobs: true, traces: "browser-intake-ap1-datadoghq.com"),
    Site("AP2", "ap2.datadoghq.com", llmobs: true, traces: "browser-intake-ap2-datadoghq.com"),
    Site("UK1", "uk1.datadoghq.com", llmobs: nil, traces: "browser-intake-uk1-datadoghq.com"),
    Site(
      "US1-FED", "ddog-gov.com", gov: true, llmobs: false, traces: "browser-intake-ddog-gov.com"),
    Site(
      "US2-FED", "us2.ddog-gov.com", gov: true, llmobs: false,
      traces: "browser-intake-us2-ddog-gov.com"),
  ]

  /// The site whose domain is exactly this.
  package init?(domain: String) {
    guard let site = Self.all.first(where: { $0.domain == domain }) else { return nil }
    self = site
  }

  /// The sites that a key of this one may be tried on: commercial keys stay out of gov, and back.
  package var siblings: [Site] {
    Self.all.filter { $0.isGovernment == isGovernment && $0 != self }
  }
}
