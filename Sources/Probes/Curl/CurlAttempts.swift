import Wire

/// The addresses that libcurl tried, read from what it says of its progress.
///
/// It offers no other way to learn of an address that failed before another one answered.
struct CurlAttempts: Sendable {
  private(set) var attempts: [Exchange.Attempt] = []
  /// A SOCKS proxy has opened the way, so what follows is the target's.
  private(set) var isGranted = false
  /// Why we ended a handshake, in TLS's own words: `certificate expired`.
  private(set) var alert: String?

  private static let unanswered = "no answer"

  /// Reads `Trying 127.0.0.1:80...` and `connect to 127.0.0.1 port 80 failed: Connection refused`.
  mutating func read(_ message: String) {
    let words = message.split { $0 == " " || $0 == "\n" || $0 == "\r" }.map(String.init)
    if words.count == 2, words[0] == "Trying", words[1].hasSuffix("...") {
      attempts.append(.init(address: String(words[1].dropLast(3)), error: Self.unanswered))
    } else if words.count > 6, words[0] == "connect", words[1] == "to", words[3] == "port",
      let failed = words.firstIndex(of: "failed:")
    {
      let address = "\(words[2].contains(":") ? "[\(words[2])]" : words[2]):\(words[4])"
      fail(address, words[(failed + 1)...].joined(separator: " "))
    } else if words.count > 5, message.hasPrefix("Immediate connect fail for ") {
      let host = words[4].hasSuffix(":") ? String(words[4].dropLast()) : words[4]
      fail(host, words[5...].joined(separator: " "))
    } else if message.contains("request granted") {
      isGranted = true
    } else if words.count > 4, words[1] == "(OUT),", words[3] == "alert,", alert == nil,
      // An idle connection that is let go says so within the next transfer.
      words[4] != "close"
    {
      alert = words[4...].prefix { !$0.hasPrefix("(") }.joined(separator: " ")
    }
  }

  /// Marks the address that the connection stands on.
  mutating func connect(_ address: String) {
    if let index = attempts.firstIndex(where: { $0.address == address }) {
      attempts[index].error = nil
    } else {
      attempts.append(.init(address: address, error: nil))
    }
  }

  private mutating func fail(_ address: String, _ reason: String) {
    let index = attempts.firstIndex {
      $0.error == Self.unanswered && ($0.address == address || isAt($0.address, host: address))
    }
    guard let index else { return }
    attempts[index].error = printable(reason, limit: 80).lowercased()
  }

  private func isAt(_ address: String, host: String) -> Bool {
    address.hasPrefix("\(host):") || address.hasPrefix("[\(host)]:")
  }
}
