import Configuration
import Diagnosis
import Probes
import Wire

extension Scenario {
  static let folder = ApplicationFolder(".")

  private static func python(
    _ packages: [String: String], fault: ProgramAnswer? = nil,
    _ launch: ProjectLaunch.Answer = .init()
  ) -> Answers {
    .recorded { settings in
      let answer = PythonInstallation.Answer(
        path: "/app/.venv/bin/python", foundBy: ".venv",
        interpreter: fault == nil
          ? .init(
            version: "3.11.7", isVirtual: true,
            packages: packages.mapValues { .init(version: $0, native: "ok") }) : nil,
        fault: fault)
      return [
        settings.pythonInstallation.flatMap { Recorded($0, answer) },
        settings.projectLaunch.flatMap { Recorded($0, launch) },
      ]
    }
  }

  private static func launched(_ commands: String...) -> ProjectLaunch.Answer {
    ProjectLaunch.Answer(commands: commands.map { LaunchCommand(file: "Procfile", text: $0) })
  }

  private static func node(
    _ version: String?, engine: String? = ">=22", node: ProgramAnswer.End = .exited(0),
    _ launch: ProjectLaunch.Answer = .init(), declared: [String]? = ["dd-trace"]
  ) -> Answers {
    .recorded { settings in
      [
        Recorded(
          NodeModules(in: folder),
          NodeModules.Answer(
            packages: version.map { ["dd-trace": .init(version: $0, engine: engine)] } ?? [:],
            declared: declared, hasModulesFolder: declared != nil)),
        Recorded(
          NodeVersion(),
          NodeVersion.Answer(program: ProgramAnswer("node", node, output: "v22.11.0"))),
        settings.projectLaunch.flatMap { Recorded($0, launch) },
      ]
    }
  }

  private static func php(_ output: String?, _ end: ProgramAnswer.End = .exited(0)) -> Answers {
    .recorded { _ in
      [
        Recorded(
          PHPExtension(in: folder),
          PHPExtension.Answer(
            program: output.map { ProgramAnswer("/usr/bin/php", end, output: $0) },
            info: output.map { PHPInfo($0) } ?? nil))
      ]
    }
  }

  private static func page(_ row: String, _ verdict: String) -> String {
    """
    ddtrace

    Datadog tracing support => enabled
    Version => 1.24.1
    DATADOG TRACER CONFIGURATION => {
        "agent_url": "http://localhost:8126"
    }

    Diagnostics
    \(row)
    Diagnostic checks => \(verdict)
    """
  }

  static var runtime: [Scenario] {
    let place = HostFacts(application: folder)
    return [
      Scenario(
        "no folder to look at",
        gives: [
          .skipped: [
            "runtime.python.ddtrace", "runtime.python.launch", "runtime.node.dd-trace",
            "runtime.node.init", "runtime.php.extension", "runtime.php.diagnostics",
            "runtime.openai-sdk", "runtime.duplicates",
          ]
        ]),
      Scenario(
        "ddtrace and openai, started rightly", on: place,
        by: python(
          ["ddtrace": "4.16.0", "openai": "2.8.1"], launched("ddtrace-run gunicorn app:app")),
        gives: [
          .passed: [
            "runtime.python.ddtrace", "runtime.python.launch", "runtime.openai-sdk",
            "runtime.duplicates",
          ]
        ]),
      Scenario(
        "no ddtrace, and an openai of old", on: place,
        by: python(["openai": "0.25.0"], launched("python app.py")),
        gives: [.failed: ["runtime.python.ddtrace"], .warning: ["runtime.python.launch"]]),
      Scenario(
        "an openai that this ddtrace leaves alone", on: place,
        by: python(["ddtrace": "4.16.0", "openai": "0.28.1"]),
        gives: [.failed: ["runtime.openai-sdk"]]),
      Scenario(
        "an interpreter that says nothing", on: place,
        by: python([:], fault: ProgramAnswer("/usr/bin/python3", .timedOut)),
        gives: [.unknown: ["runtime.python.ddtrace"]]),
      Scenario(
        "a start-up folder that is not there", ["PYTHONPATH=/x/site-packages/ddtrace/bootstrap"],
        on: place, by: python(["ddtrace": "4.16.0"]), gives: [.failed: ["runtime.python.launch"]]),
      Scenario(
        "two tracers", on: place,
        by: python(
          ["ddtrace": "4.16.0"], launched("newrelic-admin run-program ddtrace-run python x")),
        gives: [.warning: ["runtime.duplicates"]]),
      Scenario(
        "dd-trace, loaded first", ["NODE_OPTIONS=-r dd-trace/init"], .apm, .node, on: place,
        by: node("6.12.0"), gives: [.passed: ["runtime.node.dd-trace", "runtime.node.init"]]),
      Scenario(
        "a dd-trace of old, never loaded", [], .apm, .node, on: place,
        by: node("4.55.0", engine: ">=16", launched("node app.js")),
        gives: [.warning: ["runtime.node.dd-trace", "runtime.node.init"]]),
      Scenario(
        "no dd-trace, and quotes in NODE_OPTIONS", ["NODE_OPTIONS='-r dd-trace/init'"], .apm, .node,
        on: place, by: node(nil), gives: [.failed: ["runtime.node.dd-trace", "runtime.node.init"]]),
      Scenario(
        "a node that says nothing", [], .apm, .node, on: place, by: node("6.12.0", node: .timedOut),
        gives: [.unknown: ["runtime.node.dd-trace"]]),
      Scenario(
        "PHP's extension, and all is well", [], .apm, .php, on: place, by: php(page("", "passed")),
        gives: [.passed: ["runtime.php.extension", "runtime.php.diagnostics"]]),
      Scenario(
        "PHP without the extension", [], .apm, .php, on: place,
        by: php("Extension 'ddtrace' not present.\n", .exited(1)),
        gives: [.failed: ["runtime.php.extension"]]),
      Scenario(
        "a php that says nothing", [], .apm, .php, on: place, by: php("", .timedOut),
        gives: [.unknown: ["runtime.php.extension"]]),
      Scenario(
        "PHP's diagnostics find something new", [], .apm, .php, on: place,
        by: php(page("something_new => false", "failed")),
        gives: [.warning: ["runtime.php.diagnostics"]]),
      Scenario(
        "PHP's diagnostics miss the Agent", [], .apm, .php, on: place,
        by: php(page("agent_error => Timeout was reached", "failed")),
        gives: [.failed: ["runtime.php.diagnostics"]]),
      Scenario(
        "PHP's diagnostics say no reason", [], .apm, .php, on: place, by: php(page("", "failed")),
        gives: [.unknown: ["runtime.php.diagnostics"]]),
    ]
  }
}
