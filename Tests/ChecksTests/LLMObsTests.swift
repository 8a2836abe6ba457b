import Checks
import Configuration
import Diagnosis
import Probes
import Testing
import Wire

@Suite struct LLMObsTests {
  private static let key = "DD_API_KEY=\(SitePlayback.key)"
  private static let agentless = "DD_LLMOBS_AGENTLESS_ENABLED=1"

  // MARK: llmobs.enabled and llmobs.app-name

  @Test(
    arguments: [
      (["DD_LLMOBS_ENABLED=1"], .python, "passed"), (["DD_LLMOBS_ENABLED=1"], .node, "passed"),
      (["DD_LLMOBS_ENABLED=TRUE"], nil, "passed"), ([], .python, "failed missing"),
      (["DD_LLMOBS_ENABLED=0"], .python, "failed disabled"),
      (["DD_LLMOBS_ENABLED=yes"], .python, "failed disabled"),
      (["DD_LLMOBS_ENABLED=yes"], .node, "failed malformed"),
      (["DD_LLMOBS_ENABLED=false", "DD_LLMOBS_ML_APP=x"], .node, "failed disabled"),
      (["DD_LLMOBS_ML_APP=x"], .node, "passed"),
      (["DD_LLMOBS_ML_APP=x"], .python, "failed missing"),
      (["DD_LLMOBS_ML_APP=x"], nil, "warning missing"), ([], nil, "failed missing"),
      (["DD_LLMOBS_ENABLED=1"], .php, "failed unsupported"),
    ] as [([String], Language?, String)])
  func `LLM Observability is on as each tracer reads it`(
    entries: [String], language: Language?, expected: String
  ) async throws {
    let play = SitePlayback(.llmobsAgent, entries, language: language)
    #expect(try await play.judge(LLMObsEnabled()).verdict == expected)
  }

  @Test(
    arguments: [
      (["DD_LLMOBS_ML_APP=shop"], .python, nil, "passed"),
      (["DD_SERVICE=shop"], .python, nil, "passed"), ([], .python, nil, "failed missing"),
      (["DD_LLMOBS_ML_APP="], .python, nil, "failed missing"), ([], .python, "4.16.0", "passed"),
      ([], .python, "3.14.0rc1", "passed"), ([], .python, "3.13.0", "failed missing"),
      (["DD_SERVICE=shop"], .python, "3.5.1", "failed missing"),
      (["DD_SERVICE=shop"], .python, "3.11.0", "passed"), ([], .node, "6.12.0", "failed missing"),
      (["DD_LLMOBS_ML_APP=\(String(repeating: "x", count: 194))"], .node, nil, "warning malformed"),
      (["DD_TAGS=service:shop"], .node, nil, "passed"),
    ] as [([String], Language, String?, String)])
  func `an app name is missed where this version needs one`(
    entries: [String], language: Language, version: String?, expected: String
  ) async throws {
    let play = try Self.play(entries, language, version)
    #expect(try await play.judge(LLMObsAppName()).verdict == expected)
  }

  @Test func `where the setup was detected, the code may switch it on`() async throws {
    let environment = Environment.reading([Array("DD_LLMOBS_ML_APP=shop".utf8)]).environment
    let settings = Settings(environment, HostFacts(), language: .python)
    let outcome = try await LLMObsEnabled().judge(Observations(settings, recorded: []))
    #expect(outcome.verdict == "warning missing")
  }

  /// An application with a tracer of this version installed.
  private static func play(
    _ entries: [String], _ language: Language, _ version: String?
  ) throws -> SitePlayback {
    var play = SitePlayback(
      .llmobsAgentless, entries, language: language,
      host: HostFacts(application: ApplicationFolder("/app")))
    guard let version else { return play }
    if let question = play.settings.pythonInstallation {
      let interpreter = PythonInstallation.Interpreter(
        version: "3.12.1", isVirtual: true, packages: ["ddtrace": .init(version: version)])
      try play.add(
        question, PythonInstallation.Answer(path: "/p", foundBy: "PATH", interpreter: interpreter))
    }
    if language == .node {
      let modules = NodeModules.Answer(packages: ["dd-trace": .init(version: version)])
      try play.add(NodeModules(in: ApplicationFolder("/app")), modules)
    }
    return play
  }

  // MARK: llmobs.mode

  enum Agent: Sendable {
    case endpoints([String])
    case refused, interrupted, page, unasked
  }

  struct Mode: Sendable {
    var setup = Setup.llmobsAgent
    var entries: [String] = []
    var language = Language.python
    var agent = Agent.unasked
    let expected: String
    var says = ""
  }

  private static let full = Agent.endpoints(["/v0.4/traces", "/evp_proxy/v2/"])
  private static let lambda = Agent.endpoints(["/v0.4/traces", "/evp_proxy/v2/api/v2/llmobs"])
  private static let bare = Agent.endpoints(["/v0.4/traces"])

  @Test(arguments: [
    Mode(agent: full, expected: "passed", says: "through the Agent"),
    Mode(language: .node, agent: full, expected: "passed", says: "through the Agent"),
    Mode(agent: lambda, expected: "passed"),
    Mode(entries: [key], language: .node, agent: lambda, expected: "warning unsupported"),
    Mode(language: .node, agent: lambda, expected: "failed missing", says: "lacks DD_API_KEY"),
    // Ticket 10: the fall-back is silent where a key is set.
    Mode(entries: [key], agent: .refused, expected: "warning refused", says: "in silence"),
    Mode(entries: [key], agent: .page, expected: "warning notAgent"),
    Mode(entries: [key], agent: bare, expected: "warning unsupported"),
    Mode(agent: .refused, expected: "failed missing", says: "lacks DD_API_KEY"),
    Mode(entries: ["DD_API_KEY="], agent: bare, expected: "failed missing"),
    Mode(
      entries: [key, "DD_SITE="], agent: bare, expected: "failed missing", says: "lacks DD_SITE"),
    Mode(agent: .interrupted, expected: "unknown interrupted"),
    Mode(entries: ["DD_LLMOBS_AGENTLESS_ENABLED=0"], expected: "passed"),
    Mode(entries: ["DD_LLMOBS_AGENTLESS_ENABLED=0"], agent: .refused, expected: "passed"),
    Mode(entries: [agentless, key], expected: "warning conflict"),
    Mode(entries: [agentless], expected: "failed missing"),
    // Ticket 9: without APM the proxy is the only way.
    Mode(
      entries: ["DD_LLMOBS_AGENTLESS_ENABLED=0", "DD_APM_TRACING_ENABLED=false"], agent: bare,
      expected: "failed unsupported"),
    Mode(
      entries: ["DD_LLMOBS_AGENTLESS_ENABLED=0", "DD_APM_TRACING_ENABLED=false"], agent: full,
      expected: "passed"),
    Mode(
      entries: ["DD_LLMOBS_AGENTLESS_ENABLED=0"], language: .node, agent: bare,
      expected: "failed unsupported"),
    Mode(setup: .llmobsAgentless, entries: [agentless], expected: "passed"),
    Mode(setup: .llmobsAgentless, entries: ["DD_AGENTLESS_ENABLED=1"], expected: "passed"),
    Mode(setup: .llmobsAgentless, expected: "failed missing"),
    Mode(
      setup: .llmobsAgentless, entries: ["DD_LLMOBS_AGENTLESS_ENABLED=0"],
      expected: "failed disabled"),
    Mode(
      setup: .llmobsAgentless, entries: ["DD_LLMOBS_AGENTLESS_ENABLED=yes"], language: .node,
      expected: "failed malformed"),
    Mode(setup: .llmobsLambda, entries: [key], expected: "passed", says: "through the extension"),
    Mode(
      setup: .llmobsLambda, entries: [key], language: .node, expected: "passed",
      says: "around the extension"),
    // Ticket 11: the tracer itself does not fetch a stored key.
    Mode(
      setup: .llmobsLambda, entries: ["DD_API_KEY_SECRET_ARN=arn:aws:x"], language: .node,
      expected: "failed missing", says: "DD_API_KEY_SECRET_ARN is the extension"),
    Mode(
      setup: .llmobsLambda, entries: ["DD_API_KEY_SECRET_ARN=arn:aws:x"], expected: "passed"),
    Mode(
      setup: .llmobsLambda,
      entries: ["DD_API_KEY_SECRET_ARN=arn:aws:x", "DD_LLMOBS_AGENTLESS_ENABLED=false"],
      language: .node, expected: "passed"),
    Mode(setup: .apm, expected: "skipped"),
  ])
  func `the tracer's own decision is replayed`(mode: Mode) async throws {
    var play = SitePlayback(mode.setup, mode.entries, language: mode.language)
    try Self.add(mode.agent, to: &play)
    let outcome = try await play.judge(LLMObsMode(mode.setup))
    #expect(outcome.verdict == mode.expected)
    #expect("\(outcome)".contains(mode.says))
  }

  private static func add(_ agent: Agent, to play: inout SitePlayback) throws {
    let answer: AgentInfo.Answer? =
      switch agent {
      case .endpoints(let endpoints):
        AgentInfo.Answer(
          exchange: SitePlayback.answered(200, "{}"),
          description: AgentDescription(version: "7.78.0", endpoints: endpoints))
      case .refused:
        AgentInfo.Answer(
          exchange: SitePlayback.failed(.refused, "connection refused"), description: nil)
      case .interrupted:
        AgentInfo.Answer(exchange: SitePlayback.failed(.interrupted, "x"), description: nil)
      case .page:
        AgentInfo.Answer(exchange: SitePlayback.answered(200, "<html>"), description: nil)
      case .unasked:
        AgentInfo.Answer(
          exchange: SitePlayback.answered(200, "{}"),
          description: AgentDescription(endpoints: ["/evp_proxy/v2/"]))
      }
    if let answer { try play.add(AgentInfo(at: play.settings.agent), answer) }
  }

  // MARK: llmobs.span

  @Test(arguments: [
    (SitePlayback.answered(202, ""), "passed", "passed"),
    (SitePlayback.answered(200, "{}"), "passed", "passed"),
    (
      SitePlayback.answered(403, SitePlayback.forbidden), "failed unauthorized",
      "failed unauthorized"
    ),
    (SitePlayback.answered(403, "<html>blocked"), "failed unauthorized", "unknown http"),
    (SitePlayback.answered(502, ""), "failed noEgress", "unknown http"),
    (SitePlayback.answered(405, "EVPProxy is disabled"), "failed disabled", "failed http"),
    (SitePlayback.answered(404, "{}"), "failed http", "failed http"),
    (SitePlayback.answered(400, "{}"), "failed http", "failed http"),
    (SitePlayback.answered(413, "{}"), "failed http", "failed tooLarge"),
    (SitePlayback.answered(429, ""), "unknown throttled", "unknown throttled"),
    (SitePlayback.answered(503, ""), "unknown http", "unknown http"),
    (SitePlayback.answered(302, ""), "failed http", "unknown http"),
    (SitePlayback.failed(.timeout, "x"), "unknown timeout", "unknown timeout"),
    (SitePlayback.failed(.interrupted, "x"), "unknown interrupted", "unknown interrupted"),
    (SitePlayback.failed(.refused, "x"), "failed refused", "failed refused"),
  ])
  func `the answer to the span is judged by the way it took`(
    exchange: Exchange, throughAgent: String, toSite: String
  ) async throws {
    var agent = SitePlayback(.llmobsAgent, ["DD_ENV=prod"])
    try Self.add(Self.full, to: &agent)
    try agent.add(LLMObsSpanThroughAgent(at: agent.settings.agent, environment: "prod"), exchange)
    #expect(try await agent.judge(LLMObsSpanAccepted(.llmobsAgent)).verdict == throughAgent)
    var site = SitePlayback(.llmobsAgentless, [Self.agentless, Self.key])
    try site.add(LLMObsSpanToSite(with: site.apiKey, to: site.site, environment: nil), exchange)
    #expect(try await site.judge(LLMObsSpanAccepted(.llmobsAgentless)).verdict == toSite)
  }

  @Test func `no span goes where it can't arrive, and none with a broken key`() async throws {
    for entries in [
      [Self.agentless, Self.key, "DD_SITE=ddog-gov.com"], [Self.agentless, "DD_API_KEY=\"x\""],
      [Self.agentless, Self.key, "DD_SITE=us5"],
    ] {
      let play = SitePlayback(.llmobsAgentless, entries)
      #expect(try await play.judge(LLMObsSpanAccepted(.llmobsAgentless)).verdict == "skipped")
    }
    var lambda = SitePlayback(.llmobsLambda, [Self.key])
    try lambda.add(
      LLMObsSpanThroughAgent(at: lambda.settings.agent, environment: nil),
      SitePlayback.failed(.refused, "connection refused"))
    #expect(
      try await lambda.judge(LLMObsSpanAccepted(.llmobsLambda)).verdict == "skipped",
      "the extension is reached in the function alone")
  }

  // MARK: llmobs.egress

  struct Host: Sendable {
    var entries: [String] = []
    var fault: Fault?
    var address = "3.233.144.1:443"
    var isRedirected = false
    let expected: String
  }

  @Test(arguments: [
    Host(expected: "passed"),
    // A PrivateLink endpoint has a private address, and answers.
    Host(address: "10.0.0.9:443", expected: "passed"),
    // Ticket 25: the firewall knows api.* alone.
    Host(fault: Fault(.timeout, "timed out connecting"), expected: "failed timeout"),
    Host(fault: Fault(.refused, "connection refused"), expected: "failed refused"),
    Host(fault: Fault(.tlsUntrusted, "x"), expected: "failed tls.untrusted"),
    // Ticket 24: name resolution that filters.
    Host(fault: Fault(.dns, "name not found"), expected: "failed dns"),
    Host(fault: Fault(.refused, "x"), address: "0.0.0.0:443", expected: "failed dns"),
    Host(fault: Fault(.refused, "x"), address: "127.0.0.1:443", expected: "failed dns"),
    Host(fault: Fault(.timeout, "x"), address: "192.168.1.4:443", expected: "failed dns"),
    Host(fault: Fault(.unroutable, "x"), address: "[::]:443", expected: "failed dns"),
    Host(
      fault: Fault(.refused, "x"), address: "127.0.0.1:9", isRedirected: true,
      expected: "failed refused"),
    Host(
      entries: ["HTTPS_PROXY=http://127.0.0.1:3128"], fault: Fault(.proxy, "x"),
      address: "127.0.0.1:3128", expected: "failed proxy"),
    Host(fault: Fault(.interrupted, "x"), expected: "unknown interrupted"),
    Host(entries: ["DD_LLMOBS_OVERRIDE_ORIGIN=https://x.test"], expected: "skipped"),
  ])
  func `each host is judged by itself`(host: Host) async throws {
    for language in [Language.python, .node] {
      var play = SitePlayback(
        .llmobsAgentless, [Self.agentless] + host.entries, language: language)
      let hosts = play.settings.llmObservabilityHosts(try play.site, nil)
      for name in hosts {
        let isLast = name == hosts.last
        var exchange = SitePlayback.answered(404, "")
        if isLast, let fault = host.fault {
          exchange = Exchange(method: "GET", url: "https://\(name)/", result: .failed(fault))
        }
        exchange.attempts = [
          .init(address: isLast ? host.address : "3.3.3.3:443", error: host.fault?.message)
        ]
        try play.add(
          IntakeAnswers(of: name),
          IntakeAnswers.Answer(exchange: exchange, isRedirected: host.isRedirected))
      }
      let outcome = try await play.judge(LLMObsEgress(.llmobsAgentless))
      #expect(outcome.verdict == host.expected, "\(language)")
      if host.fault != nil { #expect("\(outcome)".contains(try #require(hosts.last))) }
    }
  }

  /// Ticket 23.
  @Test(arguments: [
    ("6.12.0", "warning outdated"), ("6.13.0", "passed"), ("5.123.0", "warning outdated"),
  ])
  func `a dd-trace that goes past the proxy is named`(
    version: String, expected: String
  ) async throws {
    var play = try Self.play(
      [Self.agentless, "HTTPS_PROXY=http://proxy:3128"], .node, version)
    try play.add(
      IntakeAnswers(of: "llmobs-intake.datadoghq.com"),
      IntakeAnswers.Answer(exchange: SitePlayback.answered(404, "")))
    #expect(try await play.judge(LLMObsEgress(.llmobsAgentless)).verdict == expected)
  }

  @Test func `with an Agent the application goes nowhere itself`() async throws {
    var play = SitePlayback(.llmobsAgent, [])
    try Self.add(Self.full, to: &play)
    #expect(try await play.judge(LLMObsEgress(.llmobsAgent)).verdict == "skipped")
  }
}
