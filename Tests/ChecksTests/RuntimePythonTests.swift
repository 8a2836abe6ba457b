import Checks
import Configuration
import Diagnosis
import Probes
import Testing

@Suite struct RuntimePythonTests {
  /// An interpreter with packages, `name version`; nil for one that is not there.
  private static func answer(
    _ packages: [String], foundBy: String = ".venv", isVirtual: Bool = true, native: String = "ok"
  ) -> PythonInstallation.Answer {
    var found: [String: PythonInstallation.Package] = [:]
    for text in packages {
      let words = text.split(separator: " ").map(String.init)
      found[words[0]] = .init(version: words.count > 1 ? words[1] : "", native: native)
    }
    return .init(
      path: "/app/.venv/bin/python", foundBy: foundBy,
      interpreter: .init(version: "3.11.7", isVirtual: isVirtual, packages: found))
  }

  private static func broken(_ end: ProgramAnswer.End, _ output: String = "")
    -> PythonInstallation.Answer
  {
    .init(
      path: "/usr/bin/python3", foundBy: "PATH",
      fault: ProgramAnswer("/usr/bin/python3", end, output: output))
  }

  private func play(
    _ answer: PythonInstallation.Answer, _ entries: [String] = [], setup: Setup = .apm,
    launch: ProjectLaunch.Answer = .init(), files: [ProjectFile] = []
  ) throws -> RuntimePlayback {
    var play = RuntimePlayback(
      .python, entries, setup: setup,
      host: HostFacts(projectFiles: files, application: RuntimePlayback.folder))
    try play.add(play.settings.pythonInstallation, answer)
    try play.add(play.settings.projectLaunch, launch)
    return play
  }

  @Test(
    arguments: [
      ("ddtrace 4.14.2", ["HTTP_PROXY=http://p:1"], "passed"),
      ("ddtrace 4.15.0", ["HTTP_PROXY=http://p:1"], "warning proxy"),
      ("ddtrace 4.15.0", ["HTTP_PROXY=http://p:1", "NO_PROXY=localhost"], "passed"),
      ("ddtrace", ["HTTP_PROXY=http://p:1"], "passed"),
    ] as [(String, [String], String)])
  func `an Agent behind a proxy is ddtrace's from 4.15 on`(
    package: String, entries: [String], expected: String
  ) async throws {
    let play = try play(Self.answer([package]), entries)
    #expect(try await play.judge(AgentAddressUsable()).inWords == expected)
  }

  @Test(arguments: [
    (answer(["ddtrace 4.16.0"]), "passed"),
    (answer(["ddtrace 99.0"]), "passed"),
    (answer(["ddtrace"]), "passed"),
    (answer([]), "failed notInstalled"),
    (answer([], foundBy: "VIRTUAL_ENV", isVirtual: false), "failed notInstalled"),
    (answer([], foundBy: "PATH"), "failed notInstalled"),
    (answer([], foundBy: "PATH", isVirtual: false), "skipped"),
    (answer(["ddtrace 4.16.0"], foundBy: "PATH", isVirtual: false), "passed"),
    (
      answer(["ddtrace 4.16.0"], native: "_encoding.cpython-312-x86_64-linux-musl.so"),
      "failed incompatible"
    ),
    (answer(["ddtrace"], native: "hidden:/app/ddtrace.py"), "failed conflict"),
    (.init(path: nil, foundBy: "PATH"), "skipped"),
    (broken(.timedOut), "unknown timeout"),
    (broken(.exited(1)), "unknown protocol"),
    (broken(.exited(0), "hello"), "unknown protocol"),
    (broken(.signalled(11)), "unknown protocol"),
    (broken(.saidTooMuch), "unknown tooLarge"),
    (broken(.interrupted), "unknown interrupted"),
    (broken(.notStarted(13, "Permission denied")), "unknown permission"),
    (broken(.notStarted(8, "Exec format error")), "unknown incompatible"),
  ])
  func `ddtrace is judged by what the interpreter says`(
    answer: PythonInstallation.Answer, expected: String
  ) async throws {
    #expect(try await play(answer).judge(RuntimePythonTracer()).inWords == expected)
  }

  @Test func `a bare python of PATH is the application's where the project is Python`()
    async throws
  {
    let answer = Self.answer([], foundBy: "PATH", isVirtual: false)
    let files = [ProjectFile(name: "requirements.txt", mentions: ["openai"])]
    let outcome = try await play(answer, files: files).judge(RuntimePythonTracer())
    #expect(outcome.verdict == "failed notInstalled")
    #expect(
      outcome.problem?.remedies.first?.command == "/app/.venv/bin/python -m pip install ddtrace")
  }

  @Test(
    arguments: [
      (.apm, "2.8.0", "passed"), (.llmobsAgent, "2.8.0", "failed outdated"),
      (.llmobsAgentless, "2.14.0", "passed"), (.llmobsAgent, "3.0.0rc1", "passed"),
    ] as [(Setup, String, String)])
  func `LLM Observability needs a tracer that knows it`(
    setup: Setup, version: String, expected: String
  ) async throws {
    let play = try play(Self.answer(["ddtrace \(version)"]), setup: setup)
    #expect(try await play.judge(RuntimePythonTracer()).inWords == expected)
  }

  @Test(
    arguments: [
      (["ddtrace 4.16.0", "openai 3.57.0"], "passed"), (["ddtrace 4.16.0", "openai 99"], "passed"),
      (["ddtrace 4.16.0", "openai 0.28.1"], "failed outdated"),
      (["ddtrace 2.21.0", "openai 0.28.1"], "passed"),
      (["ddtrace 2.21.0", "openai 0.25.0"], "failed outdated"),
      (["openai 1.0.0"], "passed"), (["openai"], "passed"), (["ddtrace 4.16.0"], "skipped"),
    ] as [([String], String)])
  func `openai is held against what the tracer supports`(packages: [String], expected: String)
    async throws
  {
    #expect(
      try await play(Self.answer(packages)).judge(RuntimeOpenAISDK()).inWords == expected)
  }

  private static let bootstrap = "/app/.venv/lib/python3.11/site-packages/ddtrace/bootstrap"

  struct Launch: Sendable {
    var entries: [String] = []
    var commands: [String] = []
    var code: [String] = []
    var folders = [bootstrap]
    var sitecustomizes = [bootstrap]
    let expected: String
  }

  @Test(arguments: [
    Launch(expected: "skipped"),
    Launch(entries: ["PYTHONPATH=\(bootstrap)"], expected: "passed"),
    Launch(entries: ["PYTHONPATH=\(bootstrap):/app"], expected: "passed"),
    Launch(entries: ["PYTHONPATH=\(bootstrap)"], folders: [], expected: "failed notLoaded"),
    Launch(
      entries: ["PYTHONPATH=/app:\(bootstrap)"], folders: ["/app", bootstrap],
      sitecustomizes: ["/app", bootstrap], expected: "warning conflict"),
    Launch(entries: ["DD_INJECTION_ENABLED=service,tracer"], expected: "passed"),
    Launch(entries: ["DD_INJECTION_ENABLED=profiler"], expected: "skipped"),
    Launch(commands: ["ddtrace-run gunicorn app:app"], expected: "passed"),
    Launch(commands: [#"["ddtrace-run", "python", "app.py"]"#], expected: "passed"),
    Launch(commands: ["python -m ddtrace.commands.ddtrace_run app.py"], expected: "passed"),
    Launch(commands: ["ddtrace-run python -S app.py"], expected: "warning notLoaded"),
    Launch(commands: ["ddtrace-run python3 -uI app.py"], expected: "warning notLoaded"),
    Launch(commands: ["ddtrace-run python -u -m app -E x"], expected: "passed"),
    Launch(commands: ["ddtrace-run uwsgi --http :8000"], expected: "warning incompatible"),
    Launch(commands: ["python app.py"], expected: "warning notLoaded"),
    Launch(commands: ["gunicorn app:app"], code: ["import ddtrace.auto"], expected: "passed"),
    Launch(
      commands: ["python app.py"], code: ["from ddtrace import patch_all; patch_all()"],
      expected: "passed"),
    Launch(code: ["LLMObs.enable(ml_app='x')"], expected: "passed"),
    Launch(commands: ["./start"], expected: "skipped"),
    Launch(code: ["from openai import OpenAI"], expected: "skipped"),
  ])
  func `a launch is judged by variables and the project's files`(launch: Launch) async throws {
    let files = ProjectLaunch.Answer(
      commands: launch.commands.map { LaunchCommand(file: "Procfile", text: $0) },
      mentions: launch.code.map { LaunchCommand(file: "app.py", text: $0) },
      pythonFolders: launch.folders, sitecustomizes: launch.sitecustomizes)
    let play = try play(Self.answer(["ddtrace 4.16.0"]), launch.entries, launch: files)
    #expect(try await play.judge(RuntimePythonLaunch()).inWords == launch.expected)
  }

  @Test(arguments: [
    Launch(expected: "skipped"),
    Launch(entries: ["PYTHONPATH=\(bootstrap)"], expected: "passed"),
    Launch(
      entries: [
        "PYTHONPATH=\(bootstrap):/x/site-packages/opentelemetry/instrumentation/auto_instrumentation"
      ], expected: "warning conflict"),
    Launch(
      entries: ["PYTHONPATH=/x/site-packages/newrelic/bootstrap:\(bootstrap)"],
      expected: "warning conflict"),
    Launch(entries: ["PYTHONPATH=/x/opentelemetry/lib:\(bootstrap)"], expected: "passed"),
    Launch(
      commands: ["ddtrace-run opentelemetry-instrument python app.py"],
      expected: "warning conflict"),
    Launch(
      commands: ["newrelic-admin run-program ddtrace-run gunicorn x"],
      expected: "warning conflict"),
    Launch(commands: ["elasticapm-run python app.py"], expected: "skipped"),
    Launch(
      entries: ["PYTHONPATH=\(bootstrap)"], commands: ["opentelemetry-instrument python app.py"],
      expected: "warning conflict"),
    Launch(
      entries: ["DD_INJECTION_ENABLED=tracer"], commands: ["ddtrace-run python app.py"],
      expected: "warning conflict"),
    Launch(
      commands: ["ddtrace-run python app.py"], code: ["import ddtrace.auto"],
      expected: "warning conflict"),
    Launch(
      commands: ["ddtrace-run python app.py"], code: ["from ddtrace import tracer"],
      expected: "passed"),
    Launch(commands: ["ddtrace-run python app.py", "python worker.py"], expected: "passed"),
  ])
  func `two tracers are a warning, one is none`(launch: Launch) async throws {
    let files = ProjectLaunch.Answer(
      commands: launch.commands.map { LaunchCommand(file: "Procfile", text: $0) },
      mentions: launch.code.map { LaunchCommand(file: "app.py", text: $0) })
    let play = try play(Self.answer(["ddtrace 4.16.0"]), launch.entries, launch: files)
    #expect(try await play.judge(RuntimeDuplicates()).inWords == launch.expected)
  }

  @Test(arguments: [nil, .node, .php] as [Language?])
  func `another language, none, or no folder is skipped with the reason`(language: Language?)
    async throws
  {
    let checks: [any Check<Observations>] = [RuntimePythonTracer(), RuntimePythonLaunch()]
    for check in checks {
      #expect(try await RuntimePlayback(language).judge(check).inWords == "skipped")
      let elsewhere = RuntimePlayback(.python, host: HostFacts())
      #expect(try await elsewhere.judge(check).inWords == "skipped")
    }
    guard language == nil else { return }
    for check in [RuntimeOpenAISDK(), RuntimeDuplicates()] as [any Check<Observations>] {
      #expect(try await RuntimePlayback(nil).judge(check).inWords == "skipped")
    }
  }
}
