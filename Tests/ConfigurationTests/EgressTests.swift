import Configuration
import Testing

@Suite struct EgressTests {
  private func needs(_ setup: Setup, _ entries: [String]) -> [String]? {
    let environment = Environment.reading(entries.map { Array($0.utf8) }).environment
    let settings = Settings(environment, HostFacts(), setup: setup, language: .python)
    return Egress.needs(settings)?.filter { !$0.isLocal }.map(\.description)
  }

  @Test(
    arguments: [
      (.openAIAPI, [], ["api.openai.com:443", "api.datadoghq.com:443"]),
      (
        .llmobsAgentless, ["DD_SITE=us5.datadoghq.com"],
        [
          "api.openai.com:443", "llmobs-intake.us5.datadoghq.com:443",
          "trace.browser-intake-us5-datadoghq.com:443", "trace.agent.us5.datadoghq.com:443",
          "api.us5.datadoghq.com:443",
        ]
      ),
      (
        .llmobsAgentless, ["DD_SITE=datad0g.com"],
        [
          "api.openai.com:443", "llmobs-intake.datad0g.com:443", "trace.agent.datad0g.com:443",
          "api.datad0g.com:443",
        ]
      ),
      (
        .apm, ["DD_AGENT_HOST=agent", "OPENAI_BASE_URL=http://127.0.0.1:4000/v1"],
        [
          "agent:8126", "agent:8125/udp", "trace.agent.datadoghq.com:443", "api.datadoghq.com:443",
        ]
      ),
    ] as [(Setup, [String], [String])])
  func `a setup's ways out are listed`(setup: Setup, entries: [String], expected: [String]) {
    #expect(needs(setup, entries) == expected)
  }

  @Test func `a mistyped site has no hosts`() {
    #expect(needs(.apm, ["DD_SITE=US5"]) == nil)
  }
}
