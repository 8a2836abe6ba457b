import Configuration
import Diagnosis
import Probes

/// `check` and `span`: judge the configuration of this process.
enum CheckCommand {
  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    let (settings, credentials) = HostProbe.configuration().settings(
      setup: options.setup, language: options.language)
    return try await CheckRun(settings, credentials, options, loop).perform()
  }

  /// The test spans, and what they need.
  static func span(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    var options = options
    options.only = ["agent.span", "llmobs.span"]
    return try await run(options, loop)
  }
}
