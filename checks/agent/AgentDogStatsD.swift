import Configuration
package import Diagnosis
package import Probes

/// Whether the tracer's metrics find a DogStatsD server.
package struct AgentDogStatsD: Check {
  package let about = About(
    id: "agent.dogstatsd",
    title: "DogStatsD takes metrics",
    explanation: """
      The OpenAI metrics of Node's and PHP's tracers, and runtime metrics of all, leave as DogStatsD \
      datagrams. Nothing ever answers one, so all that can be seen is a refusal; that nobody \
      refuses proves no receipt. ddtrace 3.5 and later sends no OpenAI metrics this way.
      """,
    fix: "Open UDP 8125 of the Agent (DD_DOGSTATSD_NON_LOCAL_TRAFFIC), or set DD_DOGSTATSD_PORT.",
    docs: Docs.dogStatsD,
    needs: [],
    statuses: [.passed, .warning, .skipped, .unknown])

  package init() {}

  package func anticipate(_ seen: Observations) {
    guard seen.settings.dogStatsD.target != nil else { return }
    seen.begin(DogStatsDTaken(at: seen.settings.dogStatsD))
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    let address = settings.dogStatsD
    let reason = try await Self.use(settings, seen)
    if let fault = address.fault {
      return reason.isUsed ? .warning(.unusable(fault)) : .skipped(reason.text)
    }
    let answer = try await seen.dogStatsDTaken
    // What the Agent says of its own port explains a refusal better than the refusal does.
    if reason.isUsed, let port = try? await seen.agentInfo.description?.statsdPort,
      case .udp(_, let own) = address.target, port != own
    {
      return .warning(.otherPort(port, own, settings))
    }
    guard let fault = answer.fault else {
      return .passed("nobody refuses at \(address.url) (UDP proves no receipt)")
    }
    guard reason.isUsed else {
      return .skipped("\(fault.message) at \(address.url); \(reason.text)")
    }
    let problem = Problem.refused(fault, settings)
    return fault.failureClass == .interrupted ? .unknown(problem) : .warning(problem)
  }

  /// Whether this tracer sends metrics by DogStatsD, and why not.
  private static func use(_ settings: Settings, _ seen: Observations) async throws
    -> (isUsed: Bool, text: String)
  {
    if settings.isOn("DD_RUNTIME_METRICS_ENABLED", default: false) {
      return (true, "DD_RUNTIME_METRICS_ENABLED")
    }
    switch settings.language {
    case nil: return (false, "whether the tracer uses it depends on the language")
    case .python: return (false, "ddtrace 3.5 and later sends no OpenAI metrics this way")
    case .node:
      guard case .tcp = settings.agent.endpoint else {
        return (false, "dd-trace sends metrics through the Agent's own socket")
      }
      let description = try? await seen.agentInfo.description
      let proxies = description?.lists("/dogstatsd/v2/proxy") == true
      return (!proxies, "dd-trace sends metrics through the Agent's /dogstatsd/v2/proxy")
    case .php:
      return (
        settings.isOn("DD_OPENAI_METRICS_ENABLED", default: true),
        "DD_OPENAI_METRICS_ENABLED is off"
      )
    }
  }
}

extension Problem {
  fileprivate static func unusable(_ fault: AddressFault) -> Problem {
    Problem(
      "\(fault.variable) '\(fault.value)': \(fault.reason)", class: .malformed,
      evidence: Evidence(
        fault.variable, measured: fault.value, expected: "udp://host:8125 or unix:///path",
        source: "environment"),
      remedies: .unset(fault.variable, "8125 on the Agent's host is the default"))
  }

  fileprivate static func refused(_ fault: Fault, _ settings: Settings) -> Problem {
    Problem(
      "no DogStatsD at \(settings.dogStatsD.url): \(fault.message)", class: fault.failureClass,
      evidence: Evidence(
        "datagram", measured: fault.message, expected: "no refusal",
        source: settings.dogStatsD.url),
      Evidence(
        "address", measured: settings.dogStatsD.origin.map(\.name).joined(separator: ", "),
        source: "\(settings.language?.tracer ?? "ddtrace")'s own order"),
      remedies: .edit(
        "open UDP 8125 of the Agent and give it DD_DOGSTATSD_NON_LOCAL_TRAFFIC=true")
    ).adding(remedies: settings.dogStatsDPort == 8125 ? [] : [pointing(8125, settings)])
  }

  fileprivate static func otherPort(_ port: Int, _ own: Int, _ settings: Settings) -> Problem {
    Problem(
      port == 0
        ? "DogStatsD is switched off in the Agent"
        : "the Agent's DogStatsD listens on \(port), the tracer sends to \(own)",
      class: port == 0 ? .disabled : .conflict,
      evidence: Evidence(
        "config.statsd_port", measured: "\(port)", expected: "\(own)",
        source: settings.agent.url("/info")),
      remedies: port == 0
        ? .edit("give the Agent DD_USE_DOGSTATSD=true")
        : pointing(port, settings))
  }

  /// PHP's tracer reads DD_DOGSTATSD_PORT only where a host is set, and the URL always.
  private static func pointing(_ port: Int, _ settings: Settings) -> Remedy {
    let deciding = settings.dogStatsD.origin.first?.name
    guard settings.language == .php || deciding == "DD_DOGSTATSD_URL",
      case .udp(let host, _) = settings.dogStatsD.target
    else {
      return .set("DD_DOGSTATSD_PORT", to: "\(port)")
    }
    return .set("DD_DOGSTATSD_URL", to: "udp://\(bracketed(host)):\(port)")
  }
}

extension Settings {
  /// The UDP port that metrics go to; nil for a socket.
  fileprivate var dogStatsDPort: Int? {
    if case .udp(_, let port) = dogStatsD.target { port } else { nil }
  }
}
