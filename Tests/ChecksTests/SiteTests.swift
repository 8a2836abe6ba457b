import Checks
import Configuration
import Diagnosis
import Probes
import Testing
import Wire

@Suite struct SiteTests {
  @Test(
    arguments: [
      (.llmobsAgentless, nil, "passed"), (.llmobsAgentless, "us5.datadoghq.com", "passed"),
      (.llmobsAgentless, "US5.datadoghq.com", "warning malformed"),
      (.llmobsAgentless, "us5", "failed malformed"),
      (.llmobsAgentless, "datadog.eu", "failed misspelt"),
      (.llmobsAgentless, "", "failed missing"), (.llmobsLambda, "", "failed missing"),
      (.openAIAPI, "", "passed"), (.llmobsAgentless, "datad0g.com", "unknown unsupported"),
      (.openAIAPI, "us5", "failed malformed"), (.apm, "us5", "warning malformed"),
      (.llmobsAgent, "datad0g.com", "skipped"), (.llmobsAgent, "", "passed"),
      (.apm, "datadoghq.eu", "passed"),
    ] as [(Setup, String?, String)])
  func `a site is judged by the route`(setup: Setup, site: String?, expected: String) async throws {
    let play = SitePlayback(setup, site.map { ["DD_SITE=\($0)"] } ?? [])
    #expect(try await play.judge(SiteKnown()).verdict == expected)
  }

  @Test func `the remedy of a mistyped site is its right value`() async throws {
    let outcome = try await SitePlayback(.llmobsAgentless, ["DD_SITE=https://app.datadoghq.eu/"])
      .judge(SiteKnown())
    #expect(outcome.problem?.remedies.first?.command == "export DD_SITE=datadoghq.eu")
  }

  @Test(
    arguments: [
      (.llmobsAgentless, "ddog-gov.com", "failed region"),
      (.llmobsAgent, "us2.ddog-gov.com", "failed region"),
      (.llmobsLambda, "ddog-gov.com", "failed region"), (.apm, "ddog-gov.com", "skipped"),
      (.llmobsAgentless, "datadoghq.eu", "passed"),
      (.llmobsAgentless, "uk1.datadoghq.com", "skipped"),
      (.llmobsAgent, nil, "skipped"), (.llmobsAgentless, nil, "passed"),
    ] as [(Setup, String?, String)])
  func `LLM Observability is judged by the site`(
    setup: Setup, site: String?, expected: String
  ) async throws {
    let play = SitePlayback(setup, site.map { ["DD_SITE=\($0)"] } ?? [])
    #expect(try await play.judge(SiteLLMObservability()).verdict == expected)
  }

  struct Reach: Sendable {
    var setup = Setup.llmobsAgentless
    var entries: [String] = []
    var language = Language.python
    var exchange = SitePlayback.answered(403, SitePlayback.forbidden)
    let expected: String
  }

  @Test(arguments: [
    Reach(expected: "passed"),
    Reach(exchange: SitePlayback.answered(503, ""), expected: "passed"),
    Reach(
      exchange: SitePlayback.failed(.refused, "connection refused"), expected: "failed refused"),
    Reach(exchange: SitePlayback.failed(.dns, "name not found"), expected: "failed dns"),
    Reach(exchange: SitePlayback.failed(.tlsExpired, "x"), expected: "failed tls.expired"),
    Reach(exchange: SitePlayback.failed(.proxy, "x"), expected: "failed proxy"),
    Reach(exchange: SitePlayback.failed(.notInstalled, "x"), expected: "unknown notInstalled"),
    Reach(exchange: SitePlayback.failed(.interrupted, "x"), expected: "unknown interrupted"),
    Reach(setup: .apm, expected: "skipped"),
    Reach(setup: .apm, entries: ["DD_API_KEY=\(SitePlayback.key)"], expected: "passed"),
    Reach(
      setup: .apm, entries: ["DD_API_KEY=\(SitePlayback.key)"],
      exchange: SitePlayback.failed(.refused, "connection refused"), expected: "skipped"),
  ])
  func `reachability is judged by fault and route`(reach: Reach) async throws {
    var play = SitePlayback(reach.setup, reach.entries, language: reach.language)
    try play.add(SiteAnswers(of: play.site), SiteAnswer(exchange: reach.exchange, answeredAt: 0))
    #expect(try await play.judge(SiteReachable()).verdict == reach.expected)
  }

  @Test(
    arguments: [
      (.node, [], "issuer: O = Zscaler Inc., CN = Zscaler Root", "warning tls.untrusted"),
      (.node, ["NODE_EXTRA_CA_CERTS=/ca.pem"], "issuer: O = Zscaler Inc.", "passed"),
      (.python, [], "issuer: O = Zscaler Inc.", "passed"),
      (.node, [], "issuer: C = US, O = DigiCert Inc, CN = x", "passed"),
    ] as [(Language, [String], String, String)])
  func `an inspecting authority is named, and judged where the tracer distrusts it`(
    language: Language, entries: [String], issuer: String, expected: String
  ) async throws {
    var play = SitePlayback(.llmobsAgentless, entries, language: language)
    var exchange = SitePlayback.answered(403, SitePlayback.forbidden)
    exchange.certificate = ["subject: CN = api.datadoghq.com", issuer]
    try play.add(SiteAnswers(of: play.site), SiteAnswer(exchange: exchange, answeredAt: 0))
    let outcome = try await play.judge(SiteReachable())
    #expect(outcome.verdict == expected)
    #expect("\(outcome)".contains("Zscaler") == issuer.contains("Zscaler"))
  }

  @Test(
    arguments: [
      (.llmobsAgentless, 0, "passed"), (.llmobsAgentless, -299, "passed"),
      (.llmobsAgentless, 300, "warning clockSkew"), (.llmobsAgentless, -899, "warning clockSkew"),
      (.llmobsAgentless, 900, "failed clockSkew"), (.llmobsLambda, -90_000, "failed clockSkew"),
      (.openAIAPI, 90_000, "warning clockSkew"),
    ] as [(Setup, Int, String)])
  func `a clock is graded by how far it is off`(
    setup: Setup, skew: Int, expected: String
  ) async throws {
    var play = SitePlayback(setup, [])
    let exchange = SitePlayback.answered(
      403, SitePlayback.forbidden, fields: [("Date", "Wed, 25 Nov 2026 12:00:00 GMT")])
    try play.add(
      SiteAnswers(of: play.site),
      SiteAnswer(exchange: exchange, answeredAt: Double(1_795_608_000 + skew)))
    #expect(try await play.judge(SiteClock()).verdict == expected)
  }

  @Test(arguments: [nil, "yesterday"])
  func `without a date no clock is judged`(date: String?) async throws {
    var play = SitePlayback(.llmobsAgentless, [])
    let exchange = SitePlayback.answered(
      403, SitePlayback.forbidden, fields: date.map { [("Date", $0)] } ?? [])
    try play.add(SiteAnswers(of: play.site), SiteAnswer(exchange: exchange, answeredAt: 0))
    #expect(try await play.judge(SiteClock()).verdict == "skipped")
  }
}
