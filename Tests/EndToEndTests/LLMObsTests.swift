import Foundation
import StandIn
import Testing
import Wire

/// LLM Observability through the built binary: with an Agent, without one, and on Lambda.
@Suite struct LLMObsTests {
  private static let key = "c0ffee00112233445566778899aabbcc"
  private static let json = ["--format", "json"]

  // MARK: Without an Agent

  private static let site = "us5.datadoghq.com"
  private static let intakes = [
    "llmobs-intake.us5.datadoghq.com", "trace.browser-intake-us5-datadoghq.com",
  ]
  private static let hosts = ["api.us5.datadoghq.com"] + intakes

  /// The source document's command.
  private static let agentless = [
    "DD_SITE": site, "DD_API_KEY": key, "DD_LLMOBS_ENABLED": "1",
    "DD_LLMOBS_AGENTLESS_ENABLED": "1", "DD_LLMOBS_ML_APP": "shop",
  ]

  private func check(_ setup: String, _ language: String) -> [String] {
    ["check", "--setup", setup, "--language", language] + Self.json
  }

  @Test(arguments: ["python", "node"])
  func `the source document's command without an Agent is green under strict`(
    language: String
  ) throws {
    let server = try SiteServer(keys: [Self.key])
    let run = try Doctor.run(
      check("llmobs-agentless", language) + ["--strict"] + server.arguments(Self.hosts)
        + SiteServer.trusting(),
      Self.agentless.merging(["NODE_EXTRA_CA_CERTS": "/authority.pem"]) { $1 })
    #expect(run.status == 0, "\(run.output)")
    for id in ["enabled", "app-name", "mode", "span", "egress"] {
      #expect(try run.verdict("llmobs.\(id)") == "passed")
    }
    let report = try run.report()
    let agent = try #require(report["agent"] as? [String: Any])
    #expect(agent["state"] as? String == "notApplicable")
    #expect(
      try rungs(run) == [
        "configured reached", "connected reached", "accepted reached", "counted notApplicable",
        "forwarded reached", "stored unknown",
      ])
    let spans = server.asked.filter { $0.path == "/api/intake/llm-obs/v1/trace/spans" }
    #expect(spans.map(\.host) == ["api.us5.datadoghq.com"])
    #expect(spans.map(\.apiKey) == [Self.key])
    let body = try #require(spans.first?.body)
    let runID = try #require(report["runID"] as? String)
    for word in ["\"ml_app\":\"dd-doctor\"", "dd_doctor.run_id:\(runID)", "\"kind\":\"task\""] {
      #expect(body.contains(word))
    }
    #expect(!body.contains("shop"), "no production app gets a test span")
    let visited = server.asked.filter { Self.intakes.contains($0.host) }
    #expect(visited.count == (language == "python" ? 2 : 1))
    #expect(visited.allSatisfy { $0.apiKey == nil && $0.body.isEmpty })
  }

  private func rungs(_ run: Doctor.Run) throws -> [String] {
    let delivery = try #require(try run.report()["delivery"] as? [String: Any])
    let rungs = try #require(delivery["rungs"] as? [[String: Any]])
    return rungs.map { "\($0["name"] ?? "") \($0["status"] ?? "")" }
  }

  @Test(
    arguments: [
      ("DD_API_KEY", nil, "datadog.key.present", "missing"),
      ("DD_API_KEY", "deadbeef112233445566778899aabbcc", "datadog.key.valid", "unauthorized"),
      ("DD_SITE", "", "site.known", "missing"), ("DD_SITE", "us5", "site.known", "malformed"),
      ("DD_LLMOBS_ENABLED", nil, "llmobs.enabled", "missing"),
      ("DD_LLMOBS_ENABLED", "0", "environment.disabled", "disabled"),
      ("DD_LLMOBS_AGENTLESS_ENABLED", nil, "llmobs.mode", "missing"),
      ("DD_LLMOBS_AGENTLESS_ENABLED", "0", "llmobs.mode", "disabled"),
      ("DD_LLMOBS_ML_APP", nil, "llmobs.app-name", "missing"),
      ("DD_TRACE_ENABLED", "0", "environment.disabled", "disabled"),
    ] as [(String, String?, String, String)])
  func `each thing taken away without an Agent fails its own check, and its remedy mends it`(
    name: String, value: String?, id: String, failureClass: String
  ) throws {
    let server = try SiteServer(keys: [Self.key])
    var variables = Self.agentless
    variables[name] = value
    let arguments =
      try check("llmobs-agentless", "python") + server.arguments(Self.hosts)
      + SiteServer.trusting()
    let run = try Doctor.run(arguments, variables)
    #expect(run.status == 1)
    #expect(try run.ids("failed") == [id], "\(run.output)")
    #expect(try run.verdict(id) == "failed \(failureClass)")
    let remedies = try #require(try run.check(id)["remedies"] as? [[String: Any]])
    let first = try #require(remedies.first)
    guard let variable = first["variable"] as? String else { return }
    variables[variable] =
      variable == "DD_API_KEY"
      ? Self.key : variable == "DD_SITE" ? Self.site : first["value"] as? String
    #expect(try Doctor.run(arguments, variables).status == 0, "\(first)")
  }

  @Test func `node without DD_LLMOBS_ENABLED is switched on by the app's name`() throws {
    let server = try SiteServer(keys: [Self.key])
    var variables = Self.agentless
    variables["DD_LLMOBS_ENABLED"] = nil
    let run = try Doctor.run(
      check("llmobs-agentless", "node") + server.arguments(Self.hosts) + SiteServer.trusting(),
      variables)
    #expect(run.status == 0)
    #expect(try run.verdict("llmobs.enabled") == "passed")
  }

  @Test func `a firewall that knows api alone is named by the host that it holds back`() throws {
    let server = try SiteServer(keys: [Self.key])
    var options = StandInAgent.Options()
    options.fault = .refused
    let closed = try StandInAgent.start(options)
    defer { closed.stop() }
    for host in Self.intakes {
      let open = Self.hosts.filter { $0 != host }
      let run = try Doctor.run(
        check("llmobs-agentless", "python") + server.arguments(open)
          + ["--connect-to", "\(host):443:127.0.0.1:\(closed.port)"] + SiteServer.trusting(),
        Self.agentless)
      #expect(try run.ids("failed") == ["llmobs.egress"])
      #expect(try run.verdict("llmobs.egress") == "failed refused")
      #expect((try run.check("llmobs.egress")["message"] as? String)?.contains(host) == true)
      #expect(try rungs(run)[1] == "connected failed")
    }
  }

  @Test func `without an Agent the line says so, and the ladder is in the text`() throws {
    let server = try SiteServer(keys: [Self.key])
    let run = try Doctor.run(
      ["--setup", "llmobs-agentless", "--language", "python"] + server.arguments(Self.hosts)
        + SiteServer.trusting(), Self.agentless)
    #expect(run.agentErrorLine == "    Agent error: not applicable (agentless)")
    #expect(run.output.contains("accepted ✓  counted –  forwarded ✓  stored ?"))
    #expect(run.output.contains("us5.datadoghq.com/llm/traces?query=@ml_app:dd-doctor"))
    #expect(!run.output.contains(Self.key))
    let span = try Doctor.run(
      ["span", "--setup", "llmobs-agentless", "--language", "python"] + Self.json
        + server.arguments(Self.hosts) + SiteServer.trusting(), Self.agentless)
    #expect(span.status == 0)
    #expect(try span.verdict("llmobs.span") == "passed")
    #expect(try span.verdict("llmobs.egress") == "skipped")
  }

  @Test func `offline judges the configuration and opens nothing`() throws {
    let run = try Doctor.run(
      check("llmobs-agentless", "python") + ["--offline"], Self.agentless)
    #expect(run.status == 0)
    #expect(try run.verdict("llmobs.mode") == "passed")
    #expect(try run.verdict("llmobs.span") == "skipped")
    #expect((try run.report()["exchanges"] as? [Any])?.isEmpty == true)
  }

  // MARK: With an Agent

  private func onAgent(_ agent: StandInAgent, _ more: [String: String] = [:]) -> [String: String] {
    [
      "DD_TRACE_AGENT_URL": agent.url, "DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_ML_APP": "shop",
      "DD_DOGSTATSD_PORT": "\(agent.dogStatsDPort ?? 0)",
    ].merging(more) { $1 }
  }

  private func agent(_ fault: AgentFault? = nil) throws -> StandInAgent {
    var options = StandInAgent.Options()
    options.fault = fault
    return try StandInAgent.start(options)
  }

  @Test(arguments: ["python", "node"])
  func `with an Agent the intake's own answer comes back through it`(language: String) throws {
    let agent = try agent()
    defer { agent.stop() }
    let run = try Doctor.run(check("llmobs-agent", language) + ["--strict"], onAgent(agent))
    #expect(run.status == 0, "\(run.output)")
    #expect(
      try rungs(run) == [
        "configured reached", "connected reached", "accepted reached", "counted unknown",
        "forwarded reached", "stored unknown",
      ])
    let sent = agent.requests.filter { $0.method == "POST" }
    #expect(sent.map(\.target) == ["/evp_proxy/v2/api/v2/llmobs"])
    #expect(sent.map { $0.fields["X-Datadog-EVP-Subdomain"] } == ["llmobs-intake"])
    #expect(!agent.requests.contains { $0.fieldNames.contains { $0.lowercased() == "dd-api-key" } })
  }

  @Test func `a test agent's own answer is no intake's`() throws {
    let agent = try agent(.testAgent)
    defer { agent.stop() }
    let run = try Doctor.run(check("llmobs-agent", "python"), onAgent(agent))
    #expect(run.status == 0)
    #expect(try rungs(run)[4] == "forwarded unknown")
  }

  struct Row: Sendable {
    let fault: AgentFault
    var language = "python"
    var key: String?
    var entries: [String: String] = [:]
    let failed: String
    let verdict: String
    let mode: String
  }

  @Test(arguments: [
    Row(fault: .refused, failed: "agent.reachable", verdict: "failed refused", mode: "blocked"),
    Row(
      fault: .refused, key: key, failed: "agent.reachable", verdict: "failed refused",
      mode: "warning refused"),
    Row(fault: .webPage, failed: "agent.answers", verdict: "failed notAgent", mode: "blocked"),
    Row(
      fault: .webPage, key: key, failed: "agent.answers", verdict: "failed notAgent",
      mode: "warning notAgent"),
    Row(
      fault: .noEVPProxy, failed: "agent.evp-proxy", verdict: "failed unsupported",
      mode: "blocked"),
    Row(
      fault: .noEVPProxy, language: "node", key: key, failed: "agent.evp-proxy",
      verdict: "failed unsupported", mode: "warning unsupported"),
    Row(
      fault: .evpDisabled, failed: "agent.evp-proxy", verdict: "failed disabled", mode: "passed"),
    Row(
      fault: .keyRefused, failed: "agent.forwarding", verdict: "failed unauthorized",
      mode: "passed"),
    Row(fault: .noEgress, failed: "agent.forwarding", verdict: "failed noEgress", mode: "passed"),
    Row(
      fault: .lambdaExtension, language: "node", failed: "agent.evp-proxy",
      verdict: "failed unsupported", mode: "blocked"),
    Row(fault: .spanRejected500, failed: "agent.span", verdict: "failed http", mode: "passed"),
  ])
  func `each fault of an Agent fails its own check alone, and the mode says what follows`(
    row: Row
  ) throws {
    let agent = try agent(row.fault)
    defer { agent.stop() }
    // Nothing of ours may go out: a key's site is led nowhere.
    let run = try Doctor.run(
      check("llmobs-agent", row.language)
        + ["--skip", "site,datadog,agent.dogstatsd", "--timeout", "2s"],
      onAgent(agent, row.key.map { ["DD_API_KEY": $0] } ?? [:]).merging(row.entries) { $1 })
    #expect(run.status == 1)
    #expect(try run.ids("failed") == [row.failed], "\(run.output)")
    #expect(try run.verdict(row.failed) == row.verdict)
    #expect(try run.verdict("llmobs.mode") == row.mode)
    let agentError = try #require(try run.report()["agent"] as? [String: Any])["error"]
    #expect(agentError is String)
  }

  @Test(arguments: [("python", nil), ("node", "0")] as [(String, String?)])
  func `the extension in an Agent's place takes the span by its exact path`(
    language: String, mode: String?
  ) throws {
    let agent = try agent(.lambdaExtension)
    defer { agent.stop() }
    let run = try Doctor.run(
      check("llmobs-agent", language) + ["--skip", "agent.dogstatsd"],
      onAgent(agent, mode.map { ["DD_LLMOBS_AGENTLESS_ENABLED": $0] } ?? [:]))
    #expect(run.status == 0, "\(run.output)")
    #expect(try run.verdict("llmobs.span") == "passed")
  }

  @Test func `agentless by a variable beside an Agent is a conflict, and its own way is tested`()
    throws
  {
    let agent = try agent()
    defer { agent.stop() }
    let server = try SiteServer(keys: [Self.key])
    let run = try Doctor.run(
      check("llmobs-agent", "python") + server.arguments(Self.hosts) + SiteServer.trusting(),
      onAgent(agent, Self.agentless))
    #expect(try run.verdict("llmobs.mode") == "warning conflict")
    #expect(try run.verdict("llmobs.span") == "passed")
    #expect(server.asked.contains { $0.path == "/api/intake/llm-obs/v1/trace/spans" })
    #expect(!agent.requests.contains { $0.target.hasSuffix("/llmobs") })
  }

  @Test func `a set-up of APM alone sends no LLM Obs span`() throws {
    let agent = try agent()
    defer { agent.stop() }
    let run = try Doctor.run(
      check("apm", "python"), ["DD_TRACE_AGENT_URL": agent.url, "DD_SERVICE": "s", "DD_ENV": "e"])
    #expect(run.status == 0)
    #expect(try run.verdict("llmobs.span") == "absent")
    #expect(!agent.requests.contains { $0.method == "POST" })
  }
}
