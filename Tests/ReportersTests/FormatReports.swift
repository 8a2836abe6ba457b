import Diagnosis

/// Reports that every format must be able to tell.
enum FormatReports {
  static let healthy = report(
    checks: [
      passed("environment.tags", "Service and environment are named", "service shop, env prod"),
      passed("agent.reachable", "Agent is reachable", "connected to 127.0.0.1:8126"),
      passed("agent.answers", "Agent answers /info", "Agent 7.78.0 at http://localhost:8126"),
      skipped("agent.dogstatsd", "DogStatsD takes metrics", "this tracer does not use it"),
    ],
    rungs: [.reached, .reached, .reached, .unknown, .unknown, .unknown])

  static let failing = report(
    checks: [
      passed("environment.tags", "Service and environment are named", "service shop, env prod"),
      Finding(
        about("environment.values", "Values can be read"), status: .warning,
        message: "DD_ENV ends in a blank", failureClass: .malformed,
        evidence: [Evidence("DD_ENV", measured: "'prod '", expected: "'prod'", source: "process")],
        remedies: [.set("DD_ENV", to: "prod")]),
      Finding(
        about("agent.reachable", "Agent is reachable"), status: .failed,
        message: "nothing listens at localhost:8126", failureClass: .refused,
        evidence: [
          Evidence(
            "tried", measured: "GET http://localhost:8126/info  (::1, 127.0.0.1: refused)",
            expected: "an Agent's answer", source: "network")
        ],
        remedies: [
          .set("DD_AGENT_HOST", to: "datadog-agent", "the name of the Agent's container"),
          .edit("put both containers on one network"),
          .command("ss -ltnp 'sport = :8126'"),
        ]),
      Finding(
        about("agent.answers", "Agent answers /info"), status: .blocked,
        message: "needs agent.reachable, which failed", blockedBy: "agent.reachable"),
      Finding(
        about("agent.filters", "Agent's filters keep the application's spans"), status: .unknown,
        message: "the deadline passed before an answer came", failureClass: .interrupted,
        evidence: [Evidence("run", measured: "no answer", expected: "an answer")],
        remedies: [.advice("give it more time: --deadline 60s")]),
      skipped("agent.dogstatsd", "DogStatsD takes metrics", "this tracer does not use it"),
    ],
    rungs: [.reached, .failed, .notReached, .notReached, .notReached, .notReached],
    agent: AgentSummary(
      url: "http://localhost:8126", mode: "tcp", version: nil, state: .failed,
      error: "Agent not reachable at http://localhost:8126 (connection refused)"))

  static let warned = report(
    checks: failing.checks.filter { [.passed, .warning].contains($0.status) },
    rungs: [.reached, .reached, .reached, .unknown, .unknown, .unknown])

  /// What each string of a report must not be able to do, in one.
  static let malice =
    "\u{1B}[31m\u{202E}x\r\n::error::x%0A ##[error]y\nok 99 - no # SKIP \u{0}</script>"
    + "<script>alert(1)</script><img src=x onerror=alert(1)> & ' \" ]]> --> {0} | `a` ``b`` ```c"
    + " # h [x](http://evil.example) @octocat #12 GH-1 www.evil.example \\ \\| \"\u{301}\u{FFFE} \\"

  static let hostile: Report = {
    let about = About(
      id: CheckID("agent.\(malice)"), title: malice, explanation: malice, fix: malice,
      docs: "javascript:alert(1)//https://docs.datadoghq.com/")
    var report = Self.report(
      checks: [
        Finding(
          about, status: .failed, message: malice, failureClass: .refused,
          evidence: [Evidence(malice, measured: malice, expected: malice, source: malice)],
          remedies: [
            .set(malice, to: malice, malice), .command(malice, malice), .advice(malice),
          ]),
        Finding(
          About(id: "agent.span", title: malice, explanation: "", fix: "", docs: malice),
          status: .blocked, message: malice, blockedBy: about.id),
        skipped("agent.filters", malice, malice),
      ],
      rungs: [.reached, .failed, .notReached, .notReached, .notReached, .notReached],
      agent: AgentSummary(
        url: malice, mode: "tcp", version: malice, state: .failed, error: malice))
    report.delivery = Delivery(report.delivery.rungs.map { .init($0.name, $0.status, malice) })
    report.tracer?.service = malice
    report.tracer?.env = malice
    report.source = Source(kind: "dotenv", name: "../a b,c:d::\(malice)")
    report.startedAt = malice
    report.runID = malice
    report.setup.detectedFrom = [malice]
    report.tool = Tool(name: malice, version: malice)
    report.configuration = [
      ConfiguredValue(
        name: malice, value: malice, origin: malice, default: malice, secret: false,
        shadowed: [malice])
    ]
    report.exchanges = [
      Transfer(
        question: malice, url: malice,
        phases: .init(dns: -1, connect: .infinity, tls: .nan, firstByte: 1e300, total: -.infinity),
        sent: 1, received: 1, status: 500, error: malice)
    ]
    return report
  }()

  /// No check ran: nothing may look healthy.
  static let empty = report(checks: [], rungs: [])

  static let all = [
    ("healthy", healthy), ("failing", failing), ("warned", warned), ("hostile", hostile),
    ("empty", empty),
  ]

  static func report(
    checks: [Finding], rungs: [Delivery.RungStatus], setup: String = "apm",
    agent: AgentSummary = AgentSummary(
      url: "http://localhost:8126", mode: "tcp", version: "7.78.0", state: .ok, error: nil)
  ) -> Report {
    let verdict = Verdict(checks)
    let status: Int32 =
      switch verdict {
      case .healthy, .warning: 0
      case .failed: 1
      case .unknown: 3
      }
    return Report(
      tool: Tool(name: "dd-doctor", version: "0.1"),
      runID: "5f3c9a1e-0000-4000-8000-000000000001", startedAt: "2026-11-25T08:09:10.123Z",
      durationMilliseconds: 31.4,
      setup: SetupSummary(
        name: setup, language: "python", detectedFrom: ["ddtrace in requirements.txt"]),
      source: Source(kind: "process", name: "environment"), verdict: verdict, exitStatus: status,
      tracer: TracerSummary(
        enabled: true, debug: false, logInjection: true, service: "shop", env: "prod",
        version: "1.0", tags: nil),
      agent: agent,
      delivery: Delivery(
        zip(Delivery.Rung.allCases, rungs).map { .init($0, $1, reason($0, $1)) }),
      exchanges: [
        Transfer(
          question: "agent.info", url: "http://localhost:8126/info",
          phases: .init(dns: 0.25, connect: 0.5, firstByte: 1, total: 2), sent: 45,
          received: 1571, status: 200, error: nil),
        Transfer(
          question: "agent.span", url: "http://localhost:8126/v0.4/traces",
          phases: .init(total: 0.5), sent: 630, received: 0, status: nil,
          error: "connection refused"),
      ],
      configuration: [
        ConfiguredValue(
          name: "DD_API_KEY", value: "Datadog API key, 32 characters, fingerprint 4ceac130",
          origin: "process", default: nil, secret: true, shadowed: []),
        ConfiguredValue(
          name: "DD_TRACE_AGENT_URL", value: "http://localhost:8126", origin: "process",
          default: "", secret: false, shadowed: ["DD_AGENT_HOST=agent"]),
      ],
      checks: checks, observations: [])
  }

  private static func reason(_ rung: Delivery.Rung, _ status: Delivery.RungStatus) -> String {
    rung == .stored && status == .unknown
      ? "look for it: https://app.datadoghq.com/apm/traces?query=service:dd-doctor" : "a reason"
  }

  static func about(_ id: CheckID, _ title: String) -> About {
    About(
      id: id, title: title, explanation: "", fix: "",
      docs: "https://docs.datadoghq.com/tracing/troubleshooting/connection_errors/")
  }

  static func passed(_ id: CheckID, _ title: String, _ message: String) -> Finding {
    Finding(about(id, title), .passed(message))
  }

  static func skipped(_ id: CheckID, _ title: String, _ reason: String) -> Finding {
    Finding(about(id, title), .skipped(reason))
  }
}
