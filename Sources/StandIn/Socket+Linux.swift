import Glibc

/// An open file descriptor, closed when nobody holds it any more.
final class Descriptor: Sendable {
  let raw: Int32

  init(_ raw: Int32) { self.raw = raw }

  deinit { close(raw) }

  /// Bytes read, `.again` where none are there, or `.end` at the peer's end and on any error.
  func receive(into buffer: inout [UInt8]) -> Received {
    while true {
      let (count, code) = buffer.withUnsafeMutableBytes {
        (recv(raw, $0.baseAddress, $0.count, 0), errno)
      }
      if count > 0 { return .bytes(count) }
      if count == 0 { return .end }
      if code != EINTR { return code == EAGAIN ? .again : .end }
    }
  }

  /// The number of bytes that the system took, nil where the peer is gone.
  func transmit(_ bytes: ArraySlice<UInt8>) -> Int? {
    while true {
      let (count, code) = bytes.withUnsafeBytes {
        (send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)), errno)
      }
      if count >= 0 { return count }
      if code != EINTR { return code == EAGAIN ? 0 : nil }
    }
  }

  func finishWriting() { shutdown(raw, Int32(SHUT_WR)) }

  /// Makes the close that follows a reset.
  func resetOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(raw, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  /// The next connection; `exhausted` where the process has no descriptor left for it.
  func nextConnection() -> Accepted {
    let (raw, code) = (accept(raw, nil, nil), errno)
    guard raw >= 0 else {
      return [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) ? .exhausted : .none
    }
    let descriptor = Descriptor(raw)
    descriptor.prepare()
    return .connection(descriptor)
  }

  /// Non-blocking, and closed in children.
  func prepare() {
    _ = fcntl(raw, F_SETFL, fcntl(raw, F_GETFL) | O_NONBLOCK)
    _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
  }

  enum Received { case bytes(Int), again, end }
  enum Accepted { case connection(Descriptor), none, exhausted }
}

/// A bound socket, with the port that the system chose.
struct BoundSocket: Sendable {
  let descriptor: Descriptor
  let port: UInt16

  enum Kind { case stream, datagram }

  /// Binds a TCP or UDP socket; port 0 takes any free one.
  ///
  /// - Throws: `StandInError` where the address is none, is in use, or the system refuses.
  static func bind(_ kind: Kind, host: String, port: UInt16) throws(StandInError) -> BoundSocket {
    guard let address = SocketAddress(host: host, port: port) else { throw .address(host) }
    let descriptor = try open(address.family, kind)
    if kind == .stream {
      var yes: Int32 = 1
      setsockopt(
        descriptor.raw, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
    let code = address.bind(descriptor)
    if code == EADDRINUSE { throw .inUse("\(host):\(port)") }
    guard code == 0 else { throw .system("bind", code) }
    return BoundSocket(descriptor: descriptor, port: SocketAddress.port(of: descriptor))
  }

  /// Binds a Unix stream socket, in place of one that a dead process left behind.
  static func bind(path: String) throws(StandInError) -> BoundSocket {
    guard let address = SocketAddress(path: path) else { throw .path(path) }
    let descriptor = try open(AF_UNIX, .stream)
    var code = address.bind(descriptor)
    if code == EADDRINUSE, FileIdentity(path)?.isSocket == true {
      let probe = try open(AF_UNIX, .stream)
      if address.connect(probe) == ECONNREFUSED {
        unlink(path)
        code = address.bind(descriptor)
      }
    }
    if code == EADDRINUSE { throw .inUse(path) }
    guard code == 0 else { throw .system("bind", code) }
    return BoundSocket(descriptor: descriptor, port: 0)
  }

  /// Starts to take connections.
  func listen() throws(StandInError) {
    let (result, code) = (Glibc.listen(descriptor.raw, 128), errno)
    guard result == 0 else { throw .system("listen", code) }
  }

  private static func open(_ family: Int32, _ kind: Kind) throws(StandInError) -> Descriptor {
    let type = kind == .stream ? SOCK_STREAM : SOCK_DGRAM
    let (raw, code) = (socket(family, Int32(type.rawValue), 0), errno)
    guard raw >= 0 else { throw .system("socket", code) }
    let descriptor = Descriptor(raw)
    descriptor.prepare()
    return descriptor
  }
}

/// A file by device and inode, so that only our own socket is ever removed.
struct FileIdentity: Equatable, Sendable {
  let device: dev_t
  let inode: ino_t
  let isSocket: Bool

  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    device = status.st_dev
    inode = status.st_ino
    isSocket = status.st_mode & S_IFMT == S_IFSOCK
  }
}

/// A pipe whose reading end becomes readable when the writing end is closed.
func makePipe() throws(StandInError) -> (reading: Descriptor, writing: Descriptor) {
  var ends: [Int32] = [-1, -1]
  let (result, code) = (pipe(&ends), errno)
  guard result == 0 else { throw .system("pipe", code) }
  let pair = (reading: Descriptor(ends[0]), writing: Descriptor(ends[1]))
  pair.reading.prepare()
  pair.writing.prepare()
  return pair
}

/// Nanoseconds on a clock that never goes back.
func monotonicNow() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Waits for events, at most so many milliseconds; -1 waits without an end.
func waitForEvents(_ set: inout [pollfd], milliseconds: Int32) {
  _ = poll(&set, nfds_t(set.count), milliseconds)
}
