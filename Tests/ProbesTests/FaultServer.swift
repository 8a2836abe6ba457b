import Diagnosis
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A server that plays one script of bytes to each connection, on a port or socket of its own.
final class FaultServer: Sendable {
  enum Step: Sendable {
    /// Reads until a whole head has come, or this many bytes where a count is given.
    case hear(atLeast: Int = 0)
    case say([UInt8])
    /// Says the same until the peer is gone.
    case sayForever([UInt8])
    /// Says one byte after the other, far apart, until the peer is gone.
    case drip([UInt8])
    /// Says nothing until the peer is gone.
    case hold
    /// Ends the connection by a reset.
    case reset

    static func say(_ text: String) -> Step { .say(Array(text.utf8)) }
    static func sayForever(_ text: String) -> Step { .sayForever(Array(text.utf8)) }
    static func drip(_ text: String) -> Step { .drip(Array(text.utf8)) }
  }

  struct SocketError: Error {
    let call: String
    let errno: Int32
  }

  let port: Int
  private let listener: Int32
  /// A pipe whose writing end, once closed, stops every wait.
  private let stopReader: Int32
  private let stopWriter: Int32
  private let log = Guarded<[[UInt8]]>([])

  /// Listens on loopback.
  init(_ script: [Step]) throws {
    listener = try Self.loopbackListener()
    port = try Self.port(of: listener)
    (stopReader, stopWriter) = try Self.stopPipe()
    start(script)
  }

  /// Listens on a Unix socket.
  init(_ script: [Step], at path: String) throws {
    listener = try Self.unixListener(at: path)
    port = 0
    (stopReader, stopWriter) = try Self.stopPipe()
    start(script)
  }

  deinit {
    close(stopWriter)
  }

  /// What each connection has sent so far.
  var heard: [[UInt8]] { log.withLock { $0 } }

  /// All of it as text.
  var heardText: String { heard.map { String(decoding: $0, as: UTF8.self) }.joined() }

  private func start(_ script: [Step]) {
    let player = Player(listener: listener, stop: stopReader, script: script, log: log)
    Thread.detachNewThread { player.run() }
  }

  private static func stopPipe() throws -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SocketError(call: "pipe", errno: errno) }
    return (ends[0], ends[1])
  }
}

/// The server's thread.
private struct Player: Sendable {
  let listener: Int32
  let stop: Int32
  let script: [FaultServer.Step]
  let log: Guarded<[[UInt8]]>

  func run() {
    while awaits(listener) {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      log.withLock { $0.append([]) }
      for step in script {
        guard play(step, on: connection) else { break }
      }
      close(connection)
    }
    close(listener)
    close(stop)
  }

  /// False where nothing more can be played.
  private func play(_ step: FaultServer.Step, on connection: Int32) -> Bool {
    switch step {
    case .hear(let count):
      var heard: [UInt8] = []
      while count > 0 ? heard.count < count : !heard.contains(Array("\r\n\r\n".utf8)) {
        guard let bytes = read(connection) else { return false }
        heard += bytes
      }
      return true
    case .say(let bytes): return write(bytes, to: connection)
    case .sayForever(let bytes):
      while write(bytes, to: connection) {}
      return false
    case .drip(let bytes):
      for byte in bytes {
        guard write([byte], to: connection), !isGone(connection, within: 40) else { return false }
      }
      return play(.hold, on: connection)
    case .hold:
      while read(connection) != nil {}
      return false
    case .reset:
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      return false
    }
  }

  /// Waits until there is something to read or accept; false once the server is to stop.
  private func awaits(_ descriptor: Int32) -> Bool {
    var waits = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&waits, 2, -1) < 0 {
      guard errno == EINTR else { return false }
    }
    return waits[1].revents == 0
  }

  /// Whether the peer closes, or the server stops, within some milliseconds.
  private func isGone(_ connection: Int32, within milliseconds: Int32) -> Bool {
    var waits = [
      pollfd(fd: connection, events: 0, revents: 0), pollfd(fd: stop, events: 0, revents: 0),
    ]
    return poll(&waits, 2, milliseconds) > 0
  }

  private func read(_ connection: Int32) -> [UInt8]? {
    guard awaits(connection) else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(connection, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    let bytes = Array(buffer.prefix(count))
    log.withLock { $0[$0.count - 1] += bytes }
    return bytes
  }

  private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var left = bytes[...]
    while !left.isEmpty {
      var waits = [
        pollfd(fd: connection, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: stop, events: 0, revents: 0),
      ]
      guard poll(&waits, 2, -1) > 0, waits[1].revents == 0 else { return false }
      let count = left.withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | noSignal)
      }
      guard count > 0 else { return false }
      left = left.dropFirst(count)
    }
    return true
  }
}

extension Array where Element == UInt8 {
  fileprivate func contains(_ other: [UInt8]) -> Bool {
    guard count >= other.count else { return false }
    return (0...(count - other.count)).contains { self[$0..<($0 + other.count)] == other[...] }
  }
}

// MARK: - Sockets

#if canImport(Darwin)
  private let stream = SOCK_STREAM
  private let datagram = SOCK_DGRAM
  private let noSignal: Int32 = 0
#else
  private let stream = Int32(SOCK_STREAM.rawValue)
  private let datagram = Int32(SOCK_DGRAM.rawValue)
  private let noSignal = Int32(MSG_NOSIGNAL)
#endif

extension FaultServer {
  /// A socket that listens on 127.0.0.1 with a port that the kernel chose.
  static func loopbackListener(backlog: Int32 = 64) throws -> Int32 {
    let descriptor = try boundToLoopback()
    guard listen(descriptor, backlog) == 0 else {
      throw SocketError(call: "listen", errno: errno)
    }
    return descriptor
  }

  /// A bound socket that does not listen: its port refuses, and nobody else can take it.
  static func boundToLoopback() throws -> Int32 {
    let descriptor = socket(AF_INET, stream, 0)
    guard descriptor >= 0 else { throw SocketError(call: "socket", errno: errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    guard bound == 0 else { throw SocketError(call: "bind", errno: errno) }
    return descriptor
  }

  static func port(of descriptor: Int32) throws -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let named = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    guard named == 0 else { throw SocketError(call: "getsockname", errno: errno) }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// A socket that listens at a path; once it is closed, what stays there is stale.
  static func unixListener(at path: String, takesDatagrams: Bool = false) throws -> Int32 {
    let descriptor = socket(AF_UNIX, takesDatagrams ? datagram : stream, 0)
    guard descriptor >= 0 else { throw SocketError(call: "socket", errno: errno) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    guard bound == 0 else { throw SocketError(call: "bind", errno: errno) }
    if !takesDatagrams, listen(descriptor, 64) != 0 {
      throw SocketError(call: "listen", errno: errno)
    }
    return descriptor
  }
}

extension FaultServer {
  /// A listener whose queue is full, with the connections that fill it: further ones stay unheard.
  static func fullListener() throws -> [Int32] {
    let listener = try loopbackListener(backlog: 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = UInt16(try port(of: listener)).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    var held = [listener]
    for _ in 0..<6 {
      let descriptor = socket(AF_INET, stream, 0)
      guard descriptor >= 0 else { throw SocketError(call: "socket", errno: errno) }
      held.append(descriptor)
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      _ = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
      }
    }
    return held
  }
}
