import Foundation
import StandIn
import Testing

/// `--baseline` and `--print-env` through the built binary.
@Suite struct BaselineTests {
  private func saved(_ scratch: Scratch, _ variables: [String: String]) throws -> String {
    let run = try Doctor.run(["--format", "json"], variables)
    try Data(run.output.utf8).write(to: scratch.folder.appending(path: "base.json"))
    return scratch.path("base.json")
  }

  @Test func `what stood there decides nothing, and is shown as known`() throws {
    let closed = try StandInAgent.start()
    closed.stop()
    let scratch = try Scratch()
    let variables = ["DD_TRACE_AGENT_URL": closed.url]
    let baseline = try saved(scratch, variables)
    let run = try Doctor.run(["--baseline", baseline], variables)
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("FAILED  1 cause, 1 known"))
    #expect(run.output.contains("refused, known"))
    #expect(run.agentErrorLine?.hasSuffix("(connection refused)") == true)
    let strict = try Doctor.run(
      ["--baseline", baseline, "--strict", "--format", "json"], variables)
    #expect(strict.status == 0)
    #expect(try strict.report()["verdict"] as? String == "failed")
    #expect(try strict.check("agent.reachable")["known"] as? Bool == true)
  }

  @Test func `what is new decides, and comes first`() throws {
    let closed = try StandInAgent.start()
    closed.stop()
    let scratch = try Scratch()
    let variables = ["DD_TRACE_AGENT_URL": closed.url, "DD_SERVICE": "shop", "DD_ENV": "prod"]
    let baseline = try saved(scratch, variables)
    let worse = variables.merging(["DD_SITE": "datadoghq.cmo", "DD_API_KEY": "x"]) { $1 }
    let run = try Doctor.run(["--baseline", baseline, "--offline"], worse)
    #expect(run.output.contains("Next: export DD_SITE=datadoghq.com"), "\(run.output)")
    let warned = ["DD_TRACE_AGENT_URL": closed.url, "DD_ENV": "prod"]
    #expect(try Doctor.run(["--baseline", baseline], warned).status == 0)
    #expect(try Doctor.run(["--baseline", baseline, "--strict"], warned).status == 1)
  }

  @Test func `another reason for the same trouble is new`() throws {
    let closed = try StandInAgent.start()
    closed.stop()
    let scratch = try Scratch()
    let baseline = try saved(scratch, ["DD_TRACE_AGENT_URL": closed.url])
    let run = try Doctor.run(
      ["--baseline", baseline], ["DD_TRACE_AGENT_URL": "unix://\(scratch.path("none"))"])
    #expect(run.status == 1)
  }

  @Test func `a run that is cut off is no known trouble`() throws {
    var options = StandInAgent.Options()
    options.fault = .silent
    let agent = try StandInAgent.start(options)
    defer { agent.stop() }
    let scratch = try Scratch()
    let variables = ["DD_TRACE_AGENT_URL": agent.url, "DD_SERVICE": "shop", "DD_ENV": "prod"]
    let arguments = ["--language", "python", "--deadline", "50ms"]
    let path = scratch.path("base.json")
    _ = try Doctor.run(arguments + ["--format", "json", "-o", path], variables)
    let run = try Doctor.run(arguments + ["--baseline", path], variables)
    #expect(run.status == 3, "\(run.output)")
  }

  @Test func `a baseline that is none is told before anything is asked`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let scratch = try Scratch()
    try Data("{}".utf8).write(to: scratch.folder.appending(path: "x.json"))
    let variables = ["DD_TRACE_AGENT_URL": agent.url]
    #expect(try Doctor.run(["--baseline", scratch.path("x.json")], variables).status == 65)
    #expect(try Doctor.run(["--baseline", scratch.path("none")], variables).status == 66)
    #expect(agent.requestCount == 0)
  }

  @Test func `exports go to standard output, and mend what they can`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let variables = ["DD_TRACE_AGENT_URL": agent.url, "DD_SITE": "datadoghq.cmo"]
    let run = try Doctor.run(["--print-env", "--setup", "llmobs-agent"], variables)
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.contains("export DD_LLMOBS_ENABLED=1"), "\(run.output)")
    #expect(lines.contains("export DD_SITE=datadoghq.com"))
    #expect(run.errors.contains("FAILED") && !run.errors.contains("\nexport"))
    // What only the user can name is not made up.
    #expect(lines.contains { $0.hasPrefix("# export DD_LLMOBS_ML_APP=") }, "\(run.output)")
    #expect(!lines.contains { $0.contains("DD_LLMOBS_ML_APP=") && !$0.hasPrefix("# ") })
    let after = try Doctor.shell(
      """
      eval "$($DOCTOR --print-env --setup llmobs-agent 2>/dev/null)"
      [ "$DD_SITE $DD_LLMOBS_ENABLED $DD_ENV" = "datadoghq.com 1 " ] \\
        && DD_LLMOBS_ML_APP=shop DD_SERVICE=shop DD_ENV=prod \\
        $DOCTOR --only environment,site.known,llmobs.enabled --strict -q
      """, ["DD_TRACE_AGENT_URL": agent.url, "DD_SITE": "datadoghq.cmo"])
    #expect(after.status == 0, "\(after.output)")
  }

  @Test func `placeholders are comments, and a key stays where it is`() throws {
    let key = "c0ffee00112233445566778899aabbcc"
    let run = try Doctor.run(
      ["--print-env", "--offline", "--setup", "llmobs-agentless", "--language", "python"],
      ["DD_APIKEY": key, "DD_LLMOBS_ENABLED": "1"])
    #expect(!run.output.contains(key) && !run.errors.contains(key))
    let open = run.output.split(separator: "\n").filter { $0.contains("<") }
    #expect(open.allSatisfy { $0.hasPrefix("# ") }, "\(run.output)")
    let none = try Doctor.run(
      ["--print-env", "--offline", "--setup", "llmobs-agentless", "--language", "python"],
      ["DD_LLMOBS_ENABLED": "1"])
    #expect(none.output.contains("# export DD_API_KEY='<api key>'"), "\(none.output)")
    for line in none.output.split(separator: "\n") {
      #expect(line.hasPrefix("# ") || line.hasPrefix("export ") || line.hasPrefix("unset "))
    }
  }
}
