package import Diagnosis
import FoundationEssentials

/// The JSON report, and the reader that takes it back.
package struct JSONReporter: Sendable {
  package init() {}

  package func render(_ report: Report) throws -> String {
    try JSONText.pretty(report) + "\n"
  }

  /// - Throws: `ReportError` naming what is wrong with the text.
  package static func read(_ text: String) throws(ReportError) -> Report {
    let data = Data(text.utf8) + Data([0x0A])
    guard let probe = try? JSONDecoder().decode(Probe.self, from: data) else {
      throw .notAReport
    }
    guard let version = probe.schemaVersion else { throw .notAReport }
    guard version <= 1 else { throw .newer(version) }
    do {
      return try JSONDecoder().decode(Report.self, from: data)
    } catch {
      throw .incomplete("\(error)")
    }
  }

  /// The report of a line of `--format ndjson`, nil within for another event's; nil for no such line.
  package static func eventReport(in text: String) -> Report?? {
    struct Line: Decodable {
      var event: String
      var report: Report?
    }
    let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8) + Data([0x0A]))
    return line.map(\.report)
  }

  private struct Probe: Decodable {
    var schemaVersion: Int?
  }
}

package enum ReportError: Error, Equatable, Sendable {
  case notAReport
  case newer(Int)
  case incomplete(String)
  /// These parts of a support bundle are not what their hashes were made of.
  case changed([String])
}

/// One event a line, as it happens; the last one is the report.
package struct NDJSONReporter: Sendable {
  package init() {}

  /// The line of an event, nil for one that says nothing new.
  package func render(_ event: Event) throws -> String? {
    switch event {
    case .started(let id): try line(Line(event: "started", check: id))
    case .asking(let question): try line(Line(event: "asking", question: question))
    case .answered(let question, let transfers, let milliseconds):
      try line(
        Line(
          event: "answered", question: question, exchanges: transfers,
          durationMilliseconds: milliseconds))
    case .judged(let finding): try line(Line(event: "finding", finding: finding))
    case .stop: nil
    }
  }

  package func render(_ report: Report) throws -> String {
    try line(Line(event: "report", report: report))
  }

  private func line(_ line: Line) throws -> String {
    try JSONText.compact(line) + "\n"
  }

  private struct Line: Encodable {
    var event: String
    var check: CheckID?
    var question: String?
    var exchanges: [Transfer]?
    var durationMilliseconds: Double?
    var finding: Finding?
    var report: Report?
  }
}

/// JSON with its keys in order: JSONEncoder's own order changes from call to call.
package enum JSONText {
  package static func pretty(_ value: some Encodable) throws -> String {
    try text(value, [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
  }

  package static func compact(_ value: some Encodable) throws -> String {
    try text(value, [.sortedKeys, .withoutEscapingSlashes])
  }

  private static func text(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
