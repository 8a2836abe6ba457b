/// A proxy's URL, whose user and password only the client that connects to it is handed.
package struct ProxyURL: Sendable {
  private let secret: Secret
  /// Lower case; `http` where none is written, as curl takes it.
  package let scheme: String
  package let host: String
  /// Curl's default where none is written: 443 for `https`, else 1080.
  package let port: Int
  /// Without user and password.
  package let shown: String

  package init(_ secret: Secret) {
    self.secret = secret
    let shown = Self.redacted(String(decoding: secret.opened, as: UTF8.self))
    let mark = shown.firstRange(of: "://")
    let scheme = mark.map { String(shown[..<$0.lowerBound]).lowercased() } ?? "http"
    (host, port) = Self.place(
      mark.map { shown[$0.upperBound...] } ?? shown[...], standard: scheme == "https" ? 443 : 1080)
    self.shown = shown
    self.scheme = scheme
  }

  private static func place(_ text: Substring, standard: Int) -> (host: String, port: Int) {
    var authority = text
    if let at = authority.lastIndex(of: "@") {
      authority = authority[authority.index(after: at)...]
    }
    authority = authority.prefix { !"/?#".contains($0) }
    if authority.hasPrefix("["), let close = authority.firstIndex(of: "]") {
      let host = authority[authority.index(after: authority.startIndex)..<close]
      return (String(host), Int(authority[close...].dropFirst(2)) ?? standard)
    }
    guard let colon = authority.lastIndex(of: ":") else { return (String(authority), standard) }
    return (
      String(authority[..<colon]), Int(authority[authority.index(after: colon)...]) ?? standard
    )
  }

  /// Hands the whole URL, ended by a NUL, to the client that connects to the proxy.
  package func withURL<Value>(_ body: ([UInt8]) -> Value) -> Value {
    body(secret.opened + [0])
  }

  /// Whether a C string can hold it.
  package var isText: Bool { !secret.opened.contains(0) }

  /// A proxy's value as it may be shown.
  package static func redacted(_ text: String) -> String { Redaction.redacted(url: text) }
}

extension ProxyURL: Equatable {
  package static func == (left: ProxyURL, right: ProxyURL) -> Bool {
    left.secret.traits == right.secret.traits && left.shown == right.shown
  }
}
