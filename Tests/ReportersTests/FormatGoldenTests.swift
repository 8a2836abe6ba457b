import Diagnosis
import Foundation
import Reporters
import Testing

/// A format under test: what it is called and how it is made.
struct FormatCase: Sendable, CustomTestStringConvertible {
  let name: String
  let render: @Sendable (Report) throws -> String

  var testDescription: String { name }

  static let terminal = [
    FormatCase(name: "text") { TextReporter(Style(verbose: true)).render($0) },
    FormatCase(name: "info") { InfoReporter().render($0) },
  ]

  static let all = [
    FormatCase(name: "junit.xml") { JUnitReporter().render($0) },
    FormatCase(name: "tap") { TAPReporter().render($0) },
    FormatCase(name: "sarif") { try SARIFReporter().render($0) },
    FormatCase(name: "github") { GitHubReporter().render($0) },
    FormatCase(name: "md") { MarkdownReporter().render($0) },
    FormatCase(name: "html") { HTMLReporter().render($0) },
    FormatCase(name: "prom") { PrometheusReporter().render($0) },
    FormatCase(name: "nagios") { NagiosReporter().render($0) },
  ]
}

@Suite struct `Formats look as they did` {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  @Test(arguments: FormatCase.all, ["healthy", "failing"])
  func `a format matches its golden file`(format: FormatCase, name: String) throws {
    let report = try #require(FormatReports.all.first { $0.0 == name }?.1)
    let text = try format.render(report)
    let file = Self.folder.appendingPathComponent("\(name).\(format.name)")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(file.lastPathComponent)")
      return
    }
    let golden = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = golden.split(separator: "\n", omittingEmptySubsequences: false)
    let first = zip(lines, expected).enumerated().first { $1.0 != $1.1 }
    #expect(
      text == golden,
      "differs first in line \((first?.offset ?? min(lines.count, expected.count)) + 1)")
  }

  @Test(arguments: FormatCase.all, FormatReports.all.map(\.0))
  func `the same report gives the same bytes, and they end in a line end`(
    format: FormatCase, name: String
  ) throws {
    let report = try #require(FormatReports.all.first { $0.0 == name }?.1)
    let text = try format.render(report)
    #expect(try format.render(report) == text)
    #expect(text.hasSuffix("\n"))
    #expect(!text.hasSuffix("\n\n"))
  }
}
