import Configuration
import Diagnosis
import Probes

private let key = "0123456789abcdef0123456789abcdef"
private let appKey = "0123456789abcdef0123456789abcdef01234567"
private let openAIKey = "sk-proj-AbCdEfGhIjKlMnOpQrStUvWx"

/// The tables of the group `environment`, but for its values.
enum EnvironmentRows {
  static let all = names + values + conflicts + tags + disabled + sampling

  static let names: [CheckRow] = [
    CheckRow("environment.names", "nothing is set", is: .skipped),
    CheckRow(
      "environment.names", "all known", ["DD_SERVICE": "a", "OPENAI_API_KEY": openAIKey],
      is: .passed,
      says: "2 known"),
    CheckRow(
      "environment.names", "an application's own name is no slip", ["DD_TEAM_MASCOT": "a"],
      is: .passed, says: "1 of others"),
    CheckRow(
      "environment.names", "a slip", ["DD_SERVCE": "shop"], is: .warning, .misspelt,
      remedy: "export DD_SERVICE=shop", says: "DD_SERVCE is read by nobody; DD_SERVICE is"),
    CheckRow(
      "environment.names", "a key's slip keeps the key in the shell", ["DD_API_KYE": key],
      is: .warning, .misspelt, remedy: "export DD_API_KEY=\"$DD_API_KYE\"; unset DD_API_KYE"),
    CheckRow(
      "environment.names", "what was taken out of a value is offered nowhere",
      ["DD_TAG": "owner:\(openAIKey)"], is: .warning, .misspelt,
      remedy: "export DD_TAGS=\"$DD_TAG\"; unset DD_TAG"),
    CheckRow(
      "environment.names", "lower case", ["dd_service": "shop"], is: .warning, .misspelt,
      remedy: "DD_SERVICE"),
    CheckRow(
      "environment.names", "a confusion", ["DD_AGENT_HOSTNAME": "dd"], is: .warning, .misspelt,
      remedy: "export DD_AGENT_HOST=dd"),
    CheckRow(
      "environment.names", "Kubernetes' service links",
      [
        "DATADOG_SERVICE_HOST": "10.0.0.1", "DATADOG_PORT": "tcp://10.0.0.1:8126",
        "DD_AGENT_SERVICE_PORT": "8126", "DD_AGENT_PORT_8126_TCP_ADDR": "10.0.0.1",
      ], is: .passed),
    CheckRow(
      "environment.names", "an integration's setting", ["DD_TRACE_FOOBAR_ENABLED": "1"], is: .passed
    ),
    CheckRow(
      "environment.names", "the language does not matter to a name", ["DD_SERVCE": "shop"], nil,
      .openAIAPI, is: .warning, .misspelt, remedy: "DD_SERVICE"),
  ]

  static let conflicts: [CheckRow] = [
    CheckRow("environment.conflicts", "nothing is set", is: .passed),
    CheckRow(
      "environment.conflicts", "a host that loses to a URL",
      ["DD_TRACE_AGENT_URL": "http://a:8126", "DD_AGENT_HOST": "b"], is: .warning, .conflict,
      remedy: "DD_AGENT_HOST", says: "DD_AGENT_HOST=b is ignored: DD_TRACE_AGENT_URL wins"),
    CheckRow(
      "environment.conflicts", "a host that says the same as the URL",
      ["DD_TRACE_AGENT_URL": "http://a:8126", "DD_AGENT_HOST": "a", "DD_TRACE_AGENT_PORT": "8126"],
      is: .passed),
    CheckRow(
      "environment.conflicts", "a port that loses",
      ["DD_TRACE_AGENT_URL": "http://a:8126", "DD_TRACE_AGENT_PORT": "9126"], is: .warning,
      .conflict,
      remedy: "DD_TRACE_AGENT_PORT"),
    CheckRow(
      "environment.conflicts", "traces by socket, metrics by host",
      ["DD_TRACE_AGENT_URL": "unix:///a.sock", "DD_AGENT_HOST": "b"], is: .passed),
    CheckRow(
      "environment.conflicts", "two hosts, of which Python takes the older name",
      ["DD_TRACE_AGENT_HOSTNAME": "a", "DD_AGENT_HOST": "b"], .python, is: .warning, .conflict,
      remedy: "DD_AGENT_HOST", says: "DD_TRACE_AGENT_HOSTNAME wins"),
    CheckRow(
      "environment.conflicts", "and Node the newer",
      ["DD_TRACE_AGENT_HOSTNAME": "a", "DD_AGENT_HOST": "b"], .node, is: .warning, .conflict,
      remedy: "DD_TRACE_AGENT_HOSTNAME", says: "DD_AGENT_HOST wins"),
    CheckRow(
      "environment.conflicts", "two services", ["DD_SERVICE": "a", "DD_TAGS": "service:b"],
      is: .warning, .conflict, remedy: "keep DD_SERVICE"),
    CheckRow(
      "environment.conflicts", "one service, said twice",
      ["DD_SERVICE": "a", "DD_TAGS": "service:a", "OTEL_SERVICE_NAME": "a"], is: .passed),
    CheckRow(
      "environment.conflicts", "another name for OpenTelemetry",
      ["DD_SERVICE": "a", "OTEL_SERVICE_NAME": "b"], is: .warning, .conflict, remedy: "DD_SERVICE"),
    CheckRow(
      "environment.conflicts", "two keys", ["DD_API_KEY": key, "DATADOG_API_KEY": key + "x"],
      is: .warning, .conflict, remedy: "DD_API_KEY"),
    CheckRow(
      "environment.conflicts", "traces that leave by OTLP", ["OTEL_TRACES_EXPORTER": "otlp"],
      is: .warning, .conflict, remedy: "OTEL_TRACES_EXPORTER", says: "leave by OTLP"),
    CheckRow(
      "environment.conflicts", "unless the protocol is set",
      ["OTEL_TRACES_EXPORTER": "otlp", "DD_TRACE_AGENT_PROTOCOL_VERSION": "0.4"], is: .passed),
    CheckRow(
      "environment.conflicts", "a name that has had its day", ["DD_LLMOBS_APP_NAME": "shop"],
      is: .warning, .deprecated, remedy: "DD_LLMOBS_ML_APP"),
    CheckRow(
      "environment.conflicts", "#21 set in .env and not in this process",
      ["DD_SERVICE": "a"], on: HostFacts(dotenvNames: ["DD_SERVICE", "DD_ENV", "DD_SITE"]),
      is: .warning, .conflict, remedy: ". ./.env", says: "2 DD_ variables in .env"),
    CheckRow(
      "environment.conflicts", "#21 set in .env and loaded", ["DD_SERVICE": "a"],
      on: HostFacts(dotenvNames: ["DD_SERVICE"]), is: .passed),
    CheckRow(
      "environment.conflicts", "a fleet's file of which not all is read",
      on: HostFacts(tracerFiles: [TracerFile(path: "/f.yaml", rank: .fleet, unreadLines: [3])]),
      is: .unknown, .unsupported, remedy: "cat /f.yaml", says: "line 3"),
  ]

  static let tags: [CheckRow] = [
    CheckRow(
      "environment.tags", "named", ["DD_SERVICE": "shop", "DD_ENV": "prod", "DD_VERSION": "1"],
      is: .passed, says: "service shop, env prod, version 1"),
    CheckRow("environment.tags", "named by DD_TAGS", ["DD_TAGS": "service:a,env:b"], is: .passed),
    CheckRow(
      "environment.tags", "named by OpenTelemetry's names",
      ["OTEL_SERVICE_NAME": "a", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=b"],
      is: .passed),
    CheckRow(
      "environment.tags", "not named", ["DD_ENV": "prod"], .node, is: .warning, .missing,
      remedy: "DD_SERVICE", says: "package.json"),
    CheckRow(
      "environment.tags", "an empty name", ["DD_SERVICE": "", "DD_ENV": "prod"], is: .warning,
      .missing, remedy: "DD_SERVICE", says: "is empty"),
    CheckRow(
      "environment.tags", "no env", ["DD_SERVICE": "shop"], .php, is: .warning, .missing,
      remedy: "DD_ENV", says: "the Agent's default env"),
    CheckRow(
      "environment.tags", "LLM Observability goes by its app name", [:], .python, .llmobsAgent,
      is: .passed),
    CheckRow(
      "environment.tags", "too long",
      ["DD_SERVICE": String(repeating: "a", count: 101), "DD_ENV": "p"],
      is: .warning, .malformed, remedy: "DD_SERVICE"),
    CheckRow(
      "environment.tags", "quotes inside",
      ["DD_SERVICE": "a", "DD_ENV": "b", "DD_TAGS": "team:\"a\""], is: .warning, .malformed,
      remedy: "DD_TAGS"),
    CheckRow(
      "environment.tags", "OpenAI's own metrics have none", [:], nil, .openAIAPI, is: .skipped),
  ]

  static let disabled: [CheckRow] = [
    CheckRow("environment.disabled", "nothing is set", is: .passed),
    CheckRow("environment.disabled", "on by name", ["DD_TRACE_ENABLED": "true"], is: .passed),
    CheckRow("environment.disabled", "no tracer", [:], nil, .openAIAPI, is: .skipped),
    CheckRow(
      "environment.disabled", "#8 tracing off", ["DD_TRACE_ENABLED": "false"], is: .failed,
      .disabled,
      remedy: "unset DD_TRACE_ENABLED", says: "sends nothing"),
    CheckRow(
      "environment.disabled", "#8 an empty switch is off in Python", ["DD_TRACE_ENABLED": ""],
      is: .failed, .disabled, says: "is empty, which is false"),
    CheckRow(
      "environment.disabled", "#8 and ignored in Node", ["DD_TRACE_ENABLED": ""], .node, is: .passed
    ),
    CheckRow(
      "environment.disabled", "#8 yes is off in Python", ["DD_TRACE_ENABLED": "yes"], is: .failed,
      .disabled),
    CheckRow(
      "environment.disabled", "#8 yes is on in PHP", ["DD_TRACE_ENABLED": "yes"], .php, is: .passed),
    CheckRow(
      "environment.disabled", "#8 yes without a language: not for certain",
      ["DD_TRACE_ENABLED": "yes"], nil, is: .passed),
    CheckRow(
      "environment.disabled", "#8 false without a language", ["DD_TRACE_ENABLED": "0"], nil,
      is: .failed, .disabled),
    CheckRow(
      "environment.disabled", "#8 the integration off", ["DD_TRACE_OPENAI_ENABLED": "false"],
      is: .failed, .disabled, remedy: "DD_TRACE_OPENAI_ENABLED"),
    CheckRow(
      "environment.disabled", "#8 openai among the disabled plugins",
      ["DD_TRACE_DISABLED_PLUGINS": "http, openai"], .node, is: .failed, .disabled,
      remedy: "DD_TRACE_DISABLED_PLUGINS"),
    CheckRow(
      "environment.disabled", "#8 which Python does not read",
      ["DD_TRACE_DISABLED_PLUGINS": "http, openai"], .python, is: .passed),
    CheckRow(
      "environment.disabled", "#8 openai in DD_PATCH_MODULES",
      ["DD_PATCH_MODULES": "redis:true,openai:false"], is: .failed, .disabled,
      remedy: "DD_PATCH_MODULES"),
    CheckRow(
      "environment.disabled", "#8 openai patched by name", ["DD_PATCH_MODULES": "openai:true"],
      is: .passed),
    CheckRow(
      "environment.disabled", "#8 no traces for OpenTelemetry", ["OTEL_TRACES_EXPORTER": "none"],
      is: .failed, .disabled, remedy: "OTEL_TRACES_EXPORTER"),
    CheckRow(
      "environment.disabled", "#8 APM off, for APM", ["DD_APM_TRACING_ENABLED": "false"],
      is: .failed,
      .disabled),
    CheckRow(
      "environment.disabled", "#8 APM off, for LLM Observability",
      ["DD_APM_TRACING_ENABLED": "false", "DD_LLMOBS_ENABLED": "1"], .python, .llmobsAgent,
      is: .passed),
    CheckRow(
      "environment.disabled", "#8 LLM Observability off", ["DD_LLMOBS_ENABLED": "0"], .python,
      .llmobsAgent, is: .failed, .disabled, remedy: "DD_LLMOBS_ENABLED"),
  ]

  static let sampling: [CheckRow] = [
    CheckRow("environment.sampling", "nothing is set", is: .passed, says: "the default rates"),
    CheckRow("environment.sampling", "no tracer", [:], nil, .openAIAPI, is: .skipped),
    CheckRow(
      "environment.sampling", "#6 a rate of 0", ["DD_TRACE_SAMPLE_RATE": "0"], .node, is: .failed,
      .sampledOut, remedy: "DD_TRACE_SAMPLE_RATE"),
    CheckRow(
      "environment.sampling", "#6 a rate of 0, and no language is known",
      ["DD_TRACE_SAMPLE_RATE": "0"], nil, is: .warning, .sampledOut,
      remedy: "DD_TRACE_SAMPLE_RATE", says: "ddtrace 3 and later ignores it"),
    CheckRow(
      "environment.sampling", "#6 which Python ignores", ["DD_TRACE_SAMPLE_RATE": "0"], .python,
      is: .passed),
    CheckRow(
      "environment.sampling", "#6 a small rate keeps some", ["DD_TRACE_SAMPLE_RATE": "0.001"],
      .node, is: .passed),
    CheckRow(
      "environment.sampling", "#6 a rule of 0 for all",
      ["DD_TRACE_SAMPLING_RULES": #"[{"sample_rate":0}]"#], is: .failed, .sampledOut,
      remedy: "DD_TRACE_SAMPLING_RULES"),
    CheckRow(
      "environment.sampling", "#6 a rule of 0 for this service",
      [
        "DD_TRACE_SAMPLING_RULES": #"[{"service":"shop","sample_rate":0.0}]"#, "DD_SERVICE": "shop",
      ],
      is: .failed, .sampledOut),
    CheckRow(
      "environment.sampling", "#6 a rule of 0 for another",
      ["DD_TRACE_SAMPLING_RULES": #"[{"service":"cart","sample_rate":0}]"#, "DD_SERVICE": "shop"],
      is: .passed),
    CheckRow(
      "environment.sampling", "#6 the first rule that meets decides",
      ["DD_TRACE_SAMPLING_RULES": #"[{"sample_rate":1},{"sample_rate":0}]"#], is: .passed),
    CheckRow(
      "environment.sampling", "#6 always_off", ["OTEL_TRACES_SAMPLER": "parentbased_always_off"],
      is: .failed, .sampledOut, remedy: "OTEL_TRACES_SAMPLER"),
    CheckRow(
      "environment.sampling", "#6 a ratio of 0",
      ["OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.0"], is: .failed,
      .sampledOut, remedy: "OTEL_TRACES_SAMPLER_ARG"),
    CheckRow(
      "environment.sampling", "#6 LLM Observability's own rate",
      ["DD_LLMOBS_SAMPLE_RATE": "0"], .python, .llmobsAgent, is: .failed, .sampledOut,
      remedy: "DD_LLMOBS_SAMPLE_RATE"),
    CheckRow(
      "environment.sampling", "#6 APM's rate costs LLM Observability the traces alone",
      ["OTEL_TRACES_SAMPLER": "always_off"], .python, .llmobsAgent, is: .warning, .sampledOut),
    CheckRow(
      "environment.sampling", "#6 LLM Observability's rate does not touch APM",
      ["DD_LLMOBS_SAMPLE_RATE": "0"], .python, .apm, is: .passed),
  ]
}
