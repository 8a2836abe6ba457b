import Configuration
package import Diagnosis
package import Probes

/// Whether the site has LLM Observability at all.
package struct SiteLLMObservability: Check {
  package let about = About(
    id: "site.llmobs",
    title: "Site offers LLM Observability",
    explanation: """
      LLM Observability is not offered on the government sites (ddog-gov.com, us2.ddog-gov.com): \
      whatever is sent there is not shown. APM and the OpenAI integration's metrics are not concerned.
      """,
    fix: "Send to an organisation on a commercial site, or use APM alone.",
    docs: Docs.llmObservability,
    needs: [.siteKnown],
    statuses: [.passed, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard settings.setup.usesLLMObservability else {
      return .skipped("only LLM Observability needs it")
    }
    guard settings.site.isSet || settings.usesOwnKey else {
      return .skipped("DD_SITE is not set, and an Agent's /info does not name its site")
    }
    guard let site = settings.site.site else { return .skipped("no known site to judge") }
    guard let isOffered = site.offersLLMObservability else {
      return .skipped(
        "no source tells whether \(site.name) offers it; only the gov sites are named as without")
    }
    return isOffered
      ? .passed("\(site.name) offers it") : .failed(.notOffered(site, settings))
  }
}

extension Problem {
  fileprivate static func notOffered(_ site: Site, _ settings: Settings) -> Problem {
    Problem(
      "\(site.domain) (\(site.name)) does not offer LLM Observability", class: .region,
      evidence: settings.siteEvidence(expected: "a commercial site"),
      remedies: .edit("send to an organisation on a commercial site, with a key of that one"),
      .set("DD_LLMOBS_ENABLED", to: "0", "or trace OpenAI by APM alone"))
  }
}
