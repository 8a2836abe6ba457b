import Diagnosis

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs a blocking body on a thread of its own, so that no task of ours ever waits in the kernel.
///
/// The body must end by itself: every probe owns a deadline.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    detachThread { continuation.resume(returning: body()) }
  }
}

/// Starts a detached thread; where the system has none left, the body runs here.
package func detachThread(_ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  let box = Unmanaged.passRetained(Box(body))
  #if canImport(Glibc)
    var thread = pthread_t()
    let started = pthread_create(
      &thread, &attributes,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
  #else
    var thread: pthread_t?
    let started = pthread_create(
      &thread, &attributes,
      { pointer in
        Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
  #endif
  if started != 0 { box.takeRetainedValue().body() }
}

/// Runs blocking bodies side by side, and blocks until all of them have ended.
///
/// Where the system has no descriptor left, they run one after the other.
func sideBySide<Value: Sendable>(_ bodies: [@Sendable () -> Value]) -> [Value] {
  var ends: [Int32] = [-1, -1]
  guard bodies.count > 1, pipe(&ends) == 0 else { return bodies.map { $0() } }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  let (reading, writing) = (ends[0], ends[1])
  let values = Guarded([Value?](repeating: nil, count: bodies.count))
  for (index, body) in bodies.enumerated() {
    detachThread {
      let value = body()
      values.withLock { $0[index] = value }
      var byte: UInt8 = 1
      _ = write(writing, &byte, 1)
    }
  }
  for _ in bodies {
    var byte: UInt8 = 0
    while read(reading, &byte, 1) < 0, errno == EINTR {}
  }
  for end in ends { close(end) }
  return values.withLock { $0.compactMap { $0 } }
}
