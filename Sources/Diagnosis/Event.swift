/// What happens during a run, as it happens: progress, ndjson and the report all read this stream.
package enum Event: Sendable {
  case started(CheckID)
  case asking(String)
  case answered(String, [Transfer], milliseconds: Double)
  case judged(Finding)
  case stop(StopReason)
}

/// One stream of events with many writers and one reader.
package struct EventStream: Sendable {
  package let events: AsyncStream<Event>
  private let continuation: AsyncStream<Event>.Continuation

  package init() {
    (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
  }

  package func send(_ event: Event) {
    continuation.yield(event)
  }
}
