import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the variables that the project's file asks for are set, to values that it allows.
package struct ProjectVariables: Check {
  package let about = About(
    id: "project.variables",
    title: "Variables that the project asks for are set",
    explanation: """
      A team knows better than any tool what its application needs: `.dd-doctor.json` names the \
      variables that have to be set and, where it matters, the values that are allowed. A secret's \
      value is never compared, only whether there is one.
      """,
    fix: "Set the variable, or change `variables` in .dd-doctor.json.",
    docs: Docs.tagging,
    statuses: [.passed, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let project = settings.host.project, !project.requirements.isEmpty else {
      return .skipped("no .dd-doctor.json asks for variables")
    }
    let here = project.requirements.filter { settings.reads($0.name) }
    guard !here.isEmpty else {
      return .skipped("of another source than this process only Datadog's variables are judged")
    }
    let problems = here.compactMap { Self.problem($0, project, settings) }
    let names = here.map(\.name).joined(separator: ", ")
    return .worst(problems.map(Outcome.failed), else: .passed("\(names) as the project asks"))
  }

  private static func problem(
    _ requirement: Project.Requirement, _ project: Project, _ settings: Settings
  ) -> Problem? {
    guard let variable = settings.environment[requirement.name] else {
      return .missing(requirement, "not set", project, settings)
    }
    guard !variable.isEmpty else { return .missing(requirement, "''", project, settings) }
    guard let text = variable.text, variable.isWhole, !requirement.allowed.isEmpty,
      !requirement.allowed.contains(text)
    else { return nil }
    return .notAllowed(requirement, variable, text, project)
  }
}

extension Settings {
  /// Whether a name is read where the configuration comes from.
  fileprivate func reads(_ name: String) -> Bool {
    host.workload == nil || ["DD_", "OPENAI_", "OTEL_"].contains { name.hasPrefix($0) }
  }
}

extension Project.Requirement {
  /// What to set: the one value that is allowed, else the user's choice.
  fileprivate var choice: String {
    switch allowed.count {
    case 0: "<value>"
    case 1: allowed[0]
    default: "<\(allowed.joined(separator: "|"))>"
    }
  }

  fileprivate var expected: String {
    allowed.isEmpty
      ? "a value" : allowed.map { printable($0, limit: 60) }.joined(separator: ", ")
  }
}

extension Problem {
  fileprivate static func missing(
    _ requirement: Project.Requirement, _ measured: String, _ project: Project, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(requirement.name) is \(measured == "not set" ? measured : "empty"), and the project asks"
        + " for it", class: .missing,
      evidence: Evidence(
        requirement.name, measured: measured, expected: requirement.expected, source: project.title),
      remedies: .set(requirement.name, to: requirement.choice))
  }

  fileprivate static func notAllowed(
    _ requirement: Project.Requirement, _ variable: Variable, _ text: String, _ project: Project
  ) -> Problem {
    let near = Spelling.nearest(to: text, among: requirement.allowed)
    return Problem(
      "\(requirement.name) is '\(printable(text, limit: 60))', which the project does not allow",
      class: .malformed,
      evidence: Evidence(
        requirement.name, measured: variable.shown, expected: requirement.expected,
        source: project.title),
      remedies: .set(requirement.name, to: near ?? requirement.choice))
  }
}
