import Foundation
import StandIn
import Testing

/// The application's runtime, asked as it is; fakes are shell scripts on the configured PATH.
///
/// PHP's tracer and Node's can't be had here: recorded outputs and made-up module folders stand for
/// them.
@Suite struct RuntimeTests {
  private let json = ["--format", "json", "--only", "runtime"]

  /// A folder with a program of this name, and the PATH that leads to it first.
  private func fake(_ name: String, _ script: String) throws -> (scratch: Scratch, path: String) {
    let scratch = try Scratch()
    try scratch.write("bin/\(name)", "#!/bin/sh\n" + script)
    chmod(scratch.path("bin/\(name)"), 0o755)
    return (scratch, "\(scratch.path("bin")):/usr/bin:/bin")
  }

  @Test func `without a language no process is started`() throws {
    let (scratch, path) = try fake("python3", "echo started > \"$TRACE\"")
    for name in ["node", "php", "python"] {
      try FileManager.default.copyItem(
        atPath: scratch.path("bin/python3"), toPath: scratch.path("bin/\(name)"))
    }
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try Doctor.run(
      ["--info"],
      [
        "PATH": path, "TRACE": scratch.path("trace"), "DD_TRACE_AGENT_URL": agent.url,
        "DD_SERVICE": "shop", "DD_ENV": "prod",
      ])
    #expect(run.status == 0)
    #expect(!FileManager.default.fileExists(atPath: scratch.path("trace")))
  }

  @Test(
    .enabled(if: Peers.folder != nil, "DD_DOCTOR_PEERS is not set"),
    arguments: ["VIRTUAL_ENV", "PATH"])
  func `a virtual environment with ddtrace passes`(way: String) throws {
    let folder = try #require(Peers.folder)
    let run = try Doctor.run(
      json + ["--language", "python"],
      way == "PATH" ? ["PATH": "\(folder)/bin:/usr/bin:/bin"] : ["VIRTUAL_ENV": folder])
    #expect(try run.verdict("runtime.python.ddtrace") == "passed")
    #expect(try run.check("runtime.python.ddtrace")["message"] as? String ?? "" != "")
    #expect(try run.verdict("runtime.python.launch") == "skipped")
    #expect(run.status == 0)
  }

  @Test(.enabled(if: Peers.folder != nil, "DD_DOCTOR_PEERS is not set"))
  func `what ddtrace-run starts is seen to be loaded`() throws {
    let scratch = try Scratch()
    let run = try Doctor.child(
      Peers.program("ddtrace-run"), [Doctor.binary.path] + json,
      [
        "PATH": "\(Peers.folder ?? "")/bin:/usr/bin:/bin", "HOME": scratch.folder.path,
        "DD_TRACE_ENABLED": "false",
      ])
    #expect(try run.verdict("runtime.python.ddtrace") == "passed")
    #expect(try run.verdict("runtime.python.launch") == "passed")
    #expect(try run.verdict("runtime.duplicates") == "passed")
  }

  @Test func `a virtual environment without ddtrace fails, and the launch is its echo`() throws {
    let scratch = try Scratch()
    try scratch.write("requirements.txt", "ddtrace\nopenai\n")
    let made = try Doctor.shell(
      "cd '\(scratch.folder.path)' && python3 -m venv --without-pip .venv",
      ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": "/root"])
    try #require(made.status == 0, "\(made.errors)")
    let run = try Doctor.run(json, [:], folder: scratch.folder)
    #expect(try run.verdict("runtime.python.ddtrace") == "failed notInstalled")
    #expect(try run.verdict("runtime.python.launch") == "blocked")
    #expect(run.status == 1)
    // Nothing of the application is executed, be it in the way of Python's own modules.
    for name in ["sitecustomize", "usercustomize", "site", "os", "importlib", "ddtrace"] {
      try scratch.write("\(name).py", "open('executed', 'w')\n")
    }
    let again = try Doctor.run(
      json, ["PYTHONPATH": scratch.folder.path, "PYTHONSTARTUP": scratch.path("site.py")],
      folder: scratch.folder)
    #expect(try again.verdict("runtime.python.ddtrace") == "failed conflict")
    #expect(!FileManager.default.fileExists(atPath: scratch.path("executed")))
  }

  @Test(
    arguments: [
      ("exec sleep 600", "unknown timeout"), ("sleep 600 & sleep 600", "unknown timeout"),
      ("echo hello", "unknown protocol"), ("echo broken >&2; exit 1", "unknown protocol"),
      ("kill -SEGV $$", "unknown protocol"),
      ("head -c 1048576 /dev/zero | tr '\\0' x", "unknown tooLarge"),
      ("head -c 1048576 /dev/zero >&2; sleep 600", "unknown tooLarge"),
      ("printf '\\377\\376\\000\\033[2J'", "unknown protocol"),
    ] as [(String, String)])
  func `a broken interpreter is unknown, and holds up nothing`(script: String, expected: String)
    throws
  {
    let (scratch, path) = try fake("python3", "echo $$ > \"$PIDFILE\"\n" + script)
    let patience = expected.hasSuffix("timeout") ? "300ms" : "20s"
    let run = try Doctor.run(
      json + ["--language", "python", "--timeout", patience],
      ["PATH": path, "PIDFILE": scratch.path("pid")])
    #expect(try run.verdict("runtime.python.ddtrace") == expected, "\(run.output)")
    #expect(run.status == 3)
    let group = try scratch.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(try !Self.isAlive(group: group), "\(group)")
  }

  /// Whether a process of the group still runs; the dead that nobody has buried do not count.
  static func isAlive(group: String) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").contains { name in
      guard Int(name) != nil,
        let file = FileHandle(forReadingAtPath: "/proc/\(name)/stat"),
        let data = try? file.readToEnd()
      else { return false }
      let fields =
        String(decoding: data, as: UTF8.self).split(separator: ")").last?
        .split(separator: " ") ?? []
      return fields.count > 2 && fields[2] == group && fields[0] != "Z"
    }
  }

  @Test func `a program gets no secret and nothing that loads a tracer`() throws {
    let (scratch, path) = try fake("python3", "env > \"$SEEN\"")
    _ = try Doctor.run(
      json + ["--language", "python"],
      [
        "PATH": path, "SEEN": scratch.path("seen"), "DD_SERVICE": "shop",
        "DD_API_KEY": "c0ffee00112233445566778899aabbcc", "OPENAI_API_KEY": "sk-proj-x",
        "HTTPS_PROXY": "http://u:hunter2@proxy:3128", "MY_TOKEN": "abc",
        "ODD": "deadbeef112233445566778899aabbcc", "NODE_OPTIONS": "-r dd-trace/init",
        "PYTHONPATH": "/x/ddtrace/bootstrap", "LD_PRELOAD": "/nowhere.so", "PYTHONINSPECT": "1",
        "DD_INJECTION_ENABLED": "tracer", "BASH_ENV": "/x",
      ])
    let names = Set(
      try scratch.text("seen").split(separator: "\n").map { $0.prefix { $0 != "=" } })
    #expect(names.contains("DD_SERVICE") && names.contains("PATH"))
    for name in [
      "DD_API_KEY", "OPENAI_API_KEY", "HTTPS_PROXY", "MY_TOKEN", "ODD", "NODE_OPTIONS",
      "PYTHONPATH", "LD_PRELOAD", "PYTHONINSPECT", "DD_INJECTION_ENABLED", "BASH_ENV",
    ] {
      #expect(!names.contains(Substring(name)), "\(name)")
    }
  }

  @Test func `a missing interpreter is skipped with the reason`() throws {
    let scratch = try Scratch()
    for language in ["python", "php"] {
      let run = try Doctor.run(
        json + ["--language", language], ["PATH": scratch.folder.path], folder: scratch.folder)
      let id = language == "python" ? "runtime.python.ddtrace" : "runtime.php.extension"
      #expect(try run.verdict(id) == "skipped")
      #expect((try run.check(id)["message"] as? String ?? "").contains("PATH"))
    }
  }

  @Test(
    arguments: [
      ("Procfile", "web: ddtrace-run gunicorn app:app\n", "passed"),
      ("Procfile", "web: gunicorn app:app\n", "warning notLoaded"),
      (
        "Dockerfile", "FROM python\nENTRYPOINT [\"ddtrace-run\"]\nCMD [\"python\", \"a.py\"]",
        "passed"
      ),
      (
        "Dockerfile", "FROM a\nCMD ddtrace-run python a.py\nFROM b\nCMD python a.py",
        "warning notLoaded"
      ),
      ("Dockerfile", "FROM a\nCMD ddtrace-run \\\n  python a.py", "passed"),
      ("Dockerfile", "FROM a\nRUN pip install ddtrace", "skipped"),
      ("compose.yaml", "services:\n  web:\n    command: ddtrace-run python a.py\n", "passed"),
      ("start.sh", "#!/bin/sh\n# ddtrace-run python a.py\nexec uvicorn a:b\n", "warning notLoaded"),
      ("app.py", "import ddtrace.auto\nimport openai\n", "passed"),
      ("src/main.py", "  import ddtrace.auto\n", "passed"),
      ("app.py", "# import ddtrace.auto\nimport openai\n", "skipped"),
      ("uwsgi.ini", "[uwsgi]\nimport = ddtrace.auto\n", "passed"),
    ] as [(String, String, String)])
  func `the project's files tell how Python is launched`(
    name: String, text: String, expected: String
  ) throws {
    let (scratch, path) = try fake(
      "python3",
      """
      printf 'dd-doctor\\tpython\\t3.12.1\\t1\\n'
      printf 'dd-doctor\\tpackage\\tddtrace\\t4.16.0\\t/x/ddtrace\\tok\\n'
      printf 'dd-doctor\\tend\\n'
      """)
    try scratch.write(name, text)
    let run = try Doctor.run(
      json + ["--language", "python"], ["PATH": path], folder: scratch.folder)
    #expect(try run.verdict("runtime.python.ddtrace") == "passed")
    #expect(try run.verdict("runtime.python.launch") == expected, "\(run.output)")
  }

  @Test(
    arguments: [
      ("next.config.mjs", "export default {}\n", "warning incompatible"),
      (
        "next.config.mjs", "export default { serverExternalPackages: ['openai'] }\n", "passed"
      ),
      ("esbuild.config.js", "build({ packages: \"external\" })\n", "passed"),
      ("webpack.config.js", "module.exports = { target: 'web' }\n", "passed"),
      ("webpack.config.js", "module.exports = { target: 'node' }\n", "warning incompatible"),
    ] as [(String, String, String)])
  func `a bundler that takes openai in is a warning`(name: String, text: String, expected: String)
    throws
  {
    let scratch = try Scratch()
    try scratch.write(
      "package.json", #"{"dependencies":{"dd-trace":"^6","openai":"^5","next":"^15"}}"#)
    try scratch.write("node_modules/dd-trace/package.json", #"{"version":"6.12.0"}"#)
    try scratch.write(name, text)
    let run = try Doctor.run(
      json, ["PATH": "/nowhere", "NODE_OPTIONS": "-r dd-trace/init"], folder: scratch.folder)
    #expect(try run.verdict("runtime.node.init") == expected)
  }

  @Test func `a made-up node_modules is read without Node`() throws {
    let scratch = try Scratch()
    try scratch.write(
      "package.json",
      #"{"type":"module","dependencies":{"dd-trace":"^6","openai":"^5"},"scripts":{"start":"node app.js"}}"#
    )
    var run = try Doctor.run(json, ["PATH": "/nowhere"], folder: scratch.folder)
    #expect(try run.verdict("runtime.node.dd-trace") == "failed notInstalled")
    #expect(try run.verdict("runtime.node.init") == "blocked")
    try scratch.write(
      "node_modules/dd-trace/package.json", #"{"version":"6.12.0","engines":{"node":">=22"}}"#)
    try scratch.write("node_modules/openai/package.json", #"{"version":"2.0.0"}"#)
    run = try Doctor.run(json, ["PATH": "/nowhere"], folder: scratch.folder)
    #expect(try run.verdict("runtime.node.dd-trace") == "passed")
    #expect(try run.verdict("runtime.node.init") == "warning notLoaded")
    #expect(try run.verdict("runtime.openai-sdk") == "failed outdated")
    try scratch.write("node_modules/openai/package.json", #"{"version":"5.0.0"}"#)
    // The remedy of the warning, applied.
    run = try Doctor.run(
      json, ["PATH": "/nowhere", "NODE_OPTIONS": "--import dd-trace/initialize.mjs"],
      folder: scratch.folder)
    #expect(try run.verdict("runtime.node.init") == "passed")
    #expect(run.status == 0)
    let (tools, path) = try fake("node", "echo v20.20.2")
    run = try Doctor.run(json, ["PATH": path], folder: scratch.folder)
    #expect(try run.verdict("runtime.node.dd-trace") == "failed incompatible")
    _ = tools
  }

  @Test func `a hostile package.json is no crash`() throws {
    let scratch = try Scratch()
    try scratch.write("package.json", String(repeating: "[", count: 513))
    try scratch.write(
      "node_modules/dd-trace/package.json", String(repeating: "[", count: 513))
    let run = try Doctor.run(
      json + ["--language", "node"], ["PATH": "/nowhere"], folder: scratch.folder)
    #expect(try run.verdict("runtime.node.dd-trace") == "unknown malformed")
  }

  private static let page = """
    ddtrace

    Datadog PHP tracer extension
    (c) Datadog 2020

    Datadog tracing support => enabled
    Version => 1.24.1

    Diagnostics
    ROWS

    Directive => Local Value => Master Value
    """

  @Test(
    arguments: [
      ("Diagnostic checks => passed", "passed"),
      (
        "agent_error => Could not resolve host: agent\nDiagnostic checks => failed", "failed dns"
      ),
    ] as [(String, String)])
  func `recorded diagnostics of PHP are judged`(rows: String, expected: String) throws {
    let (scratch, path) = try fake(
      "php",
      """
      [ "$1 $2" = "--ri ddtrace" ] || exit 9
      [ "$DD_TRACE_GENERATE_ROOT_SPAN" = 0 ] || exit 8
      cat "$PAGE"
      """)
    try scratch.write("page", Self.page.replacing("ROWS", with: rows))
    let run = try Doctor.run(
      json + ["--language", "php"],
      ["PATH": path, "PAGE": scratch.path("page"), "DD_TRACE_CLI_ENABLED": "0"])
    #expect(try run.verdict("runtime.php.extension") == "passed")
    #expect(try run.verdict("runtime.php.diagnostics") == expected)
  }

  @Test func `an absent PHP extension blocks its diagnostics`() throws {
    let (scratch, path) = try fake("php", "echo \"Extension 'ddtrace' not present.\"; exit 1")
    let run = try Doctor.run(json + ["--language", "php"], ["PATH": path])
    #expect(try run.verdict("runtime.php.extension") == "failed notInstalled")
    #expect(try run.verdict("runtime.php.diagnostics") == "blocked")
    _ = scratch
  }

  @Test func `a function's own variables and handler are judged inside it`() throws {
    let variables = [
      "AWS_LAMBDA_FUNCTION_NAME": "shop", "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x",
      "AWS_REGION": "us-east-1", "_HANDLER": "index.handler", "DD_LLMOBS_ENABLED": "1",
      "DD_LLMOBS_ML_APP": "shop", "DD_API_KEY": "c0ffee00112233445566778899aabbcc",
      "DD_SITE": "datadoghq.com",
    ]
    let run = try Doctor.run(["--format", "json", "--offline", "--strict"], variables)
    #expect(run.status == 0, "\(run.output)")
    #expect(try run.verdict("lambda.key") == "passed")
    let bare = try Doctor.run(
      ["--format", "json", "--only", "lambda"], variables.merging(["DD_API_KEY": ""]) { $1 })
    #expect(try bare.verdict("lambda.key") == "failed missing")
  }
}

extension Scratch {
  /// Writes a file, with the folders above it.
  fileprivate func write(_ name: String, _ text: String) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
