import Configuration
import Diagnosis
import Wire
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Plain HTTP over TCP and Unix sockets, by hand: it sees what a port really said.
///
/// A linked libcurl costs every start 4.5 ms and hides greetings, half heads and each address's errno.
struct SocketRoute {
  let request: HTTPRequest
  let endpoint: Endpoint
  let deadline: Deadline
  var limits = HTTPLimits()

  private var attempts: [Exchange.Attempt] = []
  private var phases = Transfer.Phases()
  private var sent = 0
  private var received = 0
  private let start = ContinuousClock.now

  init(_ request: HTTPRequest, to endpoint: Endpoint, until deadline: Deadline) {
    self.request = request
    self.endpoint = endpoint
    self.deadline = deadline
  }

  /// One exchange; the connection comes back where it can serve another one.
  static func perform(
    _ request: HTTPRequest, to endpoint: Endpoint, on idle: Socket? = nil, retries: Int,
    until deadline: Deadline
  ) -> (exchange: Exchange, connection: Socket?) {
    var route = SocketRoute(request, to: endpoint, until: deadline)
    var tries = 1
    var (exchange, connection) = route.once(on: idle)
    if idle != nil, exchange.received == 0, exchange.isWorthRetrying {
      // The peer closed a connection that we kept: that says nothing about a new one.
      route = SocketRoute(request, to: endpoint, until: deadline)
      (exchange, connection) = route.once(on: nil)
    }
    while exchange.isWorthRetrying, tries <= retries, deadline.milliseconds > pause {
      poll(nil, 0, pause)
      tries += 1
      route = SocketRoute(request, to: endpoint, until: deadline)
      (exchange, connection) = route.once(on: nil)
    }
    exchange.tries = tries
    return (exchange, connection)
  }

  /// A connection and nothing on it; its answer is an empty one.
  static func connection(to endpoint: Endpoint, until deadline: Deadline) -> Exchange {
    var route = SocketRoute(HTTPRequest("GET", "/", host: ""), to: endpoint, until: deadline)
    var result: Exchange.Result
    do throws(Fault) {
      _ = try route.connected()
      result = .answered(Answer(HTTPResponse(0)))
    } catch {
      result = .failed(error)
    }
    route.phases.total = (ContinuousClock.now - route.start).milliseconds
    return Exchange(
      method: "", url: "tcp://\(endpoint.description)", result: result, attempts: route.attempts,
      phases: route.phases)
  }

  private static let pause: Int32 = 20

  private mutating func once(on idle: Socket?) -> (Exchange, Socket?) {
    var kept: Socket?
    let result: Exchange.Result
    do throws(Fault) {
      let (response, connection) = try respond(on: idle)
      result = .answered(Answer(response))
      kept = connection
    } catch {
      result = .failed(error)
    }
    phases.total = (ContinuousClock.now - start).milliseconds
    let exchange = Exchange(
      method: request.method, url: endpoint.url(request.target), result: result,
      attempts: attempts, phases: phases, sent: sent, received: received)
    return (exchange, kept)
  }

  /// The whole answer as it came, with the connection where it can serve another exchange.
  mutating func respond(on idle: Socket?) throws(Fault) -> (HTTPResponse, Socket?) {
    let connection = if let idle { idle } else { try connected() }
    try send(on: connection)
    let (response, keepsAlive) = try receive(from: connection)
    return (response, keepsAlive ? connection : nil)
  }

  private mutating func connected() throws(Fault) -> Socket {
    switch endpoint {
    case .unix(let path):
      guard let address = Socket.unixAddress(path) else {
        throw Fault(.malformed, "the socket's path is longer than 107 bytes")
      }
      return try connected([ResolvedAddress(family: AF_UNIX, bytes: address, text: path)])
    case .tcp(let host, let port), .tls(let host, let port):
      let addresses = try Resolver.addresses(of: host, port: port, until: deadline)
      phases.dns = (ContinuousClock.now - start).milliseconds
      return try connected(addresses)
    }
  }

  /// Tries each address in turn, each within its share of the time that is left.
  private mutating func connected(_ addresses: [ResolvedAddress]) throws(Fault) -> Socket {
    let begin = ContinuousClock.now
    var faults: [Fault] = []
    for (index, address) in addresses.enumerated() {
      let share = deadline.milliseconds / Int32(addresses.count - index)
      let first = ContinuousClock.now
      do throws(SystemError) {
        let socket = try Socket.make(family: address.family, type: Socket.stream)
        let stands = try socket.connect(address.bytes) {
          max(0, share - Int32((ContinuousClock.now - first).milliseconds))
        }
        if stands {
          attempts.append(.init(address: address.text, error: nil))
          phases.connect = (ContinuousClock.now - begin).milliseconds
          return socket
        }
        let fault = deadline.fault("no answer to the connection attempt")
        attempts.append(.init(address: address.text, error: "timed out"))
        faults.append(fault)
      } catch {
        let fault = error.fault(unix: address.family == AF_UNIX, connecting: true)
        if error.code == ECONNRESET {
          // A refused attempt is ECONNREFUSED: this connection stood, and was reset at once.
          attempts.append(.init(address: address.text, error: nil))
          throw fault
        }
        attempts.append(.init(address: address.text, error: fault.message))
        faults.append(fault)
      }
    }
    // A refusal says more than a missing route of the other family.
    let telling = faults.first { $0.failureClass == .refused || $0.failureClass == .timeout }
    throw telling ?? faults.first ?? Fault(.dns, "the name has no address")
  }

  private mutating func send(on connection: Socket) throws(Fault) {
    var left = request.bytes[...]
    while !left.isEmpty {
      do throws(SystemError) {
        if let count = try connection.send(left) {
          left = left.dropFirst(count)
          sent += count
          continue
        }
      } catch {
        // An answer may stand in the buffer all the same, as a 413 does.
        if error.code == EPIPE { return }
        throw error.fault(connecting: false)
      }
      guard
        Socket.wait(
          connection.descriptor, for: Int16(POLLOUT), milliseconds: deadline.milliseconds) != nil
      else { throw deadline.fault("it took no data for \(seconds)") }
    }
  }

  private mutating func receive(from connection: Socket) throws(Fault) -> (HTTPResponse, Bool) {
    var parser = HTTPResponseParser(toHEAD: request.method == "HEAD", limits: limits)
    while true {
      guard
        Socket.wait(
          connection.descriptor, for: Int16(POLLIN), milliseconds: deadline.milliseconds) != nil
      else { throw timedOut(parser) }
      let bytes: [UInt8]
      do throws(SystemError) {
        guard let received = try connection.receive() else { continue }
        bytes = received
      } catch {
        var fault = error.fault(connecting: false)
        fault.status = parser.partial?.status
        throw fault
      }
      guard !bytes.isEmpty else {
        guard parser.close(), let response = parser.response else { throw closed(parser) }
        return (response, false)
      }
      if received == 0 { phases.firstByte = (ContinuousClock.now - start).milliseconds }
      received += bytes.count
      do throws(HTTPSyntaxError) {
        try parser.feed(bytes)
      } catch {
        throw Fault(syntax: error, status: parser.partial?.status)
      }
      if let response = parser.response { return (response, parser.keepsAlive) }
    }
  }

  private func timedOut(_ parser: HTTPResponseParser) -> Fault {
    let what =
      if received == 0 {
        "connected, but no answer for \(seconds)"
      } else if parser.partial == nil {
        "only half a head came in \(seconds)"
      } else {
        "the answer did not end within \(seconds)"
      }
    var fault = deadline.fault(what)
    fault.status = parser.partial?.status
    if parser.partial == nil, received > 0 { fault.heard = printable(parser.heard) }
    return fault
  }

  private func closed(_ parser: HTTPResponseParser) -> Fault {
    if let partial = parser.partial {
      return Fault(.closed, "connection closed in the middle of the body", status: partial.status)
    }
    if received == 0 { return Fault(.closed, "connection closed without an answer") }
    return Fault(
      .protocol, "connection closed in the middle of the head", heard: printable(parser.heard))
  }

  private var seconds: String {
    let passed = (ContinuousClock.now - start).milliseconds
    return passed < 950 ? "\(Int(passed)) ms" : "\(Int((passed / 1000).rounded())) s"
  }
}

extension Exchange {
  /// Refused, or closed without a byte: what may be asked again.
  fileprivate var isWorthRetrying: Bool {
    switch fault?.failureClass {
    case .refused: true
    case .closed, .reset: received == 0
    default: false
    }
  }
}

extension Fault {
  /// What a broken message says about who is on the port.
  init(syntax error: HTTPSyntaxError, status: Int?) {
    switch error {
    case .notHTTP(let bytes):
      let heard = printable(bytes, limit: 60)
      self.init(
        .protocol, "not HTTP: \(Greeting.owner(bytes) ?? "it says '\(heard)'")", heard: heard)
    case .malformed(let what):
      self.init(.protocol, "malformed HTTP: \(what)", status: status)
    case .tooLarge(let what):
      self.init(.tooLarge, "the answer is a flood: \(what)", status: status)
    }
  }
}

/// Who greets like this.
enum Greeting {
  static func owner(_ bytes: [UInt8]) -> String? {
    func begins(_ text: String) -> Bool { bytes.starts(with: text.utf8) }
    if begins("SSH-") { return "an SSH server greets with '\(printable(bytes, limit: 40))'" }
    if begins("-ERR") || begins("-NOAUTH") || begins("-DENIED") {
      return "Redis answers '\(printable(bytes, limit: 40))'"
    }
    if begins("220 ") || begins("220-") { return "a mail or FTP server greets" }
    if begins("* OK") { return "an IMAP server greets" }
    if bytes.first == 0x15 || bytes.first == 0x16, bytes.dropFirst().first == 0x03 {
      return "it speaks TLS (https)"
    }
    if bytes.count >= 9, bytes[0...2] == [0, 0, bytes[2]], bytes[3] == 4 {
      return "it speaks HTTP/2 without HTTP/1.1"
    }
    if bytes.count > 5, bytes[3] == 0, bytes[4] == 0x0A { return "MySQL greets" }
    return nil
  }
}
