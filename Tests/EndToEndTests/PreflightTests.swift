import Foundation
import StandIn
import Testing

/// `run`, `wait` and `judge`: before an application, and after the fact.
@Suite struct PreflightTests {
  private static func gone() throws -> String {
    let agent = try StandInAgent.start()
    agent.stop()
    return agent.url
  }

  @Test func `run becomes the command, with its arguments, its output and its status`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try Doctor.run(
      ["run", "--", "sh", "-c", "echo \"$1\"; exit 7", "sh", "a b -v --only"],
      ["DD_TRACE_AGENT_URL": agent.url])
    #expect(run.status == 7)
    #expect(run.output == "a b -v --only\n", "standard output is the command's alone")
    #expect(run.errors.contains("Agent error: None"))
  }

  @Test func `run does not start the command where something failed`() throws {
    let variables = ["DD_TRACE_AGENT_URL": try Self.gone()]
    let run = try Doctor.run(["run", "--", "sh", "-c", "echo started"], variables)
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    let warned = try Doctor.run(
      ["run", "--warn-only", "--", "sh", "-c", "echo started"], variables)
    #expect(warned.status == 0)
    #expect(warned.output == "started\n")
  }

  @Test func `what is only unknown starts the command, and strict counts warnings`() throws {
    var options = StandInAgent.Options()
    options.fault = .egressTimeout
    let agent = try StandInAgent.start(options)
    defer { agent.stop() }
    let variables = ["DD_TRACE_AGENT_URL": agent.url]
    let words = ["--timeout", "400ms", "--", "echo", "started"]
    #expect(try Doctor.run(["run"] + words, variables).output == "started\n")
    // DD_SERVICE and DD_ENV are missing: two warnings.
    #expect(try Doctor.run(["run", "--strict"] + words, variables).status == 1)
  }

  @Test func `a command that is not there is 127, as a shell says it`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try Doctor.run(
      ["run", "-q", "--", "no-such-command"], ["DD_TRACE_AGENT_URL": agent.url])
    #expect(run.status == 127)
    #expect(run.errors.contains("no-such-command"))
    #expect(try Doctor.run(["run"]).status == 64)
  }

  @Test func `run asks OpenAI nothing`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let key = "sk-proj-" + String(repeating: "a1B2", count: 12)
    let variables = ["DD_TRACE_AGENT_URL": agent.url, "OPENAI_API_KEY": key]
    let run = try Doctor.run(["run", "--debug", "--", "true"], variables)
    #expect(run.status == 0)
    #expect(run.errors.contains("ask   agent.info") && !run.errors.contains("ask   openai"))
    #expect(!run.errors.contains(key))
  }

  @Test func `wait ends well once an Agent answers, however late it starts`() throws {
    let scratch = try Scratch()
    // The Agent starts when the first attempt has failed, as the log tells.
    let run = try Doctor.shell(
      """
      $DOCTOR wait --debug --deadline 60s 2> >(
        while read -r line; do
          case "$line" in *"another round"*)
            [ -e "$DIR/pid" ] && continue
            $DOCTOR agent --port 0 --socket "$DIR/apm.socket" > /dev/null 2>&1 &
            echo $! > "$DIR/pid";;
          esac
        done)
      status=$?; kill "$(cat "$DIR/pid")"; exit $status
      """,
      [
        "DD_TRACE_AGENT_URL": "unix://\(scratch.path("apm.socket"))", "DIR": scratch.folder.path,
      ])
    #expect(run.status == 0)
  }

  @Test func `wait fails where only something else listens`() throws {
    var options = StandInAgent.Options()
    options.fault = .webPage
    let agent = try StandInAgent.start(options)
    defer { agent.stop() }
    let run = try Doctor.run(["wait", "--deadline", "700ms"], ["DD_TRACE_AGENT_URL": agent.url])
    #expect(run.status == 1)
  }

  @Test(arguments: ["key-refused", "web-page", "old-agent", "filters", "silent", "test-agent"])
  func `a saved report is judged alike, with nothing there to ask`(fault: String) throws {
    let scratch = try Scratch()
    let first = try Doctor.run(
      [
        "demo", "--fault", fault, "--timeout", "500ms", "--report",
        "json=\(scratch.path("r.json"))",
      ])
    let second = try Doctor.run(["judge", scratch.path("r.json"), "--format", "json"])
    #expect(second.status == first.status)
    let saved = try #require(
      try JSONSerialization.jsonObject(with: Data(try scratch.text("r.json").utf8))
        as? [String: Any])
    func verdicts(_ report: [String: Any]) throws -> [String] {
      try #require(report["checks"] as? [[String: Any]]).map { check in
        ["id", "status", "failureClass", "message"].compactMap { check[$0] as? String }
          .joined(separator: " ")
      }
    }
    #expect(try verdicts(try second.report()) == verdicts(saved))
  }

  @Test func `a report of a configuration alone is judged as far as that goes`() throws {
    let scratch = try Scratch()
    let path = scratch.path("r.json")
    let variables = ["DD_SERVICE": "shop", "DD_ENV": "prod"]
    _ = try Doctor.run(
      ["--offline", "--language", "python", "--format", "json", "-o", path], variables)
    let judged = try Doctor.run(["judge", path])
    #expect(judged.output.contains("as far as asked"), "\(judged.output)")
  }

  @Test(arguments: ["delivery", "*counted", "delivery.counted"])
  func `a check that only its name asks for is found by each glob`(pattern: String) throws {
    let run = try Doctor.run(
      ["--offline", "--setup", "apm", "--format", "json", "--only", pattern])
    #expect(try run.verdict("delivery.counted") == "skipped", "\(run.output)")
  }

  @Test func `wait names no option that nobody gave`() throws {
    let closed = try StandInAgent.start()
    closed.stop()
    let run = try Doctor.run(
      ["wait", "--deadline", "50ms"],
      ["DD_TRACE_AGENT_URL": closed.url, "DD_LLMOBS_ENABLED": "1"])
    #expect(run.status == 1)
    #expect(!"\(run.output)\(run.errors)".contains("--setup"), "\(run.output)\(run.errors)")
  }

  @Test func `a report of an interrupted run is not judged calm`() throws {
    let scratch = try Scratch()
    // The signal comes once a question has been asked, as the log tells.
    let run = try Doctor.shell(
      """
      exec 3< <(exec $DOCTOR agent --port 0 --fault silent 2>&1); agent=$!
      read -r line <&3; url=${line#*stand-in Agent at }; url=${url%%,*}; url=${url%%;*}
      export DD_TRACE_AGENT_URL=$url DD_SERVICE=shop DD_ENV=prod
      mkfifo "$DIR/log"
      $DOCTOR --setup apm --language python --debug --format json -o "$DIR/r.json" \
        2> "$DIR/log" &
      check=$!
      while read -r line; do
        case "$line" in *"ask   agent.info"*) kill -TERM $check;; esac
      done < "$DIR/log"
      wait $check; status=$?; kill $agent; exit $status
      """, ["DIR": scratch.folder.path])
    #expect(run.status == 130, "\(run.errors)")
    let judged = try Doctor.run(["judge", scratch.path("r.json"), "--format", "json"])
    #expect(judged.status == 3)
    #expect(try judged.verdict("agent.answers") == "unknown interrupted")
  }

  @Test(arguments: [
    ("", "no report"), ("{}", "no report"), ("[1,2", "no report"),
    (#"{"schemaVersion": 99}"#, "99"),
    (#"{"schemaVersion": 1}"#, "damaged"),
  ]) func `what is no report is exit 65, and named`(text: String, part: String) throws {
    let scratch = try Scratch()
    try Data(text.utf8).write(to: scratch.folder.appending(path: "r.json"))
    let run = try Doctor.run(["judge", scratch.path("r.json")])
    #expect(run.status == 65)
    #expect(run.errors.contains("r.json") && run.errors.contains(part), "\(run.errors)")
    #expect(try Doctor.run(["judge", scratch.path("none.json")]).status == 66)
  }
}
