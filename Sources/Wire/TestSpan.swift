/// The span that is sent to the Agent: recognisable as ours, and never under the application's name.
package struct TestSpan: Sendable {
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
    // The Agent drops ids of 0 after it has answered 200.
    self.traceID = max(1, traceID)
    self.spanID = max(1, spanID)
  }

  /// The body of `PUT /v0.4/traces`: one trace of one span.
  package var payload: [UInt8] {
    var meta = [
      ("dd_doctor.run_id", runID), ("span.kind", "client"), ("component", "dd-doctor"),
    ]
    if let environment, !environment.isEmpty { meta.append(("env", environment)) }
    var writer = MessagePackWriter()
    writer.array(1)
    writer.array(1)
    writer.map(12)
    for (key, value) in [
      ("name", "openai.request"), ("resource", "dd-doctor preflight"), ("service", "dd-doctor"),
      ("type", "openai"),
    ] {
      writer.string(key)
      writer.string(value)
    }
    for (key, value) in [("trace_id", traceID), ("span_id", spanID), ("parent_id", 0)] {
      writer.string(key)
      writer.unsigned(value)
    }
    writer.string("start")
    writer.signed(start)
    writer.string("duration")
    writer.signed(1_000_000)
    writer.string("error")
    writer.signed(0)
    writer.string("meta")
    writer.map(meta.count)
    for (key, value) in meta {
      writer.string(key)
      writer.string(value)
    }
    writer.string("metrics")
    writer.map(2)
    writer.string("_sampling_priority_v1")
    writer.double(2)
    writer.string("_dd.top_level")
    writer.double(1)
    return writer.bytes
  }

  /// An empty list of traces: asks whether traces are taken, and sends none.
  package static let emptyPayload: [UInt8] = [0x90]

  /// The header fields that a tracer sends with a payload.
  package static func fields(traceCount: Int, version: String) -> [(String, String)] {
    [
      ("Content-Type", "application/msgpack"),
      ("Datadog-Meta-Lang", "dd-doctor"),
      ("Datadog-Meta-Tracer-Version", version),
      ("X-Datadog-Trace-Count", String(traceCount)),
      ("Datadog-Client-Computed-Top-Level", "true"),
      ("Datadog-Send-Real-Http-Status", "1"),
      ("User-Agent", "dd-doctor/\(version)"),
    ]
  }
}

/// One DogStatsD datagram.
package enum DogStatsD {
  /// A count of one under our own name.
  package static func datagram(runID: String) -> [UInt8] {
    Array("dd_doctor.preflight:1|c|#service:dd-doctor,run_id:\(runID)\n".utf8)
  }
}
