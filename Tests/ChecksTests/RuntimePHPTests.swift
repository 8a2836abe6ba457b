import Checks
import Configuration
import Diagnosis
import Probes
import Testing
import Wire

@Suite struct RuntimePHPTests {
  private static func page(
    _ rows: [String], support: String = "enabled", verdict: String? = "passed"
  ) -> String {
    """
    ddtrace

    Datadog tracing support => \(support)
    Version => 1.24.1
    DATADOG TRACER CONFIGURATION => {
        "agent_url": "http://localhost:8126"
    }

    Diagnostics
    \(rows.joined(separator: "\n"))
    \(verdict.map { "Diagnostic checks => \($0)" } ?? "")
    """
  }

  private func play(
    _ output: String, _ end: ProgramAnswer.End = .exited(0), elsewhere: [String] = [],
    client: String? = nil
  ) throws -> RuntimePlayback {
    var play = RuntimePlayback(.php)
    try play.add(
      PHPExtension(in: RuntimePlayback.folder),
      PHPExtension.Answer(
        program: ProgramAnswer("/usr/bin/php", end, output: output), info: PHPInfo(output),
        elsewhere: elsewhere, client: client))
    return play
  }

  private static let absent = "Extension 'ddtrace' not present.\n"
  private static let missing =
    "PHP Warning:  PHP Startup: Unable to load dynamic library 'ddtrace.so' (tried:"
    + " /usr/lib/php/20220829/ddtrace.so (/usr/lib/php/20220829/ddtrace.so: cannot open shared"
    + " object file: No such file or directory)) in Unknown on line 0\n" + absent
  private static let foreign =
    "PHP Warning:  PHP Startup: Unable to load dynamic library 'ddtrace.so' (tried: ddtrace.so"
    + " (undefined symbol: executor_globals_offset)) in Unknown on line 0\n" + absent

  @Test(
    arguments: [
      (page([]), .exited(0), "passed"),
      (page([], support: "disabled"), .exited(0), "failed disabled"),
      (absent, .exited(1), "failed notInstalled"), (missing, .exited(1), "failed notLoaded"),
      (foreign, .exited(1), "failed incompatible"), ("hello", .exited(0), "unknown protocol"),
      ("", .timedOut, "unknown timeout"), ("", .exited(255), "unknown protocol"),
    ] as [(String, ProgramAnswer.End, String)])
  func `the extension is judged by what php says`(
    output: String, end: ProgramAnswer.End, expected: String
  ) async throws {
    #expect(try await play(output, end).judge(RuntimePHPExtension()).inWords == expected)
  }

  @Test func `an extension that FPM alone loads is not called missing`() async throws {
    let play = try play(
      Self.absent, .exited(1), elsewhere: ["/etc/php/8.2/fpm/conf.d/98-ddtrace.ini"])
    #expect(try await play.judge(RuntimePHPExtension()).inWords == "skipped")
  }

  @Test func `without php nothing is judged`() async throws {
    var play = RuntimePlayback(.php)
    try play.add(PHPExtension(in: RuntimePlayback.folder), PHPExtension.Answer(program: nil))
    #expect(try await play.judge(RuntimePHPExtension()).inWords == "skipped")
    #expect(try await play.judge(RuntimePHPDiagnostics()).inWords == "skipped")
    #expect(try await play.judge(RuntimeOpenAISDK()).inWords == "skipped")
  }

  @Test(
    arguments: [
      ([], "passed", "passed"),
      (
        ["agent_error => Failed to connect to localhost port 8126: Connection refused"], "failed",
        "failed refused"
      ),
      (["agent_error => Couldn't connect to server"], "failed", "failed refused"),
      (["agent_error => Could not resolve host: agent"], "failed", "failed dns"),
      (["agent_error => Timeout was reached"], "failed", "failed timeout"),
      (["datadog.trace.sources_path_reachable => false"], "failed", "failed notLoaded"),
      (["ddtrace.request_init_hook_reachable => false"], "failed", "failed notLoaded"),
      (["open_basedir_sources_allowed => false"], "failed", "failed permission"),
      (
        ["opcache_file_cache_set => see https://bugs.php.net/bug.php?id=79825"], "failed",
        "warning conflict"
      ),
      (
        ["incompatible module xdebug => Found incompatible Xdebug version 2.9.2"], "failed",
        "failed incompatible"
      ),
      (
        ["DD_SERVICE_NAME => 'DD_SERVICE_NAME=x' is deprecated, use DD_SERVICE instead."],
        "failed", "warning deprecated"
      ),
      (
        [
          "DD_SERVICE_NAME => 'DD_SERVICE_NAME=x' is deprecated, use DD_SERVICE instead.",
          "agent_error => Timeout was reached",
        ], "failed", "failed timeout"
      ),
      (["something_new => false"], "failed", "warning conflict"),
      ([], "failed", "unknown protocol"), ([], nil, "unknown protocol"),
    ] as [([String], String?, String)])
  func `each row of the diagnostics is judged for what it means`(
    rows: [String], verdict: String?, expected: String
  ) async throws {
    let play = try play(Self.page(rows, verdict: verdict))
    #expect(try await play.judge(RuntimePHPDiagnostics()).inWords == expected)
  }

  @Test func `Composer's record tells the client`() async throws {
    let outcome = try await play(Self.page([]), client: "v0.16.1").judge(RuntimeOpenAISDK())
    #expect(outcome == .passed("openai-php/client v0.16.1"))
  }
}
