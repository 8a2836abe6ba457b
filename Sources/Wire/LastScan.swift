/// The last look at what leaves the process: keys by their shapes, and this run's secrets letter by
/// letter.
///
/// It has rules of its own and shares none with `Redaction`: what that one misses is seen here.
package struct LastScan: Sendable {
  /// What stands in the place of what only a rule of the scan's own found; it breaks no format.
  package static let marker = "[withheld]"

  private let literals: SecretLiterals

  package init(_ secrets: some Sequence<Secret> = []) {
    literals = SecretLiterals(secrets)
  }

  /// A text in which all that must not leave is replaced; nil where nothing had to be.
  package func cleaned(_ bytes: [UInt8]) -> [UInt8]? {
    let hits = hits(bytes)
    guard !hits.isEmpty else { return nil }
    var out: [UInt8] = []
    var index = 0
    for hit in hits where hit.range.upperBound > index {
      if hit.range.lowerBound >= index {
        out += bytes[index..<hit.range.lowerBound]
        out += Array(hit.shown.utf8)
      }
      index = hit.range.upperBound
    }
    return out + bytes[index...]
  }

  struct Hit: Equatable {
    var range: Range<Int>
    /// What stands in its place.
    var shown = LastScan.marker
  }

  /// In order of place.
  func hits(_ bytes: [UInt8]) -> [Hit] {
    bytes.withUnsafeBufferPointer { text in
      let shapes = Self.shapes(text)
      let found = literals.hits(text)
      return found.isEmpty
        ? shapes : (shapes + found).sorted { $0.range.lowerBound < $1.range.lowerBound }
    }
  }

  // MARK: Shapes

  /// A key that begins with certain letters.
  private struct Shape: Sendable {
    let prefix: [UInt8]
    /// Bytes behind the prefix.
    let length: Int
    /// Of which so many digits: words between hyphens have none.
    let digits: Int
    let hasDots: Bool

    init(_ prefix: String, _ length: Int, digits: Int = 2, hasDots: Bool = false) {
      self.prefix = Array(prefix.utf8)
      self.length = length
      self.digits = digits
      self.hasDots = hasDots
    }
  }

  private static let shapes = [
    Shape("sk-", 17), Shape("ddap_", 16),
    Shape("ddpat_", 16), Shape("AKIA", 16, digits: 1),
    Shape("ASIA", 16, digits: 1), Shape("ghp_", 16),
    Shape("gho_", 16), Shape("ghu_", 16),
    Shape("ghs_", 16), Shape("ghr_", 16),
    Shape("github_pat_", 16), Shape("glpat-", 16),
    Shape("xoxa-", 12), Shape("xoxb-", 12),
    Shape("xoxe-", 12), Shape("xoxp-", 12),
    Shape("xoxr-", 12), Shape("xoxs-", 12),
    Shape("xapp-", 12), Shape("AIza", 30),
    Shape("eyJ", 27, hasDots: true),
  ]

  /// What a byte may be, for a loop that looks twice at few of them.
  private struct Class {
    static let alphanumeric: UInt8 = 1
    /// A hex digit.
    static let hex: UInt8 = 2
    /// The first byte of a shape, and the second one.
    static let first: UInt8 = 4
    static let second: UInt8 = 8
    /// Begins something wherever it stands: a URL's user, a private key, an escape.
    static let sign: UInt8 = 16
    /// Stands in no URL's authority.
    static let end: UInt8 = 32
    /// A shape or a hex key may begin.
    static let begins: UInt8 = 64
  }

  private static let classes: [UInt8] = {
    var classes = [UInt8](repeating: 0, count: 256)
    for byte in UInt8.min...UInt8.max where isAlphanumeric(byte) {
      classes[Int(byte)] |= Class.alphanumeric
    }
    for byte in "0123456789abcdefABCDEF".utf8 { classes[Int(byte)] |= Class.hex }
    for byte in ":-\\%".utf8 { classes[Int(byte)] |= Class.sign }
    for byte in 0...0x20 as ClosedRange<UInt8> { classes[Int(byte)] |= Class.end }
    for byte in "/?#\"'<>\\()`|,;".utf8 { classes[Int(byte)] |= Class.end }
    for shape in shapes {
      classes[Int(shape.prefix[0])] |= Class.first
      classes[Int(shape.prefix[1])] |= Class.second
    }
    for byte in classes.indices where classes[byte] & (Class.first | Class.hex) != 0 {
      classes[byte] |= Class.begins
    }
    return classes
  }()

  private typealias Text = UnsafeBufferPointer<UInt8>

  private static func shapes(_ text: Text) -> [Hit] {
    classes.withUnsafeBufferPointer { classes in
      var hits: [Hit] = []
      var index = place(text, 0, classes)
      while index < text.count {
        let isSign = classes[Int(text[index])] & Class.sign != 0
        if let hit = isSign ? sign(text, index, classes) : word(text, index, classes) {
          hits.append(hit)
          index = place(text, hit.range.upperBound, classes)
        } else {
          index = place(text, index + 1, classes)
        }
      }
      return hits
    }
  }

  /// The next place that deserves a second look: a sign, or the beginning of a word.
  @inline(never)
  private static func place(_ text: Text, _ start: Int, _ classes: Text) -> Int {
    var index = start
    let isInside = index > 0 && index <= text.count && isAlphanumeric(text[index - 1])
    var wanted = isInside ? Class.sign : Class.sign | Class.begins
    while index < text.count {
      let now = classes[Int(text[index])]
      if now & wanted != 0 { return index }
      // Without a branch: a word begins where no letter or digit stands before.
      wanted = Class.sign | Class.begins & ~(now << 6)
      index &+= 1
    }
    return index
  }

  /// What begins with a sign; behind `\n`, `\u202e` and `%0A` a word begins.
  private static func sign(_ text: Text, _ index: Int, _ classes: Text) -> Hit? {
    guard index + 3 < text.count else { return nil }
    switch text[index] {
    case UInt8(ascii: ":"):
      return text[index + 1] == UInt8(ascii: "/") ? user(text, index, classes) : nil
    case UInt8(ascii: "-"):
      return text[index + 1] == UInt8(ascii: "-") ? privateKey(text, index) : nil
    case UInt8(ascii: "%"): return word(text, index + 3, classes)
    default:
      let length = text[index + 1] == UInt8(ascii: "u") ? 6 : 2
      return index + length < text.count ? word(text, index + length, classes) : nil
    }
  }

  private static func word(_ text: Text, _ index: Int, _ classes: Text) -> Hit? {
    let now = classes[Int(text[index])]
    if now & Class.first != 0, index + 1 < text.count,
      classes[Int(text[index + 1])] & Class.second != 0, let hit = shape(text, index)
    {
      return hit
    }
    return now & Class.hex != 0 ? hexKey(text, index, classes) : nil
  }

  private static func shape(_ text: Text, _ index: Int) -> Hit? {
    for shape in shapes where begins(text, index, shape.prefix) {
      let start = index + shape.prefix.count
      let end =
        text[start...].firstIndex { !isWord($0) && !(shape.hasDots && $0 == UInt8(ascii: ".")) }
        ?? text.count
      guard end - start >= shape.length,
        text[start..<end].count(where: isDigit) >= shape.digits
      else { continue }
      return Hit(range: index..<through(text, end))
    }
    return nil
  }

  private static func begins(_ text: Text, _ index: Int, _ prefix: [UInt8]) -> Bool {
    guard text[index] == prefix[0], index + prefix.count <= text.count else { return false }
    return (1..<prefix.count).allSatisfy { text[index + $0] == prefix[$0] }
  }

  /// 32 or 40 hex digits behind a word that says what they are: many a hash and trace id is as long.
  private static func hexKey(_ text: Text, _ index: Int, _ classes: Text) -> Hit? {
    var end = index
    while end < text.count, classes[Int(text[end])] & Class.hex != 0 { end += 1 }
    guard end - index == 32 || end - index == 40,
      end == text.count || !isAlphanumeric(text[end]), isCalledKey(text, index),
      Set(text[index..<end]).count >= 6
    else { return nil }
    return Hit(range: index..<end)
  }

  private static let callings = ["key", "token", "secret", "password", "bearer"].map {
    Array($0.utf8)
  }

  /// Whether the word before, past signs and tags, ends as a key's name does.
  private static func isCalledKey(_ text: Text, _ index: Int) -> Bool {
    var end = index
    let first = max(0, index - 64)
    while end > first, !isAlphanumeric(text[end - 1]) {
      end -= 1
      guard text[end] == UInt8(ascii: ">") else { continue }
      while end > first, text[end] != UInt8(ascii: "<") { end -= 1 }
    }
    let word = text[first..<end].suffix(8).map { $0 | 0x20 }
    return callings.contains { word.reversed().starts(with: $0.reversed()) }
  }

  /// The user and password of a URL, from the colon of its scheme on.
  private static func user(_ text: Text, _ index: Int, _ classes: Text) -> Hit? {
    guard text[index + 2] == UInt8(ascii: "/") else { return nil }
    let start = index + 3
    var at = start
    var end = start
    while end < text.count, classes[Int(text[end])] & Class.end == 0 {
      if text[end] == UInt8(ascii: "@") { at = end }
      end += 1
    }
    guard text[start..<at].contains(where: isAlphanumeric) else { return nil }
    return Hit(range: start..<at)
  }

  private static let pem = Array("-----BEGIN ".utf8)
  private static let pemEnd = Array("-----END ".utf8)

  /// A private key in PEM, to the line of its end; without one, to the end of the text.
  private static func privateKey(_ text: Text, _ index: Int) -> Hit? {
    guard begins(text, index, pem) else { return nil }
    let label = text[(index + pem.count)...].prefix(40)
    guard String(decoding: label, as: UTF8.self).holds("PRIVATE KEY-----") else { return nil }
    var end = index + pem.count
    while end < text.count, text[end] != UInt8(ascii: "\"") {
      if text[end] == UInt8(ascii: "-"), begins(text, end, pemEnd) {
        end = text[(end + pemEnd.count)...].firstIndex { $0 == UInt8(ascii: "-") } ?? text.count
        end = text[end...].firstIndex { $0 != UInt8(ascii: "-") } ?? text.count
        break
      }
      end += 1
    }
    return Hit(range: index..<end)
  }

  /// The end of a word that goes on behind signs that a format has escaped.
  private static func through(_ text: Text, _ end: Int) -> Int {
    var end = end
    while end < text.count {
      if isWord(text[end]) {
        end += 1
      } else if text[end] == UInt8(ascii: "\\"), end + 1 < text.count,
        "-_.*".utf8.contains(text[end + 1])
      {
        end += 2
      } else {
        break
      }
    }
    return end
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
}
