import Configuration
package import Diagnosis
package import Probes

/// Whether sampling keeps anything at all.
package struct EnvironmentSampling: Check {
  package let about = About(
    id: "environment.sampling",
    title: "Sampling keeps traces",
    explanation: """
      A rate of 0, a rule of 0 that meets every trace, or OpenTelemetry's always_off sampler makes \
      the Agent drop what it accepted: it looks like no data. Rates are read as this language's \
      tracer reads them; ddtrace 3 and later ignores DD_TRACE_SAMPLE_RATE.
      """,
    fix: "Raise the rate, or take the rule away.",
    docs: Docs.sampling,
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard settings.setup != .openAIAPI else { return .skipped("no tracer in this setup") }
    // LLM Observability has a rate of its own; APM's rate of 0 only costs it the traces around.
    let grade: (Problem) -> Outcome =
      settings.setup.usesLLMObservability ? { .warning($0) } : { .failed($0) }
    var outcomes = Self.traceRate(settings).map(grade)
    if settings.language == nil, outcomes.isEmpty,
      let text = settings.environment.text("DD_TRACE_SAMPLE_RATE"), Self.isZero(text)
    {
      outcomes.append(
        .warning(
          .keepsNone(
            "DD_TRACE_SAMPLE_RATE", text,
            "Node's and PHP's tracers keep nothing, ddtrace 3 and later ignores it")))
    }
    if settings.setup.usesLLMObservability,
      let text = settings.environment.text("DD_LLMOBS_SAMPLE_RATE"), Self.isZero(text)
    {
      outcomes.append(
        .failed(
          .keepsNone("DD_LLMOBS_SAMPLE_RATE", text, "every LLM Observability span is dropped")))
    }
    return .worst(outcomes, else: .passed(Self.summary(settings)))
  }

  private static func traceRate(_ settings: Settings) -> [Problem] {
    let environment = settings.environment
    let dropped = "the Agent drops every trace"
    if let text = environment.value("DD_TRACE_SAMPLING_RULES"),
      let first = SamplingRules(text)?.rules.first(where: { $0.meetsAll(of: settings.service) })
    {
      // The first rule that meets a trace decides, whatever other rates say.
      return first.rate == 0 ? [.keepsNone("DD_TRACE_SAMPLING_RULES", text, dropped)] : []
    }
    if settings.language == .node || settings.language == .php,
      let text = environment.text("DD_TRACE_SAMPLE_RATE")
    {
      return isZero(text) ? [.keepsNone("DD_TRACE_SAMPLE_RATE", text, dropped)] : []
    }
    guard let sampler = environment.value("OTEL_TRACES_SAMPLER")?.lowercased() else { return [] }
    if sampler.hasSuffix("always_off") {
      return [.keepsNone("OTEL_TRACES_SAMPLER", sampler, dropped)]
    }
    if sampler.hasSuffix("traceidratio"), let text = environment.text("OTEL_TRACES_SAMPLER_ARG"),
      isZero(text)
    {
      return [.keepsNone("OTEL_TRACES_SAMPLER_ARG", text, dropped)]
    }
    return []
  }

  private static func isZero(_ text: String) -> Bool {
    Double(TracerValue.trimmingBlanks(text)) == 0
  }

  private static func summary(_ settings: Settings) -> String {
    let names = [
      "DD_TRACE_SAMPLING_RULES", "DD_TRACE_SAMPLE_RATE", "OTEL_TRACES_SAMPLER",
      "DD_LLMOBS_SAMPLE_RATE",
    ].filter { settings.environment.value($0) != nil }
    if names == ["DD_TRACE_SAMPLE_RATE"], settings.language == .python {
      return "ddtrace 3 and later ignores DD_TRACE_SAMPLE_RATE"
    }
    return names.isEmpty
      ? "the default rates" : "traces are kept by \(names.joined(separator: ", "))"
  }
}

extension Problem {
  fileprivate static func keepsNone(_ name: String, _ value: String, _ effect: String) -> Problem {
    Problem(
      "\(name) keeps nothing: \(effect)", class: .sampledOut,
      evidence: Evidence(
        name, measured: value, expected: "a rate above 0", source: "environment"),
      remedies: .unset(name, "the default keeps traces"))
  }
}
