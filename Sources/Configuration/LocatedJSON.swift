import Wire

/// A JSON text that knows the line of each of its values, for files that people write.
package struct LocatedJSON: Equatable, Sendable {
  package enum Value: Equatable, Sendable {
    case null, bool(Bool), number(String), string(String)
    case array([LocatedJSON])
    case object([Member])
  }

  package struct Member: Equatable, Sendable {
    package let name: String
    /// Of the name.
    package let line: Int
    package let value: LocatedJSON
  }

  package let value: Value
  /// From 1.
  package let line: Int

  /// What is wrong with a text, and where.
  package struct Flaw: Error, Equatable, Sendable {
    package let line: Int
    package let message: String
  }

  package static func parse(_ bytes: [UInt8]) throws(Flaw) -> LocatedJSON {
    var reader = Reader(bytes)
    return try reader.document()
  }

  /// As a person would call it.
  package var kind: String {
    switch value {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension LocatedJSON {
  /// Reads from the front, no deeper than a person would write.
  private struct Reader {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var depth = 0

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func document() throws(Flaw) -> LocatedJSON {
      let value = try read()
      skipBlanks()
      if next != nil { throw flaw("there is more behind the end of the object") }
      return value
    }

    private func flaw(_ message: String) -> Flaw { Flaw(line: line, message: message) }

    private mutating func skipBlanks() {
      while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
        if byte == 0x0A { line += 1 }
        index += 1
      }
    }

    private mutating func read() throws(Flaw) -> LocatedJSON {
      skipBlanks()
      let start = line
      switch next {
      case UInt8(ascii: "{"): return LocatedJSON(value: .object(try members()), line: start)
      case UInt8(ascii: "["): return LocatedJSON(value: .array(try elements()), line: start)
      case UInt8(ascii: "\""): return LocatedJSON(value: .string(try string()), line: start)
      case nil: throw flaw("the text ends where a value is expected")
      case UInt8(ascii: "/"): throw flaw("JSON has no comments")
      default: return LocatedJSON(value: try word(), line: start)
      }
    }

    /// Reads what stands between brackets, one item after the other.
    private mutating func items(
      until close: UInt8, _ item: (inout Reader) throws(Flaw) -> Void
    ) throws(Flaw) {
      depth += 1
      guard depth <= 32 else { throw flaw("nested more than 32 deep") }
      index += 1
      skipBlanks()
      var isFirst = true
      while next != close {
        if !isFirst {
          guard next == UInt8(ascii: ",") else {
            throw flaw("a comma, or \(Character(UnicodeScalar(close))), is missing")
          }
          index += 1
          skipBlanks()
          if next == close { throw flaw("a comma has nothing behind it") }
        }
        try item(&self)
        skipBlanks()
        isFirst = false
      }
      index += 1
      depth -= 1
    }

    private mutating func elements() throws(Flaw) -> [LocatedJSON] {
      var found: [LocatedJSON] = []
      try items(until: UInt8(ascii: "]")) { reader throws(Flaw) in
        found.append(try reader.read())
      }
      return found
    }

    private mutating func members() throws(Flaw) -> [Member] {
      var found: [Member] = []
      try items(until: UInt8(ascii: "}")) { reader throws(Flaw) in
        let start = reader.line
        guard reader.next == UInt8(ascii: "\"") else {
          throw reader.flaw("a name in double quotes is expected")
        }
        let name = try reader.string()
        reader.skipBlanks()
        guard reader.next == UInt8(ascii: ":") else { throw reader.flaw("a colon is missing") }
        reader.index += 1
        if found.contains(where: { $0.name == name }) {
          throw Flaw(line: start, message: "'\(printable(name, limit: 60))' stands twice")
        }
        found.append(Member(name: name, line: start, value: try reader.read()))
      }
      return found
    }

    private mutating func word() throws(Flaw) -> Value {
      let start = index
      while let byte = next, byte > 0x20, !",]}:\"[{".utf8.contains(byte) { index += 1 }
      let text = String(decoding: bytes[start..<index], as: UTF8.self)
      switch text {
      case "null": return .null
      case "true": return .bool(true)
      case "false": return .bool(false)
      default:
        guard Double(text) != nil, text.first?.isLetter == false else {
          throw flaw("'\(printable(text, limit: 40))' is no JSON value; a text needs double quotes")
        }
        return .number(text)
      }
    }

    private mutating func string() throws(Flaw) -> String {
      index += 1
      var text: [UInt8] = []
      while let byte = next, byte != UInt8(ascii: "\"") {
        guard byte >= 0x20 else { throw flaw("a text ends in its line without a quote") }
        index += 1
        if byte != UInt8(ascii: "\\") {
          text.append(byte)
        } else {
          text += try escape().utf8
        }
      }
      guard next != nil else { throw flaw("a text has no end") }
      index += 1
      guard let string = String(validating: text, as: UTF8.self) else {
        throw flaw("a text is no valid UTF-8")
      }
      return string
    }

    private mutating func escape() throws(Flaw) -> String {
      guard let byte = next else { throw flaw("a text has no end") }
      index += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
        return String(UnicodeScalar(byte))
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{C}"
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "t"): return "\t"
      case UInt8(ascii: "u"): return String(try scalar())
      default: throw flaw("a backslash stands before a letter that it does not go with")
      }
    }

    private mutating func scalar() throws(Flaw) -> UnicodeScalar {
      let first = try unit()
      if let scalar = UnicodeScalar(first) { return scalar }
      guard (0xD800..<0xDC00).contains(first), index + 1 < bytes.count,
        bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
      else { throw flaw("half a character is escaped") }
      index += 2
      let second = try unit()
      guard (0xDC00..<0xE000).contains(second),
        let scalar = UnicodeScalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
      else { throw flaw("half a character is escaped") }
      return scalar
    }

    private mutating func unit() throws(Flaw) -> UInt32 {
      let digits = bytes[index...].prefix(4)
      let isHex = digits.allSatisfy { UnicodeScalar($0).properties.isASCIIHexDigit }
      guard digits.count == 4, isHex,
        let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw flaw("\\u needs four hex digits") }
      index += 4
      return unit
    }
  }
}
