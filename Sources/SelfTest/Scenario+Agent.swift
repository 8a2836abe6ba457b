import Configuration
import Diagnosis
import Probes
import StandIn

extension Scenario {
  /// An Agent whose `/info` says this, for what no fault of the stand-in's says.
  private static func describing(_ fields: String) -> Answers {
    .recorded { settings in
      let text =
        #"{"version":"7.78.0","endpoints":["/v0.4/traces","/evp_proxy/v2/"],\#(fields)}"#
      return [
        Recorded(
          AgentInfo(at: settings.agent),
          .init(exchange: .recorded(200, text), description: AgentDescription(text)))
      ]
    }
  }

  /// Where the name of the Agent's host was still unknown at the end of the round.
  private static let unresolved: Answers = .recorded { settings in
    [
      Recorded(
        AgentInfo(at: settings.agent), .init(exchange: .recorded(.interrupted), description: nil)),
      Recorded(
        DogStatsDTaken(at: settings.dogStatsD),
        DatagramAnswer(
          url: settings.dogStatsD.url, sent: 0, fault: Fault(.interrupted, "the round is over"))),
    ]
  }

  static var agent: [Scenario] {
    let php = Language.php
    return [
      Scenario(
        "a healthy Agent", [], .llmobsAgent, by: .agent(nil),
        gives: [
          .passed: [
            "agent.reachable", "agent.answers", "agent.traces", "agent.evp-proxy", "agent.span",
            "agent.forwarding", "agent.filters", "agent.dogstatsd", "llmobs.mode", "llmobs.span",
          ], .skipped: ["llmobs.egress"],
        ]),
      Scenario(
        "nobody listens", [], by: .agent(.refused),
        gives: [.failed: ["agent.reachable", "agent.answers", "agent.traces", "agent.span"]]),
      Scenario(
        "the round is over", [], .apm, php, by: .tooLate,
        gives: [
          .unknown: [
            "agent.answers", "agent.traces", "agent.span",
          ]
        ]),
      Scenario(
        "names are looked up for too long", [], .apm, php, by: unresolved,
        gives: [.unknown: ["agent.reachable", "agent.dogstatsd"]]),
      Scenario(
        "an Agent from before /info", [], by: .agent(.oldAgent),
        gives: [
          .warning: ["agent.answers"], .skipped: ["agent.filters", "agent.evp-proxy"],
          .passed: ["agent.traces"],
        ]),
      Scenario(
        "a web page", [], by: .agent(.webPage), gives: [.failed: ["agent.answers", "agent.span"]]),
      Scenario(
        "an Agent that keeps no trace", [], by: .agent(.sampledOut),
        gives: [.warning: ["agent.traces"]]),
      Scenario(
        "an Agent without evp_proxy", [], .llmobsAgent, by: .agent(.noEVPProxy),
        gives: [.failed: ["agent.evp-proxy"], .skipped: ["agent.forwarding"]]),
      Scenario(
        "the Agent's key is refused", [], .llmobsAgent, by: .agent(.keyRefused),
        gives: [.failed: ["agent.forwarding", "llmobs.span"]]),
      Scenario(
        "the Agent waits for Datadog", [], .llmobsAgent, by: .agent(.egressTimeout),
        gives: [.unknown: ["agent.forwarding", "llmobs.span"]]),
      Scenario(
        "the Agent drops what the application sends",
        ["DD_SERVICE=shop", "DD_ENV=prod"],
        by: describing(#""filter_tags":{"reject":["env:prod"]}"#),
        gives: [.failed: ["agent.filters"]]),
      Scenario(
        "the Agent drops OpenAI's own traces", ["DD_ENV=prod"],
        by: describing(#""ignore_resources":["create.*"]"#), gives: [.warning: ["agent.filters"]]),
      Scenario(
        "DogStatsD is off, and PHP uses it", [], .apm, php, by: .agent(.dogStatsDOff),
        gives: [.warning: ["agent.dogstatsd"]]),
      Scenario(
        "DogStatsD is off, and Python does not use it", [], by: .agent(.dogStatsDOff),
        gives: [.skipped: ["agent.dogstatsd"]]),
    ]
  }
}
