import Configuration
import Diagnosis
import Probes
import Testing

@testable import Checks

@Suite struct `Checks of the environment` {
  @Test(arguments: EnvironmentRows.all)
  func `judge what is set`(row: CheckRow) async throws { try await row.holds() }
}

@Suite struct `Checks of the Agent` {
  @Test(arguments: AgentRows.all)
  func `judge what was observed`(row: CheckRow) async throws { try await row.holds() }
}

@Suite struct `The rows of both groups` {
  static let rows = EnvironmentRows.all + AgentRows.all

  @Test(
    arguments: Suite<Observations>.everything.checks.map(\.about).filter {
      // Whose organisation an Agent belongs to is tested with the sites, what a file describes
      // with the workloads.
      ["environment", "agent"].contains($0.id.group)
        && !["agent.organization", "agent.site", "environment.secrets"].contains($0.id)
    }.map(\.id))
  func `reach every status that a check declares, and no other`(id: CheckID) async throws {
    let about = try #require(
      Suite<Observations>.everything.checks.first { $0.about.id == id }?.about)
    var reached: Set<Status> = []
    for row in Self.rows where row.check == id { reached.insert(try await row.outcome().status) }
    #expect(reached == Set(about.statuses))
  }

  @Test(arguments: [1, 3, 4, 5, 6, 7, 8, 12, 13, 15, 21, 30, 40])
  func `cover the field's tickets that belong here`(ticket: Int) {
    #expect(Self.rows.contains { $0.name.hasPrefix("#\(ticket) ") })
  }

  /// The first remedy, pasted: the check then has something else to say, or nothing.
  @Test(arguments: rows) func `are mended by their first remedy, where it can be pasted`(
    row: CheckRow
  )
    async throws
  {
    let about = try #require(
      Suite<Observations>.everything.checks.first { $0.about.id == row.check }?.about)
    guard !about.needsNetwork, let problem = try await row.outcome().problem,
      let remedy = problem.remedies.first, let variable = remedy.variable
    else { return }
    var variables = row.variables
    switch remedy.kind {
    case .set:
      variables[variable] = remedy.value
      let unset = remedy.command?.split(separator: "; unset ").dropFirst().first
      if let unset { variables[String(unset)] = nil }
    case .unset: variables[variable] = nil
    case .command, .edit, .advice: return
    }
    guard remedy.value?.contains("<") != true else { return }
    let mended = CheckRow(
      row.check, row.name, variables, row.language, row.setup, on: row.host, agent: row.agent,
      is: .passed)
    let after = try await mended.outcome()
    #expect(after.problem?.message != problem.message, "\(remedy.line)")
    // What it writes must not be a problem to another check.
    let values = try await CheckRow(
      "environment.values", row.name, variables, row.language, row.setup, on: row.host, is: .passed
    ).outcome()
    #expect(values.problem?.message.hasPrefix("\(variable) ") != true, "\(remedy.line)")
  }

  @Test func `are told apart by their names`() {
    #expect(Set(Self.rows.map(\.testDescription)).count == Self.rows.count)
  }
}
