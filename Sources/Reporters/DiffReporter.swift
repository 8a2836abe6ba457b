package import Diagnosis

/// What changed between two reports, for a person: worse first, each with its way out.
package struct DiffReporter: Sendable {
  package init() {}

  package func render(_ before: Report, _ after: Report) -> String {
    let diff = ReportDiff(from: before, to: after)
    var lines = [head("before", before), head("after", after)]
    for direction in ReportDiff.Direction.allCases {
      let changes = diff.checks.filter { $0.direction == direction }
      for change in changes where change.after != .blocked { lines += [""] + self.change(change) }
      let echoes = changes.filter { $0.after == .blocked }.map(\.id.rawValue)
      guard !echoes.isEmpty else { continue }
      let text = "\(counted(echoes.count, "echo", "echoes")): \(echoes.joined(separator: " "))"
      lines += ["", padded(direction.rawValue, to: 8) + "  \(text)"]
    }
    if diff.reachedBefore != diff.reachedAfter {
      lines += ["", "delivery  \(name(diff.reachedBefore)) -> \(name(diff.reachedAfter))"]
    }
    if !diff.settings.isEmpty { lines.append("") }
    lines += diff.settings.map { setting in
      "setting   \(setting.name)  \(value(setting.before)) -> \(value(setting.after))"
    }
    lines += ["", total(diff)]
    return lines.map(visible).joined(separator: "\n") + "\n"
  }

  private func head(_ word: String, _ report: Report) -> String {
    let reading = ReportReading(report)
    return padded(word, to: 8) + "  \(report.startedAt)  \(reading.word)  \(reading.tally)"
      + "  run \(report.runID.prefix(8))"
  }

  private func change(_ change: ReportDiff.Change) -> [String] {
    let before = change.before?.rawValue ?? "absent"
    let after = change.after?.rawValue ?? "absent"
    let name = change.failureClass.map { "  \($0.rawValue)" } ?? ""
    var lines = [
      padded(change.direction.rawValue, to: 8) + "  \(change.id)  \(before) -> \(after)\(name)",
      "          \(change.message)",
    ]
    if change.direction == .worse {
      lines += change.remedies.prefix(2).map { "          fix  \($0.line)" }
    }
    return lines
  }

  private func name(_ rung: Delivery.Rung?) -> String { rung?.rawValue ?? "nothing" }

  private func value(_ text: String?) -> String { text.map { $0.isEmpty ? "''" : $0 } ?? "unset" }

  private func total(_ diff: ReportDiff) -> String {
    let counts = ReportDiff.Direction.allCases.map { direction in
      "\(diff.checks.filter { $0.direction == direction }.count) \(direction.rawValue)"
    }
    return counts.joined(separator: "  ")
      + (diff.checks.isEmpty && diff.settings.isEmpty ? "  (nothing changed)" : "")
  }
}
