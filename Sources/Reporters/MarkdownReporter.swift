package import Diagnosis

/// Markdown for a ticket: verdict, causes with evidence and remedies, then what support asks for.
package struct MarkdownReporter: Sendable {
  package init() {}

  package func render(_ report: Report) -> String {
    let reading = ReportReading(report)
    var blocks = [
      ["## dd-doctor: \(reading.word), \(reading.tally)"], [facts(report, reading)],
      ladder(report), ["Agent error: \(MarkdownText.prose(report.agentLine))"],
    ]
    for cause in reading.causes { blocks += self.cause(cause, reading) }
    blocks += details("All checks (\(report.checks.count))", checks(report))
    if !report.configuration.isEmpty {
      blocks += details(
        "Configuration (\(report.configuration.count)), secrets as kind, length and fingerprint",
        configuration(report))
    }
    if !report.exchanges.isEmpty {
      blocks += details("Exchanges (\(report.exchanges.count))", exchanges(report))
    }
    return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private func facts(_ report: Report, _ reading: ReportReading) -> String {
    let detected = report.setup.detectedFrom.joined(separator: ", ")
    let setup = [report.setup.name, report.setup.language].compactMap { $0 }
      .map(MarkdownText.code).joined(separator: " · ")
    return [
      setup + (detected.isEmpty ? "" : " (\(MarkdownText.prose(detected)))"),
      "from \(MarkdownText.prose("\(report.source.kind): \(report.source.name)"))",
      report.agent.version.map { "Agent \(MarkdownText.code($0))" },
      "\(MarkdownText.code(report.tool.name)) \(MarkdownText.code(report.tool.version))",
      "run \(MarkdownText.code(report.runID))", "at \(MarkdownText.code(report.startedAt))",
      "exit \(report.exitStatus)",
    ].compactMap { $0 }.joined(separator: " · ")
  }

  private func ladder(_ report: Report) -> [String] {
    guard !report.delivery.rungs.isEmpty else { return [] }
    let rungs = report.delivery.rungs
    return [
      "| " + rungs.map(\.name.rawValue).joined(separator: " | ") + " |",
      "|" + String(repeating: " :-: |", count: rungs.count),
      "| " + rungs.map { Glyphs.of($0.status) }.joined(separator: " | ") + " |",
    ]
  }

  private func cause(_ finding: Finding, _ reading: ReportReading) -> [[String]] {
    let name = finding.failureClass.map { " (`\($0.rawValue)`)" } ?? ""
    var blocks = [
      [
        "### \(Glyphs.of(finding.status)) \(MarkdownText.code(finding.id.rawValue)) "
          + MarkdownText.prose(finding.message) + name
      ],
      finding.evidence.map(evidence),
    ]
    if !finding.remedies.isEmpty {
      blocks.append([finding.remedies.count == 1 ? "**Fix**" : "**Fix**, the likeliest first"])
    }
    for (index, remedy) in finding.remedies.enumerated() {
      blocks += self.remedy(remedy, index > 0 ? "or " : "")
    }
    let echoes = reading.echoes(of: finding)
    if !echoes.isEmpty {
      blocks.append([
        "Blocks " + echoes.map { MarkdownText.code($0.id.rawValue) }.joined(separator: ", ")
      ])
    }
    blocks.append([
      "Why: \(MarkdownText.code("dd-doctor explain \(finding.id)")) · "
        + MarkdownText.link("documentation", to: finding.docs)
    ])
    return blocks
  }

  /// A command in a fence of its own, for remedies are choices and no script.
  private func remedy(_ remedy: Remedy, _ word: String) -> [[String]] {
    let text = remedy.text.isEmpty ? "" : MarkdownText.prose(remedy.text)
    guard let command = remedy.command else { return [["- \(word)\(text)"]] }
    let fence = MarkdownText.fence([command]).map { "  \($0)" }
    return [["- \(text.isEmpty ? "\(word)type" : "\(word)\(text)"):", ""] + fence]
  }

  private func evidence(_ evidence: Evidence) -> String {
    var text =
      "- \(MarkdownText.prose(evidence.name)): \(MarkdownText.code(evidence.measured))"
    if !evidence.expected.isEmpty {
      text += ", expected \(MarkdownText.code(evidence.expected))"
    }
    if !evidence.source.isEmpty { text += " (\(MarkdownText.prose(evidence.source)))" }
    return text
  }

  private func details(_ title: String, _ table: [String]) -> [[String]] {
    [["<details><summary>\(title)</summary>"], table, ["</details>"]]
  }

  private func checks(_ report: Report) -> [String] {
    table(
      ["", "check", "found"],
      report.checks.map { finding in
        [
          "\(Glyphs.of(finding.status)) \(finding.status.rawValue)",
          MarkdownText.code(finding.id.rawValue), MarkdownText.prose(finding.message),
        ]
      })
  }

  private func configuration(_ report: Report) -> [String] {
    table(
      ["name", "value", "from", "default", "wins over"],
      report.configuration.map { value in
        [
          MarkdownText.code(value.name), MarkdownText.code(value.value),
          MarkdownText.prose(value.origin), value.default.map(MarkdownText.code) ?? "",
          value.shadowed.map(MarkdownText.code).joined(separator: ", "),
        ]
      })
  }

  private func exchanges(_ report: Report) -> [String] {
    table(
      ["question", "URL", "answer", "dns", "connect", "tls", "first byte", "total (ms)"],
      report.exchanges.map { exchange in
        let phases = exchange.phases
        let answer = exchange.error ?? exchange.status.map(String.init) ?? ""
        return [
          MarkdownText.code(exchange.question), MarkdownText.code(exchange.url),
          MarkdownText.prose(answer),
        ]
          + [phases.dns, phases.connect, phases.tls, phases.firstByte, phases.total].map {
            $0.map { decimal($0, places: 2) } ?? ""
          }
      })
  }

  private func table(_ head: [String], _ rows: [[String]]) -> [String] {
    [
      "| " + head.joined(separator: " | ") + " |",
      "|" + String(repeating: " --- |", count: head.count),
    ] + rows.map { "| " + $0.map(MarkdownText.cell).joined(separator: " | ") + " |" }
  }
}

/// The signs of statuses, where a format has no colour.
enum Glyphs {
  static func of(_ status: Status) -> String {
    switch status {
    case .passed: "✓"
    case .warning: "!"
    case .failed: "✗"
    case .skipped: "–"
    case .blocked: "○"
    case .unknown: "?"
    }
  }

  static func of(_ status: Delivery.RungStatus) -> String {
    switch status {
    case .reached: "✓"
    case .failed: "✗"
    case .unknown: "?"
    case .notReached: "·"
    case .notApplicable: "–"
    }
  }
}
