import Diagnosis

/// The Datadog Agent's own log.
extension Catalogue {
  static let agent: [Pattern] = [
    .failure(
      "agent-key-invalid", .agent, "agent.forwarding", .unauthorized,
      [
        "API Key invalid, dropping transaction for {w}", "API Key invalid (403 response)",
        "API key ending with {*}: API Key invalid", "API Key invalid{end}",
        "api_key {*} for domain {q}http{w} is invalid",
        "No valid api key found, reporting the forwarder as unhealthy",
        "esponse code from the API Key validation endpoint: 403",
      ], [.anywhere, .without(["domain %s", "domain {"])],
      cause: "Datadog refuses the Agent's own key: it is revoked, or belongs to another site than"
        + " the Agent's (site or dd_url)",
      docs: Docs.keys,
      fix: .edit("in the Agent: DD_SITE (site, datadog.site) is the site of the key; no dd_url"),
      .edit("in the Agent: DD_API_KEY is an API key, not an application key"),
      .command("agent diagnose", "on the Agent's host")),
    .failure(
      "agent-trace-writer-refused", .agent, "agent.forwarding", .unauthorized,
      [
        "Trace writer payload rejected by edge: {w}", "Payload rejected by edge: {w}",
        "trace.agent.{*}403 Forbidden", "trace.agent.{*}status code: 403",
        "| TRACE |{*}server responded with {q}403 Forbidden",
      ],
      [.anywhere],
      cause: "Datadog's intake refused the Agent's traces. 403: the Agent's key or site",
      docs: Docs.keys,
      fix: .edit("in the Agent: DD_API_KEY and DD_SITE belong together"),
      .command("dd-doctor --only agent.forwarding")),
    .failure(
      "agent-payload-dropped", .agent, "agent.forwarding", .noEgress,
      ["Trace Payload dropped ({n}", "Trace writer queue full. Payload dropped ({n}"],
      [.anywhere],
      cause: "the Agent's way out is too slow or closed", docs: Docs.agentProxy,
      fix: .command("dd-doctor --only agent.forwarding"),
      .edit("let the Agent reach trace.agent.<site>:443, or set its proxy")),
    .failure(
      "agent-apm-off", .agent, "agent.reachable", .disabled,
      [
        "trace-agent not enabled. Set the environment variable",
        "HTTP receiver disabled by config (apm_config.receiver_port: 0)",
        "HTTP Server is off: all listeners are disabled",
      ], [.anywhere, .atAnyLevel],
      cause: "APM is switched off in the Agent", docs: Docs.agent,
      fix: .edit("in the Agent: DD_APM_ENABLED=true (apm_config.enabled: true)"),
      .edit("in the Agent: DD_APM_RECEIVER_PORT=8126")),
    .failure(
      "agent-cannot-listen", .agent, "agent.reachable", .conflict,
      [
        "Error creating tcp listener: {w}", "Could not start HTTP server: {w}",
        "Could not start UDS server: {w}", "Error creating UDS listener: {w}",
      ], [.anywhere],
      cause: "the Agent's port or socket is taken; a folder at the socket's path means that a"
        + " mount came before the Agent",
      docs: Docs.agent,
      fix: .command("ss -ltnp 'sport = :8126'"),
      .edit("mount the folder of the socket, not the socket itself")),
    .failure(
      "agent-rejects-client", .agent, "agent.traces", .protocol,
      [
        "Cannot decode {w} traces payload: {w}", "Rejecting client request: {w}",
        "Error decoding pb.ClientStatsPayload: {w}", "Dropping invalid trace: {w}",
      ], [.anywhere],
      cause: "something sends the Agent what is no tracer's payload", docs: Docs.connection,
      fix: .command("dd-doctor --only agent.traces,agent.span")),
    .failure(
      "agent-proxy-disabled", .agent, "agent.evp-proxy", .disabled,
      ["EVPProxy is disabled: "], [.anywhere],
      cause: "the Agent's EVP proxy is off, so LLM Observability has no way through it (405)",
      docs: Docs.llmObservability,
      fix: .edit("in the Agent: DD_EVP_PROXY_CONFIG_ENABLED=true (evp_proxy_config.enabled)"),
      .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "true", "with DD_API_KEY and DD_SITE")),
    .failure(
      "agent-proxy-failed", .agent, "agent.forwarding", .noEgress,
      [
        "EVPProxy: {*}http: proxy error: {w}", "EVPProxy: no subdomain specified",
        "EVPProxy: invalid subdomain",
      ], [.anywhere],
      cause: "the Agent could not pass LLM Observability data on: no way out, or no subdomain",
      docs: Docs.agentProxy, fix: .command("dd-doctor --only agent.forwarding")),
    .failure(
      "agent-key-missing", .agent, "agent.forwarding", .missing,
      [
        "ou must specify an API Key, either via a configuration file or the DD_API_KEY",
        "You must set an DD_API_KEY environment variable to run the Datadog",
        "You must set either DD_API_KEY or ",
      ], [.anywhere],
      cause: "the Agent has no API key and sends nothing", docs: Docs.keys,
      fix: .edit("in the Agent: DD_API_KEY=<api key>, and DD_SITE of the same organization")),
    .failure(
      "agent-killed", .agent, "agent.traces", .tooLarge,
      [
        "Killing process. Memory threshold exceeded: {w}",
        "Memory threshold exceeded (apm_config.max_memory",
        "CPU threshold exceeded (apm_config.max_cpu_percent",
      ], [.anywhere],
      cause: "the trace-agent ends itself at its memory or CPU limit", docs: Docs.agent,
      fix: .edit("raise the Agent's memory limit (apm_config.max_memory)")),
    .failure(
      "agent-no-way-out", .agent, "agent.forwarding", .noEgress,
      [
        "Error while processing transaction: error while sending transaction",
        "retries exceeded {*}dropping payload", "lookup trace.agent.", "proxyconnect tcp: {w}",
        "trace.agent.{*}i/o timeout", "agent.datadoghq.{*}no such host",
        "Too many errors for endpoint {q}http{w}",
      ], [.anywhere, .with(["datadoghq", "ddog-gov", "agent."])],
      cause: "the Agent can't reach Datadog: no way out, DNS or a proxy", docs: Docs.agentProxy,
      fix: .edit("in the Agent: DD_PROXY_HTTPS, or a firewall rule for *.<site>:443"),
      .command("dd-doctor egress")),
    .failure(
      "agent-key-unchecked", .agent, "agent.forwarding", .noEgress,
      [
        "API key ending with {w} Unable to validate API Key",
        "API key ending with {w} Endpoint unreachable",
      ], [.anywhere],
      cause: "the Agent could not ask Datadog whether its key is good: no way out, DNS or a proxy",
      docs: Docs.agentProxy,
      fix: .edit("in the Agent: DD_PROXY_HTTPS, or a firewall rule for api.<site>:443"),
      .command("dd-doctor egress")),
    .failure(
      "agent-not-running", .agent, "agent.reachable", .refused,
      ["Not running or unreachable on {w}"],
      [.anywhere, .with([":8126", ":5012", "trace-agent"])],
      cause: "the Agent runs, and its trace-agent does not: `agent status` can't reach it",
      docs: Docs.agent,
      fix: .edit("in the Agent: DD_APM_ENABLED=true (apm_config.enabled: true)"),
      .command("sudo tail -n 50 /var/log/datadog/trace-agent.log")),
    .failure(
      "agent-hostname", .agent, "agent.reachable", .missing,
      ["unable to reliably determine the host name. You can define one in the agent config"],
      [.anywhere],
      cause: "the Agent does not start: it finds no name for its host", docs: Docs.agent,
      fix: .edit("in the Agent: DD_HOSTNAME=<name>; in Kubernetes from the node's name"),
      .edit("in Kubernetes: DD_KUBERNETES_KUBELET_HOST from status.hostIP")),
  ]
}
