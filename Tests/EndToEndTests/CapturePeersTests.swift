import Foundation
import StandIn
import Testing
import Wire

/// `capture` around the real ddtrace and openai, whose calls go to a server of this test's own.
@Suite(.enabled(if: Peers.folder != nil, "DD_DOCTOR_PEERS is not set"))
struct CapturePeersTests {
  /// What an application does after its one call, and how it is to be judged.
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    var variables: [String: String] = [:]
    var arguments: [String] = []
    var launch = ["ddtrace-run", "python"]
    var before = ""
    var after = ""
    /// Of the application.
    var status: Int32 = 0
    /// The check that speaks, and what it says; nil where nothing fails.
    let verdict: (id: String, words: String)?

    var testDescription: String { name }
  }

  static let observing = ["DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_ML_APP": "shop"]

  static let faults: [Fault] = [
    Fault(name: "healthy", variables: observing, verdict: nil),
    Fault(
      name: "without ddtrace-run", launch: ["python"],
      verdict: ("application.instrumented", "failed notLoaded")),
    Fault(
      name: "ddtrace.auto behind openai", variables: observing, launch: ["python"],
      before: "import openai, ddtrace.auto", verdict: nil),
    Fault(
      name: "DD_TRACE_OPENAI_ENABLED=false", variables: ["DD_TRACE_OPENAI_ENABLED": "false"],
      verdict: ("application.integration", "failed disabled")),
    Fault(
      name: "DD_PATCH_MODULES=openai:false", variables: ["DD_PATCH_MODULES": "openai:false"],
      verdict: ("application.integration", "failed disabled")),
    Fault(
      name: "DD_TRACE_ENABLED=false", variables: ["DD_TRACE_ENABLED": "false"],
      verdict: ("application.configuration", "failed disabled")),
    Fault(
      name: "a sampling rule of 0",
      variables: ["DD_TRACE_SAMPLING_RULES": #"[{"sample_rate":0}]"#],
      verdict: ("application.sampling", "failed sampledOut")),
    Fault(
      name: "telemetry off", variables: ["DD_INSTRUMENTATION_TELEMETRY_ENABLED": "false"],
      verdict: ("application.configuration", "skipped")),
    Fault(
      name: "an Agent without evp_proxy", variables: observing,
      arguments: ["--fault", "no-evp-proxy"],
      verdict: ("application.llmobs-span", "failed unsupported")),
    Fault(
      name: "os._exit", after: "import os; os._exit(3)", status: 3,
      verdict: ("application.flush", "failed notSent")),
    Fault(
      name: "SIGKILL", after: "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
      status: 137, verdict: ("application.flush", "failed notSent")),
  ]

  @Test(arguments: faults)
  func `gives each fault of a real application its own verdict`(fault: Fault) throws {
    let openAI = try Peer("python3", ["-u", "-c", Self.openAI])
    let scratch = try Scratch()
    let app = [fault.before, Self.application, fault.after].joined(separator: "\n")
    try app.write(toFile: scratch.path("app.py"), atomically: true, encoding: .utf8)
    let run = try Doctor.child(
      Doctor.binary,
      ["capture", "-v", "--report", "json=report.json"] + fault.arguments + ["--"]
        + fault.launch.map { Peers.program($0).path } + ["app.py"],
      [
        "OPENAI_BASE_URL": "http://127.0.0.1:\(try openAI.ports(1)[0])/v1", "DD_SERVICE": "shop",
        "DD_ENV": "prod", "HOME": scratch.folder.path,
      ].merging(fault.variables) { $1 }, folder: scratch.folder)
    #expect(
      run.output == "the answer has \(RecordedTracer.canary.count) characters\n", "\(run.errors)")
    let text = try scratch.text("report.json")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let verdicts = `An application that is watched`.verdicts(report)
    let failed = verdicts.filter { $0.value.hasPrefix("failed") }
    if let (id, words) = fault.verdict {
      #expect(verdicts[id] == words, "\(verdicts)")
      #expect(failed.count == (words.hasPrefix("failed") ? 1 : 0), "\(failed)")
    } else {
      #expect(Set(verdicts.values) == ["passed"], "\(verdicts)")
      let event = `An application that is watched`.message("application.llmobs-span", report)
      #expect(event.contains("llm of shop with gpt-4o-mini"), "\(event)")
      let span = `An application that is watched`.message("application.openai-span", report)
      #expect(span == "1 openai.request span: createChatCompletion with gpt-4o-mini")
    }
    let status = fault.status != 0 ? fault.status : failed.isEmpty ? 0 : 1
    #expect(run.status == status)
    for kept in [run.output, run.errors, text] { #expect(!kept.contains("canary")) }
  }

  @Test func `passes on to the real test agent what the real tracer sent, byte for byte`() throws {
    let free = try (0..<2).map { _ in try StandInAgent.start() }
    let spare = free.map { String($0.port) }
    for holder in free { holder.stop() }
    let peer = try Peer(
      "ddapm-test-agent",
      ["--port", "0", "--otlp-http-port", spare[0], "--otlp-grpc-port", spare[1]])
    let url = try #require(
      try peer.ports(3).map { "http://127.0.0.1:\($0)" }.first { url in
        try Doctor.run(["--only", "agent.answers"], ["DD_TRACE_AGENT_URL": url]).status == 0
      })
    let openAI = try Peer("python3", ["-u", "-c", Self.openAI])
    let scratch = try Scratch()
    for (name, text) in [("app.py", Self.application), ("tap.py", Self.tap)] {
      try text.write(toFile: scratch.path(name), atomically: true, encoding: .utf8)
    }
    let run = try Doctor.child(
      Doctor.binary,
      ["capture", "--forward", "--report", "json=report.json", "--"]
        + [Peers.program("python3").path, "tap.py", Peers.program("ddtrace-run").path]
        + [Peers.program("python").path, "app.py"],
      [
        "DD_TRACE_AGENT_URL": url,
        "OPENAI_BASE_URL": "http://127.0.0.1:\(try openAI.ports(1)[0])/v1",
        "DD_SERVICE": "shop", "DD_ENV": "prod", "HOME": scratch.folder.path,
      ].merging(Self.observing) { $1 }, folder: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    let sent = try scratch.text("sent").split(separator: "\n").map(String.init)
    let stored = try Doctor.shell("curl -s \(url)/test/session/requests").output
    let requests = try #require(
      try JSONSerialization.jsonObject(with: Data(stored.utf8)) as? [[String: Any]])
    let arrived = requests.filter { ($0["url"] as? String)?.hasSuffix("/traces") == true }
      .compactMap { $0["body"] as? String }
    #expect(!sent.isEmpty && arrived == sent)
    let spans = try #require(
      try JSONSerialization.jsonObject(
        with: Data(try Doctor.shell("curl -s \(url)/test/traces").output.utf8))
        as? [[[String: Any]]]
    )
    .flatMap { $0 }
    #expect(
      spans.compactMap { $0["resource"] as? String }.contains("createChatCompletion"), "\(spans)")
    let text = try scratch.text("report.json")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(
      `An application that is watched`.verdicts(report)["application.llmobs-span"] == "passed")
    let delivery = try #require(report["delivery"] as? [String: Any])
    #expect(delivery["reached"] as? String == "accepted")
  }

  /// Stands between the tracer and its Agent, and writes down each body of traces in base64.
  private static let tap = """
    import base64, http.client, http.server, os, subprocess, sys, threading, urllib.parse
    agent = urllib.parse.urlsplit(os.environ["DD_TRACE_AGENT_URL"])
    class Tap(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.path.endswith("/traces"):
                with open("sent", "a") as sent:
                    print(base64.b64encode(body).decode(), file=sent)
            onward = http.client.HTTPConnection(agent.hostname, agent.port)
            onward.request(self.command, self.path, body, dict(self.headers))
            answer = onward.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        do_GET = do_POST = do_PUT = pass_on
        def log_message(self, *words): pass
    tap = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tap)
    threading.Thread(target=tap.serve_forever, daemon=True).start()
    os.environ["DD_TRACE_AGENT_URL"] = f"http://127.0.0.1:{tap.server_port}"
    sys.exit(subprocess.run(sys.argv[1:]).returncode)
    """

  private static let application = """
    from openai import OpenAI
    said = OpenAI(api_key="none", max_retries=0).chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": "\(RecordedTracer.canary)"}])
    print("the answer has", len(said.choices[0].message.content), "characters", flush=True)
    """

  /// Answers every POST with a chat completion.
  private static let openAI = """
    import http.server, json
    class OpenAI(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            body = json.dumps({"id": "1", "object": "chat.completion", "created": 1,
                "model": "gpt-4o-mini", "usage": {"prompt_tokens": 5, "completion_tokens": 2,
                "total_tokens": 7}, "choices": [{"index": 0, "finish_reason": "stop",
                "message": {"role": "assistant", "content": "\(RecordedTracer.canary)"}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *words): pass
    http.server.ThreadingHTTPServer(("127.0.0.1", 0), OpenAI).serve_forever()
    """
}
