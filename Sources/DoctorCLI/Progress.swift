import Diagnosis
import Probes
import Wire
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One line on a terminal's standard error: what is being asked, and for how long.
final class Progress: Sendable {
  private struct State {
    var asking: [(question: String, since: ContinuousClock.Instant)] = []
    var isShown = false
    var isEnded = false
  }

  private let state = Guarded(State())
  private let width: Int

  /// Nil where standard error is no terminal, or a dumb one.
  init?(_ terminal: Terminal, _ loop: MainLoop) {
    guard terminal.isTerminal, !terminal.isDumb else { return nil }
    width = terminal.width
    tick(loop)
  }

  private func tick(_ loop: MainLoop) {
    loop.after(.milliseconds(100)) { [self] in
      if draw() { tick(loop) }
    }
  }

  func note(_ event: Event) {
    state.withLock { state in
      switch event {
      case .asking(let question): state.asking.append((question, .now))
      case .answered(let question, _, _): state.asking.removeAll { $0.question == question }
      case .started, .judged, .stop: break
      }
    }
  }

  /// Takes the line away.
  func end() {
    state.withLock { state in
      state.isEnded = true
      if state.isShown { Self.write("\r\u{1B}[K") }
    }
  }

  /// Draws what has been asked for a while; false once the run has ended.
  private func draw() -> Bool {
    state.withLock { state in
      guard !state.isEnded else { return false }
      guard let oldest = state.asking.first else {
        if state.isShown { Self.write("\r\u{1B}[K") }
        state.isShown = false
        return true
      }
      let tenths = Int((ContinuousClock.now - oldest.since).milliseconds / 100)
      guard tenths >= 2 else { return true }
      let more = state.asking.count > 1 ? " and \(state.asking.count - 1) more" : ""
      let line = "asking \(oldest.question)\(more), \(tenths / 10).\(tenths % 10) s"
      Self.write("\r\u{1B}[K" + printable(line, limit: max(20, width - 1)))
      state.isShown = true
      return true
    }
  }

  private static func write(_ text: String) {
    try? Output.write(text, to: STDERR_FILENO)
  }
}

/// `--debug`: every step on standard error, in words; what it shows has passed the redaction.
struct DebugLog: Sendable {
  private let start = ContinuousClock.now

  func note(_ event: Event) {
    switch event {
    case .started(let id): line("check \(id)")
    case .asking(let question): line("ask   \(question)")
    case .answered(let question, let transfers, let milliseconds):
      line("done  \(question)  \(milliseconds) ms")
      for transfer in transfers { line("      \(Self.words(transfer))") }
    case .judged(let finding):
      line("judge \(finding.id): \(finding.status.rawValue), \(finding.message)")
    case .stop(let reason): line("stop  \(reason)")
    }
  }

  func line(_ text: String) {
    let passed = (ContinuousClock.now - start).milliseconds
    Output.warn("dd-doctor \(passed) ms  \(printable(text, limit: 600))")
  }

  private static func words(_ transfer: Transfer) -> String {
    let phases = [
      ("dns", transfer.phases.dns), ("connect", transfer.phases.connect),
      ("tls", transfer.phases.tls), ("first byte", transfer.phases.firstByte),
      ("total", transfer.phases.total),
    ].compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
    let end = transfer.status.map { "status \($0)" } ?? transfer.error ?? "no answer expected"
    return "\(transfer.url): \(end); sent \(transfer.sent), received \(transfer.received) bytes;"
      + " \(phases) ms"
  }
}
