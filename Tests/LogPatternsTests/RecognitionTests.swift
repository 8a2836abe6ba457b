import Foundation
import LogPatterns
import Testing

@Suite struct RecognitionTests {
  @Test(arguments: Fixtures.failures)
  func `a known failure is found bare, prefixed, coloured and wrapped`(row: Fixtures.Row) throws {
    for (name, text) in try wrappings(of: row) {
      #expect(ids(text) == [row.id], "\(name): \(text)")
    }
  }

  private func wrappings(of row: Fixtures.Row) throws -> [(String, String)] {
    let line = row.line
    let docker = try json(["log": line + "\n", "stream": "stderr", "time": "2026-11-25T10:00:00Z"])
    var wrapped = [
      ("bare", line), ("with a line end", "calm\n\(line)\ncalm\n"), ("CRLF", "\(line)\r\n"),
      ("coloured", "\u{1B}[91m\(line)\u{1B}[0m\n"), ("docker's json-file", docker),
      ("with NULs round it", "\0\0\n\(line)\n\0\0"),
    ]
    // A status alone on its line has nothing else on it.
    guard row.id != "http-401-alone" else { return wrapped }
    wrapped += [
      ("Python's logging", "ERROR:ddtrace.internal.writer.writer:\(line)\n"),
      ("a timestamp", "2026-11-25 10:00:00,123 ERROR [main] [writer.py:12] - \(line)\n"),
      ("compose", "web-1  | \(line)\n"),
      ("a CRI log", "2026-11-25T10:00:00.000000001Z stderr F \(line)\n"),
      ("coloured level", "\u{1B}[31mERROR\u{1B}[0m \(line)"),
      ("a JSON logger", try json(["level": "error", "message": line, "time": "10:00"])),
      ("twice wrapped", try json(["log": try json(["msg": line, "level": "error"]) + "\n"])),
    ]
    return wrapped
  }

  private func json(_ object: [String: String]) throws -> String {
    let data = try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
    return String(decoding: data, as: UTF8.self)
  }

  @Test func `the lines are counted, first and last`() throws {
    let line = "failed to send, dropping 1 traces to intake at http://a:8126: timed out"
    let scanner = scan("calm\n\(line)\ncalm\ncalm\n\(line)\n\(line)\ncalm")
    let finding = try #require(scanner.results().findings.first)
    #expect(finding.id == "python-send-timeout")
    #expect((finding.count, finding.firstLine, finding.lastLine) == (3, 2, 6))
    #expect(scanner.lineCount == 7)
  }

  @Test func `the more specific of two stands alone`() {
    #expect(
      ids("HTTP 401: You have insufficient permissions. Missing scopes: api.usage.read")
        == ["openai-missing-admin-scope"])
  }

  @Test(.enabled(if: SharedCases.url != nil, "DD_DOCTOR_SHARED is not set"))
  func `every field case with a stated cause and a log is recognised`() throws {
    let cases = try SharedCases.all()
    var missed: [String] = []
    var stated = 0
    for one in cases where !one.log_or_output.isEmpty && one.confidence != "cause-unconfirmed" {
      stated += 1
      if ids(one.log_or_output).isEmpty { missed.append(one.id) }
    }
    #expect(stated > 20)
    #expect(missed == [])
  }
}

/// The field cases, where they are at hand; their wordings stand among the fixtures too.
enum SharedCases {
  struct Case: Decodable {
    let id: String
    let log_or_output: String
    let confidence: String
  }

  static let url = ProcessInfo.processInfo.environment["DD_DOCTOR_SHARED"].map {
    URL(filePath: $0).appending(path: "cases/field-cases.json")
  }

  static func all() throws -> [Case] {
    let url = try #require(url)
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
  }
}
