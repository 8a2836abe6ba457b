import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the values can be read as what they are meant to be.
package struct EnvironmentValues: Check {
  package let about = About(
    id: "environment.values",
    title: "Values can be read",
    explanation: """
      A value is taken byte by byte: quotes, blanks, a carriage return from a Windows file, or an \
      unexpanded ${VARIABLE} become part of it. The same `yes` is true, false or ignored, by \
      language and setting, and a number that is none keeps a Python application from starting. \
      Keys are judged by their shape alone.
      """,
    fix: "Write true or false for switches, bare numbers, and values without quotes or blanks.",
    docs: Docs.settings,
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    let judged = settings.environment.variables.filter { Self.isJudged($0.name) }
    guard !judged.isEmpty else { return .skipped("no variable to judge") }
    let problems = judged.compactMap { variable in
      variable.secret.flatMap { Self.secret(variable, $0) } ?? Self.plain(variable, settings)
        ?? settings.host.workload?.ambiguous?[variable.name].map {
          .warning(.ambiguous(variable, $0))
        }
    }
    return .worst(
      problems + Self.swapped(settings) + Self.stopping(settings).map { .failed(.stopping($0)) },
      else: .passed("\(judged.count) values read well"))
  }

  /// Addresses that ddtrace refuses while it is imported, but for those that agent.address judges.
  private static func stopping(_ settings: Settings) -> [AddressFault] {
    guard settings.language == .python, settings.setup != .openAIAPI else { return [] }
    let traces = settings.setup.usesAgent ? nil : settings.agent.fault
    var faults = [traces, settings.dogStatsD.fault].compactMap { $0 }.filter(\.stopsApplication)
    // One port or host can be refused for both.
    faults.removeAll { $0.variable == settings.agent.fault?.variable && $0 != traces }
    return faults
  }

  private static func isJudged(_ name: String) -> Bool {
    ["DD_", "DATADOG_", "OPENAI_", "OTEL_", "AZURE_OPENAI_"].contains { name.hasPrefix($0) }
      && SettingsRegistry.contains(name)
  }

  /// A key's shape: what is around it, and whether it is one at all.
  private static func secret(_ variable: Variable, _ traits: SecretTraits) -> Outcome? {
    let name = variable.name
    if traits.length == 0 { return nil }
    let flaw: String? =
      if traits.hasTrailingNewline || traits.hasTrailingCarriageReturn {
        "ends with a line end (as from `echo`, or a Windows file)"
      } else if traits.isQuoted {
        "has quotes in it"
      } else if traits.hasLeadingBlank || traits.hasTrailingBlank {
        "has blanks around it"
      } else if traits.isUnexpanded {
        "is a variable that was never expanded"
      } else if traits.isPlaceholder {
        "is a placeholder"
      } else if traits.hasOddBytes {
        "has blanks or bytes in it that no key has"
      } else {
        nil
      }
    return flaw.map { .warning(.flawedSecret(name, traits, $0)) }
  }

  private static func plain(_ variable: Variable, _ settings: Settings) -> Outcome? {
    guard let text = variable.text else { return nil }
    let name = variable.name
    if let key = variable.key, name.hasPrefix("DD_") || name.hasPrefix("OTEL_") {
      return .warning(.misplacedKey(variable, key))
    }
    if !variable.isUTF8 {
      return .warning(.flawed(variable, "is no valid UTF-8", expected: "UTF-8 text"))
    }
    if variable.length > Environment.valueLimit {
      return .warning(
        .flawed(variable, "is \(variable.length) bytes long", expected: "a value of a setting"))
    }
    if text.hasSuffix("\r") || text.hasSuffix("\n") || text.hasSuffix("\r\n") {
      return .warning(.flawed(variable, "ends with a line end", expected: trimmed(text)))
    }
    if text.unicodeScalars.contains(where: {
      $0.value < 0x20 && $0 != "\t" && $0 != "\n" && $0 != "\r"
    }) {
      return .warning(.flawed(variable, "has control characters in it", expected: "text"))
    }
    if let first = text.first, "\"'".contains(first), text.count > 1, text.last == first {
      return stopsOrWarns(
        variable, settings,
        .flawed(variable, "has quotes in it, which the tracer keeps", expected: unquoted(text)))
    }
    if !isPattern(name), looksUnexpanded(text) {
      return .warning(
        .flawed(variable, "holds a variable that was never expanded", expected: "its value"))
    }
    if isPlaceholder(text) {
      return .warning(.flawed(variable, "is a placeholder", expected: "a value of your own"))
    }
    return typed(variable, text, settings) ?? blanks(variable, text)
  }

  private static func blanks(_ variable: Variable, _ text: String) -> Outcome? {
    guard !text.isEmpty, text != trimmed(text) else { return nil }
    let types = SettingsRegistry.entry(variable.name).map { Set($0.types.values) } ?? []
    // Lists, tags and numbers are trimmed by every tracer.
    guard types.isDisjoint(with: [.array, .map, .json, .int, .decimal]) else { return nil }
    guard !["DD_TAGS", "DD_PATCH_MODULES"].contains(variable.name) else { return nil }
    return .warning(.flawed(variable, "has blanks around it", expected: trimmed(text)))
  }

  private static func typed(_ variable: Variable, _ text: String, _ settings: Settings) -> Outcome?
  {
    guard let entry = SettingsRegistry.entry(variable.name) else { return nil }
    let languages = settings.language.map { [$0] } ?? Language.allCases
    let types = languages.compactMap { language in
      entry.types[language.rawValue].map { (language, $0) }
    }
    for (language, type) in types {
      let outcome: Outcome? =
        switch type {
        case .boolean: boolean(variable, text, language, settings)
        case .int, .decimal: number(variable, text, type, language)
        case .json: json(variable, text)
        case .string, .array, .map:
          variable.name == "DD_TRACE_SAMPLING_RULES" ? json(variable, text) : nil
        }
      if let outcome { return outcome }
    }
    return nil
  }

  /// A switch whose text means one thing to a person and another to the tracer.
  private static func boolean(
    _ variable: Variable, _ text: String, _ language: Language, _ settings: Settings
  ) -> Outcome? {
    let lower = trimmed(text).lowercased()
    let name = variable.name
    guard !(wordy[name] ?? []).contains(lower) else { return nil }
    let meant: BooleanReading =
      switch lower {
      case "true", "1", "yes", "on", "y", "t", "enabled", "enable": .on
      case "false", "0", "no", "off", "n", "f", "disabled", "disable", "none": .off
      default: .ignored
      }
    let reading = TracerValue.boolean(text, name, language)
    if lower.isEmpty {
      // An empty value is how compose hands on a variable that is unset: harmless unless it flips.
      let standard = SettingsRegistry.entry(name)?.defaults[language.rawValue]
      guard reading == .off, standard == "true" else { return nil }
      return .warning(.emptySwitch(variable, language))
    }
    guard meant != reading || meant == .ignored else { return nil }
    if settings.language == nil, ["true", "1", "false", "0"].contains(lower) { return nil }
    return .warning(.misread(variable, language, meant, reading))
  }

  private static func number(
    _ variable: Variable, _ text: String, _ type: SettingType, _ language: Language
  ) -> Outcome? {
    if text.isEmpty, language != .python { return nil }
    let isNumber =
      type == .int ? TracerValue.pythonInteger(text) != nil : Double(trimmed(text)) != nil
    guard !isNumber else { return nil }
    // agent.address and agent.dogstatsd judge the ports, and say what becomes of the address.
    if variable.name.hasSuffix("_PORT") { return nil }
    if language == .python, stopsPython.contains(variable.name) {
      return .failed(.stopsApplication(variable))
    }
    guard !text.isEmpty else { return nil }
    return .warning(.flawed(variable, "is no number", expected: "a number"))
  }

  private static func json(_ variable: Variable, _ text: String) -> Outcome? {
    guard !text.isEmpty, SamplingRules(text) == nil else { return nil }
    return .warning(
      .flawed(
        variable, "is no JSON list: the tracer ignores it",
        expected: #"as [{"service": "shop", "sample_rate": 1}]"#))
  }

  private static func stopsOrWarns(_ variable: Variable, _ settings: Settings, _ problem: Problem)
    -> Outcome?
  {
    // What fails with the same value says what it does to the application.
    let judged =
      (settings.setup.usesAgent ? settings.agent.fault.map { [$0] } ?? [] : [])
      + stopping(settings)
    return judged.contains { $0.variable == variable.name } ? nil : .warning(problem)
  }

  /// Two keys that stand in each other's place.
  private static func swapped(_ settings: Settings) -> [Outcome] {
    let environment = settings.environment
    return environment.variables.compactMap { variable in
      guard let kind = variable.secret?.kind else { return nil }
      switch (variable.name, kind) {
      case ("DD_API_KEY", .openAIAdmin), ("DD_API_KEY", .openAIProject),
        ("DD_API_KEY", .openAIServiceAccount), ("DD_API_KEY", .openAIUser):
        return .warning(.wrongPlace(variable, "OPENAI_API_KEY"))
      case ("DD_API_KEY", .datadogAppKey):
        let other = environment["DD_APP_KEY"]?.secret?.kind
        return .warning(
          .wrongPlace(
            variable, other == .datadogAPIKey ? "DD_APP_KEY (the two are swapped)" : "DD_APP_KEY"))
      case ("OPENAI_API_KEY", .datadogAPIKey), ("OPENAI_API_KEY", .datadogAppKey),
        ("OPENAI_ADMIN_KEY", .datadogAPIKey), ("OPENAI_ADMIN_KEY", .datadogAppKey):
        // A gateway's key may be any 32 hex digits.
        guard environment.value("OPENAI_BASE_URL") == nil else { return nil }
        return .warning(.wrongPlace(variable, "DD_API_KEY"))
      default: return nil
      }
    }
  }

  private static func trimmed(_ text: String) -> String { TracerValue.trimmingBlanks(text) }

  private static func unquoted(_ text: String) -> String {
    String(text.dropFirst().dropLast())
  }

  private static func isPlaceholder(_ text: String) -> Bool {
    let upper = text.uppercased()
    return text.hasPrefix("<") && text.hasSuffix(">") && text.count > 2
      || upper.hasPrefix("YOUR_") || upper == "CHANGEME"
  }

  /// Names whose values may hold `$` and braces of their own.
  private static func isPattern(_ name: String) -> Bool {
    ["REGEX", "REGEXP", "PATTERN", "RULES", "FORMAT", "TEMPLATE", "CONFIG", "MAPPER"].contains {
      name.holds($0)
    }
  }

  /// Words that a switch takes beside true and false.
  private static let wordy: [String: Set<String>] = [
    "DD_LOGS_INJECTION": ["structured"], "DD_PROFILING_ENABLED": ["auto"],
    "DD_APPSEC_ENABLED": ["extended"], "DD_TRACE_PARTIAL_FLUSH_ENABLED": [],
  ]

  /// Numbers that ddtrace reads while it is imported (measured with 4.16).
  private static let stopsPython: Set<String> = [
    "DD_TRACE_AGENT_TIMEOUT_SECONDS", "DD_LLMOBS_SAMPLE_RATE",
  ]
}

extension Problem {
  fileprivate static func ambiguous(_ variable: Variable, _ reason: String) -> Problem {
    Problem(
      "\(variable.name) is read differently by readers of .env files: \(reason)",
      class: .conflict,
      evidence: Evidence(
        variable.name, measured: variable.shown.isEmpty ? "''" : variable.shown,
        expected: "one value to every reader", source: variable.origin),
      remedies: .edit("write \(variable.name) in single quotes in \(variable.origin)"))
  }

  fileprivate static func flawed(_ variable: Variable, _ flaw: String, expected: String) -> Problem
  {
    Problem(
      "\(variable.name) \(flaw)", class: .malformed,
      evidence: Evidence(
        variable.name, measured: "'\(printable(variable.shown, limit: 80))'",
        expected: printable(expected, limit: 80), source: variable.origin),
      remedies: expected.contains(" ") || expected.isEmpty
        ? .edit("write \(variable.name) anew: \(printable(expected, limit: 80))")
        : .set(variable.name, to: expected, of: variable))
  }

  fileprivate static func misplacedKey(_ variable: Variable, _ key: SecretTraits) -> Problem {
    Problem(
      "\(variable.name) holds \(key.phrase): it goes wherever this value goes",
      class: .exposed,
      evidence: Evidence(
        variable.name, measured: key.description, expected: "no key",
        source: variable.origin),
      remedies: .unset(variable.name, "and revoke the key where it has been sent"))
  }

  fileprivate static func flawedSecret(_ name: String, _ traits: SecretTraits, _ flaw: String)
    -> Problem
  {
    Problem(
      "\(name) \(flaw)", class: .malformed,
      evidence: Evidence(
        name, measured: traits.description, expected: "the bare key", source: "environment"),
      remedies: traits.isPlaceholder || traits.isUnexpanded
        ? .set(name, to: "<key>", "the real one")
        : .command(
          "export \(name)=\"$(printf %s \"$\(name)\" | tr -d ' \\t\\r\\n\\042\\047')\"",
          "the bare key"))
  }

  fileprivate static func emptySwitch(_ variable: Variable, _ language: Language) -> Problem {
    Problem(
      "\(variable.name) is empty, which \(language.tracer) reads as false", class: .malformed,
      evidence: Evidence(
        variable.name, measured: "''", expected: "true, or unset (default true)",
        source: variable.origin),
      remedies: .unset(variable.name), .set(variable.name, to: "true"))
  }

  fileprivate static func misread(
    _ variable: Variable, _ language: Language, _ meant: BooleanReading, _ reading: BooleanReading
  ) -> Problem {
    let read =
      switch reading {
      case .on: "reads as true"
      case .off: "reads as false"
      case .ignored: "ignores"
      }
    let better = meant == .off ? "false" : "true"
    return Problem(
      "\(variable.name) is '\(printable(variable.shown, limit: 40))', which \(language.tracer) \(read)",
      class: .malformed,
      evidence: Evidence(
        variable.name, measured: "'\(printable(variable.shown, limit: 80))'",
        expected: "true or false", source: "\(language.tracer)'s parser"),
      remedies: .set(variable.name, to: better))
  }

  fileprivate static func stopsApplication(_ variable: Variable) -> Problem {
    Problem(
      "\(variable.name) is no number: ddtrace fails and the application does not start",
      class: .malformed,
      evidence: Evidence(
        variable.name, measured: "'\(printable(variable.shown, limit: 80))'",
        expected: "a number", source: "ddtrace's parser"),
      remedies: .unset(variable.name, "its default holds then"))
  }

  fileprivate static func stopping(_ fault: AddressFault) -> Problem {
    Problem(
      "\(fault.variable): \(fault.reason); \(fault.consequence)", class: .malformed,
      evidence: Evidence(
        fault.variable, measured: "'\(printable(fault.value, limit: 80))'",
        expected: fault.variable.hasSuffix("_PORT")
          ? "a number from 1 to 65535"
          : fault.variable == "DD_DOGSTATSD_URL" ? "udp://host:8125 or unix:///path" : "an address",
        source: "ddtrace's source"),
      remedies: .unset(fault.variable, "its default holds then"))
  }

  fileprivate static func wrongPlace(_ variable: Variable, _ home: String) -> Problem {
    Problem(
      "\(variable.name) holds what belongs in \(home)", class: .wrongKind,
      evidence: Evidence(
        variable.name, measured: variable.shown,
        expected: variable.name.hasPrefix("DD_")
          ? "a Datadog API key (32 hex digits)" : "an OpenAI key",
        source: variable.origin),
      remedies: .edit("put each key into its own variable"))
  }
}
