/// Takes keys, tokens and URL passwords out of text that is about to be kept or shown.
package enum Redaction {
  /// The text with each secret replaced by its kind, length and fingerprint.
  ///
  /// Forty hex digits are an application key or a commit: one that is called a commit stays.
  package static func redacted(_ text: String, isCommit: Bool = false) -> String {
    guard mayHoldSecret(text) else { return text }
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if let end = urlPassword(bytes, at: index) {
        out += bytes[index..<end.colon] + Array(":****".utf8)
        index = end.at
      } else if isWord(bytes[index]) {
        let end = bytes[index...].firstIndex { !isWord($0) } ?? bytes.count
        let word = bytes[index..<end]
        let isKept = word.count == 40 && (isCommit || isCalledCommit(bytes[..<index]))
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

  /// A password between `//user:` and `@`; the positions of the colon and of the `@`.
  private static func urlPassword(_ bytes: [UInt8], at index: Int) -> (colon: Int, at: Int)? {
    guard index >= 2, bytes[index - 1] == UInt8(ascii: "/"), bytes[index - 2] == UInt8(ascii: "/")
    else { return nil }
    var colon: Int?
    var cursor = index
    var at: Int?
    scan: while cursor < bytes.count {
      switch bytes[cursor] {
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), 0...0x20: break scan
      case UInt8(ascii: ":"): colon = colon ?? cursor
      case UInt8(ascii: "@"): at = cursor
      default: break
      }
      cursor += 1
    }
    guard let colon, let at, colon < at else { return nil }
    return (colon, at)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
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
    Array("[\(SecretTraits(Array(word)).description)]".utf8)
  }

  /// Key shapes: Datadog's hex keys and prefixed tokens, OpenAI's `sk-`, GitHub's, AWS's, JWTs.
  private static func isSecret(_ word: ArraySlice<UInt8>) -> Bool {
    if word.count == 32 || word.count == 40, word.allSatisfy(isHexDigit) {
      return isRandom(word)
    }
    let prefixes = [
      "sk-", "ddap_", "ddpat_", "ghp_", "gho_", "ghs_", "github_pat_", "xoxb-", "xoxp-",
    ]
    if word.count >= 20, prefixes.contains(where: { word.starts(with: $0.utf8) }) { return true }
    if word.count == 20, word.starts(with: "AKIA".utf8) || word.starts(with: "ASIA".utf8) {
      return true
    }
    return word.count >= 30 && word.starts(with: "eyJ".utf8)
  }

  /// Real keys use many digits; `000…0` and a run of one letter are examples.
  private static func isRandom(_ word: ArraySlice<UInt8>) -> Bool {
    Set(word).count >= 6
  }
}
