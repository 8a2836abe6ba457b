import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the tracer got to send what it had before the application ended.
package struct ApplicationFlush: Check {
  package let about = About(
    id: .applicationFlush,
    title: "Tracer sends before the application ends",
    explanation: """
      A tracer gathers spans and sends them about once a second, and what is left when the \
      application ends in an orderly way. SIGKILL, os._exit, process.exit in the wrong place and a \
      crash leave it no time: a short job is then never seen at all.
      """,
    fix: "End the application in order, or flush the tracer before it ends.",
    docs: Docs.llmObservability,
    needs: [.applicationInstrumented], statuses: [.passed, .warning, .failed, .unknown, .skipped],
    follows: [.applicationConfiguration])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let traffic = try await seen.traffic
    if traffic.isTracingOff { return .skipped("tracing is off: there is nothing to send") }
    guard let command = traffic.command else { return .skipped("no command was watched") }
    if traffic.endedUnsent { return .failed(.unsent(traffic, command)) }
    let sent = traffic.traces > 0 || traffic.eventCount > 0
    if !sent, let reason = traffic.unreadReason { return .unknown(.unread(traffic, reason)) }
    if command.wasStopped {
      return sent
        ? .passed("it sent while it ran: \(counted(traffic.traces, "trace"))")
        : .skipped("it was still running when the watch ended")
    }
    if let signal = command.signal, sent, !traffic.telemetry.hasClosed {
      return .warning(.cut(signal, traffic))
    }
    if sent {
      return .passed(
        "it sent \(counted(traffic.traces, "trace")) and ended by itself (\(command.end))")
    }
    return traffic.telemetry.hasClosed
      ? .passed("the tracer closed in order, and sent no span")
      : .unknown(.nothing(traffic))
  }
}

extension Problem {
  private static var ending: Remedy {
    .edit("end by returning from the program: os._exit, SIGKILL and crashes skip the last flush")
  }

  private static var flushing: Remedy {
    .edit("or flush before the end: tracer.flush() and LLMObs.flush() (Node: llmobs.flush())")
  }

  fileprivate static func unsent(
    _ traffic: CapturedTraffic, _ command: CapturedCommand
  ) -> Problem {
    Problem(
      "the tracer started, and the application ended before it sent a span (\(command.end))",
      class: .notSent, evidence: .captured(traffic),
      Evidence(
        "app-closing", measured: "not sent", expected: "sent at an orderly end",
        source: "the tracer's own telemetry"),
      remedies: ending, flushing)
  }

  fileprivate static func cut(_ signal: Int32, _ traffic: CapturedTraffic) -> Problem {
    Problem(
      "signal \(signal) ended the application: spans of its last second may be lost",
      class: .notSent, evidence: .captured(traffic), remedies: ending, flushing)
  }

  fileprivate static func unread(_ traffic: CapturedTraffic, _ reason: String) -> Problem {
    Problem(
      "whether the tracer sent its spans can't be told: \(reason)", class: .notSent,
      evidence: .captured(traffic),
      Evidence(
        "unread", measured: listed(Array(traffic.unread.keys)), source: "the stand-in Agent"),
      remedies: .command(
        "dd-doctor capture --forward -- <command>", "the Agent itself says whether it takes it"))
  }

  fileprivate static func nothing(_ traffic: CapturedTraffic) -> Problem {
    Problem(
      "the tracer sent no span, and did not say that it closed", class: .notSent,
      evidence: .captured(traffic), remedies: ending,
      .unset("DD_INSTRUMENTATION_TELEMETRY_ENABLED", "its telemetry tells how it ended"))
  }
}
