import Glibc
import Wire

/// Serves listeners, connections and datagrams of one stand-in on one thread, by poll(2).
struct EventLoop {
  /// What the loop owns: the sockets are open for as long as it runs.
  struct Sockets: Sendable {
    var stop: Descriptor
    var wake: WakeUp
    var listeners: [(Received.Transport, Descriptor)]
    var datagrams: Descriptor?
  }

  private let sockets: Sockets
  private let desk: Desk
  private let limits: HTTPLimits
  private let connectionLimit: Int
  private var connections: [Connection] = []
  private var buffer = [UInt8](repeating: 0, count: 64 * 1024)
  private var acceptsAgainAt: UInt64 = 0

  init(_ sockets: Sockets, desk: Desk, limits: HTTPLimits, connectionLimit: Int) {
    self.sockets = sockets
    self.desk = desk
    self.limits = limits
    self.connectionLimit = connectionLimit
  }

  /// Runs until the other end of `stop` is closed.
  mutating func run() {
    while true {
      var set = interests(at: monotonicNow())
      waitForEvents(&set, milliseconds: timeout(at: monotonicNow()))
      if set[0].revents != 0 { return }
      if set[1].revents != 0 { sockets.wake.drain() }
      // Datagrams first: what was sent before a request is counted before it is answered.
      receiveDatagrams()
      let now = monotonicNow()
      let first = set.count - connections.count
      for (index, connection) in connections.enumerated() {
        connection.handle(set[first + index].revents, buffer: &buffer, now: now)
      }
      connections.removeAll { $0.isClosed }
      let listeners = set[(sockets.datagrams == nil ? 2 : 3)..<first]
      if listeners.contains(where: { $0.revents != 0 }) { acceptConnections(now) }
      desk.note(connections: connections.count)
    }
  }

  /// The stop and wake pipes, datagrams, listeners, then connections in their order.
  private func interests(at now: UInt64) -> [pollfd] {
    var set = [Self.reading(sockets.stop), Self.reading(sockets.wake.reading)]
    if let datagrams = sockets.datagrams { set.append(Self.reading(datagrams)) }
    if connections.count < connectionLimit, now >= acceptsAgainAt {
      set += sockets.listeners.map { Self.reading($0.1) }
    }
    return set + connections.map(\.interest)
  }

  private static func reading(_ descriptor: Descriptor) -> pollfd {
    pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
  }

  private func timeout(at now: UInt64) -> Int32 {
    var next = connections.compactMap(\.deadline).min() ?? .max
    if acceptsAgainAt > now { next = min(next, acceptsAgainAt) }
    guard next != .max else { return -1 }
    guard next > now else { return 0 }
    return Int32(clamping: (next - now) / 1_000_000 + 1)
  }

  private mutating func receiveDatagrams() {
    guard let datagrams = sockets.datagrams else { return }
    // A flood of datagrams doesn't keep requests waiting.
    for _ in 0..<1_000 {
      switch datagrams.receive(into: &buffer) {
      case .bytes(let count): desk.count(buffer[..<count])
      case .end: desk.count([])
      case .again: return
      }
    }
  }

  private mutating func acceptConnections(_ now: UInt64) {
    guard now >= acceptsAgainAt else { return }
    for (transport, listener) in sockets.listeners {
      accepting: while connections.count < connectionLimit {
        switch listener.nextConnection() {
        case .none: break accepting
        case .exhausted:
          // The listener stays readable: look again later, not at once.
          acceptsAgainAt = now + 50_000_000
          return
        case .connection(let descriptor):
          let connection = Connection(
            descriptor, limits: limits, answering: desk.clerk(for: transport, waking: sockets.wake))
          connection.advance(now)
          if !connection.isClosed { connections.append(connection) }
        }
      }
    }
  }
}
