import Configuration
package import Diagnosis
package import Probes

/// Whether Datadog has stored the test span.
package struct DeliveryStored: Check {
  package let about = About(
    id: "delivery.stored",
    title: "Datadog has stored the test span",
    explanation: """
      The end of the way: the site's API is searched for the span by the run's id \
      (POST /api/v2/spans/events/search), with DD_API_KEY and DD_APP_KEY, until it is found or \
      --wait ends. The Agent sends with its own key: only where its organisation and site are not \
      known to differ from these keys' is anything asked. Asked by `span --verify`.
      """,
    fix: """
      Give DD_APP_KEY the scope apm_read, wait longer (--wait 5m), and see that a retention filter \
      keeps service:dd-doctor.
      """,
    docs: "https://docs.datadoghq.com/api/latest/spans/",
    needs: [.agentSpan],
    statuses: [.passed, .skipped, .unknown])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    try await seen.storedOutcome(.traces)
  }
}
