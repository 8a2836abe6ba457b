import Configuration
package import Diagnosis
package import Probes

/// Whether there is an API key where this setup needs one.
package struct DatadogKeyPresent: Check {
  package let about = About(
    id: .datadogKeyPresent,
    title: "Datadog API key is set",
    explanation: """
      Without an Agent, and on Lambda, the tracer or the extension sends with DD_API_KEY; without it \
      nothing is sent. Set to nothing is what a CI secret of a fork or an unset compose variable \
      leaves. An Agent sends with its own key: there it may be missing.
      """,
    fix: "Set DD_API_KEY to an API key of your organisation (Organization Settings > API Keys).",
    docs: Docs.keys,
    statuses: [.passed, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let key = settings.apiKey, !key.isEmpty {
      return .passed("\(key.variable) is set").judged(by: settings)
    }
    guard settings.usesOwnKey else {
      return .skipped(
        settings.apiKey == nil
          ? "not needed: the Agent sends with its own key"
          : "DD_API_KEY is empty, and not needed: the Agent sends with its own key")
    }
    if let stored = settings.storedKeyVariable {
      return .skipped("\(stored) names a key that is kept elsewhere, and not read from here")
    }
    return .failed(.missing(settings))
  }
}

extension Problem {
  fileprivate static func missing(_ settings: Settings) -> Problem {
    let isEmpty = settings.apiKey != nil
    return Problem(
      isEmpty ? "DD_API_KEY is set to nothing" : "DD_API_KEY is not set", class: .missing,
      evidence: Evidence(
        "DD_API_KEY", measured: isEmpty ? "''" : "not set", expected: "an API key (32 hex digits)",
        source: settings.environment["DD_API_KEY"]?.origin ?? "environment"),
      remedies: .set(
        "DD_API_KEY", to: "<api key>",
        "from https://\(settings.site.site?.appHost ?? "app.datadoghq.com")"
          + "/organization-settings/api-keys"))
  }
}
