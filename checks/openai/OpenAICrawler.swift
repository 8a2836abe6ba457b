import Configuration
package import Diagnosis
package import Probes

/// What Datadog's own crawler does with the key in the tile: it can't be seen from here.
package struct OpenAICrawler: Check {
  package let about = About(
    id: "openai.crawler",
    title: "Datadog's crawler collects",
    explanation: """
      Datadog reads usage and costs from its own side, with the key that stands in the OpenAI \
      tile. Whether that is the key that was checked here, and when it last succeeded, only the \
      tile and the metrics tell.
      """,
    fix: "Open the OpenAI tile in Datadog, and compare its key with the one that was checked.",
    docs: Docs.openAI,
    statuses: [.skipped],
    needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    .skipped(
      "not seen from here; look at Integrations, OpenAI, Configuration, and at the metrics"
        + " openai.api.usage.*")
  }
}
