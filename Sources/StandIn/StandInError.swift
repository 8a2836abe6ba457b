/// Why a stand-in could not start.
package enum StandInError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A host that is no numeric address and not `localhost`.
  case address(String)
  /// A socket path that is empty or longer than the 107 bytes that fit.
  case path(String)
  /// Another process listens there, or the path is a file that is no socket.
  case inUse(String)
  /// Neither TCP nor a Unix socket was asked for.
  case nothingToListenOn
  /// A system call failed, with its errno.
  case system(String, Int32)

  package var description: String {
    switch self {
    case .address(let host): "'\(host)' is no address to listen on"
    case .path(let path): "'\(path)' is no path for a socket (1 to 107 bytes)"
    case .inUse(let what): "\(what) is in use"
    case .nothingToListenOn: "neither a port nor a socket to listen on"
    case .system(let call, let code): "\(call) failed (errno \(code))"
    }
  }
}
