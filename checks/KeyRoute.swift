import Configuration
import Diagnosis
import Probes
import Wire

/// Keys and sites are judged by the route: an Agent sends with its own key, to its own site.
extension Outcome {
  /// The outcome as it is; where an Agent sends, nothing about our own key and site is a failure.
  func judged(by settings: Settings) -> Outcome {
    guard !settings.usesOwnKey else { return self }
    return switch self {
    case .passed(let message, let evidence):
      .passed("\(message); \(Settings.unusedWords)", evidence: evidence)
    case .failed(let problem): .warning(problem.adding([.unused]))
    case .unknown(let problem): .skipped("\(problem.message); \(Settings.unusedWords)")
    case .warning(let problem): .warning(problem.adding([.unused]))
    case .skipped: self
    }
  }
}

extension Settings {
  static let unusedWords = "not used on this route"

  /// Why no site is asked, where none has to be.
  var noSiteNeeded: String? {
    guard !usesOwnKey, sendableKey == nil else { return nil }
    guard let apiKey, !apiKey.isEmpty else {
      return "the Agent sends to its own site; no key is set that needs this one"
    }
    return site.site == nil
      ? "DD_SITE names no site that is known; \(Self.unusedWords)"
      : "\(apiKey.variable) can't be sent as it stands; \(Self.unusedWords)"
  }

  /// The value of DD_SITE and where it stands, as evidence.
  func siteEvidence(expected: String) -> Evidence {
    Evidence(
      "DD_SITE", measured: site.isSet ? "'\(printableSite)'" : "not set: datadoghq.com",
      expected: expected, source: environment["DD_SITE"]?.origin ?? "default")
  }

  /// A key's traits and where it stands, as evidence.
  func evidence(_ key: DatadogKey, expected: String) -> Evidence {
    Evidence(
      key.variable, measured: key.traits.description, expected: expected,
      source: environment[key.variable]?.origin ?? "environment")
  }
}

extension Evidence {
  fileprivate static let unused = Evidence(
    "note", measured: "not used on this route: the Agent sends with its own key to its own site",
    source: "the setup")
}

extension Exchange {
  /// What a site's API answered, or why it did not, as evidence.
  func siteEvidence(expected: String) -> Evidence {
    Evidence(
      "answer", measured: answer?.summary ?? fault?.message ?? "no answer", expected: expected,
      source: "GET \(url)")
  }
}

extension Answer {
  /// Whether it speaks as Datadog's API does, in JSON; a gateway between answers with a page.
  var isFromAPI: Bool {
    let text = body.drop(while: \.isWhitespace)
    return text.hasPrefix("{") && text.reversed().first { !$0.isWhitespace } == "}"
  }

  /// `{"valid":true}`, however it is written.
  var saysValid: Bool? {
    let bare = body.filter { !$0.isWhitespace }
    if bare.contains("\"valid\":true") { return true }
    return bare.contains("\"valid\":false") ? false : nil
  }
}

extension Problem {
  /// An answer from which nothing follows about the key: too many questions, or a broken server.
  static func undecided(_ exchange: Exchange, _ what: String, _ settings: Settings) -> Problem {
    let host = settings.site.site?.apiHost ?? "the site"
    guard let answer = exchange.answer else {
      let fault = exchange.fault ?? Fault(.closed, "no answer")
      return Problem(
        "\(host) did not say \(what): \(fault.message)", class: fault.failureClass,
        evidence: exchange.siteEvidence(expected: "200"),
        remedies: .command("dd-doctor --only site,datadog", "ask again"))
    }
    let evidence = exchange.siteEvidence(expected: "200, or 403 in JSON")
    switch answer.status {
    case 429:
      return Problem(
        "\(host) is asked too often to say \(what)", class: .throttled, evidence: evidence,
        remedies: .command("dd-doctor --only site,datadog", "in a minute"))
    case 401, 403:
      return Problem(
        "\(host) answers \(answer.line), and not in the API's words: something between answers",
        class: .http, evidence: evidence,
        remedies: .edit("let \(host) pass the gateway or proxy between, uninspected"))
    default:
      return Problem(
        "\(host) answers \(answer.line), which does not say \(what)", class: .http,
        evidence: evidence,
        remedies: .command("dd-doctor --only site,datadog", "ask again"),
        .advice("see https://status.datadoghq.com for the site's own troubles"))
    }
  }
}
