import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the API key looks like one; what is broken is not sent, and never repaired in silence.
package struct DatadogKeyShape: Check {
  package let about = About(
    id: .datadogKeyShape,
    title: "Datadog API key looks like one",
    explanation: """
      An API key is 32 hex digits; 40, or ddap_, is an application key. A line end, quotes, a \
      placeholder or an unexpanded variable make it useless: such a key is not sent to the site, \
      since the application's requests could not succeed with it, and a repaired one would prove \
      nothing about them. A key for another service is never sent to Datadog. A shape that is merely \
      unusual is a warning: the site itself is asked.
      """,
    fix: "Set DD_API_KEY to the bare key, without quotes, blanks or a line end.",
    docs: Docs.keys,
    needs: [.datadogKeyPresent],
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let key = settings.apiKey, !key.isEmpty else { return .skipped("no key is set here") }
    return outcome(key, settings).judged(by: settings)
  }

  private func outcome(_ key: DatadogKey, _ settings: Settings) -> Outcome {
    guard let flaw = key.flaw else { return .passed("\(key.variable) is 32 hex digits") }
    let problem = Problem.flawed(key, flaw, settings)
    return key.isSendable ? .warning(problem) : .failed(problem)
  }
}

extension DatadogKey.Flaw {
  /// What is wrong, behind the variable's name.
  var words: String {
    switch self {
    case .lineEnd: "ends with a line end (as from `echo`, or a Windows file)"
    case .quoted: "has quotes in it"
    case .placeholder: "is a placeholder"
    case .unexpanded: "is a variable that was never expanded"
    case .oddBytes: "has blanks or bytes in it that no key has"
    case .foreign(let words): "holds what looks like \(words)"
    case .otherKind: "looks like Datadog's other kind of key"
    case .blanks: "has blanks around it"
    case .unusualShape: "does not look like a Datadog key"
    }
  }

  var failureClass: FailureClass {
    switch self {
    case .foreign, .otherKind: .wrongKind
    case .lineEnd, .quoted, .placeholder, .unexpanded, .oddBytes, .blanks, .unusualShape: .malformed
    }
  }

  /// How to get the bare key, where it stands there with something around it.
  func remedy(_ variable: String) -> Remedy {
    switch self {
    case .lineEnd, .quoted, .blanks, .oddBytes:
      .command(
        "export \(variable)=\"$(printf %s \"$\(variable)\" | tr -d ' \\t\\r\\n\\042\\047')\"",
        "the bare key")
    case .placeholder, .unexpanded: .set(variable, to: "<api key>", "the real one")
    case .foreign, .otherKind:
      .set(variable, to: "<api key>", "and the other key into its own variable")
    case .unusualShape: .set(variable, to: "<api key>", "copied once more: it may be cut off")
    }
  }
}

extension Problem {
  fileprivate static func flawed(
    _ key: DatadogKey, _ flaw: DatadogKey.Flaw, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(key.variable) \(flaw.words)" + (key.isSendable ? "" : "; it was not sent"),
      class: flaw.failureClass,
      evidence: settings.evidence(key, expected: "an API key: 32 hex digits and nothing else"),
      remedies: flaw.remedy(key.variable))
  }
}
