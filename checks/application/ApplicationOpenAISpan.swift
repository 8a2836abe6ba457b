import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether a call of OpenAI's arrived as a span.
package struct ApplicationOpenAISpan: Check {
  package let about = About(
    id: .applicationOpenAISpan,
    title: "OpenAI calls arrive as spans",
    explanation: """
      The proof of it all: a span named openai.request that the application's own tracer sent, with \
      the operation as its resource and the model as a tag. That it arrived at a stand-in says that \
      it is made and sent, and with --forward the Agent's own answer counts; that it arrives at \
      Datadog, dd-doctor span --verify tells.
      """,
    fix: "See to what the checks before it say; then make the application call OpenAI.",
    docs: Docs.openAI,
    needs: [.applicationInstrumented], statuses: [.passed, .failed, .unknown, .skipped],
    follows: [.applicationConfiguration, .applicationFlush, .applicationIntegration])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let traffic = try await seen.traffic
    guard traffic.openAI.isEmpty else {
      let what = counted(traffic.openAICount, "openai.request span")
      if let refusal = traffic.refusal(of: what, where: { $0.path.hasSuffix("/traces") }) {
        return refusal
      }
      return Self.passed(traffic)
    }
    if traffic.isAPMOff(seen.settings), !traffic.isTracingOff {
      return .skipped("APM tracing is off (DD_APM_TRACING_ENABLED): no span is expected")
    }
    if let (why, failureClass) = traffic.silence {
      return .failed(.missing(traffic, why, failureClass))
    }
    return .unknown(.missing(traffic, traffic.guess, .notSent))
  }

  private static func passed(_ traffic: CapturedTraffic) -> Outcome {
    let calls = traffic.openAI
    let errors = calls.reduce(0) { $0 + $1.errors }
    let versions = traffic.payloads.filter { $0.spans > 0 }.map(\.version)
    return .passed(
      counted(traffic.openAICount, "openai.request span") + ": \(listed(calls.map(\.resource)))"
        + " with \(listed(calls.map { $0.model ?? "no model" }))"
        + (errors > 0 ? ", \(errors) with an error" : ""),
      Evidence(
        "openai.request", measured: listed(calls.map(\.resource), atMost: 8),
        source: "traces of version \(listed(versions))"),
      Evidence(
        "openai.request.model", measured: listed(calls.compactMap(\.model), atMost: 8),
        source: "the spans"))
  }
}

extension Problem {
  fileprivate static func missing(
    _ traffic: CapturedTraffic, _ why: String, _ failureClass: FailureClass
  ) -> Problem {
    Problem(
      "no openai.request span came: \(why)", class: failureClass, evidence: .captured(traffic),
      Evidence(
        "spans",
        measured: traffic.spanNames.isEmpty ? "none" : listed(Array(traffic.spanNames.keys)),
        expected: "openai.request among them", source: "the stand-in Agent"),
      remedies: .advice("make the application call OpenAI while it is watched"),
      .command("dd-doctor capture --for 60s -- <command>", "watch it for longer"))
  }
}
