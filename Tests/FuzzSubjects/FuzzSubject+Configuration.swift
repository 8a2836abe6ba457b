import Configuration
import Diagnosis
import Reporters
import Wire

// What is configured, and reports that were saved.
extension FuzzSubject {
  static func environment(_ bytes: [UInt8]) {
    let environment = Environment.reading(parts(bytes, 0)).environment
    for language in [nil] + Language.allCases.map(Optional.some) {
      let settings = Settings(environment, HostFacts(), language: language)
      _ = (
        settings.service, settings.tags, settings.proxies, settings.agent.url, settings.dogStatsD
      )
    }
  }

  static func workloads(_ bytes: [UInt8], as kind: SourceKind?) throws(Broken) {
    do {
      for workload in try WorkloadReader.read(bytes, as: kind, origin: "file").workloads {
        _ = Settings(workload.environment, HostFacts())
      }
    } catch {
      try harmless(error.message, "a refusal")
    }
  }

  static func report(_ bytes: [UInt8]) throws(Broken) {
    guard let report = try? JSONReporter.read(String(decoding: bytes, as: UTF8.self)) else {
      return
    }
    let styles = [Style(color: false, ascii: false, width: 80), Style(color: false, width: 20)]
    for style in styles { try harmless(TextReporter(style).render(report), "text") }
    try harmless(InfoReporter().render(report), "info")
    try harmless(TAPReporter().render(report), "tap")
    try harmless(GitHubReporter().render(report), "github")
    try harmless(NagiosReporter().render(report), "nagios")
    try harmless(PrometheusReporter().render(report), "prometheus")
    try harmless(MarkdownReporter().render(report), "markdown")
    try harmless(JUnitReporter().render(report), "junit")
    try harmless(HTMLReporter().render(report), "html")
    guard let json = try? JSONReporter().render(report), (try? JSONReporter.read(json)) == report
    else { throw Broken("a report that was read can't be written and read again") }
    _ = try? SARIFReporter().render(report)
    _ = ReportDiff(from: report, to: report)
  }

  static func url(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    _ = URLParts(text)
    _ = ProxyURL(Secret(bytes))
    _ = ProxyURL.redacted(text)
    _ = HTTPDate.seconds(text)
  }

  static func pattern(_ bytes: [UInt8]) {
    let halves = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let pattern = LinearPattern(String(decoding: halves.first ?? [], as: UTF8.self))
    _ = pattern?.isMet(by: String(decoding: halves.dropFirst().first ?? [], as: UTF8.self))
  }

  static func text(_ bytes: [UInt8]) throws(Broken) {
    let text = String(decoding: bytes, as: UTF8.self)
    let redacted = Redaction.redacted(text)
    guard Redaction.tellingKey(in: redacted) == nil else { throw Broken("a key is left") }
    try harmless(printable(text, limit: 40), "printable")
    try harmless(printable(bytes, limit: 40), "printable")
  }
}
