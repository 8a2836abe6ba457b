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
    let url = "udp://\(bracketed(host)):\(port)"
    guard (1...65535).contains(port) else {
      return unusable(url, origin.last ?? AddressSource("default", url), "a port is 1 to 65535")
    }
    return DogStatsDAddress(
      url: url, target: .udp(host: host, port: port),
      origin: origin.isEmpty ? [AddressSource("default", url)] : origin, fault: nil)
  }

  private static func unusable(_ url: String, _ source: AddressSource, _ reason: String)
    -> DogStatsDAddress
  {
    DogStatsDAddress(
      url: url, target: nil, origin: [source],
      fault: AddressFault(source.name, source.value, reason, "no metric leaves the application"))
  }

  private static func url(_ text: String) -> DogStatsDAddress {
    let source = AddressSource("DD_DOGSTATSD_URL", text)
    let parts = URLParts(text)
    switch parts.scheme {
    case "unix", "unixgram", "unixstream":
      guard !parts.path.isEmpty else { return unusable(text, source, "no socket path") }
      return DogStatsDAddress(
        url: text, target: .unix(path: parts.path), origin: [source], fault: nil)
    case "udp":
      guard !parts.host.isEmpty else { return unusable(text, source, "no host") }
      guard let port = Int(parts.port ?? "8125") else {
        return unusable(text, source, "'\(parts.port ?? "")' is no port")
      }
      var address = udp(parts.host, port, [source])
      address.url = text
      return address
    default:
      return unusable(text, source, "it must be udp://host:port or unix:///path")
    }
  }

  private static func python(_ environment: Environment, _ host: HostFacts) -> DogStatsDAddress {
    if let text = environment.value("DD_DOGSTATSD_URL") { return url(text) }
    var ports: [(source: AddressSource, port: Int)] = []
    for name in ["DD_DOGSTATSD_PORT", "DD_AGENT_PORT"] {
      guard let text = environment.text(name) else { continue }
      guard let port = TracerValue.pythonInteger(text) else {
        return unusable("udp://localhost:8125", AddressSource(name, text), "it is no integer")
      }
      ports.append((AddressSource(name, text), port))
    }
    let host0 = ["DD_DOGSTATSD_HOST", "DD_AGENT_HOST"].lazy.compactMap { name in
      environment.value(name).map { AddressSource(name, $0) }
    }.first
    let hostIsSet = host0 != nil || environment.has("DD_AGENT_HOST")
    let port = ports.first { $0.port != 0 }
    let portIsSet = port != nil || environment.has("DD_AGENT_PORT")
    if !hostIsSet, !portIsSet, host.sockets.contains(defaultSocket) { return socket() }
    return udp(
      host0?.value ?? "localhost", port?.port ?? 8125,
      [host0, port?.source].compactMap { $0 })
  }

  private static func node(_ environment: Environment, _ agent: AgentAddress) -> DogStatsDAddress {
    let names = [
      "DD_DOGSTATSD_HOST", "DD_DOGSTATSD_HOSTNAME", "DD_AGENT_HOST", "DD_TRACE_AGENT_HOSTNAME",
    ]
    let source = names.lazy.compactMap { name in
      environment.value(name).map { AddressSource(name, $0) }
    }.first
    var host = source?.value
    if host == nil, case .tcp(let agentHost, _) = agent.endpoint { host = agentHost }
    var origin = [source].compactMap { $0 }
    var port = 8125
    if let text = environment.text("DD_DOGSTATSD_PORT"),
      let number = TracerValue.nodeInteger(text)
    {
      port = number
      origin.append(AddressSource("DD_DOGSTATSD_PORT", text))
    }
    return udp(host ?? "127.0.0.1", port, origin)
  }

  private static func php(_ environment: Environment, _ host: HostFacts) -> DogStatsDAddress {
    if let text = environment.value("DD_DOGSTATSD_URL") { return url(text) }
    let source = ["DD_DOGSTATSD_HOST", "DD_AGENT_HOST"].lazy.compactMap { name in
      environment.value(name).map { AddressSource(name, $0) }
    }.first
    let own = environment.text("DD_DOGSTATSD_PORT")
    if source == nil, own == nil, host.sockets.contains(defaultSocket) { return socket() }
    // With nothing else set, the trace port is taken (ext/endpoints.c).
    let name = own == nil && source == nil ? "DD_TRACE_AGENT_PORT" : "DD_DOGSTATSD_PORT"
    var origin = [source].compactMap { $0 }
    var port = 8125
    if let text = environment.text(name), let number = TracerValue.phpInteger(text), number > 0 {
      port = number
      origin.append(AddressSource(name, text))
    }
    return udp(source?.value ?? "localhost", port, origin)
  }

  private static func socket() -> DogStatsDAddress {
    DogStatsDAddress(
      url: "unix://\(defaultSocket)", target: .unix(path: defaultSocket),
      origin: [AddressSource("socket", defaultSocket)], fault: nil)
  }
}
