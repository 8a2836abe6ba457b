import Diagnosis
package import Wire

/// What an application's tracer sent while it was watched; only `capture` and `agent` have it.
package struct ApplicationTraffic: Question {
  package init() {}

  package var key: String { Self.name }

  package static let name = "application.traffic"

  /// Nothing is sent to a doctor that only asks.
  package func ask(_ world: World) async -> CapturedTraffic { CapturedTraffic() }
}

extension Observations {
  /// What was captured.
  package var traffic: CapturedTraffic {
    get async throws { try await answer(ApplicationTraffic()) }
  }
}

extension Recorded {
  /// The answer to a question that was not asked in the usual way; nil where it can't be written.
  package init?<Q: Question>(_ question: Q, _ answer: Q.Answer) {
    self.init(question.key, of: answer)
  }
}
