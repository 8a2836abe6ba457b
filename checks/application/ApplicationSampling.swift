import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the Agent would keep the traces that came.
package struct ApplicationSampling: Check {
  package let about = About(
    id: .applicationSampling,
    title: "Traces that arrive are kept",
    explanation: """
      Every trace carries its sampling priority. With 0 or less the Agent takes it, answers 200 and \
      drops it: it looks like no data. A rule with a rate of 0, a rate in code or Remote \
      Configuration does that.
      """,
    fix: """
      Raise the rate where it is set: DD_TRACE_SAMPLING_RULES, the code, or Datadog's Remote \
      Configuration.
      """,
    docs: Docs.sampling,
    needs: [.applicationInstrumented], statuses: [.passed, .warning, .failed, .skipped])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let traffic = try await seen.traffic
    guard !traffic.openAI.isEmpty else { return .skipped("no span of OpenAI's came") }
    let dropped = traffic.openAI.filter { ($0.priority ?? 1) <= 0 }.reduce(0) { $0 + $1.count }
    let all = traffic.openAICount
    guard dropped == all else {
      return .passed(
        dropped == 0
          ? "the Agent keeps \(counted(all, "span"))"
          : "the Agent keeps \(all - dropped) of \(all)",
        Evidence(
          "_sampling_priority_v1", measured: "\(dropped) of \(all) spans with 0 or less",
          source: "the spans that came"))
    }
    let problem = Problem.dropped(traffic, seen.settings)
    // LLM Observability has a rate of its own; APM's costs it the traces around.
    return seen.settings.setup.usesLLMObservability ? .warning(problem) : .failed(problem)
  }
}

extension Problem {
  fileprivate static func dropped(_ traffic: CapturedTraffic, _ settings: Settings) -> Problem {
    let priorities = Set(traffic.openAI.compactMap(\.priority)).sorted().map { "\($0)" }
    let evidence = Evidence(
      "_sampling_priority_v1", measured: priorities.joined(separator: ", "),
      expected: "1 or 2", source: "the spans that came")
    let names = ["DD_TRACE_SAMPLING_RULES", "DD_TRACE_SAMPLE_RATE", "OTEL_TRACES_SAMPLER"]
    let deciding = names.first { name in
      settings.environment.value(name) != nil
        || traffic.telemetry.setting(name).map { $0.origin != "default" } ?? false
    }
    return Problem(
      "every OpenAI span arrives with a priority that makes the Agent drop it"
        + (deciding.map { ": \($0)" } ?? ""), class: .sampledOut, evidence: evidence,
      remedies: deciding.map { .unset($0, "the default keeps traces") }
        ?? .edit("raise the sampling rate in the tracer's configuration"))
  }
}
