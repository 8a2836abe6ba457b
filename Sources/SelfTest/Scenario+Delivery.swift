import Checks
import Configuration
import Diagnosis
import Probes
import StandIn

extension Scenario {
  /// The Agent's counters after the test span.
  private static func counters(_ spans: Double?, dropped: Double = 0) -> Answers {
    .recorded { settings in
      guard let port = settings.agentCounters else { return [] }
      return [
        Recorded(
          AgentCounters(.before, on: port, of: settings.agent),
          .init(exchange: .recorded(200), spans: spans.map { _ in 0 })),
        Recorded(
          AgentCounters(.after, on: port, of: settings.agent),
          .init(exchange: .recorded(200), spans: spans, dropped: dropped, isNews: spans != nil)),
      ]
    }
  }

  private static func searched(_ end: SpanStored.Answer.End) -> Answers {
    .recorded { settings in
      guard let (site, apiKey) = settings.sendableKey, let appKey = settings.appKey else {
        return []
      }
      return [SpanStored.Product.traces, .llmObservability].map { product in
        Recorded(
          SpanStored(product, on: site, apiKey, appKey),
          .init(exchange: .recorded(200), end: end, searches: 1, patience: 1))
      }
    }
  }

  static var delivery: [Scenario] {
    let keys = [
      "DD_LLMOBS_AGENTLESS_ENABLED=1", "DD_API_KEY=\(key)", "DD_APP_KEY=\(appKey)",
    ]
    return [
      Scenario(
        "the counters are another host's", ["DD_AGENT_HOST=elsewhere"],
        gives: [.skipped: ["delivery.counted", "delivery.stored", "delivery.llmobs-stored"]]),
      Scenario(
        "the Agent counts the span", [], by: counters(1), gives: [.passed: ["delivery.counted"]]),
      Scenario(
        "the Agent drops the span", [], by: counters(1, dropped: 1),
        gives: [.failed: ["delivery.counted"]]),
      Scenario(
        "no counters of an Agent's", [], by: counters(nil), gives: [.unknown: ["delivery.counted"]]),
      Scenario(
        "the spans are found", keys, .llmobsAgentless, by: searched(.found),
        gives: [.passed: ["delivery.stored", "delivery.llmobs-stored"]]),
      Scenario(
        "the spans are not found", keys, .llmobsAgentless, by: searched(.notFound),
        gives: [.unknown: ["delivery.stored", "delivery.llmobs-stored"]]),
    ]
  }

  /// What a project's own file asks for.
  private static func asking(_ text: String) -> HostFacts {
    var host = HostFacts()
    host.project = try? Project.reading(
      Array(text.utf8), path: Project.fileName, today: "2026-11-25")
    return host
  }

  private static let place = asking(#"{"endpoints":{"selftest":"http://localhost/"}}"#)

  /// The checks that a project's file brings about, with one place to ask.
  static var projectChecks: [About] {
    place.project.map { Suite<Observations>.of($0).checks.map(\.about) } ?? []
  }

  static var project: [Scenario] {
    let endpoint: CheckID = "project.endpoint.selftest"
    let wanted = asking(#"{"variables":{"MODE":{}}}"#)
    let expired = #"{"skip":[{"check":"a","reason":"b","expires":"2026-11-24"}]}"#
    let held = #"{"skip":[{"check":"a","reason":"b","expires":"2026-11-25"}]}"#
    return [
      Scenario(
        "a file that asks for nothing", on: asking("{}"),
        gives: [.skipped: ["project.variables", "project.skips"]]),
      Scenario(
        "a variable is there", ["MODE=a"], on: wanted, gives: [.passed: ["project.variables"]]),
      Scenario("a variable is missing", on: wanted, gives: [.failed: ["project.variables"]]),
      Scenario("a skip that holds", on: asking(held), gives: [.passed: ["project.skips"]]),
      Scenario("a skip that has ended", on: asking(expired), gives: [.warning: ["project.skips"]]),
      Scenario("a place that answers", on: place, by: .agent(nil), gives: [.passed: [endpoint]]),
      Scenario(
        "a place that refuses", on: place, by: .agent(.refused), gives: [.failed: [endpoint]]),
      Scenario(
        "a place that is asked too late", on: place, by: .tooLate, gives: [.unknown: [endpoint]]),
    ]
  }
}
