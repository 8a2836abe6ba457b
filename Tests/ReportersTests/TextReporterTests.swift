import Testing

@testable import Diagnosis
@testable import Reporters

@Suite struct `The text report` {
  private func lines(_ report: Report, _ style: Style = Style()) -> [String] {
    TextReporter(style).render(report).split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().map(String.init)
  }

  @Test(arguments: CannedReports.all.map(\.name), [80, 60, 100])
  func `is no wider than its columns, but for a long word, a command and the Agent's line`(
    name: String, width: Int
  ) {
    for style in [Style(width: width), Style(width: width, verbose: true)] {
      for line in lines(CannedReports.named(name), style) where line.count > width {
        let isExact = line.hasPrefix("    Agent error: ") || line.hasPrefix("Next: ")
        // The narrowest column is 33 narrower than the line.
        let isLongWord = line.split(separator: " ").contains { $0.count > width - 33 }
        #expect(isExact || isLongWord, "\(line)")
      }
    }
  }

  @Test func `takes at most 25 lines where one thing is wrong`() {
    #expect(lines(CannedReports.failing).count <= 25)
  }

  @Test func `has the verdict on its third line, with the exit status`() {
    #expect(lines(CannedReports.failing)[2].hasPrefix("FAILED  1 cause, 6 echoes"))
    #expect(lines(CannedReports.failing)[2].hasSuffix("0.03 s  exit 1"))
    #expect(lines(CannedReports.healthy)[2].hasPrefix("HEALTHY "))
  }

  @Test func `has the Agent's line as ddtrace prints it`() {
    #expect(lines(CannedReports.healthy).contains("    Agent error: None"))
    #expect(
      lines(CannedReports.failing).contains(
        "    Agent error: Agent not reachable at http://localhost:8126 (connection refused)"))
  }

  @Test func `never says None but for an Agent that is good`() {
    var report = CannedReports.healthy
    for state in AgentSummary.State.allCases where state != .ok {
      report.agent.state = state
      #expect(!lines(report).contains("    Agent error: None"), "\(state)")
      #expect(!InfoReporter().render(report).contains("Agent error: None"), "\(state)")
    }
  }

  @Test(arguments: CannedReports.all.map(\.name))
  func `in ASCII has only ASCII glyphs of ours`(name: String) {
    let ours = Set("✓✗–○·…")
    let rendered = lines(CannedReports.named(name), Style(ascii: true)).joined()
    #expect(rendered.allSatisfy { !ours.contains($0) }, "\(rendered)")
  }

  @Test func `in ASCII is ASCII where nobody else speaks`() {
    let rendered = lines(CannedReports.failing, Style(ascii: true)).joined()
    #expect(rendered.allSatisfy { $0.isASCII })
  }

  @Test func `has colour only when it is asked for, and says the same without`() {
    let plain = lines(CannedReports.failing).joined(separator: "\n")
    let colored = lines(CannedReports.failing, Style(color: true)).joined(separator: "\n")
    #expect(!plain.contains("\u{1B}"))
    #expect(colored.contains("\u{1B}[31m"))
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func `names each cause before each warning, with its fix and what it blocks`() {
    let rendered = lines(CannedReports.failing)
    let cause = rendered.firstIndex { $0.hasPrefix("✗ agent.reachable") } ?? .max
    let warning = rendered.firstIndex { $0.hasPrefix("! openai.key.scope") } ?? 0
    #expect(cause < warning)
    #expect(rendered[cause].hasSuffix("refused"))
    #expect(rendered.contains("    fix      export DD_AGENT_HOST=datadog-agent"))
    #expect(rendered.contains { $0.hasPrefix("    blocks   agent.answers agent.traces") })
    #expect(rendered.contains("Next: export DD_AGENT_HOST=datadog-agent && dd-doctor"))
    #expect(rendered.contains("Why:  dd-doctor explain agent.reachable"))
  }

  @Test func `quiet, keeps the verdict, the causes and the counts`() {
    let rendered = lines(CannedReports.failing, Style(quiet: true))
    #expect(rendered.contains { $0.hasPrefix("FAILED") })
    #expect(rendered.contains { $0.hasPrefix("✗ agent.reachable") })
    #expect(!rendered.contains { $0.contains("configured ✓") })
    #expect(rendered.count < lines(CannedReports.failing).count)
  }

  @Test func `verbose, names every check`() {
    let rendered = lines(CannedReports.failing, Style(verbose: true)).joined(separator: "\n")
    for finding in CannedReports.failing.checks {
      #expect(rendered.contains(" \(finding.id.rawValue) "), "\(finding.id)")
    }
  }

  @Test(arguments: [
    ("a b", 80, ["a b"]), ("aaa bbb", 5, ["aaa", "bbb"]), ("", 5, [""]),
    ("looooooong x", 4, ["looooooong", "x"]), ("a  b", 80, ["a  b"]),
  ])
  func `is broken at blanks`(text: String, width: Int, expected: [String]) {
    #expect(wrapped(text, width: width) == expected)
  }
}

@Suite struct `The info report` {
  @Test func `has ddtrace's labels in ddtrace's order`() {
    let lines = InfoReporter().render(CannedReports.failing).split(separator: "\n").map(String.init)
    #expect(
      lines.prefix(11) == [
        "Tracer Configurations:", "    Tracer enabled: True", "    Debug logging: False",
        "    Writing traces to: http://localhost:8126",
        "    Agent error: Agent not reachable at http://localhost:8126 (connection refused)",
        "    Log injection enabled: True", "    Tagging:", "    DD Service: shop",
        "    DD Env: prod", "    DD Version: 1.0", "    Global Tags: team:a",
      ])
  }

  @Test func `prints None for what is not set`() {
    var report = CannedReports.healthy
    report.tracer = TracerSummary(
      enabled: false, debug: true, logInjection: false, service: nil, env: nil, version: nil,
      tags: nil)
    let lines = InfoReporter().render(report).split(separator: "\n").map(String.init)
    #expect(lines.contains("    Tracer enabled: False") && lines.contains("    DD Service: None"))
    #expect(lines.contains("    DD Env: None") && lines.contains("    Global Tags: None"))
    #expect(lines.contains("    Agent error: None"))
  }

  @Test func `is never coloured, and sums the problems up, worst first`() throws {
    let text = InfoReporter().render(CannedReports.failing)
    #expect(!text.contains("\u{1B}"))
    let failed = try #require(text.firstRange(of: "ERROR agent.reachable"))
    let warned = try #require(text.firstRange(of: "WARNING openai.key.scope"))
    #expect(failed.lowerBound < warned.lowerBound)
    #expect(!text.contains("ERROR agent.answers"))
  }
}
