import Testing

@testable import Wire

@Suite struct `A stranger's pattern` {
  @Test(arguments: [
    ("", "", true), ("", "shop", true), ("sho", "the shop", true), ("Sho", "the shop", false),
    ("^shop$", "shop", true), ("^shop$", "shops", false), ("^op", "shop", false),
    ("op$", "shop", true), ("sh$", "shop", false), ("$", "shop", true), ("a^b", "ab", false),
    ("s.op", "shop", true), ("s.op", "s\nop", false), ("s.*p", "sp", true), ("s.+p", "sp", false),
    ("colou?r", "color", true), ("^ab*$", "abbb", true), ("^ab+$", "a", false),
    ("^a*?$", "aaa", true), ("^a+?b??$", "ab", true),
    ("GET /health", "GET /healthz", true), (#"GET \/health\.txt"#, "GET /healthxtxt", false),
    (#"\$\{x\}"#, "${x}", true), (#"a\\b"#, #"a\b"#, true), ("a}b", "a}b", true),
    (#"^\d+$"#, "042", true), (#"^\d+$"#, "٣", false), (#"^\w+$"#, "a_9Z", true),
    (#"^\w+$"#, "é", false), (#"\s"#, "a b", true), (#"\S\D\W"#, "ab!", true),
    ("^[a-c_]+$", "a_c", true), ("^[a-c_]+$", "d", false), ("^[^a-c]$", "d", true),
    ("[^a]", "\n", true), (#"^[\w.-]+$"#, "a.b-c", true), ("^[-a]+$", "a-", true),
    (#"^[\d\]\\]+$"#, #"4]\"#, true), ("^[a^$.*]+$", "^$.*", true), ("^[α-ω]+$", "λόγος", false),
    ("^[α-ω]+$", "λογος", true), ("^.$", "🦔", true), ("^.$", "e\u{301}", false),
    ("cat|dog", "a dog", true), ("^cat|dog$", "cats", true), ("^(cat|dog)$", "cats", false),
    ("^(?:a|b)*c$", "ababc", true), ("^(|a)+$", "aa", true), ("(a*)*b", "aaab", true),
    ("(a*)+$", "b", true), ("a||b", "c", true), ("^(a|)$", "", true), ("()", "x", true),
    ("^(ab?)+$", "aaba", true), ("^*a", "ba", true),
  ])
  func `is searched for as Go does it`(pattern: String, text: String, isMet: Bool) throws {
    #expect(try #require(LinearPattern(pattern)).isMet(by: text) == isMet)
  }

  @Test(arguments: [
    "(", ")", "a)", "(a", "[", "[]", "[^]", "[]a]", "[a", "[z-a]", "[a-", "[[:alpha:]]", #"[\D]"#,
    #"[a-\d]"#, "*", "+a", "?", "a|*", "(*)", "a**", "a+*", "a???", "a{2}", "a{", "{", #"\"#,
    #"\b"#, #"\pL"#, #"\x41"#, #"\Qa\E"#, #"\n"#, #"\1"#, #"\é"#, "(?i)a", "(?P<n>a)", "(?=a)",
    String(repeating: "(", count: 40) + String(repeating: ")", count: 40),
    String(repeating: "a", count: 513), String(repeating: "(", count: 512),
  ])
  func `can't be told beyond the subset`(pattern: String) {
    #expect(LinearPattern(pattern) == nil)
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      (String(repeating: ".?", count: 80) + "z", 200),
      (String(repeating: "a?", count: 170) + String(repeating: "a", count: 170) + "b", 200),
      (String(repeating: "(", count: 32) + "a" + String(repeating: ")*", count: 32) + "b", 500),
      (String(repeating: "(a|a)*", count: 80) + "b", 200),
      ("(a*)*b", 100_000), ("(a|aa)+b$", 100_000), ("(.*)(.*)(.*)(.*)[b-z]", 20_000),
    ])
  func `takes time that is linear in the text`(pattern: String, length: Int) throws {
    let text = String(repeating: "a", count: length)
    let read = try #require(LinearPattern(pattern))
    #expect(!read.isMet(by: text + "!"))
    #expect(try #require(LinearPattern("(a|aa)+$")).isMet(by: text))
  }
}
