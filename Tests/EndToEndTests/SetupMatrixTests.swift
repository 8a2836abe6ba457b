import Foundation
import StandIn
import Testing

/// Every set-up of the source document: whole it is healthy, and each single thing that is taken
/// away is named by one check, whose remedy mends it when it is pasted.
@Suite struct SetupMatrixTests {
  @Test(arguments: SetupRows.setups)
  func `what the source document says is healthy under strict`(setup: SetupRows.Setup) throws {
    let world = try SetupWorld.Running(.healthy(setup.name, setup.language))
    let run = try world.check(["--strict"])
    #expect(run.status == 0, "\(run.problems)")
    #expect(try run.ids("failed") == [])
    #expect(try run.ids("warning") == [])
    #expect(try run.ids("unknown") == [])
    #expect(try run.report()["verdict"] as? String == "healthy")
  }

  @Test(arguments: SetupRows.all)
  func `one thing broken is one check, and its remedy mends it`(row: SetupRows.Row) throws {
    let broken = SetupWorld.healthy(row.setup, row.language).with(row.broken)
    let world = try SetupWorld.Running(broken)
    let run = try world.check()
    let (status, failureClass) = row.verdict
    #expect(run.status == (status == "failed" ? 1 : 0), "\(run.problems)")
    #expect(try run.verdict(row.check) == "\(status) \(failureClass)", "\(run.problems)")
    for other in ["failed", "warning", "unknown"] {
      let expected = (other == status ? [row.check] : []) + (other == "warning" ? row.echoes : [])
      #expect(Set(try run.ids(other)) == Set(expected), "\(run.problems)")
    }
    if status == "warning" { #expect(try world.check(["--strict"]).status == 1) }
    let mended = try mended(row, broken, world, run)
    #expect(mended.status == 0, "\(mended.problems)")
    #expect(try mended.ids("failed") + mended.ids("warning") == [], "\(mended.problems)")
  }

  /// The same world after the remedy: pasted where it is a command, by hand where it is none.
  private func mended(
    _ row: SetupRows.Row, _ broken: SetupWorld, _ world: SetupWorld.Running, _ run: Doctor.Run
  ) throws -> Doctor.Run {
    let remedies = try #require(try run.check(row.check)["remedies"] as? [[String: Any]])
    let remedy = try #require(remedies.dropFirst(row.remedy).first)
    switch row.mending {
    case .elsewhere:
      let command = try #require(remedy["command"] as? String, "\(remedies)")
      #expect(command.contains("<agent host>:8126"), "\(remedies)")
      let agent = try StandInAgent.start()
      defer { agent.stop() }
      let address = "127.0.0.1:\(agent.port)"
      let port = agent.dogStatsDPort ?? 0
      return try world.check(
        ["--strict"],
        typing: command.replacing("<agent host>:8126", with: address)
          + "\nexport DD_DOGSTATSD_PORT=\(port) DD_DOGSTATSD_URL=udp://127.0.0.1:\(port)")
    case .paste(let fills):
      var command = try #require(remedy["command"] as? String, "\(remedies)")
      for (placeholder, value) in fills {
        #expect(command.contains(placeholder), "\(command)")
        command = command.replacing(placeholder, with: value)
      }
      #expect(!command.contains("<"), "a placeholder is left: \(command)")
      return try world.check(["--strict"], typing: command)
    case .hand(let says, let change):
      let text = remedy["command"] as? String ?? remedy["text"] as? String ?? ""
      #expect(text.contains(says), "\(remedies)")
      return try SetupWorld.Running(broken.with(change)).check(["--strict"])
    }
  }

  @Test func `there are rows for every set-up`() {
    for setup in SetupRows.setups {
      let rows = SetupRows.all.filter { $0.setup == setup.name && $0.language == setup.language }
      #expect(rows.count >= 5, "\(setup)")
    }
    #expect(SetupRows.all.count >= 100)
  }
}

extension Doctor.Run {
  /// What is not well, a line each, for the message of a failing test.
  fileprivate var problems: String {
    guard let checks = try? report()["checks"] as? [[String: Any]] else { return output + errors }
    return checks.compactMap { check -> String? in
      let status = check["status"] as? String ?? ""
      guard !["passed", "skipped"].contains(status) else { return nil }
      let remedies = (check["remedies"] as? [[String: Any]] ?? []).map {
        $0["command"] as? String ?? $0["text"] as? String ?? ""
      }
      let parts = ["id", "failureClass", "message"].compactMap { check[$0] as? String }
      return "\(status) \(parts.joined(separator: " ")) \(remedies)"
    }.joined(separator: "\n")
  }
}
