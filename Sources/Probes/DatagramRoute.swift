import Configuration
package import Diagnosis
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What became of a datagram: nothing ever answers, so only a refusal is news.
package struct DatagramAnswer: Codable, Equatable, Sendable {
  package var url: String
  /// The addresses that it was sent to.
  package var addresses: [String]
  package var sent: Int
  package var fault: Fault?
  package var phases: Transfer.Phases

  package init(
    url: String, addresses: [String] = [], sent: Int = 0, fault: Fault? = nil,
    phases: Transfer.Phases = .init()
  ) {
    self.url = url
    self.addresses = addresses
    self.sent = sent
    self.fault = fault
    self.phases = phases
  }
}

/// Sends one datagram from a connected socket, which alone hears an ICMP refusal.
struct DatagramRoute {
  static func send(_ payload: [UInt8], to address: DogStatsDAddress, until deadline: Deadline)
    -> DatagramAnswer
  {
    var answer = DatagramAnswer(url: address.url)
    let start = ContinuousClock.now
    do throws(Fault) {
      switch address.target {
      case .udp(let host, let port):
        try sendUDP(payload, host, port, &answer, start, deadline)
      case .unix(let path):
        try sendUnix(payload, path, &answer, deadline)
      case nil:
        throw Fault(.malformed, address.fault?.reason ?? "no address")
      }
    } catch {
      answer.fault = error
    }
    answer.phases.total = (ContinuousClock.now - start).milliseconds
    return answer
  }

  private static func sendUDP(
    _ payload: [UInt8], _ host: String, _ port: Int, _ answer: inout DatagramAnswer,
    _ start: ContinuousClock.Instant, _ deadline: Deadline
  ) throws(Fault) {
    // Metrics clients take IPv4's loopback for this name; asking the system costs 2 ms.
    let name = host == "localhost" ? "127.0.0.1" : host
    let addresses = try Resolver.addresses(of: name, port: port, datagram: true, until: deadline)
    answer.phases.dns = (ContinuousClock.now - start).milliseconds
    var refusal: Fault?
    for address in addresses {
      answer.addresses.append(address.text)
      do throws(SystemError) {
        let socket = try Socket.make(family: address.family, type: Socket.datagram)
        _ = try socket.connect(address.bytes) { deadline.milliseconds }
        answer.sent += try socket.send(payload[...]) ?? 0
        // Over loopback a refusal stands at once; over a network it takes a round trip.
        let patience: Int32 = isLoopback(address.text) ? 1 : 100
        _ = Socket.wait(
          socket.descriptor, for: Int16(POLLIN), milliseconds: min(patience, deadline.milliseconds))
        if let error = socket.pendingError { throw error }
        return
      } catch {
        refusal = refusal ?? error.fault(connecting: false)
      }
    }
    throw refusal ?? Fault(.dns, "the name has no address")
  }

  private static func isLoopback(_ address: String) -> Bool {
    address.hasPrefix("127.") || address == "::1"
  }

  private static func sendUnix(
    _ payload: [UInt8], _ path: String, _ answer: inout DatagramAnswer, _ deadline: Deadline
  ) throws(Fault) {
    guard let address = Socket.unixAddress(path) else {
      throw Fault(.malformed, "the socket's path is longer than 107 bytes")
    }
    answer.addresses = [path]
    do throws(SystemError) {
      answer.sent = try send(payload, address, Socket.datagram, deadline)
    } catch {
      // dsd.socket may be a stream: then each message has a length before it.
      guard error.code == EPROTOTYPE else { throw error.fault(unix: true, connecting: true) }
      do throws(SystemError) {
        let length = withUnsafeBytes(of: UInt32(payload.count).littleEndian) { Array($0) }
        answer.sent = try send(length + payload, address, Socket.stream, deadline)
      } catch {
        throw error.fault(unix: true, connecting: true)
      }
    }
  }

  private static func send(
    _ payload: [UInt8], _ address: [UInt8], _ type: Int32, _ deadline: Deadline
  ) throws(SystemError) -> Int {
    try DatagramOutlet.socket(AF_UNIX, type, address, deadline).send(payload[...]) ?? 0
  }
}

/// Sockets that are connected once; what they can't take at once is lost, as any datagram may be.
struct DatagramOutlet: Sendable {
  /// One for each address, of which the first is used until it is refused.
  private var sockets: [Socket] = []
  /// dsd.socket may be a stream: then each message has a length before it.
  private var isStream = false

  init(to address: DogStatsDAddress, until deadline: Deadline) throws(Fault) {
    switch address.target {
    case .udp(let host, let port):
      // Metrics clients take IPv4's loopback for this name.
      let name = host == "localhost" ? "127.0.0.1" : host
      var refusal: Fault?
      for found in try Resolver.addresses(of: name, port: port, datagram: true, until: deadline) {
        do throws(SystemError) {
          sockets.append(try Self.socket(found.family, Socket.datagram, found.bytes, deadline))
        } catch {
          refusal = refusal ?? error.fault(connecting: true)
        }
      }
      if sockets.isEmpty { throw refusal ?? Fault(.dns, "the name has no address") }
    case .unix(let path): try connectUnix(path, deadline)
    case nil: throw Fault(.malformed, address.fault?.reason ?? "no address")
    }
  }

  private mutating func connectUnix(_ path: String, _ deadline: Deadline) throws(Fault) {
    guard let address = Socket.unixAddress(path) else {
      throw Fault(.malformed, "the socket's path is longer than 107 bytes")
    }
    do throws(SystemError) {
      sockets = [try Self.socket(AF_UNIX, Socket.datagram, address, deadline)]
    } catch {
      guard error.code == EPROTOTYPE else { throw error.fault(unix: true, connecting: true) }
      isStream = true
      do throws(SystemError) {
        sockets = [try Self.socket(AF_UNIX, Socket.stream, address, deadline)]
      } catch {
        throw error.fault(unix: true, connecting: true)
      }
    }
  }

  fileprivate static func socket(
    _ family: Int32, _ type: Int32, _ address: [UInt8], _ deadline: Deadline
  ) throws(SystemError) -> Socket {
    let socket = try Socket.make(family: family, type: type)
    guard try socket.connect(address, milliseconds: { deadline.milliseconds }) else {
      throw SystemError(ETIMEDOUT)
    }
    return socket
  }

  mutating func send(_ payload: [UInt8]) {
    let length = withUnsafeBytes(of: UInt32(payload.count).littleEndian) { Array($0) }
    let message = isStream ? length + payload : payload
    while let socket = sockets.first {
      do throws(SystemError) {
        let sent = try socket.send(message[...])
        // Behind half a message of a stream no other can be read.
        if isStream, let sent, sent < message.count { sockets = [] }
        return
      } catch {
        // Another address may be the one where somebody listens; the last one is kept.
        guard sockets.count > 1 else { return }
        sockets.removeFirst()
      }
    }
  }
}
