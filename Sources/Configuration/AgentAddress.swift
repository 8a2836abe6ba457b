/// A variable that set an address or lost to another, with its text.
package struct AddressSource: Codable, Hashable, Sendable {
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
  /// Whether the tracer takes the application down with it.
  package var stopsApplication: Bool

  package init(
    _ variable: String, _ value: String, _ reason: String, _ consequence: String,
    stopsApplication: Bool = false
  ) {
    self.variable = variable
    self.value = value
    self.reason = reason
    self.consequence = consequence
    self.stopsApplication = stopsApplication
  }

  /// A value that ddtrace raises an error for while it is imported.
  static func stoppingPython(_ variable: String, _ value: String, _ reason: String) -> AddressFault
  {
    AddressFault(
      variable, value, reason,
      "ddtrace fails while it is imported: under ddtrace-run the application does not start",
      stopsApplication: true)
  }
}

/// What is odd about an address that works.
package struct AddressNote: Codable, Equatable, Sendable {
  package var variable: String
  package var text: String
  /// What was probably meant; nil where taking the variable away is the way out.
  package var better: String?

  package init(_ variable: String, _ text: String, better: String?) {
    self.variable = variable
    self.text = text
    self.better = better
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
  package var notes: [AddressNote]

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
    prefix == other.prefix
      && endpoint.map(Self.loopbackFolded) == other.endpoint.map(Self.loopbackFolded)
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

  init(
    url: String, endpoint: Endpoint?, prefix: String = "", origin: [AddressSource],
    fault: AddressFault? = nil, notes: [AddressNote] = []
  ) {
    self.url = url
    self.endpoint = endpoint
    self.prefix = prefix
    self.origin = origin
    shadowed = []
    self.fault = fault
    self.notes = notes
  }

  static func unusable(_ url: String, _ fault: AddressFault) -> AgentAddress {
    AgentAddress(
      url: url, endpoint: nil, origin: [AddressSource(fault.variable, fault.value)], fault: fault)
  }

  static func socket() -> AgentAddress {
    AgentAddress(
      url: "unix://\(defaultSocket)", endpoint: .unix(path: defaultSocket),
      origin: [AddressSource("socket", defaultSocket)])
  }

  static func tcp(
    _ host: String, _ port: Int, origin: [AddressSource], notes: [AddressNote] = []
  ) -> AgentAddress {
    let bare =
      host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    return AgentAddress(
      url: "http://\(bracketed(bare)):\(port)", endpoint: .tcp(host: bare, port: port),
      origin: origin, notes: notes)
  }
}

extension AgentAddress {
  /// An `http(s)://` URL; `broken` makes the address of one that can't be used, and says why.
  static func web(
    _ name: String, _ text: String, _ url: URLParts, keepsPath: Bool,
    _ broken: (String) -> AgentAddress
  ) -> AgentAddress {
    guard !url.host.isEmpty else { return broken("no host behind \(url.scheme)://") }
    let isTLS = url.scheme == "https"
    var port = isTLS ? 443 : 80
    if let portText = url.port, !portText.isEmpty {
      guard let number = Int(portText), (1...65535).contains(number) else {
        return broken("port '\(portText)' is no port (1 to 65535)")
      }
      port = number
    }
    guard HostText.isUsable(url.host) else { return broken(HostText.flaw(url.host)) }
    var prefix = keepsPath ? url.path : ""
    while prefix.hasSuffix("/") { prefix.removeLast() }
    // https:// alone, or a path, is how a gateway is named; http:// alone forgets the port.
    let forgot =
      !isTLS && url.port.map { $0.isEmpty } ?? true && ["", "/"].contains(url.path)
    return AgentAddress(
      url: text,
      endpoint: isTLS ? .tls(host: url.host, port: port) : .tcp(host: url.host, port: port),
      prefix: prefix, origin: [AddressSource(name, text)],
      notes: forgot
        ? [
          AddressNote(
            name, "no port in \(name): \(port) is used, not 8126",
            better: "http://\(bracketed(url.host)):8126")
        ] : [])
  }

  /// A `unix://` URL; what stands between the second slash and the third is lost.
  static func unix(
    _ name: String, _ text: String, _ url: URLParts, _ broken: (String) -> AgentAddress
  ) -> AgentAddress {
    guard !url.path.isEmpty else { return broken("no socket path behind unix://") }
    return AgentAddress(
      url: text, endpoint: .unix(path: url.path), origin: [AddressSource(name, text)],
      notes: url.host.isEmpty
        ? []
        : [
          AddressNote(
            name, "\(name) takes '\(url.host)' for a host: the socket is \(url.path)",
            better: "unix:///\(url.host)\(url.path)")
        ])
  }
}
