import Diagnosis
import Reporters
import SelfTest
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `selftest`: every check, brought into every status that it declares.
enum SelftestCommand {
  static func run(_ options: Options) async throws -> Int32 {
    let isJSON = try isJSON(options.format ?? .text)
    let result = try await SelfTest.run()
    try Output.write(
      isJSON ? JSONText.pretty(Document(result)) + "\n" : text(result), to: STDOUT_FILENO)
    return result.defects.isEmpty ? ExitStatus.success : ExitStatus.failed
  }

  private static func isJSON(_ format: Format) throws -> Bool {
    switch format {
    case .text: return false
    case .json: return true
    case .info, .ndjson, .junit, .tap, .sarif, .github, .markdown, .html, .prometheus, .nagios:
      throw UsageError("selftest has two formats: text and json")
    }
  }

  private static func text(_ result: SelfTest) -> String {
    let statuses: [Status] = [.passed, .warning, .failed, .unknown, .skipped]
    let width = (result.rows.map(\.check.rawValue.count).max() ?? 0) + 2
    func line(_ first: String, _ cells: [String]) -> String {
      let text = first + String(repeating: " ", count: max(1, width - first.count))
      return
        (text
        + cells.map { $0 + String(repeating: " ", count: max(1, 9 - $0.count)) }
        .joined()).trimmingEnd
    }
    var lines = [line("", statuses.map(\.rawValue))]
    for row in result.rows {
      lines.append(line(row.check.rawValue, statuses.map { cell(row, $0) }))
    }
    lines += [
      "", "✓ the configuration alone   ✓a asked of the stand-in Agent   ✓r from a recorded answer",
    ]
    lines.append("")
    lines += result.defects.map { "✗ \($0)" }
    let reached = result.rows.reduce(0) { $0 + $1.declared.count - $1.unreached.count }
    let declared = result.rows.reduce(0) { $0 + $1.declared.count }
    lines.append(
      "\(result.rows.count) checks, \(reached) of \(declared) declared statuses reached in"
        + " \(result.scenarios) situations, \(result.defects.count) defects")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func cell(_ row: SelfTest.Row, _ status: Status) -> String {
    if row.undeclared.contains(status) { return "!" }
    guard row.declared.contains(status) else { return "·" }
    return switch row.source(status) {
    case .configuration: "✓"
    case .standIn: "✓a"
    case .recorded: "✓r"
    case nil: "✗"
    }
  }

  private struct Document: Encodable {
    struct Row: Encodable {
      let id: String
      let declared: [Status]
      let unreached: [Status]
      let undeclared: [Status]
      let situations: [Situation]
    }

    struct Situation: Encodable {
      let name: String
      let source: Scenario.Source
      let expected: Status
      let reached: Status?
      let message: String
    }

    let checks: [Row]
    let defects: [String]
    let situations: Int

    init(_ result: SelfTest) {
      situations = result.scenarios
      defects = result.defects
      checks = result.rows.map { row in
        Row(
          id: row.check.rawValue, declared: row.declared, unreached: row.unreached,
          undeclared: row.undeclared,
          situations: row.trials.map { trial in
            Situation(
              name: trial.scenario, source: trial.source, expected: trial.expected,
              reached: trial.reached, message: trial.message)
          })
      }
    }
  }
}

extension String {
  fileprivate var trimmingEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
