import Checks
import Configuration
import Diagnosis
import Probes
import Testing

@testable import DoctorCLI

private func excluded(_ change: (inout Options) -> Void) throws -> [CheckID: String] {
  var options = Options()
  change(&options)
  return try Selection(.of(.apm), options, all: .everything).excluded
}

@Suite struct `A selection of checks` {
  @Test(arguments: [
    ("agent.span", "agent.span", true), ("agent.span", "agent", true),
    ("agent.span", "agent.*", true), ("agent.span", "*", true), ("agent.span", "*span", true),
    ("agent.span", "a*t.s?an", true), ("agent.span", "agent.spa", false),
    ("agent.span", "agen", false), ("agent.span", "", false), ("agent.span", "*x*", false),
    ("agent.span", "agent.span?", false), ("openai.usage.images", "openai.usage", true),
    ("openai.usage.images", "*.usage.*", true), ("agent.span", "AGENT.SPAN", false),
    ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "*a*a*a*a*a*a*a*a*a*a*a*a*a*ab", false),
  ])
  func `goes by globs over ids`(id: String, glob: String, isMet: Bool) {
    #expect(Selection.matches(id, glob) == isMet)
  }

  @Test func `runs what is named with what it needs, and shows the rest as left out`() throws {
    let excluded = try excluded { $0.only = ["agent.answers"] }
    let running = Suite<Observations>.of(.apm).checks.map(\.about.id).filter { excluded[$0] == nil }
    #expect(running == ["agent.address", "agent.reachable", "agent.answers"])
    #expect(Set(excluded.values) == ["left out by --only"])
  }

  @Test func `leaves out what is skipped, even where it is named too`() throws {
    let excluded = try excluded {
      $0.only = ["agent.answers"]
      $0.skip = ["agent.reachable"]
    }
    #expect(excluded["agent.reachable"] == "left out by --skip")
    #expect(excluded["agent.answers"] == nil)
  }

  @Test func `offline, opens no socket`() throws {
    let excluded = try excluded { $0.offline = true }
    let all = Suite<Observations>.of(.apm).checks.map(\.about)
    let running = all.filter { excluded[$0.id] == nil }
    #expect(running.allSatisfy { !$0.needsNetwork })
    #expect(all.filter { $0.needsNetwork }.allSatisfy { excluded[$0.id] == "offline" })
    let ids = running.map(\.id)
    #expect(ids.contains("environment.names") && ids.contains("agent.address"))
    #expect(excluded["agent.reachable"] == "offline" && excluded["agent.dogstatsd"] == "offline")
  }

  @Test(arguments: [("agnt.span", "agent.span"), ("agent.spam", "agent.span")])
  func `refuses a glob that meets nothing, and names the nearest id`(glob: String, near: String) {
    #expect(
      throws: UsageError("unknown check '\(glob)'; did you mean \(near)?")
    ) { try excluded { $0.only = [glob] } }
    #expect(throws: UsageError.self) { try excluded { $0.skip = [glob] } }
  }
}

@Suite struct `An exit status` {
  @Test(
    arguments: [
      ([.passed], false, 0), ([.passed, .skipped], true, 0), ([.warning], false, 0),
      ([.warning], true, 1), ([.failed, .unknown], false, 1), ([.failed], true, 1),
      ([.unknown], false, 3), ([.unknown, .passed], true, 3), ([.unknown, .warning], true, 1),
      ([.unknown, .warning], false, 3), ([.skipped], false, 3), ([], false, 3), ([], true, 3),
      ([.failed, .blocked], false, 1),
    ] as [([Status], Bool, Int32)])
  func `follows from the findings`(statuses: [Status], strict: Bool, status: Int32) {
    let about = About(
      id: "a.b", title: "T", explanation: "", fix: "", docs: "https://example.com")
    let findings = statuses.map { Finding(about, status: $0, message: "") }
    #expect(ExitStatus.of(findings, strict: strict, interrupted: false) == status)
    #expect(ExitStatus.of(findings, strict: strict, interrupted: true) == 130)
  }

  @Test func `has the numbers that are promised`() {
    #expect(
      [
        ExitStatus.success, ExitStatus.failed, ExitStatus.undetermined, ExitStatus.usage,
        ExitStatus.badInput, ExitStatus.noInput, ExitStatus.internalFault, ExitStatus.noOutput,
        ExitStatus.interrupted,
      ] == [0, 1, 3, 64, 65, 66, 70, 73, 130])
  }
}
