/// A key or token whose bytes only this module can open, to write them for the one host they are for.
///
/// It can't be printed, dumped, interpolated or encoded: everything that shows it shows its traits.
package struct Secret: Sendable {
  fileprivate let bytes: [UInt8]
  package let traits: SecretTraits

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    traits = SecretTraits(bytes)
  }

  /// The bytes, for this module alone.
  var opened: [UInt8] { bytes }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { traits.description }
  package var debugDescription: String { traits.description }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension DefaultStringInterpolation {
  @available(*, deprecated, message: "a secret is not for printing; show its traits")
  package mutating func appendInterpolation(_ secret: Secret) {
    appendLiteral(secret.description)
  }
}

/// A header field that is written for one host alone.
struct SealedField: Equatable, Sendable {
  let name: String
  let prefix: String
  let secret: Secret
  let host: String

  static func == (left: SealedField, right: SealedField) -> Bool {
    left.name == right.name && left.host == right.host
      && left.secret.traits == right.secret.traits
  }
}

extension HTTPRequest {
  /// Adds a header field that is written only when the request goes to this host, over TLS.
  package mutating func add(_ name: String, prefix: String = "", _ secret: Secret, for host: String)
  {
    secrets.append(SealedField(name: name, prefix: prefix, secret: secret, host: host))
  }

  /// Header lines for a connection that is encrypted to the given host, without line ends.
  ///
  /// - Parameter host: the name that the peer's certificate was checked against.
  /// - Returns: the lines, as bytes.
  package func lines(encryptedTo host: String) -> [[UInt8]] {
    fields.fields.map { Array("\($0.name): \($0.value)".utf8) }
      + secrets.filter { $0.host == host }.map {
        Array("\($0.name): \($0.prefix)".utf8) + $0.secret.bytes
      }
  }
}

/// What may be known of a secret: enough to judge it, and nothing that could be used.
package struct SecretTraits: Codable, Equatable, Sendable {
  package enum Kind: String, Codable, Sendable {
    case datadogAPIKey, datadogAppKey, datadogToken
    case openAIAdmin, openAIProject, openAIServiceAccount, openAIUser, openRouter
    /// Of a service that is neither Datadog nor OpenAI: it is sent to nobody.
    case foreign
    case url, empty, other
  }

  package var kind: Kind
  /// Whose a foreign key is, as `GitHub token`.
  package var foreignName: String?
  /// Bytes, blanks and quotes included.
  package var length: Int
  /// Eight hex digits of a keyed hash of the value without blanks; equal keys have equal ones.
  package var fingerprint: String
  package var hasLeadingBlank = false
  package var hasTrailingBlank = false
  package var hasTrailingNewline = false
  package var hasTrailingCarriageReturn = false
  package var isQuoted = false
  package var isPlaceholder = false
  package var isUnexpanded = false
  /// Controls, blanks inside, or bytes that are no ASCII.
  package var hasOddBytes = false

  package init(_ bytes: [UInt8]) {
    let core = Self.core(of: bytes)
    length = bytes.count
    fingerprint = Fingerprint.of(core)
    let foreign = Self.foreignKey(in: core)
    kind = foreign?.kind ?? Self.kind(of: core)
    foreignName = foreign?.name
    hasLeadingBlank = bytes.first.map(isBlank) ?? false
    hasTrailingBlank = bytes.last.map(isBlank) ?? false
    hasTrailingNewline = bytes.last == UInt8(ascii: "\n")
    hasTrailingCarriageReturn =
      bytes.last == UInt8(ascii: "\r") || bytes.suffix(2).elementsEqual("\r\n".utf8)
    let trimmed = trim(bytes[...], isBlank)
    isQuoted =
      trimmed.count >= 2 && isQuote(trimmed.first) && trimmed.first == trimmed.last
      || isQuote(trimmed.first) || isQuote(trimmed.last)
    let text = String(decoding: core, as: UTF8.self)
    isPlaceholder = looksLikePlaceholder(text)
    isUnexpanded = looksUnexpanded(text)
    hasOddBytes = core.contains { $0 <= 0x20 || $0 >= 0x7F }
  }

  /// Kind, length and fingerprint: all that is ever shown.
  package var description: String {
    guard length > 0 else { return "empty" }
    return "\(words), \(length) characters, fingerprint \(fingerprint)"
  }

  /// The same as one word, to stand in a text: no comma, blank or colon would split it.
  var token: String {
    let name = words.lowercased().split(separator: " ").joined(separator: "-")
    return "[\(name)/\(length)/\(fingerprint)]"
  }

  /// What it looks like: `OpenAI project key`, `GitHub token`.
  package var words: String { foreignName ?? kind.words }

  /// The same with its article.
  package var phrase: String {
    let isVowel = kind != .url && words.first.map { "AEIOaeio".contains($0) } ?? false
    return "\(isVowel ? "an" : "a") \(words)"
  }

  /// The value without blanks and quotes around it.
  static func core(of bytes: [UInt8]) -> ArraySlice<UInt8> {
    trim(trim(bytes[...], isBlank)) { isQuote($0) || isBlank($0) }
  }

  /// Another service's key: the value itself, behind `Bearer`, or a word of a value that is no key.
  private static func foreignKey(in core: ArraySlice<UInt8>) -> ForeignKey? {
    if let key = ForeignKey.looking(like: core) { return key }
    guard core.count <= 4096, kind(of: core) == .other else { return nil }
    return core.split { !Redaction.isWord($0) }.lazy.filter(ForeignKey.isKey)
      .compactMap(ForeignKey.looking).first
  }

  private static func kind(of core: ArraySlice<UInt8>) -> Kind {
    let text = String(decoding: core, as: UTF8.self)
    if core.isEmpty { return .empty }
    if core.allSatisfy(isHexDigit) {
      if core.count == 32 { return .datadogAPIKey }
      if core.count == 40 { return .datadogAppKey }
    }
    if text.hasPrefix("ddap_") { return .datadogAppKey }
    if text.hasPrefix("ddpat_") { return .datadogToken }
    if text.hasPrefix("sk-admin-") { return .openAIAdmin }
    if text.hasPrefix("sk-proj-") { return .openAIProject }
    if text.hasPrefix("sk-svcacct-") || text.hasPrefix("sk-service-") {
      return .openAIServiceAccount
    }
    if text.hasPrefix("sk-"), core.count >= 20 { return .openAIUser }
    if text.holds("://") { return .url }
    return .other
  }
}

extension SecretTraits.Kind {
  package var words: String {
    switch self {
    case .datadogAPIKey: "Datadog API key"
    case .datadogAppKey: "Datadog application key"
    case .datadogToken: "Datadog access token"
    case .openAIAdmin: "OpenAI admin key"
    case .openAIProject: "OpenAI project key"
    case .openAIServiceAccount: "OpenAI service account key"
    case .openAIUser: "OpenAI key"
    case .openRouter: "OpenRouter key"
    case .foreign: "another service's key"
    case .url: "URL"
    case .empty: "empty"
    case .other: "secret"
    }
  }
}

/// Eight hex digits that tell equal secrets from different ones, and nothing else.
enum Fingerprint {
  /// SipHash-2-4 (Aumasson and Bernstein), keyed with a constant label.
  static func of(_ bytes: some Collection<UInt8>) -> String {
    let hash = sipHash(bytes, key: (0x64642d646f63746f, 0x72206b6579732031))
    let digits = String(UInt32(truncatingIfNeeded: hash ^ (hash >> 32)), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  static func sipHash(_ bytes: some Collection<UInt8>, key: (UInt64, UInt64)) -> UInt64 {
    var v0 = key.0 ^ 0x736f6d6570736575
    var v1 = key.1 ^ 0x646f72616e646f6d
    var v2 = key.0 ^ 0x6c7967656e657261
    var v3 = key.1 ^ 0x7465646279746573
    func rotate(_ x: UInt64, _ by: UInt64) -> UInt64 { x << by | x >> (64 - by) }
    func round() {
      v0 &+= v1
      v1 = rotate(v1, 13) ^ v0
      v0 = rotate(v0, 32)
      v2 &+= v3
      v3 = rotate(v3, 16) ^ v2
      v0 &+= v3
      v3 = rotate(v3, 21) ^ v0
      v2 &+= v1
      v1 = rotate(v1, 17) ^ v2
      v2 = rotate(v2, 32)
    }
    var word: UInt64 = 0
    var index: UInt64 = 0
    for byte in bytes {
      word |= UInt64(byte) << (8 * (index % 8))
      index += 1
      if index % 8 == 0 {
        v3 ^= word
        round()
        round()
        v0 ^= word
        word = 0
      }
    }
    word |= index << 56
    v3 ^= word
    round()
    round()
    v0 ^= word
    v2 ^= 0xff
    round()
    round()
    round()
    round()
    return v0 ^ v1 ^ v2 ^ v3
  }
}

/// Whether a value is an example that nobody replaced: `<YOUR_API_KEY>`, `xxx`, `changeme`.
package func looksLikePlaceholder(_ text: String) -> Bool {
  let lower = text.lowercased()
  if lower.hasPrefix("<"), lower.hasSuffix(">"), lower.count > 2 { return true }
  let words = [
    "your_api_key", "your-api-key", "your_key", "your-key", "yourkey", "yourapikey", "changeme",
    "change_me", "change-me", "replace_me", "replaceme", "replace-me", "todo", "dummy",
    "placeholder", "insert_key_here", "your_openai_api_key", "your_datadog_api_key", "dd_api_key",
    "api_key", "apikey", "sk-your-key", "sk-xxx",
  ]
  if words.contains(lower) || lower.hasPrefix("your_") || lower.hasPrefix("your-") { return true }
  let repeated = Set(lower.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") })
  return lower.utf8.count >= 3 && repeated.count == 1 && "x*.".utf8.contains(repeated.first ?? 0)
}

/// Whether a shell, compose or CI variable stands in a value where it should have been replaced.
package func looksUnexpanded(_ text: String) -> Bool {
  if text.holds("${") || text.holds("$(") || text.holds("{{") { return true }
  guard text.hasPrefix("$"), text.utf8.count > 1 else { return false }
  return text.utf8.dropFirst().allSatisfy {
    $0 == UInt8(ascii: "_") || isAlphanumeric($0)
  }
}

func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
func isQuote(_ byte: UInt8?) -> Bool {
  byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
}
func isHexDigit(_ byte: UInt8) -> Bool {
  (48...57).contains(byte) || (97...102).contains(byte) || (65...70).contains(byte)
}
func isAlphanumeric(_ byte: UInt8) -> Bool {
  (48...57).contains(byte) || (97...122).contains(byte) || (65...90).contains(byte)
}

private func trim(_ bytes: ArraySlice<UInt8>, _ drop: (UInt8) -> Bool) -> ArraySlice<UInt8> {
  var bytes = bytes
  while let first = bytes.first, drop(first) { bytes.removeFirst() }
  while let last = bytes.last, drop(last) { bytes.removeLast() }
  return bytes
}
