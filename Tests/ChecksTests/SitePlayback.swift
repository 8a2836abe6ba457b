import Checks
import Configuration
import Diagnosis
import Foundation
import Probes
import Testing
import Wire

/// Judges a configuration and recorded answers of a site and an Agent, without a socket.
struct SitePlayback {
  static let key = "0123456789abcdef0123456789abcdef"
  static let appKey = "0123456789abcdef0123456789abcdef01234567"
  static let forbidden =
    #"{"status":"error","code":403,"errors":["Forbidden"],"statuspage":"http://status.datadoghq.com"}"#

  let settings: Settings
  private(set) var recorded: [Recorded] = []

  init(
    _ setup: Setup, _ entries: [String], language: Language? = .python, findsSite: Bool = false,
    host: HostFacts = HostFacts()
  ) {
    let environment = Environment.reading(entries.map { Array($0.utf8) }).environment
    var settings = Settings(environment, host, setup: setup, language: language)
    settings.findsSite = findsSite
    self.settings = settings
  }

  /// Adds the answer to a question.
  mutating func add<Q: Question>(_ question: Q, _ answer: Q.Answer) throws {
    let data = try JSONEncoder().encode(answer)
    recorded.append(
      Recorded(
        question: question.key, answer: try JSONDecoder().decode(JSONValue.self, from: data)))
  }

  func with<Q: Question>(_ question: Q, _ answer: Q.Answer) throws -> SitePlayback {
    var copy = self
    try copy.add(question, answer)
    return copy
  }

  func judge(_ check: any Check<Observations>) async throws -> Outcome {
    try await check.judge(Observations(settings, recorded: recorded))
  }

  var site: Site { get throws { try #require(settings.site.site) } }
  var apiKey: DatadogKey { get throws { try #require(settings.apiKey) } }

  static func answered(
    _ status: Int, _ body: String, fields: [(String, String)] = [], url: String = "https://x"
  ) -> Exchange {
    let response = HTTPResponse(status, fields: HTTPFields(fields), body: Array(body.utf8))
    return Exchange(method: "GET", url: url, result: .answered(Answer(response)))
  }

  static func failed(_ failureClass: FailureClass, _ message: String) -> Exchange {
    Exchange(method: "GET", url: "https://x", result: .failed(Fault(failureClass, message)))
  }

  static func organization(_ id: String) -> Exchange {
    answered(
      200,
      #"{"data":{"id":"\#(id)","type":"validate_v2","attributes":{"api_key_id":"k","valid":true}}}"#
    )
  }
}

extension Outcome {
  /// Status and class in one word, for tables.
  var verdict: String {
    [status.rawValue, problem?.failureClass.rawValue].compactMap { $0 }.joined(separator: " ")
  }
}
