import Configuration
package import Diagnosis
package import Probes

/// Whether the Agent's own counters show the test span.
package struct DeliveryCounted: Check {
  package let about = About(
    id: "delivery.counted",
    title: "Agent counts the test span",
    explanation: """
      An accepted span is not yet a counted one. The Agent shows what it received, language by \
      language, on its debug port (GET /debug/vars, 5012 or DD_APM_DEBUG_PORT), on its own \
      loopback alone, over TLS in newer Agents, once a minute and of that minute only. It is \
      read before the test span and after it, and news of dd-doctor's own traces counts. Asked by \
      `span --verify`, on the Agent's host or in its network namespace.
      """,
    fix: "Run it where the Agent runs, with apm_config.debug.port as the Agent has it.",
    docs: Docs.agent,
    needs: [.agentSpan],
    statuses: [.passed, .failed, .skipped, .unknown])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    guard let (before, after) = try await seen.agentCounters else {
      return .skipped("the Agent's counters can be read on its own host alone")
    }
    guard let answer = after.exchange.answer else {
      let fault = after.exchange.fault ?? Fault(.closed, "no answer")
      return .skipped("no counters of the Agent's at \(after.exchange.url) (\(fault.message))")
    }
    guard let spans = after.spans, before.spans != nil else {
      guard answer.isSuccess else {
        return .skipped("no counters of the Agent's at \(after.exchange.url) (\(answer.line))")
      }
      return .unknown(.unreadable(after.exchange, answer))
    }
    guard after.isNews else {
      return .skipped("the Agent publishes its counters once a minute: no news of ours in time")
    }
    guard after.dropped == 0 else { return .failed(.dropped(after)) }
    return .passed("the Agent counts it: \(Int(clamping: spans)) of dd-doctor's in a minute")
  }
}

extension Int {
  /// The nearest integer that there is.
  fileprivate init(clamping value: Double) {
    self = Int(exactly: value.rounded()) ?? .max
  }
}

extension Problem {
  fileprivate static func unreadable(_ exchange: Exchange, _ answer: Answer) -> Problem {
    Problem(
      "\(exchange.url) answers, but not with an Agent's counters", class: .protocol,
      evidence: Evidence(
        "answer", measured: answer.line, expected: "counters in JSON", source: exchange.url),
      remedies: .edit("set DD_APM_DEBUG_PORT to the Agent's apm_config.debug.port"))
  }

  fileprivate static func dropped(_ after: AgentCounters.Answer) -> Problem {
    Problem(
      "the Agent counts the span, and drops it", class: .filtered,
      evidence: Evidence(
        "SpansDropped", measured: "\(Int(clamping: after.dropped)) of dd-doctor's",
        expected: "none", source: after.exchange.url),
      remedies: .command("sudo tail /var/log/datadog/trace-agent.log", "its own reason"))
  }
}
