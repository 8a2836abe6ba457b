import Configuration
import Diagnosis
import Testing

@testable import SelfTest

@Suite struct `The self-test` {
  @Test func `finds a check that nothing fires`() async throws {
    let result = try await SelfTest.run([])
    #expect(result.rows.allSatisfy { $0.unreached == $0.declared })
    #expect(
      result.defects.contains("agent.reachable: failed is declared and was not reached"))
  }

  @Test(
    arguments: [
      ("site.known", Status.failed, "gives passed, and not failed"),
      ("site.unheard-of", .passed, "no such check"),
      ("datadog.key.valid", .failed, "nobody answers datadog.key"),
    ] as [(CheckID, Status, String)])
  func `finds a situation that comes out otherwise`(
    check: CheckID, status: Status, defect: String
  ) async throws {
    let scenario = Scenario(
      "wrong", ["DD_API_KEY=\(Scenario.key)", "DD_SITE=datadoghq.eu"], .llmobsAgentless,
      gives: [status: [check]])
    let result = try await SelfTest.run([scenario])
    #expect(
      result.defects.contains { $0.hasPrefix("\(check): 'wrong'") && $0.contains(defect) },
      "\(result.defects)")
  }

  @Test func `finds a status that a check does not declare`() {
    let trial = Trial(
      check: "site.llmobs", scenario: "odd", source: .configuration, expected: .unknown,
      reached: .unknown, message: "")
    let row = SelfTest.Row(check: "site.llmobs", declared: [.passed], trials: [trial])
    #expect(row.undeclared == [.unknown] && row.unreached == [.passed])
  }

  @Test func `tells its situations apart by their names`() {
    let names = Scenario.all.map(\.name)
    #expect(Set(names).count == names.count)
  }
}
