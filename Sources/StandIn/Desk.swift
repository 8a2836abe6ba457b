import Synchronization
import Wire

/// Answers what connections ask, and keeps the log of it.
final class Desk: Sendable {
  private struct Log {
    var requests: [Received] = []
    var requestCount = 0
    var metrics = ReceivedMetrics()
  }

  private let effect: Effect?
  private let answers: @Sendable (HTTPRequest, Result<Traces, Traces.Malformed>?) -> HTTPResponse?
  private let delay: Int
  private let options: StandInAgent.Options
  private let log = Mutex(Log())

  init(
    _ options: StandInAgent.Options, effect: Effect?, delay: Int,
    answers:
      @escaping @Sendable (HTTPRequest, Result<Traces, Traces.Malformed>?) -> HTTPResponse?
  ) {
    self.options = options
    self.effect = effect
    self.delay = delay
    self.answers = answers
  }

  var requests: [Received] { log.withLock(\.requests) }
  var requestCount: Int { log.withLock(\.requestCount) }
  var metrics: ReceivedMetrics { log.withLock(\.metrics) }

  func count(_ datagram: ArraySlice<UInt8>) {
    log.withLock { $0.metrics.add(datagram) }
  }

  func clerk(for transport: Received.Transport) -> any Connection.Answering {
    Clerk(desk: self, transport: transport)
  }

  fileprivate var opening: [Step] {
    if case .connection(let opened, _) = effect { opened } else { [] }
  }

  fileprivate func answer(
    _ request: HTTPRequest, over transport: Received.Transport, keepsAlive: Bool
  ) -> [Step] {
    options.inspect?(request)
    let traces = Traces.Version(rawValue: path(of: request.target)).map {
      Traces.decode(request, $0)
    }
    let decoded = try? traces?.get()
    if case .connection(_, let steps) = effect {
      keep(Received(request, over: transport, traces: decoded, status: nil))
      return steps
    }
    guard let response = response(to: request, traces) else {
      keep(Received(request, over: transport, traces: decoded, status: nil))
      return [.hold]
    }
    keep(Received(request, over: transport, traces: decoded, status: response.status))
    let bytes = response.bytes(isClosing: !keepsAlive, toHEAD: request.method == "HEAD")
    return (delay > 0 ? [.pause(milliseconds: delay)] : [])
      + [.send(bytes)] + (keepsAlive ? [] : [.close])
  }

  private func response(to request: HTTPRequest, _ traces: Result<Traces, Traces.Malformed>?)
    -> HTTPResponse?
  {
    if case .answer(let answer) = effect { return answer(request.method, request.target) }
    return answers(request, traces)
  }

  /// As Go's server answers what it can't read, and the Agent what is too large for it.
  fileprivate func refuse(
    _ error: HTTPSyntaxError, partial: HTTPRequest?, over transport: Received.Transport
  ) -> [Step] {
    if case .connection(_, let steps) = effect { return steps }
    let response =
      switch error {
      case .tooLarge where partial != nil: HTTPResponse.error(413, "payload-too-large")
      case .tooLarge: HTTPResponse.error(431, "431 Request Header Fields Too Large")
      case .notHTTP, .malformed: HTTPResponse.error(400, "400 Bad Request")
      }
    let request = partial ?? HTTPRequest("?", "?", host: "")
    keep(Received(request, over: transport, traces: nil, status: response.status))
    return [.send(response.bytes(isClosing: true)), .close]
  }

  private func keep(_ received: Received) {
    log.withLock { log in
      log.requestCount += 1
      if log.requests.count >= max(1, options.logLimit) { log.requests.removeFirst() }
      log.requests.append(received)
    }
    options.onRequest?(received)
  }
}

/// The desk's side of one connection.
private struct Clerk: Connection.Answering {
  let desk: Desk
  let transport: Received.Transport

  func opened() -> [Step] { desk.opening }

  func answer(_ request: HTTPRequest, keepsAlive: Bool) -> [Step] {
    desk.answer(request, over: transport, keepsAlive: keepsAlive)
  }

  func refuse(_ error: HTTPSyntaxError, partial: HTTPRequest?) -> [Step] {
    desk.refuse(error, partial: partial, over: transport)
  }
}
