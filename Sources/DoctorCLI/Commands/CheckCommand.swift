import Configuration
import Diagnosis
import Probes

/// `check` and `span`: judge the configuration of this process.
enum CheckCommand {
  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    let (environment, credentials) = Environment.reading(HostProbe.processEnvironment())
    let settings = Settings(
      environment, HostProbe.facts(environment), setup: options.setup, language: options.language)
    return try await CheckRun(settings, credentials, options, loop).perform()
  }

  /// The test span, and what it needs.
  static func span(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    var options = options
    options.only = ["agent.span"]
    return try await run(options, loop)
  }
}
