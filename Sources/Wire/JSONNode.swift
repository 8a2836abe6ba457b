/// A value of a JSON text; what is asked of it in the wrong kind is nil or empty.
package struct JSONNode: Sendable {
  package enum Kind: Sendable {
    case object, array, string, number, bool, null
  }

  private let document: JSONDocument
  private let index: Int

  init(document: JSONDocument, index: Int) {
    self.document = document
    self.index = index
  }

  package var kind: Kind {
    switch document.tokens[index].kind {
    case .object: .object
    case .array: .array
    case .string, .escapedString: .string
    case .number: .number
    case .yes, .no: .bool
    case .null: .null
    }
  }

  package var isNull: Bool { kind == .null }

  /// The line on which it begins, from 1.
  package var line: Int { document.line(of: Int(document.tokens[index].start)) }

  /// A member of an object; nil where it is null, too. Of equal names the last counts, as in Go.
  package subscript(_ name: StaticString) -> JSONNode? {
    guard document.tokens[index].kind == .object else { return nil }
    var found: Int?
    var position = index + 1
    let end = Int(document.tokens[index].next)
    while position + 1 < end {
      if isNamed(position, name) { found = position + 1 }
      position = Int(document.tokens[position + 1].next)
    }
    guard let found, document.tokens[found].kind != .null else { return nil }
    return JSONNode(document: document, index: found)
  }

  /// The members of an object in order, null ones among them.
  package var members: [(name: String, value: JSONNode)] {
    guard document.tokens[index].kind == .object else { return [] }
    var members: [(String, JSONNode)] = []
    var position = index + 1
    let end = Int(document.tokens[index].next)
    while position + 1 < end {
      let value = JSONNode(document: document, index: position + 1)
      members.append((JSONNode(document: document, index: position).string ?? "", value))
      position = Int(document.tokens[position + 1].next)
    }
    return members
  }

  /// The elements of an array.
  package var elements: [JSONNode] {
    guard document.tokens[index].kind == .array else { return [] }
    var elements: [JSONNode] = []
    var position = index + 1
    let end = Int(document.tokens[index].next)
    while position < end {
      elements.append(JSONNode(document: document, index: position))
      position = Int(document.tokens[position].next)
    }
    return elements
  }

  package var string: String? {
    guard kind == .string else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A string, or a number or boolean as it is written.
  package var text: String? {
    switch kind {
    case .string, .number, .bool: String(decoding: bytes, as: UTF8.self)
    case .object, .array, .null: nil
    }
  }

  /// A string's bytes with its escapes resolved; another value's as they are written.
  package var bytes: [UInt8] {
    let token = document.tokens[index]
    let written = document.bytes[Int(token.start)..<Int(token.end)]
    return token.kind == .escapedString ? Self.unescaped(written) : Array(written)
  }

  package var int: Int? { text.flatMap { Int($0) } }

  package var bool: Bool? {
    switch document.tokens[index].kind {
    case .yes: true
    case .no: false
    case .object, .array, .string, .escapedString, .number, .null: nil
    }
  }

  /// The strings of an array.
  package var strings: [String] { elements.compactMap(\.string) }

  private func isNamed(_ position: Int, _ name: StaticString) -> Bool {
    let token = document.tokens[position]
    guard token.kind != .escapedString else {
      return JSONNode(document: document, index: position).string == "\(name)"
    }
    let length = name.utf8CodeUnitCount
    let start = Int(token.start)
    guard Int(token.end) - start == length else { return false }
    return (0..<length).allSatisfy { document.bytes[start + $0] == name.utf8Start[$0] }
  }

  private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let sign = rest.popFirst() else {
        result.append(byte)
        continue
      }
      switch sign {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "u"): result += Array(String(scalar(&rest)).utf8)
      default: result.append(sign)
      }
    }
    return result
  }

  /// What stands behind `\u`, with the second half of a pair; half a pair is the sign for that.
  private static func scalar(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    guard let first = unit(&rest) else { return replacement }
    guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) ?? replacement }
    var ahead = rest
    guard ahead.popFirst() == UInt8(ascii: "\\"), ahead.popFirst() == UInt8(ascii: "u"),
      let second = unit(&ahead), (0xDC00...0xDFFF).contains(second)
    else { return replacement }
    rest = ahead
    return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? replacement
  }

  private static func unit(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
    let digits = rest.prefix(4)
    guard digits.count == 4,
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { return nil }
    rest = rest.dropFirst(4)
    return value
  }
}
