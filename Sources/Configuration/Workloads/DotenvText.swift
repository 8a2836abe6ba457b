import Wire

/// A `.env` file as compose reads it: the strictest of its dialects, and the one that names lines.
///
/// compose-go, dotenv/parser.go and godotenv.go; where other readers would take another value, the
/// variable is listed with the reason.
package struct DotenvText: Sendable {
  /// In order; of equal names the last counts.
  package private(set) var assignments: [(name: String, value: Assignment.Value)] = []
  /// Names whose value is another one to another reader, with what tells them apart.
  package private(set) var ambiguous: [(name: String, reason: String)] = []

  /// The line of a `Word: more`, where nothing else is set: a program's message looks like that.
  package var message: Int? { hasEquals ? nil : firstWord }

  private var earlier = EarlierVariables()
  private var noted: Set<String> = []
  private var hasEquals = false
  private var firstWord: Int?
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  /// - Throws: the line that is no assignment.
  package init(_ bytes: [UInt8]) throws(WorkloadFault) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    while skipToStatement() {
      try readStatement()
    }
  }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func advance() {
    if byte == UInt8(ascii: "\n") { line += 1 }
    position += 1
  }

  /// Over blanks, empty lines and comments; false at the end.
  private mutating func skipToStatement() -> Bool {
    while let byte {
      if byte == UInt8(ascii: "#") {
        skipLine()
      } else if Self.isBlank(byte) || byte == UInt8(ascii: "\n") {
        advance()
      } else {
        return true
      }
    }
    return false
  }

  private mutating func skipLine() {
    while let byte, byte != UInt8(ascii: "\n") { advance() }
  }

  private mutating func skipBlanks() {
    while let byte, Self.isBlank(byte) { advance() }
  }

  private mutating func readStatement() throws(WorkloadFault) {
    let start = line
    var name = try readName(start)
    if name == "export", let byte, byte != UInt8(ascii: "="), byte != UInt8(ascii: "\n") {
      name = try readName(start)
    }
    skipBlanks()
    guard let sign = byte, sign == UInt8(ascii: "=") || sign == UInt8(ascii: ":") else {
      // A name alone is taken from the shell.
      guard byte == nil || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "#") else {
        throw WorkloadFault("line \(start) is no NAME=value")
      }
      assign(name, .kept("the shell that reads the file"))
      return
    }
    if sign == UInt8(ascii: "=") {
      hasEquals = true
    } else if name.contains(where: \.isLowercase) {
      firstWord = firstWord ?? start
    }
    advance()
    skipBlanks()
    switch byte {
    case UInt8(ascii: "'"):
      let value = try readQuoted(UInt8(ascii: "'"), name, start)
      assign(name, .bytes(value))
    case UInt8(ascii: "\""):
      let value = try readQuoted(UInt8(ascii: "\""), name, start)
      assign(name, expanded(Self.unescaped(value), name))
    case UInt8(ascii: "`") where isClosed(UInt8(ascii: "`")):
      // Node's reader alone; without it, a value of several lines would be none of any reader.
      note(name, "backticks quote in Node's reader alone")
      let value = try readQuoted(UInt8(ascii: "`"), name, start)
      assign(name, .bytes(value))
    default: readUnquoted(name)
    }
  }

  private mutating func readName(_ start: Int) throws(WorkloadFault) -> String {
    skipBlanks()
    let first = position
    while let byte, Self.isOfName(byte) { advance() }
    guard position > first else { throw WorkloadFault("line \(start) is no NAME=value") }
    return String(decoding: bytes[first..<position], as: UTF8.self)
  }

  private func isClosed(_ quote: UInt8) -> Bool {
    bytes[(position + 1)...].contains(quote)
  }

  private mutating func note(_ name: String, _ reason: String) {
    if noted.insert(name).inserted { ambiguous.append((name, reason)) }
  }

  private mutating func assign(_ name: String, _ value: Assignment.Value) {
    assignments.append((name, value))
    earlier.set(Array(name.utf8), value)
  }

  /// What stands between quotes, over the ends of lines; backslashes are still in it.
  private mutating func readQuoted(_ quote: UInt8, _ name: String, _ start: Int)
    throws(WorkloadFault) -> [UInt8]
  {
    advance()
    var value: [UInt8] = []
    while let byte, byte != quote {
      if byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
        let next = bytes[position + 1]
        if quote != UInt8(ascii: "\"") {
          if next == quote, quote == UInt8(ascii: "'") {
            advance()
            note(name, "\\' ends the value in Node's reader")
          }
        } else {
          value.append(byte)
          advance()
        }
      }
      if let byte = self.byte { value.append(byte) }
      advance()
    }
    guard byte == quote else {
      throw WorkloadFault("line \(start): the quote that begins there is never closed")
    }
    advance()
    skipBlanks()
    if let byte, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "#") {
      throw WorkloadFault("line \(line): something stands behind the closing quote")
    }
    skipLine()
    return Self.withoutCarriageReturns(value)
  }

  private mutating func readUnquoted(_ name: String) {
    let first = position
    skipLine()
    var value = bytes[first..<position]
    if let comment = Self.comment(in: value) {
      value = value[..<comment]
    } else if value.contains(UInt8(ascii: "#")) {
      note(name, "a # without a blank before it begins a comment in Node's and Ruby's readers")
    }
    while let last = value.last, Self.isBlank(last) { value.removeLast() }
    if value.contains(UInt8(ascii: "$")) { note(name, "$ is not expanded by every reader") }
    assign(name, expanded(Array(value), name))
  }

  /// Where ` #` begins a comment.
  private static func comment(in value: ArraySlice<UInt8>) -> Int? {
    if value.first == UInt8(ascii: "#") { return value.startIndex }
    return value.indices.first { index in
      value[index] == UInt8(ascii: "#") && index > value.startIndex && isBlank(value[index - 1])
    }
  }

  private static func unescaped(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let sign = rest.popFirst() else {
        result.append(byte)
        continue
      }
      switch sign {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result.append(sign)
      default: result += [byte, sign]
      }
    }
    return result
  }

  private static func withoutCarriageReturns(_ value: [UInt8]) -> [UInt8] {
    value.contains(0x0D)
      ? value.enumerated().filter { index, byte in
        byte != 0x0D || index + 1 >= value.count || value[index + 1] != 0x0A
      }.map(\.element) : value
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0B || byte == 0x0C
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "_.-[]".utf8.contains(byte) || byte >= 0x80
    }
  }
}

// What compose puts in the place of `$NAME` and `${NAME…}`.
extension DotenvText {
  private func expanded(_ text: [UInt8], _ name: String) -> Assignment.Value {
    guard text.contains(UInt8(ascii: "$")) else { return .bytes(text) }
    var result: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "$") {
        result.append(UInt8(ascii: "$"))
        rest = rest.dropFirst()
        continue
      }
      guard byte == UInt8(ascii: "$"), let (variable, fallback) = Self.reference(&rest) else {
        result.append(byte)
        continue
      }
      switch earlier[Array(variable.utf8)] {
      case .bytes(let value), .field(_, let value):
        result += value.isEmpty ? fallback ?? value : value
      case .kept(let place): return EarlierVariables.kept(variable, of: place)
      // The shell decides; the file's own default holds where it has nothing.
      case nil: return .kept("the shell's \(variable)")
      }
      guard earlier.holds(result) else { return EarlierVariables.tooLong }
    }
    return .bytes(result)
  }

  /// A reference behind `$`, with what `:-` puts in its place; nil where none stands there.
  private static func reference(_ rest: inout ArraySlice<UInt8>) -> (String, [UInt8]?)? {
    func isLetter(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "_") || (48...57).contains(byte) || (97...122).contains(byte | 0x20)
    }
    if rest.first == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")) {
      let inner = rest[(rest.startIndex + 1)..<end]
      let name = inner.prefix(while: isLetter)
      guard !name.isEmpty else { return nil }
      let tail = inner.dropFirst(name.count)
      let fallback = tail.starts(with: ":-".utf8) ? Array(tail.dropFirst(2)) : nil
      rest = rest[(end + 1)...]
      return (String(decoding: name, as: UTF8.self), fallback)
    }
    let name = rest.prefix(while: isLetter)
    guard let first = name.first, !(48...57).contains(first) else { return nil }
    rest = rest.dropFirst(name.count)
    return (String(decoding: name, as: UTF8.self), nil)
  }
}
