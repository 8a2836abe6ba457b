import Diagnosis
import Probes
import Synchronization
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C and the round's end, as events: the report so far is still written.
enum Signals {
  private static let writingEnd = Atomic<Int32>(-1)

  /// Watches for SIGINT and SIGTERM, and for the deadline where there is one, on one thread.
  ///
  /// A handler may only write a byte; a second signal kills, since the first resets the handler.
  static func watch(_ events: EventStream, deadline: Duration?) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    writingEnd.store(ends[1], ordering: .relaxed)
    var action = sigaction()
    #if canImport(Glibc)
      action.__sigaction_handler.sa_handler = { _ in
        var byte: UInt8 = 1
        _ = write(Signals.writingEnd.load(ordering: .relaxed), &byte, 1)
      }
    #else
      action.__sigaction_u.__sa_handler = { _ in
        var byte: UInt8 = 1
        _ = write(Signals.writingEnd.load(ordering: .relaxed), &byte, 1)
      }
    #endif
    #if canImport(Glibc)
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
    #else
      action.sa_flags = SA_RESETHAND
    #endif
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
    let reading = ends[0]
    // Probes end with the round by themselves; the grace lets their own answers come first.
    let grace = deadline.map { Int32(min($0.milliseconds + 250, 2_000_000_000)) }
    detachThread {
      var watched = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
      let start = ContinuousClock.now
      while true {
        let passed = Int32((ContinuousClock.now - start).milliseconds)
        let count = poll(&watched, 1, grace.map { max(0, $0 - passed) } ?? -1)
        if count < 0, errno == EINTR { continue }
        events.send(.stop(count > 0 ? .interrupted : .deadline))
        return
      }
    }
  }
}
