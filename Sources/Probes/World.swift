package import Configuration
import Diagnosis
import Wire

/// What a question may use to get its answer: routes, time, keys, and who we are.
package struct World: Sendable {
  package let credentials: Credentials
  package let runID: String
  /// Of this tool, for what it sends.
  package let version: String
  /// Of one probe.
  package let timeout: Duration
  package let retries: Int
  /// The end of this round of checks.
  package let roundEnd: ContinuousClock.Instant
  /// Where its tasks run; nil for the default pool.
  package let executor: (any TaskExecutor)?
  /// How long a question may look for what is still on its way.
  let patience: Duration
  /// How TLS connections are made: authorities, and detours as curl's `--connect-to`.
  package let tls: TLSOptions
  /// Of all that is secret here; what is short stands in any answer.
  private let remover: SecretRemover
  private let idle = IdleConnections()
  private let curl = CurlClient()

  package init(
    credentials: Credentials = Credentials(), runID: String, version: String,
    timeout: Duration = .seconds(5), retries: Int = 1, deadline: Duration = .seconds(30),
    tls: TLSOptions = TLSOptions(), patience: Duration = .zero,
    executor: (any TaskExecutor)? = nil
  ) {
    self.credentials = credentials
    remover = SecretRemover(credentials.all, minimum: 16)
    self.runID = runID
    self.version = version
    self.timeout = timeout
    self.retries = retries
    self.tls = tls
    self.patience = patience
    self.executor = executor
    roundEnd = ContinuousClock.now + deadline
  }

  /// The deadline of a probe that begins now.
  package var deadline: Deadline { Deadline(after: timeout, atMost: roundEnd) }

  /// One exchange with an Agent; plain ones go over our own sockets.
  ///
  /// A connection that is kept serves the next exchange that keeps it, too.
  func exchange(_ request: HTTPRequest, with endpoint: Endpoint, keeping: Bool) async -> Exchange {
    let deadline = deadline
    if case .tls = endpoint { return await transfer(request, with: endpoint, through: nil) }
    let retries = retries
    let kept = keeping ? idle.take(endpoint) : nil
    let (exchange, connection) = await onThread {
      SocketRoute.perform(request, to: endpoint, on: kept, retries: retries, until: deadline)
    }
    if keeping, let connection { idle.put(connection, endpoint) }
    return exchange.removing(remover.removed)
  }
}

extension World {
  /// One exchange over TLS, by libcurl; secrets in the request are written for that host alone.
  ///
  /// It goes through the proxy that the configuration names for the host.
  func secureExchange(_ request: HTTPRequest, with endpoint: Endpoint) async -> Exchange {
    guard let proxy = endpoint.host.flatMap(tls.proxies.proxy) else {
      return await transfer(request, with: endpoint, through: nil)
    }
    guard let url = credentials[proxy.variable] else {
      // Never around the proxy in silence.
      let fault = Fault(.proxy, "the value of \(proxy.variable) is not at hand")
      return Exchange(request, to: endpoint, .failed(fault))
    }
    return await transfer(request, with: endpoint, through: ProxyURL(url))
  }

  /// One exchange over TLS with whoever answers there: for a port of this machine, and no secret.
  func unverifiedExchange(_ request: HTTPRequest, with endpoint: Endpoint) async -> Exchange {
    await transfer(request, with: endpoint, through: nil, verifies: false)
  }

  private func transfer(
    _ request: HTTPRequest, with endpoint: Endpoint, through proxy: ProxyURL?,
    verifies: Bool = true
  ) async -> Exchange {
    let options = CurlOptions(
      proxy: proxy, caFile: tls.caFile, connectTo: tls.connectTo, verifies: verifies)
    let exchange = await curl.perform(request, to: endpoint, options, until: deadline)
    // No server's echo of a key gets further than this, whole or masked.
    let sent = SecretRemover(request.sealedSecrets, minimum: 4)
    return exchange.removing {
      Redaction.withoutMasks(remover.removed(from: sent.removed(from: $0)))
    }
  }
}

/// How TLS connections are made.
package struct TLSOptions: Equatable, Sendable {
  /// A file of certificate authorities in place of the system's.
  package var caFile: String?
  /// `HOST:PORT:HOST2:PORT2`, as curl's `--connect-to`.
  package var connectTo: [String]
  /// The way to sites and to OpenAI; an Agent is reached directly.
  package var proxies: Proxies

  package init(caFile: String? = nil, connectTo: [String] = [], proxies: Proxies = Proxies()) {
    self.caFile = caFile
    self.connectTo = connectTo
    self.proxies = proxies
  }

  /// As the configuration says, with the command line's own words before it.
  package init(_ settings: Settings, caFile: String? = nil, connectTo: [String] = []) {
    self.init(
      caFile: caFile ?? settings.environment.value("SSL_CERT_FILE"), connectTo: connectTo,
      proxies: settings.proxies)
  }
}

/// Connections that wait for their next exchange.
private final class IdleConnections: Sendable {
  /// A handful: one for each Agent that is asked.
  private let connections = Guarded<[(endpoint: Endpoint, socket: Socket)]>([])

  func take(_ endpoint: Endpoint) -> Socket? {
    connections.withLock { connections in
      connections.firstIndex { $0.endpoint == endpoint }.map { connections.remove(at: $0).socket }
    }
  }

  func put(_ connection: Socket, _ endpoint: Endpoint) {
    connections.withLock { connections in
      connections.removeAll { $0.endpoint == endpoint }
      connections.append((endpoint, connection))
    }
  }
}
