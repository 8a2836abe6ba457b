import Configuration
import Diagnosis
import Probes

extension Scenario {
  private static let agentless = ["DD_LLMOBS_AGENTLESS_ENABLED=1", "DD_API_KEY=\(key)"]

  /// The Agent's `/info`, as a tracer meets it.
  private static func met(_ exchange: Exchange) -> Answers {
    .recorded { settings in
      [Recorded(AgentInfo(at: settings.agent), .init(exchange: exchange, description: nil))]
    }
  }

  /// Every host of the intake answers alike, but for the last.
  private static func hosts(_ last: Exchange) -> Answers {
    .recorded { settings in
      guard let site = settings.site.site else { return [] }
      let names = settings.llmObservabilityHosts(site, nil)
      return names.map { name in
        Recorded(
          IntakeAnswers(of: name),
          IntakeAnswers.Answer(exchange: name == names.last ? last : .recorded(404)))
      }
    }
  }

  /// An application with this dd-trace in its modules.
  private static func pastTheProxy(_ version: String) -> Answers {
    .recorded { _ in
      [
        Recorded(
          NodeModules(in: folder),
          NodeModules.Answer(packages: ["dd-trace": .init(version: version)])),
        Recorded(
          IntakeAnswers(of: "llmobs-intake.datadoghq.com"),
          IntakeAnswers.Answer(exchange: .recorded(404))),
      ]
    }
  }

  static var llmObservability: [Scenario] {
    let unset = HostFacts()
    return [
      Scenario(
        "LLM Observability is on", ["DD_LLMOBS_ENABLED=1", "DD_LLMOBS_ML_APP=shop"], .llmobsAgent,
        gives: [.passed: ["llmobs.enabled", "llmobs.app-name"]]),
      Scenario(
        "it is named, and no tracer known", ["DD_LLMOBS_ML_APP=x"], .llmobsAgent, nil,
        gives: [.warning: ["llmobs.enabled"]]),
      Scenario(
        "it is nowhere switched on", [], .llmobsAgent,
        gives: [.failed: ["llmobs.enabled", "llmobs.app-name"]]),
      Scenario(
        "PHP has none of it", [], .llmobsAgent, .php, gives: [.skipped: ["llmobs.app-name"]]),
      Scenario(
        "its name is too long",
        ["DD_LLMOBS_ML_APP=\(String(repeating: "x", count: 194))"], .llmobsAgent, .node,
        gives: [.warning: ["llmobs.app-name"]]),
      Scenario(
        "APM does not need it", on: unset, gives: [.skipped: ["llmobs.mode", "llmobs.span"]]),
      Scenario(
        "the tracer goes past an Agent that is not there", ["DD_API_KEY=\(key)"], .llmobsAgent,
        by: met(.recorded(.refused)), gives: [.warning: ["llmobs.mode"]]),
      Scenario(
        "the tracer has no way at all", [], .llmobsAgent, by: met(.recorded(.refused)),
        gives: [.failed: ["llmobs.mode"]]),
      Scenario(
        "the tracer's way is not known", [], .llmobsAgent, by: met(.recorded(.interrupted)),
        gives: [.unknown: ["llmobs.mode"]]),
      Scenario(
        "every host of the intake answers", agentless, .llmobsAgentless, by: hosts(.recorded(404)),
        gives: [.passed: ["llmobs.egress"]]),
      Scenario(
        "a firewall that lets one host through", agentless, .llmobsAgentless,
        by: hosts(.recorded(.timeout)), gives: [.failed: ["llmobs.egress"]]),
      Scenario(
        "the intake was not asked in time", agentless, .llmobsAgentless,
        by: hosts(.recorded(.interrupted)), gives: [.unknown: ["llmobs.egress"]]),
      Scenario(
        "a dd-trace that goes past the proxy", agentless + ["HTTPS_PROXY=http://proxy:3128"],
        .llmobsAgentless, .node, on: HostFacts(application: folder), by: pastTheProxy("6.12.0"),
        gives: [.warning: ["llmobs.egress"]]),
    ]
  }
}
