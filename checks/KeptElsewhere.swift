import Configuration
package import Diagnosis
package import Probes

/// A check over variables of which some are kept elsewhere: what is not read is not judged.
package struct KeptElsewhere: Check {
  private let check: any Check<Observations>

  package init(_ check: any Check<Observations>) {
    self.check = check
  }

  package var about: About { check.about }

  package func anticipate(_ seen: Observations) { check.anticipate(seen) }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    let kept = settings.environment.variables.filter { $0.kept != nil }
    let deciding = Self.deciding(about.id)
    if let variable = kept.first(where: { deciding.contains($0.name) }) {
      return .skipped(Self.reason(variable))
    }
    let outcome = try await check.judge(seen)
    guard let problem = outcome.problem else { return outcome }
    if let variable = kept.first(where: { problem.speaks(of: $0.name) }) {
      return .skipped(Self.reason(variable))
    }
    let unread = settings.host.workload?.unread ?? []
    guard problem.failureClass == .missing, let place = unread.first else { return outcome }
    // Of a workload of which nothing is shown, nothing may be said to be well.
    if about.id == "environment.tags", settings.environment.variables.isEmpty {
      return .unknown(.nothingShown(place, settings))
    }
    return .skipped("\(problem.message); \(place) may set it, and is not read")
  }

  private static func reason(_ variable: Variable) -> String {
    "\(variable.name) comes from \(variable.kept ?? "elsewhere"), which is not read"
  }

  /// The variables without which a check would judge a default that does not hold.
  private static func deciding(_ id: CheckID) -> Set<String> {
    switch id {
    case .siteKnown, "site.llmobs": ["DD_SITE"]
    case .agentAddress:
      [
        "DD_TRACE_AGENT_URL", "DD_TRACE_URL", "DD_AGENT_HOST", "DD_TRACE_AGENT_HOSTNAME",
        "DD_TRACE_AGENT_PORT", "DD_AGENT_PORT",
      ]
    case "openai.provider": ["OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT"]
    case "llmobs.enabled": ["DD_LLMOBS_ENABLED"]
    default: []
    }
  }
}

extension Problem {
  fileprivate static func nothingShown(_ place: String, _ settings: Settings) -> Problem {
    let definition = place.hasPrefix("task definition ") ? place.dropFirst(16) : nil
    return Problem(
      "none of its variables is shown here: they come from \(place)", class: .missing,
      evidence: Evidence(
        "variables", measured: "none", expected: "the workload's own",
        source: settings.host.workload?.title ?? "--from"),
      remedies: definition.map {
        .command(
          "aws ecs describe-task-definition --task-definition \(shellQuoted(String($0)))"
            + " | dd-doctor --from -")
      } ?? .advice("run dd-doctor inside of it, or give the place that sets them"))
  }

  /// Whether a variable's name stands in it.
  fileprivate func speaks(of name: String) -> Bool {
    message.contains(name) || evidence.contains { $0.name == name || $0.measured.contains(name) }
      || remedies.contains { $0.variable == name }
  }
}
