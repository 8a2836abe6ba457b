package import Diagnosis

/// The labels of `ddtrace-run --info` that we can back, in its order, so that what greps it works.
package struct InfoReporter: Sendable {
  package init() {}

  package func render(_ report: Report) -> String {
    let report = report.printable
    let tracer = report.tracer
    var lines = ["Tracer Configurations:"]
    lines += [
      ("Tracer enabled", boolean(tracer?.enabled)),
      ("Debug logging", boolean(tracer?.debug)),
      ("Writing traces to", report.agent.url ?? "AGENTLESS"),
      ("Agent error", report.agentLine),
      ("Log injection enabled", boolean(tracer?.logInjection)),
    ].map(line)
    lines += ["    Tagging:"]
    lines += [
      ("DD Service", tracer?.service ?? "None"), ("DD Env", tracer?.env ?? "None"),
      ("DD Version", tracer?.version ?? "None"), ("Global Tags", tracer?.tags ?? "None"),
    ].map(line)
    lines += ["", "Test span:"] + span(report).map(line)
    for section in ["site", "datadog", "openai", "llmobs", "runtime"] {
      let found = report.checks.filter { $0.group == section && $0.status != .skipped }
      guard !found.isEmpty else { continue }
      lines += ["", heading(section)] + found.map { line($0.title, "\(word($0)): \($0.message)") }
    }
    lines += ["", "Summary"] + problems(report)
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line whatever the value holds, for others grep for the lines that we write.
  private func line(_ label: String, _ value: String) -> String {
    "    \(label): \(value)"
  }

  private func boolean(_ value: Bool?) -> String {
    value.map { $0 ? "True" : "False" } ?? "None"
  }

  private func heading(_ group: String) -> String {
    switch group {
    case "site": "Site:"
    case "datadog": "Datadog keys:"
    case "openai": "OpenAI:"
    case "llmobs": "LLM Observability:"
    default: "Runtime:"
    }
  }

  private func span(_ report: Report) -> [(String, String)] {
    let finding = report.checks.first { $0.id == "agent.span" }
    if finding == nil, let span = report.checks.first(where: { $0.id == "llmobs.span" }),
      span.status == .passed
    {
      return [
        ("Accepted", "yes, \(span.message)"), ("App", "dd-doctor"), ("Run id", report.runID),
      ]
    }
    guard let finding, finding.status == .passed else {
      let isAsked = finding.map { $0.status != .skipped } ?? false
      return [
        ("Accepted", "\(isAsked ? "no" : "not sent") (\(finding?.message ?? "not applicable"))")
      ]
    }
    return [
      ("Accepted", "yes, by \(report.agent.version.map { "Agent \($0)" } ?? "an Agent")"),
      ("Service", "dd-doctor"), ("Run id", report.runID),
    ]
  }

  private func word(_ finding: Finding) -> String { finding.status.rawValue }

  private func problems(_ report: Report) -> [String] {
    let order: [(Status, String)] = [
      (.failed, "ERROR"), (.unknown, "UNKNOWN"), (.warning, "WARNING"),
    ]
    return order.flatMap { status, word -> [String] in
      report.checks.filter { $0.status == status && $0.blockedBy == nil }.flatMap { finding in
        let name = finding.failureClass?.rawValue ?? ""
        let texts =
          ["\(word) \(finding.id): \(finding.message) [\(name)]"]
          + finding.remedies.map { " \($0.line)" } + [" \(finding.docs)"]
        return [""] + texts.map(visible)
      }
    }
  }
}
