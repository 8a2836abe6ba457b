import Synchronization
import Wire

/// Answers what connections ask, and keeps the log of it.
final class Desk: Sendable {
  private struct Log {
    var requests: [Received] = []
    var traffic = CapturedTraffic()
    var texts = KnownTexts()
    /// Requests that have been handed on and not been answered yet.
    var underWay = 0
    var connections = 0
  }

  typealias Answers = @Sendable (HTTPRequest, TraceResult?) -> HTTPResponse?

  private let effect: Effect?
  private let answers: Answers
  private let delay: Int
  private let options: StandInAgent.Options
  private let log = Mutex(Log())

  init(
    _ options: StandInAgent.Options, effect: Effect?, delay: Int, answers: @escaping Answers
  ) {
    self.options = options
    self.effect = effect
    self.delay = delay
    self.answers = answers
  }

  var requests: [Received] { log.withLock(\.requests) }
  var traffic: CapturedTraffic { log.withLock(\.traffic) }
  var underWay: Int { log.withLock { $0.underWay + $0.connections } }

  func note(connections: Int) {
    log.withLock { $0.connections = connections }
  }

  func count(_ datagram: ArraySlice<UInt8>) {
    log.withLock { $0.traffic.note(datagram: datagram) }
    options.relay?.pass(datagram: Array(datagram))
  }

  func clerk(for transport: Received.Transport, waking wake: WakeUp) -> any Connection.Answering {
    Clerk(desk: self, transport: transport, wake: wake)
  }

  fileprivate var opening: [Step] {
    if case .connection(let opened, _) = effect { opened } else { [] }
  }

  fileprivate func answer(
    _ request: HTTPRequest, over transport: Received.Transport, keepsAlive: Bool,
    waking wake: WakeUp
  ) -> [Step] {
    options.inspect?(request)
    let letter = open(request, over: transport)
    if case .connection(_, let steps) = effect {
      keep(letter, status: nil)
      return steps
    }
    guard let relay = options.relay else { return steps(answering: letter, nil, keepsAlive) }
    let later = Later(wake)
    log.withLock { $0.underWay += 1 }
    relay.pass(request) { [self] answer in
      let steps = steps(answering: letter, answer, keepsAlive)
      log.withLock { $0.underWay -= 1 }
      later.settle(steps)
    }
    return [.later(later)]
  }

  /// A request, with the traces that were read in it.
  private struct Letter: Sendable {
    let request: HTTPRequest
    let transport: Received.Transport
    var traces: TraceResult?
    var spans: [SpanFacts] = []
  }

  private func open(_ request: HTTPRequest, over transport: Received.Transport) -> Letter {
    var letter = Letter(request: request, transport: transport)
    guard let version = TracePayload.Version(rawValue: path(of: request.target)) else {
      return letter
    }
    let keepsSpans = keepsLog
    letter.traces = log.withLock { log in
      log.traffic.read(request, version, &log.texts) { span in
        if keepsSpans, letter.spans.count < 1_000 { letter.spans.append(span) }
      }
    }
    return letter
  }

  private func steps(
    answering letter: Letter, _ relayed: HTTPResponse?, _ keepsAlive: Bool
  ) -> [Step] {
    let request = letter.request
    guard let response = relayed ?? response(to: request, letter.traces) else {
      keep(letter, status: nil)
      return [.hold]
    }
    // Of what is passed on, the answer that counts is the Agent's: ours stands in for none.
    let isOurs = options.relay != nil && relayed == nil
    keep(letter, status: isOurs ? nil : response.status, answer: response)
    let bytes = response.bytes(isClosing: !keepsAlive, toHEAD: request.method == "HEAD")
    return (delay > 0 ? [.pause(milliseconds: delay)] : [])
      + [.send(bytes)] + (keepsAlive ? [] : [.close])
  }

  private func response(to request: HTTPRequest, _ traces: TraceResult?) -> HTTPResponse? {
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
    keep(Letter(request: request, transport: transport), status: response.status)
    return [.send(response.bytes(isClosing: true)), .close]
  }

  /// Whether anybody wants to know of single requests.
  private var keepsLog: Bool { options.logLimit > 0 || options.onRequest != nil }

  private func keep(_ letter: Letter, status: Int?, answer: HTTPResponse? = nil) {
    let request = letter.request
    let path = path(of: request.target)
    let received =
      keepsLog
      ? Received(
        request, over: letter.transport, traces: try? letter.traces?.get(), spans: letter.spans,
        status: status) : nil
    log.withLock { log in
      log.traffic.note(request, path: path, status: status)
      if path == "/info", let answer { log.traffic.offersProxy = answer.offersProxy }
      guard let received, options.logLimit > 0 else { return }
      if log.requests.count >= options.logLimit { log.requests.removeFirst() }
      log.requests.append(received)
    }
    if let received { options.onRequest?(received) }
  }
}

extension HTTPResponse {
  /// Whether a document at `/info` lists evp_proxy.
  fileprivate var offersProxy: Bool {
    status == 200 && String(decoding: body, as: UTF8.self).holds("/evp_proxy/v2")
  }
}

/// The desk's side of one connection.
private struct Clerk: Connection.Answering {
  let desk: Desk
  let transport: Received.Transport
  let wake: WakeUp

  func opened() -> [Step] { desk.opening }

  func answer(_ request: HTTPRequest, keepsAlive: Bool) -> [Step] {
    desk.answer(request, over: transport, keepsAlive: keepsAlive, waking: wake)
  }

  func refuse(_ error: HTTPSyntaxError, partial: HTTPRequest?) -> [Step] {
    desk.refuse(error, partial: partial, over: transport)
  }
}
