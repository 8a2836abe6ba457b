package import Configuration
package import Diagnosis
import Wire

/// The LLM Observability test span through the Agent, which hands it on with its own key.
package struct LLMObsSpanThroughAgent: Question {
  private let address: AgentAddress
  private let environment: String?

  package init(at address: AgentAddress, environment: String?) {
    self.address = address
    self.environment = environment
  }

  package var key: String { "llmobs.span \(address.url)" }

  package func ask(_ world: World) async -> Exchange {
    // A connection of its own: the answer is the intake's, and takes as long as that.
    await world.ask(
      "POST", "\(Settings.evpProxy)api/v2/llmobs", at: address,
      fields: [
        ("Content-Type", "application/json"), ("X-Datadog-EVP-Subdomain", "llmobs-intake"),
        ("User-Agent", "dd-doctor/\(world.version)"),
      ], body: LLMObsSpan(world, environment).tracerPayload(version: world.version),
      keeping: false)
  }

  package func transfers(_ answer: Exchange) -> [Transfer] { [answer.transfer("llmobs.span")] }
}

/// The LLM Observability test span straight to the site, by its documented API.
package struct LLMObsSpanToSite: Question {
  private let site: Site
  private let apiKey: DatadogKey
  private let environment: String?

  package init(with apiKey: DatadogKey, to site: Site, environment: String?) {
    self.site = site
    self.apiKey = apiKey
    self.environment = environment
  }

  package var key: String { "llmobs.span \(apiKey.variable) \(site.apiHost)" }

  package func ask(_ world: World) async -> Exchange {
    let endpoint = Endpoint.tls(host: site.apiHost, port: 443)
    var request = HTTPRequest(
      "POST", "/api/intake/llm-obs/v1/trace/spans", host: site.apiHost,
      fields: [
        ("Content-Type", "application/json"), ("User-Agent", "dd-doctor/\(world.version)"),
      ], body: LLMObsSpan(world, environment).intakePayload)
    guard apiKey.isSendable, let secret = world.credentials[apiKey.variable] else {
      let fault = Fault(.missing, "\(apiKey.variable) is not sent as it stands")
      return Exchange(request, to: endpoint, .failed(fault))
    }
    request.add("DD-API-KEY", secret, for: site.apiHost)
    return await world.secureExchange(request, with: endpoint)
  }

  package func transfers(_ answer: Exchange) -> [Transfer] { [answer.transfer("llmobs.span")] }
}

/// Whether a host of Datadog's answers over TLS; neither key nor payload is sent.
package struct IntakeAnswers: Question {
  package struct Answer: Codable, Equatable, Sendable {
    package var exchange: Exchange
    /// Whether the command line led the host elsewhere (`--connect-to`).
    package var isRedirected: Bool

    package init(exchange: Exchange, isRedirected: Bool = false) {
      self.exchange = exchange
      self.isRedirected = isRedirected
    }
  }

  private let host: String

  package init(of host: String) {
    self.host = host
  }

  package var key: String { "llmobs.egress \(host)" }

  package func ask(_ world: World) async -> Answer {
    let request = HTTPRequest(
      "GET", "/", host: host, fields: [("User-Agent", "dd-doctor/\(world.version)")])
    let isRedirected = world.tls.connectTo.contains { rule in
      rule.hasPrefix("\(host):") || rule.hasPrefix(":")
    }
    return Answer(
      exchange: await world.secureExchange(request, with: .tls(host: host, port: 443)),
      isRedirected: isRedirected)
  }

  package func transfers(_ answer: Answer) -> [Transfer] {
    [answer.exchange.transfer("llmobs.egress")]
  }
}

extension LLMObsSpan {
  fileprivate init(_ world: World, _ environment: String?) {
    self.init(
      runID: world.runID, environment: environment, start: WallClock.nanoseconds(),
      traceID: .random(in: 1...(.max >> 1)), spanID: .random(in: 1...(.max >> 1)))
  }
}
