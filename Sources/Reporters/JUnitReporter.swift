package import Diagnosis

/// JUnit XML in the one dialect that passes both Ant's and Jenkins' schema.
///
/// A failed check is a failure, one that could not be told is an error, a blocked or skipped one is
/// skipped with its reason, and a warning passes with its text in `system-out` (under `--strict` it
/// is a failure).
package struct JUnitReporter: Sendable {
  package init() {}

  package func render(_ report: Report) -> String {
    let reading = ReportReading(report)
    var groups: [String] = []
    for finding in report.checks where !groups.contains(finding.group) {
      groups.append(finding.group)
    }
    var suites = groups.map { group in
      Suite(
        name: group, cases: report.checks.filter { $0.group == group }.map { entry($0, reading) },
        warnings: report.checks.filter { $0.group == group && $0.status == .warning })
    }
    if let emptiness = reading.emptiness {
      let message: Markup = "<error message=\"\(emptiness)\" type=\"unknown\">\(emptiness)</error>"
      let entry = Case(name: "run", group: "run", milliseconds: 0, kind: .error, body: message)
      suites.append(Suite(name: "run", cases: [entry], warnings: []))
    }
    let texts = suites.enumerated().map { index, suite in
      markup(suite, index: index, in: report)
    }
    let document: Markup = """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites>
      \(texts)</testsuites>

      """
    return document.source
  }

  private enum Kind {
    case passed, failure, error, skipped
  }

  private struct Case {
    let name: String
    let group: String
    let milliseconds: Double
    let kind: Kind
    let body: Markup
  }

  private struct Suite {
    let name: String
    let cases: [Case]
    let warnings: [Finding]

    func count(_ kind: Kind) -> Int { cases.filter { $0.kind == kind }.count }
  }

  private func entry(_ finding: Finding, _ reading: ReportReading) -> Case {
    let name = finding.failureClass?.rawValue ?? finding.status.rawValue
    let details = details(finding, reading)
    let (kind, body): (Kind, Markup) =
      switch finding.status {
      case .passed: (.passed, "")
      case .warning where !reading.warningsFail: (.passed, "")
      case .failed, .warning:
        (
          .failure,
          "<failure message=\"\(finding.message)\" type=\"\(name)\">\(details)</failure>"
        )
      case .unknown:
        (.error, "<error message=\"\(finding.message)\" type=\"\(name)\">\(details)</error>")
      case .blocked, .skipped: (.skipped, "<skipped message=\"\(finding.message)\"/>")
      }
    return Case(
      name: finding.id.rawValue, group: finding.group, milliseconds: finding.durationMilliseconds,
      kind: kind, body: body)
  }

  private func details(_ finding: Finding, _ reading: ReportReading) -> Markup {
    let blocks = reading.echoes(of: finding).map(\.id.rawValue).joined(separator: " ")
    let lines =
      ["\(finding.title): \(finding.message)"] + finding.evidence.map(ReportReading.line)
      + finding.remedies.map { "fix: \($0.line)" } + (blocks.isEmpty ? [] : ["blocks: \(blocks)"])
      + ["why: dd-doctor explain \(finding.id)", finding.docs]
    return "\(lines.map { "\($0)" as Markup }, separator: "\n")"
  }

  private func markup(_ suite: Suite, index: Int, in report: Report) -> Markup {
    let total = suite.cases.reduce(0) { $0 + $1.milliseconds }
    let properties = [
      ("setup", report.setup.name), ("language", report.setup.language ?? ""),
      ("source", "\(report.source.kind): \(report.source.name)"),
      ("verdict", report.verdict.rawValue), ("run", report.runID),
      ("version", report.tool.version),
    ].map { name, value in
      "    <property name=\"\(name)\" value=\"\(value)\"/>\n" as Markup
    }
    let cases = suite.cases.map { entry -> Markup in
      let head: Markup =
        "  <testcase name=\"\(entry.name)\" classname=\"dd-doctor.\(entry.group)\""
        + " time=\"\(seconds(entry.milliseconds))\""
      return entry.body == .empty ? head + "/>\n" : head + ">\(entry.body)</testcase>\n"
    }
    let reading = ReportReading(report)
    let output = suite.warnings.map { warning -> Markup in
      "warning \(warning.id.rawValue): \(details(warning, reading))"
    }
    return """
      <testsuite name="\(suite.name)" package="dd-doctor" id="\(index)" hostname="localhost"\
       timestamp="\(timestamp(report))" tests="\(suite.cases.count)"\
       failures="\(suite.count(.failure))" errors="\(suite.count(.error))"\
       skipped="\(suite.count(.skipped))" time="\(seconds(total))">
        <properties>
      \(properties)  </properties>
      \(cases)  <system-out>\(output, separator: "\n")</system-out>
        <system-err></system-err>
      </testsuite>

      """
  }

  private func seconds(_ milliseconds: Double) -> String {
    decimal(max(0, milliseconds) / 1000, places: 3)
  }

  /// Both schemas want a time without a fraction and without a zone.
  private func timestamp(_ report: Report) -> String {
    let text = String(report.startedAt.prefix(19))
    let shape = text.map { $0.isASCII && $0.isNumber ? "0" : $0 }
    return String(shape) == "0000-00-00T00:00:00" ? text : "1970-01-01T00:00:00"
  }
}
