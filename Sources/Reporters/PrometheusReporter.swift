package import Diagnosis
import FoundationEssentials

/// Prometheus' text format, for node_exporter's textfile collector.
///
/// Each check is a state set: one sample a status, of which one is 1, so that no series dies.
package struct PrometheusReporter: Sendable {
  package init() {}

  package func render(_ report: Report) -> String {
    var metrics = [
      Metric(
        "info", "The run that these metrics are of.",
        [
          Sample(
            [
              ("version", report.tool.version), ("setup", report.setup.name),
              ("language", report.setup.language ?? ""),
              ("service", report.tracer?.service ?? ""), ("env", report.tracer?.env ?? ""),
              ("agent_version", report.agent.version ?? ""),
            ], "1")
        ]),
      Metric(
        "verdict", "The verdict of the last run.",
        Verdict.allCases.map { Sample([("verdict", $0.rawValue)], flag($0 == report.verdict)) }),
      Metric(
        "exit_status", "The exit status of the last run.",
        [Sample([], String(report.exitStatus))]),
      Metric("checks", "The checks of the last run by status.", counts(report.summary)),
    ]
    if !report.checks.isEmpty {
      metrics.append(
        Metric("check_status", "What became of each check.", report.checks.flatMap(statuses)))
    }
    let problems = report.checks.compactMap { finding in
      finding.failureClass.map { Sample(labels(finding) + [("class", $0.rawValue)], "1") }
    }
    if !problems.isEmpty {
      metrics.append(Metric("check_problem", "The class of each check's problem.", problems))
    }
    metrics.append(
      Metric(
        "delivery_reached", "How far telemetry was proved to get, rung by rung.",
        report.delivery.rungs.map {
          Sample([("rung", $0.name.rawValue)], flag($0.status == .reached))
        }))
    metrics.append(
      Metric(
        "run_duration_seconds", "How long the last run took.",
        [Sample([], decimal(report.durationMilliseconds / 1000, places: 6))]))
    if let seconds = timestamp(report) {
      metrics.append(
        Metric(
          "last_run_timestamp_seconds", "When the last run started, since 1970.",
          [Sample([], seconds)]))
    }
    return metrics.map(text).joined()
  }

  private struct Sample {
    let labels: [(name: String, value: String)]
    let value: String

    init(_ labels: [(String, String)], _ value: String) {
      self.labels = labels.map { (name: $0.0, value: $0.1) }
      self.value = value
    }
  }

  private struct Metric {
    let name: String
    let help: String
    let samples: [Sample]

    init(_ name: String, _ help: String, _ samples: [Sample]) {
      self.name = "dd_doctor_\(name)"
      self.help = help
      self.samples = samples
    }
  }

  private func labels(_ finding: Finding) -> [(String, String)] {
    [("check", finding.id.rawValue), ("group", finding.group)]
  }

  private func statuses(_ finding: Finding) -> [Sample] {
    Status.allCases.map {
      Sample(labels(finding) + [("status", $0.rawValue)], flag($0 == finding.status))
    }
  }

  private func counts(_ summary: Summary) -> [Sample] {
    Status.allCases.map { status in
      let count =
        switch status {
        case .passed: summary.passed
        case .warning: summary.warning
        case .failed: summary.failed
        case .skipped: summary.skipped
        case .blocked: summary.blocked
        case .unknown: summary.unknown
        }
      return Sample([("status", status.rawValue)], String(count))
    }
  }

  private func flag(_ isSet: Bool) -> String { isSet ? "1" : "0" }

  private func text(_ metric: Metric) -> String {
    let lines = metric.samples.map { sample in
      let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value))\"" }
      return metric.name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " "
        + sample.value
    }
    return "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) gauge\n"
      + lines.map { $0 + "\n" }.joined()
  }

  /// In a label's value the quote and the backslash are escaped; line ends are gone already.
  private func escaped(_ value: String) -> String {
    escaping(value) { ["\"", "\\"].contains($0) ? "\\\($0)" : nil }
  }

  private func timestamp(_ report: Report) -> String? {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    let date =
      (try? style.parse(report.startedAt)) ?? (try? Date(report.startedAt, strategy: .iso8601))
    return date.map { decimal($0.timeIntervalSince1970, places: 3) }
  }
}
