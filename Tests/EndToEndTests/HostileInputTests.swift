import Foundation
import StandIn
import Testing

/// What strangers and slips put into variables and on the command line.
@Suite struct HostileInputTests {
  @Test(arguments: [
    ("DD_TRACE_AGENT_PORT=99999", "agent.address"), ("DD_TRACE_AGENT_PORT=''", "agent.address"),
    ("DD_TRACE_AGENT_PORT=abc", "agent.address"), ("DD_TRACE_AGENT_PORT=-1", "agent.address"),
    ("DD_TRACE_AGENT_URL=localhost:8126", "agent.address"),
    ("DD_TRACE_AGENT_URL='\"http://localhost:8126\"'", "agent.address"),
    ("DD_TRACE_AGENT_URL=http://", "agent.address"),
    ("DD_TRACE_AGENT_URL=unix://", "agent.address"),
    ("DD_TRACE_AGENT_URL=http://h:99999", "agent.address"),
    ("DD_TRACE_AGENT_URL='http://[::1'", "agent.address"),
    ("DD_AGENT_HOST=http://h", "agent.address"),
    ("DD_AGENT_HOST=$(printf '\\377')", "agent.address"),
    ("DD_TRACE_AGENT_URL=$(head -c 120000 /dev/zero | tr '\\0' a)", "agent.address"),
    ("DD_TRACE_AGENT_URL=$(printf 'http://h\\033[31m:8126')", "agent.address"),
  ]) func `a malformed address is named, never a trap`(assignment: String, id: String) throws {
    let run = try Doctor.shell("\(assignment) exec $DOCTOR --format json --timeout 1s")
    #expect(run.status == 1)
    let check = try run.check(id)
    #expect(check["status"] as? String == "failed")
    #expect(!(check["remedies"] as? [Any] ?? []).isEmpty)
    let text = try Doctor.shell("\(assignment) exec $DOCTOR --timeout 1s")
    #expect(!text.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  @Test(arguments: [
    "DD_SERVICE=''", "DD_SERVICE=$(printf '\\377\\376')",
    "DD_TAGS=$(head -c 120000 /dev/zero | tr '\\0' ,)",
    "DD_ENV=$(printf 'a\\001b\\033[2Jc')",
    "DD_SERVICE=$(head -c 120000 /dev/urandom | tr -d '\\0')",
    "DD_TRACE_SAMPLING_RULES=$(head -c 513 /dev/zero | tr '\\0' [)",
    "DD_TRACE_SAMPLING_RULES=$(head -c 100000 /dev/zero | tr '\\0' [)",
    "OTEL_RESOURCE_ATTRIBUTES='=,=,,a=='", "DD_LLMOBS_ENABLED=$(printf '\\r')", "DD_=x",
    "DD_TAGS=:::",
    "DD_PATCH_MODULES=::,:", "NODE_OPTIONS=$(printf '\\377')", "DD_SITE=$(printf 'a\\nb')",
  ]) func `any value of a variable is survived`(assignment: String) throws {
    for arguments in [
      "--offline", "--offline --info", "--offline --format json", "explain DD_SERVICE",
    ] {
      let run = try Doctor.shell("\(assignment) exec $DOCTOR \(arguments)")
      #expect([0, 1, 3].contains(run.status), "\(run.errors)")
      #expect(run.errors.isEmpty)
      if !arguments.contains("json") {
        #expect(!run.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
      }
    }
  }

  @Test(arguments: [
    (["--fromat", "json"], "did you mean --format"), (["chekc"], "did you mean check"),
    (["--format", "jsn"], "did you mean json"),
    (["--only", "agent.adress"], "did you mean agent.address"),
    (["--setup", "amp"], "did you mean apm"), (["--timeout", "5"], "is no duration"),
    (["--timeout"], "needs a value"), (["explain"], "needs a value"),
    (["explain", "agent.spam"], "did you mean agent.span"), (["list", "--offline"], "takes no"),
    (["demo", "--fault", "shh"], "did you mean ssh"), (["check", "extra"], "takes no"),
  ]) func `a usage error is one line with the nearest name, exit 64`(
    arguments: [String], part: String
  ) throws {
    let run = try Doctor.run(arguments)
    #expect(run.status == 64)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(part), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `a key pasted as an argument is told by its kind and length alone`() throws {
    let key = "0123456789abcdef0123456789abcdef"
    for arguments in [
      [key], ["--\(key)"], ["--format", key], ["explain", key], ["--report", "json=\(key)/x"],
    ] {
      let run = try Doctor.run(arguments)
      #expect([64, 73].contains(run.status), "\(arguments)")
      #expect(!run.errors.contains(key))
      #expect(!run.output.contains(key))
    }
  }

  @Test func `an output that can't be written is exit 73 and names it`() throws {
    let run = try Doctor.run(["--offline", "-o", "/nonexistent/report.txt"])
    #expect(run.status == 73)
    #expect(run.errors.contains("/nonexistent/report.txt"))
  }

  @Test(arguments: ["$!", "$! $!"])
  func `Ctrl-C writes the report so far and exits 130`(targets: String) throws {
    var options = StandInAgent.Options()
    options.fault = .silent
    let agent = try StandInAgent.start(options)
    defer { agent.stop() }
    let scratch = try Scratch()
    // The signal comes once the Agent has been asked, which --debug tells.
    let run = try Doctor.shell(
      """
      mkfifo "$DIR/log"
      $DOCTOR --format json --debug --timeout 20s -o "$DIR/report.json" 2> "$DIR/log" &
      while read -r line; do
        case "$line" in *"ask   agent.info"*) kill -INT \(targets);; esac
      done < "$DIR/log"
      wait $!; echo "exit $?"; cat "$DIR/report.json"
      """,
      ["DD_TRACE_AGENT_URL": agent.url, "DIR": scratch.folder.path])
    let (line, text) = try #require(
      run.output.firstRange(of: "\n").map {
        (run.output[..<$0.lowerBound], run.output[$0.upperBound...])
      })
    #expect(line == "exit 130")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(report["exitStatus"] as? Int == 130)
    let checks = try #require(report["checks"] as? [[String: Any]])
    let answers = try #require(checks.first { $0["id"] as? String == "agent.answers" })
    #expect(answers["status"] as? String == "unknown")
    #expect(answers["failureClass"] as? String == "interrupted")
  }
}
