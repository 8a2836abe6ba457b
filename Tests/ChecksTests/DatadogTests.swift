import Checks
import Configuration
import Diagnosis
import Probes
import Testing
import Wire

@Suite struct DatadogTests {
  private static let key = SitePlayback.key
  private static let appKey = SitePlayback.appKey
  private static let projectKey = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"

  @Test(
    arguments: [
      (.llmobsAgentless, nil, "failed missing"), (.llmobsAgentless, "", "failed missing"),
      (.openAIAPI, nil, "failed missing"), (.llmobsLambda, nil, "failed missing"),
      (.llmobsAgentless, key, "passed"), (.apm, nil, "skipped"), (.apm, "", "skipped"),
      (.llmobsAgent, key, "passed"),
    ] as [(Setup, String?, String)])
  func `a key must be there where the setup sends with it`(
    setup: Setup, value: String?, expected: String
  ) async throws {
    let play = SitePlayback(setup, value.map { ["DD_API_KEY=\($0)"] } ?? [])
    #expect(try await play.judge(DatadogKeyPresent()).verdict == expected)
  }

  @Test func `on Lambda a key may be kept elsewhere`() async throws {
    for name in ["DD_API_KEY_SECRET_ARN", "DD_API_KEY_SSM_ARN", "DD_KMS_API_KEY"] {
      let play = SitePlayback(.llmobsLambda, ["\(name)=arn:aws:x"])
      #expect(try await play.judge(DatadogKeyPresent()).verdict == "skipped")
      let other = SitePlayback(.llmobsAgentless, ["\(name)=arn:aws:x"])
      #expect(try await other.judge(DatadogKeyPresent()).verdict == "failed missing")
    }
  }

  @Test func `the old name counts where the tracer reads it`() async throws {
    let entries = ["DATADOG_API_KEY=\(Self.key)"]
    let node = SitePlayback(.llmobsAgentless, entries, language: .node)
    #expect(try await node.judge(DatadogKeyPresent()).verdict == "passed")
    let python = SitePlayback(.llmobsAgentless, entries)
    #expect(try await python.judge(DatadogKeyPresent()).verdict == "failed missing")
  }

  @Test(arguments: [
    (key, "passed", true), (key.uppercased(), "passed", true),
    (" \(key)", "warning malformed", true), (String(key.dropLast()), "warning malformed", true),
    (appKey, "warning wrongKind", true), ("ddap_\(appKey)", "warning wrongKind", true),
    ("\(key)\n", "failed malformed", false), ("\(key)\r", "failed malformed", false),
    ("\"\(key)\"", "failed malformed", false), ("<YOUR_API_KEY>", "failed malformed", false),
    ("${DD_API_KEY}", "failed malformed", false), ("0123 4567", "failed malformed", false),
    (projectKey, "failed wrongKind", false), ("https://x.test/y", "failed wrongKind", false),
  ])
  func `a key's shape decides whether it is sent`(
    value: String, expected: String, isSent: Bool
  ) async throws {
    let play = SitePlayback(.llmobsAgentless, ["DD_API_KEY=\(value)"])
    #expect(try await play.judge(DatadogKeyShape()).verdict == expected)
    #expect((play.settings.sendableKey != nil) == isSent)
    let agent = SitePlayback(.apm, ["DD_API_KEY=\(value)"])
    let onAgent = expected.replacing("failed", with: "warning")
    #expect(try await agent.judge(DatadogKeyShape()).verdict == onAgent)
    // What is not sent can't be asked about: no answer is recorded here.
    if !isSent { #expect(try await play.judge(DatadogKeyValid()).verdict == "skipped") }
  }

  struct Validity: Sendable {
    var key = DatadogTests.key
    let exchange: Exchange
    let agentless: String
    let agent: String
  }

  @Test(arguments: [
    Validity(
      exchange: SitePlayback.answered(200, #"{"valid":true}"#), agentless: "passed", agent: "passed"
    ),
    Validity(
      exchange: SitePlayback.answered(200, #"{ "valid" : false }"#),
      agentless: "failed unauthorized", agent: "warning unauthorized"),
    Validity(
      exchange: SitePlayback.answered(403, SitePlayback.forbidden),
      agentless: "failed unauthorized", agent: "warning unauthorized"),
    Validity(
      exchange: SitePlayback.answered(403, #"{"errors":["Forbidden"]}"#),
      agentless: "failed unauthorized", agent: "warning unauthorized"),
    Validity(
      key: appKey, exchange: SitePlayback.answered(403, SitePlayback.forbidden),
      agentless: "failed wrongKind", agent: "warning wrongKind"),
    Validity(
      exchange: SitePlayback.answered(403, "<html>blocked by policy</html>"),
      agentless: "unknown http", agent: "skipped"),
    Validity(
      exchange: SitePlayback.answered(200, "<html>welcome</html>"), agentless: "unknown http",
      agent: "skipped"),
    Validity(
      exchange: SitePlayback.answered(429, ""), agentless: "unknown throttled", agent: "skipped"),
    Validity(exchange: SitePlayback.answered(503, ""), agentless: "unknown http", agent: "skipped"),
    Validity(
      exchange: SitePlayback.answered(302, ""), agentless: "unknown http", agent: "skipped"),
    Validity(
      exchange: SitePlayback.failed(.timeout, "x"), agentless: "unknown timeout", agent: "skipped"),
    Validity(
      exchange: SitePlayback.failed(.malformed, "x"), agentless: "failed malformed",
      agent: "warning malformed"),
  ])
  func `a key's validity is the site's word, weighed by the route`(case: Validity) async throws {
    for (setup, expected) in [(Setup.llmobsAgentless, `case`.agentless), (.apm, `case`.agent)] {
      var play = SitePlayback(setup, ["DD_API_KEY=\(`case`.key)"])
      try play.add(KeyValidation(of: play.apiKey, on: play.site), `case`.exchange)
      #expect(try await play.judge(DatadogKeyValid()).verdict == expected)
    }
  }

  @Test(arguments: [true, false])
  func `a key that was found elsewhere is on the wrong site`(isFound: Bool) async throws {
    var play = SitePlayback(.llmobsAgentless, ["DD_API_KEY=\(Self.key)"], findsSite: true)
    let refusal = SitePlayback.answered(403, SitePlayback.forbidden)
    try play.add(KeyValidation(of: play.apiKey, on: play.site), refusal)
    let hits = try play.site.siblings.map { site in
      KeySearch.Hit(
        domain: site.domain,
        exchange: isFound && site.name == "US5"
          ? SitePlayback.answered(200, #"{"valid":true}"#) : refusal)
    }
    try play.add(KeySearch(of: play.apiKey, beyond: play.site), hits)
    let outcome = try await play.judge(DatadogKeyValid())
    #expect(outcome.verdict == (isFound ? "failed wrongSite" : "failed unauthorized"))
    let command = outcome.problem?.remedies.first?.command
    #expect(
      command == (isFound ? "export DD_SITE=us5.datadoghq.com" : "export DD_API_KEY='<api key>'"))
  }

  @Test(arguments: [
    (SitePlayback.organization("org-1"), "passed"),
    (SitePlayback.answered(404, #"{"errors":["Not found"]}"#), "skipped"),
    (SitePlayback.answered(200, "{}"), "skipped"),
    (SitePlayback.answered(200, String(repeating: "[", count: 513)), "skipped"),
    (SitePlayback.answered(429, ""), "unknown throttled"),
    (SitePlayback.answered(500, ""), "unknown http"),
  ])
  func `an organisation is named where the site names it`(
    exchange: Exchange, expected: String
  ) async throws {
    var play = SitePlayback(.llmobsAgentless, ["DD_API_KEY=\(Self.key)"])
    try play.add(KeyOrganization(of: play.apiKey, on: play.site), exchange)
    #expect(try await play.judge(DatadogOrganization()).verdict == expected)
  }

  @Test(arguments: [
    (appKey, SitePlayback.answered(200, #"{"status":"ok"}"#), "passed"),
    (appKey, SitePlayback.answered(403, SitePlayback.forbidden), "failed unauthorized"),
    (appKey, SitePlayback.answered(401, #"{"errors":["Unauthorized"]}"#), "failed unauthorized"),
    (key, SitePlayback.answered(403, SitePlayback.forbidden), "failed wrongKind"),
    (appKey, SitePlayback.answered(404, "404 page not found"), "skipped"),
    (appKey, SitePlayback.answered(403, "<html>"), "unknown http"),
    (appKey, SitePlayback.answered(429, ""), "unknown throttled"),
  ])
  func `an application key is judged beside the API key`(
    appKey: String, exchange: Exchange, expected: String
  ) async throws {
    for (setup, expected) in [
      (Setup.llmobsAgentless, expected),
      (.apm, expected.replacing("failed", with: "warning").replacing(/unknown.*/, with: "skipped")),
    ] {
      var play = SitePlayback(setup, ["DD_API_KEY=\(Self.key)", "DD_APP_KEY=\(appKey)"])
      let other = try #require(play.settings.appKey)
      try play.add(AppKeyValidation(of: other, with: play.apiKey, on: play.site), exchange)
      let good = SitePlayback.answered(200, #"{"valid":true}"#)
      let known = try play.with(KeyValidation(of: play.apiKey, on: play.site), good)
      #expect(try await known.judge(DatadogAppKeyValid()).verdict == expected)
      let bad = SitePlayback.answered(403, SitePlayback.forbidden)
      try play.add(KeyValidation(of: play.apiKey, on: play.site), bad)
      let beside = try await play.judge(DatadogAppKeyValid()).status
      #expect(beside != .failed && beside != .warning)
    }
  }

  @Test(arguments: [
    (nil, "skipped"), ("", "skipped"), ("\(appKey)\n", "failed malformed"),
    (projectKey, "failed wrongKind"),
  ])
  func `an application key that is not sent is judged by its shape`(
    value: String?, expected: String
  ) async throws {
    let play = SitePlayback(
      .llmobsAgentless,
      ["DD_API_KEY=\(Self.key)"] + (value.map { ["DD_APP_KEY=\($0)"] } ?? []))
    #expect(try await play.judge(DatadogAppKeyValid()).verdict == expected)
  }

  @Test(arguments: [
    (SitePlayback.organization("org-1"), "passed"),
    (SitePlayback.organization("org-2"), "warning wrongOrganization"),
    (SitePlayback.answered(403, SitePlayback.forbidden), "skipped"),
    (SitePlayback.answered(502, ""), "skipped"),
  ])
  func `the Agent's organisation is compared with the key's`(
    agents: Exchange, expected: String
  ) async throws {
    var play = SitePlayback(.apm, ["DD_API_KEY=\(Self.key)"])
    let address = play.settings.agent
    try play.add(
      AgentInfo(at: address),
      AgentInfo.Answer(
        exchange: SitePlayback.answered(200, "{}"),
        description: AgentDescription(endpoints: ["/v0.4/traces", "/evp_proxy/v2/"])))
    try play.add(
      KeyOrganization(of: play.apiKey, on: play.site), SitePlayback.organization("org-1"))
    try play.add(SiteThroughAgent(.organization, at: address, proxy: "/evp_proxy/v2/"), agents)
    #expect(try await play.judge(AgentOrganizationSame()).verdict == expected)
  }
}
