/// What stands where a host should, judged as the tracers' URL parsers judge it.
enum HostText {
  /// A name or an address; IPv6 bare or in brackets.
  static func isUsable(_ host: String) -> Bool {
    isName(host) || isIPv6(host) || isBracketedIPv6(host)
  }

  static func isName(_ host: String) -> Bool {
    !host.isEmpty && !host.unicodeScalars.contains("\u{FFFD}")
      && host.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_.".utf8.contains(byte) || byte >= 0x80
        }
      }
  }

  /// An IPv6 address, with a zone or without.
  static func isIPv6(_ host: String) -> Bool {
    // A look at the bytes first: most hosts are names.
    guard host.utf8.contains(UInt8(ascii: ":")) else { return false }
    let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.first.map { isBareIPv6(String($0)) } == true && parts.dropFirst().first != ""
  }

  static func isBracketedIPv6(_ host: String) -> Bool {
    host.hasPrefix("[") && host.hasSuffix("]") && isIPv6(String(host.dropFirst().dropLast()))
  }

  /// An IPv6 address without a zone, as `inet_pton` takes it.
  static func isBareIPv6(_ text: String) -> Bool {
    // Most hosts have none, and the split by a string is dear at a run's start.
    guard text.utf8.contains(UInt8(ascii: ":")) else { return false }
    let halves = text.split(separator: "::", omittingEmptySubsequences: false).map(String.init)
    guard halves.count <= 2, !text.isEmpty else { return false }
    let counts = halves.enumerated().map { index, half in
      half.isEmpty ? 0 : groups(half, isLast: index == halves.count - 1)
    }
    guard !counts.contains(nil) else { return false }
    let total = counts.reduce(0) { $0 + ($1 ?? 0) }
    return halves.count == 2 ? total <= 7 : total == 8
  }

  /// How many groups of 16 bits stand there, nil where one is none.
  private static func groups(_ text: String, isLast: Bool) -> Int? {
    var count = 0
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if isLast, index == parts.count - 1, part.contains(".") {
        guard isIPv4(part) else { return nil }
        count += 2
      } else {
        guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit) else {
          return nil
        }
        count += 1
      }
    }
    return count
  }

  private static func isIPv4(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        part.utf8.allSatisfy(SettingsText.Byte.isDigit)
          && UInt8(part).map { String($0) == part } ?? false
      }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    SettingsText.Byte.isDigit(byte) || (97...102).contains(byte | 0x20)
  }

  /// Why a text is no host.
  static func flaw(_ host: String) -> String {
    if host.unicodeScalars.contains("\u{FFFD}") { return "it is no valid UTF-8" }
    if host.contains("://") { return "a host is no URL: a URL belongs in DD_TRACE_AGENT_URL" }
    if host.contains("$") || host.contains("{{") { return "a variable in it was never expanded" }
    if host.contains("\"") || host.contains("'") { return "the quotes are part of the value" }
    if host.contains(where: \.isWhitespace) { return "blanks are part of the value" }
    if isIPv6(host) { return "an IPv6 address with a zone needs brackets: [\(host)]" }
    if isBracketedIPv6(host) { return "the brackets are part of the value" }
    if host.contains(":") { return "a port does not belong in the host: use DD_TRACE_AGENT_PORT" }
    if host.utf8.contains(where: { $0 >= 0x80 }) {
      return "letters beyond ASCII: write it in its xn-- form"
    }
    return "it is no host name"
  }
}
