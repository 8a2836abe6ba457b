/// Where a text stops being JSON, and why.
package struct JSONFault: Error, Equatable, Sendable {
  /// From 1.
  package let line: Int
  /// From 1, in bytes.
  package let column: Int
  package let reason: String

  package init(line: Int, column: Int, reason: String) {
    self.line = line
    self.column = column
    self.reason = reason
  }
}

/// A JSON text (RFC 8259), read once into a flat list of tokens; values are made when asked for.
///
/// It takes any bytes: nesting and the number of values are bounded, and nothing recurses. Several
/// values behind one another are read as well, as `docker inspect --format '{{json .}}'` writes them.
package struct JSONDocument: Sendable {
  /// Deeper than any manifest, and as deep as other readers go.
  static let depthLimit = 512
  /// Of 16 bytes each: more than any 64 MiB of manifests hold.
  static let tokenLimit = 12_000_000

  struct Token: Sendable {
    enum Kind: UInt8, Sendable {
      case object, array, string, escapedString, number, yes, no, null
    }

    let kind: Kind
    let start: UInt32
    /// Behind the last byte of its text.
    var end: UInt32
    /// The token behind this value and all that is in it.
    var next: UInt32
  }

  let bytes: [UInt8]
  let tokens: [Token]

  /// The values of the text, in order; one, but for a text of several.
  package var roots: [JSONNode] {
    var nodes: [JSONNode] = []
    var index = 0
    while index < tokens.count {
      nodes.append(JSONNode(document: self, index: index))
      index = Int(tokens[index].next)
    }
    return nodes
  }

  package init(_ bytes: [UInt8]) throws(JSONFault) {
    var scanner = JSONScanner()
    let error = bytes.withUnsafeBufferPointer { scanner.scan($0) }
    if let error {
      throw Self.fault(bytes, at: error.offset, error.reason)
    }
    self.bytes = bytes
    tokens = scanner.tokens
  }

  private static func fault(_ bytes: [UInt8], at offset: Int, _ reason: String) -> JSONFault {
    let before = bytes.prefix(offset)
    let line = before.reduce(into: 1) { if $1 == UInt8(ascii: "\n") { $0 += 1 } }
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return JSONFault(line: line, column: offset - lineStart + 1, reason: reason)
  }

  /// The line of a place in the text, from 1.
  func line(of offset: Int) -> Int {
    bytes.prefix(offset).reduce(into: 1) { if $1 == UInt8(ascii: "\n") { $0 += 1 } }
  }
}

/// Goes through a text once and lists its values; what stands open is kept on a stack of its own.
private struct JSONScanner {
  struct Stop {
    let offset: Int
    let reason: String
  }

  private enum Wanted { case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd }

  var tokens: [JSONDocument.Token] = []
  private var open: [Int] = []
  private var position = 0

  /// Nil where all of it is JSON.
  mutating func scan(_ text: UnsafeBufferPointer<UInt8>) -> Stop? {
    if text.count >= Int(UInt32.max) { return Stop(offset: 0, reason: "it is too large") }
    tokens.reserveCapacity(text.count / 24)
    if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { position = 3 }
    var wanted = Wanted.value
    while true {
      while position < text.count, Self.isBlank(text[position]) { position += 1 }
      guard position < text.count else { break }
      if tokens.count >= JSONDocument.tokenLimit {
        return Stop(offset: position, reason: "it holds too many values")
      }
      let byte = text[position]
      switch wanted {
      case .colon:
        guard byte == UInt8(ascii: ":") else { return missing(":", behind: "a name") }
        position += 1
        wanted = .value
      case .commaOrEnd:
        if byte == UInt8(ascii: ",") {
          position += 1
          wanted = isInObject ? .key : .value
        } else if !isClosed(by: byte) {
          return missing(isInObject ? ", or }" : ", or ]", behind: "a value")
        } else {
          wanted = close()
        }
      case .key, .keyOrEnd:
        if wanted == .keyOrEnd, byte == UInt8(ascii: "}") {
          wanted = close()
        } else if byte == UInt8(ascii: "\"") {
          if let stop = string(text) { return stop }
          wanted = .colon
        } else {
          return Stop(offset: position, reason: "a name in quotes is expected here")
        }
      case .value, .valueOrEnd:
        if wanted == .valueOrEnd, byte == UInt8(ascii: "]") {
          wanted = close()
        } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
          guard open.count < JSONDocument.depthLimit else {
            return Stop(
              offset: position, reason: "it is nested deeper than \(JSONDocument.depthLimit) levels"
            )
          }
          open.append(tokens.count)
          append(byte == UInt8(ascii: "{") ? .object : .array, position, position + 1)
          position += 1
          wanted = byte == UInt8(ascii: "{") ? .keyOrEnd : .valueOrEnd
        } else {
          if let stop = scalar(text, byte) { return stop }
          wanted = open.isEmpty ? .value : .commaOrEnd
        }
      }
    }
    guard open.isEmpty else {
      return Stop(offset: text.count, reason: "it ends in the middle: cut off, or not all of it")
    }
    return tokens.isEmpty ? Stop(offset: 0, reason: "it is empty") : nil
  }

  private var isInObject: Bool { open.last.map { tokens[$0].kind == .object } ?? false }

  private func isClosed(by byte: UInt8) -> Bool {
    byte == (isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
  }

  private func missing(_ sign: String, behind what: String) -> Stop {
    Stop(offset: position, reason: "\(sign) is expected behind \(what)")
  }

  private mutating func append(_ kind: JSONDocument.Token.Kind, _ start: Int, _ end: Int) {
    tokens.append(
      JSONDocument.Token(
        kind: kind, start: UInt32(start), end: UInt32(end), next: UInt32(tokens.count + 1)))
  }

  private mutating func close() -> Wanted {
    position += 1
    if let index = open.popLast() {
      tokens[index].end = UInt32(position)
      tokens[index].next = UInt32(tokens.count)
    }
    return open.isEmpty ? .value : .commaOrEnd
  }

  private mutating func scalar(_ text: UnsafeBufferPointer<UInt8>, _ byte: UInt8) -> Stop? {
    switch byte {
    case UInt8(ascii: "\""): return string(text)
    case UInt8(ascii: "t"): return word(text, "true", .yes)
    case UInt8(ascii: "f"): return word(text, "false", .no)
    case UInt8(ascii: "n"): return word(text, "null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let start = position
      while position < text.count, Self.isOfNumber(text[position]) { position += 1 }
      append(.number, start, position)
      return nil
    default: return Stop(offset: position, reason: "no value begins like this")
    }
  }

  private mutating func word(
    _ text: UnsafeBufferPointer<UInt8>, _ word: StaticString, _ kind: JSONDocument.Token.Kind
  ) -> Stop? {
    let length = word.utf8CodeUnitCount
    guard text.count - position >= length,
      (0..<length).allSatisfy({ text[position + $0] == word.utf8Start[$0] })
    else { return Stop(offset: position, reason: "no value begins like this") }
    append(kind, position, position + length)
    position += length
    return nil
  }

  private mutating func string(_ text: UnsafeBufferPointer<UInt8>) -> Stop? {
    let start = position + 1
    var end = start
    var isEscaped = false
    var isASCII = true
    while end < text.count {
      let byte = text[end]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        end += 1
      } else if byte >= 0x80 {
        isASCII = false
      } else if byte < 0x20 {
        return Stop(offset: end, reason: "a string goes on over the end of its line")
      }
      end += 1
    }
    guard end < text.count else {
      return Stop(offset: text.count, reason: "it ends in the middle: cut off, or not all of it")
    }
    if !isASCII, String(validating: text[start..<end], as: UTF8.self) == nil {
      return Stop(offset: start, reason: "a string is no valid UTF-8")
    }
    append(isEscaped ? .escapedString : .string, start, end)
    position = end + 1
    return nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "+-.eE".utf8.contains(byte)
    }
  }
}
