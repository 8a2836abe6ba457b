/// What only looks like a failure, or is none of OpenAI telemetry's.
extension Catalogue {
  static let harmless: [Pattern] = [
    .harmless(
      "python-remote-config-off", .python,
      [
        "Agent is down or Remote Config is not enabled in the Agent",
        "Check your Agent version, you need an Agent running on",
        "debugger::unsupported_agent", "Unsupported Datadog agent detected. Logs and snapshots",
      ]),
    .harmless(
      "python-internal-reads", .python,
      [
        "Deprecated Datadog configuration variable accessed: ",
        "Unsupported Datadog configuration variable accessed: ",
      ]),
    .harmless(
      "python-exporter-at-exit", .python,
      [
        "Failed to re-point the trace exporter at the telemetry worker",
        "TraceExporter has already been consumed",
      ]),
    .harmless(
      "python-info-fetcher", .python,
      ["Error while fetching /info", "libdd_data_pipeline::agent_info{*}fetching"]),
    .harmless(
      "python-telemetry-worker", .python,
      ["libdd_telemetry::{*}rror", "Failed to send telemetry", "failed to send telemetry"]),
    .harmless(
      "python-quiet-parts", .python,
      [
        "Failed to post-start product {q}remote-configuration",
        "Statsd buffering is disabled", "Statsd periodic buffer flush is disabled",
        "additional sitecustomize not found", "is not enabled, skipping{end}",
        "Failed to collect start-up logs: ", "Setting api version to v0.4; LLM Observability",
      ]),
    .harmless(
      "python-llmobs-ml-app-deprecated", .python,
      ["DD_LLMOBS_ML_APP is deprecated and will be removed"]),
    .harmless(
      "node-telemetry", .node,
      [
        "Agent telemetry failed, started agentless telemetry", "Error sending telemetry data",
        "[RC] Error in request", "Error sending remote config",
      ]),
    .harmless(
      "node-loader-hooks", .node,
      ["dd-trace could not register synchronous loader hooks. Falling back"]),
    .harmless(
      "node-enable-deprecated", .node, ["Enabling LLM Observability via {q}llmobs.enable()"]),
    .harmless("node-native-addon", .node, ["No native build was found for platform="]),
    .harmless(
      "php-thread-sidecar", .php,
      ["Subprocess connection failed, falling back to thread mode"]),
    .harmless(
      "php-openai-logs-note", .php, ["Note that DD_OPENAI_LOGS_ENABLED=1 may be changed"]),
    .harmless(
      "agent-trace-count", .agent,
      [
        "HTTP header {q}X-Datadog-Trace-Count{q} not found", "Failed to count traces: ",
        "Fixing malformed trace ",
      ]),
    .harmless(
      "openai-retry", .openai,
      ["Retrying request to ", "APIUserAbortError: Request was aborted"]),
  ]

  /// What says something good, and what other patterns look back to.
  static let structure: [Pattern] = [
    .marker("node-payload", .node, ["Encoding payload: ["]),
    .marker("node-span-name", .node, ["\"name\"{q}:{q}openai.request\""]),
    .marker("tracer-configuration", .application, ["DATADOG TRACER CONFIGURATION"]),
    .marker("node-invalid-url-error", .node, ["TypeError [ERR_INVALID_URL]: Invalid URL"]),
    .marker("python-ddtrace-frame", .python, ["site-packages/ddtrace/{*}, line {n}, in "]),
    .proof(
      "python-openai-span", .python,
      [
        "finishing span - Span(name={q}openai.request{q},",
        "Starting span: <Span(id={n}{*}name=openai.request)",
      ], [.anywhere],
      says: "ddtrace made an openai.request span: the OpenAI integration works."
        + " It proves instrumentation, not delivery"),
    .proof(
      "agent-took-traces", .node, ["Response from the agent: {{q}rate_by_service"], [.anywhere],
      says: "the Agent took traces: it answered with the rates that only an Agent gives"),
    .proof(
      "llmobs-sent", .application,
      ["sent {n} LLMObs span events to {w}", "Sent {n} LLMObs span events to {w}"], [.anywhere],
      says: "LLM Observability spans were sent and taken"),
    .proof(
      "info-agent-none", .python, ["Agent error: None{end}"],
      says: "ddtrace-run --info names no Agent error. ddtrace 4.14 and later print None for"
        + " anything that answers HTTP there: dd-doctor --info asks for more"),
    .proof(
      "php-diagnostics-passed", .php, ["Diagnostic checks => passed"],
      says: "phpinfo's Diagnostic checks passed: the extension is loaded and something answers"
        + " HTTP at the Agent's address"),
    .proof(
      "agent-listens", .agent, ["Listening for traces at {w}"], [.anywhere],
      says: "the Agent listens for traces. At localhost inside a container nobody outside of it"
        + " can reach it: DD_APM_NON_LOCAL_TRAFFIC=true"),
    .proof(
      "lambda-extension-ready", .lambda, ["Name: datadog-agent{*}State: Ready"],
      [.anywhere], says: "the Datadog extension started"),
  ]
}
