import Foundation
import StandIn
import Synchronization
import TestServers
import Testing
import Wire

@Suite struct `An application that is watched` {
  /// A shell that sends what a tracer sends, and then does as it is told.
  static func watched(
    _ requests: [HTTPRequest], _ arguments: [String] = [], then script: String = "true",
    _ variables: [String: String] = [:]
  ) throws -> (run: Doctor.Run, report: [String: Any]) {
    let scratch = try Scratch()
    var lines = ["curl -s -o /dev/null \"$DD_TRACE_AGENT_URL/info\""]
    for (number, request) in requests.enumerated() {
      try Data(request.body).write(to: scratch.folder.appending(path: "\(number)"))
      let fields = request.fields.fields.map { "-H '\($0.name): \($0.value)'" }
      lines.append(
        "curl -s -o /dev/null -X \(request.method) \(fields.joined(separator: " "))"
          + " --data-binary @'\(scratch.path("\(number)"))' \"$DD_TRACE_AGENT_URL\(request.target)\""
      )
    }
    let report = scratch.path("report.json")
    let run = try Doctor.run(
      ["capture", "--report", "json=\(report)"] + arguments
        + ["--", "bash", "-c", (lines + [script]).joined(separator: "\n")],
      ["DD_SERVICE": "shop", "DD_ENV": "prod"].merging(variables) { $1 })
    let data = (try? Data(contentsOf: URL(fileURLWithPath: report))) ?? Data()
    let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    return (run, json ?? [:])
  }

  static func verdicts(_ report: [String: Any]) -> [String: String] {
    let checks = report["checks"] as? [[String: Any]] ?? []
    return Dictionary(
      checks.map { check in
        let words = ["status", "failureClass"].compactMap { check[$0] as? String }
        return (check["id"] as? String ?? "", words.joined(separator: " "))
      }, uniquingKeysWith: { first, _ in first })
  }

  static func message(_ id: String, _ report: [String: Any]) -> String {
    let checks = report["checks"] as? [[String: Any]] ?? []
    return checks.first { $0["id"] as? String == id }?["message"] as? String ?? ""
  }

  @Test(arguments: RecordedTracer.allCases)
  func `reads each language's tracer to the same verdicts`(tracer: RecordedTracer) throws {
    let (run, report) = try Self.watched([tracer.traces()] + tracer.telemetry())
    #expect(run.status == 0, "\(run.errors)")
    let verdicts = Self.verdicts(report)
    #expect(verdicts.filter { $0.value == "passed" }.count == 8, "\(verdicts)")
    #expect(verdicts["application.llmobs-span"] == "skipped")
    #expect(
      Self.message("application.openai-span", report)
        == "1 openai.request span: createChatCompletion with gpt-4o-mini")
    let setup = try #require(report["setup"] as? [String: Any])
    #expect(setup["language"] as? String == tracer.rawValue)
  }

  @Test func `reads Node's own event of LLM Observability, and keeps no word of it`() throws {
    let node = RecordedTracer.node
    let (run, report) = try Self.watched(
      [node.traces(), node.event] + node.telemetry(), ["-v"], ["DD_LLMOBS_ENABLED": "1"])
    #expect(Self.verdicts(report)["application.llmobs-span"] == "passed", "\(run.errors)")
    #expect(
      Self.message("application.llmobs-span", report).contains("through evp_proxy: llm of shop"))
    #expect(!"\(report)\(run.errors)\(run.output)".contains("canary"))
  }

  @Test func `waits for PHP's own sender, whose language only its requests name`() throws {
    let php = RecordedTracer.php
    let scratch = try Scratch()
    let body = scratch.path("traces")
    try Data(php.traces().body).write(to: URL(fileURLWithPath: body))
    // The sender outlives the command by its flush interval, and holds none of its files.
    let sender = """
      (sleep 1; curl -s -X POST -H 'Content-Type: application/msgpack' \
        -H 'Datadog-Meta-Lang: php' --data-binary @'\(body)' \
        "$DD_TRACE_AGENT_URL/v0.4/traces") >/dev/null 2>&1 </dev/null &
      """
    let (run, report) = try Self.watched(
      Array(php.telemetry(closes: false).prefix(1)), then: sender)
    #expect(Self.verdicts(report)["application.openai-span"] == "passed", "\(run.errors)")
    #expect(run.status == 0)
  }

  @Test func `leaves the command its output, its words and its exit status`() throws {
    let run = try Doctor.run(
      [
        "capture", "-q", "--", "bash", "-c", "printf '%s|' \"$0\" \"$@\"; exit 7", "a b", "",
        "--for",
      ])
    #expect(run.output == "a b||--for|")
    #expect(run.status == 7)
    #expect(run.errors.contains("application.instrumented"))
  }

  @Test func `leaves the command its standard input`() throws {
    let run = try Doctor.shell("echo hello | $DOCTOR capture -q -- cat")
    #expect(run.output == "hello\n" && run.status == 1)
  }

  @Test func `leaves the command no stream that is closed, and none of its own`() throws {
    let run = try Doctor.shell(
      """
      ls /proc/self/fd | wc -l
      $DOCTOR capture -q -- ls /proc/self/fd | wc -l
      $DOCTOR capture -q -- cat <&- || echo "it has no input"
      $DOCTOR --offline >&-; echo "status $?"
      """)
    let lines = run.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 4, "\(run.output)\(run.errors)")
    #expect(lines[0] == lines[1])
    #expect(lines[2] == "it has no input" && lines[3] == "status 73")
  }

  @Test(arguments: [("no-such-command-here", Int32(127)), ("/etc/hostname", 126)])
  func `says why a command can't be started`(command: String, status: Int32) throws {
    let run = try Doctor.run(["capture", "--", command])
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `hands signals on, and ends as the command does`() throws {
    let scratch = try Scratch()
    let run = try Doctor.shell(
      """
      mkfifo "$FIFO" "$FIFO.quiet"
      $DOCTOR capture -q -- bash -c 'trap "echo got TERM; exit 9" TERM; echo >"$FIFO"; while :; do read -t 60 <>"$FIFO.quiet"; done' &
      child=$!
      read < "$FIFO"
      kill -TERM $child
      wait $child
      echo "status $?"
      """, ["FIFO": scratch.path("ready")])
    #expect(run.output == "got TERM\nstatus 9\n", "\(run.errors)")
  }

  @Test func `a second interrupt leaves the command running, and is told by the status`() throws {
    let scratch = try Scratch()
    let run = try Doctor.shell(
      """
      mkfifo "$FIFO" "$FIFO.quiet"
      $DOCTOR capture -q -o "$FIFO.report" -- bash -c 'trap : TERM; echo $$ >"$FIFO"; while :; do read -t 60 <>"$FIFO.quiet"; done' &
      doctor=$!
      read child < "$FIFO"
      while kill -TERM $doctor 2>/dev/null; do :; done
      wait $doctor
      echo "status $?"
      kill -0 $child && echo "it runs"
      kill -KILL $child
      """, ["FIFO": scratch.path("ready")])
    #expect(run.output == "status 130\nit runs\n", "\(run.errors)")
    #expect(run.errors.contains("the command is left running"))
    #expect(try scratch.text("ready.report").contains("exit 130"))
  }

  @Test func `a signal that comes to it and to its group at once is one`() throws {
    let scratch = try Scratch()
    let run = try Doctor.shell(
      """
      mkfifo "$FIFO" "$FIFO.ended" "$FIFO.quiet"
      $DOCTOR capture -q -- bash -c 'trap "echo ended >\"$FIFO.ended\"; exit 4" TERM; echo >"$FIFO"; read -t 60 <>"$FIFO.quiet"' &
      doctor=$!
      read < "$FIFO"
      kill -TERM $doctor; kill -INT $doctor
      read word < "$FIFO.ended"
      wait $doctor
      echo "status $?"
      """, ["FIFO": scratch.path("ready")])
    #expect(run.output == "status 4\n", "\(run.errors)")
    #expect(!run.errors.contains("left running"))
  }

  @Test func `ends a command after --for, and judges what came`() throws {
    let python = RecordedTracer.python
    let (run, report) = try Self.watched(
      [python.traces()] + python.telemetry(closes: false), ["--for", "1500ms"],
      then: "exec sleep 600")
    #expect(Self.verdicts(report)["application.flush"] == "passed", "\(run.errors)")
    #expect(run.status == 0)
  }

  @Test func `points the command's tracer at the stand-in, over a socket too`() throws {
    let scratch = try Scratch()
    let socket = scratch.path("apm.sock")
    let words = "echo $DD_TRACE_AGENT_URL $DD_DOGSTATSD_URL $DD_DOGSTATSD_PORT $DD_SERVICE"
    let run = try Doctor.run(
      ["capture", "-q", "--socket", socket, "--", "sh", "-c", words],
      [
        "DD_SERVICE": "shop", "DD_TRACE_AGENT_URL": "http://elsewhere.invalid:1",
        "DD_DOGSTATSD_PORT": "1",
      ])
    let parts = run.output.split(whereSeparator: \.isWhitespace).map(String.init)
    try #require(parts.count == 4)
    #expect(parts[0] == "unix://\(socket)" && parts[3] == "shop")
    #expect(parts[1] == "udp://127.0.0.1:\(parts[2])" && parts[2] != "1")
    #expect(!FileManager.default.fileExists(atPath: socket))
  }

  @Test(
    arguments: [
      ([:], "none none"),
      (["HTTP_PROXY": "http://p:1"], "127.0.0.1 127.0.0.1"),
      (["http_proxy": "http://p:1", "NO_PROXY": "a.test"], "a.test,127.0.0.1 a.test,127.0.0.1"),
      (
        ["ALL_PROXY": "http://p:1", "NO_PROXY": "a.test", "no_proxy": "*"],
        "a.test,127.0.0.1 *"
      ),
      (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.test"], "a.test none"),
    ] as [([String: String], String)])
  func `excepts itself from a proxy that a tracer would ask`(
    variables: [String: String], expected: String
  ) throws {
    let run = try Doctor.run(
      ["capture", "-q", "--", "sh", "-c", "echo ${NO_PROXY:-none} ${no_proxy:-none}"], variables)
    #expect(run.output == "\(expected)\n")
  }

  @Test(arguments: [
    ("node", "", "export NODE_OPTIONS="), ("npm", "", "export NODE_OPTIONS="),
    ("node", "-r dd-trace/init", "npm install dd-trace"),
    ("python3", "", "dd-doctor capture -- ddtrace-run"), ("php", "", "php -m"),
    ("ruby", "", "start it through its tracer"),
  ])
  func `has a remedy for the language of the command`(
    word: String, options: String, remedy: String
  ) throws {
    let run = try Doctor.run(["capture", "--", "true", word], ["NODE_OPTIONS": options])
    #expect(run.errors.contains("Next: \(remedy)"), "\(run.errors)")
  }

  @Test func `leads agentless events to the stand-in, and only those`() throws {
    let words = "echo ${DD_LLMOBS_OVERRIDE_ORIGIN:-none} ${_DD_LLMOBS_OVERRIDE_ORIGIN:-none}"
    let through = try Doctor.run(
      ["capture", "-q", "--", "sh", "-c", words], ["DD_LLMOBS_ENABLED": "1"])
    #expect(through.output == "none none\n")
    let agentless = try Doctor.run(
      ["capture", "-q", "--", "sh", "-c", words],
      ["DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_AGENTLESS_ENABLED": "1"])
    #expect(agentless.output.hasPrefix("http://127.0.0.1:"))
  }

  @Test func `passes everything on to the Agent that is configured, byte for byte`() throws {
    let log = Mutex<[HTTPRequest]>([])
    var options = StandInAgent.Options()
    options.version = "7.99.1"
    options.inspect = { request in log.withLock { $0.append(request) } }
    let agent = try StandInAgent.start(options)
    defer { agent.stop() }
    let python = RecordedTracer.python
    var packed = python.traces()
    packed.fields.add("Content-Encoding", "gzip")
    packed.body = (0...255).map { $0 }
    let requests = [python.traces(), python.event, packed] + python.telemetry()
    let info = "curl -s \"$DD_TRACE_AGENT_URL/info\" | grep -o '7.99.1'"
    let (run, report) = try Self.watched(
      requests, ["--forward"], then: info,
      ["DD_TRACE_AGENT_URL": agent.url])
    #expect(run.output == "7.99.1\n", "the Agent's own answer is handed back: \(run.errors)")
    let arrived = log.withLock { $0 }
    #expect(arrived.filter { !$0.body.isEmpty }.map(\.body) == requests.map(\.body))
    let first = try #require(arrived.first { $0.target == "/v0.4/traces" })
    #expect(first.fields["Datadog-Meta-Tracer-Version"] == "4.16.0" && first.method == "POST")
    let delivery = try #require(report["delivery"] as? [String: Any])
    #expect(delivery["reached"] as? String == "accepted")
  }

  @Test func `answers itself where the Agent does not, and says so`() throws {
    var options = StandInAgent.Options()
    options.fault = .refused
    let agent = try StandInAgent.start(options)
    defer { agent.stop() }
    let python = RecordedTracer.python
    let (run, report) = try Self.watched(
      [python.traces()] + python.telemetry(), ["--forward"],
      ["DD_TRACE_AGENT_URL": agent.url])
    #expect(run.status == 1, "\(run.errors)")
    #expect(Self.verdicts(report)["application.openai-span"] == "failed notSent")
    let judged = try #require(report["agent"] as? [String: Any])
    #expect(judged["state"] as? String == "failed")
    #expect((judged["error"] as? String)?.hasPrefix("\(agent.url): ") == true)
    #expect(run.errors.contains("    Agent error: \(agent.url): "))
    let delivery = try #require(report["delivery"] as? [String: Any])
    let rungs = try #require(delivery["rungs"] as? [[String: String]])
    #expect(rungs[0]["status"] == "reached")
    #expect(rungs[1]["status"] == "failed")
    #expect(rungs[1]["reason"]?.contains("refused") == true)
  }

  @Test func `fails where the Agent behind it refuses what came`() throws {
    var options = StandInAgent.Options()
    options.fault = .forbidden
    let agent = try StandInAgent.start(options)
    defer { agent.stop() }
    let python = RecordedTracer.python
    let (run, report) = try Self.watched(
      [python.traces(), python.event] + python.telemetry(), ["--forward"],
      [
        "DD_TRACE_AGENT_URL": agent.url, "DD_LLMOBS_ENABLED": "1",
        "DD_DOGSTATSD_URL": "unix:///no/such/dsd.socket",
      ])
    #expect(run.status == 1, "\(run.errors)")
    let verdicts = Self.verdicts(report)
    #expect(verdicts["application.openai-span"] == "failed http", "\(verdicts)")
    #expect(verdicts["application.llmobs-span"] == "failed http", "\(verdicts)")
    let delivery = try #require(report["delivery"] as? [String: Any])
    let rungs = try #require(delivery["rungs"] as? [[String: String]])
    #expect(rungs.prefix(3).map { $0["status"] } == ["reached", "reached", "failed"])
    #expect(
      rungs[1]["reason"]?.hasSuffix(
        "no metric was passed on: unix:///no/such/dsd.socket: no such socket") == true)
    #expect(rungs[2]["reason"] == "the Agent answered 403 to traces")
  }

  @Test func `passes on over TLS, and leads around every proxy`() throws {
    let log = Mutex<[HTTPRequest]>([])
    var options = StandInAgent.Options()
    options.inspect = { request in log.withLock { $0.append(request) } }
    let agent = try StandInAgent.start(options)
    defer { agent.stop() }
    let front = try TLSFront.shared.get()
    let port = try front.port(before: Int(agent.port))
    let python = RecordedTracer.python
    let requests = [python.traces(), python.event] + python.telemetry()
    let variables = [
      "DD_TRACE_AGENT_URL": "https://localhost:\(port)", "HTTPS_PROXY": "http://127.0.0.1:9",
    ]
    let (run, report) = try Self.watched(
      requests, ["--forward", "--cacert", front.authority], variables)
    #expect(run.status == 0, "\(run.errors)")
    let arrived = log.withLock { $0 }.filter { !$0.body.isEmpty }
    #expect(arrived.map(\.body) == requests.map(\.body))
    #expect(arrived.map(\.target) == requests.map(\.target))
    let first = try #require(arrived.first)
    #expect(first.fields["Content-Type"] == "application/msgpack")
    #expect(first.fields["Datadog-Meta-Tracer-Version"] == "4.16.0")
    let delivery = try #require(report["delivery"] as? [String: Any])
    #expect(delivery["reached"] as? String == "accepted")
  }

  @Test func `says why nothing can be passed on over TLS`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let port = try TLSFront.shared.get().port(before: Int(agent.port), .expired)
    let (run, report) = try Self.watched(
      [RecordedTracer.python.traces()],
      ["--forward", "--cacert", try TLSFront.shared.get().authority],
      ["DD_TRACE_AGENT_URL": "https://localhost:\(port)"])
    #expect(run.status == 1, "\(run.errors)")
    #expect(Self.verdicts(report)["application.openai-span"] == "failed notSent")
    #expect(Self.message("application.openai-span", report).contains("expired"))
    #expect(agent.requestCount == 0)
  }

  @Test func `fails where the Agent behind it never answers to traces`() throws {
    var options = StandInAgent.Options()
    options.fault = .spanTimeout
    let agent = try StandInAgent.start(options)
    defer { agent.stop() }
    let python = RecordedTracer.python
    let (run, report) = try Self.watched(
      [python.traces()] + python.telemetry(), ["--forward", "--timeout", "300ms"],
      ["DD_TRACE_AGENT_URL": agent.url])
    #expect(run.status == 1, "\(run.errors)")
    #expect(Self.verdicts(report)["application.openai-span"] == "failed notSent")
    #expect(Self.message("application.openai-span", report).contains("no answer for"))
    let delivery = try #require(report["delivery"] as? [String: Any])
    let rungs = try #require(delivery["rungs"] as? [[String: String]])
    #expect(rungs.prefix(3).map { $0["status"] } == ["reached", "reached", "failed"])
    #expect(rungs[2]["reason"]?.hasPrefix("1 of 1 requests with traces got no answer") == true)
  }

  @Test func `refuses --forward where no Agent is configured that it could go to`() throws {
    let run = try Doctor.run(
      ["capture", "--forward", "--", "true"], ["DD_TRACE_AGENT_URL": "ftp://gateway"])
    #expect(run.status == 64 && run.errors.contains("--forward"))
  }

  @Test func `is judged again from its report, to the same verdicts`() throws {
    let scratch = try Scratch()
    let (_, report) = try Self.watched([RecordedTracer.php.traces()])
    let file = scratch.folder.appending(path: "report.json")
    try JSONSerialization.data(withJSONObject: report).write(to: file)
    let again = try Doctor.run(["judge", file.path, "--format", "json"])
    #expect(Self.verdicts(try again.report()) == Self.verdicts(report))
    #expect(again.status == 0)
  }

  @Test func `stays out of the report of check, and stands in the list`() throws {
    let check = try Doctor.run(["--offline", "--format", "json"])
    #expect(!check.output.contains("application."))
    #expect(try Doctor.run(["list"]).output.contains("application.openai-span"))
    #expect(try Doctor.run(["explain", "application.flush"]).output.contains("SIGKILL"))
  }
}
