import Probes

/// `check` and `span`: judge the configuration of this process, or of what `--from` names.
enum CheckCommand {
  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    let source = try ConfigurationSource(options)
    return try await CheckRun(
      source.settings, source.credentials, options, loop, source: source.source
    ).perform()
  }

  /// The test spans, and what they need.
  static func span(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    var options = options
    options.only = ["agent.span", "llmobs.span"]
    return try await run(options, loop)
  }
}
