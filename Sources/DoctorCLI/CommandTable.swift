import Configuration
import Diagnosis

/// The commands, in the order of the help; one table makes the help and checks the options.
package enum Command: String, CaseIterable, Sendable {
  case check, span, logs, explain, list, demo, agent, schema, help

  package struct Operand: Equatable, Sendable {
    package let name: String
    package let isOptional: Bool
    /// Whether several may stand on the line.
    package var isRepeatable = false
  }

  /// What it does, in one line.
  package var summary: String {
    switch self {
    case .check: "run the checks of this setup (the default)"
    case .span: "send the test span alone, and say where it went"
    case .logs: "known failures in tracer, Agent and application output, and their fixes"
    case .explain: "what a check or a variable means, and how to mend it (offline)"
    case .list: "every check, with the setups that use it"
    case .demo: "the whole way against a stand-in Agent; --fault shows a broken one"
    case .agent: "run the stand-in Agent by itself, until Ctrl-C"
    case .schema: "the JSON Schema of the report"
    case .help: "help on a command"
    }
  }

  package var operand: Operand? {
    switch self {
    case .logs: Operand(name: "FILE...|-", isOptional: false, isRepeatable: true)
    case .explain: Operand(name: "ID|NAME", isOptional: false)
    case .help: Operand(name: "COMMAND", isOptional: true)
    case .check, .span, .list, .demo, .agent, .schema: nil
    }
  }

  /// The names of the options that it takes.
  package var options: [String] {
    let common = ["help", "version", "debug"]
    let output = ["format", "report", "output", "color", "quiet", "verbose", "info"]
    let run = ["setup", "language", "timeout", "deadline", "retries", "strict"]
    return switch self {
    case .check: common + output + run + ["only", "skip", "offline", "wait"]
    case .span: common + output + run
    case .demo: common + output + ["language", "fault", "strict", "timeout", "deadline", "retries"]
    case .agent: common + ["port", "socket", "fault"]
    case .logs: common + ["format", "output", "color", "quiet", "verbose"]
    case .list: common + ["format"]
    case .explain: common
    case .schema, .help: common
    }
  }
}

/// An option: its names, its value's placeholder, and what it does to an invocation.
package struct Option: Sendable {
  package let name: String
  package let short: Character?
  /// The placeholder of its value; nil for a switch.
  package let value: String?
  package let summary: String
  package let apply: @Sendable (inout Invocation, String) throws -> Void

  private init(
    _ name: String, _ short: Character? = nil, _ value: String? = nil, _ summary: String,
    _ apply: @escaping @Sendable (inout Invocation, String) throws -> Void
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.summary = summary
    self.apply = apply
  }

  package static let all: [Option] = [
    Option("setup", nil, "NAME", "openai-api, llmobs-agentless, llmobs-agent, llmobs-lambda, apm") {
      $0.options.setup = try choice("setup", $1)
    },
    Option("language", nil, "NAME", "python, node or php") {
      $0.options.language = try choice("language", $1)
    },
    Option("only", nil, "GLOB", "only these checks, and what they need (comma-separated)") {
      $0.options.only += list($1)
    },
    Option("skip", nil, "GLOB", "all but these checks (comma-separated)") {
      $0.options.skip += list($1)
    },
    Option("offline", nil, nil, "judge the configuration alone; open no socket") { invocation, _ in
      invocation.options.offline = true
    },
    Option("timeout", nil, "DURATION", "of one probe (default 5s)") {
      $0.options.timeout = try duration("timeout", $1)
    },
    Option("deadline", nil, "DURATION", "of one round of checks (default 30s)") {
      $0.options.deadline = try duration("deadline", $1)
    },
    Option("retries", nil, "N", "after refused or closed, inside the time-out (default 1)") {
      $0.options.retries = try number("retries", $1, 0...10)
    },
    Option("wait", nil, "DURATION", "repeat the round until nothing fails") {
      $0.options.wait = try duration("wait", $1)
    },
    Option("strict", nil, nil, "a warning fails") { invocation, _ in
      invocation.options.strict = true
    },
    Option("format", nil, "F", "text, info, json or ndjson") {
      $0.options.format = try choice("format", $1)
    },
    Option("info", "i", nil, "short for --format info") { invocation, _ in
      invocation.options.format = .info
    },
    Option("report", nil, "F=PATH", "a further report in format F (repeatable)") {
      $0.options.reports.append(try report($1))
    },
    Option("output", "o", "PATH", "write the report there and not to standard output") {
      $0.options.output = $1
    },
    Option("color", nil, "WHEN", "auto, always or never") {
      $0.options.color = try choice("color", $1)
    },
    Option("quiet", "q", nil, "causes and counts only") { invocation, _ in
      invocation.options.quiet = true
    },
    Option("verbose", "v", nil, "every check, and all evidence") { invocation, _ in
      invocation.options.verbose = true
    },
    Option("debug", "d", nil, "each step, exchange and timing on standard error") {
      invocation, _ in
      invocation.options.debug = true
    },
    Option("port", nil, "N", "the TCP port to listen on (default 8126; 0: any)") {
      $0.options.port = UInt16(try number("port", $1, 0...65535))
    },
    Option("socket", nil, "PATH", "listen on a Unix socket too") { $0.options.socket = $1 },
    Option("fault", nil, "NAME", "break it on purpose; `demo --help` lists the names") {
      $0.options.fault = $1
    },
    Option("help", "h", nil, "this help") { invocation, _ in invocation.wantsHelp = true },
    Option("version", nil, nil, "the version") { invocation, _ in
      invocation.options.showsVersion = true
    },
  ]

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { TracerValue.trimmingBlanks(String($0)) }.filter { !$0.isEmpty }
  }

  private static func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ option: String, _ text: String
  ) throws -> Value {
    guard let value = Value(rawValue: text) else {
      throw UsageError(unknown: option, text, among: Value.allCases.map(\.rawValue))
    }
    return value
  }

  private static func number(_ option: String, _ text: String, _ range: ClosedRange<Int>)
    throws -> Int
  {
    guard let value = Int(text), range.contains(value) else {
      throw UsageError(
        "--\(option) \(UsageError.shown(text)) is no number from \(range.lowerBound) to"
          + " \(range.upperBound)")
    }
    return value
  }

  private static func report(_ text: String) throws -> ReportTarget {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw UsageError("--report \(UsageError.shown(text)) is no FORMAT=PATH, as json=report.json")
    }
    return ReportTarget(format: try choice("format", parts[0]), path: parts[1])
  }

  /// `500ms`, `5s`, `2m`.
  static func duration(_ option: String, _ text: String) throws -> Duration {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let value = Double(digits), value.isFinite, value <= 86_400 else {
      throw UsageError("--\(option) \(UsageError.shown(text)) is no duration, as 500ms, 5s or 2m")
    }
    switch text.dropFirst(digits.count) {
    case "ms": return .milliseconds(value)
    case "s": return .milliseconds(value * 1000)
    case "m": return .milliseconds(value * 60_000)
    default:
      throw UsageError("--\(option) \(UsageError.shown(text)) is no duration, as 500ms, 5s or 2m")
    }
  }
}
