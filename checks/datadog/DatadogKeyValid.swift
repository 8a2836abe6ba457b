import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the site takes the API key.
package struct DatadogKeyValid: Check {
  package let about = About(
    id: .datadogKeyValid,
    title: "Datadog API key is valid on the site",
    explanation: """
      Asks the site of DD_SITE, over TLS, whether it knows the key (GET /api/v1/validate). A key is \
      good on its own site alone: the same 403 comes for a revoked key, for a key of another site, \
      and for an application key. With --find-site the key is tried on the other sites of its kind: \
      never a gov key on a commercial site, nor the other way round.
      """,
    fix: "Set DD_API_KEY to a key of the organisation on DD_SITE, or DD_SITE to the key's site.",
    docs: Docs.keys,
    needs: [.siteReachable, .datadogKeyShape],
    statuses: [.passed, .warning, .failed, .skipped, .unknown])

  package init() {}

  package func anticipate(_ seen: Observations) {
    guard seen.settings.sendableKey != nil else { return }
    seen.begin { _ = try? await $0.keyValidation }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let (site, key) = settings.sendableKey, let exchange = try await seen.keyValidation else {
      return .skipped(settings.notSentWords)
    }
    return try await outcome(exchange, site, key, seen).judged(by: settings)
  }

  private func outcome(
    _ exchange: Exchange, _ site: Site, _ key: DatadogKey, _ seen: Observations
  ) async throws -> Outcome {
    if exchange.fault?.failureClass == .malformed {
      return .failed(.unsendable(exchange, key, seen.settings))
    }
    guard let answer = exchange.answer, answer.isFromAPI else {
      return .unknown(.undecided(exchange, "whether the key is valid", seen.settings))
    }
    switch (answer.status, answer.saysValid) {
    case (200, true): return .passed("valid on \(site.domain)")
    case (200, false), (401, _), (403, _):
      return .failed(.refused(exchange, site, key, try await seen.keySearch, seen.settings))
    default: return .unknown(.undecided(exchange, "whether the key is valid", seen.settings))
    }
  }
}

extension Settings {
  /// Why no key was sent to a site.
  var notSentWords: String {
    guard let apiKey, !apiKey.isEmpty else { return "no key is set here" }
    return site.site == nil
      ? "no known site to ask"
      : "\(apiKey.variable) can't be sent as it stands, and is not repaired"
  }
}

extension Exchange {
  /// Whether a site says that it knows the key.
  var knowsKey: Bool { answer?.status == 200 && answer?.saysValid == true }
}

extension Problem {
  fileprivate static func unsendable(
    _ exchange: Exchange, _ key: DatadogKey, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(key.variable) can't stand in a request, and was not sent", class: .malformed,
      evidence: settings.evidence(key, expected: "one line"),
      exchange.siteEvidence(expected: "200 {\"valid\":true}"),
      remedies: DatadogKey.Flaw.lineEnd.remedy(key.variable))
  }

  fileprivate static func refused(
    _ exchange: Exchange, _ site: Site, _ key: DatadogKey, _ search: [KeySearch.Hit]?,
    _ settings: Settings
  ) -> Problem {
    let evidence = exchange.siteEvidence(expected: "200 {\"valid\":true}")
    let traits = settings.evidence(key, expected: "an API key of \(site.domain)")
    if let home = search?.first(where: { $0.exchange.knowsKey }) {
      return Problem(
        "\(key.variable) is valid on \(home.domain), and not on \(site.domain)", class: .wrongSite,
        evidence: evidence, home.exchange.siteEvidence(expected: "200 {\"valid\":true}"), traits,
        remedies: .set("DD_SITE", to: home.domain))
    }
    if key.flaw == .otherKind {
      return Problem(
        "\(site.domain) refuses \(key.variable): it is \(key.otherKindWords)", class: .wrongKind,
        evidence: evidence, traits,
        remedies: .set(key.variable, to: "<api key>", "32 hex digits"),
        .edit("and the application key into DD_APP_KEY"))
    }
    let newKey = Remedy.set(
      key.variable, to: "<api key>", "from https://\(site.appHost)/organization-settings/api-keys")
    guard let search else {
      return Problem(
        "\(site.domain) does not know \(key.variable): revoked, or of another site",
        class: .unauthorized, evidence: evidence, traits,
        remedies: .command(
          "dd-doctor --find-site",
          "sends the key to the other \(site.isGovernment ? "gov" : "commercial") sites too"),
        newKey)
    }
    let asked = search.map { hit in
      "\(hit.domain): \(hit.exchange.answer.map { "\($0.status)" } ?? hit.exchange.fault?.message ?? "no answer")"
    }
    return Problem(
      "\(site.domain) does not know \(key.variable), nor does any other site that was asked",
      class: .unauthorized, evidence: evidence,
      Evidence(
        "other sites", measured: asked.joined(separator: ", "), expected: "200 on the key's own",
        source: "--find-site"), traits, remedies: newKey)
  }
}

extension DatadogKey {
  /// What it is instead of what belongs there.
  var otherKindWords: String {
    switch traits.kind {
    case .datadogAppKey: "an application key"
    case .datadogAPIKey: "an API key"
    case .datadogToken: "an access token"
    case .openAIAdmin, .openAIProject, .openAIServiceAccount, .openAIUser, .openRouter, .foreign,
      .url, .empty, .other:
      "another key"
    }
  }
}
