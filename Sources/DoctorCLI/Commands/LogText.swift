import Diagnosis
import LogPatterns
import Reporters

/// The findings of `logs` as a person reads them.
struct LogText {
  private let style: Style

  init(_ style: Style) {
    self.style = style
  }

  func render(_ report: LogReport) -> String {
    var lines = ["\(Version.name) \(Version.number)  logs  \(report.source.name)", ""]
    lines.append(verdict(report))
    for finding in report.findings { lines += [""] + text(finding) }
    if !report.proofs.isEmpty { lines.append("") }
    for proof in report.proofs { lines += text(proof) }
    lines += ["", counts(report)]
    if let first = report.findings.first {
      let next = first.remedies.compactMap(\.command).first { !$0.contains("<") }
      if let next { lines.append("Next: \(next)") }
      lines.append("Why:  dd-doctor explain \(first.checkID)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func verdict(_ report: LogReport) -> String {
    if report.input.bytes == 0 { return paint("UNKNOWN", "33") + "  nothing to read" }
    guard !report.findings.isEmpty else {
      return paint("NO KNOWN FAILURE", "32") + "  which proves no delivery: dd-doctor does"
    }
    let count = report.findings.count
    return paint("FAILED", "31") + "  \(count) known \(count == 1 ? "failure" : "failures")"
  }

  private func text(_ finding: LogFinding) -> [String] {
    let glyph = paint(style.ascii ? "x" : "✗", "31")
    var lines = ["\(glyph) \(paint(finding.id, "1"))  \(finding.checkID)"]
    lines += entry("seen", place(finding.count, finding.firstLine, finding.lastLine, finding.file))
    lines += entry("line", finding.excerpt)
    lines += entry("cause", finding.cause)
    if style.quiet { return lines }
    for remedy in finding.remedies { lines += entry("fix", remedy.line) }
    lines += entry("explain", "dd-doctor explain \(finding.checkID)")
    if style.verbose { lines += entry("docs", finding.docs) }
    return lines
  }

  private func text(_ proof: LogProof) -> [String] {
    let place = place(proof.count, proof.firstLine, proof.lastLine, proof.file)
    return wrapped("\(proof.statement) (\(place))", width: style.width - 4).enumerated().map {
      ($0 == 0 ? "· " : "  ") + $1
    }
  }

  private func place(_ count: Int, _ first: Int, _ last: Int, _ file: String?) -> String {
    let lines = first == last ? "line \(first)" : "lines \(first) to \(last)"
    let times = count == 1 ? "once" : "\(count) times"
    return [times, lines, file.map { "of \($0)" }].compactMap { $0 }.joined(separator: ", ")
  }

  private func counts(_ report: LogReport) -> String {
    let input = report.input
    let count = report.findings.count
    let files = input.files == 1 ? "" : "\(input.files) files, "
    let lines = input.lines == 1 ? "1 line" : "\(input.lines) lines"
    let found = count == 1 ? "1 finding" : "\(count) findings"
    return "\(files)\(lines) read  \(found)"
  }

  private func entry(_ label: String, _ text: String) -> [String] {
    let room = String(repeating: " ", count: 8)
    return wrapped(text, width: style.width - 13).enumerated().map { index, line in
      "    "
        + (index == 0
          ? paint(label, "2") + String(repeating: " ", count: max(0, 8 - label.count)) : room)
        + " " + line
    }
  }

  private func paint(_ text: String, _ code: String) -> String {
    style.color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
