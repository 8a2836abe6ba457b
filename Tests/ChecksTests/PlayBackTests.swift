import Configuration
import Diagnosis
import Foundation
import Probes
import Testing

@testable import Checks

@Suite struct `A run that is played back` {
  /// Findings without the times that they took.
  private func findings(_ seen: Observations) async -> [Finding] {
    await Runner(Suite<Observations>.of(seen.settings.setup).checks).run(seen).map { finding in
      var finding = finding
      finding.durationMilliseconds = 0
      return finding
    }
  }

  private func throughJSON(_ recorded: [Recorded]) throws -> [Recorded] {
    try JSONDecoder().decode([Recorded].self, from: try JSONEncoder().encode(recorded))
  }

  @Test(arguments: AgentRows.all)
  func `gives equal findings from canned answers`(row: CheckRow) async throws {
    let settings = row.settings
    let first = Observations(settings, recorded: row.agent.recorded(settings))
    let again = Observations(settings, recorded: try throughJSON(await first.recorded()))
    #expect(await findings(first) == findings(again))
    #expect(await first.recorded() == again.recorded())
  }

  /// The world has one thing for certain: sockets that are not there.
  @Test(arguments: [Language.python, .node, .php])
  func `gives equal findings from the world's answers`(language: Language) async throws {
    let nowhere = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    let environment = CheckRow.environment([
      "DD_TRACE_AGENT_URL": "unix://\(nowhere)/apm.sock",
      "DD_DOGSTATSD_URL": "unix://\(nowhere)/dsd.sock", "DD_SERVICE": "a", "DD_ENV": "b",
      "DD_DOGSTATSD_HOST": "127.0.0.1",
    ])
    let settings = Settings(environment, HostFacts(), setup: .apm, language: language)
    let world = World(runID: "0123456789abcdef0123456789abcdef", version: "test")
    let live = Observations(settings, world: world)
    let first = await findings(live)
    #expect(first.first { $0.id == "agent.reachable" }?.failureClass == .noSocket)
    let again = Observations(settings, recorded: try throughJSON(await live.recorded()))
    #expect(await findings(again) == first)
  }

  @Test func `skips what the report lacks, and says so`() async {
    let settings = CheckRow("agent.span", "x", is: .passed).settings
    let findings = await findings(Observations(settings, recorded: []))
    let reachable = findings.first { $0.id == "agent.reachable" }
    #expect(reachable?.status == .skipped)
    #expect(reachable?.message.hasPrefix("not in this report: agent.info") == true)
    #expect(findings.allSatisfy { $0.status != .failed && $0.status != .unknown })
  }

  @Test func `reads each needed answer once, however many checks ask`() async {
    let settings = CheckRow("agent.span", "x", is: .passed).settings
    let canned = CannedAgent().recorded(settings)
    // A second recording of a question never replaces the first.
    let twice = canned + CannedAgent(.page).recorded(settings)
    #expect(
      await findings(Observations(settings, recorded: twice))
        == findings(Observations(settings, recorded: canned)))
  }
}
