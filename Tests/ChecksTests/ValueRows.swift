import Configuration
import Diagnosis
import Probes

private let key = "0123456789abcdef0123456789abcdef"
private let appKey = "0123456789abcdef0123456789abcdef01234567"
private let openAIKey = "sk-proj-AbCdEfGhIjKlMnOpQrStUvWx"

extension EnvironmentRows {
  static let values: [CheckRow] = keys + switches + numbers + texts

  private static let keys: [CheckRow] = [
    CheckRow(
      "environment.values", "good keys", ["DD_API_KEY": key, "OPENAI_API_KEY": openAIKey],
      is: .passed, says: "2 values read well"),
    CheckRow(
      "environment.values", "#30 a newline from echo", ["DD_API_KEY": key + "\n"], is: .warning,
      .malformed, remedy: "DD_API_KEY", says: "line end"),
    CheckRow(
      "environment.values", "#30 a carriage return from Windows",
      ["OPENAI_API_KEY": openAIKey + "\r"],
      is: .warning, .malformed, remedy: "OPENAI_API_KEY", says: "line end"),
    CheckRow(
      "environment.values", "#30 both", ["DD_API_KEY": key + "\r\n"], is: .warning, .malformed),
    CheckRow(
      "environment.values", "quotes around a key", ["DD_API_KEY": "\"\(key)\""], is: .warning,
      .malformed, remedy: "DD_API_KEY", says: "quotes"),
    CheckRow(
      "environment.values", "blanks around a key", ["DD_API_KEY": " \(key)"], is: .warning,
      .malformed,
      says: "blanks"),
    CheckRow(
      "environment.values", "the document's own placeholder", ["DD_API_KEY": "<YOUR_API_KEY>"],
      is: .warning, .malformed, remedy: "the real one", says: "placeholder"),
    CheckRow(
      "environment.values", "a CI's secret that was never expanded",
      ["DD_API_KEY": "${{ secrets.DD_API_KEY }}"], is: .warning, .malformed, remedy: "the real one",
      says: "never expanded"),
    CheckRow(
      "environment.values", "a shell's variable that was never expanded",
      ["OPENAI_API_KEY": "$OPENAI_KEY"], is: .warning, .malformed, says: "never expanded"),
    CheckRow(
      "environment.values", "the two keys swapped",
      ["DD_API_KEY": openAIKey, "OPENAI_API_KEY": key], is: .warning, .wrongKind,
      remedy: "own variable"),
    CheckRow(
      "environment.values", "an application key for the API key", ["DD_API_KEY": appKey],
      is: .warning,
      .wrongKind, says: "DD_APP_KEY"),
    CheckRow(
      "environment.values", "a gateway's key may be any hex",
      ["OPENAI_API_KEY": key, "OPENAI_BASE_URL": "http://localhost:4000"], is: .passed),
    CheckRow("environment.values", "nothing to judge", ["DD_TEAM_MASCOT": "x"], is: .skipped),
  ]

  private static let switches: [CheckRow] = [
    CheckRow(
      "environment.values", "true and 1, 0 and FALSE",
      [
        "DD_TRACE_ENABLED": "true", "DD_LLMOBS_ENABLED": "1", "DD_TRACE_DEBUG": "0",
        "DD_RUNTIME_METRICS_ENABLED": "FALSE",
      ], is: .passed),
    CheckRow(
      "environment.values", "yes is false to asbool", ["DD_LLMOBS_ENABLED": "yes"], is: .warning,
      .malformed, remedy: "export DD_LLMOBS_ENABLED=true", says: "which ddtrace reads as false"),
    CheckRow(
      "environment.values", "yes is true to envier", ["DD_LLMOBS_AGENTLESS_ENABLED": "yes"],
      is: .passed),
    CheckRow(
      "environment.values", "yes is dropped by Node", ["DD_LLMOBS_AGENTLESS_ENABLED": "yes"],
      .node, is: .warning, .malformed, says: "which dd-trace ignores"),
    CheckRow(
      "environment.values", "yes is true to PHP", ["DD_TRACE_ENABLED": "yes"], .php, is: .passed),
    CheckRow(
      "environment.values", "blanks make it false", ["DD_LLMOBS_AGENTLESS_ENABLED": " 1 "],
      is: .warning, .malformed, remedy: "export DD_LLMOBS_AGENTLESS_ENABLED=true"),
    CheckRow(
      "environment.values", "off means off, whatever the word", ["DD_TRACE_ENABLED": "off"],
      is: .passed),
    CheckRow(
      "environment.values", "nonsense", ["DD_TRACE_ENABLED": "banana"], is: .warning, .malformed),
    CheckRow(
      "environment.values", "an empty switch whose default is true", ["DD_TRACE_ENABLED": ""],
      is: .warning, .malformed, remedy: "unset DD_TRACE_ENABLED", says: "is empty"),
    CheckRow(
      "environment.values", "an empty switch whose default is false", ["DD_TRACE_DEBUG": ""],
      is: .passed),
    CheckRow(
      "environment.values", "a word that this switch takes", ["DD_LOGS_INJECTION": "structured"],
      is: .passed),
    CheckRow(
      "environment.values", "1 without a language", ["DD_TRACE_ENABLED": "1"], nil, is: .passed),
    CheckRow(
      "environment.values", "yes without a language", ["DD_TRACE_ENABLED": "yes"], nil,
      is: .warning,
      .malformed, remedy: "DD_TRACE_ENABLED"),
  ]

  private static let numbers: [CheckRow] = [
    CheckRow(
      "environment.values", "a number that stops Python", ["DD_LLMOBS_SAMPLE_RATE": "abc"],
      is: .failed, .malformed, remedy: "DD_LLMOBS_SAMPLE_RATE", says: "does not start"),
    CheckRow(
      "environment.values", "and an empty one", ["DD_TRACE_AGENT_TIMEOUT_SECONDS": ""], is: .failed,
      .malformed, remedy: "DD_TRACE_AGENT_TIMEOUT_SECONDS"),
    CheckRow(
      "environment.values", "a number that Node drops", ["DD_TRACE_RATE_LIMIT": "many"], .node,
      is: .warning, .malformed, remedy: "DD_TRACE_RATE_LIMIT", says: "is no number"),
    CheckRow(
      "environment.values", "good numbers",
      ["DD_LLMOBS_SAMPLE_RATE": "0.5", "DD_TRACE_RATE_LIMIT": " 100 "], is: .passed),
    CheckRow(
      "environment.values", "a DogStatsD port that stops Python", ["DD_DOGSTATSD_PORT": "abc"],
      is: .failed, .malformed, remedy: "DD_DOGSTATSD_PORT", says: "does not start"),
    CheckRow(
      "environment.values", "a DogStatsD URL that stops Python",
      ["DD_DOGSTATSD_URL": "http://localhost:8125"], .python, .llmobsAgentless, is: .failed,
      .malformed, remedy: "DD_DOGSTATSD_URL", says: "does not start"),
    CheckRow(
      "environment.values", "and does not stop Node", ["DD_DOGSTATSD_PORT": "abc"], .node,
      is: .passed),
    CheckRow(
      "environment.values", "an Agent's address that stops Python without an Agent, too",
      ["DD_TRACE_AGENT_URL": "localhost:8126"], .python, .llmobsAgentless, is: .failed, .malformed,
      remedy: "DD_TRACE_AGENT_URL"),
    CheckRow(
      "environment.values", "with an Agent, agent.address says it",
      ["DD_TRACE_AGENT_URL": "localhost:8126"], is: .passed),
    CheckRow(
      "environment.values", "one host that is refused twice is said once",
      ["DD_AGENT_HOST": "dd:8126"], is: .passed),
  ]

  private static let texts: [CheckRow] = [
    CheckRow(
      "environment.values", "good texts",
      [
        "DD_SERVICE": "my shop", "DD_ENV": "prod", "DD_TAGS": "team:a, cost:b", "DD_VERSION": "1.0",
        "OTEL_RESOURCE_ATTRIBUTES": "a=b,c=d",
      ], is: .passed),
    CheckRow(
      "environment.values", "quotes", ["DD_SERVICE": "\"shop\""], is: .warning, .malformed,
      remedy: "export DD_SERVICE=shop", says: "quotes"),
    CheckRow(
      "environment.values", "an apostrophe inside is no quote", ["DD_SERVICE": "bob's"], is: .passed
    ),
    CheckRow(
      "environment.values", "blanks", ["DD_ENV": " prod "], is: .warning, .malformed,
      remedy: "export DD_ENV=prod", says: "blanks"),
    CheckRow(
      "environment.values", "a line end", ["DD_ENV": "prod\r"], is: .warning, .malformed,
      remedy: "export DD_ENV=prod", says: "line end"),
    CheckRow(
      "environment.values", "a placeholder", ["DD_SERVICE": "<your-service>"], is: .warning,
      .malformed, remedy: "DD_SERVICE"),
    CheckRow(
      "environment.values", "never expanded", ["DD_SERVICE": "${SERVICE}"], is: .warning, .malformed
    ),
    CheckRow(
      "environment.values", "a pattern may hold a dollar",
      ["DD_APM_FILTER_TAGS_REGEX_REJECT": "a:${x}$"], is: .passed),
    CheckRow(
      "environment.values", "control characters", ["DD_SERVICE": "a\u{1}b"], is: .warning,
      .malformed,
      says: "control characters"),
    CheckRow(
      "environment.values", "megabytes", ["DD_TAGS": String(repeating: "a", count: 1 << 20)],
      is: .warning, .malformed, says: "1048576 bytes"),
    CheckRow(
      "environment.values", "rules that are no JSON", ["DD_TRACE_SAMPLING_RULES": "[{"],
      is: .warning,
      .malformed, says: "no JSON list"),
    CheckRow(
      "environment.values", "rules that would have killed a decoder",
      ["DD_TRACE_SAMPLING_RULES": String(repeating: "[", count: 513)], is: .warning, .malformed),
    CheckRow(
      "environment.values", "good rules",
      ["DD_TRACE_SAMPLING_RULES": #"[{"service": "a", "sample_rate": 0.5}]"#], is: .passed),
  ]
}
