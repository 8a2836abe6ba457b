package import Wire

/// A tracer whose requests were written down: what each language's sends for one call of OpenAI's.
package enum RecordedTracer: String, CaseIterable, Sendable {
  case python, node, php

  /// What stands in every prompt and answer here, and must stand nowhere else.
  package static let canary = "the canary sings at dawn"

  /// The one span of OpenAI's, and the HTTP client's below it.
  package func spans(
    resource: String = "createChatCompletion", priority: Double = 1, observes: Double? = nil,
    event: [UInt8]? = nil
  ) -> [RecordedSpan] {
    var call = RecordedSpan(name: "openai.request", resource: resource)
    call.type = self == .python ? "llm" : "openai"
    call.meta = [
      ("component", "openai"), ("env", "prod"), ("openai.request.model", "gpt-4o-mini"),
      ("openai.request.endpoint", "/v1/chat/completions"), ("openai.request.method", "POST"),
      ("openai.request.messages.0.content", Self.canary), ("language", language),
    ]
    call.metrics = [("_sampling_priority_v1", priority), ("_dd.top_level", 1)]
    if let observes { call.metrics.append(("_dd.llmobs.enabled", observes)) }
    call.event = event
    return [call, .toOpenAI]
  }

  package func traces(
    _ spans: [RecordedSpan]? = nil, version: TracePayload.Version = .v04
  ) -> HTTPRequest {
    HTTPRequest(
      self == .node ? "PUT" : "POST", version.rawValue, host: "localhost",
      fields: [
        ("Content-Type", "application/msgpack"), ("Datadog-Meta-Lang", language),
        ("Datadog-Meta-Lang-Version", languageVersion),
        ("Datadog-Meta-Tracer-Version", tracerVersion), ("X-Datadog-Trace-Count", "1"),
      ],
      body: version == .v05
        ? RecordedSpan.indexed(spans ?? self.spans()) : RecordedSpan.spelled(spans ?? self.spans()))
  }

  /// The event of LLM Observability as an Agent's evp_proxy is sent it.
  package var event: HTTPRequest {
    let kind = self == .node ? #""span.kind":"llm""# : #""span":{"kind":"llm"}"#
    let said = { (role: String) in
      #"{"messages":[{"role":"\#(role)","content":"\#(Self.canary)"}]}"#
    }
    let body = """
      [{"_dd.stage":"raw","_dd.tracer_version":"\(tracerVersion)","event_type":"span","spans":[{
      "span_id":"2","trace_id":"00000000000000010000000000000001","parent_id":"undefined",
      "name":"OpenAI.createChatCompletion","status":"ok","start_ns":1,"duration":2,
      "meta":{\(kind),"model_name":"gpt-4o-mini","input":\(said("user")),"output":\(said("assistant"))},
      "metrics":{"input_tokens":5},"tags":["ml_app:shop","service:shop","env:prod","error:0",
      "integration:openai"]}]}]
      """
    return HTTPRequest(
      "POST", "/evp_proxy/v2/api/v2/llmobs", host: "localhost",
      fields: [
        ("Content-Type", "application/json"), ("X-Datadog-EVP-Subdomain", "llmobs-intake"),
      ], body: Array(body.utf8))
  }

  /// Telemetry: `app-started` with these settings, then a batch with the integration and the end.
  package func telemetry(
    _ settings: [(name: String, value: String, origin: String)] = [],
    integrations: [String]? = nil, closes: Bool = true
  ) -> [HTTPRequest] {
    let configuration = settings.map {
      #"{"name":"\#($0.name)","value":"\#($0.value)","origin":"\#($0.origin)"}"#
    }.joined(separator: ",")
    let openAI = #"{"name":"openai","enabled":true,"version":"2.8.1","compatible":true,"error":""}"#
    let listed = (integrations ?? [openAI]).joined(separator: ",")
    let end = closes ? #",{"request_type":"app-closing","payload":{}}"# : ""
    let source = #"{"name":"instrumentation_source","value":"cmd_line","origin":"code"}"#
    return [
      message("app-started", #"{"configuration":[\#(configuration)],"products":{}}"#),
      message(
        "message-batch",
        #"[{"request_type":"app-integrations-change","payload":{"integrations":[\#(listed)]}},"#
          + #"{"request_type":"app-dependencies-loaded","payload":{"dependencies":["#
          + #"{"name":"openai","version":"2.8.1"}]}},"#
          + #"{"request_type":"app-client-configuration-change","#
          + #""payload":{"configuration":[\#(source)]}}\#(end)]"#),
    ]
  }

  private func message(_ type: String, _ payload: String) -> HTTPRequest {
    HTTPRequest(
      "POST", "/telemetry/proxy/api/v2/apmtelemetry", host: "localhost",
      fields: [
        ("Content-Type", "application/json"), ("dd-telemetry-request-type", type),
        ("dd-client-library-language", language),
        ("dd-client-library-version", tracerVersion),
      ],
      body: Array(
        (#"{"request_type":"\#(type)","application":{"service_name":"shop","env":"prod"},"#
          + #""payload":\#(payload)}"#).utf8))
  }

  private var language: String { self == .node ? "nodejs" : rawValue }
  private var languageVersion: String {
    switch self {
    case .python: "3.11.7"
    case .node: "v22.11.0"
    case .php: "8.4.1"
    }
  }
  private var tracerVersion: String {
    switch self {
    case .python: "4.16.0"
    case .node: "6.12.0"
    case .php: "1.24.1"
    }
  }
}

/// A span as it is written down.
package struct RecordedSpan: Sendable {
  package var name: String
  package var service = "shop"
  package var resource: String
  package var type = "http"
  package var meta: [(String, String)] = []
  package var metrics: [(String, Double)] = []
  /// `meta_struct._llmobs`.
  package var event: [UInt8]?

  package init(name: String, resource: String) {
    self.name = name
    self.resource = resource
  }

  package static var toOpenAI: RecordedSpan {
    var span = RecordedSpan(name: "http.request", resource: "http.request")
    span.meta = [
      ("component", "httpx"), ("http.useragent", "OpenAI/Python 2.8.1"),
      ("http.url", "http://127.0.0.1:1/v1/chat/completions"),
    ]
    return span
  }

  /// An event of LLM Observability as it rides in a span.
  package static var event: [UInt8] {
    var writer = MessagePackWriter()
    func said(_ role: String) {
      writer.map(1)
      writer.string("messages")
      writer.array(1)
      writer.map(2)
      writer.string("role")
      writer.string(role)
      writer.string("content")
      writer.string(RecordedTracer.canary)
    }
    writer.map(2)
    writer.string("meta")
    writer.map(4)
    writer.string("span")
    writer.map(1)
    writer.string("kind")
    writer.string("llm")
    writer.string("model_name")
    writer.string("gpt-4o-mini")
    writer.string("input")
    said("user")
    writer.string("output")
    said("assistant")
    writer.string("tags")
    writer.map(4)
    for (key, value) in [
      ("ml_app", "shop"), ("service", "shop"), ("env", "prod"), ("integration", "openai"),
    ] {
      writer.string(key)
      writer.string(value)
    }
    return writer.bytes
  }

  /// One trace of v0.4.
  package static func spelled(_ spans: [RecordedSpan]) -> [UInt8] {
    var writer = MessagePackWriter()
    writer.array(1)
    writer.array(spans.count)
    for span in spans {
      writer.map(span.event == nil ? 9 : 10)
      for (key, text) in [
        ("name", span.name), ("service", span.service), ("resource", span.resource),
        ("type", span.type),
      ] {
        writer.string(key)
        writer.string(text)
      }
      for key in ["trace_id", "span_id", "start"] {
        writer.string(key)
        writer.unsigned(7)
      }
      writer.string("meta")
      writer.map(span.meta.count)
      for (key, text) in span.meta {
        writer.string(key)
        writer.string(text)
      }
      writer.string("metrics")
      writer.map(span.metrics.count)
      for (key, number) in span.metrics {
        writer.string(key)
        writer.double(number)
      }
      guard let event = span.event else { continue }
      writer.string("meta_struct")
      writer.map(1)
      writer.string("_llmobs")
      writer.binary(event)
    }
    return writer.bytes
  }

  /// One trace of v0.5.
  package static func indexed(_ spans: [RecordedSpan]) -> [UInt8] {
    var table: [String] = [""]
    func index(_ text: String) -> UInt64 {
      if let known = table.firstIndex(of: text) { return UInt64(known) }
      table.append(text)
      return UInt64(table.count - 1)
    }
    var body = MessagePackWriter()
    body.array(1)
    body.array(spans.count)
    for span in spans {
      body.array(12)
      for text in [span.service, span.name, span.resource] { body.unsigned(index(text)) }
      for number: UInt64 in [7, 7, 0, 1_000, 5, 0] { body.unsigned(number) }
      body.map(span.meta.count)
      for (key, text) in span.meta {
        body.unsigned(index(key))
        body.unsigned(index(text))
      }
      body.map(span.metrics.count)
      for (key, number) in span.metrics {
        body.unsigned(index(key))
        body.double(number)
      }
      body.unsigned(index(span.type))
    }
    var writer = MessagePackWriter()
    writer.array(2)
    writer.array(table.count)
    for text in table { writer.string(text) }
    return writer.bytes + body.bytes
  }
}
