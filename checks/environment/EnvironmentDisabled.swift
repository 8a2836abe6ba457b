import Configuration
package import Diagnosis
package import Probes

/// Whether nothing switches off what this setup is for.
package struct EnvironmentDisabled: Check {
  package let about = About(
    id: .environmentDisabled,
    title: "Nothing is switched off",
    explanation: """
      A tracer that is switched off says nothing and sends nothing. Looked at are the switches of \
      tracing, of the OpenAI integration and of LLM Observability, each as this language's tracer \
      reads it: an empty DD_TRACE_ENABLED is false to ddtrace and true to dd-trace.
      """,
    fix: "Unset the switch, or set it to true.",
    docs: Docs.settings,
    statuses: [.passed, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard settings.setup != .openAIAPI else { return .skipped("no tracer in this setup") }
    let switches = Self.switches(settings).map { name, effect in
      Problem.off(name, effect, settings)
    }
    return .worst(
      (switches + Self.lists(settings)).map(Outcome.failed), else: .passed("tracing is on"))
  }

  /// The switches that are off, with what that stops.
  private static func switches(_ settings: Settings) -> [(String, String)] {
    var names: [(String, String)] = [
      ("DD_TRACE_ENABLED", "the tracer sends nothing, and says nothing"),
      ("DD_TRACE_OPENAI_ENABLED", "no OpenAI call makes a span"),
    ]
    switch settings.setup {
    case .apm: names.append(("DD_APM_TRACING_ENABLED", "APM spans are not sent"))
    case .llmobsAgent, .llmobsAgentless, .llmobsLambda:
      names.append(("DD_LLMOBS_ENABLED", "LLM Observability is off"))
    case .openAIAPI: break
    }
    if settings.language == .node { names.append(("DD_TRACING_ENABLED", "APM spans are not sent")) }
    var off = names.filter { isOff($0.0, settings) }
    if settings.environment.value("OTEL_TRACES_EXPORTER")?.lowercased() == "none" {
      off.append(("OTEL_TRACES_EXPORTER", "the tracer sends nothing, and says nothing"))
    }
    return off
  }

  /// Off to this language's tracer; without a language, only what every tracer reads as off.
  private static func isOff(_ name: String, _ settings: Settings) -> Bool {
    guard let text = settings.environment.text(name) else { return false }
    let languages = settings.language.map { [$0] } ?? Language.allCases
    return languages.allSatisfy { TracerValue.boolean(text, name, $0) == .off }
  }

  /// Lists that leave OpenAI out.
  private static func lists(_ settings: Settings) -> [Problem] {
    let environment = settings.environment
    var problems: [Problem] = []
    if settings.language != .node, settings.language != .php,
      let modules = environment.text("DD_PATCH_MODULES"),
      TracerValue.tags(modules).contains(where: {
        $0.key == "openai" && $0.value.lowercased() == "false"
      })
    {
      problems.append(.listed("DD_PATCH_MODULES", modules))
    }
    guard settings.language == .node || settings.language == nil else { return problems }
    for name in ["DD_TRACE_DISABLED_PLUGINS", "DD_TRACE_DISABLED_INSTRUMENTATIONS"] {
      guard let text = environment.text(name) else { continue }
      let items = text.split(separator: ",").map { TracerValue.trimmingBlanks(String($0)) }
      if items.contains("openai") { problems.append(.listed(name, text)) }
    }
    return problems
  }
}

extension Problem {
  fileprivate static func off(_ name: String, _ effect: String, _ settings: Settings) -> Problem {
    let value = settings.environment[name]?.shown ?? ""
    return Problem(
      "\(name) is \(value.isEmpty ? "empty, which is false" : "'\(value)'"): \(effect)",
      class: .disabled,
      evidence: Evidence(
        name, measured: "'\(value)'", expected: name.hasPrefix("OTEL") ? "unset" : "true, or unset",
        source: settings.environment[name]?.origin ?? "environment"),
      // Unset is off to ddtrace, too.
      remedies: name == "DD_LLMOBS_ENABLED" ? .set(name, to: "1") : .unset(name))
  }

  fileprivate static func listed(_ name: String, _ value: String) -> Problem {
    Problem(
      "\(name) leaves openai out: no OpenAI call makes a span", class: .disabled,
      evidence: Evidence(
        name, measured: "'\(value)'", expected: "without openai", source: "environment"),
      remedies: .edit("take openai out of \(name)"))
  }
}
