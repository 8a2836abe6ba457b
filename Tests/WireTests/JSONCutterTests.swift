import Testing

@testable import Wire

@Suite struct `A list is cut into its objects` {
  private func objects(_ text: String, by size: Int) throws -> [String] {
    var cutter = JSONCutter()
    var found: [String] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      try cutter.feed(rest.prefix(size)) {
        found.append("\($0.line) \(String(decoding: $0.bytes, as: UTF8.self))")
      }
      rest = rest.dropFirst(size)
    }
    try cutter.end()
    return found
  }

  @Test(
    arguments: [
      (#"[{"a":1},{"b":[{}]}]"#, [#"1 {"a":1}"#, #"1 {"b":[{}]}"#]),
      (#"{"a":{"items":[1]}}"#, [#"1 {"a":{"items":[1]}}"#]),
      (
        "{\"kind\":\"List\",\"items\":[\n{\"a\":\"}\"},\n\n{\"b\":2}],\"metadata\":{\"x\":{}}}",
        [#"2 {"a":"}"}"#, #"4 {"b":2}"#]
      ),
      ("{\"a\":1}\n{\"b\":2}", [#"1 {"a":1}"#, #"2 {"b":2}"#]),
      (#"{"Functions":[{"a":"\"]}"}]}"#, [#"1 {"a":"\"]}"}"#]),
      (#"{"a":"items","b":[{}]}"#, [#"1 {"a":"items","b":[{}]}"#]),
      (#"[1,"x",null,{"a":{}}]"#, [#"1 {"a":{}}"#]), ("[]", []), ("", []),
      (#"[{"a":1}]{"items":[{"b":1}]}"#, [#"1 {"a":1}"#, #"1 {"b":1}"#]),
    ] as [(String, [String])])
  func `however its bytes come`(text: String, expected: [String]) throws {
    for size in [1, 2, 3, 7, 1000] { #expect(try objects(text, by: size) == expected) }
  }

  @Test(arguments: [
    "[{\"a\":1}", "{\"items\":[{}", "[\"a", "]", "{}}", "[{} error: reset ]", "[{}] lost", "x",
  ])
  func `and what is no whole text is told`(text: String) {
    #expect(throws: JSONFault.self) { try objects(text, by: 1000) }
    #expect(throws: JSONFault.self) { try objects(text, by: 1) }
  }
}
