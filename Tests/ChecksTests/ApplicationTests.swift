import Configuration
import Diagnosis
import Probes
import StandIn
import Testing
import Wire

@testable import Checks

@Suite struct `Checks of an application that was watched` {
  @Test(arguments: WatchedRow.all)
  func `say`(row: WatchedRow) async throws {
    let check = try #require(
      Suite<Observations>.application.checks.first { $0.about.id == row.check })
    let outcome = try await check.judge(row.seen)
    #expect(outcome.status == row.status, "\(outcome.message)")
    #expect(outcome.problem?.failureClass == row.failureClass)
    #expect(outcome.message.contains(row.says), "\(outcome.message)")
    #expect(check.about.statuses.contains(outcome.status))
    guard let problem = outcome.problem else { return }
    #expect(!problem.message.hasSuffix("."))
    #expect(problem.evidence.allSatisfy { !$0.name.isEmpty && !$0.measured.isEmpty })
    let remedies = problem.remedies.map { "\($0.variable ?? "") \($0.line)" }
    #expect(row.remedy.isEmpty || remedies.contains { $0.contains(row.remedy) }, "\(remedies)")
  }

  @Test func `reach every status that they declare`() {
    for check in Suite<Observations>.application.checks {
      let reached = Set(WatchedRow.all.filter { $0.check == check.about.id }.map(\.status))
      #expect(reached == Set(check.about.statuses), "\(check.about.id)")
    }
  }

  @Test(arguments: [
    WatchedRow(
      "application.integration", "", is: .failed,
      from: WatchedRow.python.telemetry(
        [
          ("DD_TRACE_ENABLED", "false", "env_var")
        ], integrations: [])),
    WatchedRow(
      "application.flush", "", is: .failed,
      from: Array(
        WatchedRow.python.telemetry(closes: false).prefix(1))),
  ])
  func `tell one cause once`(row: WatchedRow) async {
    let findings = await Runner(Suite<Observations>.application.checks).run(row.seen)
    #expect(findings.filter { $0.status == .failed }.count == 1)
    let span = findings.first { $0.id == "application.openai-span" }
    #expect(
      span?.status == .blocked && span?.blockedBy == findings.first { $0.status == .failed }?.id)
  }

  @Test func `keep no word of what was said in what they tell`() async {
    let python = WatchedRow.python
    let requests =
      [python.traces(python.spans(observes: 1, event: RecordedSpan.event)), python.event]
      + python.telemetry()
    let seen = WatchedRow("application.openai-span", "", is: .passed, from: requests).seen
    let findings = await Runner(Suite<Observations>.application.checks).run(seen)
    #expect(!"\(findings) \(await seen.recorded())".contains("canary"))
  }
}
