import Testing
import Wire

@Suite struct TracerConfigurationTextTests {
  private func read(_ text: String) -> [String] {
    let text = TracerConfigurationText(Array(text.utf8))
    return text.settings.map { "\($0.name)=\(String(decoding: $0.value, as: UTF8.self))" }
      + text.unread.map { "? \($0)" }
  }

  @Test(
    arguments: [
      ("", []), ("# nothing\n\n", []), ("---\n", []), ("apm_configuration_default:\n", []),
      ("apm_configuration_default:\n  DD_SERVICE: shop\n", ["DD_SERVICE=shop"]),
      (
        "\u{FEFF}---\r\nconfig_id: abc\r\napm_configuration_default: # all\r\n    A: true\r\n    B: 12\r\n",
        ["A=true", "B=12"]
      ),
      (
        "apm_configuration_default:\n  \"A\": 'it''s' # why\n  'B': \"a\\\"b\\n\"\n  C: x#y # z\n",
        ["A=it's", "B=a\"b\n", "C=x#y"]
      ),
      ("apm_configuration_default:\n  A: http://h:8126\n...\nrest: 1\n", ["A=http://h:8126"]),
    ] as [(String, [String])])
  func `a map of names to scalars is read`(text: String, expected: [String]) {
    #expect(read(text) == expected)
  }

  @Test(
    arguments: [
      ("apm_configuration_rules:\n  - selectors: []\n    configuration: {}\n", ["? 1"]),
      ("apm_configuration_default: {DD_SERVICE: shop}\n", ["? 1"]),
      ("apm_configuration_default:\n  A: 1\n  A: 2\n", ["A=1", "? 3"]),
      ("apm_configuration_default:\n  A:\n    B: 1\n", ["? 2", "? 3"]),
      ("apm_configuration_default:\n  A: 1\n   B: 2\n", ["A=1", "? 3"]),
      ("apm_configuration_default:\n\tA: 1\n", ["? 2"]),
      ("apm_configuration_default:\n  - A: 1\n", ["? 2"]),
      (
        "apm_configuration_default:\n  A: [1]\n  B: &x 1\n  C: *x\n  D: |\n  E: >\n  F: !!str 1\n",
        ["? 2", "? 3", "? 4", "? 5", "? 6", "? 7"]
      ),
      (
        "apm_configuration_default:\n  A: null\n  B: ~\n  C:\n  D: a: b\n  E: 'x\n",
        ["? 2", "? 3", "? 4", "? 5", "? 6"]
      ),
      ("apm_configuration_default:\n  A: \"\\u0041\"\n  B: \"x\" y\n", ["? 2", "? 3"]),
      (
        "apm_configuration_default:\n  A: 1\napm_configuration_default:\n  B: 1\n",
        ["A=1", "? 3"]
      ), ("  A: 1\n", ["? 1"]), ("[1, 2]\n", ["? 1"]),
      ("a: 1\n---\napm_configuration_default:\n  A: 1\n", ["A=1", "? 1", "? 2"]),
    ] as [(String, [String])])
  func `what is beyond it is named by its line and not guessed at`(
    text: String, expected: [String]
  ) {
    #expect(read(text) == expected)
  }

  @Test func `no bytes trap`() {
    var generator = SystemRandomNumberGenerator()
    let pieces = [
      "apm_configuration_default", ":", "\n", " ", "  ", "\t", "'", "\"", "\\", "#", "-", "A", "\r",
    ]
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      _ = TracerConfigurationText(Array(text.utf8))
      _ = TracerConfigurationText(
        (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
  }
}
