import Foundation
import Testing

@Suite struct `merge folds the reports of many hosts` {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    for (name, fault) in [("good", []), ("bad", ["--fault", "key-refused"])] {
      _ = try Doctor.run(["demo"] + fault + ["--format", "json", "-o", scratch.path(name)])
    }
    try Data("no JSON".utf8).write(to: URL(filePath: scratch.path("garbage")))
    // An interrupted run: a status that is no judgement is not calm, whatever it is.
    let good = try String(contentsOfFile: scratch.path("good"), encoding: .utf8)
    let cut = good.replacing(/"exitStatus" ?: ?0/, with: "\"exitStatus\": 256")
    try #require(cut != good)
    try Data(cut.utf8).write(to: URL(filePath: scratch.path("cut")))
  }

  @Test(
    arguments: [
      (["good"], 0), (["good", "bad"], 1), (["bad", "good"], 1), (["good", "cut"], 3),
      (["cut", "bad"], 1),
    ] as [([String], Int32)])
  func `the exit status is the worst of the reports`(names: [String], status: Int32) throws {
    let run = try Doctor.run(["merge"] + names.map(scratch.path))
    #expect(run.status == status)
    #expect(names.allSatisfy { run.output.contains(scratch.path($0)) })
  }

  @Test(arguments: [("garbage", 65), ("absent", 66)])
  func `what can't be read is named in one line`(name: String, status: Int32) throws {
    let run = try Doctor.run(["merge", scratch.path("good"), scratch.path(name)])
    #expect(run.status == status)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(scratch.path(name)))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `JSON holds the causes with their reports, and text says them too`() throws {
    let files = ["bad", "good", "bad"].map(scratch.path)
    let run = try Doctor.run(["merge"] + files + ["--format", "json"])
    let report = try run.report()
    #expect(report["verdict"] as? String == "failed")
    #expect(report["schemaVersion"] as? Int == 1)
    #expect(report["exitStatus"] as? Int == 1)
    #expect((report["summary"] as? [String: Any])?["failed"] as? Int ?? 0 >= 2)
    let reports = try #require(report["reports"] as? [[String: Any]])
    #expect(reports.map { $0["name"] as? String } == files)
    #expect(reports.map { $0["verdict"] as? String } == ["failed", "healthy", "failed"])
    let causes = try #require(report["causes"] as? [[String: Any]])
    let shared = try #require(causes.first { $0["count"] as? Int == 2 })
    #expect(shared["reports"] as? [String] == [files[0], files[2]])
    let text = try Doctor.run(["merge"] + files).output
    #expect(text.hasPrefix("FAILED  3 reports, "))
    #expect(text.contains("\n2 × \(shared["checkID"] as? String ?? "-")  "))
  }

  @Test func `it needs a report and has no other format`() throws {
    #expect(try Doctor.run(["merge"]).status == 64)
    #expect(try Doctor.run(["merge", scratch.path("good"), "--format", "html"]).status == 64)
  }
}
