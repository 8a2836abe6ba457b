package import Configuration
import Diagnosis
package import Wire

/// Hands on what a tracer sends, byte for byte, to the Agent that is configured for it.
package final class AgentRelay: Sendable {
  private struct State {
    var idle: [Socket] = []
    /// Where datagrams go; nil where they go nowhere.
    var datagrams: DatagramOutlet?
    var outcome: CapturedForwarding
  }

  private let endpoint: Endpoint
  private let prefix: String
  private let timeout: Duration
  private let tls: CurlOptions
  private let curl = CurlClient()
  private let state: Guarded<State>

  /// Nil where no address of an Agent is configured that can be used.
  package init?(_ settings: Settings, timeout: Duration, tls: TLSOptions) {
    guard let endpoint = settings.agent.endpoint else { return nil }
    self.endpoint = endpoint
    prefix = settings.agent.prefix
    self.timeout = timeout
    // A tracer reaches its Agent directly, whatever proxies are set.
    self.tls = CurlOptions(caFile: tls.caFile, connectTo: tls.connectTo)
    var start = State(outcome: CapturedForwarding(url: printable(settings.agent.url)))
    do throws(Fault) {
      start.datagrams = try DatagramOutlet(
        to: settings.dogStatsD, until: Deadline(after: min(timeout, .seconds(1))))
    } catch {
      start.outcome.datagramFault = printable("\(settings.dogStatsD.url): \(error.message)")
    }
    state = Guarded(start)
  }

  /// What became of all that was passed on.
  package var outcome: CapturedForwarding { state.withLock(\.outcome) }

  /// Hands a request on and waits for nothing; it calls back with nil where the Agent gives no
  /// answer, at the latest when the time is over.
  package func pass(
    _ request: HTTPRequest, _ answered: @escaping @Sendable (HTTPResponse?) -> Void
  ) {
    let onward = onward(request)
    switch endpoint {
    case .tls:
      curl.pass(onward, to: endpoint, tls, until: Deadline(after: timeout)) { [self] result in
        answered(noted(result))
      }
    case .tcp, .unix:
      detachThread { [self] in
        let idle = state.withLock { $0.idle.popLast() }
        var result = answer(to: onward, on: idle)
        // An Agent closes a connection that it kept when it likes: a new one tells.
        if idle != nil, case .failure(let fault) = result,
          [.closed, .reset].contains(fault.failureClass)
        {
          result = answer(to: onward, on: nil)
        }
        answered(noted(result))
      }
    }
  }

  /// Hands a datagram on, and waits for nothing: a loop calls it that has others to serve.
  package func pass(datagram: [UInt8]) {
    state.withLock { $0.datagrams?.send(datagram) }
  }

  private func answer(to request: HTTPRequest, on idle: Socket?) -> Result<HTTPResponse, Fault> {
    var route = SocketRoute(request, to: endpoint, until: Deadline(after: timeout))
    do throws(Fault) {
      let (response, connection) = try route.respond(on: idle)
      state.withLock { state in
        if let connection, state.idle.count < 16 { state.idle.append(connection) }
      }
      return .success(response)
    } catch {
      return .failure(error)
    }
  }

  /// Counts what came of a request; the answer as it is handed back, nil where there is none.
  private func noted(_ result: Result<HTTPResponse, Fault>) -> HTTPResponse? {
    switch result {
    case .success(var response):
      response.fields.fields.removeAll { Self.hopByHop.contains($0.name.lowercased()) }
      state.withLock { $0.outcome.answered += 1 }
      return response
    case .failure(let fault):
      state.withLock { state in
        state.outcome.unanswered += 1
        state.outcome.fault = fault.message
      }
      return nil
    }
  }

  /// The request as it came; what concerns a single connection is written anew (RFC 9110, 7.6.1).
  private func onward(_ request: HTTPRequest) -> HTTPRequest {
    var onward = request
    onward.target = prefix + request.target
    onward.host = endpoint.hostField
    onward.fields.fields.removeAll { Self.hopByHop.contains($0.name.lowercased()) }
    return onward
  }

  private static let hopByHop: Set<String> = [
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "expect", "te",
    "upgrade", "proxy-connection",
  ]
}
