import Foundation
import StandIn
import Testing

/// From a project's folder and nothing else to all green, by pasting what is printed behind `Next:`.
///
/// Where it prints `docker run`, an Agent is started in its place, on a port of its own that
/// DD_TRACE_AGENT_PORT then names. No Agent may run on this machine.
@Suite struct OnboardingTests {
  @Test(.enabled(if: Peers.folder != nil, "DD_DOCTOR_PEERS is not set"))
  func `a Python application gets to spans in the real test agent`() throws {
    let newcomer = try Newcomer([
      "requirements.txt": "openai\n",
      "app.py": """
      from openai import OpenAI
      client = OpenAI(base_url="http://127.0.0.1:9/v1", api_key="none", max_retries=0)
      try:
          client.embeddings.create(model="text-embedding-3-small", input="hello")
      except Exception as error:
          print(type(error).__name__)
      """,
    ])
    let free = try (0..<2).map { _ in try StandInAgent.start() }
    let spare = free.map { String($0.port) }
    for holder in free { holder.stop() }
    var agent: Peer?
    var port = 0
    try newcomer.pasteAll { line in
      guard line.hasPrefix("docker run ") else { return nil }
      let peer = try Peer(
        "ddapm-test-agent",
        ["--port", "0", "--otlp-http-port", spare[0], "--otlp-grpc-port", spare[1]])
      port = try #require(
        try peer.ports(3).first { port in
          let variables = ["DD_TRACE_AGENT_URL": "http://127.0.0.1:\(port)"]
          return try Doctor.run(["--only", "agent.answers"], variables).status == 0
        })
      agent = peer
      return "export DD_TRACE_AGENT_PORT=\(port)"
    }
    #expect(
      newcomer.transcript == [
        "PYTHON -m venv .venv && .venv/bin/python -m pip install -r requirements.txt ddtrace",
        "docker run -d --name datadog-agent -e DD_API_KEY='<DATADOG_API_KEY>' NETWORK"
          + " -e DD_DOGSTATSD_NON_LOCAL_TRAFFIC=true -e DD_APM_ENABLED=true"
          + " gcr.io/datadoghq/agent:latest",
        "export DD_SERVICE=shop DD_ENV=staging && dd-doctor",
        "./.venv/bin/ddtrace-run ./.venv/bin/python app.py",
      ])
    let stored = try Doctor.shell("curl -s http://127.0.0.1:\(port)/test/traces").output
    let traces = try #require(
      try JSONSerialization.jsonObject(with: Data(stored.utf8)) as? [[[String: Any]]])
    let span = try #require(
      traces.flatMap { $0 }.first { $0["service"] as? String == "shop" }, "\(newcomer.outputs)")
    #expect(span["name"] as? String == "openai.request")
    #expect((span["meta"] as? [String: Any])?["env"] as? String == "staging")
    #expect(try newcomer.shell("dd-doctor --strict --info").status == 0)
    withExtendedLifetime(agent) {}
  }

  @Test(
    arguments: [
      ([:], [], "node -r dd-trace/init index.js"),
      (
        ["index.mjs": "import OpenAI from 'openai'\n"], ["index.js"],
        "node --import dd-trace/initialize.mjs index.mjs"
      ),
    ] as [([String: String], [String], String)])
  func `a Node application is led to its launch`(
    more: [String: String], without: [String], launch: String
  ) throws {
    let files = [
      "package.json": #"{"dependencies":{"openai":"^5"}}"#,
      "index.js": "const { OpenAI } = require('openai')\n",
      "node_modules/openai/package.json": #"{"version":"5.0.0"}"#,
    ].merging(more) { $1 }.filter { !without.contains($0.key) }
    let newcomer = try Newcomer(files)
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    try newcomer.pasteAll { line in
      switch line {
      case "npm install dd-trace":
        try newcomer.write("node_modules/dd-trace/package.json", #"{"version":"5.80.0"}"#)
        return ""
      case launch: return ""
      default:
        return line.hasPrefix("docker run ") ? try published(agent, "node") : nil
      }
    }
    #expect(
      newcomer.transcript.map { String($0.prefix(10)) }.dropLast() == [
        "npm instal", "docker run", "export DD_",
      ])
    #expect(newcomer.transcript.last == launch)
    #expect(try newcomer.shell("dd-doctor --strict --info").status == 0)
  }

  @Test func `a PHP application is led to where nothing is left to do`() throws {
    let newcomer = try Newcomer([
      "index.php": "<?php\n$client = OpenAI::client($key);\n",
      "page": """
      ddtrace

      Datadog tracing support => enabled
      Version => 1.24.1

      Diagnostics
      Diagnostic checks => passed

      Directive => Local Value => Master Value
      """,
    ])
    try newcomer.program(
      "php",
      """
      [ -e installed ] && { cat page; exit 0; }
      echo "Extension 'ddtrace' not present."; exit 1
      """)
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    try newcomer.pasteAll { line in
      if line.hasPrefix("curl -LO https://github.com/DataDog/dd-trace-php/") {
        return "touch installed"
      }
      return line.hasPrefix("docker run ") ? try published(agent, "php") : nil
    }
    #expect(
      newcomer.transcript.map { String($0.prefix(10)) } == [
        "curl -LO h", "docker run", "export DD_",
      ])
    #expect(try newcomer.shell("dd-doctor --strict --info").status == 0)
  }

  /// What `docker run` publishes on 8126 and 8125, on ports of its own.
  private func published(_ agent: StandInAgent, _ language: String) throws -> String {
    let statsD = try #require(agent.dogStatsDPort)
    let metrics =
      language == "php"
      ? "DD_DOGSTATSD_URL=udp://localhost:\(statsD)" : "DD_DOGSTATSD_PORT=\(statsD)"
    return "export DD_TRACE_AGENT_PORT=\(agent.port) \(metrics)"
  }

  @Test func `a folder with code alone tells its language and what to install`() throws {
    let newcomer = try Newcomer(["main.py": "import openai\n"])
    let run = try newcomer.shell("dd-doctor")
    #expect(run.output.contains("openai in main.py"))
    #expect(run.next?.hasSuffix("-m pip install openai ddtrace") == true, "\(run.output)")
    #expect(run.output.contains("\nSteps: library ✗  Agent ✗  variables !  launch ○\n"))
  }

  @Test func `LLM Observability without an Agent asks for its key by a placeholder`() throws {
    let newcomer = try Newcomer(["package.json": #"{"dependencies":{"openai":"^5"}}"#])
    try newcomer.write("node_modules/dd-trace/package.json", #"{"version":"5.80.0"}"#)
    let run = try newcomer.shell("dd-doctor --offline --setup llmobs-agentless")
    let next = run.next ?? ""
    #expect(next.hasPrefix("export ") && next.contains("DD_LLMOBS_ENABLED=1"))
    #expect(next.contains("DD_API_KEY='<api key>'"), "\(run.output)")
  }

  @Test(
    arguments: [
      (true, "ddtrace-run python3 'my app.py'"),
      (false, "PYTHON -m ddtrace.commands.ddtrace_run PYTHON 'my app.py'"),
    ])
  func `a Python of PATH is started by what stands beside it`(hasLauncher: Bool, launch: String)
    throws
  {
    let newcomer = try Newcomer(["my app.py": "from openai import OpenAI\n"])
    try newcomer.program(
      "python3",
      """
      printf 'dd-doctor\\tpython\\t3.12.1\\t0\\n'
      printf 'dd-doctor\\tpackage\\tddtrace\\t4.16.0\\t/x\\tok\\ndd-doctor\\tend\\n'
      """)
    if hasLauncher { try newcomer.program("ddtrace-run", "exit 1") }
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try newcomer.shell(
      "export DD_SERVICE=a DD_ENV=b; \(try published(agent, "python")); dd-doctor")
    let next = try #require(run.next, "\(run.output)")
    #expect(next.replacing(#/\S+/bin/python3/#, with: "PYTHON") == launch)
  }

  @Test(arguments: [true, false])
  func `a Python of the project's own is started by what is there`(hasLauncher: Bool) throws {
    let newcomer = try Newcomer(["app.py": "from openai import OpenAI\n"])
    let python = """
      #!/bin/sh
      printf 'dd-doctor\\tpython\\t3.12.1\\t0\\n'
      printf 'dd-doctor\\tpackage\\tddtrace\\t4.16.0\\t/x\\tok\\ndd-doctor\\tend\\n'
      """
    try newcomer.write(".venv/bin/python", python)
    if hasLauncher { try newcomer.write(".venv/bin/ddtrace-run", "#!/bin/sh") }
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try newcomer.shell(
      "chmod +x .venv/bin/*; export DD_SERVICE=a DD_ENV=b; \(try published(agent, "python"))"
        + "; dd-doctor")
    #expect(
      run.next
        == (hasLauncher
          ? "./.venv/bin/ddtrace-run ./.venv/bin/python app.py"
          : "./.venv/bin/python -m ddtrace.commands.ddtrace_run ./.venv/bin/python app.py"),
      "\(run.output)")
  }

  @Test func `what a tracer sent is no step of a set-up`() throws {
    let newcomer = try Newcomer(["main.py": "import openai\n"])
    let run = try newcomer.shell("dd-doctor capture -- true")
    #expect(run.errors.contains("application.instrumented"), "\(run.errors)")
    #expect(!run.errors.contains("Steps:"))
  }

  @Test func `what a baseline knows is not the next step`() throws {
    let newcomer = try Newcomer(["package.json": #"{"dependencies":{"openai":"^5"}}"#])
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let port = "export DD_SERVICE=a DD_ENV=b; export DD_TRACE_AGENT_PORT="
    _ = try newcomer.shell("\(port)\(agent.port); dd-doctor --format json -o base.json")
    let run = try newcomer.shell("\(port)1; dd-doctor --baseline base.json")
    #expect(run.status == 1)
    #expect(run.output.contains("Why:  dd-doctor explain agent."), "\(run.output)")
  }

  /// Ticket #42: data arrives, and is looked for under another env, service or site.
  @Test(
    arguments: [
      ([:], "https://app.datadoghq.com/apm/traces?query=service:my%20shop%26co%20env:prod, on the"),
      (
        ["DD_SITE": "datadoghq.eu"],
        "https://app.datadoghq.eu/apm/traces?query=service:my%20shop%26co%20env:prod, on the"
      ),
      (
        ["DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_ML_APP": "bot"],
        "https://app.datadoghq.com/llm/traces?query=@ml_app:bot%20env:prod, on the"
      ),
    ] as [([String: String], String)])
  func `what is started is looked for by its own names`(
    variables: [String: String], link: String
  ) throws {
    let newcomer = try Newcomer(["package.json": #"{"dependencies":{"openai":"^5"}}"#])
    try newcomer.write("node_modules/dd-trace/package.json", #"{"version":"5.80.0"}"#)
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let all = variables.merging(["DD_SERVICE": "my shop&co", "DD_ENV": "prod"]) { $1 }
    let exports = all.map { "export \($0.key)='\($0.value)'" }.joined(separator: "; ")
    let run = try newcomer.shell(
      "\(exports); \(try published(agent, "node")); dd-doctor")
    let text = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("(then look at \(link)"), "\(run.output)")
  }

  @Test func `LLM Observability by an Agent asks for its variables in one line`() throws {
    let newcomer = try Newcomer(["package.json": #"{"dependencies":{"openai":"^5"}}"#])
    try newcomer.write("node_modules/dd-trace/package.json", #"{"version":"5.80.0"}"#)
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try newcomer.shell(
      "export DD_TRACE_AGENT_PORT=\(agent.port); dd-doctor --setup llmobs-agent")
    #expect(
      run.next
        == "export DD_LLMOBS_ENABLED=1 DD_LLMOBS_ML_APP=shop && dd-doctor --setup llmobs-agent")
  }

  @Test func `the user's own shell counts where no shell started it`() throws {
    let fish = try Doctor.run(["--format", "json", "--offline"], ["SHELL": "/usr/bin/fish"])
    #expect(fish.output.contains(#""shell" : "fish""#))
    let bash = try Doctor.run(["--format", "json", "--offline"], ["SHELL": "/bin/bash"])
    #expect(!bash.output.contains(#""shell" :"#))
  }
}

/// A person in a project's folder who does what is printed.
private final class Newcomer {
  private let home: Scratch
  private let folder: URL
  private var exports: [String] = []
  /// The lines that were pasted, what is this machine's own in them named.
  private(set) var transcript: [String] = []
  private(set) var outputs: [String] = []

  init(_ files: [String: String]) throws {
    home = try Scratch()
    folder = home.folder.appending(path: "shop")
    for (name, text) in files { try write(name, text) }
    try FileManager.default.createDirectory(
      at: home.folder.appending(path: "bin"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: home.path("bin/dd-doctor"), withDestinationPath: Doctor.binary.path)
  }

  func write(_ name: String, _ text: String) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func program(_ name: String, _ script: String) throws {
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: home.folder.appending(path: "bin/\(name)"))
    chmod(home.path("bin/\(name)"), 0o755)
  }

  func shell(_ line: String) throws -> Doctor.Run {
    try Doctor.child(
      URL(fileURLWithPath: "/bin/bash"), ["-c", (exports + [line]).joined(separator: "\n")],
      ["PATH": "\(home.path("bin")):/usr/bin:/bin", "HOME": home.folder.path], folder: folder)
  }

  /// Pastes line after line, or what stands in a line's place, until nothing new is printed.
  func pasteAll(instead stand: (String) throws -> String?) throws {
    for _ in 0..<8 {
      let run = try shell("dd-doctor")
      guard let next = run.next, transcript.last != named(next) else { break }
      transcript.append(named(next))
      let line = try stand(next) ?? next
      if line.hasPrefix("export ") {
        exports.append(line.replacing(" && dd-doctor", with: ""))
      } else {
        let pasted = try shell(line)
        outputs.append(pasted.output + pasted.errors)
        try #require(pasted.status == 0, "\(line): \(pasted.output)\(pasted.errors)")
      }
    }
    let run = try shell("dd-doctor")
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("HEALTHY") && run.agentErrorLine == "    Agent error: None")
  }

  private func named(_ line: String) -> String {
    line.replacing(#/^\S*/python3 /#, with: "PYTHON ")
      .replacing(
        /-p 127\.0\.0\.1:8126:8126\/tcp -p 127\.0\.0\.1:8125:8125\/udp|--network container:[0-9a-f]{12}/,
        with: "NETWORK"
      ).replacing(" && dd-doctor wait", with: "")
  }
}

extension Doctor.Run {
  /// What it says to type next.
  var next: String? {
    output.split(separator: "\n").first { $0.hasPrefix("Next: ") }.map { String($0.dropFirst(6)) }
  }
}
