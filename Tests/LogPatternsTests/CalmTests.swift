import LogPatterns
import Testing

/// Healthy output, harmless look-alikes, and texts that only speak of failures.
@Suite struct CalmTests {
  @Test func `there are enough calm lines`() {
    #expect(Fixtures.lines("calm.log").count >= 200)
    #expect(Fixtures.lines("calm-ddtrace.log").count >= 400)
  }

  @Test(arguments: ["calm.log", "calm-ddtrace.log"])
  func `a calm log has no finding`(name: String) {
    let found = scan(Fixtures.text(name)).results().findings
    #expect(found.map { "\($0.firstLine) \($0.id)" } == [])
  }

  @Test func `no calm line is a finding by itself`() {
    for line in Fixtures.lines("calm.log") {
      #expect(ids(line) == [], "\(line)")
    }
  }

  /// The same words as a failure's, quoted in ways that documents and programs quote.
  @Test(arguments: [
    "When you see `%`, restart the Agent.", "If you see % then restart the Agent.",
    "# %", "// %", "| `%` | restart |", "log.error(\"%\")", "grep \"%\" app.log",
    "{\"content\": \"%\"}", "why %?",
  ])
  func `a quoted failure is none`(quotation: String) {
    for row in Fixtures.failures where !row.line.contains("\"") && !row.line.contains("\u{60}") {
      let text = quotation.replacing("%", with: row.line)
      #expect(ids(text) == [], "\(text)")
    }
  }
}
