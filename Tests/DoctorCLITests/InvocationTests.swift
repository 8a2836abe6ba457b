import Configuration
import Testing

@testable import DoctorCLI

private func message(_ words: [String]) -> String? {
  do {
    _ = try Invocation.parse(words)
    return nil
  } catch {
    return (error as? UsageError)?.message ?? "\(error)"
  }
}

/// An option's words, and what they set.
struct OptionRow: Sendable, CustomTestStringConvertible {
  let command: String
  let name: String
  let value: String?
  let expected: @Sendable (Options) -> Bool

  init(
    _ name: String, _ value: String? = nil, of command: String = "check",
    _ expected: @escaping @Sendable (Options) -> Bool
  ) {
    self.command = command
    self.name = name
    self.value = value
    self.expected = expected
  }

  var testDescription: String { "\(name) \(value ?? "")" }
}

@Suite struct `A command line` {
  static let options = [
    OptionRow("--setup", "llmobs-agent") { $0.setup == .llmobsAgent },
    OptionRow("--language", "php") { $0.language == .php },
    OptionRow("--only", "agent.*, environment.names") {
      $0.only == ["agent.*", "environment.names"]
    },
    OptionRow("--skip", "agent,") { $0.skip == ["agent"] },
    OptionRow("--offline") { $0.offline }, OptionRow("--strict") { $0.strict },
    OptionRow("--timeout", "500ms") { $0.timeout == .milliseconds(500) },
    OptionRow("--deadline", "2m") { $0.deadline == .seconds(120) },
    OptionRow("--retries", "0") { $0.retries == 0 },
    OptionRow("--wait", "1.5s") { $0.wait == .milliseconds(1500) },
    OptionRow("--format", "ndjson") { $0.format == .ndjson },
    OptionRow("--info") { $0.format == .info }, OptionRow("-i") { $0.format == .info },
    OptionRow("--report", "json=a=b.json") {
      $0.reports == [ReportTarget(format: .json, path: "a=b.json")]
    },
    OptionRow("--output", "x") { $0.output == "x" }, OptionRow("-o", "x") { $0.output == "x" },
    OptionRow("--color", "never") { $0.color == .never },
    OptionRow("--quiet") { $0.quiet }, OptionRow("-q") { $0.quiet },
    OptionRow("--verbose") { $0.verbose }, OptionRow("-v") { $0.verbose },
    OptionRow("--debug") { $0.debug }, OptionRow("-d") { $0.debug },
    OptionRow("--find-site") { $0.findsSite }, OptionRow("--verify", of: "span") { $0.verifies },
    OptionRow("--from", "kubectl:pod.json#web") { $0.from == ["kubectl:pod.json#web"] },
    OptionRow("--probe-here") { $0.probesHere },
    OptionRow("--connect-to", "a:1:b:2") { $0.connectTo == ["a:1:b:2"] },
    OptionRow("--cacert", "ca.pem") { $0.caFile == "ca.pem" },
    OptionRow("--for", "90s", of: "capture") { $0.watch == .seconds(90) },
    OptionRow("--forward", of: "capture") { $0.forwards },
    OptionRow("--warn-only", of: "run") { $0.warnsOnly },
    OptionRow("--version") { $0.showsVersion },
    OptionRow("--agents", "agents.txt", of: "fleet") { $0.agents == "agents.txt" },
    OptionRow("--baseline", "r.json") { $0.baseline == "r.json" },
    OptionRow("--no-plugins") { !$0.plugins },
    OptionRow("--print-env") { $0.printsEnvironment },
    OptionRow("--port", "0", of: "agent") { $0.port == 0 },
    OptionRow("--socket", "/a b", of: "agent") { $0.socket == "/a b" },
    OptionRow("--fault", "x", of: "demo") { $0.fault == "x" },
  ]

  @Test(arguments: options)
  func `sets what its option says, in both forms`(row: OptionRow) throws {
    let operands = ["run", "capture"].contains(row.command) ? ["true"] : []
    let words = [row.name, row.value].compactMap { $0 } + operands
    #expect(row.expected(try Invocation.parse([row.command] + words).options))
    #expect(!row.expected(Options()))
    if let value = row.value {
      let words = [row.command, "\(row.name)=\(value)"] + operands
      #expect(row.expected(try Invocation.parse(words).options))
    }
  }

  @Test func `has a row here for every option`() {
    let tried = Set(Self.options.map { $0.name.drop { $0 == "-" } }.map(String.init))
    #expect(Option.all.allSatisfy { tried.contains($0.name) || $0.name == "help" })
  }

  @Test func `is check without a command`() throws {
    #expect(try Invocation.parse([]) == Invocation(command: .check))
    #expect(try Invocation.parse(["--strict"]).command == .check)
  }

  @Test(arguments: Command.allCases)
  func `names a command, and options may stand before it`(command: Command) throws {
    let operand = command.operand?.isOptional == false ? ["agent.answers"] : []
    let invocation = try Invocation.parse(["--debug", command.rawValue, "-d"] + operand)
    #expect(invocation.command == command && invocation.options.debug)
    #expect(invocation.operands == operand)
  }

  @Test func `takes options behind an operand, but not from the command that run starts`() throws {
    let explain = try Invocation.parse(["explain", "agent.span", "-d"])
    #expect(explain.options.debug && explain.operands == ["agent.span"])
    for words in [["run", "env", "-d", "--", "-v"], ["run", "--", "env", "-d", "--", "-v"]] {
      let run = try Invocation.parse(words)
      #expect(!run.options.debug && run.operands == ["env", "-d", "--", "-v"])
    }
  }

  @Test func `repeats what can be repeated, and else the last one counts`() throws {
    let options = try Invocation.parse([
      "--only", "a", "--only=b,c", "--report", "json=x", "--report=info=y", "--timeout", "1s",
      "--timeout=2s",
    ]).options
    #expect(options.only == ["a", "b", "c"])
    #expect(options.reports.map(\.path) == ["x", "y"])
    #expect(options.timeout == .seconds(2))
  }

  @Test(arguments: [
    ["--help"], ["-h"], ["span", "--help"], ["explain", "-h"], ["--port=1", "-h"],
  ])
  func `asks for help before anything else is held against it`(words: [String]) throws {
    #expect(try Invocation.parse(words).wantsHelp)
  }

  @Test func `has only operands behind two hyphens`() throws {
    #expect(try Invocation.parse(["explain", "--", "--strict"]).operands == ["--strict"])
    #expect(try Invocation.parse(["--", "list"]).command == .list)
    #expect(message(["--", "--strict"])?.hasPrefix("unknown command '--strict'") == true)
  }

  @Test(arguments: [
    (["--timout", "5s"], "unknown option '--timout'; did you mean --timeout?"),
    (["--timout=5s"], "unknown option '--timout'; did you mean --timeout?"),
    (["--zzzzzzzz"], "unknown option '--zzzzzzzz'"), (["-x"], "unknown option '-x'"),
    (["chekc"], "unknown command 'chekc'; did you mean check?"),
    (
      ["frobnicate"],
      "unknown command 'frobnicate'; one of "
        + Command.allCases.map(\.rawValue).joined(separator: ", ")
    ),
    (["--format", "jsn"], "unknown format 'jsn'; did you mean json?"),
    (
      ["--format=yaml2000"],
      "unknown format 'yaml2000'; one of "
        + Format.allCases.map(\.rawValue).joined(separator: ", ")
    ),
    (["--report", "jsn=x"], "unknown format 'jsn'; did you mean json?"),
    (["--setup", "llmobs-agnt"], "unknown setup 'llmobs-agnt'; did you mean llmobs-agent?"),
    (["--language", "pyhton"], "unknown language 'pyhton'; did you mean python?"),
    (["--color", "alwys"], "unknown color 'alwys'; did you mean always?"),
    (["--color="], "unknown color ''; one of auto, always, never"),
    (["--timeout"], "--timeout needs a value: --timeout DURATION"),
    (["-o"], "-o needs a value: -o PATH"), (["--strict=1"], "--strict takes no value"),
    (["--retries", "11"], "--retries '11' is no number from 0 to 10"),
    (["--retries=-1"], "--retries '-1' is no number from 0 to 10"),
    (["agent", "--port", "99999"], "--port '99999' is no number from 0 to 65535"),
    (["--report", "json"], "--report 'json' is no FORMAT=PATH, as json=report.json"),
    (["--report", "json="], "--report 'json=' is no FORMAT=PATH, as json=report.json"),
    (["list", "--strict"], "list takes no --strict"), (["--port", "1"], "check takes no --port"),
    (["explain"], "explain needs a value: dd-doctor explain ID|NAME"),
    (["list", "x"], "list takes no 'x'"), (["check", "list"], "check takes no 'list'"),
    (["explain", "a", "b"], "explain takes no 'b'"),
  ])
  func `says in one line what is wrong, with the nearest name`(words: [String], said: String) {
    #expect(message(words) == said)
  }

  private static let keys = [
    "0123456789abcdef0123456789abcdef", "sk-proj-AbCdEfGhIjKlMnOpQrStUvWx",
    "sk-admin-AbCdEfGhIjKlMnOpQrStUvWx", "0123456789abcdef0123456789abcdef01234567",
  ]

  @Test(arguments: keys)
  func `shows a key by kind and length alone, wherever it stands`(key: String) throws {
    let lines = [
      [key], ["list", key], ["--\(key)"], ["--api-key=\(key)"], ["--format", key],
      ["--timeout=\(key)"], ["--retries", key], ["--report", key], ["--report", "\(key)=x"],
      ["--setup=\(key)"], ["--", key], ["old-\(key)"], ["explain", "a", "DD_API_KEY=\(key)"],
    ]
    for words in lines {
      let said = try #require(message(words), "\(words)")
      #expect(!said.contains(key), "\(said)")
      #expect(!said.contains(key.suffix(12)), "\(said)")
    }
    #expect(try #require(message([key])).contains("\(key.utf8.count) characters"))
  }

  @Test func `never shows the value of an option that it does not know`() {
    #expect(message(["--api-key=hunter2"]) == "unknown option '--api-key'")
  }

  @Test func `shows what could move a terminal as text`() {
    #expect(message(["\u{1B}[2J\nx"])?.utf8.allSatisfy { $0 >= 0x20 } == true)
  }
}

@Suite struct `A duration` {
  @Test(arguments: [
    ("500ms", Duration.milliseconds(500)), ("5s", .seconds(5)), ("2m", .seconds(120)),
    ("1.5s", .milliseconds(1500)), ("100000ms", .seconds(100)),
    ("86400s", .seconds(86400)),
  ])
  func `is digits and a unit`(text: String, duration: Duration) throws {
    #expect(try Option.duration("timeout", text) == duration)
  }

  @Test(arguments: [
    "", "5", "0s", "0ms", "s", "-5s", "5h", "5 s", "1e3s", "5S", "..s", "1.2.3s", "٥s", "inf",
    "nans", "86401s",
    "1441m", "99999999999999999999s", "5s ", "ms",
  ])
  func `is nothing else`(text: String) {
    #expect(throws: UsageError.self) { try Option.duration("timeout", text) }
  }
}
