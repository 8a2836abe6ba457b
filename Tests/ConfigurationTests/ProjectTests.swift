import Testing

@testable import Configuration

private func project(_ text: String) throws(ProjectError) -> Project {
  try Project.reading(Array(text.utf8), path: "../.dd-doctor.json", today: "2026-11-25")
}

private func flaw(_ text: String) -> String? {
  do throws(ProjectError) {
    _ = try project(text)
    return nil
  } catch {
    return error.message
  }
}

@Suite struct `A project's file` {
  @Test func `is read whole`() throws {
    let read = try project(
      """
      {
        "$schema": "x",
        "setup": "llmobs-agent", "language": "node",
        "skip": [{"check": "openai.*", "reason": "no key \\u00e9", "expires": "2026-11-25"}],
        "variables": {"DD_ENV": {"allowed": ["prod", "staging"]}, "MODE": {}},
        "endpoints": {"db": "tcp://[::1]:5432", "gateway": "https://gw.example/v1"},
        "secrets": ["VAULT"]
      }
      """)
    #expect(read.setup == .llmobsAgent && read.language == .node)
    #expect(
      read.skips == [
        .init(check: "openai.*", reason: "no key é", expires: "2026-11-25", line: 4)
      ])
    #expect(read.requirements.map(\.name) == ["DD_ENV", "MODE"])
    #expect(read.requirements.map(\.allowed) == [["prod", "staging"], []])
    #expect(
      read.endpoints.map(\.endpoint) == [
        .tcp(host: "::1", port: 5432), .tls(host: "gw.example", port: 443),
      ])
    #expect(read.endpoints.map(\.path) == [nil, "/v1"])
    #expect(read.names == ["DD_ENV", "MODE", "VAULT"])
    #expect(try project("{}").skips.isEmpty)
  }

  @Test(
    arguments: [
      ("", "1: the text ends where a value is expected"), ("[]", "1: the file is an array"),
      ("{\n\"setup\": \"apm\"\n\"x\": 1}", "3: a comma, or }, is missing"),
      ("{\n\n\"setpu\": 1}", "3: unknown key 'setpu' in the file; did you mean setup?"),
      ("{\"setup\": \"amp\"}", "1: unknown setup 'amp'; did you mean apm?"),
      ("{\"language\": \"ruby\"}", "1: unknown language 'ruby'"),
      ("{\"setup\": true}", "1: setup is a boolean, and has to be a string"),
      ("{\"setup\": \"apm\",\n\"setup\": \"apm\"}", "2: 'setup' stands twice"),
      ("{\"skip\": [\n{\"check\": \"a\"}]}", "2: a skip has no reason"),
      ("{\"skip\": [{\"check\": \"a\", \"reason\": \" \"}]}", "1: a skip has no reason"),
      ("{\"skip\": [{\"reason\": \"a\"}]}", "1: a skip names no check"),
      (
        "{\"skip\": [{\"check\": \"a\", \"reason\": \"b\", \"until\": \"c\"}]}",
        "1: unknown key 'until' in an entry of skip"
      ),
      (
        "{\"skip\": [{\"check\": \"a\", \"reason\": \"b\",\n\"expires\": \"2027-02-29\"}]}",
        "2: expires '2027-02-29' is no day"
      ),
      (
        "{\"skip\": [{\"check\": \"a\", \"reason\": \"b\", \"expires\": \"27-1-1\"}]}",
        "1: expires '27-1-1' is no day"
      ),
      ("{\"skip\": {\"check\": \"a\"}}", "1: skip is an object, and has to be an array"),
      ("{\"variables\": [\"A\"]}", "1: variables is an array, and has to be an object"),
      ("{\"variables\": {\"A B\": {}}}", "1: 'A B' is no variable's name"),
      (
        "{\"variables\": {\"A\": {\"allow\": []}}}",
        "1: unknown key 'allow' in A in variables; did you mean allowed?"
      ),
      ("{\"variables\": {\"A\": {\"allowed\": []}}}", "1: allowed is empty"),
      ("{\"endpoints\": {\"a b\": \"https://x\"}}", "1: endpoint 'a b' is no name for a check"),
      ("{\"endpoints\": {\"a\":\n\"tcp://x\"}}", "2: endpoint a is no https://HOST"),
      ("{\"endpoints\": {\"a\": \"https://u:p@x/\"}}", "1: endpoint a is no https://HOST"),
      ("{\"endpoints\": {\"a\": \"file:///etc/passwd\"}}", "1: endpoint a is no https://HOST"),
      ("{\"secrets\": [1]}", "1: a name in secrets is a number, and has to be a string"),
      ("{} x", "1: there is more behind the end"),
      ("{\"setup\": apm}", "1: 'apm' is no JSON value"),
      ("// x\n{}", "1: JSON has no comments"), ("{\"a\": \"\\ud800\"}", "1: half a character"),
      ("{\"a\": \"x", "1: a text has no end"), ("{\"a\": \"\\", "1: a text has no end"),
      ("{\"a\": [1,]}", "1: a comma has nothing behind it"),
      ("{a: 1}", "1: a name in double quotes"),
      (String(repeating: "[", count: 5000), "1: nested more than 32 deep"),
    ] as [(String, String)])
  func `that is wrong is told with its line`(text: String, expected: String) {
    let message = flaw(text) ?? ""
    #expect(message.hasPrefix("../.dd-doctor.json:\(expected)"), "\(message)")
  }

  @Test func `that is cut anywhere, or has any byte in it, is no crash`() {
    let text = Array(
      #"{"skip":[{"check":"a\u00e9","reason":"b","expires":"2026-11-25"}],"endpoints":{"a":"tcp://[::1]:1"}}"#
        .utf8)
    for end in text.indices {
      #expect(throws: ProjectError.self) {
        try Project.reading(Array(text[..<end]), path: "x", today: "")
      }
      for byte in [0, 0x22, 0x5C, 0x7B, 0xC3, 0xFF] as [UInt8] {
        var changed = text
        changed[end] = byte
        _ = try? Project.reading(changed, path: "x", today: "")
      }
    }
  }

  @Test func `shows no key of its own in a message`() {
    let key = "c0ffee00112233445566778899aabbcc"
    #expect(flaw("{\"\(key)\": 1}")?.contains(key) == false)
    #expect(flaw("{\"setup\": \"\(key)\"}")?.contains(key) == false)
  }

  @Test func `holds a skip to its last day`() {
    let skip = Project.Skip(check: "a", reason: "b", expires: "2026-11-25", line: 1)
    #expect(skip.holds(on: "2026-11-24") && skip.holds(on: "2026-11-25"))
    #expect(!skip.holds(on: "2026-11-26"))
    #expect(Project.Skip(check: "a", reason: "b", expires: nil, line: 1).holds(on: "9999-01-01"))
  }

  @Test func `names variables that are read, and secrets that are kept`() throws {
    let own = try project(#"{"variables": {"MODE": {}}, "secrets": ["VAULT"]}"#)
    let entries = ["MODE=a", "VAULT=hunter2", "OTHER=b"].map { Array($0.utf8) }
    let (environment, credentials) = Environment.reading(entries, for: own)
    #expect(environment.variables.map(\.name) == ["MODE", "VAULT"])
    #expect(environment["VAULT"]?.text == nil && environment["VAULT"]?.secret != nil)
    #expect(credentials["VAULT"] != nil)
    #expect(Environment.reading(entries).environment.variables.isEmpty)
  }

  @Test func `decides setup and language where the command line does not`() throws {
    var host = HostFacts()
    host.project = try project(#"{"setup": "llmobs-agent", "language": "node"}"#)
    let read = Settings(Environment(), host)
    #expect(read.setup == .llmobsAgent && read.language == .node)
    #expect(read.detectedFrom == ["project file ../.dd-doctor.json"])
    let won = Settings(Environment(), host, setup: .apm, language: .php)
    #expect(won.setup == .apm && won.language == .php)
    #expect(won.detectedFrom == ["--setup", "--language", "project file ../.dd-doctor.json"])
  }
}
