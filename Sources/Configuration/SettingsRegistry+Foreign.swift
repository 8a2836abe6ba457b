extension SettingsRegistry {
  /// Whether a name only looks like a setting: a service link, ours, or built from an integration.
  ///
  /// A near miss of a known name is none of them, although it may fit a pattern.
  package static func isForeign(_ name: String) -> Bool {
    guard !contains(name) else { return false }
    if isServiceLink(name) || isOurs(name) { return true }
    guard isBuiltFromIntegration(name) || name.hasSuffix("_PORT") else { return false }
    return nearest(to: name) == nil
  }

  static func isOurs(_ name: String) -> Bool { name.hasPrefix("DD_DOCTOR_") }

  /// What Kubernetes and Docker links set for a service whose name starts as our prefixes do.
  ///
  /// `<SERVICE>_PORT` counts only after `DATADOG_`: `DD_AGENT_PORT` is a setting, and so may a slip
  /// of it be meant.
  static func isServiceLink(_ name: String) -> Bool {
    let parts = name.utf8.split(
      separator: SettingsText.Byte.underscore, omittingEmptySubsequences: false
    )
    .map(Substring.init)
    guard parts.count >= 3 else { return false }
    if parts[0] == "DATADOG", parts.last == "PORT" { return true }
    for index in 1..<(parts.count - 1) {
      switch (parts[index], parts[index + 1]) {
      case ("SERVICE", "HOST"): if index + 2 == parts.count { return true }
      case ("SERVICE", "PORT"): return true
      case ("PORT", let number) where isNumber(number):
        let rest = parts[(index + 2)...]
        if let protocolName = rest.first, ["TCP", "UDP", "SCTP"].contains(protocolName),
          rest.count == 1 || rest.count == 2 && ["ADDR", "PORT", "PROTO"].contains(rest.last)
        {
          return true
        }
      default: break
      }
    }
    return false
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(SettingsText.Byte.isDigit)
  }

  /// What tracers build from an integration's name, by what stands before and after it.
  ///
  /// Each stands for at least fifteen integrations in the data, too many to be names of their own.
  private static let patterns: [(prefix: String, suffixes: [String])] = [
    (
      "DD_TRACE_",
      [
        "_ENABLED", "_ANALYTICS_ENABLED", "_ANALYTICS_SAMPLE_RATE", "_SERVICE", "_SERVICE_NAME",
        "_PEER_SERVICE", "_DISTRIBUTED_TRACING",
      ]
    ),
    ("DD_INTEGRATION_", ["_ENABLED"]),
    ("DD_JMXFETCH_", ["_ENABLED"]),
    (
      "DD_",
      [
        "_SERVICE", "_SERVICE_NAME", "_DISTRIBUTED_TRACING", "_ANALYTICS_ENABLED",
        "_ANALYTICS_SAMPLE_RATE",
      ]
    ),
  ]

  private static func isBuiltFromIntegration(_ name: String) -> Bool {
    name.utf8.allSatisfy { !SettingsText.Byte.isLower($0) && $0 != SettingsText.Byte.hyphen }
      && integration(in: name) != nil
  }

  /// Where an integration's name stands in a name that fits one of the patterns, as offsets.
  static func integration(in name: String) -> Range<Int>? {
    for (prefix, suffixes) in patterns where name.hasPrefix(prefix) {
      let ends = suffixes.filter(name.hasSuffix).map { name.utf8.count - $0.utf8.count }
      if let end = ends.min(), end > prefix.utf8.count { return prefix.utf8.count..<end }
    }
    return nil
  }
}
