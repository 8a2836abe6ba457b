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
    try mutex.withLock(body)
  }
}
