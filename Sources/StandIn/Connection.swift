import Glibc
import Wire

/// One connection: reads requests, and does the steps of each answer in turn.
final class Connection {
  /// Called for each request, for what can't be read as one, and when the connection opens.
  protocol Answering {
    func opened() -> [Step]
    func answer(_ request: HTTPRequest, keepsAlive: Bool) -> [Step]
    func refuse(_ error: HTTPSyntaxError, partial: HTTPRequest?) -> [Step]
  }

  private let descriptor: Descriptor
  private let answering: any Answering
  private var parser: HTTPRequestParser
  private var failure: HTTPSyntaxError?
  private var steps: ArraySlice<Step>
  private var output: ArraySlice<UInt8> = []
  private var dripped = 0
  private var resumesAt: UInt64?
  /// Bytes read while an answer is under way, and not yet looked at.
  private var backlog = 0
  private var hasContinued = false
  private var peerHasEnded = false
  private var lingersUntil: UInt64?
  private(set) var isClosed = false

  init(_ descriptor: Descriptor, limits: HTTPLimits, answering: any Answering) {
    self.descriptor = descriptor
    self.answering = answering
    parser = HTTPRequestParser(limits: limits)
    steps = answering.opened()[...]
  }

  /// What to wait for, as poll(2) takes it.
  var interest: pollfd {
    var events: Int32 = 0
    if !peerHasEnded, backlog < Self.backlogLimit { events |= Int32(POLLIN) }
    if isWriting { events |= Int32(POLLOUT) }
    return pollfd(fd: descriptor.raw, events: Int16(events), revents: 0)
  }

  /// When something is to be done though nothing happens.
  var deadline: UInt64? { lingersUntil ?? resumesAt }

  private var isWriting: Bool {
    if !output.isEmpty { return true }
    if case .flood = steps.first { return true }
    return false
  }

  private var isBusy: Bool { !steps.isEmpty || !output.isEmpty || resumesAt != nil }

  /// Takes what poll(2) reported, reads once, and goes on as far as possible.
  func handle(_ events: Int16, buffer: inout [UInt8], now: UInt64) {
    if events & Int16(POLLIN) != 0 {
      read(&buffer)
    } else if events & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 {
      isClosed = true
    }
    advance(now)
  }

  private func read(_ buffer: inout [UInt8]) {
    switch descriptor.receive(into: &buffer) {
    case .again: break
    case .end: peerHasEnded = true
    case .bytes(let count):
      guard lingersUntil == nil, failure == nil else { return }
      if isBusy { backlog += count }
      do throws(HTTPSyntaxError) { try parser.feed(buffer[..<count]) } catch { failure = error }
    }
  }

  /// Does steps until one has to wait for the peer or the clock.
  func advance(_ now: UInt64) {
    if let lingersUntil {
      if peerHasEnded || now >= lingersUntil { isClosed = true }
      return
    }
    for _ in 0..<Self.turnLimit where !isClosed && lingersUntil == nil {
      guard flush() else { return }
      if let time = resumesAt {
        guard now >= time else { return }
        resumesAt = nil
      }
      if let step = steps.first {
        guard perform(step, now) else { return }
      } else {
        guard takeRequest() else { return }
      }
    }
    // Enough for one turn: the others come first, and a pause of none brings us back.
    if !isClosed, lingersUntil == nil, isBusy, !isWriting, resumesAt == nil { resumesAt = now }
  }

  /// Sends what is to be sent; false where the peer has to read first, or is gone.
  private func flush() -> Bool {
    while !output.isEmpty {
      guard let count = descriptor.transmit(output) else {
        isClosed = true
        return false
      }
      guard count > 0 else { return false }
      output.removeFirst(count)
    }
    return true
  }

  /// True where there is more to do at once.
  private func perform(_ step: Step, _ now: UInt64) -> Bool {
    switch step {
    case .send(let bytes):
      output = bytes[...]
      steps.removeFirst()
    case .pause(let milliseconds):
      resumesAt = now + UInt64(milliseconds) * 1_000_000
      steps.removeFirst()
    case .drip(let bytes, let milliseconds):
      guard !bytes.isEmpty else { return false }
      output = [bytes[dripped % bytes.count]]
      dripped += 1
      resumesAt = now + UInt64(milliseconds) * 1_000_000
    case .flood(let bytes):
      output = bytes[...]
    case .hold:
      if peerHasEnded { isClosed = true }
      return false
    case .later(let later):
      guard let settled = later.steps else { return false }
      steps = settled[...] + steps.dropFirst()
    case .close:
      descriptor.finishWriting()
      lingersUntil = now + Self.lingering
      if peerHasEnded { isClosed = true }
    case .reset:
      descriptor.resetOnClose()
      isClosed = true
    }
    return true
  }

  /// Looks for the next request; false where there is none yet.
  private func takeRequest() -> Bool {
    backlog = 0
    do throws(HTTPSyntaxError) {
      if let failure { throw failure }
      if let request = try parser.take() {
        hasContinued = false
        steps = answering.answer(request, keepsAlive: parser.keepsAlive)[...]
        return true
      }
    } catch {
      failure = error
      steps = answering.refuse(error, partial: parser.partial)[...]
      return true
    }
    if parser.expectsContinue, !hasContinued {
      hasContinued = true
      steps = [.send("HTTP/1.1 100 Continue\r\n\r\n")]
      return true
    }
    if peerHasEnded { isClosed = true }
    return false
  }

  private static let backlogLimit = 256 * 1024
  private static let turnLimit = 32
  private static let lingering: UInt64 = 2_000_000_000
}
