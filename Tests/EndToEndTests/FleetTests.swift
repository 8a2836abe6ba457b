import Foundation
import StandIn
import Testing

@Suite struct `fleet asks many Agents at once` {
  private struct Report: Decodable {
    struct Agent: Decodable {
      struct Check: Decodable {
        var id: String
        var status: String
        var failureClass: String?
      }

      var url: String
      var state: String
      var version: String?
      var error: String?
      var checks: [Check]
    }

    struct Cause: Decodable {
      var checkID: String
      var failureClass: String?
      var count: Int
      var agents: [String]
    }

    var agents: [Agent]
    var causes: [Cause]
  }

  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func fleet(_ lines: [String], _ words: [String] = []) throws -> Doctor.Run {
    try Data(lines.joined(separator: "\n").utf8).write(
      to: URL(filePath: scratch.path("agents.txt")))
    return try Doctor.run(["fleet", "--agents", scratch.path("agents.txt")] + words)
  }

  private func report(_ lines: [String], _ words: [String] = []) throws -> Report {
    let run = try fleet(lines, ["--format", "json"] + words)
    return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
  }

  @Test func `each gets its own verdict, and what many share is one cause`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let closed = try StandInAgent.start()
    closed.stop()
    let port = agent.url.split(separator: ":").last.map(String.init) ?? ""
    let lines = [
      "# ours", agent.url, "  127.0.0.1:\(port)  # the same", closed.url, "unix:///nonexistent/s",
      "http://host:99999", "two words", "",
    ]
    let report = try report(lines)
    #expect(report.agents.map(\.state) == ["ok", "failed", "failed", "failed", "failed"])
    let classes = report.agents.map { $0.checks.first { $0.status == "failed" }?.failureClass }
    #expect(classes == [nil, "refused", "noSocket", "malformed", "malformed"])
    #expect(report.agents[0].version?.isEmpty == false && report.agents[0].error == nil)
    #expect(report.agents[1].error?.contains("agents.txt:4") == true)
    let malformed = try #require(report.causes.first)
    #expect(malformed.failureClass == "malformed" && malformed.count == 2)
    #expect(malformed.agents.count == 2)
    let text = try fleet(lines)
    #expect(text.status == 1 && text.output.hasPrefix("FAILED  1 of 5 Agents"))
    #expect(text.output.contains("agents.txt:4"))
    let events = try fleet(lines, ["--format", "ndjson"]).output.split(separator: "\n")
    #expect(events.count == 6)
    #expect(agent.requests.allSatisfy { $0.target == "/info" })
  }

  @Test func `a calm fleet is healthy, whatever names it`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let run = try fleet([agent.url])
    #expect(run.status == 0 && run.output.hasPrefix("HEALTHY  1 of 1 Agent"))
  }

  @Test func `Ctrl-C writes what is known so far, and exits 130`() throws {
    var options = StandInAgent.Options()
    options.fault = .silent
    let silent = try StandInAgent.start(options)
    let agent = try StandInAgent.start()
    defer {
      silent.stop()
      agent.stop()
    }
    try Data("\(agent.url)\n\(silent.url)\n".utf8).write(
      to: URL(filePath: scratch.path("agents.txt")))
    // It is interrupted once the silent Agent is asked, however long the start takes.
    let run = try Doctor.shell(
      """
      "$DOCTOR" fleet --agents '\(scratch.path("agents.txt"))' --timeout 60s --debug 2>log &
      until grep -q 'ask .*\(silent.url)' log && grep -q 'fleet 1 of 2 Agents' log; do
        kill -0 $! || break
      done
      kill -INT $!; wait $!
      """)
    #expect(run.status == 130)
    #expect(run.output.contains("1 of 2 Agents") && run.output.contains("interrupted"))
  }

  @Test func `the deadline leaves what was not asked undetermined`() throws {
    var options = StandInAgent.Options()
    options.fault = .silent
    let silent = try StandInAgent.start(options)
    defer { silent.stop() }
    let run = try fleet([silent.url], ["--deadline", "300ms"])
    #expect(run.status == 3 && run.output.hasPrefix("UNKNOWN"))
    #expect(run.output.contains("interrupted"))
  }

  @Test func `a list that names nobody, and none at all, are told apart`() throws {
    #expect(try fleet(["# nobody"]).status == 65)
    #expect(try Doctor.run(["fleet"]).status == 64)
    #expect(try Doctor.run(["fleet", "--agents", scratch.path("none")]).status == 66)
    #expect(try Doctor.run(["fleet", "--agents", "-", "--format", "html"]).status == 64)
  }
}
