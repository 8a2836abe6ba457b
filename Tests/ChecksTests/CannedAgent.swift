import Configuration
import Diagnosis
import FoundationEssentials
import Wire

@testable import Probes

/// What an Agent is recorded to have answered; a healthy one unless told otherwise.
struct CannedAgent: Sendable {
  var info: Exchange.Result
  var attempts: [Exchange.Attempt] = [.init(address: "127.0.0.1", error: nil)]
  var takesTraces: Exchange.Result = .status(404)
  var span: Exchange.Result = .status(200, #"{"rate_by_service":{"service:,env:":1}}"#)
  /// Nil where the question was never asked.
  var forwarding: Exchange.Result? = .status(200, #"{"valid":true}"#)
  var datagram: Fault?

  /// An Agent that answers `/info` with this text.
  init(info text: String = Self.description) {
    info = .status(200, text)
  }

  /// One that answers `/info` otherwise, or not at all.
  init(
    _ info: Exchange.Result,
    attempts: [Exchange.Attempt] = [.init(address: "127.0.0.1", error: nil)]
  ) {
    self.info = info
    self.attempts = attempts
    span = info
    forwarding = nil
  }

  /// One that can't be connected to.
  static func unreached(_ failureClass: FailureClass, _ message: String) -> CannedAgent {
    CannedAgent(
      .failed(Fault(failureClass, message)),
      attempts: failureClass == .dns ? [] : [.init(address: "127.0.0.1", error: message)])
  }

  func with(_ change: (inout CannedAgent) -> Void) -> CannedAgent {
    var copy = self
    change(&copy)
    return copy
  }

  /// `/info` of an Agent 7.78, with further fields in front.
  static func describing(
    endpoints: [String] = [
      "/v0.4/traces", "/v0.5/traces", "/evp_proxy/v2/", "/dogstatsd/v2/proxy",
    ],
    version: String? = "7.78.0", _ fields: String = "", config: String? = #""statsd_port":8125"#
  ) -> CannedAgent {
    CannedAgent(info: text(endpoints, version, fields, config))
  }

  static let description = text(
    ["/v0.4/traces", "/v0.5/traces", "/evp_proxy/v2/", "/dogstatsd/v2/proxy"], "7.78.0", "",
    #""statsd_port":8125"#)

  private static func text(
    _ endpoints: [String], _ version: String?, _ fields: String, _ config: String?
  ) -> String {
    let list = endpoints.map { "\"\($0)\"" }.joined(separator: ",")
    return "{"
      + ([
        "\"endpoints\":[\(list)]", version.map { "\"version\":\"\($0)\"" },
        fields.isEmpty ? nil : fields, config.map { "\"config\":{\($0)}" },
      ] as [String?]).compactMap { $0 }.joined(separator: ",") + "}"
  }

  /// The answers as a report records them.
  func recorded(_ settings: Settings) -> [Recorded] {
    let url = settings.agent.url
    func exchange(_ method: String, _ path: String, _ result: Exchange.Result) -> Exchange {
      Exchange(
        method: method, url: settings.agent.url(path), result: result, attempts: attempts)
    }
    let answer = exchange("GET", "/info", info)
    let description = answer.answer.flatMap { $0.isSuccess ? AgentDescription($0.body) : nil }
    var all = [
      Self.record(AgentInfo(at: settings.agent), .init(exchange: answer, description: description)),
      Self.record(
        AgentTakesTraces(at: settings.agent), exchange("PUT", "/v0.4/traces", takesTraces)),
      Self.record(
        AgentSpan(at: settings.agent, environment: settings.env),
        exchange("PUT", "/v0.4/traces", span)),
      Self.record(
        DogStatsDTaken(at: settings.dogStatsD),
        DatagramAnswer(url: settings.dogStatsD.url, sent: 20, fault: datagram)),
    ]
    if let forwarding, let proxy = description?.evpProxy {
      all.append(
        Self.record(
          SiteThroughAgent(.forwarding, at: settings.agent, proxy: proxy),
          exchange("GET", "\(proxy)api/v1/validate", forwarding)))
    }
    precondition(all.contains { $0?.question.contains(url) == true })
    return all.compactMap { $0 }
  }

  private static func record<Q: Question>(_ question: Q, _ answer: Q.Answer) -> Recorded? {
    guard let data = try? JSONEncoder().encode(answer),
      let value = try? JSONDecoder().decode(JSONValue.self, from: data)
    else { return nil }
    return Recorded(question: question.key, answer: value)
  }
}

extension Exchange.Result {
  /// An answer with this status and body.
  static func status(_ status: Int, _ body: String = "", reason: String = "") -> Exchange.Result {
    .answered(Answer(HTTPResponse(status, reason: reason, body: Array(body.utf8))))
  }

  /// A web page.
  static var page: Exchange.Result {
    .answered(
      Answer(
        HTTPResponse(
          200, fields: HTTPFields([("Content-Type", "text/html")]),
          body: Array("<html>hello</html>".utf8))))
  }

  static func fault(_ failureClass: FailureClass, _ message: String) -> Exchange.Result {
    .failed(Fault(failureClass, message))
  }
}
