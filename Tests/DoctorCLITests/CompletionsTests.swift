import Testing

@testable import DoctorCLI

@Suite struct `What can be typed next` {
  private static func candidates(_ words: [String]) -> [String] {
    Completions(words).lines.map { String($0.prefix { $0 != "\t" }) }
  }

  @Test(
    arguments: [
      (["expl"], ["explain"]), (["--onl"], ["--only"]), (["check", "--find"], ["--find-site"]),
      (["--language", "p"], ["python", "php"]),
      (["--language=p"], ["--language=python", "--language=php"]),
      (["--language=php", "wai"], ["wait"]), (["--language", "php", "wai"], ["wait"]),
      (["-o", "x", "jud"], ["judge"]), (["-q", "jud"], ["judge"]),
      (["--only", "agent.fo"], ["agent.forwarding"]), (["--only", "agent.*"], ["agent.*"]),
      (["--only", "site.known,lambda.ha"], ["site.known,lambda.handler"]),
      (["--only=a,lambda.ha"], ["--only=a,lambda.handler"]),
      (["--report", "js"], ["json="]), (["--report", "json=x"], [":files"]),
      (["--report=js"], ["--report=json="]), (["--cacert", ""], [":files"]),
      (["--timeout", "5"], []), (["wait", "--only"], []), (["nonsense", "x"], []),
      (["explain", "lambda.fl"], ["lambda.flush"]), (["explain", "lambd"], ["lambda"] + lambdas),
      (["explain", "DD_TRACE_AGENT_UR"], ["DD_TRACE_AGENT_URL"]),
      (["explain", "agent.span", "x"], []), (["judge", ""], [":files"]),
      (["diff", "a", ""], [":files"]), (["diff", "a", "b", ""], []),
      (["merge", "a", "b", ""], [":files"]),
      (["demo", "--fault", "key-ref"], ["key-refused"]), (["help", "egr"], ["egress"]),
      (["completion", ""], ["bash", "zsh", "fish"]), (["list", ""], []),
      (["run", "--", "env", "--onl"], [":command"]), (["run", "env", "-"], [":command"]),
      (["run", "--", ""], [":command"]), (["run", "--warn"], ["--warn-only"]),
    ] as [([String], [String])])
  func `are what can stand for the last word`(words: [String], expected: [String]) {
    #expect(Self.candidates(words) == expected)
  }

  private static let lambdas = [
    "lambda.handler", "lambda.layers", "lambda.extension", "lambda.key", "lambda.flush",
  ]

  @Test func `of nothing are the commands, each with its summary`() {
    #expect(Self.candidates([]) == Command.allCases.map(\.rawValue))
    #expect(Completions([""]).lines.allSatisfy { $0.contains("\t") })
  }

  @Test func `of a prefix are all variables that begin so, in order`() {
    let names = Self.candidates(["explain", "DD_LLMOBS_"])
    #expect(names.contains("DD_LLMOBS_ML_APP") && names == names.sorted())
    #expect(names.allSatisfy { $0.hasPrefix("DD_LLMOBS_") })
    #expect(!Self.candidates(["explain", ""]).contains { $0.hasPrefix("DD_") })
  }

  @Test(arguments: Option.all.map(\.name))
  func `know what an option's value can be, or that it is free`(name: String) throws {
    let option = try #require(Option.all.first { $0.name == name })
    switch option.candidates {
    case .nothing:
      #expect(
        option.value == nil || ["DURATION", "N", "H:P:H2:P2"].contains(option.value), "\(name)")
    case .files, .commands, .checks, .subjects, .formatAndFile, .command: break
    case .words(let words): #expect(words.count > 2)
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `come as a script that names this program`(shell: String) throws {
    let script = try CompletionCommand.text([shell])
    #expect(script.contains("completion words --") && !script.contains("@BINARY@"))
  }

  @Test func `refuse another shell and further words`() {
    #expect(throws: UsageError.self) { try CompletionCommand.text(["tcsh"]) }
    #expect(throws: UsageError.self) { try CompletionCommand.text(["bash", "zsh"]) }
  }
}

@Suite struct `The manual page` {
  @Test func `has every command, option and exit status, and the sections of a manual`() {
    let lines = ManualPage.text.split(separator: "\n")
    for command in Command.allCases {
      #expect(lines.contains { $0.hasPrefix(".It Cm \(command.rawValue)") }, "\(command)")
    }
    for option in Option.all {
      #expect(lines.contains { $0.contains("Fl -\(option.name)") }, "\(option.name)")
    }
    for section in ["ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES"] {
      #expect(lines.contains(".Sh \(section)"))
    }
    #expect(lines.filter { $0.hasPrefix(".It 6") }.count == 3)
  }
}
