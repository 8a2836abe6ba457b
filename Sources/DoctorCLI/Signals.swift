import Diagnosis
import Probes
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C as an event: the report so far is still written.
enum Signals {
  private static let writingEnd = Atomic<Int32>(-1)

  /// Watches for SIGINT and SIGTERM.
  ///
  /// A handler may do little: it writes a byte, and at a second signal ends the process.
  static func watch(_ events: EventStream, _ loop: MainLoop) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    writingEnd.store(ends[1], ordering: .relaxed)
    loop.whenReadable(ends[0]) {
      events.send(.stop(.interrupted))
      // What somebody waits for outside a round ends, too.
      ChildProcess.endAll()
    }
    var action = sigaction()
    #if canImport(Glibc)
      action.__sigaction_handler.sa_handler = { Signals.note($0) }
    #else
      action.__sigaction_u.__sa_handler = { Signals.note($0) }
    #endif
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    for signal in [SIGINT, SIGTERM] {
      sigaction(signal, &action, nil)
      sigaddset(&unblocked, signal)
    }
    // Some launchers hand on a mask that blocks them.
    pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
  }

  private static func note(_ number: Int32) {
    switch Interrupts.note() {
    case .first:
      var byte: UInt8 = 1
      _ = write(writingEnd.load(ordering: .relaxed), &byte, 1)
    case .echo: break
    case .again:
      signal(number, SIG_DFL)
      raise(number)
    }
  }
}
