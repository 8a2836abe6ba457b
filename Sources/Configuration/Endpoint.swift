/// Where bytes go: a host and port, the same under TLS, or a Unix socket.
package enum Endpoint: Hashable, Codable, Sendable {
  case tcp(host: String, port: Int)
  case tls(host: String, port: Int)
  case unix(path: String)

  /// `host:port` with IPv6 in brackets, or the socket's path.
  package var description: String {
    switch self {
    case .tcp(let host, let port), .tls(let host, let port): "\(bracketed(host)):\(port)"
    case .unix(let path): path
    }
  }

  /// Nil for a socket.
  package var host: String? {
    switch self {
    case .tcp(let host, _), .tls(let host, _): host
    case .unix: nil
    }
  }

  /// `tcp`, `https` or `unix`, as the report names the way to an Agent.
  package var mode: String {
    switch self {
    case .tcp: "tcp"
    case .tls: "https"
    case .unix: "unix"
    }
  }

  /// The value of a request's `Host` field.
  package var hostField: String {
    switch self {
    case .tcp, .tls: description
    case .unix: "localhost"
    }
  }

  /// The URL of a path there, as a person would write it.
  package func url(_ path: String) -> String {
    switch self {
    case .tcp: "http://\(description)\(path)"
    case .tls(let host, let port):
      "https://\(port == 443 ? bracketed(host) : description)\(path)"
    case .unix(let socket): "unix://\(socket)\(path.isEmpty || path == "/" ? "" : " \(path)")"
    }
  }
}

/// A host as it stands in a URL: IPv6 in brackets.
package func bracketed(_ host: String) -> String {
  host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
}
