import Foundation
import Testing

@testable import Diagnosis
@testable import Reporters

@Suite struct `The JSON report` {
  @Test(arguments: CannedReports.all.map(\.name))
  func `comes back as it was`(name: String) throws {
    let report = CannedReports.named(name)
    let read = try JSONReporter.read(try JSONReporter().render(report))
    #expect(read == report)
  }

  @Test(arguments: [
    ("", ReportError.notAReport), ("{}", .notAReport), ("[]", .notAReport), ("null", .notAReport),
    ("nonsense", .notAReport), (#"{"schemaVersion":2}"#, .newer(2)),
    (#"{"schemaVersion":"1"}"#, .notAReport),
    (String(repeating: "[", count: 513), .notAReport),
  ])
  func `is told apart from what is none`(text: String, error: ReportError) {
    #expect(throws: error) { try JSONReporter.read(text) }
  }

  @Test func `says what it lacks`() {
    #expect {
      try JSONReporter.read(#"{"schemaVersion":1}"#)
    } throws: { error in
      if case .incomplete = error as? ReportError { true } else { false }
    }
  }

  @Test func `leaves out keys that do not apply, but for the Agent's error`() throws {
    var report = CannedReports.healthy
    report.setup.language = nil
    report.agent = AgentSummary(
      url: nil, mode: nil, version: nil, state: .notApplicable, error: nil)
    let text = try JSONReporter().render(report)
    let value = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect((value["setup"] as? [String: Any])?.keys.sorted() == ["detectedFrom", "name"])
    #expect((value["agent"] as? [String: Any])?.keys.sorted() == ["error", "state"])
    let checks = try #require(value["checks"] as? [[String: Any]])
    #expect(checks.allSatisfy { $0["failureClass"] == nil && $0["blockedBy"] == nil })
  }

  @Test func `has its keys in order`() throws {
    let text = try JSONReporter().render(CannedReports.healthy)
    let top = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }
    #expect(top == top.sorted())
  }
}

@Suite struct `The ndjson report` {
  private func object(_ line: String?) throws -> [String: Any] {
    let line = try #require(line)
    #expect(line.hasSuffix("\n") && line.filter { $0 == "\n" }.count == 1)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  @Test(arguments: CannedReports.all.map(\.name))
  func `has one event a line, each JSON by itself`(name: String) throws {
    let report = CannedReports.named(name)
    let reporter = NDJSONReporter()
    let started = try object(reporter.render(.started("agent.answers")))
    #expect(started["event"] as? String == "started")
    #expect(started["check"] as? String == "agent.answers")
    let asking = try object(reporter.render(.asking(CannedReports.poison)))
    #expect(asking["question"] as? String == CannedReports.poison)
    let answered = try object(
      reporter.render(.answered("agent.info", report.exchanges, milliseconds: 1.5)))
    #expect(answered["durationMilliseconds"] as? Double == 1.5)
    for finding in report.checks {
      let line = try object(reporter.render(.judged(finding)))
      #expect((line["finding"] as? [String: Any])?["id"] as? String == finding.id.rawValue)
    }
    let stop = try reporter.render(.stop(.deadline))
    #expect(stop == nil)
    let last = try object(reporter.render(report))
    #expect((last["report"] as? [String: Any])?["runID"] as? String == report.runID)
  }
}

/// A small look at the shape; a real validator runs end to end.
@Suite struct `The schema` {
  private static func schema() throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(ReportSchema.text.utf8)) as? [String: Any])
  }

  @Test func `is JSON of the 2020-12 dialect`() throws {
    let schema = try Self.schema()
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(schema["type"] as? String == "object")
  }

  @Test func `defines each of its parts once`() throws {
    let parts = try #require(try Self.schema()["$defs"] as? [String: Any])
    let lines = ReportSchema.text.split(separator: "\n")
      .drop { !$0.contains(#""$defs": {"#) }.dropFirst()
    #expect(lines.count { $0.prefix(5) == "    \"" } == parts.count)
  }

  @Test(arguments: CannedReports.all.map(\.name))
  func `has every key that the report has, and what it requires is there`(name: String) throws {
    let text = try JSONReporter().render(CannedReports.named(name))
    let report = try JSONSerialization.jsonObject(with: Data(text.utf8))
    var walk = Walk(root: try Self.schema())
    walk.compare(report, walk.root, "")
    #expect(walk.faults == [])
  }

  @Test func `has no key that no report has`() throws {
    var walk = Walk(root: try Self.schema())
    for canned in CannedReports.all {
      let text = try JSONReporter().render(canned.report)
      walk.compare(try JSONSerialization.jsonObject(with: Data(text.utf8)), walk.root, "")
    }
    // What `logs` adds stands in its own tests.
    #expect(walk.declared.subtracting(walk.met) == [".findings", ".proofs", ".input"])
  }

  private struct Walk {
    let root: [String: Any]
    var faults: [String] = []
    var declared: Set<String> = []
    var met: Set<String> = []

    mutating func compare(_ value: Any, _ schema: [String: Any], _ path: String) {
      var schema = schema
      if let reference = schema["$ref"] as? String {
        let name = reference.split(separator: "/").last.map(String.init) ?? ""
        schema = (root["$defs"] as? [String: Any])?[name] as? [String: Any] ?? [:]
      }
      if let items = schema["items"] as? [String: Any], let list = value as? [Any] {
        for item in list { compare(item, items, path + "[]") }
      }
      guard let object = value as? [String: Any],
        let properties = schema["properties"] as? [String: Any]
      else { return }
      declared.formUnion(properties.keys.map { "\(path).\($0)" })
      for required in schema["required"] as? [String] ?? [] where object[required] == nil {
        faults.append("\(path) lacks \(required)")
      }
      for (key, part) in object {
        guard let property = properties[key] else {
          faults.append("\(path) has \(key)")
          continue
        }
        met.insert("\(path).\(key)")
        if let property = property as? [String: Any] { compare(part, property, "\(path).\(key)") }
      }
    }
  }
}
