import Foundation
import Testing

@testable import Diagnosis

private func finding(_ status: Status) -> Finding {
  Finding(Stub("a.b", .passed("")).about, status: status, message: "")
}

@Suite struct `The worst of several outcomes` {
  @Test func `is the calm one where none is bad`() {
    #expect(Outcome.worst([], else: .passed("calm")) == .passed("calm"))
    #expect(
      Outcome.worst([.passed("x"), .skipped("y")], else: .skipped("calm")) == .skipped("calm"))
  }

  @Test func `is a failure before an unknown before a warning`() {
    let outcomes: [Outcome] = [
      .warning(problem("w")), .unknown(problem("u")), .failed(problem("f", .dns)),
    ]
    let worst = Outcome.worst(outcomes, else: .passed(""))
    #expect(worst.status == .failed)
    #expect(worst.problem?.message == "f" && worst.problem?.failureClass == .dns)
    #expect(Outcome.worst(Array(outcomes.prefix(2)), else: .passed("")).status == .unknown)
    #expect(Outcome.worst(Array(outcomes.prefix(1)), else: .passed("")).status == .warning)
  }

  @Test func `keeps the others' evidence and remedies behind its own`() {
    let worst = Outcome.worst(
      [.warning(problem("w")), .failed(problem("f")), .failed(problem("g"))], else: .passed(""))
    #expect(worst.problem?.message == "f")
    #expect(worst.problem?.evidence.map(\.name) == ["f", "also", "w", "also", "g"])
    #expect(worst.problem?.evidence[1].measured == "w")
    #expect(worst.problem?.remedies.map(\.text) == ["mend f", "mend w", "mend g"])
  }
}

@Suite struct `A verdict` {
  @Test(
    arguments: [
      ([], .unknown), ([.skipped], .unknown), ([.passed], .healthy),
      ([.passed, .skipped], .healthy),
      ([.warning], .warning), ([.passed, .warning], .warning), ([.passed, .unknown], .unknown),
      ([.warning, .unknown], .unknown), ([.failed, .unknown, .warning], .failed),
      ([.failed, .blocked], .failed), ([.passed, .blocked], .unknown), ([.blocked], .unknown),
    ] as [([Status], Verdict)])
  func `is the worst that stands in the findings`(statuses: [Status], verdict: Verdict) {
    #expect(Verdict(statuses.map(finding)) == verdict)
  }

  @Test func `is counted by status`() {
    let summary = Summary(
      [.passed, .passed, .warning, .failed, .skipped, .blocked, .unknown, .unknown].map(finding))
    #expect(summary.passed == 2 && summary.warning == 1 && summary.failed == 1)
    #expect(summary.skipped == 1 && summary.blocked == 1 && summary.unknown == 2)
  }
}

@Suite struct `The ladder` {
  @Test(
    arguments: [
      ([.reached, .reached, .reached], .accepted), ([.reached, .failed, .notReached], .configured),
      ([.failed, .reached, .reached], nil), ([.reached, .unknown, .reached], .configured),
      ([.reached, .notApplicable, .reached], .accepted), ([.notApplicable], nil), ([], nil),
    ] as [([Delivery.RungStatus], Delivery.Rung?)])
  func `is climbed without a gap`(statuses: [Delivery.RungStatus], reached: Delivery.Rung?) {
    let rungs = zip(Delivery.Rung.allCases, statuses).map { Delivery.Step($0, $1, "") }
    #expect(Delivery(rungs).reached == reached)
  }
}

@Suite struct `A problem` {
  @Test func `puts what is added behind and what is preferred before`() {
    let base = problem("a")
    let added = base.adding([Evidence("b", measured: "")], remedies: [.advice("later")])
    #expect(added.evidence.map(\.name) == ["a", "b"])
    #expect(added.remedies.map(\.text) == ["mend a", "later"])
    #expect(base.preferring([.advice("first")]).remedies.map(\.text) == ["first", "mend a"])
  }

  @Test(arguments: [
    (Remedy.set("DD_ENV", to: "prod"), "export DD_ENV=prod"),
    (.set("DD_ENV", to: "it's", "why"), "export DD_ENV='it'\\''s'  (why)"),
    (.unset("DD_ENV"), "unset DD_ENV"), (.command("ls", "look"), "ls  (look)"),
    (.edit("change it"), "change it"), (.advice("know it"), "know it"),
  ])
  func `has remedies that read as one line`(remedy: Remedy, line: String) {
    #expect(remedy.line == line)
  }

  @Test(arguments: [
    ("", "''"), ("plain-1.0", "plain-1.0"), ("http://h:1/a?b", "'http://h:1/a?b'"),
    ("two words", "'two words'"), ("$(rm -rf)", "'$(rm -rf)'"), ("it's", "'it'\\''s'"),
    ("''", "''\\'''\\'''"), ("<agent host>", "'<agent host>'"), ("ü", "'ü'"), ("a\nb", "'a\nb'"),
    ("~", "'~'"), ("a@b:c,d%e+f=g", "a@b:c,d%e+f=g"),
  ])
  func `has values that a shell reads back unchanged`(word: String, quoted: String) {
    #expect(shellQuoted(word) == quoted)
  }

  /// The shell goes by bytes: a quote that bears an accent is a quote.
  @Test(arguments: ["';echo pwned;'\u{301}", "'\u{301}", "a'\u{20E3}b", "\u{301}'$(echo x)`id`\\"])
  func `are read by sh as they were meant`(word: String) throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "printf %s \(shellQuoted(word))"]
    let pipe = Pipe()
    shell.standardOutput = pipe
    try shell.run()
    let read = pipe.fileHandleForReading.readDataToEndOfFile()
    #expect(Array(read) == Array(word.utf8))
  }
}

@Suite struct `The plain data` {
  @Test func `suites are built with if, else and for`() {
    func suite(_ flag: Bool) -> Suite<Int> {
      Suite {
        if flag { Stub("a.yes", .passed("")) } else { Stub("a.no", .passed("")) }
        for index in 1...2 { Stub(CheckID("b.\(index)"), .passed("")) }
        if flag { Suite { Stub("c.nested", .passed("")) } }
      }
    }
    #expect(suite(true).checks.map(\.about.id) == ["a.yes", "b.1", "b.2", "c.nested"])
    #expect(suite(false).checks.map(\.about.id) == ["a.no", "b.1", "b.2"])
  }

  @Test func `an id's group is its first segment`() {
    #expect(CheckID("openai.usage.images").group == "openai" && CheckID("x").group == "x")
    #expect(CheckID("a.b") < CheckID("a.c"))
  }

  @Test(arguments: [
    "null", "true", "0", "-12", "1.5", "9007199254740992", "\"\"", "\"a\\\"b\"", "[]", "{}",
    "[1,[2,{\"a\":null}]]", "{\"a\":{\"b\":[true,false]}}",
  ])
  func `JSON comes back as it was`(text: String) throws {
    let value = try JSONDecoder().decode(JSONValue.self, from: Data("\(text)\n".utf8))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(value), as: UTF8.self) == text)
  }

  @Test func `durations are milliseconds to a thousandth`() {
    #expect(Duration.milliseconds(1500).milliseconds == 1500)
    #expect(Duration.microseconds(1234).milliseconds == 1.234)
    #expect(Duration.nanoseconds(999).milliseconds == 0)
  }

  @Test func `an Agent's error stands in the JSON even where there is none`() throws {
    let summary = AgentSummary(url: nil, mode: nil, version: nil, state: .ok, error: nil)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(decoding: try encoder.encode(summary), as: UTF8.self)
        == #"{"error":null,"state":"ok"}"#)
  }

  @Test(
    arguments: [
      (AgentSummary.State.ok, nil, "None"), (.failed, "not there", "not there"),
      (.failed, nil, "unknown"), (.notApplicable, nil, "not applicable (agentless)"),
      (.notChecked, nil, "not checked"),
    ] as [(AgentSummary.State, String?, String)])
  func `an Agent's error line is None for an Agent that is good alone`(
    state: AgentSummary.State, error: String?, line: String
  ) {
    let summary = AgentSummary(url: nil, mode: nil, version: nil, state: state, error: error)
    #expect(summary.line == line)
  }

  @Test(
    arguments: [
      (.unset("DD_X"), "set -e DD_X"), (.set("DD_X", to: "a b"), "export DD_X='a b'"),
      (.set("DD_X", to: #"a\b'c"#), #"export DD_X='a\\b'\''c'"#),
      (.rename("DD_X", to: "DD_Y", value: "1"), "export DD_Y=1; set -e DD_X"),
      (.command(#"grep '\.' x"#), #"grep '\.' x"#), (.edit("unset it"), nil),
    ] as [(Remedy, String?)])
  func `a remedy speaks fish where fish has other words`(remedy: Remedy, expected: String?) {
    #expect(remedy.forFish.command == expected)
  }
}
