import Foundation
import StandIn
import Testing

/// `dd-doctor logs`, as a user runs it.
@Suite struct LogsTests {
  private static let failure =
    "failed to send, dropping 1 traces to intake at http://localhost:8126/v0.5/traces after 3"
    + " retries ([Errno 61] Connection refused)"

  private func file(_ text: String, _ name: String = "app.log", in scratch: Scratch) throws
    -> String
  {
    try Data(text.utf8).write(to: scratch.folder.appending(path: name))
    return scratch.path(name)
  }

  @Test func `a known failure exits 1 and reads as a person needs it`() throws {
    let scratch = try Scratch()
    let path = try file("calm\nERROR:ddtrace:\(Self.failure)\n", in: scratch)
    let run = try Doctor.run(["logs", path])
    #expect(run.status == 1)
    #expect(run.errors.isEmpty)
    for part in [
      "FAILED  1 known failure", "python-send-refused", "agent.reachable", "once, line 2", "cause",
      "fix ", "dd-doctor explain agent.reachable",
    ] {
      #expect(run.output.contains(part), "\(part) is not in \(run.output)")
    }
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func `the JSON report holds the findings as CONTRACT names them`() throws {
    let scratch = try Scratch()
    let path = try file("calm\n\(Self.failure)\n\(Self.failure)\n", in: scratch)
    let run = try Doctor.run(["logs", path, "--format", "json"])
    #expect(run.status == 1)
    let report = try run.report()
    #expect(report["schemaVersion"] as? Int == 1)
    #expect((report["tool"] as? [String: Any])?["name"] as? String == "dd-doctor")
    #expect(report["verdict"] as? String == "failed")
    #expect(report["exitStatus"] as? Int == 1)
    let findings = try #require(report["findings"] as? [[String: Any]])
    let finding = try #require(findings.first)
    #expect(findings.count == 1)
    #expect(finding["id"] as? String == "python-send-refused")
    #expect(finding["checkID"] as? String == "agent.reachable")
    #expect(finding["count"] as? Int == 2)
    #expect(finding["firstLine"] as? Int == 2)
    #expect(finding["lastLine"] as? Int == 3)
    #expect((finding["excerpt"] as? String)?.hasPrefix("failed to send") == true)
    #expect((finding["remedies"] as? [[String: Any]])?.isEmpty == false)
    #expect(finding["cause"] is String && finding["docs"] is String)
    let check = try run.check("agent.reachable")
    #expect(check["status"] as? String == "failed")
    #expect(check["failureClass"] as? String == "refused")
    let evidence = try #require(check["evidence"] as? [[String: Any]])
    #expect(evidence.map { $0["name"] as? String } == ["line 2", "seen"])
    #expect((report["agent"] as? [String: Any])?["state"] as? String == "notChecked")
    for key in ["runID", "startedAt", "setup", "delivery", "summary", "observations", "input"] {
      #expect(report[key] != nil, "\(key)")
    }
    #expect(report["tracer"] == nil, "no configuration was read")
    let again = try Doctor.run(["logs", path, "--format", "json"]).report()
    for key in report.keys where !["runID", "startedAt", "durationMilliseconds"].contains(key) {
      #expect(try Self.text(again[key]) == Self.text(report[key]), "\(key)")
    }
  }

  private static func text(_ value: Any?) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: value ?? NSNull(), options: [.sortedKeys, .fragmentsAllowed])
    return String(decoding: data, as: UTF8.self)
  }

  /// What a reader of each format looks for.
  @Test(
    arguments: [
      ("ndjson", "\"event\":\"finding\""), ("junit", "<failure message="),
      ("tap", "not ok 1 - agent.reachable"), ("sarif", "\"startLine\" : 2"),
      ("github", "app.log,line=2,"), ("markdown", "`agent.reachable`"),
      ("html", "<span class=\"id\">agent.reachable</span>"),
    ])
  func `every format that fits a log names the finding, and stays calm on a calm one`(
    format: String, part: String
  ) throws {
    let scratch = try Scratch()
    let path = try file("calm\n\(Self.failure)\n", in: scratch)
    let run = try Doctor.run(["logs", path, "--format", format])
    #expect(run.status == 1)
    #expect(run.output.contains(part), "\(run.output)")
    let other = scratch.path("report")
    let calm = try Doctor.run(
      ["logs", try file("calm\n", "calm.log", in: scratch), "--report", "\(format)=\(other)"])
    #expect(calm.status == 0)
    let text = try scratch.text("report")
    #expect(!text.contains(part) && !text.contains("not ok"), "\(text)")
    #expect(!text.contains("HEALTHY"), "\(text)")
  }

  @Test func `standard input and several files are read`() throws {
    let piped = try Doctor.shell("printf '%s' '\(Self.failure)' | $DOCTOR logs -")
    #expect(piped.status == 1)
    #expect(piped.output.contains("standard input"))
    let scratch = try Scratch()
    let first = try file("calm\n", "one.log", in: scratch)
    let second = try file("\(Self.failure)\n", "two.log", in: scratch)
    let run = try Doctor.run(["logs", first, second, "--format", "json"])
    #expect(run.status == 1)
    let findings = try #require(try run.report()["findings"] as? [[String: Any]])
    #expect(findings.map { $0["file"] as? String } == [second])
  }

  @Test(arguments: [
    "    Agent error: None", "Listening for traces at http://localhost:8126",
  ])
  func `what proves a part of the way at most is not healthy`(line: String) throws {
    let scratch = try Scratch()
    let run = try Doctor.run(["logs", try file("\(line)\n", in: scratch), "--format", "json"])
    #expect(run.status == 0)
    #expect(try run.report()["verdict"] as? String == "unknown")
  }

  @Test func `standard input is no file that SARIF could name`() throws {
    let run = try Doctor.shell("printf '%s\\n' '\(Self.failure)' | $DOCTOR logs - --format sarif")
    #expect(run.status == 1)
    #expect(run.output.contains("ruleId"))
    #expect(!run.output.contains(".env"), "\(run.output)")
  }

  @Test func `its report is not for judge, which says so`() throws {
    let scratch = try Scratch()
    let report = scratch.path("r.json")
    _ = try Doctor.run(["logs", try file("calm\n", in: scratch), "--report", "json=\(report)"])
    let run = try Doctor.run(["judge", report])
    #expect(run.status == 65)
    #expect(run.errors.contains("is the report of a log"))
  }

  @Test func `a calm log exits 0 and claims no delivery`() throws {
    let scratch = try Scratch()
    let run = try Doctor.run(["logs", try file("INFO all is well\n", in: scratch)])
    #expect(run.status == 0)
    #expect(run.output.contains("NO KNOWN FAILURE"))
    #expect(!run.output.contains("HEALTHY"))
  }

  @Test func `nothing to read is 3, no such input 66, what is compressed 65`() throws {
    let scratch = try Scratch()
    #expect(try Doctor.run(["logs", try file("", in: scratch)]).status == 3)
    #expect(try Doctor.run(["logs", "/dev/null"]).status == 3)
    for name in [scratch.path("missing.log"), scratch.folder.path] {
      let run = try Doctor.run(["logs", name])
      #expect(run.status == 66)
      #expect(run.output.isEmpty)
      #expect(run.errors.contains(name) && run.errors.split(separator: "\n").count == 1)
    }
    let packed = scratch.folder.appending(path: "app.log.gz")
    try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0]).write(to: packed)
    let run = try Doctor.run(["logs", packed.path])
    #expect(run.status == 65)
    #expect(run.errors.contains("zcat"))
  }

  @Test(arguments: [
    ["logs"], ["logs", "-", "--format", "info"], ["logs", "-", "--format", "nagios"],
    ["logs", "-", "--report", "prometheus=-"],
    ["logs", "-", "--offline"], ["logs", "-", "--format", "jsn"],
  ]) func `what logs does not take is 64`(arguments: [String]) throws {
    let run = try Doctor.run(arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `help names the input and the exit statuses`() throws {
    let run = try Doctor.run(["logs", "--help"])
    #expect(run.status == 0)
    for part in ["FILE...|-", "--format", "1 a known failure", "66 no such file"] {
      #expect(run.output.contains(part))
    }
  }

  @Test func `no control character and no key of a log reaches the terminal`() throws {
    let scratch = try Scratch()
    let text =
      "\u{1B}[31m\(Self.failure)\u{1B}[2J\u{7} \u{202E}\n"
      + "Incorrect API key provided: geheim-geheim. You can find\n"
      + "Error: connect ECONNREFUSED http://u:geheim-geheim@a:8126\n"
    let path = try file(text, in: scratch)
    for format in ["text", "json"] {
      let run = try Doctor.run(["logs", path, "--format", format])
      #expect(run.status == 1)
      #expect(!run.output.contains("geheim-geheim"))
      #expect(
        !run.output.unicodeScalars.contains {
          $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E
        })
    }
  }

  @Test func `PowerShell's UTF-16 is read`() throws {
    let scratch = try Scratch()
    let path = scratch.folder.appending(path: "app.log")
    try Data([0xFF, 0xFE] + Self.failure.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
      .write(to: path)
    #expect(try Doctor.run(["logs", path.path]).status == 1)
  }

  @Test(.enabled(if: Peers.folder != nil, "DD_DOCTOR_PEERS is not set"))
  func `the real tracer's own log against a dead port is recognised`() throws {
    let scratch = try Scratch()
    let holder = try StandInAgent.start()
    let url = "http://127.0.0.1:\(holder.port)"
    holder.stop()
    let program = try file(
      "import ddtrace\nwith ddtrace.tracer.trace('openai.request'): pass\n", "app.py", in: scratch)
    let run = try Doctor.shell(
      """
      "$PEERS/bin/ddtrace-run" --debug "$PEERS/bin/python" "\(program)" 2>&1 |
        "$DOCTOR" logs - --format json
      """,
      [
        "PEERS": Peers.folder ?? "", "DD_TRACE_AGENT_URL": url, "HOME": scratch.folder.path,
        "DD_SERVICE": "shop",
      ])
    #expect(run.status == 1)
    let report = try run.report()
    let findings = try #require(report["findings"] as? [[String: Any]])
    let ids = findings.compactMap { $0["id"] as? String }
    let refused = try #require(
      findings.first { $0["id"] as? String == "python-send-refused" }, "\(ids)")
    #expect(refused["checkID"] as? String == "agent.reachable")
    let remedies = try #require(refused["remedies"] as? [[String: Any]])
    #expect(remedies.contains { $0["command"] as? String == "dd-doctor --only 'agent.*'" })
    #expect(remedies.contains { $0["variable"] as? String == "DD_AGENT_HOST" })
    #expect(
      Set(ids).isSubset(of: [
        "python-send-refused", "python-agent-unreachable", "python-native-send",
      ]), "\(ids)")
    let proofs = try #require(report["proofs"] as? [[String: Any]])
    #expect(proofs.contains { $0["id"] as? String == "python-openai-span" })
  }
}
