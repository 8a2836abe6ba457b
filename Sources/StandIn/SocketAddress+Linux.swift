import Glibc

/// An address as the system's calls take it: IPv4, IPv6 or a path.
struct SocketAddress {
  let family: Int32
  private let bytes: [UInt8]

  /// A numeric address, or `localhost` for 127.0.0.1.
  init?(host: String, port: UInt16) {
    let host = host == "localhost" ? "127.0.0.1" : host
    var four = sockaddr_in()
    if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
      four.sin_family = sa_family_t(AF_INET)
      four.sin_port = port.bigEndian
      family = AF_INET
      bytes = withUnsafeBytes(of: &four) { Array($0) }
      return
    }
    var six = sockaddr_in6()
    guard inet_pton(AF_INET6, host, &six.sin6_addr) == 1 else { return nil }
    six.sin6_family = sa_family_t(AF_INET6)
    six.sin6_port = port.bigEndian
    family = AF_INET6
    bytes = withUnsafeBytes(of: &six) { Array($0) }
  }

  /// A path with room for the NUL behind it.
  init?(path: String) {
    var address = sockaddr_un()
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard !path.isEmpty, path.utf8.count <= room, !path.utf8.contains(0) else { return nil }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    family = AF_UNIX
    bytes = withUnsafeBytes(of: &address) { Array($0) }
  }

  /// Zero, or the errno.
  func bind(_ descriptor: Descriptor) -> Int32 {
    withAddress { Glibc.bind(descriptor.raw, $0, $1) == 0 ? 0 : errno }
  }

  /// Zero, or the errno.
  func connect(_ descriptor: Descriptor) -> Int32 {
    withAddress { Glibc.connect(descriptor.raw, $0, $1) == 0 ? 0 : errno }
  }

  private func withAddress(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Int32) -> Int32 {
    bytes.withUnsafeBytes {
      body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
  }

  /// The port that the system gave a socket, 0 where it has none.
  static func port(of descriptor: Descriptor) -> UInt16 {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &storage) { bytes in
      let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
      guard getsockname(descriptor.raw, address, &length) == 0 else { return 0 }
      // Both families keep the port in the same place, in network order.
      return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }
  }
}
