import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the OpenAI key has a key's shape; a hint, as OpenAI alone knows its keys.
package struct OpenAIKeyShape: Check {
  package let about = About(
    id: "openai.key.shape",
    title: "OpenAI key looks like one",
    explanation: """
      Quotes, a line end, a placeholder or another service's key are the usual reasons for \
      "Incorrect API key provided". The prefix tells the kind: sk-proj-, sk-svcacct-, sk-admin-. \
      It is a hint and no more: what a key may do is decided at OpenAI.
      """,
    fix: "Copy the key again, bare, as OpenAI showed it.",
    docs: OpenAIPages.apiKeys,
    needs: [.openAIKeyPresent],
    statuses: [.passed, .warning, .skipped],
    needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    guard let key = seen.settings.openAIKey, let traits = key.secret, !key.isEmpty else {
      return .skipped("no key to look at")
    }
    guard let flaw = Self.flaw(traits) else { return .passed(key.shown) }
    return .warning(.flawed(key, traits, flaw))
  }

  private static func flaw(_ traits: SecretTraits) -> (String, FailureClass)? {
    switch traits.kind {
    case .datadogAPIKey, .datadogAppKey, .datadogToken, .openRouter, .foreign, .url:
      return ("holds what looks like \(traits.phrase); it was not sent", .wrongKind)
    case .openAIAdmin, .openAIProject, .openAIServiceAccount, .openAIUser, .other, .empty: break
    }
    if traits.isPlaceholder { return ("is a placeholder", .malformed) }
    if traits.isUnexpanded { return ("is a variable that was never expanded", .malformed) }
    if traits.hasTrailingNewline || traits.hasTrailingCarriageReturn {
      return ("ends with a line end", .malformed)
    }
    if traits.isQuoted { return ("has quotes in it", .malformed) }
    if traits.hasLeadingBlank || traits.hasTrailingBlank {
      return ("has blanks around it", .malformed)
    }
    if traits.hasOddBytes { return ("has blanks or bytes in it that no key has", .malformed) }
    return traits.kind == .other ? ("does not begin as OpenAI's keys do", .malformed) : nil
  }
}

extension Problem {
  fileprivate static func flawed(
    _ key: Variable, _ traits: SecretTraits, _ flaw: (String, FailureClass)
  ) -> Problem {
    let isWrapped =
      traits.isQuoted || traits.hasLeadingBlank || traits.hasTrailingBlank
    let bare = Remedy.command(
      "export \(key.name)=\"$(printf %s \"$\(key.name)\" | tr -d ' \\t\\r\\n\\042\\047')\"",
      "the bare key")
    return Problem(
      "\(key.name) \(flaw.0)", class: flaw.1,
      evidence: Evidence(
        key.name, measured: key.shown, expected: "an OpenAI key (sk-…), bare",
        source: "\(key.origin); its bytes are not shown"),
      remedies: flaw.1 == .malformed && isWrapped
        ? bare : .set(key.name, to: "<OpenAI key>", "from \(OpenAIPages.apiKeys)"))
  }
}
