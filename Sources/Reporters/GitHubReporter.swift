package import Diagnosis

/// Workflow commands that GitHub shows as annotations, worst first, within its limits.
///
/// A step can show 10 errors, 10 warnings and 10 notices; the rest is counted in a notice.
package struct GitHubReporter: Sendable {
  package init() {}

  package func render(_ report: Report) -> String {
    let reading = ReportReading(report)
    var lines: [String] = []
    var shown: [Level: Int] = [:]
    var left = 0
    for finding in reading.causes {
      let level = level(finding, reading)
      guard shown[level, default: 0] < Self.limit else {
        left += 1
        continue
      }
      shown[level, default: 0] += 1
      lines.append(annotation(finding, level, reading))
    }
    if let emptiness = reading.emptiness {
      lines.append(command(.warning, title: "dd-doctor: unknown", emptiness))
    }
    if left > 0 {
      lines.append(
        command(
          .notice, title: "dd-doctor: \(left) more",
          "\(left) more than GitHub shows; the step summary has them all"))
    }
    lines.append(
      command(
        .notice, title: "dd-doctor: \(reading.word.lowercased())",
        "\(reading.tally); \(reading.setup); run \(report.runID.prefix(8))"))
    return lines.joined(separator: "\n") + "\n"
  }

  private static let limit = 10

  private enum Level: String {
    case error, warning, notice
  }

  private func level(_ finding: Finding, _ reading: ReportReading) -> Level {
    switch finding.status {
    case .failed: .error
    case .warning: reading.warningsFail ? .error : .warning
    case .unknown: .warning
    case .passed, .skipped, .blocked: .notice
    }
  }

  private func annotation(_ finding: Finding, _ level: Level, _ reading: ReportReading) -> String {
    let blocks = reading.echoes(of: finding).map(\.id.rawValue).joined(separator: " ")
    let lines =
      [finding.message] + finding.evidence.prefix(3).map(ReportReading.line)
      + finding.remedies.map { "fix: \($0.line)" }
      + (blocks.isEmpty ? [] : ["blocks: \(blocks)"]) + ["why: dd-doctor explain \(finding.id)"]
    let word = finding.status == .unknown ? "unknown: " : ""
    let cause = finding.failureClass.map { " (\($0.rawValue))" } ?? ""
    return command(
      level, title: "\(word)\(finding.id)\(cause)", place: reading.place(of: finding),
      lines.map(data).joined(separator: "%0A"), isEscaped: true)
  }

  private func command(
    _ level: Level, title: String, place: (file: String, line: Int)? = nil, _ text: String,
    isEscaped: Bool = false
  ) -> String {
    let place = place.map { "file=\(property($0.file)),line=\($0.line)," } ?? ""
    return "::\(level.rawValue) \(place)title=\(property(title))::\(isEscaped ? text : data(text))"
  }

  /// A message: the percent sign is what escapes, and there are no line ends left.
  private func data(_ text: String) -> String {
    escaping(text) { $0 == "%" ? "%25" : nil }
  }

  /// A property ends at a comma or at two colons.
  private func property(_ text: String) -> String {
    escaping(text) { scalar in
      switch scalar {
      case "%": "%25"
      case ":": "%3A"
      case ",": "%2C"
      default: nil
      }
    }
  }
}
