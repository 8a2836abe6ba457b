import Configuration
package import Diagnosis
package import Probes

/// Whether a connection to the Agent's address comes about.
package struct AgentReachable: Check {
  package let about = About(
    id: .agentReachable,
    title: "Agent is reachable",
    explanation: """
      Connects to the address that the tracer would use, to each of its addresses in turn, and says \
      why it can't: nobody listens, no name, no route, no permission on the socket, a firewall that \
      drops. Where the Agent is not reached, every span is lost.
      """,
    fix: "Start the Agent, or point the application to the host and port where it listens.",
    docs: Docs.connection,
    needs: [.agentAddress],
    statuses: [.passed, .failed, .unknown])

  package init() {}

  package func anticipate(_ seen: Observations) {
    guard seen.settings.agent.endpoint != nil else { return }
    seen.begin(AgentInfo(at: seen.settings.agent))
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let exchange = try await seen.agentInfo.exchange
    let settings = seen.settings
    guard let fault = exchange.fault, !exchange.isConnected else {
      return .passed("connected to \(settings.agent.endpoint?.description ?? settings.agent.url)")
    }
    let problem = Problem.unreached(exchange, fault, settings)
    return fault.failureClass == .interrupted ? .unknown(problem) : .failed(problem)
  }
}

extension Exchange {
  /// Whether a connection stood, whatever came over it.
  var isConnected: Bool {
    switch result {
    case .answered: true
    case .failed: attempts.contains { $0.error == nil } || received > 0 || sent > 0
    }
  }

  /// What was tried, with each address that was.
  func tried(_ settings: Settings) -> Evidence {
    let addresses = attempts.map { attempt in
      attempt.error.map { "\(attempt.address): \($0)" } ?? attempt.address
    }
    let measured =
      addresses.isEmpty
      ? "\(method) \(url)" : "\(method) \(url)  (\(addresses.joined(separator: ", ")))"
    return Evidence("tried", measured: measured, expected: "an Agent's answer", source: "network")
  }
}

extension Problem {
  fileprivate static func unreached(_ exchange: Exchange, _ fault: Fault, _ settings: Settings)
    -> Problem
  {
    let place = settings.agent.endpoint?.description ?? settings.agent.url
    let message =
      switch fault.failureClass {
      case .refused where settings.isUnixSocket: "nobody listens on \(place)"
      case .refused: "nothing listens at \(place)"
      case .noSocket: "\(fault.message): \(place)"
      case .dns: fault.message
      case .timeout: "\(place) does not answer: a firewall, or the wrong host"
      default: "\(place): \(fault.message)"
      }
    let remedies = remedies(fault, settings)
    return Problem(
      message, class: fault.failureClass, evidence: exchange.tried(settings),
      settings.addressEvidence, remedies: remedies.first
    )
    .adding(settings.localhostEvidence, remedies: remedies.rest)
  }

  private static func remedies(_ fault: Fault, _ settings: Settings)
    -> (first: Remedy, rest: [Remedy])
  {
    let reaching = Remedies.reachingAgent(settings)
    switch fault.failureClass {
    case .dns:
      return (
        Remedies.leading(to: "<agent host>", settings, "a name that resolves from here"), reaching
      )
    case .permission:
      return (
        .edit(
          "give the application's user write permission on \(settings.agent.endpoint?.description ?? "the socket")"
        ),
        [Remedies.overTCP(settings)]
      )
    case .refused where settings.isUnixSocket:
      return (
        .command("sudo systemctl restart datadog-agent", "it makes the socket anew"),
        [.edit("in a container, mount the socket's folder and not the socket file")]
      )
    case .noSocket:
      return (
        .edit("mount the Agent's /var/run/datadog folder where the application runs"),
        [Remedies.overTCP(settings)]
      )
    case .timeout, .unroutable:
      let allow = Remedy.edit(
        settings.host.platform == .kubernetes
          ? "allow port 8126 to the node: the Agent's hostPort and the NetworkPolicy"
          : "allow TCP to this port, and let the Agent listen beyond loopback"
            + " (DD_APM_NON_LOCAL_TRAFFIC=true)")
      return (allow, [Remedies.pointing(settings)])
    default:
      if case .tcp(_, let port) = settings.agent.endpoint, port != 8126 {
        // An Agent that is started now would listen on 8126.
        return (Remedies.pointing(settings), reaching)
      }
      guard let first = reaching.first else { return (Remedies.pointing(settings), []) }
      return (first, Array(reaching.dropFirst()) + [Remedies.pointing(settings)])
    }
  }
}

extension Settings {
  var isUnixSocket: Bool {
    if case .unix = agent.endpoint { true } else { false }
  }
}
