/// Tags and resources whose spans an Agent drops in silence, as `/info` lists them.
package struct AgentFilters: Equatable, Sendable {
  package var require: [String]
  package var reject: [String]
  package var ignoredResources: [String]

  package init(
    require: [String] = [], reject: [String] = ["env:prod"],
    ignoredResources: [String] = ["dd-doctor.*"]
  ) {
    self.require = require
    self.reject = reject
    self.ignoredResources = ignoredResources
  }
}

/// The document at `/info`, in the words of each receiver.
struct AgentInfo: Sendable {
  /// What the document says of the stand-in's own sockets and options.
  struct Subject: Sendable {
    var version: String
    var environment: String
    var port: UInt16
    var socket: String
    var dogStatsDPort: UInt16
    var maxRequestBytes: Int
    var filters: AgentFilters
  }

  let subject: Subject
  let behavior: AgentBehavior

  /// Nil where the receiver has no `/info`.
  var document: OrderedJSON? {
    switch behavior.receiver {
    case .oldAgent: nil
    case .agent: behavior.hasMistypedInfo ? mistyped : agent
    case .lambdaExtension:
      .object([("endpoints", .strings(endpoints)), ("client_drop_p0s", .bool(false))])
    case .otelCollector: collector
    case .testAgent: testAgent
    }
  }

  var endpoints: [String] {
    switch behavior.receiver {
    case .agent: agentEndpoints
    case .oldAgent: ["/v0.3/traces", "/v0.4/traces", "/v0.5/traces"]
    case .lambdaExtension: Self.lambdaEndpoints
    case .otelCollector: Self.collectorEndpoints
    case .testAgent: Self.testAgentEndpoints
    }
  }

  private var agentEndpoints: [String] {
    var endpoints: [String] = []
    switch behavior.traces {
    case .accepted, .silent, .answered:
      endpoints = [
        "/v0.3/traces", "/v0.3/services", "/v0.4/traces", "/v0.4/services", "/v0.5/traces",
        "/v0.7/traces",
      ]
    case .missing: break
    }
    endpoints += [
      "/profiling/v1/input", "/telemetry/proxy/", "/v0.6/stats", "/v0.1/pipeline_stats",
    ]
    switch behavior.proxy {
    case .open, .keyRefused, .noEgress, .silent, .disabled:
      endpoints += ["/evp_proxy/v1/", "/evp_proxy/v2/", "/evp_proxy/v3/", "/evp_proxy/v4/"]
    case .missing: break
    }
    return endpoints + [
      "/debugger/v1/input", "/debugger/v1/diagnostics", "/debugger/v2/input", "/symdb/v1/input",
      "/dogstatsd/v1/proxy", "/dogstatsd/v2/proxy", "/tracer_flare/v1", "/v0.7/config",
      "/config/set",
    ]
  }

  private var agent: OrderedJSON {
    var members: [(String, OrderedJSON)] = [
      ("version", .string(subject.version)), ("git_commit", .string("57a0d1")),
      ("endpoints", .strings(endpoints)), ("client_drop_p0s", .bool(true)),
      ("span_meta_structs", .bool(behavior.spanMetaStructs)), ("long_running_spans", .bool(true)),
      ("span_events", .bool(true)),
      (
        "evp_proxy_allowed_headers",
        .strings([
          "Content-Type", "Accept-Encoding", "Content-Encoding", "User-Agent",
          "DD-CI-PROVIDER-NAME",
        ])
      ),
      ("config", config),
      ("peer_tags", .strings(["_dd.base_service", "db.name", "out.host", "peer.service"])),
      ("span_kinds_stats_computed", .strings(["client", "consumer", "producer", "server"])),
      ("obfuscation_version", .number(1)),
    ]
    let filters = behavior.hasFilters ? subject.filters : nil
    members += [
      ("filter_tags", Self.tags(require: filters?.require ?? [], reject: filters?.reject ?? [])),
      ("filter_tags_regex", .object([])),
    ]
    if let ignored = filters?.ignoredResources, !ignored.isEmpty {
      members.append(("ignore_resources", .strings(ignored)))
    }
    return .object(members)
  }

  private var config: OrderedJSON {
    let dogStatsDPort =
      switch behavior.dogStatsD {
      case .on: subject.dogStatsDPort
      case .off: UInt16(0)
      case .saysPort(let port): port
      }
    return .object([
      ("default_env", .string(subject.environment)), ("target_tps", .number(behavior.targetTPS)),
      ("max_eps", .number(200)), ("receiver_port", .number(Int(subject.port))),
      ("receiver_socket", .string(subject.socket)), ("connection_limit", .number(0)),
      ("receiver_timeout", .number(0)), ("max_request_bytes", .number(subject.maxRequestBytes)),
      ("statsd_port", .number(Int(dogStatsDPort))), ("max_memory", .number(500_000_000)),
      ("max_cpu", .number(50)), ("analyzed_spans_by_service", .object([])),
      (
        "obfuscation",
        .object([
          ("elastic_search", .bool(true)), ("mongo", .bool(true)),
          ("sql_exec_plan", .bool(false)), ("remove_stack_traces", .bool(false)),
        ])
      ),
    ])
  }

  private static func tags(require: [String], reject: [String]) -> OrderedJSON {
    // The Agent leaves out whichever list is empty.
    .object(
      [("require", require), ("reject", reject)].filter { !$0.1.isEmpty }
        .map { ($0.0, OrderedJSON.strings($0.1)) })
  }

  private var mistyped: OrderedJSON {
    .object([
      ("version", .number(7)), ("endpoints", .number(8126)), ("client_drop_p0s", .string("yes")),
      ("span_meta_structs", .null), ("peer_tags", .object([])), ("config", .string("none")),
      ("filter_tags", .array([.number(1)])),
    ])
  }

  private var collector: OrderedJSON {
    .object([
      ("version", .string("datadogreceiver-otelcol-contrib-0.130.0")),
      ("endpoints", .strings(endpoints)), ("client_drop_p0s", .bool(false)),
      ("span_meta_structs", .bool(false)), ("long_running_spans", .bool(false)), ("config", .null),
    ])
  }

  private var testAgent: OrderedJSON {
    .object([
      ("version", .string("test")), ("endpoints", .strings(endpoints)),
      ("feature_flags", .array([])),
      ("config", .object([])), ("client_drop_p0s", .bool(true)), ("peer_tags", .array([])),
      ("span_meta_structs", .bool(true)), ("span_events", .bool(true)),
      ("llmobs_data_forwarding", .bool(false)), ("authenticated", .bool(false)),
    ])
  }

  static let lambdaEndpoints = [
    "/v0.4/traces", "/v0.5/traces", "/v0.6/stats", "/v0.1/pipeline_stats", "/profiling/v1/input",
    "/info", "/evp_proxy/v2/api/intake/llm-obs/v1/eval-metric",
    "/evp_proxy/v2/api/intake/llm-obs/v2/eval-metric", "/evp_proxy/v2/api/v2/llmobs",
    "/debugger/v1/input",
  ]
  /// datadogreceiver's own list, whose `/` takes every path that no other entry does.
  static let collectorEndpoints = [
    "/", "/v0.3/traces", "/v0.4/traces", "/v0.5/traces", "/v0.7/traces", "/api/v0.2/traces",
    "/api/v1/series", "/api/v2/series", "/api/v1/check_run", "/api/v1/sketches",
    "/api/beta/sketches", "/intake", "/intake/", "/api/v1/distribution_points", "/v0.6/stats",
    "/api/v0.2/stats",
  ]
  static let testAgentEndpoints = [
    "/v0.4/traces", "/v0.5/traces", "/v0.7/traces", "/v1.0/traces", "/v0.6/stats",
    "/telemetry/proxy/", "/v0.7/config", "/tracer_flare/v1", "/evp_proxy/v2/", "/evp_proxy/v4/",
  ]
}
