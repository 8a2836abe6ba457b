import Diagnosis

/// ddtrace on its way to the Agent.
extension Catalogue {
  static let python: [Pattern] = [
    .failure(
      "python-send-refused", .python, "agent.reachable", .refused,
      [
        "failed to send, dropping {n} traces to {*}: Network error: client error (Connect)",
        "failed to send, dropping {n} traces to {*}onnection refused",
        "failed to send, dropping {n} traces to {*}NewConnectionError",
      ],
      cause: "nothing takes a connection at the tracer's Agent address: refused, an unknown host,"
        + " TLS or a missing socket all read like this",
      docs: Docs.connection,
      fix: .command("dd-doctor --only 'agent.*'", "tells which of them it is"),
      .set("DD_AGENT_HOST", to: "<agent host>", "where the Agent is on another host or container")),
    .failure(
      "python-send-timeout", .python, "agent.reachable", .timeout,
      [
        "failed to send, dropping {n} traces to {*}: timed out",
        "failed to send, dropping {n} traces to {*}imed out",
      ], [.yields(["python-send-refused"])],
      cause: "the Agent's address is silent: a firewall, a network policy or no hostPort",
      docs: Docs.connection,
      fix: .command("dd-doctor --only 'agent.*'"),
      .advice("open TCP 8126 from the application to the Agent (hostPort, NetworkPolicy)")),
    .failure(
      "python-send-no-http", .python, "agent.answers", .protocol,
      ["failed to send, dropping {n} traces to {*}: Network error: client error (SendRequest)"],
      [.yields(["python-send-refused", "python-send-timeout"])],
      cause: "what listens there does not speak HTTP, or closes at once: another service, or TLS",
      docs: Docs.connection,
      fix: .command("dd-doctor --only agent.answers"),
      .set("DD_TRACE_AGENT_URL", to: "http://<agent host>:8126")),
    .failure(
      "python-send-status", .python, "agent.traces", .http,
      [
        "failed to send, dropping {n} traces to {*}: Error code: {n} ",
        "failed to send traces to {w} at {w}: HTTP error status {n}",
        "failed to send traces to intake at {w}: HTTP error status {n}",
        "failed to send traces to Datadog Agent at {w}: HTTP error status {n}",
      ],
      cause: "something answers there and refuses the traces: an old Agent, another web server or"
        + " a proxy (404), or a payload that is too large (413)",
      docs: Docs.connection,
      fix: .command("dd-doctor --only 'agent.*'"),
      .set("DD_TRACE_AGENT_URL", to: "http://<agent host>:8126")),
    .failure(
      "python-send-failed", .python, "agent.reachable", .notSent,
      [
        "failed to send, dropping {n} traces to {w} at {w}",
        "failed to send, dropping {n} traces to Datadog Agent at {w}",
        "failed to send traces to Datadog Agent at {w}",
        "failed to submit span stats {*}to the Datadog agent at {w}",
      ],
      [
        .yields([
          "python-send-refused", "python-send-timeout", "python-send-no-http", "python-send-status",
        ])
      ],
      cause: "the tracer made traces and lost them on the way to the Agent",
      docs: Docs.connection,
      fix: .command("dd-doctor --only 'agent.*'"),
      .set("DD_AGENT_HOST", to: "<agent host>", "where the Agent is on another host or container")),
    .failure(
      "python-native-send", .python, "agent.reachable", .notSent,
      ["Max retries exceeded, returning request error error="], [.with(["libdd_trace_utils"])],
      cause: "the tracer's exporter gave up; the lines under `Caused by:` are the true cause",
      docs: Docs.connection, fix: .command("dd-doctor --only 'agent.*'")),
    .failure(
      "python-native-dns", .python, "agent.reachable", .dns,
      ["DNS resolution for host {q}{w} failed: ", "DNS resolution for host {q}{w} raised "],
      [.anywhere],
      cause: "the name of the Agent's host is unknown where the application runs",
      docs: Docs.connection,
      fix: .set("DD_AGENT_HOST", to: "<agent host>"),
      .command("getent hosts <agent host>")),
    .failure(
      "python-agent-unreachable", .python, "agent.reachable", .refused,
      [
        "DATADOG TRACER DIAGNOSTIC - Agent not reachable at {w}",
        "Agent error: Agent not reachable at {w}",
        "It looks like you have an agent error: {q}Agent not reachable at {w}",
        "agent_error{q}:{q}Agent not reachable at {w}",
      ], [.anywhere],
      cause: "the tracer reached no Agent when it started", docs: Docs.connection,
      fix: .command("dd-doctor --info"), .set("DD_AGENT_HOST", to: "<agent host>")),
    .failure(
      "python-agent-error", .python, "agent.answers", .notSent,
      [
        "Agent error: {w}", "It looks like you have an agent error: {q}{w}",
        "'agent_error': '{w}", "\"agent_error\": \"{w}", "\"agent_error\":\"{w}",
      ],
      [
        .yields(["python-agent-unreachable", "php-agent-error"]), .atAnyLevel, .anywhere,
        .with(["    Agent error:", "agent error: '", "agent_error"]),
        .without(["Agent error: None", "Agent error: not ", "DIAGNOSTIC"]),
      ],
      cause: "the tracer's own look at the Agent failed when it started", docs: Docs.connection,
      fix: .command("dd-doctor --info")),
    .failure(
      "python-info-status", .python, "agent.answers", .notAgent,
      ["Unexpected error: HTTP error status {n}"], [.anywhere, .yields(["*"])],
      cause: "what answers /info is no Agent, or a proxy stands before it", docs: Docs.connection,
      fix: .command("dd-doctor --only agent.answers")),
    .failure(
      "python-old-agent", .python, "agent.traces", .outdated,
      [
        "Calling endpoint {q}{w} but received {n}; downgrading API",
        "unsupported endpoint {q}{w}: received response {n} from intake",
      ],
      cause: "the Agent is too old for the tracer's trace format, or is no Agent",
      docs: Docs.connection,
      fix: .advice("upgrade the Agent to 7.40 or later"),
      .command("dd-doctor --only agent.traces")),
    .failure(
      "python-buffer-full", .python, "agent.traces", .notSent,
      ["cannot fit trace of size {n}b, dropping", "trace buffer ({n} traces {w} cannot fit"],
      [.anywhere],
      cause: "traces come faster than the Agent takes them, or it takes none",
      docs: Docs.connection,
      fix: .command("dd-doctor --only 'agent.*'"),
      .set("DD_TRACE_WRITER_BUFFER_SIZE_BYTES", to: "50000000")),
    .failure(
      "python-trace-too-large", .python, "agent.traces", .tooLarge,
      ["larger than payload buffer item limit ({n}b), dropping"], [.anywhere],
      cause: "one trace is larger than the tracer sends", docs: Docs.settings,
      fix: .set("DD_TRACE_WRITER_MAX_PAYLOAD_SIZE_BYTES", to: "50000000"),
      .advice("split what runs under one root span")),
    .failure(
      "python-dogstatsd", .python, "agent.dogstatsd", .refused,
      [
        "Error submitting packet: {*}, dropping the packet",
        "Packet size too big (size: {n}): {*}, dropping the packet",
        "Socket buffer full: {*}, dropping the packet",
      ],
      cause: "metrics do not reach DogStatsD; OpenAI spans of ddtrace 3 and later need none",
      docs: Docs.dogStatsD,
      fix: .set("DD_DOGSTATSD_URL", to: "udp://<agent host>:8125"),
      .advice("enable DogStatsD in the Agent: DD_DOGSTATSD_NON_LOCAL_TRAFFIC=true")),
    .failure(
      "python-log-at-exit", .python, "application.flush", .notSent,
      ["[ddtrace] I/O closed, could not log: {w}"],
      cause: "the process ended while the tracer still wrote: the line inside is what it said",
      docs: Docs.pythonTracer,
      fix: .advice("call ddtrace.tracer.flush() before the process ends")),
    .failure(
      "python-not-flushed", .python, "application.flush", .notSent,
      [
        "Spans started after the tracer has been shut down will not be sent",
        "Shutting down tracer with {n} spans. These spans will not be sent",
        "Failed to flush LLMObs spans and evaluation metrics",
      ], [.anywhere],
      cause: "the process ended, or the tracer was shut down, before these spans were sent",
      docs: Docs.pythonTracer,
      fix: .advice("end spans before the process ends, and call ddtrace.tracer.flush() there"),
      .advice("call LLMObs.flush() for LLM Observability")),
    .failure(
      "python-dogstatsd-url", .python, "agent.dogstatsd", .malformed,
      ["Unknown scheme {q}{w} for DogStatsD URL "],
      cause: "DD_DOGSTATSD_URL is neither udp:// nor unix://, and ddtrace does not start with it",
      docs: Docs.dogStatsD, fix: .set("DD_DOGSTATSD_URL", to: "udp://<agent host>:8125")),
  ]
}
