/// Where a tracer sends DogStatsD metrics, and by what way.
package struct DogStatsDAddress: Codable, Equatable, Sendable {
  package enum Target: Codable, Equatable, Sendable {
    case udp(host: String, port: Int)
    case unix(path: String)
  }

  package var url: String
  /// Nil where the tracer can't use it.
  package var target: Target?
  package var origin: [AddressSource]
  package var fault: AddressFault?

  package static let defaultSocket = "/var/run/datadog/dsd.socket"

  /// The address as a language's tracer resolves it; without a language, as Python's does.
  package static func resolve(
    _ environment: Environment, _ host: HostFacts, _ language: Language?, agent: AgentAddress
  ) -> DogStatsDAddress {
    switch language {
    case .python, nil: python(environment, host)
    case .node: node(environment, agent)
    case .php: php(environment, host)
    }
  }

  private static func udp(_ host: String, _ port: Int, _ origin: [AddressSource])
    -> DogStatsDAddress
  {
    let bare =
      host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    let url = "udp://\(bracketed(bare)):\(port)"
    return DogStatsDAddress(
      url: url, target: .udp(host: bare, port: port),
      origin: origin.isEmpty ? [AddressSource("default", url)] : origin, fault: nil)
  }

  private static func unix(_ url: String, _ path: String, _ source: AddressSource)
    -> DogStatsDAddress
  {
    DogStatsDAddress(url: url, target: .unix(path: path), origin: [source], fault: nil)
  }

  private static func unusable(_ url: String, _ fault: AddressFault) -> DogStatsDAddress {
    DogStatsDAddress(
      url: url, target: nil, origin: [AddressSource(fault.variable, fault.value)], fault: fault)
  }

  private static func lost(_ source: AddressSource, _ reason: String) -> AddressFault {
    AddressFault(source.name, source.value, reason, "no metric leaves the application")
  }

  private static func socket() -> DogStatsDAddress {
    unix("unix://\(defaultSocket)", defaultSocket, AddressSource("socket", defaultSocket))
  }

  /// The first of some variables that is set and not empty.
  private static func first(_ names: [String], _ environment: Environment) -> AddressSource? {
    names.lazy.compactMap { name in environment.value(name).map { AddressSource(name, $0) } }.first
  }
}

// ddtrace 4.16, internal/settings/_agent.py and internal/dogstatsd.py: the client is made while
// ddtrace is imported, so what it refuses keeps the application from starting.
extension DogStatsDAddress {
  private static func python(_ environment: Environment, _ host: HostFacts) -> DogStatsDAddress {
    var ports: [(source: AddressSource, number: Int)] = []
    for name in ["DD_DOGSTATSD_PORT", "DD_AGENT_PORT"] {
      guard let text = environment.text(name) else { continue }
      guard let number = TracerValue.pythonInteger(text) else {
        return unusable(
          "udp://localhost:\(text)",
          .stoppingPython(name, text, text.isEmpty ? "it is empty" : "it is no integer"))
      }
      ports.append((AddressSource(name, text), number))
    }
    if let text = environment.value("DD_DOGSTATSD_URL") { return pythonURL(text) }
    let usedHost = first(["DD_DOGSTATSD_HOST", "DD_AGENT_HOST"], environment)
    let usedPort = ports.first { $0.number != 0 }
    let isSet =
      usedHost != nil || usedPort != nil || environment.has("DD_AGENT_HOST")
      || environment.has("DD_AGENT_PORT")
    guard isSet || !host.sockets.contains(defaultSocket) else { return socket() }
    let name = usedHost?.value ?? "localhost"
    let port = usedPort?.number ?? 8125
    let url = "udp://\(HostText.isBareIPv6(name) ? bracketed(name) : name):\(port)"
    if let usedHost, !HostText.isName(name), !HostText.isBareIPv6(name),
      !HostText.isBracketedIPv6(name)
    {
      let reason = HostText.flaw(name)
      // A second colon, or half of a pair of brackets, is one that `urlparse` refuses.
      let authority = name.prefix { $0 != "/" }
      let stops = !name.contains("://") && authority.contains { ":[]".contains($0) }
      return unusable(
        url, stops ? .stoppingPython(usedHost.name, name, reason) : lost(usedHost, reason))
    }
    if let usedPort, !(1...65535).contains(port) {
      return unusable(
        url, .stoppingPython(usedPort.source.name, usedPort.source.value, "a port is 1 to 65535"))
    }
    return udp(name, port, [usedHost, usedPort?.source].compactMap { $0 })
  }

  private static func pythonURL(_ text: String) -> DogStatsDAddress {
    let source = AddressSource("DD_DOGSTATSD_URL", text)
    // A path alone is a socket, and anything else without a scheme is a host.
    if text.hasPrefix("/") { return unix(text, text, source) }
    let url = URLParts(text.contains("://") ? text : "udp://\(text)")
    func stops(_ reason: String) -> DogStatsDAddress {
      unusable(text, .stoppingPython(source.name, text, reason))
    }
    switch url.scheme {
    case "unix":
      guard !url.path.isEmpty else { return unusable(text, lost(source, "no socket path")) }
      return unix(text, url.path, source)
    case "udp":
      let portText = url.port.flatMap { $0.isEmpty ? nil : $0 } ?? "8125"
      guard let port = Int(portText), (0...65535).contains(port) else {
        return stops("'\(portText)' is no port")
      }
      guard HostText.isUsable(url.host), port > 0 else {
        return unusable(
          text,
          lost(
            source,
            url.host.isEmpty ? "no host" : port == 0 ? "0 is no port" : HostText.flaw(url.host)))
      }
      var address = udp(url.host, port, [source])
      address.url = text
      return address
    default: return stops("it must be udp://host:port or unix:///path")
    }
  }
}

// dd-trace-js, packages/dd-trace/src/config and src/dogstatsd.js.
extension DogStatsDAddress {
  private static func node(_ environment: Environment, _ agent: AgentAddress) -> DogStatsDAddress {
    var host =
      AgentAddress.first(["DD_DOGSTATSD_HOST", "DD_DOGSTATSD_HOSTNAME"], environment)
      ?? AgentAddress.first(["DD_AGENT_HOST", "DD_TRACE_AGENT_HOSTNAME"], environment)
    if host?.value.isEmpty == true { host = urlHost(agent) }
    var port = 8125
    var origin = [host].compactMap { $0 }
    if let source = AgentAddress.first(["DD_DOGSTATSD_PORT"], environment),
      let number = TracerValue.nodeInteger(source.value), number != 0
    {
      port = number
      origin.append(source)
    }
    let name = host?.value ?? "127.0.0.1"
    if let host, !HostText.isUsable(name) {
      return unusable("udp://\(name):\(port)", lost(host, HostText.flaw(name)))
    }
    guard (1...65535).contains(port) else {
      return unusable(
        "udp://\(bracketed(name)):\(port)",
        lost(AddressSource("DD_DOGSTATSD_PORT", "\(port)"), "a port is 1 to 65535"))
    }
    return udp(name, port, origin)
  }

  /// The host of the Agent's URL, which counts only where the Agent's host is set and empty.
  private static func urlHost(_ agent: AgentAddress) -> AddressSource? {
    switch agent.endpoint {
    case .tcp(let host, _), .tls(let host, _):
      AddressSource(agent.origin.first?.name ?? "default", host)
    case .unix, nil: nil
    }
  }
}

// dd-trace-php, ext/endpoints.c.
extension DogStatsDAddress {
  private static func php(_ environment: Environment, _ host: HostFacts) -> DogStatsDAddress {
    if let text = environment.value("DD_DOGSTATSD_URL") {
      return phpURL(AddressSource("DD_DOGSTATSD_URL", text))
    }
    let source = first(["DD_DOGSTATSD_HOST", "DD_AGENT_HOST"], environment)
    if let source, source.value.hasPrefix("unix://"), source.value != "unix://" {
      return phpURL(source)
    }
    if source == nil, host.sockets.contains(defaultSocket) { return socket() }
    // Without a host the trace port is taken, and DD_DOGSTATSD_PORT is not read at all.
    let name = source == nil ? "DD_TRACE_AGENT_PORT" : "DD_DOGSTATSD_PORT"
    var origin = [source].compactMap { $0 }
    var port = 8125
    if let text = environment.value(name), let number = TracerValue.phpInteger(text),
      (1...65535).contains(number)
    {
      port = number
      origin.append(AddressSource(name, text))
    }
    guard let source else { return udp("localhost", port, origin) }
    guard HostText.isName(source.value) || HostText.isIPv6(source.value) else {
      return unusable(
        "udp://\(source.value):\(port)", lost(source, HostText.flaw(source.value)))
    }
    return udp(source.value, port, origin)
  }

  private static func phpURL(_ source: AddressSource) -> DogStatsDAddress {
    let text = source.value
    let url = URLParts(text)
    switch url.scheme {
    case "unix":
      guard !url.path.isEmpty else { return unusable(text, lost(source, "no socket path")) }
      return unix(text, url.path, source)
    // The tracer writes its own addresses as http://, and sends UDP there.
    case "udp", "http":
      guard HostText.isUsable(url.host) else {
        return unusable(
          text, lost(source, url.host.isEmpty ? "no host" : HostText.flaw(url.host)))
      }
      guard let port = Int(url.port ?? "8125"), (1...65535).contains(port) else {
        return unusable(text, lost(source, "'\(url.port ?? "")' is no port"))
      }
      var address = udp(url.host, port, [source])
      address.url = text
      return address
    default: return unusable(text, lost(source, "it must be udp://host:port or unix:///path"))
    }
  }
}
