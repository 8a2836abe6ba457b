package import Configuration
package import Diagnosis
import Wire

/// `GET /info`: who answers at the Agent's address, and what it offers.
package struct AgentInfo: Question {
  package struct Answer: Codable, Equatable, Sendable {
    package var exchange: Exchange
    /// The answer's body, where it is an Agent's description of itself.
    package var description: AgentDescription?

    package init(exchange: Exchange, description: AgentDescription?) {
      self.exchange = exchange
      self.description = description
    }
  }

  private let address: AgentAddress

  package init(at address: AgentAddress) {
    self.address = address
  }

  package var key: String { "agent.info \(address.url)" }

  package func ask(_ world: World) async -> Answer {
    let exchange = await world.ask("GET", "/info", at: address, keeping: true)
    let description = exchange.answer.flatMap { answer in
      answer.isSuccess ? AgentDescription(answer.body) : nil
    }
    return Answer(exchange: exchange, description: description)
  }

  package func transfers(_ answer: Answer) -> [Transfer] {
    [answer.exchange.transfer("agent.info")]
  }
}

/// An empty list of traces: whether traces are taken where `/info` is not known. Sends no span.
package struct AgentTakesTraces: Question {
  private let address: AgentAddress

  package init(at address: AgentAddress) {
    self.address = address
  }

  package var key: String { "agent.takes-traces \(address.url)" }

  package func ask(_ world: World) async -> Exchange {
    await world.ask(
      "PUT", "/v0.4/traces", at: address,
      fields: TestSpan.fields(traceCount: 0, version: world.version),
      body: TestSpan.emptyPayload, keeping: true)
  }

  package func transfers(_ answer: Exchange) -> [Transfer] {
    [answer.transfer("agent.takes-traces")]
  }
}

/// The test span, over the connection that answered `/info`.
package struct AgentSpan: Question {
  private let address: AgentAddress
  private let environment: String?

  package init(at address: AgentAddress, environment: String?) {
    self.address = address
    self.environment = environment
  }

  package var key: String { "agent.span \(address.url)" }

  package func ask(_ world: World) async -> Exchange {
    let span = TestSpan(
      runID: world.runID, environment: environment, start: WallClock.nanoseconds(),
      traceID: .random(in: 1...(.max >> 1)), spanID: .random(in: 1...(.max >> 1)))
    return await world.ask(
      "PUT", "/v0.4/traces", at: address,
      fields: TestSpan.fields(traceCount: 1, version: world.version), body: span.payload,
      keeping: true)
  }

  package func transfers(_ answer: Exchange) -> [Transfer] { [answer.transfer("agent.span")] }
}

/// Asks the site's API through the Agent's evp_proxy: the Agent adds its own key, we send none.
package struct SiteThroughAgent: Question {
  package enum Topic: String, Sendable {
    /// `GET /api/v1/validate`: whether the site knows the Agent's key.
    case forwarding = "agent.forwarding"
    /// `GET /api/v2/validate` (preview): whose key the Agent has.
    case organization = "agent.organization"

    fileprivate var path: String {
      switch self {
      case .forwarding: "api/v1/validate"
      case .organization: "api/v2/validate"
      }
    }
  }

  private let topic: Topic
  private let address: AgentAddress
  private let proxy: String

  /// The proxy is the prefix that `/info` lists, as `/evp_proxy/v2/`.
  package init(_ topic: Topic, at address: AgentAddress, proxy: String) {
    self.topic = topic
    self.address = address
    self.proxy = proxy
  }

  package var key: String { "\(topic.rawValue) \(address.url) \(proxy)" }

  package func ask(_ world: World) async -> Exchange {
    // A connection of its own: a slow way out must not hold up the test span.
    await world.ask(
      "GET", "\(proxy)\(topic.path)", at: address,
      fields: [
        ("X-Datadog-EVP-Subdomain", "api"), ("User-Agent", "dd-doctor/\(world.version)"),
      ], keeping: false)
  }

  package func transfers(_ answer: Exchange) -> [Transfer] { [answer.transfer(topic.rawValue)] }
}

/// One DogStatsD datagram to where the tracer would send its metrics.
package struct DogStatsDTaken: Question {
  private let address: DogStatsDAddress

  package init(at address: DogStatsDAddress) {
    self.address = address
  }

  package var key: String { "agent.dogstatsd \(address.url)" }

  package func ask(_ world: World) async -> DatagramAnswer {
    let deadline = world.deadline
    let payload = DogStatsD.datagram(runID: world.runID)
    let address = address
    return await onThread { DatagramRoute.send(payload, to: address, until: deadline) }
  }

  package func transfers(_ answer: DatagramAnswer) -> [Transfer] {
    [
      Transfer(
        question: "agent.dogstatsd", url: answer.url, phases: answer.phases, sent: answer.sent,
        received: 0, status: nil, error: answer.fault?.message)
    ]
  }
}

extension World {
  /// One request to an Agent's path, below its prefix.
  func ask(
    _ method: String, _ path: String, at address: AgentAddress, fields: [(String, String)] = [],
    body: [UInt8] = [], keeping: Bool
  ) async -> Exchange {
    guard let endpoint = address.endpoint else {
      return Exchange(
        method: method, url: address.url,
        result: .failed(Fault(.malformed, address.fault?.reason ?? "no address")))
    }
    let request = HTTPRequest(
      method, address.prefix + path, host: endpoint.hostField, fields: fields, body: body)
    return await exchange(request, with: endpoint, keeping: keeping)
  }
}

extension Observations {
  package var agentInfo: AgentInfo.Answer {
    get async throws { try await answer(AgentInfo(at: settings.agent)) }
  }

  package var agentTakesTraces: Exchange {
    get async throws { try await answer(AgentTakesTraces(at: settings.agent)) }
  }

  package var agentSpan: Exchange {
    get async throws {
      // What the Agent counts can only be compared with what it had counted before.
      if let port = settings.agentCounters {
        _ = try? await answer(AgentCounters(.before, on: port, of: settings.agent))
      }
      return try await answer(AgentSpan(at: settings.agent, environment: settings.env))
    }
  }

  package var dogStatsDTaken: DatagramAnswer {
    get async throws { try await answer(DogStatsDTaken(at: settings.dogStatsD)) }
  }

  /// Whether the site knows the Agent's key; nil as in `throughAgent`.
  package var agentForwarding: Exchange? {
    get async throws { try await throughAgent(.forwarding) }
  }

  /// Whose key the Agent has; nil as in `throughAgent`.
  package var agentOrganization: Exchange? {
    get async throws { try await throughAgent(.organization) }
  }

  /// Nil where the Agent lists no evp_proxy that hands on any path.
  private func throughAgent(_ topic: SiteThroughAgent.Topic) async throws -> Exchange? {
    guard let proxy = try await agentInfo.description?.evpProxy else { return nil }
    return try await answer(SiteThroughAgent(topic, at: settings.agent, proxy: proxy))
  }
}
