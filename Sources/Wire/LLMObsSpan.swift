/// The span that is sent to LLM Observability: a task of the app `dd-doctor`, never the user's own.
package struct LLMObsSpan: Sendable {
  package static let application = "dd-doctor"

  package let runID: String
  package let environment: String?
  /// Nanoseconds since 1970.
  package let start: Int64
  package let traceID: UInt64
  package let spanID: UInt64

  package init(
    runID: String, environment: String?, start: Int64, traceID: UInt64, spanID: UInt64
  ) {
    self.runID = runID
    self.environment = environment
    self.start = start
    self.traceID = max(1, traceID)
    self.spanID = max(1, spanID)
  }

  /// The body of `POST /api/v2/llmobs`, as tracers send it through an Agent's evp_proxy.
  ///
  /// - Parameter version: of this tool, in the place of a tracer's.
  /// - Returns: a JSON list of one event with one span.
  package func tracerPayload(version: String) -> [UInt8] {
    let own = [
      #""trace_id":\#(quoted(String(traceID)))"#, #""tags":\#(list(tags))"#,
      #""_dd":{"span_id":\#(quoted(String(spanID))),"trace_id":\#(quoted(String(traceID)))}"#,
      #""meta":{"span.kind":"task"},"metrics":{}"#,
    ]
    return Array(
      (#"[{"_dd.stage":"raw","_dd.tracer_version":\#(quoted(version)),"event_type":"span","#
        + #""spans":[{\#((common + own).joined(separator: ","))}]}]"#).utf8)
  }

  /// The body of `POST /api/intake/llm-obs/v1/trace/spans`, the documented API of a site.
  package var intakePayload: [UInt8] {
    let own = [#""trace_id":\#(quoted(String(traceID)))"#, #""meta":{"kind":"task"}"#]
    return Array(
      (#"{"data":{"type":"span","attributes":{"ml_app":\#(quoted(Self.application)),"#
        + #""tags":\#(list(tags)),"spans":[{\#((common + own).joined(separator: ","))}]}}}"#).utf8)
  }

  private var common: [String] {
    [
      #""span_id":\#(quoted(String(spanID)))"#, #""parent_id":"undefined""#,
      #""name":"dd-doctor preflight""#, #""start_ns":\#(start)"#, #""duration":1000000"#,
      #""status":"ok""#,
    ]
  }

  private var tags: [String] {
    var tags = [
      "ml_app:\(Self.application)", "service:\(Self.application)", "dd_doctor.run_id:\(runID)",
    ]
    if let environment, !environment.isEmpty { tags.append("env:\(environment)") }
    return tags
  }

  private func list(_ texts: [String]) -> String {
    "[\(texts.map(quoted).joined(separator: ","))]"
  }
}

/// A JSON string (RFC 8259, 7).
private func quoted(_ text: String) -> String {
  var out = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\":
      out += "\\"
      out.unicodeScalars.append(scalar)
    case "\u{0}"..<" ":
      let digits = String(scalar.value, radix: 16)
      out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out + "\""
}
