/// A run's own secrets, to be found in a text whole or by half: as they are, percent-encoded, with
/// their slashes escaped, and in base64 at each of its three offsets.
struct SecretLiterals: Sendable {
  private struct Form: Sendable {
    let range: Range<Int>
    /// What may be shown of it; nil of a URL's password.
    let traits: SecretTraits?
  }

  /// All forms, one behind another.
  private var bytes: [UInt8] = []
  private var forms: [Form] = []
  /// Which hashes of four bytes in a row stand in the forms.
  private var heads: [UInt64] = []

  /// Fewer bytes in common with a secret are chance.
  private static let least = 12
  /// Every eighth place of a text is looked at: four bytes there are within any twelve.
  private static let stride = 8

  init(_ secrets: some Sequence<Secret>) {
    for secret in secrets { add(secret) }
    guard !forms.isEmpty else { return }
    heads = [UInt64](repeating: 0, count: 1 << 11)
    bytes.withUnsafeBytes { bytes in
      for form in forms {
        for index in form.range.dropLast(3) {
          let hash = Self.hash(Self.word(bytes, index))
          heads[hash >> 6] |= 1 << UInt64(hash & 63)
        }
      }
    }
  }

  private mutating func add(_ secret: Secret) {
    let value = secret.opened
    var cores = [Array(SecretTraits.core(of: value))]
    var traits: SecretTraits? = secret.traits
    if let at = value.lastIndex(of: UInt8(ascii: "@")) {
      // A proxy's: what stands before the host, and the password in it.
      let authority = value[..<at].split(separator: UInt8(ascii: "/")).last ?? []
      cores = [Array(authority), Array(authority.drop { $0 != UInt8(ascii: ":") }.dropFirst())]
      traits = nil
    }
    for core in cores
    where Self.tells(core[...], atLeast: 4) || core.count >= 32 && core.allSatisfy(isHexDigit) {
      add(core, traits)
      if !core.allSatisfy(isUnreserved) {
        add(Self.percentEncoded(core), traits)
        add(Self.slashEscaped(core), traits)
      }
      for offset in 0..<3 {
        let whole = core.dropFirst(offset)
        let code = Self.base64(whole.prefix(whole.count / 3 * 3))
        add(code, traits)
        add(code.map { $0 == 43 ? 45 : $0 == 47 ? 95 : $0 }, traits)
      }
    }
  }

  /// Adds a form, unless it is the same as the one before.
  private mutating func add(_ form: [UInt8], _ traits: SecretTraits?) {
    if let last = forms.last?.range, last.count == form.count,
      bytes[last].elementsEqual(form)
    {
      return
    }
    forms.append(Form(range: bytes.count..<(bytes.count + form.count), traits: traits))
    bytes += form
  }

  /// Whether bytes look like no word: they are long enough, and change often between digits, small
  /// and capital letters.
  ///
  /// A service's or a host's name may stand in a secret's place, and in a report as well.
  private static func tells(_ bytes: ArraySlice<UInt8>, atLeast changes: Int) -> Bool {
    guard bytes.count >= least else { return false }
    var last = 0
    var count = 0
    for byte in bytes where isAlphanumeric(byte) {
      let kind = isHexDigit(byte) && byte <= 57 ? 1 : byte <= 90 ? 2 : 3
      if last != 0, kind != last { count += 1 }
      last = kind
    }
    return count >= changes
  }

  /// Where half of a secret or more stands in a text.
  func hits(_ text: UnsafeBufferPointer<UInt8>) -> [LastScan.Hit] {
    guard !forms.isEmpty, text.count >= Self.least else { return [] }
    let raw = UnsafeRawBufferPointer(text)
    return heads.withUnsafeBufferPointer { heads in
      var hits: [LastScan.Hit] = []
      var index = 0
      while index + 4 <= raw.count {
        let word = Self.word(raw, index)
        let hash = Self.hash(word)
        if heads[hash >> 6] & (1 << UInt64(hash & 63)) != 0, let hit = hit(text, index, word) {
          hits.append(hit)
          index = hit.range.upperBound
        } else {
          index += Self.stride
        }
      }
      return hits
    }
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt32 {
    bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)
  }

  /// Seventeen bits.
  @inline(__always)
  private static func hash(_ word: UInt32) -> Int {
    Int((word &* 0x9E37_79B1) >> 15)
  }

  /// The longest piece of a form around a place, where it is long enough to tell.
  private func hit(
    _ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ word: UInt32
  ) -> LastScan.Hit? {
    let places = bytes.withUnsafeBytes { bytes in
      (0..<(bytes.count - 3)).filter { Self.word(bytes, $0) == word }
    }
    var best: LastScan.Hit?
    for place in places {
      guard let form = forms.first(where: { $0.range.contains(place) }),
        place + 4 <= form.range.upperBound
      else { continue }
      let range = common(text, index, place, form.range)
      guard range.count > best?.range.count ?? 0,
        range.count >= max(Self.least, form.range.count / 2),
        Self.tells(bytes[(place - index + range.lowerBound)...].prefix(range.count), atLeast: 3)
      else { continue }
      best = LastScan.Hit(range: range, shown: form.traits?.token ?? "****")
    }
    return best
  }

  private func common(
    _ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ place: Int, _ form: Range<Int>
  ) -> Range<Int> {
    var before = 0
    while place - before > form.lowerBound, index > before,
      bytes[place - before - 1] == text[index - before - 1]
    { before += 1 }
    var behind = 4
    while place + behind < form.upperBound, index + behind < text.count,
      bytes[place + behind] == text[index + behind]
    { behind += 1 }
    return (index - before)..<(index + behind)
  }

  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func percentEncoded(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return bytes.flatMap { byte -> [UInt8] in
      isUnreserved(byte)
        ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  private static func slashEscaped(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { $0 == UInt8(ascii: "/") ? Array(#"\/"#.utf8) : [$0] }
  }

  /// Of whole triples: what stands in base64 whatever is around them.
  private static func base64(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count / 3 * 4)
    var bits = 0
    var held = 0
    for byte in bytes {
      bits = (bits & 0xFFFF) << 8 | Int(byte)
      held += 8
      while held >= 6 {
        held -= 6
        out.append(letters[bits >> held & 63])
      }
    }
    return out
  }
}

/// What no percent-encoding changes (RFC 3986, 2.3).
private func isUnreserved(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F || byte == 0x7E
}
