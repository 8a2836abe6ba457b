package import Configuration
package import Diagnosis
import FoundationEssentials
import Wire

/// `GET /debug/vars`: what an Agent has counted of ours, before the test span and after it.
package struct AgentCounters: Question {
  package enum Moment: String, Sendable { case before, after }

  package struct Answer: Codable, Equatable, Sendable {
    package var exchange: Exchange
    /// Spans of ours in the last minute that was counted; nil where the answer shows no counters.
    package var spans: Double?
    /// Of those, spans that it dropped.
    package var dropped: Double
    /// Whether a later minute than the one before the test span shows spans of ours.
    package var isNews: Bool
    /// The host that it sends traces to; nil where it does not say.
    package var intake: String?

    package init(
      exchange: Exchange, spans: Double? = nil, dropped: Double = 0, isNews: Bool = false,
      intake: String? = nil
    ) {
      self.exchange = exchange
      self.spans = spans
      self.dropped = dropped
      self.isNews = isNews
      self.intake = intake
    }
  }

  private let moment: Moment
  private let port: Int
  private let address: AgentAddress
  /// What had been counted before; the answer after waits for another number.
  private let earlier: Double

  package init(
    _ moment: Moment, on port: Int, of address: AgentAddress, beyond earlier: Double = 0
  ) {
    self.earlier = earlier
    self.moment = moment
    self.port = port
    self.address = address
  }

  package var key: String { "delivery.counted \(moment.rawValue) \(port) \(address.url)" }

  package func ask(_ world: World) async -> Answer {
    var answer = await once(world)
    guard moment == .after else { return answer }
    // The Agent publishes its counters once a minute, each time of that minute alone
    // (loop() in its pkg/trace/api/api.go): they begin anew, and do not add up.
    var search = Pauses(atMost: min(world.patience, .seconds(75)))
    var last = earlier
    while let spans = answer.spans {
      answer.isNews = spans > 0 && spans != last
      last = spans
      guard !answer.isNews, await search.pause() else { break }
      answer = await once(world)
    }
    return answer
  }

  private func once(_ world: World) async -> Answer {
    let endpoint = Endpoint.tcp(host: "127.0.0.1", port: port)
    let request = HTTPRequest("GET", "/debug/vars", host: endpoint.hostField)
    var exchange = await world.exchange(request, with: endpoint, keeping: false)
    // Newer Agents speak TLS there, with a certificate of their own that nothing vouches for, and
    // Go's server says so in plain HTTP.
    if exchange.answer?.status == 400 {
      exchange = await world.unverifiedExchange(
        request, with: .tls(host: "127.0.0.1", port: port))
    }
    guard let answer = exchange.answer, answer.isSuccess,
      let wire = try? JSONDecoder().decode(
        CountersWire.self, from: Data(answer.body.utf8) + Data([0x0A]))
    else { return Answer(exchange: exchange.withoutBody) }
    let ours = (wire.receiver ?? []).filter { $0.language == "dd-doctor" }
    return Answer(
      exchange: exchange.withoutBody, spans: ours.reduce(0) { $0 + $1.received },
      dropped: ours.reduce(0) { $0 + $1.dropped },
      intake: wire.config?.endpoints?.first?.host.map { printable($0, limit: 200) })
  }

  package func transfers(_ answer: Answer) -> [Transfer] {
    [answer.exchange.transfer("delivery.counted")]
  }
}

/// What is read of `/debug/vars`; all else in it is the Agent's business.
private struct CountersWire: Decodable {
  struct Receiver: Decodable {
    let language: String?
    let received: Double
    let dropped: Double

    enum CodingKeys: String, CodingKey {
      case language = "Lang"
      case received = "SpansReceived"
      case dropped = "SpansDropped"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      language = try? container.decode(String.self, forKey: .language)
      received = (try? container.decode(Double.self, forKey: .received)) ?? 0
      dropped = (try? container.decode(Double.self, forKey: .dropped)) ?? 0
    }
  }

  struct Config: Decodable {
    struct Endpoint: Decodable {
      let host: String?

      enum CodingKeys: String, CodingKey { case host = "Host" }
    }

    let endpoints: [Endpoint]?

    enum CodingKeys: String, CodingKey { case endpoints = "Endpoints" }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      endpoints = try? container.decode([Endpoint].self, forKey: .endpoints)
    }
  }

  /// Nil in an Agent that has not published yet.
  let receiver: [Receiver]?
  let config: Config?

  enum CodingKeys: String, CodingKey { case receiver, config }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard container.contains(.receiver) else {
      throw DecodingError.keyNotFound(
        CodingKeys.receiver, .init(codingPath: [], debugDescription: "no counters"))
    }
    receiver = try container.decodeIfPresent([Receiver].self, forKey: .receiver)
    config = try container.decodeIfPresent(Config.self, forKey: .config)
  }
}

extension Exchange {
  /// The same without the answer's body: its rest is nobody's business.
  fileprivate var withoutBody: Exchange {
    guard case .answered(var answer) = result, answer.isSuccess else { return self }
    answer.body = ""
    var copy = self
    copy.result = .answered(answer)
    return copy
  }
}

/// Asks a site for a test span by the run's id, until it is there or the time is over.
package struct SpanStored: Question {
  package enum Product: String, Sendable {
    case traces = "delivery.stored"
    case llmObservability = "delivery.llmobs-stored"

    fileprivate var path: String {
      switch self {
      case .traces: "/api/v2/spans/events/search"
      case .llmObservability: "/api/v2/llm-obs/v1/spans/events/search"
      }
    }

    fileprivate var mediaType: String {
      switch self {
      case .traces: "application/json"
      case .llmObservability: "application/vnd.api+json"
      }
    }

    fileprivate func body(_ runID: String) -> String {
      switch self {
      case .traces:
        #"{"data":{"type":"search_request","attributes":{"filter":{"query":"#
          + #""service:dd-doctor @dd_doctor.run_id:\#(runID)","from":"now-15m","to":"now"},"#
          + #""page":{"limit":1}}}}"#
      case .llmObservability:
        #"{"data":{"type":"spans","attributes":{"filter":{"from":"now-15m","to":"now","#
          + #""tags":{"dd_doctor.run_id":"\#(runID)"}},"page":{"limit":1}}}}"#
      }
    }
  }

  package struct Answer: Codable, Equatable, Sendable {
    package enum End: String, Codable, Sendable {
      case found, notFound
      /// The answer is none that can be read.
      case unreadable
    }

    /// The last of the searches.
    package var exchange: Exchange
    package var end: End
    package var searches: Int
    /// How long it was looked for at most, in seconds.
    package var patience: Double

    package init(exchange: Exchange, end: End, searches: Int, patience: Double) {
      self.exchange = exchange
      self.end = end
      self.searches = searches
      self.patience = patience
    }
  }

  private let product: Product
  private let site: Site
  private let apiKey: DatadogKey
  private let appKey: DatadogKey

  package init(_ product: Product, on site: Site, _ apiKey: DatadogKey, _ appKey: DatadogKey) {
    self.product = product
    self.site = site
    self.apiKey = apiKey
    self.appKey = appKey
  }

  package var key: String { "\(product.rawValue) \(appKey.variable) \(site.apiHost)" }

  package func ask(_ world: World) async -> Answer {
    var pauses = Pauses(atMost: world.patience)
    var searches = 0
    while true {
      searches += 1
      let exchange = await world.ask(
        site, "POST", product.path, fields: [("Content-Type", product.mediaType)],
        keys: [("DD-API-KEY", apiKey), ("DD-APPLICATION-KEY", appKey)],
        body: Array(product.body(world.runID).utf8))
      let end = Self.end(exchange, world.runID)
      let answer = Answer(
        exchange: exchange, end: end, searches: searches,
        patience: world.patience.milliseconds / 1000)
      let isWaitingHelpful = end == .notFound || exchange.answer?.status == 429
      guard isWaitingHelpful, await pauses.pause(atLeast: exchange.answer?.retryDelay) else {
        return answer
      }
    }
  }

  private static func end(_ exchange: Exchange, _ runID: String) -> Answer.End {
    struct Wire: Decodable {
      let data: [JSONValue]
    }
    guard let answer = exchange.answer else { return .unreadable }
    // An organisation without any data of LLM Observability has no index to search.
    if answer.status == 500, answer.body.holds("No valid indexes specified") { return .notFound }
    guard answer.status == 200,
      let wire = try? JSONDecoder().decode(Wire.self, from: Data(answer.body.utf8) + Data([0x0A]))
    else { return .unreadable }
    if wire.data.isEmpty { return .notFound }
    return answer.body.holds(runID) ? .found : .unreadable
  }

  package func transfers(_ answer: Answer) -> [Transfer] {
    [answer.exchange.transfer(product.rawValue)]
  }
}

extension Answer {
  /// Seconds until the site wants to be asked again.
  fileprivate var retryDelay: Double? {
    ["Retry-After", "X-RateLimit-Reset"].lazy.compactMap { fields[$0].flatMap(Double.init) }
      .first { $0.isFinite && $0 >= 0 }
  }
}

/// Growing pauses between questions, up to an end.
private struct Pauses {
  private let end: ContinuousClock.Instant
  private var next = Duration.seconds(1)

  init(atMost patience: Duration) {
    end = ContinuousClock.now + patience
  }

  /// Pauses; false where the end would come first.
  ///
  /// A longer pause that the other side asks for is kept, or nothing is asked again.
  mutating func pause(atLeast seconds: Double? = nil) async -> Bool {
    let asked = Duration.seconds(min(seconds ?? 0, 86_400))
    let pause = max(next, asked)
    guard ContinuousClock.now + pause <= end else { return false }
    next = min(next * 2, .seconds(30))
    return (try? await Task.sleep(for: pause)) != nil
  }
}

extension Settings {
  /// The port of the Agent's own counters, where we stand on its host; nil where we do not.
  package var agentCounters: Int? {
    guard verifiesDelivery, setup.usesAgent else { return nil }
    switch agent.endpoint {
    case .unix: break
    case .tcp(let host, _) where ["localhost", "127.0.0.1", "::1"].contains(host): break
    case .tcp, .tls, nil: return nil
    }
    guard let text = environment.value("DD_APM_DEBUG_PORT") else { return 5012 }
    return Int(text).flatMap { (1...65535).contains($0) ? $0 : nil }
  }
}

extension Observations {
  /// The host that the Agent sends traces to; nil where it can't be read from here.
  package var agentIntake: String? {
    get async throws {
      guard let port = settings.agentCounters else { return nil }
      return try await answer(AgentCounters(.before, on: port, of: settings.agent)).intake
    }
  }

  /// Nil where the counters can't be read from here.
  package var agentCounters: (before: AgentCounters.Answer, after: AgentCounters.Answer)? {
    get async throws {
      guard let port = settings.agentCounters else { return nil }
      let before = try await answer(AgentCounters(.before, on: port, of: settings.agent))
      let after = try await answer(
        AgentCounters(.after, on: port, of: settings.agent, beyond: before.spans ?? 0))
      return (before, after)
    }
  }

  /// Nil where not both keys may be sent to a site.
  package func stored(_ product: SpanStored.Product) async throws -> SpanStored.Answer? {
    guard let (site, apiKey) = settings.sendableKey, let appKey = settings.appKey,
      appKey.isSendable
    else { return nil }
    return try await answer(SpanStored(product, on: site, apiKey, appKey))
  }
}
