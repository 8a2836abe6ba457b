import Foundation
import StandIn
import Testing
import Wire

/// The main job through the built binary, against stand-in Agents of this process.
@Suite struct MainJobTests {
  @Test func `a healthy Agent is None, exit 0, and gets the span with the report's run id`() throws
  {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try Doctor.run(
      ["--format", "json"],
      ["DD_TRACE_AGENT_URL": agent.url, "DD_SERVICE": "shop", "DD_ENV": "prod"])
    #expect(run.status == 0)
    #expect(run.errors.isEmpty, "standard error is silent where it is no terminal")
    let report = try run.report()
    #expect(report["verdict"] as? String == "healthy")
    let spans = agent.requests.flatMap(\.spans)
    #expect(spans.map(\.name) == ["openai.request"])
    #expect(spans.map(\.service) == ["dd-doctor"])
    #expect(spans.map(\.resource) == ["dd-doctor preflight"])
    #expect(spans.map(\.environment) == ["prod"])
    #expect(spans.map(\.samplingPriority) == [2])
    #expect(spans.map(\.runID) == [report["runID"] as? String])
    let fields = try #require(agent.requests.first { $0.method == "PUT" }).fieldNames
    #expect(!fields.contains { $0.lowercased() == "datadog-rates-payload-version" })
  }

  @Test func `info says None where, and only where, an Agent took the span`() throws {
    let agent = try StandInAgent.start()
    let variables = ["DD_TRACE_AGENT_URL": agent.url, "DD_SERVICE": "shop", "DD_ENV": "prod"]
    let healthy = try Doctor.run(["--info"], variables)
    #expect(healthy.agentErrorLine == "    Agent error: None")
    #expect(healthy.status == 0)
    agent.stop()
    let gone = try Doctor.run(["--info"], variables)
    #expect(
      gone.agentErrorLine
        == "    Agent error: Agent not reachable at \(agent.url) (connection refused)")
    #expect(gone.status == 1)
  }

  @Test func `an Agent on a Unix socket takes the span`() throws {
    let scratch = try Scratch()
    var options = StandInAgent.Options()
    options.socket = scratch.path("apm.socket")
    options.tcp = false
    let agent = try StandInAgent.start(options)
    defer { agent.stop() }
    let run = try Doctor.run(
      ["--info"], ["DD_TRACE_AGENT_URL": "unix://\(scratch.path("apm.socket"))"])
    #expect(run.agentErrorLine == "    Agent error: None")
    #expect(agent.requests.flatMap(\.spans).count == 1)
  }

  @Test func `no socket and a file that is no socket have their own classes`() throws {
    let scratch = try Scratch()
    try Data().write(to: scratch.folder.appending(path: "file"))
    let none = try Doctor.run(
      ["--format", "json"], ["DD_TRACE_AGENT_URL": "unix://\(scratch.path("none"))"])
    #expect(try none.check("agent.reachable")["failureClass"] as? String == "noSocket")
    let file = try Doctor.run(
      ["--format", "json"], ["DD_TRACE_AGENT_URL": "unix://\(scratch.path("file"))"])
    #expect(try file.check("agent.reachable")["failureClass"] as? String == "refused")
  }

  @Test func `two runs of one state are equal but for times and ids`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let variables = ["DD_TRACE_AGENT_URL": agent.url, "DD_SERVICE": "shop", "DD_ENV": "prod"]
    let runs = try (0..<2).map { _ in
      let run = try Doctor.run(["--format", "json"], variables)
      let id = try #require(try run.report()["runID"] as? String)
      return run.output.replacing(id, with: "RUN")
        .replacing(/"(startedAt)" : "[^"]*"/, with: "TIME")
        .replacing(
          /"(dns|connect|tls|firstByte|total|durationMilliseconds)" : [0-9.]+/, with: "TIME"
        )
        .replacing(/(Date","value":")[^"]*/, with: "TIME")
        .replacing(/"value" : "[A-Z][a-z]{2}, [^"]* GMT"/, with: "TIME")
    }
    #expect(runs[0] == runs[1])
  }

  @Test func `skipping the span leaves the answer to info as the evidence`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try Doctor.run(["--info", "--skip", "agent.span"], ["DD_TRACE_AGENT_URL": agent.url])
    #expect(run.agentErrorLine == "    Agent error: None")
    #expect(!agent.requests.contains { $0.method == "PUT" }, "no span was sent")
  }

  @Test func `offline opens no socket and says so`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try Doctor.run(["--info", "--offline"], ["DD_TRACE_AGENT_URL": agent.url])
    #expect(run.agentErrorLine == "    Agent error: not checked (offline)")
    #expect(run.status == 0)
    #expect(agent.requestCount == 0)
  }

  @Test func `the span command sends the span and nothing else is judged`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try Doctor.run(["span", "--format", "json"], ["DD_TRACE_AGENT_URL": agent.url])
    #expect(run.status == 0)
    #expect(agent.requests.flatMap(\.spans).count == 1)
    #expect(try run.check("agent.span")["status"] as? String == "passed")
    #expect(try run.check("environment.names")["status"] as? String == "skipped")
  }

  @Test func `a run writes its reports whole, and leaves nothing beside them`() throws {
    let scratch = try Scratch()
    let closed = try StandInAgent.start()
    closed.stop()
    let run = try Doctor.run(
      [
        "--report", "json=\(scratch.path("r.json"))", "--report", "info=\(scratch.path("r.txt"))",
        "-o", scratch.path("main.txt"),
      ], ["DD_TRACE_AGENT_URL": closed.url])
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(try scratch.text("main.txt").contains("agent.reachable"))
    #expect(try scratch.text("r.txt").contains("    Agent error: Agent not reachable at"))
    #expect(
      try JSONSerialization.jsonObject(with: Data(try scratch.text("r.json").utf8)) is [String: Any]
    )
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path)
    #expect(left.sorted() == ["main.txt", "r.json", "r.txt"], "no temporary file is left")
  }

  @Test(arguments: ["demo", "demo --fault key-refused", "demo --fault egress-timeout", "--offline"])
  func `every format has the same exit status`(arguments: String) throws {
    let formats = [
      "text", "info", "json", "ndjson", "junit", "tap", "sarif", "github", "markdown", "html",
      "prometheus",
    ]
    let words = arguments.split(separator: " ").map(String.init) + ["--timeout", "300ms"]
    let statuses = try formats.map { try Doctor.run(words + ["--format", $0]).status }
    #expect(Set(statuses).count == 1, "\(zip(formats, statuses).map { "\($0) \($1)" })")
  }

  @Test func `ndjson is one event a line and ends with the report`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try Doctor.run(["--format", "ndjson"], ["DD_TRACE_AGENT_URL": agent.url])
    let events = try run.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(events.last?["event"] as? String == "report")
    #expect(events.contains { $0["event"] as? String == "asking" })
    let findings = events.filter { $0["event"] as? String == "finding" }
    let report = try #require(events.last?["report"] as? [String: Any])
    #expect(findings.count == (report["checks"] as? [Any])?.count)
  }

  @Test func `debug tells each exchange on standard error`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try Doctor.run(["--info", "--debug"], ["DD_TRACE_AGENT_URL": agent.url])
    #expect(run.errors.contains("\(agent.url)/info: status 200; sent "))
    #expect(run.errors.contains("judge agent.span: passed"))
    #expect(run.agentErrorLine == "    Agent error: None")
  }

  @Test(arguments: ["configured", "connected", "accepted", "counted", "forwarded", "stored"])
  func `a rung of the ladder is explained`(rung: String) throws {
    let run = try Doctor.run(["explain", rung])
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("\(rung)  rung ") && run.output.contains("Docs:    https://"))
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func `list tells of every check its setups and needs, in 80 columns`() throws {
    let lines = try Doctor.run(["list"]).output.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= 80 })
    let start = try #require(lines.firstIndex { $0.hasPrefix("agent.span ") })
    #expect(lines[start + 1] == "    setups  llmobs-agent apm")
    #expect(lines[start + 2].hasPrefix("    needs   ") && lines[start + 2].contains("agent.traces"))
    let titles = try Doctor.run(["list", "-q"]).output.split(separator: "\n").map(String.init)
    #expect(titles.count == lines.count { !$0.hasPrefix(" ") })
    #expect(titles.contains("agent.span                              Agent accepts the test span"))
  }
}
