import Foundation
import Testing

@Suite struct `Reports in every format` {
  private static let formats = [
    "text", "info", "json", "ndjson", "junit", "tap", "sarif", "github", "markdown", "html",
    "prometheus",
  ]

  @Test(arguments: formats)
  func `the exit status does not depend on the format`(format: String) throws {
    #expect(try Doctor.run(["demo", "--format", format]).status == 0)
    let failing = try Doctor.run(["demo", "--fault", "key-refused", "--format", format])
    #expect(failing.status == 1)
    #expect(!failing.output.isEmpty)
  }

  @Test func `only nagios as the main format has statuses of its own, faults included`() throws {
    let scratch = try Scratch()
    let main = try Doctor.run(["demo", "--fault", "key-refused", "--format", "nagios"])
    #expect(main.status == 2)
    #expect(main.output.hasPrefix("DD-DOCTOR CRITICAL - agent.forwarding: "))
    let beside = try Doctor.run([
      "demo", "--fault", "key-refused", "--report", "nagios=\(scratch.path("state"))",
    ])
    #expect(beside.status == 1)
    #expect(try scratch.text("state").hasPrefix("DD-DOCTOR CRITICAL - "))
    let usage = try Doctor.run(["demo", "--fault", "no-such-fault", "--format", "nagios"])
    #expect(usage.status == 3)
    #expect(usage.output.hasPrefix("DD-DOCTOR UNKNOWN - unknown fault"))
  }

  @Test func `one run writes every format that it is asked for`() throws {
    let scratch = try Scratch()
    let words = Self.formats.flatMap { ["--report", "\($0)=\(scratch.path($0))"] }
    let run = try Doctor.run(["demo", "--fault", "key-refused"] + words)
    #expect(run.status == 1)
    for format in Self.formats {
      #expect(try !scratch.text(format).isEmpty, "\(format)")
    }
  }

  @Test func `the step summary grows on GitHub and nowhere else`() throws {
    let scratch = try Scratch()
    try Data("before".utf8).write(to: scratch.folder.appending(path: "summary"))
    let place = ["GITHUB_STEP_SUMMARY": scratch.path("summary")]
    _ = try Doctor.run(["demo", "--format", "text"], place)
    #expect(try scratch.text("summary") == "before")
    let run = try Doctor.run(["demo", "--fault", "key-refused", "--format", "github"], place)
    #expect(run.output.hasPrefix("::error title=agent.forwarding (unauthorized)::"))
    #expect(try scratch.text("summary").hasPrefix("before\n## dd-doctor: FAILED, 1 cause\n"))
  }

  @Test func `a step summary that can't be written changes no exit status`() throws {
    let run = try Doctor.run(
      ["demo", "--format", "github"], ["GITHUB_STEP_SUMMARY": "/nowhere/at/all"])
    #expect(run.status == 0)
    #expect(run.errors.contains("GITHUB_STEP_SUMMARY: No such file or directory"))
  }
}
