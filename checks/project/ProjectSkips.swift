import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether what the project's file leaves out is left out for a time that has not ended.
package struct ProjectSkips: Check {
  package let about = About(
    id: "project.skips",
    title: "Skips of the project have not expired",
    explanation: """
      A check that is left out for a good reason tends to stay so when the reason is gone. Each entry \
      of `skip` in `.dd-doctor.json` says why, and may say until when: after that day it is not \
      applied, the check runs again, and this check says so.
      """,
    fix: "Take the entry out of .dd-doctor.json, or give it a new reason and a new day.",
    docs: Docs.connection,
    statuses: [.passed, .warning, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    guard let project = seen.settings.host.project, !project.skips.isEmpty else {
      return .skipped("no .dd-doctor.json leaves checks out")
    }
    let expired = project.skips.filter { !$0.holds(on: project.today) }
    let held = project.skips.count - expired.count
    return .worst(
      expired.map { .warning(.expired($0, project)) },
      else: .passed("\(held) of the project's skips \(held == 1 ? "holds" : "hold")"))
  }
}

extension Problem {
  fileprivate static func expired(_ skip: Project.Skip, _ project: Project) -> Problem {
    let check = printable(skip.check, limit: 60)
    return Problem(
      "the skip of \(check) expired on \(skip.expires ?? ""): it is not applied", class: .outdated,
      evidence: Evidence(
        "skip",
        measured: "\(check) until \(skip.expires ?? ""): \(printable(skip.reason, limit: 200))",
        expected: "a day that is not before \(project.today)",
        source: "\(project.title), line \(skip.line)"),
      remedies: .edit(
        "take the skip of \(check) out of \(printable(project.path, limit: 200)), or give it a new"
          + " day"))
  }
}
