import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether DD_SITE names one of Datadog's sites.
package struct SiteKnown: Check {
  package let about = About(
    id: .siteKnown,
    title: "DD_SITE is a Datadog site",
    explanation: """
      Tracers put DD_SITE behind a host's name as it is written: a URL, the app's host, capitals or \
      a short name such as US5 lead to a host that does not exist, and the data is lost in silence. \
      The sites are datadoghq.com (US1), us3.datadoghq.com, us5.datadoghq.com, datadoghq.eu (EU1), \
      ap1.datadoghq.com, ap2.datadoghq.com, uk1.datadoghq.com, ddog-gov.com and us2.ddog-gov.com. \
      Where an Agent sends, its own site counts.
      """,
    fix: "Set DD_SITE to the site where you log in, without https:// and without app.",
    docs: Docs.sites,
    statuses: [.passed, .warning, .failed, .skipped, .unknown], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    return outcome(settings).judged(by: settings)
  }

  private func outcome(_ settings: Settings) -> Outcome {
    let setting = settings.site
    switch setting.reading {
    case .known(let site):
      let origin = setting.isSet ? "DD_SITE" : "the default"
      return .passed("\(site.domain) (\(site.name), \(origin))")
    case .odd(let site, let flaw): return .warning(.mistyped(settings, flaw, site, isBroken: false))
    case .empty:
      return settings.setup.usesLLMObservability && settings.usesOwnKey
        ? .failed(.empty(settings)) : .passed("DD_SITE is empty: datadoghq.com is assumed")
    case .mistyped(let flaw, let meant):
      return .failed(.mistyped(settings, flaw, meant, isBroken: true))
    case .unknown(let meant): return .unknown(.unknown(settings, meant))
    }
  }
}

extension Settings {
  var printableSite: String { printable(site.written, limit: 80) }
}

extension Problem {
  fileprivate static func mistyped(
    _ settings: Settings, _ flaw: String, _ meant: Site?, isBroken: Bool
  ) -> Problem {
    let evidence = settings.siteEvidence(expected: meant?.domain ?? "one of the nine sites")
    let class_: FailureClass = flaw.contains("misspelt") ? .misspelt : .malformed
    let message =
      "DD_SITE '\(settings.printableSite)' \(flaw)"
      + (isBroken ? ": no host of Datadog's is there" : "")
    guard let meant else {
      return Problem(message, class: class_, evidence: evidence, remedies: choose, whereToLook)
    }
    return Problem(
      message, class: class_, evidence: evidence,
      Evidence(
        "guess", measured: "\(meant.domain) (\(meant.name))",
        source: "what is left of it, and Datadog's list"),
      remedies: .set("DD_SITE", to: meant.domain), whereToLook)
  }

  fileprivate static func empty(_ settings: Settings) -> Problem {
    Problem(
      "DD_SITE is set to nothing: without an Agent the tracer then sends nothing", class: .missing,
      evidence: settings.siteEvidence(expected: "a site, or not set at all"),
      remedies: .set("DD_SITE", to: "datadoghq.com", "or the site where you log in"),
      .unset("DD_SITE", "datadoghq.com holds then"))
  }

  fileprivate static func unknown(_ settings: Settings, _ meant: Site?) -> Problem {
    Problem(
      "DD_SITE '\(settings.printableSite)' is none of the nine sites known to this version",
      class: .unsupported, evidence: settings.siteEvidence(expected: "one of the nine sites"),
      remedies: meant.map { .set("DD_SITE", to: $0.domain, "if that is where you log in") }
        ?? choose, whereToLook)
  }

  private static let choose = Remedy.set(
    "DD_SITE", to: "<site>", Site.all.map(\.domain).joined(separator: ", "))

  private static let whereToLook = Remedy.advice(
    "the site stands in the browser's address where you log in, without app.")
}
