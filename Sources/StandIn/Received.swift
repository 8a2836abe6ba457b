package import Wire

/// One request that a stand-in got: what was sent and to where, without keys, prompts or answers.
package struct Received: Equatable, Sendable {
  package enum Transport: String, Sendable { case tcp, unix }

  package var transport: Transport
  package var method: String
  /// Path and query, redacted and cut.
  package var target: String
  /// Names of all header fields, in order.
  package var fieldNames: [String]
  /// The fields that name a tracer, a payload or a destination, with their values.
  package var fields: HTTPFields
  package var bodySize: Int
  /// The host that was asked, as the request names it.
  package var host: String
  /// Whether OpenAI would have charged for it.
  package var couldCost: Bool
  /// The status answered, or nil where the answer was none.
  package var status: Int?
  /// Spans in the body, the first 1,000.
  package var spans: [SpanFacts]
  /// Traces and spans in the body, all of them.
  package var traceCount: Int
  package var spanCount: Int

  /// One line, as `dd-doctor agent` prints it.
  package var summary: String {
    let answer = status.map(String.init) ?? "no answer"
    let size = bodySize == 0 ? "" : ", \(bodySize) bytes"
    let spans = spanCount == 0 ? "" : ", \(spanCount) \(spanCount == 1 ? "span" : "spans")"
    return "\(method) \(target) → \(answer)\(size)\(spans)"
  }

  init(
    _ request: HTTPRequest, over transport: Transport, traces: TracePayload?,
    spans: [SpanFacts] = [], status: Int?
  ) {
    self.transport = transport
    method = printable(request.method, limit: 20)
    target = printable(Redaction.redacted(request.target), limit: 300)
    fieldNames = request.fields.fields.prefix(100).map { printable($0.name, limit: 80) }
    fields = HTTPFields(
      request.fields.fields.filter { Self.kept.contains($0.name.lowercased()) }.prefix(40)
        .map {
          (printable($0.name, limit: 80), printable(Redaction.redacted($0.value), limit: 200))
        })
    bodySize = request.body.count
    host = printable(Redaction.redacted(request.host), limit: 200)
    couldCost = OpenAIService.couldCost(request)
    self.status = status
    self.spans = spans
    traceCount = traces?.traces ?? 0
    spanCount = traces?.spans ?? 0
  }

  private static let kept: Set<String> = [
    "content-type", "content-length", "content-encoding", "user-agent", "datadog-meta-lang",
    "datadog-meta-lang-version", "datadog-meta-lang-interpreter", "datadog-meta-tracer-version",
    "datadog-client-computed-top-level", "datadog-client-computed-stats",
    "datadog-send-real-http-status", "x-datadog-trace-count", "x-datadog-evp-subdomain",
    "x-datadog-diagnostic-check", "dd-telemetry-request-type", "dd-telemetry-api-version",
    "dd-client-library-language", "dd-client-library-version", "openai-organization",
    "openai-project",
  ]
}
