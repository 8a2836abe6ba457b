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
    let socket = try Socket.make(family: AF_UNIX, type: type)
    guard try socket.connect(address, milliseconds: { deadline.milliseconds }) else {
      throw SystemError(ETIMEDOUT)
    }
    return try socket.send(payload[...]) ?? 0
  }
}
