import Checks
import Configuration
import Diagnosis
import Testing

@Suite struct TracerFileConflictTests {
  private func play(_ entries: [String], fleet: String = "", local: String = "") -> SitePlayback {
    let files = [("/fleet.yaml", TracerFile.Rank.fleet, fleet), ("/local.yaml", .local, local)]
      .filter { !$0.2.isEmpty }.map { path, rank, text in
        TracerFile.reading(
          Array("apm_configuration_default:\n\(text)".utf8), path: path, rank: rank
        ).file
      }
    return SitePlayback(.apm, entries, host: HostFacts(tracerFiles: files))
  }

  @Test func `a variable that the fleet's file outranks is named, with both values`() async throws {
    let outcome = try await play(["DD_ENV=prod"], fleet: "  DD_ENV: test\n")
      .judge(EnvironmentConflicts())
    #expect(outcome.verdict == "warning conflict")
    for word in ["prod", "test", "/fleet.yaml"] { #expect("\(outcome)".contains(word)) }
  }

  @Test func `defaults, equal values and files alone are no conflict`() async throws {
    for play in [
      play(["DD_ENV=prod"], local: "  DD_ENV: test\n"),
      play(["DD_ENV=prod"], fleet: "  DD_ENV: prod\n"), play([], fleet: "  DD_ENV: prod\n"),
      play([], fleet: "  DD_ENV: a\n", local: "  DD_ENV: b\n"),
    ] {
      #expect(try await play.judge(EnvironmentConflicts()).verdict == "passed")
    }
  }

  @Test func `what is beyond the subset is unknown, with its line`() async throws {
    let outcome = try await play([], fleet: "  DD_ENV: prod\nrules:\n  - x\n")
      .judge(EnvironmentConflicts())
    #expect(outcome.verdict == "unknown unsupported")
    #expect("\(outcome)".contains("line 3"))
  }

  @Test func `a switch in a file is judged, and mended there`() async throws {
    let play = play([], fleet: "  DD_TRACE_ENABLED: false\n")
    let check = EnvironmentDisabled()
    let outcome = try await play.judge(check)
    #expect(outcome.verdict == "failed disabled")
    let finding = play.settings.fitting(Finding(check.about, outcome))
    #expect(finding.remedies.map(\.text) == ["take DD_TRACE_ENABLED out of /fleet.yaml"])
  }
}
