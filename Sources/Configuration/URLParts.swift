/// A URL's parts as written, split as Python's `urlparse` and most tracers do; nothing is repaired.
package struct URLParts: Equatable, Sendable {
  /// Lower case, without the colon; empty where there is none.
  package var scheme = ""
  package var userInfo: String?
  /// Without brackets.
  package var host = ""
  /// Nil where no colon stands behind the host.
  package var port: String?
  package var path = ""

  package init(_ text: String) {
    var rest = Substring(text)
    if let colon = rest.firstIndex(of: ":"), Self.isScheme(rest[..<colon]) {
      scheme = rest[..<colon].lowercased()
      rest = rest[rest.index(after: colon)...]
    }
    guard rest.hasPrefix("//") else {
      path = String(rest)
      return
    }
    rest = rest.dropFirst(2)
    let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
    readAuthority(rest[..<end])
    let tail = rest[end...]
    path = String(tail.prefix { $0 != "?" && $0 != "#" })
  }

  private mutating func readAuthority(_ text: Substring) {
    var authority = text
    if let at = authority.lastIndex(of: "@") {
      userInfo = String(authority[..<at])
      authority = authority[authority.index(after: at)...]
    }
    if authority.hasPrefix("["), let close = authority.firstIndex(of: "]") {
      host = String(authority[authority.index(after: authority.startIndex)..<close])
      let tail = authority[authority.index(after: close)...]
      if tail.hasPrefix(":") { port = String(tail.dropFirst()) }
    } else if let colon = authority.firstIndex(of: ":") {
      host = String(authority[..<colon])
      port = String(authority[authority.index(after: colon)...])
    } else {
      host = String(authority)
    }
  }

  private static func isScheme(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, (97...122).contains(first | 0x20) else { return false }
    return text.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (97...122).contains(byte | 0x20) || "+-.".utf8.contains(byte)
    }
  }
}
