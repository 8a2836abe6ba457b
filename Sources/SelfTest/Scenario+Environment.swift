import Configuration
import Diagnosis
import Probes

extension Scenario {
  static let key = "0123456789abcdef0123456789abcdef"
  static let appKey = "0123456789abcdef0123456789abcdef01234567"

  static var environment: [Scenario] {
    [
      Scenario(
        "nothing is set",
        gives: [
          .skipped: [
            "environment.names", "environment.values", "environment.secrets", "site.reachable",
            "datadog.key.present", "datadog.key.shape", "datadog.key.valid",
            "datadog.organization", "datadog.app-key.valid", "site.llmobs",
            "kubernetes.agent-host", "kubernetes.socket-mount", "docker.network", "ecs.agent-host",
            "agent.site", "openai.key.present", "openai.key.shape",
            "openai.crawler", "openai.key.scope", "openai.model-capabilities",
          ],
          .passed: [
            "environment.conflicts", "environment.disabled", "environment.sampling",
            "agent.address", "openai.provider",
          ],
          .warning: ["environment.tags"],
        ]),
      Scenario(
        "all is named", ["DD_SERVICE=shop", "DD_ENV=prod", "DD_VERSION=1"],
        gives: [.passed: ["environment.names", "environment.tags", "environment.values"]]),
      Scenario("a slip of the pen", ["DD_SERVCE=shop"], gives: [.warning: ["environment.names"]]),
      Scenario(
        "a key with a line end", ["DD_API_KEY=\(key)\n"], gives: [.warning: ["environment.values"]]),
      Scenario(
        "a number that stops the tracer", ["DD_LLMOBS_SAMPLE_RATE=abc"],
        gives: [.failed: ["environment.values"]]),
      Scenario(
        "a host that loses to a URL", ["DD_TRACE_AGENT_URL=http://a:8126", "DD_AGENT_HOST=b"],
        gives: [.warning: ["environment.conflicts"]]),
      Scenario(
        "a fleet's file that is partly read",
        on: HostFacts(tracerFiles: [TracerFile(path: "/f.yaml", rank: .fleet, unreadLines: [3])]),
        gives: [.unknown: ["environment.conflicts"]]),
      Scenario(
        "no application, OpenAI's usage alone", [], .openAIAPI, nil,
        gives: [.skipped: ["environment.tags", "environment.disabled", "environment.sampling"]]),
      Scenario(
        "tracing is off", ["DD_TRACE_ENABLED=false"], gives: [.failed: ["environment.disabled"]]),
      Scenario(
        "every trace is sampled out", ["OTEL_TRACES_SAMPLER=always_off"],
        gives: [.failed: ["environment.sampling"]]),
      Scenario(
        "traces are sampled out beside LLM Observability", ["OTEL_TRACES_SAMPLER=always_off"],
        .llmobsAgent, gives: [.warning: ["environment.sampling"]]),
      Scenario(
        "an address that two tracers read otherwise",
        ["DD_AGENT_HOST=a", "DD_TRACE_AGENT_HOSTNAME=b"], .apm, nil,
        gives: [.warning: ["agent.address"]]),
      Scenario(
        "an address that is none", ["DD_TRACE_AGENT_URL=localhost:8126"],
        gives: [.failed: ["agent.address"]]),
    ]
  }
}
