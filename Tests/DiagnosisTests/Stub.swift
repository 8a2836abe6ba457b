@testable import Diagnosis

/// A check that says what it is told to.
struct Stub: Check {
  let about: About
  let body: @Sendable (Int) async throws -> Outcome

  init(
    _ id: CheckID, needs: CheckID..., body: @escaping @Sendable (Int) async throws -> Outcome
  ) {
    about = About(
      id: id, title: "\(id) holds", explanation: "-", fix: "-", docs: "https://example.com",
      needs: needs)
    self.body = body
  }

  init(_ id: CheckID, _ outcome: Outcome, needs: CheckID...) {
    about = About(
      id: id, title: "\(id) holds", explanation: "-", fix: "-", docs: "https://example.com",
      needs: needs)
    body = { _ in outcome }
  }

  func judge(_ seen: Int) async throws -> Outcome { try await body(seen) }
}

/// A problem of which only the message and the class matter.
func problem(_ message: String, _ failureClass: FailureClass = .refused) -> Problem {
  Problem(
    message, class: failureClass, evidence: Evidence(message, measured: "measured"),
    remedies: .advice("mend \(message)"))
}

/// A door that opens once for all who wait at it.
struct Gate: Sendable {
  private let stream: AsyncStream<Never>
  private let continuation: AsyncStream<Never>.Continuation

  init() {
    (stream, continuation) = AsyncStream.makeStream()
  }

  func open() { continuation.finish() }

  func pass() async {
    for await _ in stream {}
  }
}
