package import Diagnosis

/// The report that a person reads: verdict first, then each cause with its way out.
package struct TextReporter: Sendable {
  private let style: Style

  package init(_ style: Style = Style()) {
    self.style = style
  }

  package func render(_ report: Report) -> String {
    let report = report.printable
    var lines = title(report) + ["", verdict(report)]
    let causes = report.checks.filter { $0.blockedBy == nil && $0.failureClass != nil }
    let worst: [Status] = [.failed, .unknown, .warning]
    for status in worst {
      for finding in causes where finding.status == status {
        lines += [""] + cause(finding, in: report)
      }
    }
    if style.verbose { lines += [""] + groups(report) }
    if !style.quiet {
      lines += [""] + ladder(report) + summaryOfGroups(report)
      lines += ["", agentError(report)]
      lines += proof(report)
    }
    lines += [""] + counts(report)
    if !style.quiet { lines += steps(report) }
    lines += next(report)
    return lines.map { $0.hasSuffix(" ") ? trimmedEnd($0) : $0 }.joined(separator: "\n") + "\n"
  }

  private func title(_ report: Report) -> [String] {
    let setup = [report.setup.name, report.setup.language].compactMap { $0 }.joined(
      separator: style.ascii ? ", " : " · ")
    let detected = report.setup.detectedFrom.joined(separator: ", ")
    return wrapped(
      "\(report.tool.name) \(report.tool.version)  \(setup)"
        + (detected.isEmpty ? "" : "  (\(detected))"), width: style.width)
  }

  private func verdict(_ report: Report) -> String {
    let failed = report.checks.filter { $0.status == .failed }.count
    let echoes = report.summary.blocked
    let (word, hue): (String, Style.Hue) =
      switch report.verdict {
      case .healthy: ("HEALTHY", .green)
      case .warning: ("HEALTHY, with warnings", .yellow)
      case .failed: ("FAILED", .red)
      case .unknown: ("UNKNOWN", .yellow)
      }
    var text = word
    if failed > 0 {
      let known = report.checks.filter { $0.status == .failed && $0.known == true }.count
      text += "  \(counted(failed, "cause"))\(known > 0 ? ", \(known) known" : "")"
      if echoes > 0 { text += ", \(counted(echoes, "echo", "echoes"))" }
    } else if report.verdict == .unknown {
      text +=
        report.summary.passed + report.summary.warning == 0 && report.summary.unknown == 0
        ? "  no check ran" : "  what could not be determined is not healthy"
    } else if report.agent.state == .notChecked,
      report.checks.contains(where: {
        ["offline", "another network"].contains($0.message)
          || $0.message.hasPrefix(Unobserved.reason)
      })
    {
      text += "  as far as asked: configuration only"
    }
    let right = "\(seconds(report.durationMilliseconds)) s  exit \(report.exitStatus)"
    let gap = String(repeating: " ", count: max(2, style.width - text.count - right.count))
    return style.paint(word, hue) + text.dropFirst(word.count) + gap + right
  }

  private func seconds(_ milliseconds: Double) -> String {
    // A saved report can hold any number.
    let hundredths = Int((max(0, min(milliseconds, 1e12)) / 10).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private func cause(_ finding: Finding, in report: Report) -> [String] {
    let failureClass =
      (finding.failureClass?.rawValue ?? "") + (finding.known == true ? ", known" : "")
    let id = finding.id.rawValue
    let head = "\(glyph(finding.status)) \(id)  "
    let room = style.width - head.count - failureClass.count - 2
    var message = wrapped(finding.message, width: max(room, 1))
    var first = message.removeFirst()
    // Where an id leaves no room beside itself, the message stands below it.
    if room < 24 || first.count > room {
      first = ""
      message = wrapped(finding.message, width: style.width - 2)
    }
    let gap = String(
      repeating: " ", count: max(2, style.width - head.count - first.count - failureClass.count))
    var lines = [
      paintedGlyph(finding.status) + " " + style.paint(id, .bold) + "  " + first + gap
        + style.paint(failureClass, .dim)
    ]
    lines += message.map { "  \($0)" }
    let limit = style.verbose ? Int.max : 3
    for evidence in finding.evidence.prefix(limit) {
      lines += entry(label(evidence), text(evidence))
    }
    for remedy in finding.remedies.prefix(style.verbose ? Int.max : 2) {
      lines += entry("fix", remedy.line)
    }
    let echoes = report.checks.filter { $0.blockedBy == finding.id }
    if !echoes.isEmpty {
      lines += entry("blocks", echoes.map(\.id.rawValue).joined(separator: " "))
    }
    return lines
  }

  private func label(_ evidence: Evidence) -> String {
    evidence.name.count <= 8 && !evidence.name.contains(" ") ? evidence.name : "found"
  }

  private func text(_ evidence: Evidence) -> String {
    var text =
      label(evidence) == "found" ? "\(evidence.name): \(evidence.measured)" : evidence.measured
    if !evidence.expected.isEmpty, !["tried", "address", "note", "also"].contains(evidence.name) {
      text += "  (expected \(evidence.expected))"
    }
    return text
  }

  /// A label and its text, wrapped below itself.
  private func entry(_ label: String, _ text: String) -> [String] {
    let lines = wrapped(text, width: style.width - 13)
    return lines.enumerated().map { index, line in
      "    " + (index == 0 ? style.paint(padded(label, to: 8), .dim) : padded("", to: 8)) + " "
        + line
    }
  }

  private func groups(_ report: Report) -> [String] {
    report.checks.flatMap { finding -> [String] in
      let text = wrapped(finding.message, width: style.width - 33)
      return text.enumerated().map { index, line in
        index == 0
          ? "  \(paintedGlyph(finding.status)) \(padded(finding.id.rawValue, to: 28)) \(line)"
          : String(repeating: " ", count: 33) + line
      }
    }
  }

  private func ladder(_ report: Report) -> [String] {
    let rungs = report.delivery.rungs.map { step in
      "\(step.name.rawValue) \(glyph(step.status))"
    }
    return rows(rungs, gap: "  ", width: style.width - 2).map { "  " + $0 }
  }

  private func summaryOfGroups(_ report: Report) -> [String] {
    var order: [String] = []
    for finding in report.checks where !order.contains(finding.group) {
      order.append(finding.group)
    }
    let cells = order.map { group -> String in
      let statuses = report.checks.filter { $0.group == group }.map(\.status)
      // What was skipped is counted below; here it only shows where a group has nothing else.
      let judged = statuses.filter { $0 != .skipped }
      let shown = judged.isEmpty ? statuses : judged
      let parts = Status.allCases.compactMap { status -> String? in
        let count = shown.filter { $0 == status }.count
        return count == 0 ? nil : "\(glyph(status)) \(count)"
      }
      return "\(group) \(parts.joined(separator: " "))"
    }
    return rows(cells, gap: "   ", width: style.width - 2).map { "  " + $0 }
  }

  private func agentError(_ report: Report) -> String {
    "    Agent error: \(report.agentLine)"
  }

  /// Of a run without failures: what was proved, and what was not.
  private func proof(_ report: Report) -> [String] {
    guard report.verdict == .healthy || report.verdict == .warning,
      report.agent.state == .ok || report.agent.state == .notApplicable
    else { return [] }
    var lines = [""]
    if let url = report.agent.url {
      // `Agent 7.78.0 at http://…`, and where that address came from.
      let who = report.checks.first { $0.id == "agent.answers" }?.message ?? ""
      let address = report.checks.first { $0.id == "agent.address" }?.message ?? url
      let name = who.firstRange(of: " at ").map { String(who[..<$0.lowerBound]) } ?? "an Agent"
      let isTaken = report.checks.contains { $0.id == "agent.span" && $0.status == .passed }
      lines += wrapped(
        "\(name.prefix(1).uppercased())\(name.dropFirst())"
          + " \(isTaken ? "took the test span" : "answers, and was sent no span,") at \(address).",
        width: style.width)
    }
    for step in report.delivery.rungs where step.status == .unknown && !step.reason.isEmpty {
      lines += wrapped("\(step.name.rawValue)? \(step.reason)", width: style.width)
    }
    return lines
  }

  private func counts(_ report: Report) -> [String] {
    let summary = report.summary
    let parts = [
      (summary.passed, "passed"), (summary.warning, summary.warning == 1 ? "warning" : "warnings"),
      (summary.failed, "failed"), (summary.blocked, "blocked"), (summary.unknown, "unknown"),
      (summary.skipped, style.verbose || style.quiet ? "skipped" : "skipped (-v: why)"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: "  ")
    let right = "run \(report.runID.prefix(8))"
    let gap = style.width - parts.count - right.count
    return gap < 2
      ? wrapped(parts, width: style.width) + [right]
      : [parts + String(repeating: " ", count: gap) + right]
  }

  /// What of a project's set-up is done.
  private func steps(_ report: Report) -> [String] {
    guard let steps = report.onboarding?.steps, !steps.isEmpty else { return [] }
    return ["Steps: " + steps.map { "\($0.name) \(glyph($0.status))" }.joined(separator: "  ")]
  }

  /// The command line that judges again what was judged.
  private func again(_ report: Report) -> String {
    let setup = report.setup
    let options = [("--setup", setup.name), ("--language", setup.language ?? "")]
    return options.filter { setup.detectedFrom.contains($0.0) }
      .reduce("dd-doctor") { "\($0) \($1.0) \($1.1)" }
  }

  private func next(_ report: Report) -> [String] {
    let order: [Status] = [.failed, .unknown, .warning]
    let causes = report.checks.filter { $0.blockedBy == nil && $0.failureClass != nil }
    // What a baseline knows comes behind what is new.
    let new = causes.filter { $0.known != true }
    let first = [new, causes].lazy.flatMap { causes in
      order.compactMap { status in causes.first { $0.status == status } }
    }.first
    let asking = report.onboarding?.check ?? first?.id
    var lines: [String] = []
    if let best = report.onboarding?.next ?? first?.remedies.first {
      // A variable is set and judged again; a command is looked at first; the rest is read.
      // A shell's variables are judged again; what stands in a file has to be applied first.
      let isSetting =
        (best.kind == .set || best.kind == .unset) && report.source.kind == "process"
      let isReady = best.command.map { !$0.contains("<") } ?? false
      lines +=
        best.command == nil
        ? wrapped("Next: \(best.text)", width: style.width)
        : ["Next: \(best.command ?? "")\(isSetting && isReady ? " && \(again(report))" : "")"]
    }
    // What a check's own remedy is for stands behind it above.
    if let next = report.onboarding?.next, !next.text.isEmpty, next.command != nil,
      !report.checks.contains(where: { $0.remedies.contains(next) })
    {
      lines += wrapped("(\(next.text))", width: style.width - 6).map { "      " + $0 }
    }
    return lines + (asking.map { ["Why:  dd-doctor explain \($0.rawValue)"] } ?? [])
  }

  private func glyph(_ status: Status) -> String {
    switch status {
    case .passed: style.ascii ? "+" : "✓"
    case .warning: "!"
    case .failed: style.ascii ? "x" : "✗"
    case .skipped: style.ascii ? "-" : "–"
    case .blocked: style.ascii ? "o" : "○"
    case .unknown: "?"
    }
  }

  private func glyph(_ status: Delivery.RungStatus) -> String {
    switch status {
    case .reached: glyph(Status.passed)
    case .failed: glyph(Status.failed)
    case .unknown: "?"
    case .notReached: style.ascii ? "." : "·"
    case .notApplicable: glyph(Status.skipped)
    }
  }

  private func paintedGlyph(_ status: Status) -> String {
    let hue: Style.Hue =
      switch status {
      case .passed: .green
      case .warning, .unknown: .yellow
      case .failed: .red
      case .skipped, .blocked: .dim
      }
    return style.paint(glyph(status), hue)
  }

  private func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
  }

  private func trimmedEnd(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}

extension Report {
  /// What stands behind `Agent error: `, in `text` and `info` alike.
  package var agentLine: String {
    guard agent.state == .notChecked else { return agent.line }
    let reason = checks.first { $0.group == "agent" && $0.status == .skipped }?.message
    let cut = checks.first { $0.group == "agent" && $0.failureClass == .interrupted }
    return "not checked (\(cut == nil ? reason ?? "no check of the Agent ran" : "interrupted"))"
  }
}
