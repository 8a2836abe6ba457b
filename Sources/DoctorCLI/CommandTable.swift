import Configuration
import Diagnosis

/// The commands, in the order of the help; one table makes the help and checks the options.
package enum Command: String, CaseIterable, Sendable {
  case check, span, logs, run, capture, wait, explain, list, bundle, egress, demo, judge, diff
  case merge, audit, fleet, agent, selftest, schema, completion, man
  case help

  /// What `schema` describes.
  static let schemas = ["report", "project", "plugin", "fleet", "merge"]

  package struct Operand: Equatable, Sendable {
    package let name: String
    package let isOptional: Bool
    /// How many there are at most.
    package var count = 1
  }

  /// What it does, in one line.
  package var summary: String {
    switch self {
    case .check: "run the checks of this setup (the default)"
    case .span: "send the test span alone, and say where it went"
    case .logs: "known failures in tracer, Agent and application output, and their fixes"
    case .run: "check, then become the command, unless something failed"
    case .capture: "run the command against a stand-in Agent, and judge what its tracer sent"
    case .wait: "until the Agent answers, and not merely listens (--deadline, default 60s)"
    case .explain:
      "what a check or a variable means, and how to mend it (offline); a glob lists names"
    case .list: "every check, the setups that use it and what it needs; -q: titles alone"
    case .egress: "the host:port list that this setup needs, for a firewall ticket (offline)"
    case .demo: "the whole way against a stand-in Agent; --fault shows a broken one"
    case .bundle: "a report and all that support asks for, in one file (-o F); nothing is uploaded"
    case .judge: "today's checks over a saved report or bundle, offline"
    case .diff: "what changed between two saved reports or bundles; 1 where something got worse"
    case .merge: "the saved reports of many hosts in one; the status of the worst"
    case .audit: "judges every workload in a file, without a network (--from F)"
    case .fleet: "asks /info of many Agents at once (--agents F)"
    case .agent: "the stand-in Agent by itself, a line a request, until Ctrl-C; then a report"
    case .selftest: "every check in every status that it declares, as a matrix (offline)"
    case .schema: "the JSON Schema of a report, of a project's file, or of what a plug-in says"
    case .completion: "a script that completes commands, checks and variables in a shell"
    case .man: "the manual page: dd-doctor man | man -l -"
    case .help: "help on a command"
    }
  }

  package var operand: Operand? {
    switch self {
    case .logs: Operand(name: "FILE...|-", isOptional: false, count: .max)
    case .explain: Operand(name: "ID|NAME", isOptional: false)
    case .schema: Operand(name: Self.schemas.joined(separator: "|"), isOptional: true)
    case .completion: Operand(name: "bash|zsh|fish", isOptional: false, count: .max)
    case .help: Operand(name: "COMMAND", isOptional: true)
    case .run, .capture: Operand(name: "-- CMD...", isOptional: false, count: .max)
    case .judge: Operand(name: "REPORT", isOptional: false)
    case .diff: Operand(name: "BEFORE AFTER", isOptional: false, count: 2)
    case .merge: Operand(name: "REPORT...", isOptional: false, count: .max)
    case .check, .span, .wait, .list, .bundle, .egress, .demo, .audit, .fleet, .agent, .selftest,
      .man:
      nil
    }
  }

  /// The names of the options that it takes.
  package var options: [String] {
    let common = ["help", "version", "debug"]
    let output = ["format", "report", "output", "color", "quiet", "verbose", "info"]
    let run = [
      "setup", "language", "timeout", "deadline", "retries", "strict", "connect-to", "cacert",
    ]
    let from = ["from", "probe-here"]
    return switch self {
    case .check:
      common + output + run + ["only", "skip", "no-plugins", "offline", "wait", "find-site"] + from
        + ["baseline", "print-env"]
    case .bundle:
      common + ["output", "report"] + run
        + ["only", "skip", "no-plugins", "offline", "wait", "find-site"] + from
    case .span: common + output + run + from + ["verify", "wait"]
    case .run:
      common + output + run
        + ["only", "skip", "no-plugins", "offline", "wait", "warn-only", "baseline"]
    case .wait: common + ["language", "timeout", "deadline", "color", "verbose"]
    case .judge: common + output + ["only", "skip", "strict", "baseline", "print-env"]
    case .demo: common + output + ["language", "fault", "strict", "timeout", "deadline", "retries"]
    case .capture:
      common + output
        + ["setup", "language", "strict", "only", "skip", "for", "forward", "socket", "fault"]
        + ["timeout", "connect-to", "cacert"]
    case .agent:
      common + output + ["setup", "language", "strict", "port", "socket", "fault"]
    case .logs: common + ["format", "report", "output", "color", "quiet", "verbose"]
    case .list: common + ["format", "quiet", "no-plugins"]
    case .selftest: common + ["format"]
    case .diff, .merge: common + ["format", "output"]
    case .audit:
      common + ["from", "format", "output", "setup", "language", "only", "skip", "strict"]
    case .fleet:
      common
        + ["agents", "format", "output", "verbose", "timeout", "deadline", "retries", "strict"]
        + ["connect-to", "cacert"]
    case .egress: common + ["setup", "language", "format", "verbose", "from"]
    case .explain: common
    case .schema, .completion, .man, .help: common
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
    Option("from", nil, "SRC", "pid:N, FILE or -, of a kind that it shows (repeatable)") {
      $0.options.from.append($1)
    },
    Option("probe-here", nil, nil, "probe a workload of another network from here, too") {
      invocation, _ in
      invocation.options.probesHere = true
    },
    Option("only", nil, "GLOB", "only these checks, and what they need (comma-separated)") {
      $0.options.only += list($1)
    },
    Option("skip", nil, "GLOB", "all but these checks (comma-separated)") {
      $0.options.skip += list($1)
    },
    Option(
      "no-plugins", nil, nil, "run no dd-doctor-check-* of PATH, which are checks of others"
    ) { invocation, _ in
      invocation.options.plugins = false
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
    Option(
      "wait", nil, "DURATION",
      "repeat the round until nothing fails;\n"
        + "with --verify: how long to look (default 2m)"
    ) {
      $0.options.wait = try duration("wait", $1)
    },
    Option("verify", nil, nil, "follow the test spans as far as can be read (DD_APP_KEY)") {
      invocation, _ in
      invocation.options.verifies = true
    },
    Option("find-site", nil, nil, "try a refused Datadog key on the other sites of its kind") {
      invocation, _ in
      invocation.options.findsSite = true
    },
    Option("connect-to", nil, "H:P:H2:P2", "go to H2:P2 for H:P, as curl's (repeatable)") {
      $0.options.connectTo.append(try detour($1))
    },
    Option("cacert", nil, "FILE", "trust the authorities in FILE alone, as curl's") {
      $0.options.caFile = $1
    },
    Option("for", nil, "DURATION", "watch so long, then end the command (default: to its end)") {
      $0.options.watch = try duration("for", $1)
    },
    Option("forward", nil, nil, "pass everything on to the Agent that is configured, too") {
      invocation, _ in
      invocation.options.forwards = true
    },
    Option("warn-only", nil, nil, "start the command whatever was found") { invocation, _ in
      invocation.options.warnsOnly = true
    },
    Option(
      "baseline", nil, "REPORT", "only what is new or worse than there decides the exit status"
    ) {
      $0.options.baseline = $1
    },
    Option(
      "print-env", nil, nil, "print the exports that mend it; the report goes to standard error"
    ) {
      invocation, _ in
      invocation.options.printsEnvironment = true
    },
    Option("strict", nil, nil, "a warning fails") { invocation, _ in
      invocation.options.strict = true
    },
    Option(
      "format", nil, "F",
      "text, info, json, ndjson, junit, tap, sarif,\n"
        + "github, markdown, html, prometheus or nagios"
    ) {
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
    Option("quiet", "q", nil, "causes and counts only; of `list`, titles only") { invocation, _ in
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
    Option("agents", nil, "FILE", "a file, or -, with one host[:port] or URL of an Agent a line") {
      $0.options.agents = $1
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

  /// `HOST:PORT:HOST2:PORT2`; what is left empty stays as it is, and IPv6 stands in brackets.
  private static func detour(_ text: String) throws -> String {
    var parts: [Substring] = []
    var rest = text[...]
    while !rest.isEmpty || parts.count < 4 {
      let end =
        rest.hasPrefix("[") ? rest.firstIndex(of: "]").map { rest.index(after: $0) } : nil
      let colon = rest[(end ?? rest.startIndex)...].firstIndex(of: ":") ?? rest.endIndex
      parts.append(rest[..<colon])
      guard colon < rest.endIndex else { break }
      rest = rest[rest.index(after: colon)...]
    }
    let ports = [1, 3].filter { parts.count == 4 && isPort(parts[$0]) }
    guard ports.count == 2, !text.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "@") })
    else {
      throw UsageError(
        "--connect-to \(UsageError.shown(text)) is no HOST:PORT:HOST2:PORT2,"
          + " as api.datadoghq.com:443:127.0.0.1:8443")
    }
    return text
  }

  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty || UInt16(text).map { $0 > 0 } ?? false
  }

  private static func report(_ text: String) throws -> ReportTarget {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw UsageError("--report \(UsageError.shown(text)) is no FORMAT=PATH, as json=report.json")
    }
    return ReportTarget(format: try choice("format", parts[0]), path: parts[1])
  }

  /// `500ms`, `5s`, `2m`, up to a day.
  static func duration(_ option: String, _ text: String) throws -> Duration {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let units = ["ms": 1.0, "s": 1000, "m": 60_000]
    guard let value = Double(digits), let unit = units[String(text.dropFirst(digits.count))],
      value.isFinite, value > 0, value * unit <= 86_400_000
    else {
      throw UsageError("--\(option) \(UsageError.shown(text)) is no duration, as 500ms, 5s or 2m")
    }
    return .milliseconds(value * unit)
  }
}
