import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether what answers at the Agent's address is an Agent.
package struct AgentAnswers: Check {
  package let about = About(
    id: .agentAnswers,
    title: "Agent answers /info",
    explanation: """
      The tracer asks the Agent what it supports before it sends a span. Something else on that \
      port (a proxy, another web server) answers too, and every span sent to it is lost in silence: \
      so a status is not enough, the answer must be an Agent's description of itself. Receivers \
      that take an Agent's place are named: the Lambda extension, an OpenTelemetry Collector, the \
      test agent.
      """,
    fix: "Point the application to the Agent's own port (8126), and update an Agent before 7.28.",
    docs: Docs.connection,
    needs: [.agentReachable],
    statuses: [.passed, .warning, .failed, .unknown])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let info = try await seen.agentInfo
    let exchange = info.exchange
    guard let answer = exchange.answer else {
      let fault = exchange.fault ?? Fault(.protocol, "no answer")
      let problem = Problem.silent(exchange, fault, seen.settings)
      return fault.failureClass == .interrupted ? .unknown(problem) : .failed(problem)
    }
    guard let description = info.description, description.kind != .notAgent else {
      if answer.status == 404, try await seen.agentTakesTraces.isAcceptance {
        return .warning(.outdated(exchange, answer, seen.settings))
      }
      return .failed(.notAnAgent(exchange, answer, info.description, seen.settings))
    }
    return .passed(
      "\(description.words) at \(seen.settings.agent.url)",
      Evidence(
        "GET /info", measured: "\(description.endpoints?.count ?? 0) endpoints",
        expected: "a list of endpoints", source: seen.settings.agent.url("/info")))
  }
}

extension Exchange {
  /// A trace endpoint's acceptance: 2xx with the Agent's sampling rates.
  var isAcceptance: Bool {
    guard let answer, answer.isSuccess else { return false }
    return answer.body.contains("\"rate_by_service\"")
  }
}

extension AgentDescription {
  /// `Agent 7.78.0`, or who stands in for it.
  package var words: String {
    switch kind {
    case .agent: version.map { "Agent \($0)" } ?? "an Agent without a version"
    case .lambdaExtension: "the Datadog Lambda extension"
    case .testAgent: "Datadog's test agent"
    case .collector: "a Datadog-compatible receiver (OpenTelemetry Collector)"
    case .serverlessAgent: "a serverless Agent"
    case .notAgent: "no Agent"
    }
  }
}

extension Problem {
  fileprivate static func silent(_ exchange: Exchange, _ fault: Fault, _ settings: Settings)
    -> Problem
  {
    let place = settings.agent.endpoint?.description ?? settings.agent.url
    let message =
      switch fault.failureClass {
      case .protocol: "\(place) is no Agent: \(fault.message)"
      default: "\(place): \(fault.message)"
      }
    let speaksTLS = fault.message.contains("TLS")
    return Problem(
      message, class: fault.failureClass, evidence: exchange.tried(settings),
      Evidence(
        "answer", measured: fault.heard ?? fault.message, expected: "HTTP 200 with endpoints",
        source: settings.agent.url("/info")), settings.addressEvidence,
      remedies: speaksTLS
        ? .set("DD_TRACE_AGENT_URL", to: "https://\(place)", "if that is an Agent behind TLS")
        : whoListens(settings),
      Remedies.pointing(settings))
  }

  fileprivate static func notAnAgent(
    _ exchange: Exchange, _ answer: Answer, _ description: AgentDescription?, _ settings: Settings
  ) -> Problem {
    let place = settings.agent.endpoint?.description ?? settings.agent.url
    let looksForeign =
      answer.isSuccess || answer.status == 404
      || answer.fields["Content-Type"]?.contains("html") == true
    let isStatus = !answer.isSuccess && !(answer.status == 404)
    let message =
      if answer.isSuccess {
        "\(place) answers, but not as a Datadog Agent"
      } else if answer.status == 404 {
        "\(place) answers 404 to /info and takes no traces: no Datadog Agent"
      } else {
        "\(place) answers \(answer.line) to /info"
      }
    return Problem(
      message, class: isStatus || !looksForeign ? .http : .notAgent,
      evidence: exchange.tried(settings),
      Evidence(
        "answer", measured: answer.summary, expected: "200 with a list of endpoints",
        source: settings.agent.url("/info")), settings.addressEvidence,
      remedies: whoListens(settings), Remedies.pointing(settings))
  }

  fileprivate static func outdated(
    _ exchange: Exchange, _ answer: Answer, _ settings: Settings
  ) -> Problem {
    Problem(
      "an Agent from before /info: it takes traces, but can't say what else it offers",
      class: .outdated, evidence: exchange.tried(settings),
      Evidence(
        "answer", measured: answer.summary, expected: "200 with a list of endpoints",
        source: settings.agent.url("/info")),
      remedies: .edit("update the Agent: /info came with 7.28, evp_proxy with 7.40"))
  }

  private static func whoListens(_ settings: Settings) -> Remedy {
    switch settings.agent.endpoint {
    case .tcp(_, let port), .tls(_, let port):
      .command("sudo ss -ltnp 'sport = :\(port)'", "on that host: which program listens")
    case .unix(let path): .command("sudo ss -lxp src \(shellQuoted(path))", "which program listens")
    case nil: Remedies.pointing(settings)
    }
  }
}
