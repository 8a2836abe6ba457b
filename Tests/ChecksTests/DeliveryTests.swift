import Checks
import Configuration
import Diagnosis
import Foundation
import Probes
import Testing

/// The Agent's own counters: once a minute, and of that minute alone.
@Suite struct `Counted` {
  private func judge(
    before: Double?, after: Double?, isNews: Bool, dropped: Double = 0
  ) async throws -> Outcome {
    var settings = Settings(Environment(), HostFacts(), setup: .apm, language: .python)
    settings.verifiesDelivery = true
    let port = try #require(settings.agentCounters)
    func recorded(
      _ moment: AgentCounters.Moment, _ answer: AgentCounters.Answer
    ) throws -> Recorded {
      Recorded(
        question: AgentCounters(moment, on: port, of: settings.agent).key,
        answer: try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(answer)))
    }
    let exchange = SitePlayback.answered(200, "")
    return try await DeliveryCounted().judge(
      Observations(
        settings,
        recorded: [
          recorded(.before, .init(exchange: exchange, spans: before)),
          recorded(
            .after,
            .init(exchange: exchange, spans: after, dropped: dropped, isNews: isNews)),
        ]))
  }

  @Test func `a later minute that shows spans of ours counts them`() async throws {
    #expect(try await judge(before: 0, after: 1, isNews: true).verdict == "passed")
    // The minute before held two of another run.
    #expect(try await judge(before: 2, after: 1, isNews: true).verdict == "passed")
  }

  @Test func `a minute that can't be told from the one before proves nothing`() async throws {
    let outcome = try await judge(before: 1, after: 1, isNews: false)
    #expect(outcome.verdict == "skipped")
  }

  @Test func `what the minute of the test span dropped is said`() async throws {
    let outcome = try await judge(before: 0, after: 1, isNews: true, dropped: 1)
    #expect(outcome.verdict == "failed filtered")
  }

  @Test func `an answer without counters is no Agent's`() async throws {
    #expect(
      try await judge(before: nil, after: nil, isNews: false).verdict == "unknown protocol")
  }
}
