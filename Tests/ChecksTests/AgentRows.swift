import Configuration
import Diagnosis
import Probes

private let url = "DD_TRACE_AGENT_URL"
private let host = "DD_AGENT_HOST"

/// The tables of the group `agent`.
enum AgentRows {
  static let all =
    address + reachable + answers + traces + evpProxy + span + forwarding + filters
    + dogStatsD

  static let address: [CheckRow] = [
    CheckRow("agent.address", "the default", is: .passed, says: "http://localhost:8126 (default)"),
    CheckRow(
      "agent.address", "a variable that won is named", [host: "dd"], is: .passed,
      says: "http://dd:8126 (DD_AGENT_HOST)"),
    CheckRow(
      "agent.address", "a socket that exists", on: HostFacts(sockets: [AgentAddress.defaultSocket]),
      is: .passed, says: "unix:///var/run/datadog/apm.socket"),
    CheckRow(
      "agent.address", "no language, and all agree", [host: "dd"], nil, is: .passed, says: "dd:8126"
    ),
    CheckRow(
      "agent.address", "no language, and Node would go elsewhere",
      [host: "a", "DD_TRACE_AGENT_HOSTNAME": "b"], nil, is: .warning, .conflict, remedy: url,
      says: "dd-trace would send to http://a:8126"),
    CheckRow(
      "agent.address", "no language, and PHP would go elsewhere", ["DD_TRACE_AGENT_PORT": "9126"],
      nil, on: HostFacts(sockets: [AgentAddress.defaultSocket]), is: .warning, .conflict,
      remedy: url,
      says: "the PHP tracer would send to unix:///var/run/datadog/apm.socket"),
    CheckRow(
      "agent.address", "a URL without a port", [url: "http://dd"], is: .warning, .malformed,
      remedy: "export DD_TRACE_AGENT_URL=http://dd:8126", says: "80 is used"),
    CheckRow(
      "agent.address", "two slashes where three belong", [url: "unix://var/run/a.sock"],
      is: .warning,
      .malformed, remedy: "export DD_TRACE_AGENT_URL=unix:///var/run/a.sock", says: "/run/a.sock"),
    CheckRow(
      "agent.address", "a path that dd-trace drops", [url: "http://gw:8126/datadog"], .node,
      is: .warning, .malformed, remedy: "export DD_TRACE_AGENT_URL=http://gw:8126",
      says: "/datadog"),
    CheckRow(
      "agent.address", "a port that PHP passes over", ["DD_TRACE_AGENT_PORT": "99999"], .php,
      is: .warning, .malformed, remedy: "DD_TRACE_AGENT_PORT", says: "uses 8126"),
    CheckRow(
      "agent.address", "no scheme", [url: "localhost:8126"], is: .failed, .malformed,
      remedy: "export DD_TRACE_AGENT_URL=http://localhost:8126", says: "no protocol of an Agent"),
    CheckRow(
      "agent.address", "quotes", [url: "\"http://dd:8126\""], is: .failed, .malformed,
      remedy: "export DD_TRACE_AGENT_URL=http://dd:8126", says: "DD_TRACE_AGENT_URL"),
    CheckRow(
      "agent.address", "a path without unix://", [url: "/var/run/a.sock"], is: .failed, .malformed,
      remedy: "export DD_TRACE_AGENT_URL=unix:///var/run/a.sock"),
    CheckRow(
      "agent.address", "a host with a port", [host: "dd:8126"], is: .failed, .malformed,
      remedy: "export DD_AGENT_HOST=dd", says: "DD_TRACE_AGENT_PORT"),
    CheckRow(
      "agent.address", "a URL for a host", [host: "http://dd:9126"], is: .failed, .malformed,
      remedy: "DD_TRACE_AGENT_PORT=9126", says: "a URL belongs in"),
    CheckRow(
      "agent.address", "an empty port stops Python", ["DD_TRACE_AGENT_PORT": ""], is: .failed,
      .malformed, remedy: "DD_TRACE_AGENT_PORT", says: "is empty"),
    CheckRow(
      "agent.address", "an empty port is port 80 to Node", ["DD_TRACE_AGENT_PORT": ""], .node,
      is: .failed, .malformed, remedy: "DD_TRACE_AGENT_PORT", says: "is empty"),
    CheckRow(
      "agent.address", "a port out of range", ["DD_TRACE_AGENT_PORT": "99999"], is: .failed,
      .malformed, remedy: "DD_TRACE_AGENT_PORT", says: "1 to 65535"),
    CheckRow(
      "agent.address", "#15 hostIP with a zone and no brackets", [host: "fe80::1%eth0"],
      is: .failed,
      .malformed, remedy: host, says: "needs brackets"),
    CheckRow(
      "agent.address", "#15 an IPv6 hostIP without brackets in the URL",
      [url: "http://fd00::5:8126"], is: .failed, .malformed, remedy: url),
    CheckRow(
      "agent.address", "a host that was never expanded", [host: "$(HOST_IP)"], is: .failed,
      .malformed,
      remedy: host, says: "never expanded"),
  ]

  static let reachable: [CheckRow] = [
    CheckRow("agent.reachable", "it answers", is: .passed, says: "connected to localhost:8126"),
    CheckRow(
      "agent.reachable", "it answers badly, and yet it was reached",
      agent: CannedAgent(.fault(.protocol, "no HTTP")), is: .passed),
    CheckRow(
      "agent.reachable", "refused on a plain host",
      agent: .unreached(.refused, "connection refused"), is: .failed, .refused,
      remedy: "systemctl start datadog-agent", says: "nothing listens at localhost:8126"),
    CheckRow(
      "agent.reachable", "refused in a container", on: HostFacts(platform: .docker),
      agent: .unreached(.refused, "connection refused"), is: .failed, .refused, remedy: host),
    CheckRow(
      "agent.reachable", "#12 a pod can't reach the node: a time-out, and no refusal",
      [host: "10.0.0.5"], on: HostFacts(platform: .kubernetes),
      agent: .unreached(.timeout, "no connection within 5 s"), is: .failed, .timeout,
      remedy: "NetworkPolicy", says: "a firewall, or the wrong host"),
    CheckRow(
      "agent.reachable", "#13 no permission on the socket", [url: "unix:///a.sock"],
      agent: .unreached(.permission, "permission denied"), is: .failed, .permission,
      remedy: "write permission on /a.sock", says: "permission denied"),
    CheckRow(
      "agent.reachable", "#13 a stale socket after the Agent's restart", [url: "unix:///a.sock"],
      agent: .unreached(.refused, "connection refused"), is: .failed, .refused,
      remedy: "mount the socket's folder", says: "nobody listens on /a.sock"),
    CheckRow(
      "agent.reachable", "no socket there", [url: "unix:///a.sock"],
      agent: .unreached(.noSocket, "no such socket"), is: .failed, .noSocket,
      remedy: "mount the Agent's /var/run/datadog folder", says: "no such socket: /a.sock"),
    CheckRow(
      "agent.reachable", "no such name", [host: "nowhere"],
      agent: .unreached(.dns, "nowhere does not resolve"), is: .failed, .dns, remedy: host,
      says: "nowhere does not resolve"),
    CheckRow(
      "agent.reachable", "#15 ::1 refused, and 127.0.0.1 too: both are named",
      agent: CannedAgent(
        .fault(.refused, "connection refused"),
        attempts: [
          .init(address: "::1", error: "refused"), .init(address: "127.0.0.1", error: "refused"),
        ]),
      is: .failed, .refused),
    CheckRow(
      "agent.reachable", "#15 ::1 refused, 127.0.0.1 answers",
      agent: CannedAgent().with {
        $0.attempts = [
          .init(address: "::1", error: "refused"), .init(address: "127.0.0.1", error: nil),
        ]
      }, is: .passed),
    CheckRow(
      "agent.reachable", "#40 Cloud Run, where no Agent runs by itself",
      on: HostFacts(platform: .cloudRun), agent: .unreached(.refused, "connection refused"),
      is: .failed, .refused, remedy: "serverless-init"),
    CheckRow(
      "agent.reachable", "#40 an Azure function", on: HostFacts(platform: .azureFunctions),
      agent: .unreached(.refused, "connection refused"), is: .failed, .refused,
      remedy: "DD_LLMOBS_AGENTLESS_ENABLED"),
    CheckRow(
      "agent.reachable", "no route", [host: "10.9.9.9"],
      agent: .unreached(.unroutable, "no route to host"), is: .failed, .unroutable, remedy: url),
    CheckRow(
      "agent.reachable", "the run's deadline came first",
      agent: .unreached(.interrupted, "the run's deadline passed"), is: .unknown, .interrupted),
  ]

  static let answers: [CheckRow] = [
    CheckRow(
      "agent.answers", "an Agent", is: .passed, says: "Agent 7.78.0 at http://localhost:8126"),
    CheckRow(
      "agent.answers", "the test agent", agent: .describing(version: "test"), is: .passed,
      says: "test agent"),
    CheckRow(
      "agent.answers", "the Lambda extension",
      agent: .describing(
        endpoints: ["/v0.4/traces", "/evp_proxy/v2/api/v2/llmobs"], version: nil, config: nil),
      is: .passed, says: "Lambda extension"),
    CheckRow(
      "agent.answers", "an OpenTelemetry Collector",
      agent: .describing(
        endpoints: ["/v0.4/traces", "/api/v0.2/traces"], version: nil, config: nil),
      is: .passed, says: "OpenTelemetry Collector"),
    CheckRow(
      "agent.answers", "an Agent from before /info",
      agent: CannedAgent(.status(404)).with {
        $0.takesTraces = .status(200, #"{"rate_by_service":{}}"#)
      }, is: .warning, .outdated, remedy: "update the Agent", says: "before /info"),
    CheckRow(
      "agent.answers", "a web page", agent: CannedAgent(.page), is: .failed, .notAgent,
      remedy: "ss -ltnp", says: "not as a Datadog Agent"),
    CheckRow(
      "agent.answers", "an empty JSON object", agent: CannedAgent(info: "{}"), is: .failed,
      .notAgent,
      remedy: url),
    CheckRow(
      "agent.answers", "endpoints of something else",
      agent: CannedAgent(info: #"{"endpoints":["/users"]}"#), is: .failed, .notAgent),
    CheckRow(
      "agent.answers", "404, and no traces either", agent: CannedAgent(.status(404)), is: .failed,
      .notAgent, says: "takes no traces"),
    CheckRow(
      "agent.answers", "500", agent: CannedAgent(.status(500, reason: "Internal Server Error")),
      is: .failed, .http, says: "answers 500 Internal Server Error to /info"),
    CheckRow("agent.answers", "401", agent: CannedAgent(.status(401)), is: .failed, .http),
    CheckRow(
      "agent.answers", "an SSH banner",
      agent: CannedAgent(.fault(.protocol, "SSH speaks there")), is: .failed, .protocol,
      says: "localhost:8126 is no Agent"),
    CheckRow(
      "agent.answers", "silence", agent: CannedAgent(.fault(.timeout, "no answer within 5 s")),
      is: .failed, .timeout),
    CheckRow(
      "agent.answers", "a flood", agent: CannedAgent(.fault(.tooLarge, "more than 4 MB")),
      is: .failed,
      .tooLarge),
    CheckRow(
      "agent.answers", "the run's deadline came first",
      agent: CannedAgent(.fault(.interrupted, "the run's deadline passed")), is: .unknown,
      .interrupted),
  ]

  static let traces: [CheckRow] = [
    CheckRow("agent.traces", "takes /v0.4/traces", is: .passed),
    CheckRow(
      "agent.traces", "an old Agent that takes them",
      agent: CannedAgent(.status(404)).with {
        $0.takesTraces = .status(200, #"{"rate_by_service":{}}"#)
      }, is: .passed, says: "without /info"),
    CheckRow(
      "agent.traces", "nobody there, and agent.answers left out",
      agent: .unreached(.refused, "connection refused").with {
        $0.takesTraces = .fault(.refused, "connection refused")
      }, is: .failed, .refused, remedy: url),
    CheckRow(
      "agent.traces", "a web page, and agent.answers left out",
      agent: CannedAgent(.page).with { $0.takesTraces = .page }, is: .failed, .notAgent, remedy: url
    ),
    CheckRow(
      "agent.traces", "the run's deadline came first",
      agent: CannedAgent(.fault(.interrupted, "x")).with {
        $0.takesTraces = .fault(.interrupted, "x")
      }, is: .unknown, .interrupted),
    CheckRow(
      "agent.traces", "APM is off", agent: .describing(endpoints: ["/evp_proxy/v2/"]), is: .failed,
      .unsupported, remedy: "DD_APM_ENABLED"),
    CheckRow(
      "agent.traces", "#4 too old for LLM Observability inside spans", [:], .python, .llmobsAgent,
      agent: .describing(#""span_meta_structs":false"#), is: .warning, .outdated,
      remedy: "update the Agent"),
    CheckRow(
      "agent.traces", "#4 the key is absent: nothing is known", [:], .python, .llmobsAgent,
      is: .passed),
    CheckRow(
      "agent.traces", "#4 plain APM does not need it",
      agent: .describing(#""span_meta_structs":false"#), is: .passed),
    CheckRow(
      "agent.traces", "#4 nor does LLM Observability apart from APM",
      ["DD_APM_TRACING_ENABLED": "false"], .python, .llmobsAgent,
      agent: .describing(#""span_meta_structs":false"#), is: .passed),
    CheckRow(
      "agent.traces", "#7 a target of 0 a second", agent: .describing(config: #""target_tps":0"#),
      is: .warning, .sampledOut, remedy: "DD_APM_TARGET_TPS"),
    CheckRow(
      "agent.traces", "#7 a target above 0", agent: .describing(config: #""target_tps":0.5"#),
      is: .passed),
  ]

  static let evpProxy: [CheckRow] = [
    CheckRow(
      "agent.evp-proxy", "offered", [:], .python, .llmobsAgent, is: .passed, says: "/evp_proxy/v2/"),
    CheckRow(
      "agent.evp-proxy", "not offered, and needed", [:], .python, .llmobsAgent,
      agent: .describing(endpoints: ["/v0.4/traces"]), is: .failed, .unsupported,
      remedy: "DD_LLMOBS_AGENTLESS_ENABLED"),
    CheckRow(
      "agent.evp-proxy", "not offered, and not needed",
      agent: .describing(endpoints: ["/v0.4/traces"]), is: .skipped),
    CheckRow(
      "agent.evp-proxy", "listed, and yet disabled", [:], .python, .llmobsAgent,
      agent: CannedAgent().with { $0.forwarding = .status(405, "EVPProxy is disabled") },
      is: .failed,
      .disabled, remedy: "DD_EVP_PROXY_CONFIG_ENABLED"),
    CheckRow(
      "agent.evp-proxy", "the extension's exact path suits Python", [:], .python, .llmobsAgent,
      agent: .describing(
        endpoints: ["/v0.4/traces", "/evp_proxy/v2/api/v2/llmobs"], version: nil, config: nil),
      is: .passed),
    CheckRow(
      "agent.evp-proxy", "the extension's exact path does not suit Node", [:], .node, .llmobsAgent,
      agent: .describing(
        endpoints: ["/v0.4/traces", "/evp_proxy/v2/api/v2/llmobs"], version: nil, config: nil),
      is: .failed, .unsupported),
  ]

  static let span: [CheckRow] = [
    CheckRow("agent.span", "accepted", is: .passed, says: "openai.request"),
    CheckRow(
      "agent.span", "200 without rates is a web server's",
      agent: CannedAgent().with { $0.span = .status(200, "OK") }, is: .failed, .notAgent,
      remedy: url),
    CheckRow(
      "agent.span", "too large", agent: CannedAgent().with { $0.span = .status(413) }, is: .failed,
      .tooLarge, remedy: "max_payload_size"),
    CheckRow(
      "agent.span", "429", agent: CannedAgent().with { $0.span = .status(429) }, is: .failed,
      .throttled, remedy: "max_cpu_percent"),
    CheckRow(
      "agent.span", "404", agent: CannedAgent().with { $0.span = .status(404) }, is: .failed, .http,
      remedy: "enable APM"),
    CheckRow(
      "agent.span", "500", agent: CannedAgent().with { $0.span = .status(500) }, is: .failed, .http,
      remedy: "trace-agent.log"),
    CheckRow(
      "agent.span", "the connection breaks",
      agent: CannedAgent().with { $0.span = .fault(.reset, "connection reset") }, is: .failed,
      .reset),
    CheckRow(
      "agent.span", "a Collector answers no rates",
      agent: .describing(
        endpoints: ["/v0.4/traces"], version: "datadogreceiver-otelcol-0.130", config: nil
      ).with { $0.span = .status(200, "{}") }, is: .passed, says: "Collector"),
    CheckRow(
      "agent.span", "who lists traces and echoes anything is no Collector",
      agent: .describing(endpoints: ["/v0.4/traces"], version: nil, config: nil).with {
        $0.span = .status(200, #"{"endpoints":["/v0.4/traces"]}"#)
      }, is: .failed, .notAgent),
    CheckRow(
      "agent.span", "the run's deadline came first",
      agent: CannedAgent().with { $0.span = .fault(.interrupted, "x") }, is: .unknown, .interrupted),
  ]

  static let forwarding: [CheckRow] = [
    CheckRow("agent.forwarding", "a valid key and an open way", is: .passed),
    CheckRow(
      "agent.forwarding", "#1 the Agent's key was revoked",
      agent: CannedAgent().with { $0.forwarding = .status(403, "Forbidden") }, is: .failed,
      .unauthorized, remedy: "valid DD_API_KEY"),
    CheckRow(
      "agent.forwarding", "#3 a filter's page in the site's place",
      agent: CannedAgent().with { $0.forwarding = .status(403, "<html>blocked</html>") },
      is: .failed, .noEgress, remedy: "DD_PROXY_HTTPS"),
    CheckRow(
      "agent.forwarding", "#1 200 that says the key is not valid",
      agent: CannedAgent().with { $0.forwarding = .status(200, #"{"valid":false}"#) }, is: .failed,
      .unauthorized),
    CheckRow(
      "agent.forwarding", "#3 the Agent has no way out",
      agent: CannedAgent().with { $0.forwarding = .status(502) }, is: .failed, .noEgress,
      remedy: "DD_PROXY_HTTPS"),
    CheckRow(
      "agent.forwarding", "#3 or only a silent one: nothing is known",
      agent: CannedAgent().with { $0.forwarding = .fault(.timeout, "no answer") }, is: .unknown,
      .timeout),
    CheckRow(
      "agent.forwarding", "no evp_proxy", agent: .describing(endpoints: ["/v0.4/traces"]),
      is: .skipped),
    CheckRow(
      "agent.forwarding", "404", agent: CannedAgent().with { $0.forwarding = .status(404) },
      is: .skipped),
    CheckRow(
      "agent.forwarding", "405", agent: CannedAgent().with { $0.forwarding = .status(405) },
      is: .skipped, says: "disabled"),
    CheckRow(
      "agent.forwarding", "429", agent: CannedAgent().with { $0.forwarding = .status(429) },
      is: .unknown, .throttled),
    CheckRow(
      "agent.forwarding", "500", agent: CannedAgent().with { $0.forwarding = .status(500) },
      is: .unknown, .http),
    CheckRow(
      "agent.forwarding", "200 of something else",
      agent: CannedAgent().with { $0.forwarding = .page }, is: .unknown, .http),
  ]
}
