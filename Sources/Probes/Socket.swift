import Diagnosis
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file descriptor that closes itself.
final class Socket: Sendable {
  let descriptor: Int32

  #if canImport(Glibc)
    static let stream = Int32(SOCK_STREAM.rawValue)
    static let datagram = Int32(SOCK_DGRAM.rawValue)
    private static let sendFlags = Int32(MSG_NOSIGNAL)
  #else
    static let stream = SOCK_STREAM
    static let datagram = SOCK_DGRAM
    private static let sendFlags: Int32 = 0
  #endif

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// A non-blocking socket that no child process inherits.
  static func make(family: Int32, type: Int32) throws(SystemError) -> Socket {
    let descriptor = socket(family, type, 0)
    guard descriptor >= 0 else { throw SystemError(errno) }
    let made = Socket(descriptor)
    guard fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0,
      fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
    else { throw SystemError(errno) }
    #if canImport(Darwin)
      var on: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
    #endif
    if type == stream, family != AF_UNIX {
      var on: Int32 = 1
      setsockopt(
        descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    return made
  }

  /// Connects and waits for it; nil in place of an error is a time-out.
  func connect(_ address: [UInt8], milliseconds: () -> Int32) throws(SystemError) -> Bool {
    while true {
      let (result, code) = address.withUnsafeBytes { raw -> (Int32, Int32) in
        guard let base = raw.bindMemory(to: sockaddr.self).baseAddress else { return (-1, EINVAL) }
        #if canImport(Glibc)
          let result = Glibc.connect(descriptor, base, socklen_t(raw.count))
        #else
          let result = Darwin.connect(descriptor, base, socklen_t(raw.count))
        #endif
        return (result, errno)
      }
      if result == 0 { return true }
      switch code {
      case EINPROGRESS: return try finishConnecting(milliseconds: milliseconds())
      case EINTR: continue
      case EAGAIN:
        // A Unix socket whose queue is full: poll(2) can't tell when it is not.
        guard milliseconds() > 0 else { return false }
        poll(nil, 0, min(10, milliseconds()))
      default: throw SystemError(code)
      }
    }
  }

  private func finishConnecting(milliseconds: Int32) throws(SystemError) -> Bool {
    guard Self.wait(descriptor, for: Int16(POLLOUT), milliseconds: milliseconds) != nil else {
      return false
    }
    if let error = pendingError { throw error }
    return true
  }

  /// The error that the kernel holds for this socket, as a refusal by ICMP.
  var pendingError: SystemError? {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else {
      return SystemError(errno)
    }
    return code == 0 ? nil : SystemError(code)
  }

  /// How many bytes were taken; nil where the socket's buffer is full.
  func send(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int? {
    let (count, code) = bytes.withUnsafeBytes { raw -> (Int, Int32) in
      #if canImport(Glibc)
        let count = Glibc.send(descriptor, raw.baseAddress, raw.count, Self.sendFlags)
      #else
        let count = Darwin.send(descriptor, raw.baseAddress, raw.count, Self.sendFlags)
      #endif
      return (count, errno)
    }
    guard count < 0 else { return count }
    if code == EAGAIN || code == EINTR { return nil }
    throw SystemError(code)
  }

  /// What has arrived; empty at the end of the stream, nil where nothing has.
  func receive() throws(SystemError) -> [UInt8]? {
    var code: Int32 = 0
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: 32 * 1024) { buffer, initialized in
      count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      code = errno
      initialized = max(0, count)
    }
    guard count < 0 else { return bytes }
    if code == EAGAIN || code == EINTR { return nil }
    throw SystemError(code)
  }

  /// Waits for events of a descriptor; nil where the time passed first.
  static func wait(_ descriptor: Int32, for events: Int16, milliseconds: Int32) -> Int16? {
    var watched = pollfd(fd: descriptor, events: events, revents: 0)
    let clock = ContinuousClock.now
    while true {
      let passed = Int32((ContinuousClock.now - clock).milliseconds)
      let count = poll(&watched, 1, max(0, milliseconds - passed))
      if count > 0 { return watched.revents }
      if count == 0 || errno != EINTR { return nil }
    }
  }

  /// The bytes of a Unix socket's address; nil where the path is too long for one.
  static func unixAddress(_ path: String) -> [UInt8]? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
      return nil
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafeBytes(of: &address) { Array($0) }
  }
}

/// An errno, kept from the call that set it.
struct SystemError: Error, Equatable {
  let code: Int32

  init(_ code: Int32) {
    self.code = code
  }

  /// The fault that it means on a connection.
  func fault(unix: Bool = false, connecting: Bool) -> Fault {
    let (failureClass, message) = meaning(unix: unix, connecting: connecting)
    return Fault(failureClass, message, errno: code)
  }

  var isPermission: Bool { code == EACCES || code == EPERM }

  private func meaning(unix: Bool, connecting: Bool) -> (FailureClass, String) {
    switch code {
    case ECONNREFUSED:
      unix
        ? (.refused, "nobody listens on the socket (stale, or its Agent restarted)")
        : (.refused, "connection refused")
    case ECONNRESET: (.reset, "connection reset")
    case EPIPE: (.closed, "connection closed while the request was sent")
    case ETIMEDOUT: (.timeout, "no answer to the connection attempt")
    case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL, EAFNOSUPPORT:
      (.unroutable, "no route to it")
    case EACCES, EPERM: (.permission, "permission denied")
    case ENOENT, ENOTDIR: (.noSocket, "no such socket")
    case ENOTSOCK: (.noSocket, "it is no socket")
    case EPROTOTYPE: (.noSocket, "it is a socket of another type")
    default: (connecting ? .unroutable : .closed, String(cString: strerror(code)))
    }
  }
}
