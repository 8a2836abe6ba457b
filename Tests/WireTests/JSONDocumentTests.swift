import Testing

@testable import Wire

private func root(_ text: String) throws -> JSONNode {
  try #require(try JSONDocument(Array(text.utf8)).roots.first)
}

private func fault(_ bytes: [UInt8]) -> JSONFault? {
  do {
    _ = try JSONDocument(bytes)
    return nil
  } catch {
    return error
  }
}

private func fault(_ text: String) -> String? { fault(Array(text.utf8))?.reason }

@Suite struct `A JSON text` {
  @Test func `is read by name and by place`() throws {
    let node = try root(#"{"a":{"b":[1,"two",true,null,{"c":-1.5e3}]},"d":"","e":{}}"#)
    let list = try #require(node["a"]?["b"]?.elements)
    #expect(list.map(\.text) == ["1", "two", "true", nil, nil])
    #expect(list[4]["c"]?.text == "-1.5e3")
    #expect(list[0].int == 1)
    #expect(list[2].bool == true)
    #expect(node["d"]?.string?.isEmpty == true)
    #expect(node["e"]?.members.isEmpty == true)
    #expect(node.members.map(\.name) == ["a", "d", "e"])
  }

  @Test func `has nothing where something else is asked for`() throws {
    let node = try root(#"{"a":null,"b":"x"}"#)
    #expect(node["a"] == nil)
    #expect(node["c"] == nil)
    #expect(node["b"]?["c"] == nil)
    #expect(node["b"]?.elements.isEmpty == true)
    #expect(node["b"]?.int == nil)
    #expect(node.members.first?.value.isNull == true)
  }

  @Test func `lets the last of equal names count, as Go does`() throws {
    #expect(try root(#"{"a":1,"a":2}"#)["a"]?.int == 2)
    #expect(try root(#"{"a":1,"a":null}"#)["a"] == nil)
  }

  @Test(
    arguments: [
      (#""\n\t\r\b\f\"\\\/""#, "\n\t\r\u{8}\u{c}\"\\/"), (#""\u00e9\ud83d\ude00""#, "é😀"),
      (#""\ud83d""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\ude00""#, "\u{FFFD}"),
      (#""\u12""#, "\u{FFFD}12"), ("\"é\"", "é"),
    ])
  func `has its escapes resolved`(text: String, expected: String) throws {
    #expect(try root(text).string == expected)
  }

  @Test func `is found by a name that is written with escapes`() throws {
    #expect(try root(#"{"\u0061b":7}"#)["ab"]?.int == 7)
  }

  @Test func `may follow another, and begin with a mark of its order`() throws {
    let document = try JSONDocument([0xEF, 0xBB, 0xBF] + Array("{\"a\":1}\r\n{\"a\":2}\n".utf8))
    #expect(document.roots.compactMap { $0["a"]?.int } == [1, 2])
  }

  @Test(
    arguments: [
      ("", "empty"), ("  \n", "empty"), ("{", "ends in the middle"),
      (#"{"a":1"#, "ends in the middle"), (#"{"a"#, "ends in the middle"),
      (#"{"a\"#, "ends in the middle"), (#"{"a" 1}"#, ": is expected"),
      ("[1 2]", ", or ] is expected"), (#"{"a":1 "b":2}"#, ", or } is expected"),
      ("[1,]", "no value begins"), (#"{"a":1,}"#, "a name in quotes"),
      ("{a:1}", "a name in quotes"),
      ("[1}", ", or ]"), ("]", "no value begins"), ("[tru]", "no value begins"),
      ("[NaN]", "no value begins"), ("\"a\nb\"", "over the end of its line"), ("nul", "no value"),
    ])
  func `is refused with a reason where it is none`(text: String, reason: String) {
    #expect(fault(text)?.contains(reason) == true, "\(fault(text) ?? "read")")
  }

  @Test func `is refused with its line and column`() {
    let found = fault(Array("{\n  \"a\": [1,\n  oops]\n}".utf8))
    #expect(found?.line == 3)
    #expect(found?.column == 3)
  }

  @Test(arguments: [1, 511, 512, 513, 514, 100_000])
  func `of brackets without an end, or with one, never traps`(count: Int) {
    for sign in ["[", "{\"a\":"] {
      let open = Array(String(repeating: sign, count: count).utf8)
      #expect(fault(open) != nil)
      let close = String(repeating: sign == "[" ? "]" : "}", count: count)
      let whole = fault(open + (sign == "[" ? [] : Array("1".utf8)) + Array(close.utf8))
      #expect((whole != nil) == (count > 512))
    }
  }

  @Test func `of bytes that are no UTF-8 is refused, wherever they stand`() {
    for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] {
      #expect(fault([0x22] + bytes + [0x22])?.reason.contains("UTF-8") == true)
      #expect(fault(bytes) != nil)
    }
    #expect(fault([0x22, 0xE2, 0x82, 0xAC, 0x22]) == nil)
  }

  @Test func `survives every cut and every changed byte`() {
    let text = Array(#"{"a":[1,"\u00e9",{"b":null}],"c":"d\\","e":true}"#.utf8)
    for end in text.indices {
      #expect(fault(Array(text[..<end])) != nil)
      for byte: UInt8 in [0, 0x22, 0x5C, 0x7B, 0x5D, 0x80, 0xFF] {
        var changed = text
        changed[end] = byte
        guard let document = try? JSONDocument(changed) else { continue }
        for node in document.roots { walk(node) }
      }
    }
  }

  private func walk(_ node: JSONNode) {
    _ = (node.text, node.int, node.bool, node.line, node["a"]?.kind)
    for child in node.elements + node.members.map(\.value) { walk(child) }
  }
}
