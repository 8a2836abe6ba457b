/// Takes given secrets out of what a server said, however often and in whatever form it says them.
package struct SecretRemover: Sendable {
  private struct Needle: Sendable {
    /// Its first four bytes.
    let head: UInt32
    let bytes: [UInt8]
    let token: [UInt8]
  }

  /// The longest first.
  private var needles: [Needle] = []
  private var hasFirst = [Bool](repeating: false, count: 256)

  package var isEmpty: Bool { needles.isEmpty }

  /// Secrets of fewer bytes than the minimum are left alone: they stand in any text.
  package init(_ secrets: some Sequence<Secret>, minimum: Int) {
    for secret in secrets { add(secret, minimum: max(minimum, 4)) }
    needles.sort { $0.bytes.count > $1.bytes.count }
  }

  private mutating func add(_ secret: Secret, minimum: Int) {
    let core = Array(SecretTraits.core(of: secret.opened))
    var token = Array(secret.traits.token.utf8)
    var forms = [core]
    if let user = Redaction.user(ofURL: core) {
      // A proxy gets user and password apart from the URL; they have no fingerprint.
      forms += [user, Array(user.drop { $0 != UInt8(ascii: ":") }.dropFirst())]
      token = Array("****".utf8)
    }
    for form in forms where form.count >= minimum || form != core && form.count >= 6 {
      for bytes in Set([form, Self.percentEncoded(form), Self.slashEscaped(form)]) {
        hasFirst[Int(bytes[0])] = true
        needles.append(Needle(head: Self.head(bytes, 0), bytes: bytes, token: token))
      }
    }
  }

  /// A text with every occurrence of a secret replaced by what may be shown of it.
  ///
  /// The beginning of one at the end of the text, where it was cut, is taken out too.
  package func removed(from text: String) -> String {
    guard !isEmpty else { return text }
    let haystack = Array(text.utf8)
    var out: [UInt8] = []
    out.reserveCapacity(haystack.count)
    var index = 0
    while index < haystack.count {
      if hasFirst[Int(haystack[index])], let (length, token) = match(haystack, at: index) {
        out += token
        index += length
      } else {
        out.append(haystack[index])
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private func match(_ text: [UInt8], at index: Int) -> (length: Int, token: [UInt8])? {
    guard index + 4 <= text.count else { return nil }
    let head = Self.head(text, index)
    for needle in needles where needle.head == head {
      let shared = zip(text[index...], needle.bytes).prefix { $0 == $1 }.count
      if shared == needle.bytes.count { return (shared, needle.token) }
      // Cut by `printable`, or by what was read of a body.
      let rest = text[(index + shared)...]
      if shared >= 6, rest.isEmpty || rest.elementsEqual("…".utf8) {
        return (shared, needle.token)
      }
    }
    return nil
  }

  private static func head(_ bytes: [UInt8], _ index: Int) -> UInt32 {
    bytes[index..<(index + 4)].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func percentEncoded(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      if isAlphanumeric(byte) || "-._~".utf8.contains(byte) { return [byte] }
      return Array((byte < 16 ? "%0" : "%").utf8) + Array(String(byte, radix: 16).uppercased().utf8)
    }
  }

  private static func slashEscaped(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { $0 == UInt8(ascii: "/") ? Array(#"\/"#.utf8) : [$0] }
  }
}

extension Redaction {
  /// A text without the words in which a key is repeated around asterisks: OpenAI shows its first
  /// and last letters, and not even those are kept.
  package static func withoutMasks(_ text: String) -> String {
    guard text.holds("***") else { return text }
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let end = bytes[index...].firstIndex { !isMasked($0) } ?? bytes.count
      guard end > index else {
        out.append(bytes[index])
        index += 1
        continue
      }
      let word = bytes[index..<end]
      out += String(decoding: word, as: UTF8.self).holds("***") ? Array("****".utf8) : Array(word)
      index = end
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isMasked(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || "*-_".utf8.contains(byte)
  }
}

extension HTTPRequest {
  /// The secrets that are written for the host that it goes to.
  package var sealedSecrets: [Secret] { secrets.map(\.secret) }
}
