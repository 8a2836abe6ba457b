import Diagnosis

/// dd-trace for Node.js on its way to the Agent and to Datadog.
extension Catalogue {
  static let node: [Pattern] = [
    .failure(
      "node-llmobs-no-route", .node, "llmobs.mode", .missing,
      ["Cannot send LLM Observability data without a running agent"], [.anywhere],
      cause: "no Agent with evp_proxy was found, so LLM Observability went agentless, and there"
        + " is no API key and site for that",
      docs: Docs.llmObservability,
      fix: .set("DD_AGENT_HOST", to: "<agent host>", "where there is an Agent"),
      .set("DD_API_KEY", to: "<api key>", "for agentless mode, with DD_SITE"),
      .command("dd-doctor --only 'llmobs.*,agent.*'")),
    .failure(
      "node-agent-unreachable", .node, "agent.reachable", .refused,
      [
        "DATADOG TRACER DIAGNOSTIC - Agent Error: connect {w}",
        "DATADOG TRACER DIAGNOSTIC - Agent Error: getaddrinfo {w}",
        "DATADOG TRACER DIAGNOSTIC - Agent Error: socket hang up",
        "Error sending payload to the agent (status code: undefined)",
        "HTTP error from agent: {*}ECONNREFUSED", "HTTP error from agent: {*}ENOTFOUND",
        "Network error trying to reach the agent: {w}",
        "DATADOG TRACER DIAGNOSTIC - Agent Error: read ECONN",
        "DATADOG TRACER DIAGNOSTIC - Agent Error: write E",
        "DATADOG TRACER DIAGNOSTIC - Agent Error: Network error",
      ], [.anywhere],
      cause: "the tracer can't reach the Agent. With agentless LLM Observability this concerns APM"
        + " spans alone, and LLM Observability data still arrives",
      docs: Docs.connection,
      fix: .command("dd-doctor --language node --only 'agent.*'"),
      .set("DD_TRACE_AGENT_URL", to: "http://<agent host>:8126"),
      .set("DD_APM_TRACING_ENABLED", to: "false", "where only LLM Observability is wanted")),
    .failure(
      "node-agent-status", .node, "agent.answers", .http,
      [
        "DATADOG TRACER DIAGNOSTIC - Agent Error: {w}",
        "Error sending payload to the agent (status code: {n})",
        "Error from http{w}: {n} {*}Response from the endpoint: ",
      ], [.yields(["node-agent-unreachable"]), .anywhere],
      cause: "something answers at the Agent's address, and not as an Agent that takes traces",
      docs: Docs.connection, fix: .command("dd-doctor --language node --only 'agent.*'")),
    .failure(
      "node-no-agent-json", .node, "agent.answers", .notAgent,
      ["Error updating prioritySampler rates"],
      cause: "the answer to the traces was no Agent's: another web server stands there",
      docs: Docs.connection, fix: .command("dd-doctor --only agent.answers")),
    .failure(
      "node-diagnostic", .node, "runtime.node.init", .notSent,
      ["DATADOG TRACER DIAGNOSTIC - Generic Error: {w}"],
      [.yields(["node-llmobs-no-route"]), .anywhere],
      cause: "the tracer's start-up diagnostics name an error", docs: Docs.nodeTracer,
      fix: .command("dd-doctor --language node")),
    .failure(
      "node-llmobs-key", .node, "datadog.key.valid", .unauthorized,
      ["[LLMObs] The provided Datadog API key is invalid"], [.anywhere],
      cause: "the key and the site do not belong together, or the key is revoked",
      docs: Docs.keys,
      fix: .command("dd-doctor --only 'datadog.*,site.*' --find-site"),
      .set("DD_SITE", to: "<site of the key>")),
    .failure(
      "node-llmobs-not-sent", .node, "llmobs.span", .notSent,
      ["Error sending {n} LLMObs {w} events to {w}", "Error sending {n} LLMObs events to {w}"],
      cause: "LLM Observability spans were made and lost on the way",
      docs: Docs.llmObservability, fix: .command("dd-doctor --only 'llmobs.*,agent.*'")),
    .failure(
      "node-llmobs-app-name", .node, "llmobs.app-name", .missing,
      ["Cannot start an LLMObs span without an mlApp configured"], [.anywhere],
      cause: "LLM Observability needs the application's name", docs: Docs.llmObservability,
      fix: .set("DD_LLMOBS_ML_APP", to: "<app>")),
    .failure(
      "node-llmobs-too-large", .node, "llmobs.span", .tooLarge,
      [
        "Dropping event input/output because its size ({n}) exceeds the",
        "ropping event input/output because its size ({n}) exceeds the event size limit",
      ], [.anywhere],
      cause: "an input or output above 5 MB is dropped from its event",
      docs: Docs.llmObservability, fix: .advice("shorten what is annotated or sent")),
    .failure(
      "node-llmobs-malformed", .node, "llmobs.span", .malformed,
      ["Failed to append span to LLM Observability writer"], [.anywhere],
      cause: "a span holds something that can't be serialised", docs: Docs.llmObservability,
      fix: .advice("annotate with plain text, numbers and JSON-ready values alone")),
    .failure(
      "node-agentless-key", .node, "datadog.key.valid", .unauthorized,
      [
        "Authentication failed sending {n} trace(s) (status {n})",
        "DD_API_KEY is required for agentless trace intake",
      ],
      cause: "agentless tracing has no Datadog API key that the site takes", docs: Docs.keys,
      fix: .set("DD_API_KEY", to: "<api key>"),
      .command("dd-doctor --only 'datadog.*,site.*'")),
    .failure(
      "node-agentless-site", .node, "site.known", .wrongSite,
      [
        "Trace intake endpoint not found (status {n})",
        "Invalid site for agentless exporter. site={w}",
      ],
      cause: "DD_SITE names no site with this intake", docs: Docs.sites,
      fix: .set("DD_SITE", to: "datadoghq.com", "the bare host")),
    .failure(
      "node-agentless-network", .node, "site.reachable", .noEgress,
      [
        "Network error sending {n} trace(s) to {w}", "Trace intake server error (status {n})",
        "Rate limited by trace intake (status {n})",
      ],
      cause: "Datadog's trace intake can't be reached, or turns traces away for now",
      docs: Docs.sites, fix: .command("dd-doctor --only 'site.*'")),
    .failure(
      "node-key-over-http", .node, "datadog.key.valid", .exposed,
      ["Not sending the Datadog API key over a non-TLS connection to {w}"], [.anywhere],
      cause: "an intake URL with http:// would show the key to the network", docs: Docs.keys,
      fix: .set("DD_TRACE_AGENT_URL", to: "https://<intake host>")),
    .failure(
      "node-payload-dropped", .node, "agent.traces", .notSent,
      [
        "Maximum number of active requests reached: payload is discarded",
        "Writer dropped {n} trace(s) that exceeded the {n} byte chunk cap",
      ],
      cause: "traces come faster than the Agent takes them, or one is too large",
      docs: Docs.connection, fix: .command("dd-doctor --only 'agent.*'")),
    .failure(
      "node-dogstatsd", .node, "agent.dogstatsd", .refused,
      ["DogStatsDClient: HTTP error from agent: {w}", "DogStatsDClient: Host not found"],
      [.yields(["node-agent-unreachable"])],
      cause: "metrics do not reach DogStatsD: an old Agent, or an unknown host",
      docs: Docs.dogStatsD,
      fix: .set("DD_DOGSTATSD_HOST", to: "<agent host>"),
      .advice("DD_DOGSTATSD_NON_LOCAL_TRAFFIC=true in the Agent")),
  ]
}
