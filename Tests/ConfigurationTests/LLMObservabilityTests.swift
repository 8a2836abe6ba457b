import Configuration
import Testing

@Suite struct LLMObservabilityTests {
  private func settings(_ entries: [String], _ language: Language?) -> Settings {
    Settings(
      Environment.reading(entries.map { Array($0.utf8) }).environment, HostFacts(),
      setup: .llmobsAgent, language: language)
  }

  @Test(
    arguments: [
      ("1", .python, "agentless"), ("yes", .python, "agentless"), ("0", .python, "agent"),
      ("", .python, "agent"), (" 1 ", .python, "agent"), (nil, .python, "asks"),
      ("1", .node, "agentless"), ("yes", .node, "asks"), ("false", .node, "agent"),
      ("", .node, "asks"), (nil, .node, "asks"), (nil, nil, "asks"),
    ] as [(String?, Language?, String)])
  func `the variable is read as each tracer reads it`(
    value: String?, language: Language?, expected: String
  ) {
    let settings = settings(
      value.map { ["DD_LLMOBS_AGENTLESS_ENABLED=\($0)"] } ?? [], language)
    let decision: String =
      switch settings.llmObservabilityDecision {
      case .agent: "agent"
      case .agentless: "agentless"
      case .asks: "asks"
      }
    #expect(decision == expected)
  }

  @Test func `the general switch counts in ddtrace alone`() {
    let entries = ["DD_AGENTLESS_ENABLED=1"]
    #expect(
      settings(entries, .python).llmObservabilityDecision == .agentless(by: "DD_AGENTLESS_ENABLED"))
    #expect(settings(entries, .node).llmObservabilityDecision == .asks)
  }

  @Test(
    arguments: [
      (["/evp_proxy/v2/"], true, true), (["/evp_proxy/v2/api/v2/llmobs"], true, false),
      (["/evp_proxy/v4/"], false, false), ([], false, false),
    ] as [([String], Bool, Bool)])
  func `ddtrace looks for a part, dd-trace for the whole`(
    endpoints: [String], python: Bool, node: Bool
  ) {
    #expect(settings([], .python).sendsThroughAgent(listing: endpoints) == python)
    #expect(settings([], .node).sendsThroughAgent(listing: endpoints) == node)
  }

  @Test func `the hosts depend on language, version and switches`() {
    let intake = Site.us1.llmObservabilityHost
    let traces = Site.us1.agentlessTraceHost
    let python = settings([], .python)
    #expect(python.llmObservabilityHosts(.us1, nil) == [intake, traces])
    #expect(python.llmObservabilityHosts(.us1, PackageVersion("4.16.0")) == [traces])
    #expect(python.llmObservabilityHosts(.us1, PackageVersion("3.9.1")) == [intake])
    #expect(
      settings(["DD_APM_TRACING_ENABLED=false"], .python).llmObservabilityHosts(.us1, nil)
        == [intake])
    #expect(settings([], .node).llmObservabilityHosts(.us1, nil) == [intake])
  }

  @Test(
    arguments: [
      (["DD_LLMOBS_ENABLED=1"], .python, .llmobsAgent),
      (["DD_LLMOBS_ENABLED=yes"], .python, .llmobsAgent),
      (["DD_LLMOBS_ENABLED=0", "DD_LLMOBS_ML_APP=x"], .python, .apm),
      (["DD_LLMOBS_AGENTLESS_ENABLED=1", "DD_LLMOBS_ML_APP=x"], .python, .llmobsAgentless),
      (["DD_LLMOBS_ML_APP=x"], .node, .llmobsAgent), (["DD_LLMOBS_ENABLED=1"], .php, .apm),
      (["DD_LLMOBS_ENABLED=1", "DD_AGENTLESS_ENABLED=1"], .python, .llmobsAgentless),
      (["DD_LLMOBS_ENABLED=1", "DD_AGENTLESS_ENABLED=1"], .node, .llmobsAgent),
    ] as [([String], Language, Setup)])
  func `what is meant decides the setup, and not whether it works`(
    entries: [String], language: Language, expected: Setup
  ) {
    let environment = Environment.reading(entries.map { Array($0.utf8) }).environment
    #expect(Settings(environment, HostFacts(), language: language).setup == expected)
  }
}
