import Foundation
import StandIn
import TestServers
import Testing

@Suite struct KeysAndSitesTests {
  private let key = "c0ffee00112233445566778899aabbcc"
  private let stale = "deadbeef112233445566778899aabbcc"
  private let appKey = "c0ffee00112233445566778899aabbccddeeff00"
  private let agentless = ["check", "--setup", "llmobs-agentless", "--language", "python"]
  private let json = ["--format", "json", "--only", "site,datadog"]

  private func values(_ more: [String: String]) -> [String: String] {
    [
      "DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_AGENTLESS_ENABLED": "1", "DD_LLMOBS_ML_APP": "shop",
    ].merging(more) { $1 }
  }

  @Test(arguments: [
    "datadoghq.com", "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.eu",
    "ap1.datadoghq.com", "ap2.datadoghq.com", "uk1.datadoghq.com", "ddog-gov.com",
    "us2.ddog-gov.com",
  ])
  func `good keys pass on each of the nine sites, and leave for it alone`(site: String) throws {
    let server = try SiteServer(keys: [key]) { $0.appKeys = [appKey] }
    let run = try Doctor.run(
      agentless + json + server.arguments(["api.\(site)"]) + SiteServer.trusting(),
      values(["DD_SITE": site, "DD_API_KEY": key, "DD_APP_KEY": appKey]))
    for id in [
      "site.known", "site.reachable", "site.clock", "datadog.key.present", "datadog.key.shape",
      "datadog.key.valid", "datadog.organization", "datadog.app-key.valid",
    ] {
      #expect(try run.verdict(id) == "passed", "\(id) on \(site): \(run.output)")
    }
    #expect(run.status == (site.contains("gov") ? 1 : 0))
    #expect(Set(server.asked.map(\.host)) == ["api.\(site)"])
    #expect(
      Set(server.asked.map { "\($0.path) \($0.apiKey ?? "-") \($0.appKey ?? "-")" }) == [
        "/api/v1/validate - -", "/api/v1/validate \(key) -", "/api/v2/validate \(key) -",
        "/api/v2/validate_keys \(key) \(appKey)",
      ])
    #expect(server.asked.count == 4)
  }

  @Test func `a refused key is sought nowhere without the flag`() throws {
    let server = try SiteServer(keys: [])
    let elsewhere = try SiteServer(keys: [stale])
    let ways = try server.arguments(["api.datadoghq.com"]) + elsewhere.arguments(others)
    let run = try Doctor.run(
      agentless + json + ways + SiteServer.trusting(), values(["DD_API_KEY": stale]))
    #expect(run.status == 1)
    #expect(try run.verdict("datadog.key.valid") == "failed unauthorized")
    #expect(try run.verdict("datadog.organization") == "blocked")
    #expect(elsewhere.asked == [])
  }

  private let others = [
    "us3.datadoghq.com", "us5.datadoghq.com", "datadoghq.eu", "ap1.datadoghq.com",
    "ap2.datadoghq.com", "uk1.datadoghq.com", "ddog-gov.com", "us2.ddog-gov.com",
  ].map { "api.\($0)" }

  @Test func `find-site asks the commercial sites alone, and names the right one`() throws {
    let server = try SiteServer(keys: [])
    let right = try SiteServer(keys: [stale])
    let government = try SiteServer(keys: [stale])
    let ways =
      try server.arguments(
        ["api.datadoghq.com"] + others.filter { !$0.contains("gov") && !$0.contains("us5") })
      + right.arguments(["api.us5.datadoghq.com"])
      + government.arguments(others.filter { $0.contains("gov") })
    let run = try Doctor.run(
      agentless + json + ["--find-site"] + ways + SiteServer.trusting(),
      values(["DD_API_KEY": stale]))
    #expect(try run.verdict("datadog.key.valid") == "failed wrongSite")
    #expect(run.output.contains("export DD_SITE=us5.datadoghq.com"))
    #expect(government.asked == [])
    #expect(right.asked.count == 1)
    #expect(
      Set(server.asked.map(\.host))
        == Set(["api.datadoghq.com"] + others.filter { !$0.contains("gov") && !$0.contains("us5") })
    )
  }

  @Test func `find-site keeps a gov key in gov`() throws {
    let server = try SiteServer(keys: [])
    let commercial = try SiteServer(keys: [stale])
    let ways =
      try server.arguments(["api.ddog-gov.com", "api.us2.ddog-gov.com"])
      + commercial.arguments(["api.datadoghq.com"] + others.filter { !$0.contains("gov") })
    let run = try Doctor.run(
      ["check", "--setup", "openai-api", "--find-site"] + json + ways + SiteServer.trusting(),
      ["DD_SITE": "ddog-gov.com", "DD_API_KEY": stale])
    #expect(try run.verdict("datadog.key.valid") == "failed unauthorized")
    #expect(commercial.asked == [])
    #expect(Set(server.asked.map(\.host)) == ["api.ddog-gov.com", "api.us2.ddog-gov.com"])
  }

  @Test(arguments: [
    ("c0ffee00112233445566778899aabbcc\n", "datadog.key.shape", "failed malformed"),
    ("\"c0ffee00112233445566778899aabbcc\"", "datadog.key.shape", "failed malformed"),
    ("<YOUR_API_KEY>", "datadog.key.shape", "failed malformed"),
    ("sk-proj-c0ffee00112233445566778899aabbcc", "datadog.key.shape", "failed wrongKind"),
    ("c0ffee00112233445566778899aabbccddeeff00", "datadog.key.valid", "failed wrongKind"),
  ])
  func `a key that is none is named, and a broken one is not sent`(
    value: String, id: String, expected: String
  ) throws {
    let server = try SiteServer(keys: [key])
    let run = try Doctor.run(
      agentless + json + server.arguments(["api.datadoghq.com"]) + SiteServer.trusting(),
      values(["DD_API_KEY": value]))
    #expect(run.status == 1)
    #expect(try run.verdict(id) == expected)
    if id == "datadog.key.shape" { #expect(server.asked.allSatisfy { $0.apiKey == nil }) }
  }

  @Test(arguments: ["US5", "https://app.datadoghq.eu", "datad0g.com", "example.com"])
  func `a site that is none of the nine gets no key`(site: String) throws {
    let server = try SiteServer(keys: [key])
    let hosts =
      ["api.datadoghq.com", "api.datadoghq.eu"] + (site.contains("/") ? [] : ["api.\(site)"])
    let run = try Doctor.run(
      agentless + json + server.arguments(hosts)
        + SiteServer.trusting(), values(["DD_SITE": site, "DD_API_KEY": key]))
    #expect(server.asked == [])
    #expect(try run.verdict("site.known") != "passed")
  }

  // MARK: Routes

  private func agent(_ change: (inout StandInAgent.Options) -> Void = { _ in }) throws
    -> StandInAgent
  {
    var options = StandInAgent.Options()
    change(&options)
    return try StandInAgent.start(options)
  }

  private func onAgent(_ agent: StandInAgent, _ more: [String: String]) -> [String: String] {
    [
      "DD_TRACE_AGENT_URL": agent.url, "DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_ML_APP": "shop",
      "DD_SERVICE": "shop", "DD_ENV": "prod", "DD_SITE": "us5.datadoghq.com",
    ].merging(more) { $1 }
  }

  @Test func `the source document's Agent set-up is green under strict`() throws {
    let agent = try agent()
    let server = try SiteServer(keys: [key])
    for hosts in [["api.us5.datadoghq.com"], []] {
      // Without a way there the site is not reached: the Agent's route does not need it.
      let ways =
        try hosts.isEmpty
        ? ["--connect-to", "api.us5.datadoghq.com:443:127.0.0.1:\(closedPort())"]
        : server.arguments(hosts)
      let run = try Doctor.run(
        [
          "check", "--setup", "llmobs-agent", "--language", "python", "--strict", "--format",
          "json",
        ]
          + ["--only", "site,datadog,agent"] + ways + SiteServer.trusting(),
        onAgent(agent, ["DD_API_KEY": key]))
      #expect(run.status == 0, "\(run.output)")
      let expected = hosts.isEmpty ? "skipped" : "passed"
      #expect(try run.verdict("site.reachable") == expected)
      #expect(try run.verdict("datadog.key.valid") == expected)
      #expect(try run.verdict("agent.organization") == expected)
    }
  }

  @Test func `a stale key is a warning where an Agent sends, and absent is nothing`() throws {
    let agent = try agent()
    let server = try SiteServer(keys: [])
    let arguments =
      try ["check", "--setup", "llmobs-agent", "--language", "python", "--format", "json"]
      + server.arguments(["api.us5.datadoghq.com"]) + SiteServer.trusting()
    let stale = try Doctor.run(arguments, onAgent(agent, ["DD_API_KEY": stale]))
    #expect(stale.status == 0)
    #expect(try stale.verdict("datadog.key.valid") == "warning unauthorized")
    let absent = try Doctor.run(arguments, onAgent(agent, [:]))
    #expect(absent.status == 0)
    #expect(try absent.verdict("site.reachable") == "skipped")
    #expect(try absent.verdict("datadog.key.valid") == "skipped")
    #expect(server.asked.allSatisfy { $0.apiKey == nil || $0.apiKey == self.stale })
  }

  @Test func `another organisation behind the Agent is a warning`() throws {
    let agent = try agent { $0.identity.organization = "another" }
    let server = try SiteServer(keys: [key])
    let run = try Doctor.run(
      ["check", "--setup", "apm", "--language", "python", "--format", "json"]
        + server.arguments(["api.us5.datadoghq.com"]) + SiteServer.trusting(),
      onAgent(agent, ["DD_API_KEY": key]))
    #expect(try run.verdict("agent.organization") == "warning wrongOrganization")
    #expect(agent.requests.allSatisfy { !$0.fieldNames.contains("DD-API-KEY") })
  }

  // MARK: Faults on the way

  /// Bound and never listening, so that nobody else takes the port meanwhile.
  private static let closed = Swift.Result {
    var options = StandInAgent.Options()
    options.fault = .refused
    return try StandInAgent.start(options)
  }

  private func closedPort() throws -> Int { Int(try Self.closed.get().port) }

  @Test(
    arguments: [
      (.expired, true, "failed tls.expired"), (.other, true, "failed tls.hostname"),
      (.selfSigned, true, "failed tls.untrusted"), (.good, false, "failed tls.untrusted"),
      (.plain, true, "failed tls.protocol"), (.cut, true, "failed closed"),
    ] as [(TLSFront.Manner, Bool, String)])
  func `each fault of TLS is named, and no key is sent`(
    manner: TLSFront.Manner, isTrusted: Bool, expected: String
  ) throws {
    let server = try SiteServer(keys: [key])
    let run = try Doctor.run(
      agentless + json + server.arguments(["api.datadoghq.com"], manner)
        + (isTrusted ? SiteServer.trusting() : []), values(["DD_API_KEY": key]))
    #expect(run.status == 1)
    // What arrives first when a handshake is cut, the end or a reset, is the kernel's choice.
    let verdict = try run.verdict("site.reachable")
    #expect(verdict == expected || manner == .cut && verdict == "failed reset", "\(run.output)")
    #expect(try run.verdict("datadog.key.valid") == "blocked")
    #expect(server.asked.allSatisfy { $0.apiKey == nil })
  }

  @Test func `SSL_CERT_FILE of the configuration is trusted`() throws {
    let server = try SiteServer(keys: [key])
    let run = try Doctor.run(
      agentless + json + server.arguments(["api.datadoghq.com"]),
      values(["DD_API_KEY": key, "SSL_CERT_FILE": try TLSFront.shared.get().authority]))
    #expect(try run.verdict("datadog.key.valid") == "passed")
  }

  @Test(arguments: [
    ("http://ann:swordfish@127.0.0.1:", "", "passed"),
    ("http://ann:wrong@127.0.0.1:", "", "failed proxy"), ("http://127.0.0.1:", "", "failed proxy"),
    ("http://127.0.0.1:", ".datadoghq.com", "passed"),
  ])
  func `the proxy of the configuration is used, and its password is shown nowhere`(
    proxy: String, exceptions: String, expected: String
  ) throws {
    let server = try SiteServer(keys: [key])
    let front = try TLSFront.shared.get()
    let secure = try front.port(before: server.port)
    let port = try front.port(before: secure, .proxy)
    let run = try Doctor.run(
      agentless + json + ["--debug", "--connect-to", "api.datadoghq.com:443:127.0.0.1:\(secure)"]
        + SiteServer.trusting(),
      values(["DD_API_KEY": key, "HTTPS_PROXY": "\(proxy)\(port)", "NO_PROXY": exceptions]))
    #expect(try run.verdict("site.reachable") == expected, "\(run.output)")
    for word in ["swordfish", "wrong", "ann:"] {
      #expect(!run.output.contains(word) && !run.errors.contains(word))
    }
  }

  @Test func `a proxy that is not there is to blame`() throws {
    let run = try Doctor.run(
      agentless + json,
      values(["DD_API_KEY": key, "HTTPS_PROXY": "http://127.0.0.1:\(closedPort())"]))
    #expect(try run.verdict("site.reachable") == "failed proxy")
  }

  @Test(
    arguments: [
      (.llmobsAgentless, -400, "warning clockSkew"), (.llmobsAgentless, 4000, "failed clockSkew"),
      (.openAIAPI, 4000, "warning clockSkew"),
    ] as [(Named, Int, String)])
  func `a clock that is off is graded`(setup: Named, skew: Int, expected: String) throws {
    let server = try SiteServer(keys: [key]) { $0.clockSkew = skew }
    let run = try Doctor.run(
      ["check", "--setup", setup.rawValue] + json + server.arguments(["api.datadoghq.com"])
        + SiteServer.trusting(), ["DD_API_KEY": key])
    #expect(try run.verdict("site.clock") == expected)
  }

  enum Named: String, Sendable {
    case llmobsAgentless = "llmobs-agentless"
    case openAIAPI = "openai-api"
  }

  // MARK: Secrets

  @Test(arguments: ["text", "info", "json", "ndjson"])
  func `no canary in any variable is shown anywhere`(format: String) throws {
    let canaries = [
      "DD_API_KEY": stale, "DD_APP_KEY": appKey,
      "OPENAI_API_KEY": "sk-proj-canary0123456789T3BlbkFJcanary0123456789",
      "OPENAI_ADMIN_KEY": "sk-admin-canary0123456789T3BlbkFJcanary0123456789",
      "HTTPS_PROXY": "http://canary-user:canary/pass@127.0.0.1:\(try closedPort())",
      "AZURE_OPENAI_API_KEY": "canary-azure-0123456789",
    ]
    let server = try SiteServer(keys: [])
    let ways = try server.arguments(["api.datadoghq.com"]) + SiteServer.trusting()
    for direct in ["", ".datadoghq.com"] {
      let run = try Doctor.run(
        agentless + ["--debug", "-v", "--find-site", "--format", format, "--deadline", "5s"] + ways
          + ["--only", "environment,site,datadog"],
        values(canaries.merging(["NO_PROXY": direct]) { $1 }))
      #expect(run.status == 1)
      for word in ["canary", stale, appKey] {
        #expect(!run.output.contains(word), "\(word) in the \(format) report")
        #expect(!run.errors.contains(word), "\(word) in --debug")
      }
    }
  }

  // MARK: The command line

  @Test(
    arguments: [
      (["--connect-to", "nonsense"], 64), (["--connect-to", "a:1:b:0"], 64),
      (["--connect-to", "a:1:b:c"], 64), (["--connect-to", "a:1:b:2:3"], 64),
      (["--cacert", "/nonexistent/ca.pem"], 66), (["egress", "--format", "info"], 64),
    ] as [([String], Int32)])
  func `an option that makes no sense is refused`(arguments: [String], status: Int32) throws {
    let run = try Doctor.run(arguments)
    #expect(run.status == status)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("dd-doctor: "))
  }

  @Test func `egress lists hosts and ports`() throws {
    let run = try Doctor.run(
      ["egress", "--setup", "llmobs-agentless"], ["DD_SITE": "us5.datadoghq.com"])
    #expect(run.status == 0)
    #expect(
      run.output.split(separator: "\n") == [
        "api.openai.com:443", "llmobs-intake.us5.datadoghq.com:443",
        "trace.browser-intake-us5-datadoghq.com:443", "trace.agent.us5.datadoghq.com:443",
        "api.us5.datadoghq.com:443",
      ])
    let json = try Doctor.run(["egress", "--format", "json"], ["DD_AGENT_HOST": "agent"])
    #expect(json.output.contains(#""host" : "agent""#) || json.output.contains(#""agent""#))
    let broken = try Doctor.run(["egress"], ["DD_SITE": "US5"])
    #expect(broken.status == 65)
    #expect(broken.output.isEmpty)
  }
}
