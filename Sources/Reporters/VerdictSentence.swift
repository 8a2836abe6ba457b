import Diagnosis

/// The verdict as a person would say it: how far telemetry gets, and no further than was proved.
enum VerdictSentence {
  static func of(_ report: Report) -> String {
    let hasAgent = report.agent.state != .notApplicable
    switch report.verdict {
    case .failed: return failure(report, hasAgent)
    case .unknown:
      return ReportReading(report).emptiness == nil ? "Not all could be told" : "Nothing was judged"
    case .healthy, .warning: return success(report, hasAgent)
    }
  }

  private static func failure(_ report: Report, _ hasAgent: Bool) -> String {
    let broken = report.delivery.rungs.first { $0.status == .failed || $0.status == .notReached }
    if report.setup.name == "openai-api", let name = broken?.name, name != .configured {
      return "The usage at OpenAI can't be read"
    }
    switch broken?.name {
    case .configured: return "Stopped by its own configuration"
    case .connected: return "Nothing gets to \(hasAgent ? "the Agent" : "Datadog")"
    case .accepted: return "\(hasAgent ? "The Agent" : "Datadog") does not take spans"
    case .counted: return "The Agent drops what it takes"
    case .forwarded: return "Spans reach the Agent and go no further"
    case .stored: return "Spans are sent on and not stored"
    case nil:
      let causes = report.checks.filter { $0.status == .failed && $0.blockedBy == nil }.count
      return "\(counted(causes, "thing")) to mend"
    }
  }

  private static func success(_ report: Report, _ hasAgent: Bool) -> String {
    let isUsage = report.setup.name == "openai-api"
    return switch report.delivery.reached {
    case nil: "Nothing wrong was found"
    case .configured: "The configuration is sound"
    case .connected: "\(hasAgent ? "The Agent" : "Datadog") answers"
    case .accepted where isUsage: "The usage at OpenAI can be read"
    case .accepted, .counted: "\(hasAgent ? "The Agent" : "Datadog") takes spans"
    case .forwarded: "Spans are sent on to Datadog"
    case .stored: "Spans are stored in Datadog"
    }
  }

  /// What was counted, and what was not proved.
  static func detail(_ report: Report) -> String {
    let reading = ReportReading(report)
    switch report.verdict {
    case .failed, .unknown: return sentence(reading.tally)
    case .healthy, .warning:
      let open = report.delivery.rungs.filter { $0.status == .unknown }.map(\.name.rawValue)
      let rest = open.isEmpty ? "" : " Not proved: \(open.joined(separator: ", "))."
      return sentence(reading.tally) + rest
    }
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}
