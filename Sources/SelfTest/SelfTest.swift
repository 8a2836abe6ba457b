import Checks
package import Diagnosis
import Probes

/// Every check against every status that it declares: which were reached, and how.
package struct SelfTest: Sendable {
  package struct Row: Sendable {
    package let check: CheckID
    package let declared: [Status]
    package let trials: [Trial]

    /// Statuses that it declares and no situation brought about.
    package var unreached: [Status] {
      declared.filter { status in !trials.contains { $0.reached == status } }
    }

    /// Statuses that a situation brought about and it does not declare.
    package var undeclared: [Status] {
      Status.allCases.filter { status in
        !declared.contains(status) && trials.contains { $0.reached == status }
      }
    }

    /// Who answered where it came to a status.
    package func source(_ status: Status) -> Scenario.Source? {
      trials.first { $0.reached == status }?.source
    }
  }

  package let rows: [Row]
  package let scenarios: Int

  /// What is wrong, a line each; none where every declared status was reached and no other.
  package var defects: [String] {
    rows.flatMap { row in
      row.unreached.map { "\(row.check): \($0.rawValue) is declared and was not reached" }
        + row.undeclared.map { "\(row.check): \($0.rawValue) was reached and is not declared" }
        + row.trials.filter { !$0.holds }.map { trial in
          "\(row.check): '\(trial.scenario)' gives \(trial.reached?.rawValue ?? "nothing"),"
            + " and not \(trial.expected.rawValue): \(trial.message)"
        }
    }
  }

  /// Runs every situation.
  package static func run(_ scenarios: [Scenario] = Scenario.all) async throws -> SelfTest {
    var trials: [CheckID: [Trial]] = [:]
    for scenario in scenarios {
      for trial in try await scenario.trials() { trials[trial.check, default: []].append(trial) }
    }
    let known = Suite<Observations>.everything.checks.map(\.about) + Scenario.projectChecks
    var rows = known.map { about in
      Row(check: about.id, declared: about.statuses, trials: trials[about.id] ?? [])
    }
    // A situation that names a check that is not there is a defect too.
    let strangers = Set(trials.keys).subtracting(known.map(\.id))
    rows += strangers.sorted().map { Row(check: $0, declared: [], trials: trials[$0] ?? []) }
    return SelfTest(rows: rows, scenarios: scenarios.count)
  }
}
