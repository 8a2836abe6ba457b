import Glibc
import Synchronization
package import Wire

/// Passes on what comes to a stand-in, to the Agent in whose place it stands.
package protocol Relay: Sendable {
  /// Hands a request on and waits for nothing; it calls back once, from any thread: nil where no
  /// answer came, and the stand-in answers.
  func pass(_ request: HTTPRequest, _ answered: @escaping @Sendable (HTTPResponse?) -> Void)
  func pass(datagram: [UInt8])
}

/// Steps that another thread finds out.
final class Later: Sendable, Equatable {
  private let settled = Mutex<[Step]?>(nil)
  private let wake: WakeUp

  init(_ wake: WakeUp) { self.wake = wake }

  /// Nil as long as nobody knows.
  var steps: [Step]? { settled.withLock { $0 } }

  func settle(_ steps: [Step]) {
    settled.withLock { $0 = steps }
    wake.wake()
  }

  static func == (left: Later, right: Later) -> Bool { left === right }
}

/// A pipe through which other threads wake a loop.
final class WakeUp: Sendable {
  let reading: Descriptor
  private let writing: Descriptor

  init() throws(StandInError) {
    (reading, writing) = try makePipe()
  }

  func wake() {
    var byte: UInt8 = 1
    _ = write(writing.raw, &byte, 1)
  }

  func drain() {
    var bytes = [UInt8](repeating: 0, count: 1024)
    while read(reading.raw, &bytes, bytes.count) > 0 {}
  }
}
