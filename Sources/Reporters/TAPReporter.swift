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
    lines += list(
      "found",
      finding.evidence.map { evidence in
        [
          ("name", evidence.name), ("measured", evidence.measured),
          ("expected", evidence.expected), ("source", evidence.source),
        ]
      })
    lines += list("fix", finding.remedies.map { [("type", $0.command ?? ""), ("text", $0.text)] })
    let blocks = reading.echoes(of: finding).map(\.id.rawValue).joined(separator: " ")
    if !blocks.isEmpty { lines.append("  blocks: \(quoted(blocks))") }
    return lines + ["  docs: \(quoted(finding.docs))", "  ..."]
  }

  /// A list of mappings, for `prove` takes a quoted string with a colon in it for a mapping.
  private func list(_ name: String, _ items: [[(key: String, value: String)]]) -> [String] {
    let entries = items.flatMap { item in
      item.filter { !$0.value.isEmpty }.enumerated().map { index, entry in
        "    \(index == 0 ? "-" : " ") \(entry.key): \(quoted(entry.value))"
      }
    }
    return entries.isEmpty ? [] : ["  \(name):"] + entries
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
