/// What came to a stand-in Agent, as counts and names: no prompt, no answer, no key.
///
/// Every list in it is bounded, however much comes.
package struct CapturedTraffic: Codable, Equatable, Sendable {
  /// Requests of one kind, and how they were answered.
  package struct Endpoint: Codable, Equatable, Sendable {
    package var method: String
    package var path: String
    package var count: Int
    package var bytes: Int
    /// Answers by their status; 0 stands for none.
    package var statuses: [Int: Int]
  }

  /// A tracer, as the header fields of its traces name it.
  package struct Tracer: Codable, Equatable, Sendable {
    /// `python`, `nodejs`, `php`.
    package var language: String
    package var languageVersion: String?
    package var version: String?
  }

  /// Traces of one version of the API.
  package struct Payloads: Codable, Equatable, Sendable {
    /// `v0.4`.
    package var version: String
    package var count: Int
    package var traces: Int
    package var spans: Int
  }

  /// Spans or events that have all of this in common.
  package struct OpenAICalls: Codable, Equatable, Sendable {
    package var resource: String
    package var model: String?
    package var service: String
    package var serviceSource: String?
    package var environment: String?
    package var version: String?
    /// Of the trace; nil where it carries none.
    package var priority: Double?
    /// `_dd.llmobs.enabled`.
    package var llmObservability: Double?
    package var count: Int
    package var errors: Int
  }

  /// The way that events of LLM Observability came.
  package enum Carrier: String, Codable, CaseIterable, Sendable {
    /// Inside an APM span.
    case span
    /// Through evp_proxy.
    case proxy
    /// As an intake is sent to, without an Agent.
    case intake
  }

  package struct Events: Codable, Equatable, Sendable {
    package var carrier: Carrier
    package var kind: String?
    package var model: String?
    package var application: String?
    package var service: String?
    package var environment: String?
    package var integration: String?
    package var count: Int
    package var errors: Int
    package var messages: Int
    package var characters: Int
  }

  package struct Metrics: Codable, Equatable, Sendable {
    package var datagrams = 0
    package var lines = 0
    package var bytes = 0
    /// The first 100 names, each once.
    package var names: [String] = []
  }

  package var requests = 0
  package var endpoints: [Endpoint] = []
  package var tracers: [Tracer] = []
  package var payloads: [Payloads] = []
  /// Bodies that could not be read, by the reason.
  package var unread: [String: Int] = [:]
  package var traces = 0
  package var spans = 0
  /// Spans by their names, the first 100 of them.
  package var spanNames: [String: Int] = [:]
  package var openAI: [OpenAICalls] = []
  /// Spans of HTTP clients that lead to OpenAI.
  package var callsSeen = 0
  /// Traces by whether their priority lets the Agent keep them; those without one are kept.
  package var keptTraces = 0
  package var droppedTraces = 0
  package var services: [String: Int] = [:]
  package var events: [Events] = []
  package var telemetry = CapturedTelemetry()
  package var metrics = Metrics()
  /// Whether the `/info` that was answered offers evp_proxy; nil where nobody asked.
  package var offersProxy: Bool?
  /// How the command ended; nil where there was none.
  package var command: CapturedCommand?
  /// What became of what was passed on; nil where nothing was to be.
  package var forwarding: CapturedForwarding?

  // Of the trace that is being read.
  private var openCalls: [OpenAICalls] = []
  private var openPriority: Double?

  private enum CodingKeys: String, CodingKey {
    case requests, endpoints, tracers, payloads, unread, traces, spans, spanNames, openAI
    case callsSeen, keptTraces, droppedTraces, services, events, telemetry, metrics, offersProxy
    case command, forwarding
  }

  package init() {}

  private static let limit = 100
}

/// How an application ended that was watched.
package struct CapturedCommand: Codable, Equatable, Sendable {
  /// The name of its program, without its arguments.
  package var name: String
  package var exitStatus: Int32?
  package var signal: Int32?
  /// We ended it, or stopped watching it, because `--for` or Ctrl-C said so.
  package var wasStopped: Bool

  package init(name: String, exitStatus: Int32?, signal: Int32?, wasStopped: Bool) {
    self.name = name
    self.exitStatus = exitStatus
    self.signal = signal
    self.wasStopped = wasStopped
  }

  /// `exit status 0`, `signal 9`.
  package var end: String {
    if let signal { return "signal \(signal)" }
    return exitStatus.map { "exit status \($0)" } ?? "still running"
  }
}

/// What was handed on to the Agent that is configured.
package struct CapturedForwarding: Codable, Equatable, Sendable {
  package var url: String
  package var answered: Int
  package var unanswered: Int
  /// Why the last of those got no answer.
  package var fault: String?
  /// Why no datagram was handed on.
  package var datagramFault: String?

  package init(url: String, answered: Int = 0, unanswered: Int = 0, fault: String? = nil) {
    self.url = url
    self.answered = answered
    self.unanswered = unanswered
    self.fault = fault
  }
}

// What comes in.
extension CapturedTraffic {
  /// Reads a payload of traces span by span.
  package mutating func read(
    _ request: HTTPRequest, _ version: TracePayload.Version, _ texts: inout KnownTexts,
    _ tell: (SpanFacts) -> Void = { _ in }
  ) -> Result<TracePayload, TracePayload.Malformed> {
    let result = TracePayload.read(request, version, &texts) { event in
      switch event {
      case .span(let facts):
        note(facts)
        tell(facts)
      case .end(let priority): endTrace(priority)
      }
    }
    openCalls = []
    openPriority = nil
    switch result {
    case .success(let payload):
      note(payload, version.name)
      if payload.isOpaque, !Self.isEmptyList(request.body) {
        isUnread(
          request.fields["Content-Encoding"] == nil ? "traces in JSON" : "compressed traces")
      }
    case .failure(let malformed):
      note(TracePayload(), version.name)
      isUnread("traces: \(malformed.kind)")
    }
    return result
  }

  /// `[]`, as PHP's tracer sends at its start to ask who is there.
  private static func isEmptyList(_ body: [UInt8]) -> Bool {
    body.filter { $0 > 0x20 } == Array("[]".utf8)
  }

  /// Counts a request, and reads all of it but traces.
  package mutating func note(_ request: HTTPRequest, path: String, status: Int?) {
    requests += 1
    noteTracer(request)
    if path.hasPrefix("/telemetry/proxy/") || path == "/api/v2/apmtelemetry" {
      if isPlain(request, "compressed telemetry") { telemetry.note(request.body) }
    } else if path.hasSuffix("/api/v2/llmobs")
      || path.hasSuffix("/api/intake/llm-obs/v1/trace/spans")
    {
      noteEvents(request, path.hasPrefix("/evp_proxy/") ? .proxy : .intake)
    } else if path == "/v1.0/traces" {
      note(TracePayload(), "v1.0")
      isUnread("traces of version 1.0")
    } else if path == "/dogstatsd/v2/proxy" || path == "/dogstatsd/v1/proxy" {
      note(datagram: request.body)
    }
    noteEndpoint(request, path, status)
  }

  package mutating func note(datagram: some Collection<UInt8>) {
    metrics.datagrams += 1
    metrics.bytes += datagram.count
    for line in datagram.split(separator: UInt8(ascii: "\n")) {
      metrics.lines += 1
      guard metrics.names.count < Self.limit, let end = line.firstIndex(of: UInt8(ascii: ":"))
      else { continue }
      let name = printable(Redaction.redacted(String(decoding: line[..<end], as: UTF8.self)))
      if !name.isEmpty, !metrics.names.contains(name) { metrics.names.append(name) }
    }
  }

  private mutating func note(_ payload: TracePayload, _ version: String) {
    traces += payload.traces
    spans += payload.spans
    if let index = payloads.firstIndex(where: { $0.version == version }) {
      payloads[index].count += 1
      payloads[index].traces += payload.traces
      payloads[index].spans += payload.spans
    } else {
      payloads.append(
        Payloads(version: version, count: 1, traces: payload.traces, spans: payload.spans))
    }
  }

  private mutating func note(_ span: SpanFacts) {
    // Our own test span is no application's.
    guard span.runID == nil else { return }
    Self.count(span.name, in: &spanNames)
    Self.count(span.service, in: &services)
    if span.callsOpenAI { callsSeen += 1 }
    if openPriority == nil { openPriority = span.samplingPriority }
    if let event = span.event { note(event, .span) }
    guard span.isOpenAI, openCalls.count < 1_000 else { return }
    openCalls.append(
      OpenAICalls(
        resource: span.resource, model: span.model, service: span.service,
        serviceSource: span.serviceSource, environment: span.environment, version: span.version,
        priority: nil, llmObservability: span.llmObservability, count: 1,
        errors: span.isError ? 1 : 0))
  }

  /// A trace's first priority is that of all its spans; where they have none, its chunk's is.
  private mutating func endTrace(_ priority: Double?) {
    let priority = openPriority ?? priority
    if let priority, priority <= 0 { droppedTraces += 1 } else { keptTraces += 1 }
    for var call in openCalls {
      call.priority = priority
      let same = openAI.firstIndex { known in
        var known = known
        known.count = call.count
        known.errors = call.errors
        return known == call
      }
      if let same {
        openAI[same].count += 1
        openAI[same].errors += call.errors
      } else if openAI.count < Self.limit {
        openAI.append(call)
      } else {
        // Beyond the bound a call is still counted, with the last of its kind.
        openAI[Self.limit - 1].count += 1
        openAI[Self.limit - 1].errors += call.errors
      }
    }
    openCalls.removeAll(keepingCapacity: true)
    openPriority = nil
  }

  private mutating func noteEvents(_ request: HTTPRequest, _ carrier: Carrier) {
    guard isPlain(request, "compressed LLM Observability events") else { return }
    guard let facts = LLMObsFacts.read(request.body) else {
      isUnread("LLM Observability events: json")
      return
    }
    for event in facts { note(event, carrier) }
  }

  private mutating func note(_ event: LLMObsFacts, _ carrier: Carrier) {
    let new = Events(
      carrier: carrier, kind: event.kind, model: event.model, application: event.application,
      service: event.service, environment: event.environment, integration: event.integration,
      count: 1, errors: event.isError ? 1 : 0, messages: event.messages,
      characters: event.characters)
    let same = events.firstIndex { known in
      known.carrier == new.carrier && known.kind == new.kind && known.model == new.model
        && known.application == new.application && known.service == new.service
        && known.environment == new.environment && known.integration == new.integration
    }
    guard let index = same ?? (events.count < Self.limit ? nil : Self.limit - 1) else {
      events.append(new)
      return
    }
    events[index].count += 1
    events[index].errors += new.errors
    events[index].messages += new.messages
    events[index].characters += new.characters
  }

  private mutating func noteTracer(_ request: HTTPRequest) {
    let fields = request.fields
    guard
      let language = fields["Datadog-Meta-Lang"] ?? fields["DD-Client-Library-Language"]
    else { return }
    // Our own test span is no application's.
    guard language != "dd-doctor" else { return }
    let version = fields["Datadog-Meta-Tracer-Version"] ?? fields["DD-Client-Library-Version"]
    let languageVersion = fields["Datadog-Meta-Lang-Version"]
    // Most come again and again.
    if let again = tracers.first(where: { $0.language == language && $0.version == version }),
      again.languageVersion != nil || languageVersion == nil
    {
      return
    }
    let tracer = Tracer(
      language: Self.shown(language),
      languageVersion: languageVersion.map(Self.shown),
      version: version.map(Self.shown))
    let same = tracers.firstIndex {
      $0.language == tracer.language && $0.version == tracer.version
    }
    if let same {
      tracers[same].languageVersion = tracers[same].languageVersion ?? tracer.languageVersion
    } else if tracers.count < 20 {
      tracers.append(tracer)
    }
  }

  private mutating func noteEndpoint(_ request: HTTPRequest, _ path: String, _ status: Int?) {
    // Most come again and again: what stands there already is safe to show.
    let again = endpoints.firstIndex { $0.path == path && $0.method == request.method }
    let method = again == nil ? Self.shown(request.method) : request.method
    let shown = again == nil ? Self.shown(path) : path
    let known = again ?? endpoints.firstIndex { $0.path == shown && $0.method == method }
    guard let index = known ?? (endpoints.count < Self.limit ? nil : Self.limit - 1) else {
      endpoints.append(
        Endpoint(
          method: method, path: shown, count: 1, bytes: request.body.count,
          statuses: [status ?? 0: 1]))
      return
    }
    endpoints[index].count += 1
    endpoints[index].bytes += request.body.count
    endpoints[index].statuses[status ?? 0, default: 0] += 1
  }

  /// Whether a body can be read as it is; what is compressed is counted and said.
  private mutating func isPlain(_ request: HTTPRequest, _ what: String) -> Bool {
    guard let encoding = request.fields["Content-Encoding"], encoding.lowercased() != "identity"
    else { return true }
    isUnread(what)
    return false
  }

  private mutating func isUnread(_ reason: String) {
    Self.count(reason, in: &unread)
  }

  private static func count(_ name: String, in counts: inout [String: Int]) {
    if counts.count < limit || counts[name] != nil { counts[name, default: 0] += 1 }
  }

  private static func shown(_ text: String) -> String {
    printable(Redaction.redacted(text), limit: 100)
  }
}
