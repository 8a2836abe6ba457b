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
  private let state: Guarded<State>

  /// Nil where no plain connection leads to the Agent.
  package init?(_ settings: Settings, timeout: Duration) {
    switch settings.agent.endpoint {
    case .tcp, .unix: break
    case .tls, nil: return nil
    }
    guard let endpoint = settings.agent.endpoint else { return nil }
    self.endpoint = endpoint
    prefix = settings.agent.prefix
    self.timeout = timeout
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

  /// Hands a request on; nil where the Agent gives no answer.
  ///
  /// It blocks for as long as the Agent takes, and at most for the time-out.
  package func pass(_ request: HTTPRequest) -> HTTPResponse? {
    let onward = onward(request)
    let idle = state.withLock { $0.idle.popLast() }
    do throws(Fault) {
      return try answer(to: onward, on: idle)
    } catch {
      // An Agent closes a connection that it kept when it likes: a new one tells.
      let isStale = idle != nil && [.closed, .reset].contains(error.failureClass)
      do throws(Fault) {
        if isStale { return try answer(to: onward, on: nil) }
        note(error)
      } catch {
        note(error)
      }
      return nil
    }
  }

  /// Hands a datagram on, and waits for nothing: a loop calls it that has others to serve.
  package func pass(datagram: [UInt8]) {
    state.withLock { $0.datagrams?.send(datagram) }
  }

  private func answer(to request: HTTPRequest, on idle: Socket?) throws(Fault) -> HTTPResponse {
    var route = SocketRoute(request, to: endpoint, until: Deadline(after: timeout))
    var (response, connection) = try route.respond(on: idle)
    response.fields.fields.removeAll { Self.hopByHop.contains($0.name.lowercased()) }
    state.withLock { state in
      state.outcome.answered += 1
      if let connection, state.idle.count < 16 { state.idle.append(connection) }
    }
    return response
  }

  private func note(_ fault: Fault) {
    state.withLock { state in
      state.outcome.unanswered += 1
      state.outcome.fault = fault.message
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
