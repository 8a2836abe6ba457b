import Configuration
package import Diagnosis
package import Probes

/// Whether the Agent accepts a span.
package struct AgentSpanAccepted: Check {
  package let about = About(
    id: .agentSpan,
    title: "Agent accepts the test span",
    explanation: """
      Sends one span as a tracer would (PUT /v0.4/traces, MessagePack, a tracer's headers), under \
      the service dd-doctor and never under the application's. Accepted means a 2xx with the \
      Agent's sampling rates (`rate_by_service`): a web server's 200 is none. The span bears the \
      report's run id.
      """,
    fix: "Look at the Agent's own log: it names what it refused.",
    docs: Docs.connection,
    needs: [.agentTraces],
    statuses: [.passed, .failed, .unknown])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let exchange = try await seen.agentSpan
    if exchange.isAcceptance {
      return .passed(
        "accepted: service dd-doctor, name openai.request",
        Evidence(
          "PUT /v0.4/traces", measured: "\(exchange.answer?.status ?? 200) with rate_by_service",
          expected: "2xx with rate_by_service", source: exchange.url))
    }
    // The Collector's datadog receiver answers {} where an Agent names its sampling rates.
    if let answer = exchange.answer, answer.isSuccess,
      answer.body.filter({ !$0.isWhitespace }) == "{}",
      try await seen.agentInfo.description?.kind == .collector
    {
      return .passed("taken by the Collector's receiver, which answers no sampling rates")
    }
    let problem = Problem.refused(exchange, seen.settings)
    return exchange.fault?.failureClass == .interrupted ? .unknown(problem) : .failed(problem)
  }
}

extension Problem {
  fileprivate static func refused(_ exchange: Exchange, _ settings: Settings) -> Problem {
    let measured = exchange.answer?.summary ?? exchange.fault?.message ?? "no answer"
    let evidence = Evidence(
      "answer", measured: measured, expected: "2xx with rate_by_service", source: exchange.url)
    guard let answer = exchange.answer else {
      let fault = exchange.fault ?? Fault(.closed, "no answer")
      return Problem(
        "the Agent answered /info, but not the span: \(fault.message)", class: fault.failureClass,
        evidence: evidence, remedies: .command("sudo datadog-agent status", "is APM running?"))
    }
    if answer.isSuccess {
      return Problem(
        "the span got a \(answer.status), but not an Agent's: it is lost", class: .notAgent,
        evidence: evidence, settings.addressEvidence, remedies: Remedies.pointing(settings))
    }
    let (failureClass, remedy): (FailureClass, Remedy) =
      switch answer.status {
      case 413: (.tooLarge, .edit("raise the Agent's apm_config.max_payload_size"))
      case 429:
        (.throttled, .edit("the Agent is out of CPU or memory: raise apm_config.max_cpu_percent"))
      case 404: (.http, .edit("enable APM in the Agent, or update it: it has no /v0.4/traces"))
      default: (.http, .command("sudo tail /var/log/datadog/trace-agent.log", "its own reason"))
      }
    return Problem(
      "the Agent refuses the test span: \(answer.line)", class: failureClass, evidence: evidence,
      remedies: remedy)
  }
}
