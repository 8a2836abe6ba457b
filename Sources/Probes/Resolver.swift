import Diagnosis
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One address of a host, ready for connect(2).
struct ResolvedAddress: Sendable {
  let family: Int32
  /// The bytes of a `sockaddr`.
  let bytes: [UInt8]
  /// `127.0.0.1`, `::1`.
  let text: String
}

/// Resolves host names by the system's resolver, within a deadline.
enum Resolver {
  static func addresses(
    of host: String, port: Int, datagram: Bool = false, until deadline: Deadline
  ) throws(Fault) -> [ResolvedAddress] {
    if let numeric = try? lookup(host, port, datagram, numericOnly: true) { return numeric }
    let pipe = try WakePipe.make()
    let answer = Guarded<Result<[ResolvedAddress], Fault>?>(nil)
    // getaddrinfo can't be cancelled: a thread that it holds longer than the deadline is left alone.
    detachThread {
      let found: Result<[ResolvedAddress], Fault>
      do throws(Fault) {
        found = .success(try lookup(host, port, datagram, numericOnly: false))
      } catch {
        found = .failure(error)
      }
      answer.withLock { $0 = found }
      pipe.wake()
    }
    guard pipe.wait(milliseconds: deadline.milliseconds), let found = answer.withLock({ $0 }) else {
      throw deadline.isRoundEnd
        ? deadline.fault("DNS did not answer for \(host)")
        : Fault(.dns, "DNS did not answer for \(host) in time")
    }
    return try found.get()
  }

  private static func lookup(
    _ host: String, _ port: Int, _ datagram: Bool, numericOnly: Bool
  ) throws(Fault) -> [ResolvedAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = datagram ? Socket.datagram : Socket.stream
    hints.ai_flags = (numericOnly ? AI_NUMERICHOST : 0) | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else { throw fault(code, host) }
    defer { freeaddrinfo(list) }
    var addresses: [ResolvedAddress] = []
    var next = list
    while let info = next?.pointee {
      if let address = info.ai_addr {
        addresses.append(
          ResolvedAddress(
            family: info.ai_family,
            bytes: Array(UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen))),
            text: text(of: address, info.ai_addrlen)))
      }
      next = info.ai_next
    }
    return addresses
  }

  private static func text(of address: UnsafePointer<sockaddr>, _ length: socklen_t) -> String {
    var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    guard
      getnameinfo(
        address, length, &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0
    else { return "?" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func fault(_ code: Int32, _ host: String) -> Fault {
    switch code {
    case EAI_NONAME: Fault(.dns, "no such host: \(host)")
    case EAI_AGAIN: Fault(.dns, "DNS gave no answer for \(host) (temporary failure)")
    default: Fault(.dns, "DNS failed for \(host): \(String(cString: gai_strerror(code)))")
    }
  }
}

/// A pipe that one thread writes to, to wake another from poll(2).
final class WakePipe: Sendable {
  private let reading: Int32
  private let writing: Int32

  /// The end that can be read once it was woken.
  var descriptor: Int32 { reading }

  private init(reading: Int32, writing: Int32) {
    self.reading = reading
    self.writing = writing
  }

  deinit {
    close(reading)
    close(writing)
  }

  static func make() throws(Fault) -> WakePipe {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Fault(.crashed, "no file descriptor left for a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return WakePipe(reading: ends[0], writing: ends[1])
  }

  func wake() {
    var byte: UInt8 = 1
    _ = write(writing, &byte, 1)
  }

  /// Forgets what woke it.
  func drain() {
    var bytes: (UInt64, UInt64) = (0, 0)
    _ = read(reading, &bytes, 16)
  }

  /// True where it was woken, false where the time passed.
  func wait(milliseconds: Int32) -> Bool {
    Socket.wait(reading, for: Int16(POLLIN), milliseconds: milliseconds) != nil
  }
}
