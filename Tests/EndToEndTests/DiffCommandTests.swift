import Foundation
import Testing

@Suite struct `diff holds two saved reports against each other` {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    for (name, fault) in [("good", []), ("bad", ["--fault", "key-refused"])] {
      _ = try Doctor.run(["demo"] + fault + ["--format", "json", "-o", scratch.path(name)])
    }
    try Data("{\"schemaVersion\": 99}".utf8).write(to: URL(filePath: scratch.path("newer")))
    try Data("no JSON".utf8).write(to: URL(filePath: scratch.path("garbage")))
    let good = try Data(contentsOf: URL(filePath: scratch.path("good")))
    try good.prefix(good.count / 2).write(to: URL(filePath: scratch.path("half")))
  }

  @Test(arguments: [
    ("good", "bad", 1), ("bad", "good", 0), ("bad", "bad", 0), ("good", "newer", 65),
    ("good", "garbage", 65), ("half", "good", 65), ("absent", "good", 66),
  ])
  func `the exit status says whether something got worse`(
    before: String, after: String, status: Int32
  ) throws {
    let run = try Doctor.run(["diff", scratch.path(before), scratch.path(after)])
    #expect(run.status == status)
    #expect(run.output.isEmpty == (status > 1))
    #expect(run.errors.split(separator: "\n").count == (status > 1 ? 1 : 0))
  }

  @Test func `it writes JSON too, and takes two reports and no other format`() throws {
    let run = try Doctor.run([
      "diff", scratch.path("good"), scratch.path("bad"), "--format", "json",
    ])
    let checks = try #require(try run.report()["checks"] as? [[String: Any]])
    #expect(checks.map { $0["direction"] as? String } == ["worse"])
    #expect(try Doctor.run(["diff", scratch.path("good")]).status == 64)
    let html = try Doctor.run([
      "diff", scratch.path("good"), scratch.path("bad"), "--format", "html",
    ])
    #expect(html.status == 64)
  }
}
