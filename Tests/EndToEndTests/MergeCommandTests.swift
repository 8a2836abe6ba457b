import Foundation
import Testing

@Suite struct `merge folds the reports of many hosts` {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    let refused = ["--fault", "key-refused"]
    for (name, fault) in [("good", []), ("bad", refused), ("worse", refused)] {
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
    let files = ["bad", "good", "worse"].map(scratch.path)
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

  /// Reports behind one another, as the log of many pods holds them.
  private func together(_ names: [String]) throws -> String {
    let texts = try names.map { try String(contentsOfFile: scratch.path($0), encoding: .utf8) }
    try Data(texts.joined().utf8).write(to: URL(filePath: scratch.path("together")))
    return scratch.path("together")
  }

  private func reports(_ run: Doctor.Run) throws -> [[String: Any]] {
    try #require(try run.report()["reports"] as? [[String: Any]])
  }

  @Test func `a file and standard input may hold many reports`() throws {
    let file = try together(["good", "bad", "worse"])
    let run = try Doctor.run(["merge", file, "--format", "json"])
    #expect(run.status == 1)
    let names = try reports(run).compactMap { $0["name"] as? String }
    #expect(names.count == 3)
    #expect(names.first?.hasPrefix("\(file)#1 (http://127.0.0.1:") == true)
    let piped = try Doctor.shell("\"$DOCTOR\" merge - --format ndjson < '\(file)'")
    #expect(piped.status == 1)
    let lines = piped.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.first?.contains("standard input#1") == true)
    #expect(lines.last?.hasPrefix("{\"causes\":") == true)
  }

  @Test func `the lines of ndjson hold one report, and events alone hold none`() throws {
    let lines = try Doctor.run(["demo", "--format", "ndjson"]).output
    try Data(lines.utf8).write(to: URL(filePath: scratch.path("lines")))
    let run = try Doctor.run(["merge", scratch.path("lines"), "--format", "json"])
    #expect(run.status == 0)
    #expect(try reports(run).map { $0["name"] as? String } == [scratch.path("lines")])
    let events = lines.split(separator: "\n").dropLast().joined(separator: "\n")
    try Data(events.utf8).write(to: URL(filePath: scratch.path("events")))
    let none = try Doctor.run(["merge", scratch.path("events")])
    #expect(none.status == 65 && none.errors.contains("no report"))
  }

  @Test func `a run that is given twice counts once, and the text says so`() throws {
    let files = [scratch.path("bad"), try together(["bad", "good", "worse"])]
    let run = try Doctor.run(["merge"] + files + ["--format", "json"])
    let reports = try reports(run)
    #expect(reports.count == 3)
    #expect((reports[0]["alsoIn"] as? [String])?.first?.hasPrefix("\(files[1])#1") == true)
    let causes = try #require(try run.report()["causes"] as? [[String: Any]])
    #expect(causes.contains { $0["count"] as? Int == 2 })
    #expect(!causes.contains { $0["count"] as? Int == 3 })
    let text = try Doctor.run(["merge"] + files).output
    #expect(text.contains("\ncounted once: \(files[0]) is the run of \(files[1])#1"))
  }

  @Test func `of two judgements of a run the worse one counts`() throws {
    let good = try String(contentsOfFile: scratch.path("good"), encoding: .utf8)
    let worse = good.replacing(/"verdict" ?: ?"healthy"/, with: "\"verdict\": \"failed\"")
      .replacing(/"exitStatus" ?: ?0/, with: "\"exitStatus\": 1")
    try Data(worse.utf8).write(to: URL(filePath: scratch.path("judged")))
    for names in [["good", "judged"], ["judged", "good"]] {
      let run = try Doctor.run(["merge"] + names.map(scratch.path))
      #expect(run.status == 1 && run.output.hasPrefix("FAILED  1 report,"))
    }
  }

  @Test func `bundles are read among them, and what is cut off is refused with its line`() throws {
    _ = try Doctor.run(["bundle", "--offline", "-o", scratch.path("bundle")])
    let run = try Doctor.run(["merge", try together(["good", "bundle"]), "--format", "json"])
    #expect(try reports(run).count == 2)
    let cut = try String(contentsOfFile: scratch.path("good"), encoding: .utf8).dropLast(30)
    try Data(cut.utf8).write(to: URL(filePath: scratch.path("cut off")))
    let refused = try Doctor.run(["merge", try together(["good", "cut off"])])
    #expect(refused.status == 65 && refused.output.isEmpty)
    #expect(refused.errors.contains("line "))
    #expect(try Doctor.run(["merge", scratch.folder.path]).status == 66)
  }

  @Test func `it needs a report and has no other format`() throws {
    #expect(try Doctor.run(["merge"]).status == 64)
    #expect(try Doctor.run(["merge", scratch.path("good"), "--format", "html"]).status == 64)
  }
}
