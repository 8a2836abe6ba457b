/// All that a run found, in the shape of the JSON report (`dd-doctor schema` describes it).
package struct Report: Codable, Equatable, Sendable {
  package var schemaVersion = 1
  package var tool: Tool
  package var runID: String
  /// RFC 3339, UTC.
  package var startedAt: String
  package var durationMilliseconds: Double
  package var setup: SetupSummary
  package var source: Source
  package var verdict: Verdict
  package var exitStatus: Int32
  /// Left out where no configuration was read.
  package var tracer: TracerSummary?
  package var agent: AgentSummary
  package var delivery: Delivery
  package var summary: Summary
  package var exchanges: [Transfer]
  package var configuration: [ConfiguredValue]
  package var checks: [Finding]
  /// Of a project's folder alone.
  package var onboarding: Onboarding?
  package var observations: [Recorded]

  package init(
    tool: Tool, runID: String, startedAt: String, durationMilliseconds: Double,
    setup: SetupSummary, source: Source, verdict: Verdict, exitStatus: Int32,
    tracer: TracerSummary?, agent: AgentSummary, delivery: Delivery, exchanges: [Transfer],
    configuration: [ConfiguredValue], checks: [Finding], observations: [Recorded]
  ) {
    self.tool = tool
    self.runID = runID
    self.startedAt = startedAt
    self.durationMilliseconds = durationMilliseconds
    self.setup = setup
    self.source = source
    self.verdict = verdict
    self.exitStatus = exitStatus
    self.tracer = tracer
    self.agent = agent
    self.delivery = delivery
    summary = Summary(checks)
    self.exchanges = exchanges
    self.configuration = configuration
    self.checks = checks
    self.observations = observations
  }
}

/// How far a project is set up, and the one next step.
package struct Onboarding: Codable, Equatable, Sendable {
  package struct Step: Codable, Equatable, Sendable {
    /// `library`, `Agent`, `variables` or `launch`.
    package var name: String
    package var status: Status

    package init(_ name: String, _ status: Status) {
      self.name = name
      self.status = status
    }
  }

  package var steps: [Step]
  /// Nil where nothing is left to do.
  package var next: Remedy?
  /// The check that asks for it; nil for what no check can see.
  package var check: CheckID?

  package init(steps: [Step], next: Remedy?, check: CheckID?) {
    self.steps = steps
    self.next = next
    self.check = check
  }
}

package struct Tool: Codable, Equatable, Sendable {
  package var name: String
  package var version: String

  package init(name: String, version: String) {
    self.name = name
    self.version = version
  }
}

package struct SetupSummary: Codable, Equatable, Sendable {
  package var name: String
  /// Left out where no language was detected.
  package var language: String?
  package var detectedFrom: [String]

  package init(name: String, language: String?, detectedFrom: [String]) {
    self.name = name
    self.language = language
    self.detectedFrom = detectedFrom
  }
}

/// Where the configuration was read from.
package struct Source: Codable, Equatable, Sendable {
  /// The kind of what `logs` reads.
  package static let logs = "logs"

  package var kind: String
  package var name: String

  package init(kind: String, name: String) {
    self.kind = kind
    self.name = name
  }
}

package enum Verdict: String, Codable, CaseIterable, Sendable {
  case healthy, warning, failed, unknown

  /// The worst that stands in the findings; what could not run, or nothing judged, is not healthy.
  package init(_ findings: [Finding]) {
    // Asked one by one: the first table of hashes of a type costs a start 0.1 ms.
    func holds(_ statuses: Status...) -> Bool {
      findings.contains { statuses.contains($0.status) }
    }
    if holds(.failed) {
      self = .failed
    } else if holds(.unknown, .blocked) || !holds(.passed, .warning) {
      self = .unknown
    } else {
      self = holds(.warning) ? .warning : .healthy
    }
  }
}

/// What the tracer makes of its own settings, as `ddtrace-run --info` lists them.
package struct TracerSummary: Codable, Equatable, Sendable {
  package var enabled: Bool
  package var debug: Bool
  package var logInjection: Bool
  package var service: String?
  package var env: String?
  package var version: String?
  package var tags: String?

  package init(
    enabled: Bool, debug: Bool, logInjection: Bool, service: String?, env: String?,
    version: String?, tags: String?
  ) {
    self.enabled = enabled
    self.debug = debug
    self.logInjection = logInjection
    self.service = service
    self.env = env
    self.version = version
    self.tags = tags
  }
}

/// The Agent as this run saw it; `error` is what `--info` prints, or null.
package struct AgentSummary: Codable, Equatable, Sendable {
  package enum State: String, Codable, CaseIterable, Sendable {
    case ok, failed, notApplicable, notChecked
  }

  package var url: String?
  /// `tcp`, `unix` or `https`.
  package var mode: String?
  package var version: String?
  package var state: State
  package var error: String?

  /// What stands behind `Agent error: `, where nothing else is known of an unchecked Agent.
  package var line: String {
    switch state {
    case .ok: "None"
    case .failed: error ?? "unknown"
    case .notApplicable: "not applicable (agentless)"
    case .notChecked: "not checked"
    }
  }

  package init(url: String?, mode: String?, version: String?, state: State, error: String?) {
    self.url = url
    self.mode = mode
    self.version = version
    self.state = state
    self.error = error
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(url, forKey: .url)
    try container.encodeIfPresent(mode, forKey: .mode)
    try container.encodeIfPresent(version, forKey: .version)
    try container.encode(state, forKey: .state)
    try container.encode(error, forKey: .error)
  }
}

/// How far telemetry was proved to get, rung by rung.
package struct Delivery: Codable, Equatable, Sendable {
  package enum Rung: String, Codable, CaseIterable, Sendable {
    case configured, connected, accepted, counted, forwarded, stored
  }

  package enum RungStatus: String, Codable, CaseIterable, Sendable {
    /// Proved by an answer.
    case reached
    /// An answer says no.
    case failed
    /// Nobody could be asked: the reason says why.
    case unknown
    /// Below a rung that failed.
    case notReached
    /// This setup has no such rung.
    case notApplicable
  }

  package struct Step: Codable, Equatable, Sendable {
    package var name: Rung
    package var status: RungStatus
    package var reason: String

    package init(_ name: Rung, _ status: RungStatus, _ reason: String) {
      self.name = name
      self.status = status
      self.reason = reason
    }
  }

  /// The highest rung that was reached, without a gap below it; left out where none was.
  package var reached: Rung?
  package var rungs: [Step]

  package init(_ rungs: [Step]) {
    self.rungs = rungs
    reached =
      rungs.prefix { $0.status == .reached || $0.status == .notApplicable }
      .last { $0.status == .reached }?.name
  }
}

package struct Summary: Codable, Equatable, Sendable {
  package var passed = 0
  package var warning = 0
  package var failed = 0
  package var skipped = 0
  package var blocked = 0
  package var unknown = 0

  package init(_ findings: [Finding]) {
    for finding in findings {
      switch finding.status {
      case .passed: passed += 1
      case .warning: warning += 1
      case .failed: failed += 1
      case .skipped: skipped += 1
      case .blocked: blocked += 1
      case .unknown: unknown += 1
      }
    }
  }
}

/// One exchange on the wire, with its phases in milliseconds.
package struct Transfer: Codable, Equatable, Sendable {
  package struct Phases: Codable, Equatable, Sendable {
    package var dns: Double?
    package var connect: Double?
    package var tls: Double?
    package var firstByte: Double?
    package var total: Double

    package init(
      dns: Double? = nil, connect: Double? = nil, tls: Double? = nil, firstByte: Double? = nil,
      total: Double = 0
    ) {
      self.dns = dns
      self.connect = connect
      self.tls = tls
      self.firstByte = firstByte
      self.total = total
    }
  }

  package var question: String
  package var url: String
  package var phases: Phases
  /// Bytes.
  package var sent: Int
  /// Bytes.
  package var received: Int
  package var status: Int?
  package var error: String?

  package init(
    question: String, url: String, phases: Phases, sent: Int, received: Int, status: Int?,
    error: String?
  ) {
    self.question = question
    self.url = url
    self.phases = phases
    self.sent = sent
    self.received = received
    self.status = status
    self.error = error
  }
}

/// A variable or setting that is set, where it came from, and what it won over.
package struct ConfiguredValue: Codable, Equatable, Sendable {
  package var name: String
  /// A secret's kind, length and fingerprint, never its value.
  package var value: String
  package var origin: String
  package var `default`: String?
  package var secret: Bool
  package var shadowed: [String]

  package init(
    name: String, value: String, origin: String, default: String?, secret: Bool,
    shadowed: [String]
  ) {
    self.name = name
    self.value = value
    self.origin = origin
    self.default = `default`
    self.secret = secret
    self.shadowed = shadowed
  }
}

/// A question and its answer, redacted: enough to judge the same run again.
package struct Recorded: Codable, Equatable, Sendable {
  package var question: String
  package var answer: JSONValue

  package init(question: String, answer: JSONValue) {
    self.question = question
    self.answer = answer
  }
}
