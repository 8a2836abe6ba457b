import Foundation
import Testing

@testable import Diagnosis
@testable import Reporters

/// A reporter and how it is set, by the name of its golden.
struct Rendering: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let render: @Sendable (Report) throws -> String

  static let all: [Rendering] = [
    Rendering(testDescription: "text") { TextReporter().render($0) },
    Rendering(testDescription: "verbose.text") { TextReporter(Style(verbose: true)).render($0) },
    Rendering(testDescription: "quiet.text") { TextReporter(Style(quiet: true)).render($0) },
    Rendering(testDescription: "ascii.text") { TextReporter(Style(ascii: true)).render($0) },
    Rendering(testDescription: "color.text") { TextReporter(Style(color: true)).render($0) },
    Rendering(testDescription: "info") { InfoReporter().render($0) },
    Rendering(testDescription: "json") { try JSONReporter().render($0) },
    Rendering(testDescription: "ndjson") { try NDJSONReporter().render($0) },
  ]
}

@Suite struct `Every reporter` {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

  /// `RECORD_GOLDEN=1 swift test --filter ReportersTests` writes the goldens anew, and fails.
  @Test(arguments: CannedReports.all.map(\.name), Rendering.all)
  func `says what its golden says`(name: String, rendering: Rendering) throws {
    let text = try rendering.render(CannedReports.named(name))
    let file = Self.folder.appending(path: "\(name).\(rendering.testDescription)")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(file.lastPathComponent): look at the difference")
      return
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    let (lines, expected) = (Self.lines(text), Self.lines(golden))
    for (line, wanted) in zip(lines, expected) { #expect(line == wanted) }
    #expect(lines.count == expected.count)
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test(arguments: CannedReports.all.map(\.name), Rendering.all)
  func `says the same twice, and ends with a line end`(name: String, rendering: Rendering) throws {
    let report = CannedReports.named(name)
    let text = try rendering.render(report)
    let again = try rendering.render(report)
    #expect(again == text)
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
  }

  @Test func `has no golden that nobody renders`() throws {
    let expected = CannedReports.all.flatMap { canned in
      Rendering.all.map { "\(canned.name).\($0.testDescription)" }
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    // The formats beside these four have their goldens in the same folder, and their own test.
    let others = ["github", "html", "md", "markdown", "nagios", "prom", "sarif", "tap", "xml"]
    let own = files.filter { name in !others.contains { name.hasSuffix(".\($0)") } }
    #expect(Set(own) == Set(expected))
  }

  /// A terminal does what ESC says, a workflow log what `::` at a line's start says.
  @Test(arguments: Rendering.all)
  func `prints nothing of a stranger's that moves a terminal or starts a line`(
    rendering: Rendering
  ) throws {
    let text = try rendering.render(CannedReports.hostile)
    let plain = text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    let isColored = rendering.testDescription == "color.text"
    let isJSON = rendering.testDescription.hasSuffix("json")
    let unsafe = (isColored ? plain : text).unicodeScalars.filter { scalar in
      // JSON escapes what is below the blank; the rest is text to whoever parses it.
      guard scalar != "\n", scalar.value >= 0x20 else { return scalar != "\n" }
      return !isJSON
        && [.control, .format, .lineSeparator].contains(scalar.properties.generalCategory)
    }
    #expect(unsafe.map { String($0.value, radix: 16) } == [])
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("::") })
    if isColored {
      let sequences = Set(text.matches(of: /\u{1B}\[[0-9;]*m/).map { String($0.output) })
      #expect(sequences.isSubset(of: ["0", "1", "2", "31", "32", "33"].map { "\u{1B}[\($0)m" }))
      #expect(!plain.contains("\u{1B}"))
    }
  }
}
