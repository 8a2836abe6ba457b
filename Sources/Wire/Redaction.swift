/// Takes keys, tokens and URL passwords out of text that is about to be kept or shown.
package enum Redaction {
  /// The text with each secret replaced by its kind, length and fingerprint, and each URL's user
  /// and password by asterisks.
  ///
  /// Forty hex digits are an application key or a commit: one that is called a commit stays.
  package static func redacted(_ text: String, isCommit: Bool = false) -> String {
    guard mayHoldSecret(text) else { return text }
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if let at = endOfUser(bytes, at: index) {
        out += Array("****".utf8)
        index = at
      } else if isWord(bytes[index]) {
        let end = endOfWord(bytes, at: index)
        let word = bytes[index..<end]
        let isKept =
          word.count == 40 && word.allSatisfy(isHexDigit)
          && (isCommit || isCalledCommit(bytes[..<index]))
        out += isKept ? Array(word) : redactedWord(word)
        index = end
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Whether a word looks like a key, whatever it stands in.
  package static func isSecret(_ word: String) -> Bool {
    isSecret(Array(word.utf8)[...])
  }

  /// The first key in a text that its prefix gives away, as `sk-proj-…`; bare hex digits do not.
  package static func tellingKey(in text: String) -> SecretTraits? {
    guard text.utf8.count >= 20 else { return nil }
    let words = Array(text.utf8).split { !isWord($0) }
    return words.lazy.filter { isSecret($0) && !$0.allSatisfy(isHexDigit) }
      .map { SecretTraits(Array($0)) }.first
  }

  private static func isCalledCommit(_ before: ArraySlice<UInt8>) -> Bool {
    let label = String(decoding: before.suffix(12), as: UTF8.self).lowercased()
    return ["sha:", "sha=", "commit:", "commit=", "commit\":\"", "commit\": \"", "sha\":\""]
      .contains {
        label.hasSuffix($0)
      }
  }

  private static func mayHoldSecret(_ text: String) -> Bool {
    text.utf8.count >= 16 || text.utf8.contains(UInt8(ascii: "@"))
  }

  /// The position of the `@` behind a URL's user and password that begin here.
  ///
  /// A user alone may be a token. Behind `//` without a scheme there must be a password.
  private static func endOfUser(_ bytes: [UInt8], at index: Int) -> Int? {
    guard index >= 2, bytes[index - 1] == UInt8(ascii: "/"), bytes[index - 2] == UInt8(ascii: "/")
    else { return nil }
    let hasScheme = index >= 3 && bytes[index - 3] == UInt8(ascii: ":")
    let authority = bytes[index...].prefix { $0 > 0x20 && !"/?#\"<>\\".utf8.contains($0) }
    let colon = authority.firstIndex(of: UInt8(ascii: ":"))
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      return at > index && (hasScheme || colon.map { $0 < at } ?? false) ? at : nil
    }
    // What stands behind the colon is no port: a password with a slash or a quote in it.
    guard hasScheme, authority.first != UInt8(ascii: "["), let colon,
      authority[(colon + 1)...].contains(where: { !(48...57).contains($0) })
    else { return nil }
    // So far, and no text full of schemes takes long.
    let rest = bytes[index...].prefix(4096).prefix { $0 > 0x20 }
    return rest.lastIndex(of: UInt8(ascii: "@"))
  }

  /// A text that is a URL and nothing else, a proxy's, without all that stands before the last `@`.
  ///
  /// Passwords may hold slashes, and the scheme may be missing: no URL parser is to be trusted here.
  static func redacted(url: String) -> String {
    guard let at = url.lastIndex(of: "@") else { return url }
    let scheme = url.firstRange(of: "://").map { url[..<$0.upperBound] } ?? ""
    return "\(scheme)****\(url[at...])"
  }

  /// What the same hides: user and password.
  static func user(ofURL url: [UInt8]) -> [UInt8]? {
    guard let at = url.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    guard let slashes = url.firstRange(of: Array("://".utf8)) else {
      return url[..<at].contains(UInt8(ascii: ":")) ? Array(url[..<at]) : nil
    }
    return slashes.upperBound < at ? Array(url[slashes.upperBound..<at]) : nil
  }

  static func isWord(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  /// The end of a word; dots belong to it behind where a key with dots in it begins.
  private static func endOfWord(_ bytes: [UInt8], at index: Int) -> Int {
    let end = bytes[index...].firstIndex { !isWord($0) } ?? bytes.count
    guard end < bytes.count, bytes[end] == UInt8(ascii: ".") else { return end }
    let hasDots = (index..<end).contains { start in
      (start == index || !isAlphanumeric(bytes[start - 1])) && ForeignKey.hasDots(bytes[start...])
    }
    guard hasDots else { return end }
    return bytes[end...].firstIndex { !isWord($0) && $0 != UInt8(ascii: ".") } ?? bytes.count
  }

  /// A word without the keys in it: the whole of it, its end (`old-sk-proj-…`) or a part between
  /// hyphens and underscores (`key_<hex>`).
  private static func redactedWord(_ word: ArraySlice<UInt8>) -> [UInt8] {
    if isSecret(word) { return traits(word) }
    var out: [UInt8] = []
    var start = word.startIndex
    while start < word.endIndex {
      if isSecret(word[start...]) { return out + traits(word[start...]) }
      let end = word[start...].firstIndex { !isAlphanumeric($0) } ?? word.endIndex
      out += isSecret(word[start..<end]) ? traits(word[start..<end]) : Array(word[start..<end])
      if end < word.endIndex { out.append(word[end]) }
      start = min(end + 1, word.endIndex)
    }
    return out
  }

  private static func traits(_ word: ArraySlice<UInt8>) -> [UInt8] {
    Array(SecretTraits(Array(word)).token.utf8)
  }

  /// Key shapes: Datadog's hex keys and prefixed tokens, OpenAI's `sk-`, and other services'.
  private static func isSecret(_ word: ArraySlice<UInt8>) -> Bool {
    if word.count == 32 || word.count == 40, word.allSatisfy(isHexDigit) {
      return isRandom(word)
    }
    guard word.count >= 20 else { return false }
    return ["sk-", "ddap_", "ddpat_"].contains { word.starts(with: $0.utf8) }
      || ForeignKey.isKey(word)
  }

  /// Real keys use many digits; `000…0` and a run of one letter are examples.
  private static func isRandom(_ word: ArraySlice<UInt8>) -> Bool {
    Set(word).count >= 6
  }
}
