package import Diagnosis

/// A Nagios plug-in's output: the state and the worst cause on one line, then the rest.
package struct NagiosReporter: Sendable {
  package init() {}

  /// The statuses that monitoring systems read, in place of ours.
  package enum State: Int32, Sendable {
    case ok = 0
    case warning = 1
    case critical = 2
    case unknown = 3

    package init(_ verdict: Verdict) {
      self =
        switch verdict {
        case .healthy: .ok
        case .warning: .warning
        case .failed: .critical
        case .unknown: .unknown
        }
    }

    var word: String {
      switch self {
      case .ok: "OK"
      case .warning: "WARNING"
      case .critical: "CRITICAL"
      case .unknown: "UNKNOWN"
      }
    }
  }

  package func render(_ report: Report) -> String {
    let reading = ReportReading(report)
    let state = State(report.verdict)
    let causes = reading.causes
    var first = reading.emptiness ?? reading.tally
    if let worst = causes.first { first = "\(worst.id): \(worst.message) (\(reading.tally))" }
    var lines = ["DD-DOCTOR \(state.word) - \(text(first)) | \(performance(report))"]
    for cause in causes {
      lines.append("\(cause.status.rawValue) \(text("\(cause.id): \(cause.message)"))")
      lines += cause.remedies.prefix(2).map { "  fix: \(text($0.line))" }
    }
    if causes.isEmpty {
      let rungs = report.delivery.rungs.map { "\($0.name.rawValue): \(text($0.reason))" }
      lines += rungs
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What is said where there is no report: the run itself came to nothing.
  package static func unknown(_ message: String) -> String {
    "DD-DOCTOR UNKNOWN - \(NagiosReporter().text(message))\n"
  }

  private func performance(_ report: Report) -> String {
    let summary = report.summary
    let counts = [
      ("passed", summary.passed), ("warning", summary.warning), ("failed", summary.failed),
      ("blocked", summary.blocked), ("unknown", summary.unknown), ("skipped", summary.skipped),
    ].map { "'\($0)'=\($1);;;0;\(report.checks.count)" }
    let time = "'time'=\(decimal(max(0, report.durationMilliseconds) / 1000, places: 3))s;;;0"
    return (counts + [time]).joined(separator: " ")
  }

  /// A bar begins performance data, whatever stands before it.
  private func text(_ text: String) -> String {
    escaping(text) { $0 == "|" ? "¦" : nil }
  }
}
