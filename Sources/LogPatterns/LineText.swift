/// A line as its writer wrote it: without colours, JSON's escapes and a table's tags.
///
/// What a JSON text wraps may be several lines.
struct LineText {
  private(set) var bytes: [UInt8]

  /// - Parameter raw: a line as it stands in the file, without its end.
  init(_ raw: some Sequence<UInt8>) {
    bytes = Self.withoutColors(Array(raw))
    var rounds = 0
    while rounds < 3, Self.isEscaped(bytes) {
      bytes = Self.withoutColors(Self.unescaped(bytes))
      rounds += 1
    }
    if bytes[...].holds("</td>") || bytes[...].holds("&quot;") || bytes[...].holds("&#039;") {
      bytes = Self.withoutTags(bytes)
    }
  }

  /// The lines of it.
  var lines: [ArraySlice<UInt8>] {
    bytes.split(separator: Byte.newline, omittingEmptySubsequences: false)
  }

  private static func withoutColors(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(Byte.escape) else { return bytes }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == Byte.escape else {
        out.append(bytes[index])
        index += 1
        continue
      }
      index = endOfSequence(bytes, index + 1)
    }
    return out
  }

  /// Where a control sequence ends: `[`, parameters and a letter, or one more byte.
  private static func endOfSequence(_ bytes: [UInt8], _ start: Int) -> Int {
    guard start < bytes.count, bytes[start] == UInt8(ascii: "[") else {
      return min(start + 1, bytes.count)
    }
    let end = bytes[(start + 1)...].firstIndex { (0x40...0x7E).contains($0) }
    return end.map { $0 + 1 } ?? bytes.count
  }

  /// Whether it came out of a JSON encoder: a quote, slash or control written with a backslash.
  private static func isEscaped(_ bytes: [UInt8]) -> Bool {
    guard bytes.contains(UInt8(ascii: "\\")) else { return false }
    let text = bytes[...]
    return text.holds("\\\"") || text.holds("\\u0") || text.holds("\\/")
      || (text.holds("\\n") && text.holds("\":"))
  }

  /// One level of JSON's escapes undone.
  private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
        out.append(bytes[index])
        index += 1
        continue
      }
      let next = bytes[index + 1]
      index += 2
      switch next {
      case UInt8(ascii: "n"): out.append(Byte.newline)
      case UInt8(ascii: "t"): out.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "r"): break
      case UInt8(ascii: "u"):
        let digits = bytes[index..<min(index + 4, bytes.count)]
        let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        if digits.count == 4, let scalar = code.flatMap(Unicode.Scalar.init) {
          out += Array(String(Character(scalar)).utf8)
          index += 4
        }
      default: out.append(next)
      }
    }
    return out
  }

  /// Cells of a table as PHP's text form writes them: `Diagnostic checks => passed`.
  private static func withoutTags(_ bytes: [UInt8]) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    var out = ""
    var tag = ""
    var isTag = false
    for character in text.unicodeScalars {
      switch character {
      case "<" where !isTag:
        isTag = true
        tag = ""
      case ">" where isTag:
        isTag = false
        if tag == "/td" {
          while out.hasSuffix(" ") { out.removeLast() }
          out += " => "
        }
        if tag == "/tr" { out += "\n" }
      case _ where isTag: tag.unicodeScalars.append(character)
      default: out.unicodeScalars.append(character)
      }
    }
    if isTag { out += "<" + tag }
    out = out.split(separator: " => \n", omittingEmptySubsequences: false).joined(separator: "\n")
    if out.hasSuffix(" => ") { out.removeLast(4) }
    for (entity, plain) in [
      ("&quot;", "\""), ("&#039;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"),
    ] {
      out = out.split(separator: entity, omittingEmptySubsequences: false).joined(separator: plain)
    }
    return Array(out.utf8)
  }
}
