/// A variable that set an address or lost to another, with its text.
package struct AddressSource: Codable, Equatable, Sendable {
  /// `DD_AGENT_HOST`, or what stood in for a variable: `default`, `socket`.
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Why a tracer can't use what is configured.
package struct AddressFault: Error, Codable, Equatable, Sendable {
  package var variable: String
  package var value: String
  /// What is wrong with it: `no scheme`.
  package var reason: String
  /// What the tracer does then.
  package var consequence: String

  package init(_ variable: String, _ value: String, _ reason: String, _ consequence: String) {
    self.variable = variable
    self.value = value
    self.reason = reason
    self.consequence = consequence
  }
}

/// Where a tracer sends traces, and why there.
package struct AgentAddress: Codable, Equatable, Sendable {
  /// As the tracer itself names it.
  package var url: String
  /// Nil where the tracer can't use it.
  package var endpoint: Endpoint?
  /// A path before `/info`, without a slash at its end.
  package var prefix: String
  /// What decided, the host's source before the port's.
  package var origin: [AddressSource]
  /// What is set and lost.
  package var shadowed: [AddressSource]
  package var fault: AddressFault?
  /// What is odd about it and yet works, in words.
  package var notes: [String]

  /// The default socket that the three tracers look for.
  package static let defaultSocket = "/var/run/datadog/apm.socket"

  /// How a person names the origin: `DD_AGENT_HOST, default port`.
  package var originText: String {
    origin.map { source in
      switch source.name {
      case "default": "default"
      case "socket": "the default socket, which exists"
      default: source.name
      }
    }.joined(separator: " and ")
  }

  /// The URL of one of the Agent's paths.
  package func url(_ path: String) -> String {
    guard let endpoint else { return url }
    return endpoint.url(prefix + path)
  }

  /// Whether both lead to the same place: `localhost` and 127.0.0.1 do.
  package func leadsWhere(_ other: AgentAddress) -> Bool {
    endpoint.map(Self.loopbackFolded) == other.endpoint.map(Self.loopbackFolded)
  }

  private static func loopbackFolded(_ endpoint: Endpoint) -> Endpoint {
    switch endpoint {
    case .tcp("127.0.0.1", let port): .tcp(host: "localhost", port: port)
    case .tcp, .tls, .unix: endpoint
    }
  }
}

extension AgentAddress {
  /// The address as a language's tracer resolves it; without a language, as Python's does.
  package static func resolve(
    _ environment: Environment, _ host: HostFacts, _ language: Language?
  ) -> AgentAddress {
    var address =
      switch language {
      case .python, nil: python(environment, host)
      case .node: node(environment, host)
      case .php: php(environment, host)
      }
    let deciding = Set(address.origin.map(\.name))
    address.shadowed = names(language).compactMap { name in
      guard !deciding.contains(name), address.fault?.variable != name,
        let variable = environment[name], !variable.isEmpty
      else { return nil }
      return AddressSource(name, variable.shown)
    }
    return address
  }

  /// The variables that a tracer reads for the address, the strongest first.
  private static func names(_ language: Language?) -> [String] {
    switch language {
    case .python, nil:
      [
        "DD_TRACE_AGENT_URL", "DD_TRACE_AGENT_HOSTNAME", "DD_AGENT_HOST", "DD_TRACE_AGENT_PORT",
        "DD_AGENT_PORT",
      ]
    case .node:
      [
        "DD_TRACE_AGENT_URL", "DD_TRACE_URL", "DD_AGENT_HOST", "DD_TRACE_AGENT_HOSTNAME",
        "DD_TRACE_AGENT_PORT",
      ]
    case .php: ["DD_TRACE_AGENT_URL", "DD_AGENT_HOST", "DD_TRACE_AGENT_PORT"]
    }
  }

  private init(
    url: String, endpoint: Endpoint?, prefix: String = "", origin: [AddressSource],
    fault: AddressFault? = nil, notes: [String] = []
  ) {
    self.url = url
    self.endpoint = endpoint
    self.prefix = prefix
    self.origin = origin
    shadowed = []
    self.fault = fault
    self.notes = notes
  }

  private static func unusable(_ url: String, _ fault: AddressFault) -> AgentAddress {
    AgentAddress(
      url: url, endpoint: nil, origin: [AddressSource(fault.variable, fault.value)], fault: fault)
  }

  private static func socket() -> AgentAddress {
    AgentAddress(
      url: "unix://\(defaultSocket)", endpoint: .unix(path: defaultSocket),
      origin: [AddressSource("socket", defaultSocket)])
  }

  private static func tcp(
    _ host: String, _ port: Int, origin: [AddressSource], notes: [String] = []
  ) -> AgentAddress {
    let bare =
      host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    return AgentAddress(
      url: "http://\(bracketed(bare)):\(port)", endpoint: .tcp(host: bare, port: port),
      origin: origin, notes: notes)
  }
}

// ddtrace 4.16, internal/settings/_agent.py and internal/utils/http.py.
extension AgentAddress {
  private static let stopsPython =
    "ddtrace fails while it is imported: under ddtrace-run the application does not start"

  private static func python(_ environment: Environment, _ host: HostFacts) -> AgentAddress {
    var ports: [AddressSource: Int] = [:]
    for name in ["DD_TRACE_AGENT_PORT", "DD_AGENT_PORT"] {
      guard let text = environment.text(name) else { continue }
      guard let port = TracerValue.pythonInteger(text) else {
        let reason = text.isEmpty ? "it is empty" : "it is no integer"
        return unusable(
          environment.value("DD_TRACE_AGENT_URL") ?? "http://localhost:\(printableValue(text))",
          AddressFault(name, text, reason, stopsPython))
      }
      ports[AddressSource(name, text)] = port
    }
    if let url = environment.value("DD_TRACE_AGENT_URL") { return pythonURL(url) }
    let hosts = ["DD_TRACE_AGENT_HOSTNAME", "DD_AGENT_HOST"].compactMap { name in
      environment.text(name).map { AddressSource(name, $0) }
    }
    let usedHost = hosts.first { !$0.value.isEmpty }
    // Python's `a or b` hands on b, empty or zero, where a is empty: only None counts as unset.
    let hostIsSet = usedHost != nil || environment.has("DD_AGENT_HOST")
    let inOrder = ["DD_TRACE_AGENT_PORT", "DD_AGENT_PORT"].compactMap { name in
      ports.first { $0.key.name == name }
    }
    let usedPort = inOrder.first { $0.value != 0 }
    let portIsSet = usedPort != nil || environment.has("DD_AGENT_PORT")
    guard hostIsSet || portIsSet else {
      return host.sockets.contains(defaultSocket)
        ? socket() : tcp("localhost", 8126, origin: [AddressSource("default", "localhost:8126")])
    }
    let origin = [usedHost, usedPort?.key].compactMap { $0 }
    let port = usedPort?.value ?? 8126
    guard (1...65535).contains(port) else {
      let name = usedPort?.key.name ?? "DD_TRACE_AGENT_PORT"
      return unusable(
        "http://\(bracketed(usedHost?.value ?? "localhost")):\(port)",
        AddressFault(
          name, "\(port)", "a port is 1 to 65535", "every connection of ddtrace fails"))
    }
    return pythonHost(
      usedHost, port, origin.isEmpty ? [AddressSource("default", "localhost:8126")] : origin)
  }

  /// ddtrace puts a host into `http://HOST:PORT` as it is written, whatever it is.
  private static func pythonHost(_ source: AddressSource?, _ port: Int, _ origin: [AddressSource])
    -> AgentAddress
  {
    guard let source else { return tcp("localhost", port, origin: origin) }
    let host = source.value
    if isPlainHost(host) { return tcp(host, port, origin: origin) }
    return unusable(
      "http://\(host):\(port)",
      AddressFault(
        source.name, host, hostReason(host), "ddtrace makes http://\(host):\(port) of it"))
  }

  private static func pythonURL(_ text: String) -> AgentAddress {
    let url = URLParts(text)
    func broken(_ reason: String) -> AgentAddress {
      unusable(text, AddressFault("DD_TRACE_AGENT_URL", text, reason, stopsPython))
    }
    switch url.scheme {
    case "unix":
      guard !url.path.isEmpty else { return broken("no socket path behind unix://") }
      return AgentAddress(
        url: text, endpoint: .unix(path: url.path),
        origin: [AddressSource("DD_TRACE_AGENT_URL", text)])
    case "http", "https":
      return web(text, url, keepsPath: true, broken)
    case let scheme:
      return broken(
        scheme.isEmpty || text.hasPrefix("\"") || text.hasPrefix("'")
          ? "it does not begin with http://, https:// or unix://"
          : "'\(scheme)' is no protocol of an Agent: http, https or unix")
    }
  }

  /// An `http(s)://` URL; a port that is no number is told apart from one that is none.
  private static func web(
    _ text: String, _ url: URLParts, keepsPath: Bool, _ broken: (String) -> AgentAddress
  ) -> AgentAddress {
    guard !url.host.isEmpty else { return broken("no host behind \(url.scheme)://") }
    let isTLS = url.scheme == "https"
    let port: Int
    if let portText = url.port, !portText.isEmpty {
      guard let number = Int(portText), (1...65535).contains(number) else {
        return broken("port '\(portText)' is no port (1 to 65535)")
      }
      port = number
    } else {
      port = isTLS ? 443 : 80
    }
    guard isPlainHost(url.host) else { return broken(hostReason(url.host)) }
    var prefix = keepsPath ? url.path : ""
    while prefix.hasSuffix("/") { prefix.removeLast() }
    var notes: [String] = []
    if url.port == nil || url.port?.isEmpty == true {
      notes.append("no port in the URL: \(port) is used, not 8126")
    }
    return AgentAddress(
      url: text,
      endpoint: isTLS ? .tls(host: url.host, port: port) : .tcp(host: url.host, port: port),
      prefix: prefix, origin: [AddressSource("DD_TRACE_AGENT_URL", text)], notes: notes)
  }

  private static func isPlainHost(_ host: String) -> Bool {
    !host.isEmpty && !host.unicodeScalars.contains("\u{FFFD}")
      && host.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_.:%[]".utf8.contains(byte) || byte >= 0x80
        }
      }
      && (!host.contains(":") || isIPv6(host))
  }

  private static func isIPv6(_ host: String) -> Bool {
    let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    return bare.filter { $0 == ":" }.count >= 2
      && bare.prefix { $0 != "%" }.utf8.allSatisfy {
        (48...58).contains($0) || (97...102).contains($0 | 0x20) || $0 == UInt8(ascii: ".")
      }
  }

  private static func hostReason(_ host: String) -> String {
    if host.unicodeScalars.contains("\u{FFFD}") { return "it is no valid UTF-8" }
    if host.contains("://") { return "a host is no URL: a URL belongs in DD_TRACE_AGENT_URL" }
    if host.contains(":") { return "a port does not belong in the host: use DD_TRACE_AGENT_PORT" }
    if host.contains("$") || host.contains("{{") { return "a variable in it was never expanded" }
    if host.contains("\"") || host.contains("'") { return "the quotes are part of the value" }
    if host.contains(where: \.isWhitespace) { return "blanks are part of the value" }
    return "it is no host name"
  }
}

// dd-trace-js, packages/dd-trace/src/config.
extension AgentAddress {
  private static func node(_ environment: Environment, _ host: HostFacts) -> AgentAddress {
    let fails = "every request of dd-trace fails: Invalid URL"
    for name in ["DD_TRACE_AGENT_URL", "DD_TRACE_URL"] {
      guard let text = environment.value(name) else { continue }
      return nodeURL(name, text, fails)
    }
    let used = ["DD_AGENT_HOST", "DD_TRACE_AGENT_HOSTNAME"].lazy.compactMap { name in
      environment.text(name).map { AddressSource(name, $0) }
    }.first
    let portText = environment.text("DD_TRACE_AGENT_PORT")
    if used == nil, portText == nil, host.sockets.contains(defaultSocket) { return socket() }
    var origin = [used].compactMap { $0 }
    var port = 8126
    var notes: [String] = []
    if let portText {
      if let number = TracerValue.nodeInteger(portText) {
        origin.append(AddressSource("DD_TRACE_AGENT_PORT", portText))
        port = number
      } else {
        notes.append("DD_TRACE_AGENT_PORT '\(portText)' is no integer: dd-trace uses 8126")
      }
    }
    if origin.isEmpty { origin = [AddressSource("default", "127.0.0.1:8126")] }
    let hostText = used?.value ?? "127.0.0.1"
    guard isPlainHost(hostText) else {
      return unusable(
        "http://\(hostText):\(port)",
        AddressFault(
          used?.name ?? "DD_AGENT_HOST", hostText,
          hostText.isEmpty ? "it is empty" : hostReason(hostText), fails))
    }
    guard (0...65535).contains(port) else {
      return unusable(
        "http://\(hostText):\(port)",
        AddressFault("DD_TRACE_AGENT_PORT", "\(port)", "a port is 1 to 65535", fails))
    }
    if port == 0 {
      return unusable(
        "http://\(hostText)/",
        AddressFault(
          "DD_TRACE_AGENT_PORT", portText ?? "", "it is empty",
          "dd-trace sends to http://\(hostText)/, which is port 80"))
    }
    return tcp(hostText, port, origin: origin, notes: notes)
  }

  private static func nodeURL(_ name: String, _ text: String, _ fails: String) -> AgentAddress {
    let url = URLParts(text)
    func broken(_ reason: String) -> AgentAddress {
      unusable(text, AddressFault(name, text, reason, fails))
    }
    var address: AgentAddress
    switch url.scheme {
    case "unix":
      guard !url.path.isEmpty else { return broken("no socket path behind unix://") }
      address = AgentAddress(
        url: text, endpoint: .unix(path: url.path), origin: [AddressSource(name, text)])
    case "http", "https":
      address = web(text, url, keepsPath: false, broken)
      if address.fault == nil, url.path != "", url.path != "/" {
        address.notes.append("dd-trace drops the path \(url.path) of the URL")
      }
    case let scheme:
      return broken(
        scheme.isEmpty
          ? "it does not begin with http://, https:// or unix://"
          : "protocol \"\(scheme):\" is not supported, expected http:, https: or unix:")
    }
    if address.fault == nil { address.origin = [AddressSource(name, text)] }
    return address
  }
}

// dd-trace-php, ext/endpoints.c.
extension AgentAddress {
  private static func php(_ environment: Environment, _ host: HostFacts) -> AgentAddress {
    if let text = environment.value("DD_TRACE_AGENT_URL") {
      return phpURL("DD_TRACE_AGENT_URL", text)
    }
    let hostText = environment.value("DD_AGENT_HOST")
    if let hostText, hostText.hasPrefix("unix://") { return phpURL("DD_AGENT_HOST", hostText) }
    if hostText == nil, host.sockets.contains(defaultSocket) { return socket() }
    var origin = hostText.map { [AddressSource("DD_AGENT_HOST", $0)] } ?? []
    var port = 8126
    var notes: [String] = []
    if let text = environment.text("DD_TRACE_AGENT_PORT") {
      if let number = TracerValue.phpInteger(text), (1...65535).contains(number) {
        port = number
        origin.append(AddressSource("DD_TRACE_AGENT_PORT", text))
      } else {
        notes.append("DD_TRACE_AGENT_PORT '\(text)' is no port: the PHP tracer uses 8126")
      }
    }
    if origin.isEmpty { origin = [AddressSource("default", "localhost:8126")] }
    guard isPlainHost(hostText ?? "localhost") else {
      return unusable(
        "http://\(hostText ?? ""):\(port)",
        AddressFault(
          "DD_AGENT_HOST", hostText ?? "", hostReason(hostText ?? ""),
          "the PHP tracer can't connect"))
    }
    return tcp(hostText ?? "localhost", port, origin: origin, notes: notes)
  }

  private static func phpURL(_ name: String, _ text: String) -> AgentAddress {
    let url = URLParts(text)
    func broken(_ reason: String) -> AgentAddress {
      unusable(
        text, AddressFault(name, text, reason, "the PHP tracer refuses it and sends nothing"))
    }
    switch url.scheme {
    case "unix":
      guard !url.path.isEmpty else { return broken("no socket path behind unix://") }
      return AgentAddress(
        url: text, endpoint: .unix(path: url.path), origin: [AddressSource(name, text)])
    case "http", "https":
      var address = web(text, url, keepsPath: true, broken)
      if address.fault == nil { address.origin = [AddressSource(name, text)] }
      return address
    default:
      return broken("it must be unix:///path/to/agent.sock or http://hostname:port")
    }
  }
}

extension AddressSource: Hashable {}

private func printableValue(_ text: String) -> String { text.isEmpty ? "8126" : text }
