import Configuration
package import Diagnosis
package import Probes

/// Whether the application key is good, where one is set.
package struct DatadogAppKeyValid: Check {
  package let about = About(
    id: "datadog.app-key.valid",
    title: "Datadog application key is valid",
    explanation: """
      DD_APP_KEY reads, it does not send: telemetry flows without it. Asked \
      together with the API key (GET /api/v2/validate_keys): both must be of one organisation. A key \
      with restricted scopes may be refused here and still do what it is for.
      """,
    fix: "Set DD_APP_KEY to an application key of the same organisation, or take it away.",
    docs: Docs.keys,
    needs: [.datadogKeyValid],
    statuses: [.passed, .warning, .failed, .skipped, .unknown])

  package init() {}

  package func anticipate(_ seen: Observations) {
    guard seen.settings.appKey != nil else { return }
    seen.begin { _ = try? await $0.appKeyValidation }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let key = settings.appKey else { return .skipped("no DD_APP_KEY is set") }
    guard !key.isEmpty else { return .skipped("DD_APP_KEY is empty") }
    guard key.isSendable else {
      return Outcome.failed(.flawed(key, settings)).judged(by: settings)
    }
    guard let site = settings.site.site, let exchange = try await seen.appKeyValidation else {
      return .skipped(settings.notSentWords)
    }
    let outcome = outcome(exchange, site, key, settings)
    // A pair is refused for either of the two: only beside a good API key is it the other's fault.
    if case .failed = outcome, try await seen.keyValidation?.knowsKey != true {
      return .skipped("the API key beside it is not known to be good, and both are asked together")
    }
    return outcome.judged(by: settings)
  }

  private func outcome(
    _ exchange: Exchange, _ site: Site, _ key: DatadogKey, _ settings: Settings
  ) -> Outcome {
    guard let answer = exchange.answer, answer.status == 404 || answer.isFromAPI else {
      return .unknown(.undecided(exchange, "whether the application key is valid", settings))
    }
    switch answer.status {
    case 200: return .passed("valid on \(site.domain), together with the API key")
    case 401, 403: return .failed(.refused(exchange, site, key, settings))
    case 404: return .skipped("the site can't be asked about application keys (404)")
    default:
      return .unknown(.undecided(exchange, "whether the application key is valid", settings))
    }
  }
}

extension Problem {
  fileprivate static func flawed(_ key: DatadogKey, _ settings: Settings) -> Problem {
    let flaw = key.flaw ?? .unusualShape
    return Problem(
      "\(key.variable) \(flaw.words); it was not sent", class: flaw.failureClass,
      evidence: settings.evidence(key, expected: "an application key: 40 hex digits, or ddap_…"),
      remedies: flaw.remedy(key.variable))
  }

  fileprivate static func refused(
    _ exchange: Exchange, _ site: Site, _ key: DatadogKey, _ settings: Settings
  ) -> Problem {
    let isOtherKind = key.flaw == .otherKind
    return Problem(
      isOtherKind
        ? "\(site.domain) refuses \(key.variable): it is \(key.otherKindWords)"
        : "\(site.domain) refuses \(key.variable) beside this API key",
      class: isOtherKind ? .wrongKind : .unauthorized,
      evidence: exchange.siteEvidence(expected: "200 {\"status\":\"ok\"}"),
      settings.evidence(key, expected: "an application key of the same organisation"),
      remedies: .edit(
        "take one from https://\(site.appHost)/organization-settings/application-keys"),
      .unset(key.variable, "telemetry does not need it"))
  }
}
