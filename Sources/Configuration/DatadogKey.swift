package import Wire

/// A key of Datadog's as it is configured: where it stands, what it looks like, what speaks for it.
package struct DatadogKey: Equatable, Sendable {
  /// What is odd about a key, the worst first.
  package enum Flaw: Equatable, Sendable {
    case lineEnd, quoted, placeholder, unexpanded, oddBytes
    /// A key for another service, as `a GitHub token`: it is none of Datadog's business.
    case foreign(String)
    /// The other one of Datadog's two kinds of keys.
    case otherKind
    case blanks
    case unusualShape
  }

  package let variable: String
  package let traits: SecretTraits
  package let isEmpty: Bool
  package let flaw: Flaw?

  init(_ variable: Variable, _ traits: SecretTraits, expecting kind: SecretTraits.Kind) {
    self.variable = variable.name
    self.traits = traits
    isEmpty = variable.isEmpty
    flaw = isEmpty ? nil : Self.flaw(traits, expecting: kind)
  }

  /// Whether it is sent, as it stands: what is broken is never repaired, and never sent.
  package var isSendable: Bool {
    guard !isEmpty else { return false }
    return switch flaw {
    case .lineEnd, .quoted, .placeholder, .unexpanded, .oddBytes, .foreign: false
    case .otherKind, .blanks, .unusualShape, nil: true
    }
  }

  private static func flaw(_ traits: SecretTraits, expecting kind: SecretTraits.Kind) -> Flaw? {
    if traits.hasTrailingNewline || traits.hasTrailingCarriageReturn { return .lineEnd }
    if traits.isQuoted { return .quoted }
    if traits.isUnexpanded { return .unexpanded }
    if traits.isPlaceholder { return .placeholder }
    if traits.hasOddBytes { return .oddBytes }
    switch traits.kind {
    case .openAIAdmin, .openAIProject, .openAIServiceAccount, .openAIUser, .openRouter, .foreign,
      .url:
      return .foreign(traits.phrase)
    case .datadogAPIKey, .datadogAppKey, .datadogToken:
      if traits.kind != kind { return .otherKind }
    case .other, .empty: return .unusualShape
    }
    return traits.hasLeadingBlank || traits.hasTrailingBlank ? .blanks : nil
  }
}

extension Settings {
  /// Whether this setup itself sends with DD_API_KEY to DD_SITE, and no Agent does it for it.
  package var usesOwnKey: Bool { !setup.usesAgent || isAgent }

  static func apiKey(_ environment: Environment, _ setup: Setup, _ language: Language?)
    -> DatadogKey?
  {
    // Node's tracer and the Lambda extension read the old name too.
    let readsOldName = language == .node || setup == .llmobsLambda
    return key(
      environment, ["DD_API_KEY"] + (readsOldName ? ["DATADOG_API_KEY"] : []), .datadogAPIKey)
  }

  static func appKey(_ environment: Environment) -> DatadogKey? {
    key(environment, ["DD_APP_KEY"], .datadogAppKey)
  }

  /// The first that holds something, else the first that is there.
  private static func key(
    _ environment: Environment, _ names: [String], _ kind: SecretTraits.Kind
  ) -> DatadogKey? {
    let keys = names.compactMap { name -> DatadogKey? in
      guard let variable = environment[name], let traits = variable.secret else { return nil }
      return DatadogKey(variable, traits, expecting: kind)
    }
    return keys.first { !$0.isEmpty } ?? keys.first
  }

  /// What names a key that is kept elsewhere; the Lambda extension and library fetch it.
  package var storedKeyVariable: String? {
    guard setup == .llmobsLambda else { return nil }
    return [
      "DD_API_KEY_SECRET_ARN", "DD_API_KEY_SSM_ARN", "DD_API_KEY_SSM_NAME", "DD_KMS_API_KEY",
    ].first { environment[$0].map { !$0.isEmpty } ?? false }
  }
}
