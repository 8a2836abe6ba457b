/// What a language's tracer makes of a boolean's text.
package enum BooleanReading: Equatable, Sendable {
  case on
  case off
  /// Dropped; the default holds.
  case ignored
}

/// How each language's tracer reads the values of variables (settings parsers of the tracers).
package enum TracerValue {
  /// The reading of a boolean; `default` is what holds where the text is dropped.
  package static func boolean(_ text: String, _ name: String, _ language: Language)
    -> BooleanReading
  {
    let lower = text.lowercased()
    switch language {
    case .python:
      let words =
        readsStrictly(name) ? ["true", "1"] : ["true", "1", "yes", "on"]
      return words.contains(lower) ? .on : .off
    case .node:
      if lower == "true" || lower == "1" { return .on }
      return lower == "false" || lower == "0" ? .off : .ignored
    case .php:
      return ["1", "on", "yes", "true"].contains(lower) ? .on : .off
    }
  }

  /// Whether ddtrace reads a boolean by `asbool` (`true` and `1` alone) and not by envier.
  package static func readsStrictly(_ name: String) -> Bool {
    if strict.contains(name) { return true }
    if name.hasSuffix("_DISTRIBUTED_TRACING") || name.hasSuffix("_SPLIT_BY_DOMAIN") { return true }
    // The integrations' switches (_monkey.py), and most of the tracer's own.
    return name.hasPrefix("DD_TRACE_") && name.hasSuffix("_ENABLED") && !lenient.contains(name)
      && !name.hasSuffix("_BATCH_LINKS_ENABLED")
  }

  /// An integer as ddtrace's `int()` takes it: blanks around, a sign, single underscores inside.
  package static func pythonInteger(_ text: String) -> Int? {
    var digits = trimmingBlanks(text)[...]
    let isNegative = digits.first == "-"
    if isNegative || digits.first == "+" { digits = digits.dropFirst() }
    let groups = digits.unicodeScalars.split(separator: "_", omittingEmptySubsequences: false)
    guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDecimal) }) else { return nil }
    // Any script's digits count.
    let ascii = groups.joined().compactMap { $0.properties.numericValue.map { String(Int($0)) } }
    return Int((isNegative ? "-" : "") + ascii.joined())
  }

  private static func isDecimal(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .decimalNumber
  }

  /// A port as PHP's parser takes it: digits and blanks only.
  package static func phpInteger(_ text: String) -> Int? {
    let digits = trimmingBlanks(text)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }) else {
      return nil
    }
    return Int(digits)
  }

  /// An integer as Node's `parseInt` takes it; an empty text is 0.
  package static func nodeInteger(_ text: String) -> Int? {
    let digits = trimmingBlanks(text)
    if digits.isEmpty { return 0 }
    return Int(digits) ?? Double(digits).flatMap { Int(exactly: $0.rounded(.towardZero)) }
  }

  package static func trimmingBlanks(_ text: String) -> String {
    let blank: (Character) -> Bool = { $0.isWhitespace || $0 == "\r\n" }
    guard let first = text.firstIndex(where: { !blank($0) }),
      let last = text.lastIndex(where: { !blank($0) })
    else { return "" }
    return String(text[first...last])
  }

  /// The key-value pairs of DD_TAGS: at commas where there is one, else at blanks.
  package static func tags(_ text: String) -> [(key: String, value: String)] {
    text.split(separator: text.contains(",") ? "," : " ").compactMap { part in
      let tag = trimmingBlanks(String(part))
      guard !tag.isEmpty else { return nil }
      guard let colon = tag.firstIndex(of: ":") else { return (tag, "") }
      let key = trimmingBlanks(String(tag[..<colon]))
      guard !key.isEmpty else { return nil }
      return (key, trimmingBlanks(String(tag[tag.index(after: colon)...])))
    }
  }

  private static let strict: Set<String> = [
    "DD_LLMOBS_ENABLED", "DD_TRACE_DEBUG", "DD_TRACE_STARTUP_LOGS", "DD_TRACE_REPORT_HOSTNAME",
    "DD_REMOTE_CONFIGURATION_ENABLED", "DD_INSTRUMENTATION_TELEMETRY_ENABLED",
    "DD_RUNTIME_METRICS_ENABLED", "DD_DATA_STREAMS_ENABLED", "DD_METRICS_OTEL_ENABLED",
    "DD_LOGS_OTEL_ENABLED", "DD_CIVISIBILITY_ITR_ENABLED", "DD_CIVISIBILITY_ENABLED",
    "DD_OPENAI_REALTIME_ENABLED", "OTEL_SDK_DISABLED",
  ]

  /// Switches of the same form as an integration's that are read by envier, or that we don't know.
  private static let lenient: Set<String> = [
    "DD_TRACE_RESOURCE_RENAMING_ENABLED", "DD_TRACE_GIT_METADATA_ENABLED",
    "DD_TRACE_TEST_VISIBILITY_ENABLED", "DD_TRACE_WEBSOCKET_MESSAGES_ENABLED",
    "DD_TRACE_INFERRED_SPANS_ENABLED",
  ]
}
