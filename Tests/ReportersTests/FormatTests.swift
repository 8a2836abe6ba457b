import Diagnosis
import Foundation
import Reporters
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct `Formats tell what the report holds` {
  @Test(arguments: [
    ("healthy", 4, 0, 0, 1), ("failing", 6, 1, 1, 2), ("warned", 2, 0, 0, 0),
    ("hostile", 3, 1, 0, 2), ("empty", 1, 0, 1, 0),
  ])
  func `JUnit counts what it lists`(
    name: String, tests: Int, failures: Int, errors: Int, skipped: Int
  ) throws {
    let report = try #require(FormatReports.all.first { $0.0 == name }?.1)
    let document = try XMLDocument(xmlString: JUnitReporter().render(report))
    func count(_ path: String) throws -> Int { try document.nodes(forXPath: path).count }
    #expect(try count("//testcase") == tests)
    #expect(try count("//testcase/failure") == failures)
    #expect(try count("//testcase/error") == errors)
    #expect(try count("//testcase/skipped") == skipped)
    func sum(_ attribute: String) throws -> Int {
      try document.nodes(forXPath: "//testsuite/@\(attribute)").compactMap { $0.stringValue }
        .compactMap(Int.init).reduce(0, +)
    }
    #expect(try sum("tests") == tests)
    #expect(try sum("failures") == failures)
    #expect(try sum("errors") == errors)
    #expect(try sum("skipped") == skipped)
  }

  @Test func `warnings fail where the run says so`() {
    var strict = FormatReports.warned
    strict.exitStatus = 1
    #expect(JUnitReporter().render(strict).contains("<failure message=\"DD_ENV ends"))
    #expect(!JUnitReporter().render(FormatReports.warned).contains("<failure"))
    #expect(TAPReporter().render(strict).contains("\nnot ok 2 "))
    #expect(!TAPReporter().render(FormatReports.warned).contains("\nnot ok"))
    #expect(GitHubReporter().render(strict).hasPrefix("::error "))
    #expect(GitHubReporter().render(FormatReports.warned).hasPrefix("::warning "))
  }

  @Test func `a run without a verdict looks healthy in no format`() throws {
    let empty = FormatReports.empty
    #expect(TAPReporter().render(empty).contains("\n1..1\n"))
    #expect(TAPReporter().render(empty).contains("\nnot ok 1 - run: no check ran"))
    #expect(GitHubReporter().render(empty).hasPrefix("::warning title=dd-doctor%3A unknown::no"))
    #expect(try SARIFReporter().render(empty).contains("\"executionSuccessful\" : false"))
    #expect(PrometheusReporter().render(empty).contains("verdict{verdict=\"unknown\"} 1"))
    #expect(NagiosReporter().render(empty).hasPrefix("DD-DOCTOR UNKNOWN - no check ran | "))
    #expect(MarkdownReporter().render(empty).hasPrefix("## dd-doctor: UNKNOWN, no check ran\n"))
    #expect(HTMLReporter().render(empty).contains("<h1 id=\"verdict\">Nothing was judged</h1>"))
  }

  @Test func `TAP numbers its tests and says not ok of what failed or is unknown`() {
    let lines = TAPReporter().render(FormatReports.failing).split(separator: "\n")
    let tests = lines.filter { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
    #expect(lines[..<2] == ["TAP version 13", "1..6"])
    for (index, test) in tests.enumerated() {
      #expect(test.contains(" \(index + 1) - "))
    }
    #expect(tests.filter { $0.hasPrefix("not ok") }.count == 2)
    #expect(tests.filter { $0.contains(" # SKIP ") }.count == 2)
  }

  @Test func `SARIF has a result a cause, worst first, and a rule a check`() throws {
    let text = try SARIFReporter().render(FormatReports.failing)
    let log = try JSONDecoder().decode(Log.self, from: Data(text.utf8))
    let run = try #require(log.runs.first)
    #expect(run.tool.driver.rules.map(\.id) == FormatReports.failing.checks.map(\.id.rawValue))
    #expect(run.results.map(\.level) == ["error", "none", "warning"])
    #expect(run.results.map(\.kind) == ["fail", "open", "fail"])
    for result in run.results {
      #expect(run.tool.driver.rules[result.ruleIndex].id == result.ruleId)
    }
    #expect(Set(run.results.map(\.partialFingerprints)).count == 3)
  }

  @Test func `GitHub gets the ten worst of a level, and the number of the rest`() {
    let checks = (0..<13).flatMap { index in
      [Status.warning, .failed].map { status in
        Finding(
          FormatReports.about(CheckID("a.\(status.rawValue)-\(index)"), "t"), status: status,
          message: "m", failureClass: .refused, evidence: [Evidence("e", measured: "m")],
          remedies: [.advice("a")])
      }
    }
    let text = GitHubReporter().render(FormatReports.report(checks: checks, rungs: []))
    let lines = text.split(separator: "\n")
    let levels = lines.map { $0.dropFirst(2).prefix { $0 != " " } }
    #expect(levels.filter { $0 == "error" }.count == 10)
    #expect(levels.filter { $0 == "warning" }.count == 10)
    #expect(levels.filter { $0 == "notice" }.count == 2)
    #expect(levels.firstIndex(of: "warning") == 10, "errors come first")
    #expect(text.contains("::notice title=dd-doctor%3A 6 more::"))
  }

  @Test(arguments: [
    ("healthy", "OK", 0), ("warned", "WARNING", 1), ("failing", "CRITICAL", 2),
    ("empty", "UNKNOWN", 3),
  ])
  func `Nagios has states of its own`(name: String, word: String, status: Int32) throws {
    let report = try #require(FormatReports.all.first { $0.0 == name }?.1)
    #expect(NagiosReporter().render(report).hasPrefix("DD-DOCTOR \(word) - "))
    #expect(NagiosReporter.State(report.verdict).rawValue == status)
  }

  @Test func `Prometheus gets each status of each check, and the time as seconds`() {
    let text = PrometheusReporter().render(FormatReports.failing)
    let samples = text.split(separator: "\n").filter { $0.hasPrefix("dd_doctor_check_status{") }
    #expect(samples.count == FormatReports.failing.checks.count * Status.allCases.count)
    #expect(samples.filter { $0.hasSuffix(" 1") }.count == FormatReports.failing.checks.count)
    #expect(text.contains("dd_doctor_last_run_timestamp_seconds 1795594150.123\n"))
    #expect(!PrometheusReporter().render(FormatReports.hostile).contains("timestamp_seconds"))
  }

  @Test func `HTML names one cause, its echoes, each exchange and each setting`() {
    let html = HTMLReporter().render(FormatReports.failing)
    #expect(html.contains("<h2 id=\"causes\">The cause</h2>"))
    #expect(html.contains("<li>agent.answers</li>"))
    #expect(html.contains("1 echo: nothing to mend there"))
    #expect(html.contains("<code>export DD_AGENT_HOST=datadog-agent</code>"))
    #expect(html.ranges(of: "<p class=\"numbers\">").count == 2)
    #expect(html.ranges(of: "scope=\"row\"").count == 2)
    #expect(!html.contains("<script src"))
    #expect(!html.contains("@import"))
  }

  private struct Log: Decodable {
    struct Run: Decodable {
      var tool: Tool
      var results: [Result]
    }
    struct Tool: Decodable { var driver: Driver }
    struct Driver: Decodable { var rules: [Rule] }
    struct Rule: Decodable { var id: String }
    struct Result: Decodable {
      var ruleId: String
      var ruleIndex: Int
      var level: String
      var kind: String
      var partialFingerprints: [String: String]
    }
    var runs: [Run]
  }
}
