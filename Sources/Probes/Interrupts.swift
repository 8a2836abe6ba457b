import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C and SIGTERM as they come, told apart in a signal handler.
package enum Interrupts {
  package enum Turn {
    case first
    /// timeout(1) signals what it runs and then its own group: that is one.
    case echo
    case again
  }

  /// When the first came, in milliseconds; 0 as long as none did.
  private static let first = Atomic<Int>(0)

  package static var hasCome: Bool { first.load(ordering: .sequentiallyConsistent) > 0 }

  /// Notes one, in a signal handler: nothing but an atomic and clock_gettime(2).
  package static func note() -> Turn {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = time.tv_sec * 1000 + time.tv_nsec / 1_000_000 + 1
    let (isFirst, first) = first.compareExchange(
      expected: 0, desired: now, ordering: .sequentiallyConsistent)
    if isFirst { return .first }
    return now - first > 200 ? .again : .echo
  }
}
