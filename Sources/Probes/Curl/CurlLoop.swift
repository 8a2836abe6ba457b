import CCurl
import Diagnosis
import Wire

/// One detached thread that owns a multi handle and every transfer on it.
final class CurlLoop: Sendable {
  /// Called once, with the answer as it came where there is one; on this loop's thread, as a rule.
  typealias Ending = @Sendable (Exchange, HTTPResponse?) -> Void

  /// An order whose sender waits.
  private struct Submission: Sendable {
    let id: UInt64
    let order: CurlOrder
    let ending: Ending
  }

  private struct Inbox: Sendable {
    var nextID: UInt64 = 0
    var submitted: [Submission] = []
    var cancelled: [UInt64] = []
    var hasStarted = false
    var hasStopped = false
    /// Why there is no libcurl here, once that is known.
    var broken: String?
    /// The multi handle's address, for waking it; a pointer itself can't cross threads.
    var multi: UInt?
  }

  private let library: String
  private let inbox = Guarded(Inbox())

  init(library: String) {
    self.library = library
  }

  /// Hands an order to the thread and waits for what becomes of it.
  func perform(_ order: CurlOrder) async -> Exchange {
    let id = newID()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        submit(
          Submission(id: id, order: order) { exchange, _ in
            continuation.resume(returning: exchange)
          })
      }
    } onCancel: {
      inbox.withLock { inbox in
        inbox.cancelled.append(id)
        Self.wake(inbox)
      }
    }
  }

  /// Hands an order to the thread and waits for nothing.
  func perform(_ order: CurlOrder, _ ending: @escaping Ending) {
    submit(Submission(id: newID(), order: order, ending: ending))
  }

  private func newID() -> UInt64 {
    inbox.withLock { inbox in
      inbox.nextID += 1
      return inbox.nextID
    }
  }

  /// Ends the thread; what is still under way is answered as interrupted.
  func stop() {
    inbox.withLock { inbox in
      inbox.hasStopped = true
      Self.wake(inbox)
    }
  }

  private func submit(_ submission: Submission) {
    // A cancellation that came before this lock is seen here, and one that comes after it there.
    let refusal: Fault? = inbox.withLock { inbox in
      if Task.isCancelled { return .cancelled }
      if let broken = inbox.broken { return .noLibrary(broken) }
      inbox.submitted.append(submission)
      guard !inbox.hasStarted else {
        Self.wake(inbox)
        return nil
      }
      inbox.hasStarted = true
      guard let error = startThread() else { return nil }
      inbox.submitted.removeAll()
      inbox.hasStarted = false
      return error
    }
    if let refusal {
      submission.ending(submission.order.exchange(.failed(refusal)), nil)
    }
  }

  private func startThread() -> Fault? {
    let retained = Unmanaged.passRetained(self)
    let error = ccurl_detach(
      { context in
        guard let context else { return }
        Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
      }, retained.toOpaque())
    guard error != 0 else { return nil }
    retained.release()
    return Fault(.crashed, "no thread for libcurl could be started", errno: error)
  }

  private static func wake(_ inbox: Inbox) {
    guard let multi = inbox.multi else { return }
    ccurl_multi_wakeup(UnsafeMutableRawPointer(bitPattern: multi))
  }

  /// The thread's body.
  private func run() {
    let reason: String
    if let broken = load() {
      reason = broken
    } else if let multi = ccurl_multi_init() {
      return serve(multi)
    } else {
      reason = "curl_multi_init failed"
    }
    let waiting = inbox.withLock { inbox in
      inbox.broken = reason
      defer { inbox.submitted = [] }
      return inbox.submitted
    }
    for submission in waiting {
      submission.ending(submission.order.exchange(.failed(.noLibrary(reason))), nil)
    }
  }

  /// The reason why the library can't be used, or nil.
  private func load() -> String? {
    var reason = [CChar](repeating: 0, count: 400)
    guard ccurl_load(library, &reason, reason.count) == 0 else { return nil }
    return String(
      decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func serve(_ multi: UnsafeMutableRawPointer) {
    inbox.withLock { $0.multi = UInt(bitPattern: multi) }
    var transfers: [UInt64: CurlTransfer] = [:]
    while takeInbox(multi, &transfers) {
      var running: Int32 = 0
      ccurl_multi_perform(multi, &running)
      finish(multi, &transfers)
      // libcurl 7.88 can drop a timer that ends while it works: the deadline is ours to watch, too.
      let left = transfers.values.map(\.millisecondsLeft).min()
      ccurl_multi_poll(multi, nil, 0, left.map { $0 + 2 } ?? 60_000, nil)
    }
    for transfer in transfers.values {
      ccurl_multi_remove_handle(multi, transfer.easy)
      transfer.end(.cancelled)
    }
    ccurl_multi_cleanup(multi)
  }

  /// Starts and cancels what others asked for; false once the loop has been stopped.
  private func takeInbox(
    _ multi: UnsafeMutableRawPointer, _ transfers: inout [UInt64: CurlTransfer]
  ) -> Bool {
    let taken = inbox.withLock { inbox in
      let taken = inbox
      inbox.submitted = []
      inbox.cancelled = []
      if inbox.hasStopped { inbox.multi = nil }
      return taken
    }
    for submission in taken.submitted {
      guard
        let transfer = CurlTransfer(
          submission.order, id: submission.id, ending: submission.ending)
      else { continue }
      let code = ccurl_multi_add_handle(multi, transfer.easy)
      if code == CURLM_OK {
        transfers[submission.id] = transfer
      } else {
        transfer.end(Fault(.crashed, "libcurl took no request (\(code.rawValue))"))
      }
    }
    for id in taken.cancelled {
      guard let transfer = transfers.removeValue(forKey: id) else { continue }
      ccurl_multi_remove_handle(multi, transfer.easy)
      transfer.end(.cancelled)
    }
    return !taken.hasStopped
  }

  private func finish(
    _ multi: UnsafeMutableRawPointer, _ transfers: inout [UInt64: CurlTransfer]
  ) {
    while true {
      let finished = ccurl_take_finished(multi)
      guard let easy = finished.easy else { return }
      guard let transfer = transfers.values.first(where: { $0.easy == easy }) else { return }
      transfers[transfer.id] = nil
      transfer.end(finished.code)
      // Its end cleans the handle up, which must not come before this.
      withExtendedLifetime(transfer) { _ = ccurl_multi_remove_handle(multi, easy) }
    }
  }
}

extension Fault {
  fileprivate static var cancelled: Fault { Fault(.interrupted, "cancelled") }

  fileprivate static func noLibrary(_ reason: String) -> Fault {
    Fault(.notInstalled, "libcurl can't be loaded: \(reason)")
  }
}
