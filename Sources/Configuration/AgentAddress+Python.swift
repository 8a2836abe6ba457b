// ddtrace 4.16, internal/settings/_agent.py, internal/utils/http.py and its native exporter.
extension AgentAddress {
  private static let neverConnects = "every connection of ddtrace fails"

  static func python(_ environment: Environment, _ host: HostFacts) -> AgentAddress {
    var ports: [(source: AddressSource, number: Int)] = []
    for name in ["DD_TRACE_AGENT_PORT", "DD_AGENT_PORT"] {
      guard let text = environment.text(name) else { continue }
      guard let number = TracerValue.pythonInteger(text) else {
        // Every variable is read at once, so a URL does not save the application.
        return unusable(
          environment.value("DD_TRACE_AGENT_URL") ?? "http://localhost:\(text)",
          .stoppingPython(name, text, text.isEmpty ? "it is empty" : "it is no integer"))
      }
      ports.append((AddressSource(name, text), number))
    }
    if let url = environment.value("DD_TRACE_AGENT_URL") { return pythonURL(url) }
    let usedHost = ["DD_TRACE_AGENT_HOSTNAME", "DD_AGENT_HOST"].lazy.compactMap { name in
      environment.value(name).map { AddressSource(name, $0) }
    }.first
    let usedPort = ports.first { $0.number != 0 }
    // Python's `a or b` hands on b, empty or zero, where a is empty: only None counts as unset.
    let isSet =
      usedHost != nil || usedPort != nil || environment.has("DD_AGENT_HOST")
      || environment.has("DD_AGENT_PORT")
    guard isSet || !host.sockets.contains(defaultSocket) else { return socket() }
    let origin = [usedHost, usedPort?.source].compactMap { $0 }
    return pythonHost(
      usedHost, usedPort?.number ?? 8126, usedPort?.source,
      origin.isEmpty ? [AddressSource("default", "localhost:8126")] : origin)
  }

  /// ddtrace puts a host into `http://HOST:PORT` as it is written, whatever it is.
  private static func pythonHost(
    _ source: AddressSource?, _ port: Int, _ portSource: AddressSource?, _ origin: [AddressSource]
  ) -> AgentAddress {
    let host = source?.value ?? "localhost"
    let url = "http://\(HostText.isBareIPv6(host) ? bracketed(host) : host):\(port)"
    if let source, !isPythonHost(host) {
      let reason = HostText.flaw(host)
      return unusable(
        url,
        nativeTakes(url)
          ? AddressFault(source.name, host, reason, "ddtrace makes \(url) of it")
          : .stoppingPython(source.name, host, reason))
    }
    guard (1...65535).contains(port) else {
      return unusable(
        url,
        AddressFault(
          portSource?.name ?? "DD_TRACE_AGENT_PORT", portSource?.value ?? "\(port)",
          "a port is 1 to 65535", neverConnects))
    }
    return tcp(host, port, origin: origin)
  }

  private static func isPythonHost(_ host: String) -> Bool {
    HostText.isBareIPv6(host) || HostText.isBracketedIPv6(host)
      || HostText.isName(host) && host.utf8.allSatisfy { $0 < 0x80 }
  }

  private static func pythonURL(_ text: String) -> AgentAddress {
    let name = "DD_TRACE_AGENT_URL"
    let url = URLParts(text)
    func broken(_ reason: String) -> AgentAddress {
      let starts = ["http", "https"].contains(url.scheme) && !url.host.isEmpty && nativeTakes(text)
      return unusable(
        text,
        starts
          ? AddressFault(name, text, reason, neverConnects) : .stoppingPython(name, text, reason))
    }
    switch url.scheme {
    case "unix":
      guard text.dropFirst(url.scheme.count).hasPrefix("://") else {
        return broken("no socket path behind unix://")
      }
      return unix(name, text, url, broken)
    case "http", "https":
      let address = web(name, text, url, keepsPath: true, broken)
      if address.fault == nil, !nativeTakes(text) {
        let isASCII = url.host.utf8.allSatisfy { $0 < 0x80 }
        return broken(
          isASCII ? "it has characters in it that no URL has" : HostText.flaw(url.host))
      }
      return address
    case let scheme:
      return broken(
        scheme.isEmpty || text.hasPrefix("\"") || text.hasPrefix("'")
          ? "it does not begin with http://, https:// or unix://"
          : "'\(scheme)' is no protocol of an Agent: http, https or unix")
    }
  }

  /// Whether the URI parser of ddtrace's native exporter takes a URL; else its import fails.
  private static func nativeTakes(_ url: String) -> Bool {
    let plain = url.utf8.allSatisfy { byte in
      byte > 0x20 && byte < 0x7F && !"\"<>\\^`{|}".utf8.contains(byte)
    }
    var authority = Substring(url)
    if let slashes = authority.firstRange(of: "//") { authority = authority[slashes.upperBound...] }
    authority = authority.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if let at = authority.lastIndex(of: "@") {
      authority = authority[authority.index(after: at)...]
    }
    if authority.hasPrefix("["), let close = authority.firstIndex(of: "]") {
      authority = authority[authority.index(after: close)...]
    }
    return plain && authority.utf8.filter { $0 == UInt8(ascii: ":") }.count <= 1
      && !authority.utf8.contains { "%[]".utf8.contains($0) }
  }
}
