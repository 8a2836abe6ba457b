import Wire

/// A proxy that the configuration names; its user and password stay among the credentials.
package struct Proxy: Equatable, Sendable {
  /// Where its URL stands: `HTTPS_PROXY`.
  package let variable: String
  /// Its URL without user and password.
  package let shown: String
  package let host: String
  package let port: Int
}

/// The proxy towards sites and OpenAI, and what is reached without it, as curl reads them.
package struct Proxies: Equatable, Sendable {
  private let proxy: Proxy?
  private let exceptions: String

  /// No proxy at all.
  package init() {
    proxy = nil
    exceptions = ""
  }

  private init(_ proxy: Proxy?, except exceptions: String) {
    self.proxy = proxy
    self.exceptions = exceptions
  }

  /// The names are tried in curl's order; an empty value is none.
  package static func resolve(_ environment: Environment, toPlain: Bool = false) -> Proxies {
    let own = toPlain ? ["http_proxy", "HTTP_PROXY"] : ["https_proxy", "HTTPS_PROXY"]
    let named = (own + ["all_proxy", "ALL_PROXY"]).first { environment.value($0) != nil }
    let exceptions = environment.value("no_proxy") ?? environment.value("NO_PROXY") ?? ""
    guard let named, let shown = environment.value(named) else {
      return Proxies(nil, except: exceptions)
    }
    let url = ProxyURL(Secret(Array(shown.utf8)))
    return Proxies(
      Proxy(variable: named, shown: shown, host: url.host, port: url.port), except: exceptions)
  }

  /// The proxy on the way to a host over TLS, or nil where it is reached directly.
  package func proxy(for host: String) -> Proxy? {
    guard let proxy, !isException(host) else { return nil }
    return proxy
  }

  // curl's lib/noproxy.c, 7.86 and later.
  private func isException(_ host: String) -> Bool {
    let list = TracerValue.trimmingBlanks(exceptions)
    if list == "*" { return true }
    let bare = host.hasPrefix("[") ? String(host.dropFirst().prefix { $0 != "]" }) : host
    let address = IPAddress(bare)
    let name = (bare.hasSuffix(".") ? String(bare.dropLast()) : bare).lowercased()
    return list.split { $0 == "," || $0.isWhitespace }.contains { entry in
      if let address { return address.isIn(String(entry)) }
      return Self.matches(name, String(entry).lowercased())
    }
  }

  private static func matches(_ name: String, _ entry: String) -> Bool {
    var suffix = entry[...]
    if suffix.hasSuffix(".") { suffix = suffix.dropLast() }
    if suffix.hasPrefix(".") { suffix = suffix.dropFirst() }
    guard !suffix.isEmpty else { return false }
    return name == suffix || name.hasSuffix(".\(suffix)")
  }
}

extension Settings {
  /// The proxy that stands before the Agent, for a tracer that asks it; nil where none does.
  ///
  /// Ours and most tracers' way to the Agent is direct: only ddtrace asks a proxy, since 4.15.
  package var agentProxy: Proxy? {
    guard language == .python, setup.usesAgent else { return nil }
    return switch agent.endpoint {
    case .tcp(let host, _): Proxies.resolve(environment, toPlain: true).proxy(for: host)
    case .tls(let host, _): proxies.proxy(for: host)
    case .unix, nil: nil
    }
  }
}

extension PackageVersion {
  /// Whether ddtrace of this version asks a proxy for its Agent: 4.15.0 was seen to, 4.14.0 not.
  package var asksProxyForAgent: Bool { self >= PackageVersion(4, 15) }
}

/// The bytes of a numeric address, 4 or 16.
private struct IPAddress: Equatable {
  let bytes: [UInt8]

  init?(_ text: String) {
    guard let bytes = text.contains(":") ? Self.six(text) : Self.four(text) else { return nil }
    self.bytes = bytes
  }

  /// Whether an entry of NO_PROXY is this address, or a block around it.
  func isIn(_ entry: String) -> Bool {
    let parts = entry.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let text = String(parts.first ?? "")
    let bare = text.hasPrefix("[") ? String(text.dropFirst().prefix { $0 != "]" }) : text
    guard let other = IPAddress(bare), other.bytes.count == bytes.count else { return false }
    guard parts.count == 2 else { return self == other }
    guard let bits = Int(parts[1]), (0...(bytes.count * 8)).contains(bits) else { return false }
    // So it stands in curl: a block of no bits is the address itself.
    guard bits > 0 else { return self == other }
    return zip(bytes, other.bytes).enumerated().allSatisfy { index, pair in
      let kept = min(8, max(0, bits - index * 8))
      let mask = UInt8(truncatingIfNeeded: 0xFF00 >> kept)
      return pair.0 & mask == pair.1 & mask
    }
  }

  private static func four(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    let bytes = parts.compactMap { part in
      part.utf8.allSatisfy { (48...57).contains($0) } ? UInt8(part) : nil
    }
    return bytes.count == 4 ? bytes : nil
  }

  private static func six(_ text: String) -> [UInt8]? {
    guard let gap = text.firstRange(of: "::") else {
      let bytes = groups(text[...])
      return bytes?.count == 16 ? bytes : nil
    }
    guard let head = groups(text[..<gap.lowerBound]), let tail = groups(text[gap.upperBound...]),
      head.count + tail.count <= 14
    else { return nil }
    return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
  }

  private static func groups(_ text: Substring) -> [UInt8]? {
    if text.isEmpty { return [] }
    var bytes: [UInt8] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, part.contains("."), let tail = four(String(part)) {
        bytes += tail
      } else if part.utf8.count <= 4, let group = UInt16(part, radix: 16) {
        bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
      } else {
        return nil
      }
    }
    return bytes
  }
}
