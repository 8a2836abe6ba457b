import Testing

@testable import Configuration

/// How each tracer reads a text as a boolean, by setting.
struct BooleanRow: Sendable {
  let text: String
  let strictPython: BooleanReading
  let python: BooleanReading
  let node: BooleanReading
  let php: BooleanReading

  init(
    _ text: String, _ strictPython: BooleanReading, _ python: BooleanReading,
    _ node: BooleanReading, _ php: BooleanReading
  ) {
    self.text = text
    self.strictPython = strictPython
    self.python = python
    self.node = node
    self.php = php
  }
}

@Suite struct `Values as the tracers read them` {
  @Test(arguments: [
    //        text      asbool envier node     php
    BooleanRow("true", .on, .on, .on, .on), BooleanRow("1", .on, .on, .on, .on),
    BooleanRow("TRUE", .on, .on, .on, .on), BooleanRow("yes", .off, .on, .ignored, .on),
    BooleanRow("on", .off, .on, .ignored, .on), BooleanRow("On", .off, .on, .ignored, .on),
    BooleanRow("false", .off, .off, .off, .off), BooleanRow("0", .off, .off, .off, .off),
    BooleanRow("no", .off, .off, .ignored, .off), BooleanRow("t", .off, .off, .ignored, .off),
    BooleanRow("", .off, .off, .ignored, .off), BooleanRow(" 1 ", .off, .off, .ignored, .off),
    BooleanRow("\"true\"", .off, .off, .ignored, .off),
    BooleanRow("true\r", .off, .off, .ignored, .off),
    BooleanRow("enabled", .off, .off, .ignored, .off), BooleanRow("2", .off, .off, .ignored, .off),
  ])
  func `booleans by language and setting`(row: BooleanRow) {
    let name = "DD_LLMOBS_AGENTLESS_ENABLED"
    #expect(TracerValue.boolean(row.text, "DD_TRACE_ENABLED", .python) == row.strictPython)
    #expect(TracerValue.boolean(row.text, name, .python) == row.python)
    #expect(TracerValue.boolean(row.text, name, .node) == row.node)
    #expect(TracerValue.boolean(row.text, name, .php) == row.php)
  }

  @Test(arguments: [
    ("DD_LLMOBS_ENABLED", true), ("DD_TRACE_ENABLED", true), ("DD_TRACE_DEBUG", true),
    ("DD_TRACE_OPENAI_ENABLED", true), ("DD_TRACE_REQUESTS_ENABLED", true),
    ("DD_RUNTIME_METRICS_ENABLED", true), ("DD_HTTPX_DISTRIBUTED_TRACING", true),
    ("DD_LLMOBS_AGENTLESS_ENABLED", false), ("DD_AGENTLESS_ENABLED", false),
    ("DD_APM_TRACING_ENABLED", false), ("DD_PROFILING_ENABLED", false),
    ("DD_TRACE_RESOURCE_RENAMING_ENABLED", false),
  ])
  func `ddtrace reads these by asbool, those by envier`(name: String, isStrict: Bool) {
    #expect(TracerValue.readsStrictly(name) == isStrict)
  }

  // Python's `int()`, JavaScript's `Math.trunc()`, and PHP's digits and blanks.
  @Test(
    arguments: [
      ("8126", 8126, 8126, 8126), (" 1 ", 1, 1, 1), ("08126", 8126, 8126, 8126),
      ("-1", -1, -1, -1), ("+5", 5, 5, nil), ("8_126", 8126, nil, nil), ("1__0", nil, nil, nil),
      ("+_8", nil, nil, nil), ("_8", nil, nil, nil), ("8_", nil, nil, nil), ("", nil, 0, nil),
      (" ", nil, 0, nil), ("abc", nil, nil, nil), ("8126.9", nil, 8126, nil),
      ("0x1f", nil, 31, nil),
      ("1e3", nil, 1000, nil), ("\u{0668}\u{0661}", 81, nil, nil), ("-", nil, nil, nil),
      ("99999999999999999999", nil, nil, nil),
    ] as [(String, Int?, Int?, Int?)])
  func `integers by language`(text: String, python: Int?, node: Int?, php: Int?) {
    #expect(TracerValue.pythonInteger(text) == python)
    #expect(TracerValue.nodeInteger(text) == node)
    #expect(TracerValue.phpInteger(text) == php)
  }

  @Test(arguments: [
    ("a:b,c:d", ["a=b", "c=d"]), ("a:b c:d", ["a=b", "c=d"]), ("a:b c,d:e", ["a=b c", "d=e"]),
    ("a:b:c", ["a=b:c"]), ("word", ["word="]), ("\"a:b\"", ["\"a=b\""]), ("", []), (" , ", []),
    (":x", []), ("a: b , c :d", ["a=b", "c=d"]), ("a:b,", ["a=b"]),
    ("a:http://h:1", ["a=http://h:1"]),
  ])
  func `tags are split at commas where there is one, else at blanks`(
    text: String, tags: [String]
  ) {
    #expect(TracerValue.tags(text).map { "\($0.key)=\($0.value)" } == tags)
  }

  @Test(arguments: [("", ""), (" a ", "a"), ("\t\r\na b\r\n", "a b"), (" \r\n ", "")])
  func `blanks around are trimmed, inside they stay`(text: String, trimmed: String) {
    #expect(TracerValue.trimmingBlanks(text) == trimmed)
  }
}
