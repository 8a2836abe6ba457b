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
  private let idle = IdleConnections()

  package init(
    credentials: Credentials = Credentials(), runID: String, version: String,
    timeout: Duration = .seconds(5), retries: Int = 1, deadline: Duration = .seconds(30)
  ) {
    self.credentials = credentials
    self.runID = runID
    self.version = version
    self.timeout = timeout
    self.retries = retries
    roundEnd = ContinuousClock.now + deadline
  }

  /// The deadline of a probe that begins now.
  package var deadline: Deadline { Deadline(after: timeout, atMost: roundEnd) }

  /// One exchange with an Agent; plain ones go over our own sockets.
  ///
  /// - Parameter keeping: whether the connection serves the next exchange that keeps it, too.
  func exchange(_ request: HTTPRequest, with endpoint: Endpoint, keeping: Bool) async -> Exchange {
    let deadline = deadline
    let retries = retries
    let kept = keeping ? idle.take(endpoint) : nil
    let (exchange, connection) = await onThread {
      SocketRoute.perform(request, to: endpoint, on: kept, retries: retries, until: deadline)
    }
    if keeping, let connection { idle.put(connection, endpoint) }
    return exchange
  }
}

/// Connections that wait for their next exchange.
private final class IdleConnections: Sendable {
  private let connections = Guarded<[Endpoint: Socket]>([:])

  func take(_ endpoint: Endpoint) -> Socket? {
    connections.withLock { $0.removeValue(forKey: endpoint) }
  }

  func put(_ connection: Socket, _ endpoint: Endpoint) {
    connections.withLock { $0[endpoint] = connection }
  }
}
