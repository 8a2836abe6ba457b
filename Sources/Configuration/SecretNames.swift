import Wire

/// Tells the names whose values are secrets, whatever they hold.
///
/// A name that nobody reads may be a slip of a key's. To look for what was meant costs a pass over
/// the registry, and a process may have ten thousand variables: only the first ones get it.
package struct SecretNames {
  package enum Reading {
    case secret, plain
    /// Not looked at, since there are so many that nobody reads; it may be a secret.
    case hidden
  }

  /// How many names that nobody reads are looked at.
  package static let limit = 64

  private var left = limit

  package init() {}

  package mutating func reading(of name: String) -> Reading {
    if SettingsRegistry.isSecret(name) || Self.saysSecret(name) { return .secret }
    guard !Self.namesPlace(name.uppercased()),
      ["DD", "DATADOG", "OPENAI"].contains(where: name.hasPrefix),
      !SettingsRegistry.contains(name)
    else { return .plain }
    guard left > 0 else { return .hidden }
    left -= 1
    return Self.isSlipOfSecret(name) ? .secret : .plain
  }

  private static func saysSecret(_ name: String) -> Bool {
    let upper = name.uppercased()
    guard !namesPlace(upper) else { return false }
    return [
      "API_KEY", "APIKEY", "APP_KEY", "APPKEY", "ADMIN_KEY", "ACCESS_KEY", "TOKEN", "SECRET",
      "PASSWORD", "PASSWD", "CREDENTIAL", "PRIVATE_KEY", "OPENAI_KEY", "APPLICATION_KEY", "API-KEY",
      "_HEADERS",
    ].contains { upper.holds($0) }
  }

  /// Whether it is where a secret is, or whether there is one, and not the secret itself.
  private static func namesPlace(_ upper: String) -> Bool {
    ["_FILE", "_ARN", "_PATH", "_ENABLED", "_NAME", "_ID", "_DIR", "_URL"].contains {
      upper.hasSuffix($0)
    }
  }

  /// Whether a name that nobody reads was meant for a key: `DD_API_KYE`.
  private static func isSlipOfSecret(_ name: String) -> Bool {
    guard !SettingsRegistry.isForeign(name), let near = SettingsRegistry.nearest(to: name) else {
      return false
    }
    return SettingsRegistry.isSecret(near)
  }
}
