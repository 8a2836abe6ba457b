import Synchronization

/// A value behind a lock: the only mutable state that crosses threads.
package final class Guarded<Value>: Sendable {
  private let mutex: Mutex<Value>

  package init(_ value: consuming sending Value) {
    mutex = Mutex(value)
  }

  package func withLock<Result>(
    _ body: (inout sending Value) throws -> sending Result
  ) rethrows -> sending Result {
    try mutex.withLock { value in
      #if THREAD_SANITIZER
        acquired(Unmanaged.passUnretained(self).toOpaque())
        defer { released(Unmanaged.passUnretained(self).toOpaque()) }
      #endif
      return try body(&value)
    }
  }
}

#if THREAD_SANITIZER
  // The sanitizer does not see a `Mutex` on Linux, whose futex is not instrumented: it is told.
  @_silgen_name("__tsan_acquire") private func acquired(_ lock: UnsafeMutableRawPointer)
  @_silgen_name("__tsan_release") private func released(_ lock: UnsafeMutableRawPointer)
#endif
