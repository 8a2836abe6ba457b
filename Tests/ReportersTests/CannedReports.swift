@testable import Diagnosis

/// Reports for every reporter: one that fails, one that is healthy, one that quotes an attacker.
enum CannedReports {
  static let all: [(name: String, report: Report)] = [
    ("failing", failing), ("healthy", healthy), ("hostile", hostile),
  ]

  static func named(_ name: String) -> Report {
    all.first { $0.name == name }?.report ?? healthy
  }

  static func finding(
    _ id: CheckID, _ status: Status, _ message: String, _ failureClass: FailureClass? = nil,
    evidence: [Evidence] = [], remedies: [Remedy] = [], blockedBy: CheckID? = nil
  ) -> Finding {
    let about = About(
      id: id, title: "Title of \(id)", explanation: "", fix: "",
      docs: "https://docs.datadoghq.com/tracing/")
    return Finding(
      about, status: status, message: message, failureClass: failureClass, evidence: evidence,
      remedies: remedies, blockedBy: blockedBy)
  }

  private static func passed(_ ids: CheckID...) -> [Finding] {
    ids.map { finding($0, .passed, "holds") }
  }

  private static let blocked: [Finding] = [
    "agent.answers", "agent.traces", "agent.span", "agent.forwarding", "agent.filters",
    "agent.evp-proxy",
  ].map {
    finding(
      CheckID($0), .blocked, "needs agent.reachable, which failed", blockedBy: "agent.reachable")
  }

  private static let environment = passed(
    "environment.names", "environment.values", "environment.conflicts", "environment.tags",
    "environment.disabled", "environment.sampling")

  /// The failure that CONTRACT.md shows.
  static let failing = report(
    .failed, 1, milliseconds: 31.4,
    agent: AgentSummary(
      url: "http://localhost:8126", mode: "tcp", version: nil, state: .failed,
      error: "Agent not reachable at http://localhost:8126 (connection refused)"),
    Delivery([
      .init(.configured, .reached, "nothing in the configuration stops it"),
      .init(.connected, .failed, "nothing listens at localhost:8126"),
      .init(.accepted, .notReached, "below a failed rung"),
      .init(.counted, .notReached, "below a failed rung"),
      .init(.forwarded, .notReached, "below a failed rung"),
      .init(.stored, .notReached, "below a failed rung"),
    ]),
    exchanges: [
      Transfer(
        question: "agent.info", url: "http://localhost:8126/info",
        phases: .init(dns: 0.1, connect: 0.2, total: 0.4), sent: 0, received: 0, status: nil,
        error: "connection refused")
    ],
    environment + passed("agent.address")
      + [
        finding(
          "agent.reachable", .failed, "nothing listens at localhost:8126", .refused,
          evidence: [
            Evidence(
              "tried",
              measured: "GET http://localhost:8126/info  (::1, 127.0.0.1: refused)",
              expected: "an Agent's answer", source: "network"),
            Evidence(
              "address", measured: "default; no DD_TRACE_AGENT_URL, no DD_AGENT_HOST, no socket",
              source: "ddtrace's own order"),
            Evidence("note", measured: "this is a container: localhost is not the host"),
          ],
          remedies: [
            .set("DD_AGENT_HOST", to: "datadog-agent"),
            .edit("give the Agent DD_APM_NON_LOCAL_TRAFFIC=true"), .advice("look at its log"),
          ])
      ] + blocked
      + [finding("agent.dogstatsd", .skipped, "ddtrace 3.5 and later sends no OpenAI metrics")]
      + passed("openai.key.present", "openai.key.shape", "openai.key.valid")
      + [
        finding(
          "openai.key.scope", .warning, "OPENAI_API_KEY is an admin key here", .exposed,
          evidence: [Evidence("kind", measured: "OpenAI admin key", expected: "a project key")],
          remedies: [.advice("use a project key: platform.openai.com/api-keys")])
      ])

  static let healthy = report(
    .healthy, 0, milliseconds: 12,
    agent: AgentSummary(
      url: "http://127.0.0.1:8126", mode: "tcp", version: "7.78.0", state: .ok, error: nil),
    Delivery([
      .init(.configured, .reached, "nothing in the configuration stops it"),
      .init(.connected, .reached, "Agent 7.78.0"), .init(.accepted, .reached, "accepted"),
      .init(.counted, .unknown, "the Agent's own counters are read on its host alone"),
      .init(
        .forwarded, .unknown, "the Agent's key and its way to api.datadoghq.com are good"),
      .init(.stored, .unknown, "look for it: https://app.datadoghq.com/apm/traces"),
    ]),
    exchanges: [
      Transfer(
        question: "agent.info", url: "http://127.0.0.1:8126/info",
        phases: .init(dns: 0, connect: 0.1, tls: 0.2, firstByte: 0.3, total: 0.4), sent: 90,
        received: 800, status: 200, error: nil)
    ],
    environment
      + [
        finding("agent.address", .passed, "http://127.0.0.1:8126 (DD_TRACE_AGENT_URL)"),
        finding("agent.reachable", .passed, "connected to 127.0.0.1:8126"),
        finding("agent.answers", .passed, "Agent 7.78.0 at http://127.0.0.1:8126"),
        finding(
          "agent.span", .passed, "accepted: service dd-doctor, name openai.request",
          evidence: [Evidence("PUT /v0.4/traces", measured: "200")]),
        finding("agent.dogstatsd", .skipped, "not used"),
      ])

  /// ESC, line ends, a workflow command, a bidirectional override, markup: in every text.
  static let poison =
    "a\u{1B}[31mred\u{1B}]0;title\u{7}\n::error file=x::owned\r\u{202E}gnp.exe\u{9B}2J\u{2028}"
    + "<script>|`x`|"

  static let hostile: Report = {
    var canned = report(
      .failed, 1, milliseconds: 1,
      agent: AgentSummary(
        url: "http://\(poison)", mode: "tcp", version: poison, state: .failed, error: poison),
      Delivery([
        .init(.configured, .reached, poison), .init(.connected, .failed, poison),
        .init(.accepted, .unknown, poison),
      ]),
      exchanges: [],
      [
        finding("environment.names", .passed, poison),
        finding(
          "agent.answers", .failed, "says \(poison)", .notAgent,
          evidence: [
            Evidence("answer", measured: poison, expected: poison, source: poison),
            Evidence(poison, measured: poison),
          ],
          remedies: [.set("DD_SERVICE", to: poison, poison), .command("echo \(poison)", poison)]),
        finding(
          "agent.span", .blocked, "needs \(poison)", blockedBy: "agent.answers"),
        finding(
          "site.reachable", .unknown, poison, .timeout,
          evidence: [Evidence("x", measured: poison)], remedies: [.advice(poison)]),
        finding("agent.filters", .skipped, poison),
      ])
    canned.setup.detectedFrom = [poison]
    canned.tracer?.service = poison
    canned.tracer?.env = poison
    canned.tracer?.version = poison
    canned.tracer?.tags = poison
    canned.checks[3].known = true
    canned.onboarding = Onboarding(
      steps: [.init("library", .passed), .init("Agent", .failed), .init("launch", .unknown)],
      next: .set("DD_ENV", to: poison, poison), check: "agent.answers")
    return canned
  }()

  private static func report(
    _ verdict: Verdict, _ exitStatus: Int32, milliseconds: Double, agent: AgentSummary,
    _ delivery: Delivery, exchanges: [Transfer], _ checks: [Finding]
  ) -> Report {
    Report(
      tool: Tool(name: "dd-doctor", version: "0.1"),
      runID: "5f3c9a1e-0000-4000-8000-000000000001", startedAt: "2026-11-25T12:00:00Z",
      durationMilliseconds: milliseconds,
      setup: SetupSummary(
        name: "apm", language: "python", detectedFrom: ["ddtrace in requirements.txt"]),
      source: Source(kind: "process", name: "environment"), verdict: verdict,
      exitStatus: exitStatus,
      tracer: TracerSummary(
        enabled: true, debug: false, logInjection: true, service: "shop", env: "prod",
        version: "1.0", tags: "team:a"),
      agent: agent, delivery: delivery, exchanges: exchanges,
      configuration: [
        ConfiguredValue(
          name: "DD_TRACE_AGENT_URL", value: "http://127.0.0.1:8126", origin: "environment",
          default: "http://localhost:8126", secret: false, shadowed: ["DD_AGENT_HOST=dd"]),
        ConfiguredValue(
          name: "DD_API_KEY", value: "Datadog API key, 32 characters, fingerprint 0123abcd",
          origin: "environment", default: nil, secret: true, shadowed: []),
      ],
      checks: checks,
      observations: [
        Recorded(
          question: "agent.info http://127.0.0.1:8126",
          answer: .object(["a": .array([.number(1), .null, .string("x")])]))
      ])
  }
}
