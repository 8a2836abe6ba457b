import Diagnosis

/// Any program on its way to the Agent or to Datadog: other tracers, HTTP clients, exporters.
extension Catalogue {
  static let application: [Pattern] = [
    .failure(
      "agent-port-unreachable", .application, "agent.reachable", .refused,
      [
        "ECONNREFUSED",
        "onnection refused", "Failed to open TCP connection to {w}:8126",
        "ailed to connect to {*}8126", "port=8126): Max retries exceeded",
        "ETIMEDOUT {*}:8126", "EHOSTUNREACH {*}:8126", "ECONNRESET {*}:8126",
        "getaddrinfo ENOTFOUND {*}8126", "getaddrinfo EAI_AGAIN {*}8126",
        "ENOENT {w}apm.socket", "EACCES {w}apm.socket", "ECONNREFUSED {w}apm.socket",
        "i/o timeout", "o such host", "o route to host", "apm.socket: connect: {w}",
        "apm.socket{*}o such file", "apm.socket{*}ermission denied", "deadline exceeded",
        "timed out", "onnection reset by peer", "Broken pipe", "socket hang up",
        "ame or service not known", "emporary failure in name resolution",
      ],
      [
        .anywhere, .with([":8126", "port=8126", "port 8126", "apm.socket"]),
        .yields(["*"]),
      ],
      cause: "nobody answers at the Agent's port from where the application runs: no Agent there,"
        + " it listens on loopback or IPv4 alone, or the host name is another environment's",
      docs: Docs.connection,
      fix: .command("dd-doctor --only 'agent.*'"),
      .set("DD_AGENT_HOST", to: "<agent host>", "in Kubernetes the node's address, status.hostIP"),
      .edit("in the Agent: DD_APM_NON_LOCAL_TRAFFIC=true")),
    .failure(
      "agent-port-tls", .application, "agent.address", .protocol,
      ["WRONG_VERSION_NUMBER", "wrong version number"],
      [.anywhere, .with([":8126", "port=8126", "port 8126"])],
      cause: "the Agent's port speaks plain HTTP, and was asked by https://",
      docs: Docs.connection,
      fix: .set("DD_TRACE_AGENT_URL", to: "http://<agent host>:8126")),
    .failure(
      "dogstatsd-unreachable", .application, "agent.dogstatsd", .refused,
      [
        "dsd.socket{*}o such file", "dsd.socket{*}ermission denied",
        "dsd.socket{*}onnection refused",
        "ECONNREFUSED {*}:8125",
      ], [.anywhere, .yields(["node-dogstatsd"])],
      cause: "metrics do not reach DogStatsD", docs: Docs.dogStatsD,
      fix: .set("DD_DOGSTATSD_URL", to: "udp://<agent host>:8125"),
      .edit("in the Agent: DD_DOGSTATSD_NON_LOCAL_TRAFFIC=true")),
    .failure(
      "datadog-key-missing", .application, "datadog.key.present", .missing,
      [
        "Missing {w}DATADOG_API_KEY", "Missing DATADOG_API_KEY", "Missing DD_API_KEY",
        "DD_API_KEY environment variable is not set", "DD_API_KEY is not set",
        "DD_API_KEY environment variable is required", "DD_API_KEY must be set",
        "exporters::datadog: api.key is not set",
      ], [.anywhere],
      cause: "there is no Datadog API key where one is needed", docs: Docs.keys,
      fix: .set("DD_API_KEY", to: "<api key>")),
    .failure(
      "other-tracer-not-sent", .application, "agent.reachable", .notSent,
      [
        "Datadog Tracer {*}lost {n} traces", "Unable to reach agent intake: {w}",
        "traces to the DD agent. Total", "sending data to the agent at {w}",
        "ddtrace: {*}Internal error during {*}request", "ddtrace: {*}Unable to send {*}traces",
        "Unable to reach Datadog agent", "Cannot connect to the Datadog Agent",
        "Unable to connect to the Datadog Agent",
      ], [.anywhere, .yields(["*"]), .without(["Sent "])],
      cause: "another language's tracer lost its traces on the way to the Agent",
      docs: Docs.connection, fix: .command("dd-doctor --only 'agent.*'")),
    .failure(
      "datadog-key-refused", .application, "datadog.key.valid", .unauthorized,
      [
        "Invalid API key or Application key", "403 Forbidden", "status code 403",
        "API key is invalid",
        "errors{q}:{q}[{q}Forbidden",
        "errors{q}:{q}[{q}Unauthorized", "errors{q}:{q}[{q}API key required", "401 Unauthorized",
        "API key invalid", "status code: 403",
        "datadog_api_client.exceptions.ForbiddenException: (403)",
        "datadog_api_client.exceptions.UnauthorizedException: (401)",
        "Datadog returned a bad HTTP response code: 403",
        "Datadog returned a bad HTTP response code: 401",
        "Unexpected response from datadog API status_code: 403",
      ],
      [
        .anywhere, .with(["datadoghq", "ddog-gov", "Datadog", "datadog", "Application key"]),
        .without([
          "openai.com", "registry", "gcr.io", "docker.io", "//apt.", "//yum.", "//keys.",
          "//helm.", "//install.",
        ]),
        .yields(["*"]),
      ],
      cause: "Datadog refuses the key: revoked, an application key in place of an API key, or of"
        + " another site than the one that was asked",
      docs: Docs.keys,
      fix: .command("dd-doctor --only 'datadog.*,site.*' --find-site"),
      .set("DD_SITE", to: "<site of the key>")),
    .failure(
      "site-name-wrong", .application, "site.known", .malformed,
      [
        "ERR_TLS_CERT_ALTNAME_INVALID", "does not match certificate's altnames",
        "getaddrinfo ENOTFOUND {w}datadoghq", "getaddrinfo EAI_AGAIN {w}datadoghq",
        "Could not resolve host: {w}datadoghq", "Failed to resolve {q}{w}datadoghq",
        "lookup {w}datadoghq{*}no such host", "getaddrinfo ENOTFOUND api.https",
        "getaddrinfo ENOTFOUND https", "getaddrinfo ENOTFOUND llmobs-intake.http",
      ],
      [.anywhere, .with(["datadoghq", "ddog-gov", "ENOTFOUND"]), .yields(["*"])],
      cause: "the host made of DD_SITE is none of Datadog's: DD_SITE is the bare site, without"
        + " https://, app. or api.; or DNS does not know it here",
      docs: Docs.sites,
      fix: .set("DD_SITE", to: "datadoghq.com", "or the site of your organization"),
      .command("dd-doctor --only 'site.*'")),
    .failure(
      "site-tls", .application, "site.reachable", .tlsUntrusted,
      [
        "unable to get local issuer certificate", "self-signed certificate in certificate chain",
        "self signed certificate in certificate chain", "unable to verify the first certificate",
        "certificate signed by unknown authority", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        "CERTIFICATE_VERIFY_FAILED", "ERR_CERT_AUTHORITY_INVALID", "SELF_SIGNED_CERT_IN_CHAIN",
        "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      ],
      [
        .anywhere,
        .with(["datadoghq", "ddog-gov", "LLMObs", "llmobs-intake", "openai.com", "openai.API"]),
      ],
      cause: "something between here and there opens TLS with a certificate of its own: a"
        + " company's proxy",
      docs: Docs.agentProxy,
      fix: .set("NODE_EXTRA_CA_CERTS", to: "<CA bundle>", "Node.js"),
      .set("SSL_CERT_FILE", to: "<CA bundle>", "Python")),
    .failure(
      "intake-unreachable", .application, "llmobs.egress", .noEgress,
      [
        "llmobs-intake.{w}onnection refused", "ECONNREFUSED{*}llmobs-intake",
        "llmobs-intake.{*}timed out",
        "connect ETIMEDOUT {*}datadoghq", "HTTPSConnectionPool(host={q}llmobs-intake.",
        "HTTPSConnectionPool(host={q}{w}datadoghq",
      ], [.anywhere, .yields(["*"])],
      cause: "Datadog's intake can't be reached from here: a firewall, DNS or a proxy",
      docs: Docs.agentProxy, fix: .command("dd-doctor egress"),
      .command("dd-doctor --only llmobs.egress,site.reachable")),
    .failure(
      "datadog-site-missing", .application, "site.known", .missing,
      ["DD_SITE is not set, set {q}DD_SITE"],
      [.anywhere],
      cause: "the site to send to is not named where it is needed", docs: Docs.sites,
      fix: .set("DD_SITE", to: "datadoghq.com", "or the site of your organization")),
    .failure(
      "llmobs-callback-failed", .application, "llmobs.span", .notSent,
      [
        "DataDogLLMObs: Error sending batch - {w}",
        "Unexpected response from datadog API status_code: {n}",
      ], [.anywhere, .yields(["datadog-key-refused", "llmobs-intake-status"])],
      cause: "LiteLLM's own Datadog callback lost its spans on the way to the intake",
      docs: Docs.llmObservability,
      fix: .command("dd-doctor --setup llmobs-agentless"),
      .set("DD_SITE", to: "<site of the key>")),
  ]
}
