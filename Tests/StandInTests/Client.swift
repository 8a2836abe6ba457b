import Glibc
import Wire

/// A blocking client that says in one line what it saw.
final class Client {
  enum Ending: Equatable {
    case complete, closed, reset, silence, refused
    case notHTTP, malformed(String), tooLarge(String)
  }

  struct Seen {
    var ending: Ending
    var response: HTTPResponse?
    var heard: [UInt8] = []

    /// `200 {"version"…`, `closed after HTTP/1.1`, `reset in the body of a 200`.
    var summary: String {
      switch ending {
      case .complete: "\(response?.status ?? 0) \(printable(response?.body ?? [], limit: 60))"
      case .malformed(let what): "malformed: \(what)"
      case .tooLarge(let what): "too large: \(what)"
      case .closed, .reset, .silence, .refused, .notHTTP:
        if let response {
          "\(ending) in the body of a \(response.status)"
        } else {
          heard.isEmpty ? "\(ending)" : "\(ending) after \(printable(heard, limit: 60))"
        }
      }
    }
  }

  private let socket: Int32
  private let isConnected: Bool

  init(port: UInt16) {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    isConnected = Self.connect(socket, &address)
  }

  init(path: String) {
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    isConnected = Self.connect(socket, &address)
  }

  deinit { close(socket) }

  private static func connect<Address>(_ socket: Int32, _ address: inout Address) -> Bool {
    withUnsafeBytes(of: &address) {
      Glibc.connect(
        socket, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count)) == 0
    }
  }

  func exchange(_ request: HTTPRequest, within milliseconds: Int = 20_000) -> Seen {
    guard send(request.bytes) else { return Seen(ending: isConnected ? .reset : .refused) }
    return receive(toHEAD: request.method == "HEAD", within: milliseconds)
  }

  /// False where the peer is gone.
  func send(_ bytes: [UInt8]) -> Bool {
    guard isConnected else { return false }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  func finishSending() { shutdown(socket, Int32(SHUT_WR)) }

  /// Bytes behind the last answer, which belong to the next.
  private var kept: [UInt8] = []

  func receive(toHEAD: Bool = false, within milliseconds: Int = 20_000) -> Seen {
    guard isConnected else { return Seen(ending: .refused) }
    var limits = HTTPLimits()
    limits.body = 1024 * 1024
    var parser = HTTPResponseParser(toHEAD: toHEAD, limits: limits)
    let deadline = Self.now + milliseconds
    do throws(HTTPSyntaxError) {
      while true {
        while !kept.isEmpty {
          try parser.feed([kept.removeFirst()])
          if let response = parser.response { return Seen(ending: .complete, response: response) }
        }
        switch readSome(until: deadline) {
        case .some(let bytes) where !bytes.isEmpty: kept = bytes
        case .some:
          if parser.close(), let response = parser.response {
            return Seen(ending: .complete, response: response)
          }
          return Seen(ending: .closed, response: parser.partial, heard: parser.heard)
        case .none:
          let ending = lastError == 0 ? Ending.silence : .reset
          return Seen(ending: ending, response: parser.partial, heard: parser.heard)
        }
      }
    } catch {
      switch error {
      case .notHTTP(let heard): return Seen(ending: .notHTTP, heard: heard + kept)
      case .malformed(let what): return Seen(ending: .malformed(what))
      case .tooLarge(let what): return Seen(ending: .tooLarge(what))
      }
    }
  }

  private var lastError: Int32 = 0

  /// Bytes, none at the end, nil on an error or when the time is up.
  func readSome(until deadline: Int) -> [UInt8]? {
    lastError = 0
    var set = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    guard poll(&set, 1, Int32(clamping: max(0, deadline - Self.now))) > 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let (count, code) = (recv(socket, &buffer, buffer.count, 0), errno)
    guard count >= 0 else {
      lastError = code
      return nil
    }
    return Array(buffer.prefix(count))
  }

  /// Everything until the peer closes or the time is up.
  func readAll(within milliseconds: Int = 20_000) -> [UInt8] {
    let deadline = Self.now + milliseconds
    var all = kept
    while let bytes = readSome(until: deadline), !bytes.isEmpty { all += bytes }
    return all
  }

  static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }

  /// Sends one datagram to a UDP port on loopback.
  static func sendDatagram(_ bytes: [UInt8], to port: UInt16) -> Bool {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    guard connect(socket, &address) else { return false }
    return bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, 0) } == bytes.count
  }
}
