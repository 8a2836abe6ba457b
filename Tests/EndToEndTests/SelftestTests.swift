import Foundation
import Testing

/// `selftest`: the matrix is complete, whatever is set where it is started.
@Suite struct SelftestTests {
  @Test(
    arguments: [
      [:],
      [
        "DD_TRACE_AGENT_URL": "http://127.0.0.1:1", "DD_API_KEY": "x", "DD_SITE": "nowhere",
        "HTTPS_PROXY": "http://127.0.0.1:1", "OPENAI_BASE_URL": "https://gateway.test",
      ],
    ] as [[String: String]])
  func `reaches every declared status and leaves nothing behind`(variables: [String: String])
    throws
  {
    let scratch = try Scratch()
    let run = try Doctor.run(["selftest"], variables, folder: scratch.folder)
    #expect(run.status == 0, "\(run.output)")
    #expect(run.errors.isEmpty)
    #expect(run.output.contains(", 0 defects\n") && !run.output.contains("✗"))
    #expect(run.output.contains("\nopenai.usage.completions "))
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: scratch.folder.path))
        .isSubset(of: ["output", "errors", "empty"]))
  }

  @Test func `tells the same in JSON, situation by situation`() throws {
    let run = try Doctor.run(["selftest", "--format", "json"])
    #expect(run.status == 0)
    let report = try run.report()
    #expect((report["defects"] as? [String])?.isEmpty == true)
    let checks = try #require(report["checks"] as? [[String: Any]])
    let listed = try Doctor.run(["list", "--format", "json"]).report()
    let ids = try #require(listed["checks"] as? [[String: Any]]).compactMap { $0["id"] as? String }
    #expect(Set(checks.compactMap { $0["id"] as? String }).isSuperset(of: ids))
    for check in checks {
      let id = check["id"] as? String ?? ""
      let situations = try #require(check["situations"] as? [[String: Any]])
      let reached = Set(situations.compactMap { $0["reached"] as? String })
      #expect(reached == Set(check["declared"] as? [String] ?? []), "\(id)")
    }
  }

  @Test func `takes no format but text and json`() throws {
    let run = try Doctor.run(["selftest", "--format", "junit"])
    #expect(run.status == 64 && run.output.isEmpty)
  }
}
