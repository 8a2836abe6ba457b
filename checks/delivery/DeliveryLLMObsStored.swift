import Configuration
package import Diagnosis
package import Probes

/// Whether LLM Observability has stored the test span.
package struct DeliveryLLMObsStored: Check {
  package let about = About(
    id: "delivery.llmobs-stored",
    title: "LLM Observability has stored the test span",
    explanation: """
      An intake's 202 says that a span was taken, not that it can be seen. The site's API is \
      searched for it by the run's id (POST /api/v2/llm-obs/v1/spans/events/search, a preview), \
      with DD_API_KEY and DD_APP_KEY, until it is found or --wait ends. An answer that does not \
      fit is no verdict. Asked by `span --verify`.
      """,
    fix: "Give DD_APP_KEY the right to read LLM Observability, and wait longer (--wait 5m).",
    docs: Docs.llmObservability,
    needs: [.llmobsSpan],
    statuses: [.passed, .skipped, .unknown])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    try await seen.storedOutcome(.llmObservability)
  }
}
