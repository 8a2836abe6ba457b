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
    strict.contains(name)
  }

  /// An integer as ddtrace's `int()` takes it: blanks around, a sign, single underscores inside.
  package static func pythonInteger(_ text: String) -> Int? {
    let digits = trimmingBlanks(text)
    guard !digits.hasPrefix("_"), !digits.hasSuffix("_"), !digits.contains("__") else {
      return nil
    }
    return Int(digits.filter { $0 != "_" })
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
    "DD_LLMOBS_ENABLED", "DD_TRACE_ENABLED", "DD_TRACE_DEBUG", "DD_TRACE_STARTUP_LOGS",
    "DD_TRACE_PARTIAL_FLUSH_ENABLED", "DD_REMOTE_CONFIGURATION_ENABLED",
    "DD_TRACE_CLIENT_IP_ENABLED", "DD_TRACE_REPORT_HOSTNAME", "DD_TRACE_HEALTH_METRICS_ENABLED",
    "DD_INSTRUMENTATION_TELEMETRY_ENABLED", "DD_RUNTIME_METRICS_ENABLED",
    "DD_TRACE_128_BIT_TRACEID_GENERATION_ENABLED", "DD_TRACE_STATS_COMPUTATION_ENABLED",
    "DD_DATA_STREAMS_ENABLED", "DD_TRACE_OTEL_ENABLED", "DD_METRICS_OTEL_ENABLED",
    "DD_LOGS_OTEL_ENABLED", "DD_CIVISIBILITY_ITR_ENABLED", "DD_CIVISIBILITY_ENABLED",
    "DD_TRACE_OPENAI_ENABLED", "OTEL_SDK_DISABLED",
  ]
}
