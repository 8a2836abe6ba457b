import Diagnosis

/// What the formats for people and machines read out of a report alike.
struct ReportReading: Sendable {
  let report: Report

  init(_ report: Report) {
    self.report = report
  }

  /// What is wrong or not known by itself, worst first; echoes stand behind their cause.
  var causes: [Finding] {
    let worst: [Status] = [.failed, .unknown, .warning]
    return worst.flatMap { status in
      report.checks.filter { $0.status == status && $0.blockedBy == nil }
    }
  }

  /// The checks that say nothing because this one failed, or could not tell.
  func echoes(of cause: Finding) -> [Finding] {
    report.checks.filter { $0.blockedBy == cause.id }
  }

  /// Why the run as a whole says nothing, where no finding says so.
  var emptiness: String? {
    guard report.verdict == .unknown, report.summary.unknown == 0, !isCalmLog else { return nil }
    return report.checks.isEmpty ? "no check ran" : "nothing that was asked for could be judged"
  }

  /// A log that names no known failure: no proof of anything, and nothing to mend.
  private var isCalmLog: Bool {
    report.source.kind == Source.logs && report.exitStatus == 0
  }

  /// Whether warnings count as failures here: `--strict`.
  var warningsFail: Bool {
    report.verdict == .warning && report.exitStatus != 0
  }

  /// The verdict in one word.
  var word: String {
    switch report.verdict {
    case .healthy: "HEALTHY"
    case .warning: "HEALTHY, with warnings"
    case .failed: "FAILED"
    case .unknown: "UNKNOWN"
    }
  }

  /// How many causes, echoes and warnings: what stands behind the verdict.
  var tally: String {
    if let emptiness { return emptiness }
    let summary = report.summary
    let causes = report.checks.filter { $0.status == .failed && $0.blockedBy == nil }.count
    let unknown = report.checks.filter { $0.status == .unknown && $0.blockedBy == nil }.count
    let parts = [
      causes > 0 ? counted(causes, "cause") : nil,
      summary.blocked > 0 ? counted(summary.blocked, "echo", "echoes") : nil,
      unknown > 0 ? "\(unknown) unknown" : nil,
      summary.warning > 0 ? counted(summary.warning, "warning") : nil,
    ].compactMap { $0 }
    guard parts.isEmpty else { return parts.joined(separator: ", ") }
    return isCalmLog ? "no known failure" : "\(summary.passed) passed"
  }

  /// The setup and the language, as people name them together.
  var setup: String {
    [report.setup.name, report.setup.language].compactMap { $0 }.joined(separator: " · ")
  }

  /// Where a file says what was found: the configuration's, or the line of a log.
  func place(of finding: Finding) -> (file: String, line: Int)? {
    guard report.source.kind == Source.logs, let first = finding.evidence.first else {
      return file.map { ($0, 1) }
    }
    let line = first.name.split(separator: " ").last.flatMap { Int($0) } ?? 1
    return first.source.isEmpty ? nil : (first.source, line)
  }

  /// The file that the configuration was read from, where it was one.
  private var file: String? {
    ["process", "demo", "capture", "pid", "environment", "-"].contains(report.source.kind)
      || ["-", ""].contains(report.source.name) ? nil : report.source.name
  }

  /// What one piece of evidence says, on one line.
  static func line(_ evidence: Evidence) -> String {
    var text = "\(evidence.name): \(evidence.measured)"
    if !evidence.expected.isEmpty { text += " (expected \(evidence.expected))" }
    if !evidence.source.isEmpty { text += " [\(evidence.source)]" }
    return visible(text)
  }
}

package func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}

/// A number with so many places at most, without the zeros at its end.
func decimal(_ value: Double, places: Int) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "0" }
  var scale = 1.0
  for _ in 0..<places { scale *= 10 }
  let scaled = Int64((abs(value) * scale).rounded())
  let digits = String(scaled)
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  var fraction = padded.suffix(places)
  while fraction.last == "0" { fraction.removeLast() }
  let sign = value < 0 && scaled != 0 ? "-" : ""
  return sign + padded.dropLast(places) + (fraction.isEmpty ? "" : "." + fraction)
}
