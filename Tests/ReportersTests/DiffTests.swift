import Diagnosis
import Foundation
import Reporters
import Testing

@Suite struct `A difference of two reports` {
  @Test func `is worse where a check fails that passed, and says it first`() {
    let diff = ReportDiff(from: FormatReports.healthy, to: FormatReports.failing)
    #expect(diff.isWorse)
    #expect(
      diff.checks.map(\.id.rawValue) == [
        "agent.reachable", "agent.filters", "environment.values", "agent.answers",
      ])
    #expect(diff.checks.allSatisfy { $0.direction == .worse })
    let text = DiffReporter().render(FormatReports.healthy, FormatReports.failing)
    #expect(text.contains("\nworse     agent.reachable  passed -> failed  refused\n"))
    #expect(text.contains("\n          fix  export DD_AGENT_HOST=datadog-agent"))
    #expect(text.contains("\nworse     1 echo: agent.answers\n"))
    #expect(text.contains("\ndelivery  accepted -> configured\n"))
    #expect(text.hasSuffix("\n4 worse  0 better  0 changed\n"))
  }

  @Test func `is not worse where all gets better, and empty where nothing changed`() {
    let diff = ReportDiff(from: FormatReports.failing, to: FormatReports.healthy)
    #expect(!diff.isWorse)
    #expect(diff.checks.contains { $0.id == "agent.reachable" && $0.direction == .better })
    let same = ReportDiff(from: FormatReports.failing, to: FormatReports.failing)
    #expect(!same.isWorse)
    #expect(same.checks.isEmpty)
    #expect(same.settings.isEmpty)
  }

  @Test func `a trouble that is looked at no more is not mended`() {
    var later = FormatReports.failing
    later.checks = later.checks.map { finding in
      finding.id == "agent.reachable"
        ? FormatReports.skipped("agent.reachable", finding.title, "left out") : finding
    }
    later.checks.removeAll { $0.id == "environment.values" }
    let diff = ReportDiff(from: FormatReports.failing, to: later)
    #expect(diff.checks.map(\.direction) == [.changed, .changed])
    #expect(!diff.isWorse)
  }

  @Test func `another reason for the same failure is a change, a lower rung is worse`() {
    var later = FormatReports.failing
    later.checks[2].failureClass = .timeout
    later.configuration[1].value = "http://agent:8126"
    let diff = ReportDiff(from: FormatReports.failing, to: later)
    #expect(diff.checks.map(\.direction) == [.changed])
    #expect(diff.settings.map(\.name) == ["DD_TRACE_AGENT_URL"])
    #expect(!diff.isWorse)
    later.delivery = Delivery([])
    #expect(ReportDiff(from: FormatReports.failing, to: later).isWorse)
  }

  @Test func `a stranger's text stays on its line`() {
    let text = DiffReporter().render(FormatReports.healthy, FormatReports.hostile)
    #expect(!text.contains("\u{1B}"))
    #expect(!text.contains("\n::error"))
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("worse") }.count == 2)
  }
}
