package import Diagnosis

/// TAP, version 13: what Perl's `prove` reads, and what every newer reader takes too.
///
/// What could not be told is `not ok`; a blocked check is skipped, for its cause is `not ok`.
package struct TAPReporter: Sendable {
  package init() {}

  package func render(_ report: Report) -> String {
    let reading = ReportReading(report)
    let emptiness = reading.emptiness
    var lines = [
      "TAP version 13", "1..\(report.checks.count + (emptiness == nil ? 0 : 1))",
      "# dd-doctor \(text(report.tool.version)), \(text(reading.setup)), run \(text(report.runID))",
    ]
    for (index, finding) in report.checks.enumerated() {
      lines += test(finding, index + 1, reading)
    }
    if let emptiness { lines.append("not ok \(report.checks.count + 1) - run: \(emptiness)") }
    lines.append("# \(reading.word.lowercased()): \(reading.tally)")
    return lines.joined(separator: "\n") + "\n"
  }

  private func test(_ finding: Finding, _ number: Int, _ reading: ReportReading) -> [String] {
    let isBad =
      switch finding.status {
      case .failed, .unknown: true
      case .warning: reading.warningsFail
      case .passed, .skipped, .blocked: false
      }
    let head =
      "\(isBad ? "not ok" : "ok") \(number) - \(text(finding.id.rawValue)): \(text(finding.title))"
    switch finding.status {
    case .passed: return [head]
    case .skipped, .blocked: return ["\(head) # SKIP \(text(finding.message))"]
    case .failed, .warning, .unknown: return [head] + diagnosis(finding, reading)
    }
  }

  private func diagnosis(_ finding: Finding, _ reading: ReportReading) -> [String] {
    var lines = [
      "  ---", "  message: \(quoted(finding.message))",
      "  severity: \(finding.status.rawValue)",
      "  class: \(quoted(finding.failureClass?.rawValue ?? ""))",
    ]
    lines += list("found", finding.evidence.map(ReportReading.line))
    lines += list("fix", finding.remedies.map(\.line))
    lines += list("blocks", reading.echoes(of: finding).map(\.id.rawValue))
    return lines + ["  docs: \(quoted(finding.docs))", "  ..."]
  }

  private func list(_ name: String, _ texts: [String]) -> [String] {
    texts.isEmpty ? [] : ["  \(name):"] + texts.map { "    - \(quoted($0))" }
  }

  /// `#` begins a directive, and the backslash is what escapes it.
  private func text(_ text: String) -> String {
    escaping(text) { ["#", "\\"].contains($0) ? "\\\($0)" : nil }
  }

  /// A YAML scalar in double quotes.
  private func quoted(_ text: String) -> String {
    "\"" + escaping(text) { ["\"", "\\"].contains($0) ? "\\\($0)" : nil } + "\""
  }
}
