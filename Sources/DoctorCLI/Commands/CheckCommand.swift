import Configuration
import Probes

/// `check` and `span`: judge the configuration of this process, or of what `--from` names.
enum CheckCommand {
  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    let source = try ConfigurationSource(options)
    return try await CheckRun(
      source.settings, source.credentials, options, loop, source: source.source, asksPlugins: true
    ).perform()
  }

  /// All that support needs in one file; it goes nowhere by itself.
  static func bundle(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    guard options.output != nil else {
      throw UsageError("bundle needs a file: dd-doctor bundle -o FILE")
    }
    var options = options
    options.isBundle = true
    return try await run(options, loop)
  }

  /// The test spans, and what they need.
  static func span(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    var options = options
    options.only = ["agent.span", "llmobs.span"]
    guard options.verifies else { return try await run(options, loop) }
    options.only.append("delivery")
    let source = try ConfigurationSource(options)
    if !options.quiet { Output.warn(leaving(source.settings)) }
    return try await CheckRun(
      source.settings, source.credentials, options, loop, source: source.source
    ).perform()
  }

  /// What is left behind, said before it is.
  private static func leaving(_ settings: Settings) -> String {
    let spans = [
      settings.setup.usesAgent ? "one trace of service:dd-doctor" : nil,
      settings.setup.usesLLMObservability ? "one LLM Observability span of the app dd-doctor" : nil,
    ].compactMap { $0 }
    guard !spans.isEmpty else { return "span: this setup sends nothing from here" }
    let account = settings.usesOwnKey ? "DD_API_KEY's" : "the Agent's key's"
    return "span: leaves \(spans.joined(separator: " and ")) in \(account) account"
  }
}
