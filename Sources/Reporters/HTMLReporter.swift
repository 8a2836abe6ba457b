package import Diagnosis

/// One HTML file that needs nothing else: the verdict as a sentence, the way of telemetry as a
/// picture, each cause with its way out, and what stands behind them.
package struct HTMLReporter: Sendable {
  package init() {}

  package func render(_ report: Report) -> String {
    let reading = ReportReading(report)
    let first = reading.causes.first.map { " · \($0.id)" } ?? ""
    let page: Markup = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none';\
       style-src 'unsafe-inline'; script-src '\(HTMLStyle.scriptHash)'; img-src data:;\
       base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>\(reading.word)\(first) · dd-doctor</title>
      <link rel="icon" href="data:,">
      <style>
      \(HTMLStyle.sheet)
      </style>
      </head>
      <body>
      \(HTMLStyle.icons)\(masthead(report, reading))<main>
      \(verdict(report, reading))\(causes(reading))\(ladder(report))\(exchanges(report))\
      \(HTMLTables.configuration(report))\(HTMLTables.checks(report))</main>
      \(footer(report))<script>\(HTMLStyle.script)</script>
      </body>
      </html>

      """
    return page.source
  }

  private func masthead(_ report: Report, _ reading: ReportReading) -> Markup {
    let time = String(report.startedAt.prefix(19)).replacing("T", with: " ")
    let detected = report.setup.detectedFrom.joined(separator: ", ")
    return """
      <header class="masthead">
      <p class="brand">dd-doctor <span>\(report.tool.version)</span></p>
      <p class="facts"><span>\(reading.setup)\(detected.isEmpty ? "" : " (\(detected))")</span>\
      <span>from \(report.source.kind): \(report.source.name)</span>\
      <span><time datetime="\(report.startedAt)">\(time) UTC</time></span></p>
      </header>

      """
  }

  private func verdict(_ report: Report, _ reading: ReportReading) -> Markup {
    let status = status(report.verdict)
    return """
      <section class="verdict \(status.rawValue)" aria-labelledby="verdict">
      <p class="state">\(HTMLStyle.icon(status))\(reading.word)</p>
      <h1 id="verdict">\(VerdictSentence.of(report))</h1>
      <p class="lead">\(VerdictSentence.detail(report))</p>
      <figure>
      \(HTMLPipeline.draw(Pipeline(report)))</figure>
      </section>

      """
  }

  private func status(_ verdict: Verdict) -> Status {
    switch verdict {
    case .healthy: .passed
    case .warning: .warning
    case .failed: .failed
    case .unknown: .unknown
    }
  }

  private func causes(_ reading: ReportReading) -> Markup {
    let causes = reading.causes
    guard !causes.isEmpty else { return .empty }
    let failed = causes.filter { $0.status == .failed }
    let others = causes.filter { $0.status != .failed }
    let title = failed.count == 1 ? "The cause" : "The causes"
    let wants = others.contains { $0.status == .unknown } ? "Also to look at" : "Warnings"
    return section("causes", title, failed.map { cause($0, reading) })
      + section("others", wants, others.map { cause($0, reading) })
  }

  private func section(_ id: String, _ title: String, _ parts: [Markup]) -> Markup {
    guard !parts.isEmpty else { return .empty }
    return """
      <section aria-labelledby="\(id)">
      <h2 id="\(id)">\(title)</h2>
      \(parts)</section>

      """
  }

  private func cause(_ finding: Finding, _ reading: ReportReading) -> Markup {
    let name: Markup =
      finding.failureClass.map { "<span class=\"class\">\($0.rawValue)</span>" } ?? .empty
    let link: Markup =
      trustedLink(finding.docs).map { " · <a href=\"\($0)\">documentation</a>" } ?? .empty
    return """
      <article class="cause \(finding.status.rawValue)">
      <p class="tags">\(HTMLStyle.icon(finding.status))<span class="id">\(finding.id.rawValue)</span>\
      \(name)</p>
      <h3>\(finding.message)</h3>
      \(evidence(finding))\(remedies(finding))\(echoes(reading.echoes(of: finding)))\
      <p class="why">Why this matters: <code>dd-doctor explain \(finding.id.rawValue)</code>\(link)</p>
      </article>

      """
  }

  private func evidence(_ finding: Finding) -> Markup {
    guard !finding.evidence.isEmpty else { return .empty }
    let rows = finding.evidence.map { evidence -> Markup in
      let expected: Markup =
        evidence.expected.isEmpty
        ? .empty : "<p class=\"expected\">expected <span>\(evidence.expected)</span></p>"
      let source: Markup =
        evidence.source.isEmpty ? .empty : "<p class=\"source\">source: \(evidence.source)</p>"
      return """
        <div><dt>\(evidence.name)</dt>\
        <dd><p class="measured">\(evidence.measured)</p>\(expected)\(source)</dd></div>

        """
    }
    return "<dl class=\"evidence\">\n\(rows)</dl>\n"
  }

  private func remedies(_ finding: Finding) -> Markup {
    guard !finding.remedies.isEmpty else { return .empty }
    let items = finding.remedies.map { remedy -> Markup in
      guard let command = remedy.command else { return "<li><p>\(remedy.text)</p></li>\n" }
      let text: Markup = remedy.text.isEmpty ? .empty : "<p>\(remedy.text)</p>"
      return "<li><div class=\"command\"><code>\(command)</code></div>\(text)</li>\n"
    }
    return "<h4>\(items.count == 1 ? "Fix" : "Fix, the likeliest first")</h4>\n"
      + "<ol class=\"remedies\">\n\(items)</ol>\n"
  }

  private func echoes(_ echoes: [Finding]) -> Markup {
    guard !echoes.isEmpty else { return .empty }
    let items = echoes.map { "<li>\($0.id.rawValue)</li>\n" as Markup }
    return """
      <h4>\(counted(echoes.count, "echo", "echoes")): nothing to mend there</h4>
      <ul class="echoes">
      \(items)</ul>

      """
  }

  private func ladder(_ report: Report) -> Markup {
    let rungs = report.delivery.rungs.map { step -> Markup in
      """
      <li class="\(step.status.rawValue)">\(HTMLStyle.icon(step.status))\
      <span class="rung">\(step.name.rawValue)</span>\
      <span class="word">\(HTMLStyle.word(step.status))</span>\
      <span class="reason">\(linked(step.reason))</span></li>

      """
    }
    guard !rungs.isEmpty else { return .empty }
    return section("ladder", "How far it was proved", ["<ol class=\"ladder\">\n\(rungs)</ol>\n"])
  }

  private func exchanges(_ report: Report) -> Markup {
    guard !report.exchanges.isEmpty else { return .empty }
    let title = counted(report.exchanges.count, "exchange")
    return section("exchanges", title, [HTMLWaterfall(report.exchanges).markup])
  }

  private func footer(_ report: Report) -> Markup {
    """
    <footer>
    <p>Run <code>\(report.runID)</code>, exit status \(Int(report.exitStatus)), \
    \(decimal(report.durationMilliseconds, places: 1)) ms.</p>
    <p>A secret is shown as its kind, its length and a fingerprint, never as itself. \
    This file loads nothing and sends nothing.</p>
    </footer>

    """
  }

  /// Text in which links that may be followed are links.
  private func linked(_ text: String) -> Markup {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word -> Markup in
      trustedLink(String(word)).map { "<a href=\"\($0)\">\($0)</a>" } ?? "\(String(word))"
    }
    return "\(words, separator: " ")"
  }
}
