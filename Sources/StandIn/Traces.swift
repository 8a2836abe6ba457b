import Wire

/// The spans of a trace payload, of any version that tracers send.
struct Traces: Equatable, Sendable {
  enum Version: String, Sendable {
    case v03 = "/v0.3/traces"
    case v04 = "/v0.4/traces"
    case v05 = "/v0.5/traces"
    case v07 = "/v0.7/traces"
  }

  private(set) var spans: [Received.Span] = []
  private(set) var traceCount = 0
  private(set) var spanCount = 0

  /// The decoded payload, or what the Agent answers to one that can't be.
  static func decode(_ request: HTTPRequest, _ version: Version) -> Result<Traces, Malformed> {
    let type = request.fields["Content-Type"]?.lowercased() ?? ""
    switch version {
    case .v03, .v04:
      if type.hasPrefix("application/msgpack") { return decode(request.body, version) }
      if isJSONList(request.body) { return .success(Traces()) }
      let isJSON = type.isEmpty || type.contains("json")
      return isJSON ? .failure(.json(request.body)) : decode(request.body, version)
    case .v05, .v07:
      return decode(request.body, version)
    }
  }

  /// Why a payload gets a 400, in the Agent's words.
  struct Malformed: Error, Equatable {
    var reason: String

    static func json(_ body: [UInt8]) -> Malformed {
      Malformed(reason: body.isEmpty ? "unexpected-eof" : "invalid character in JSON payload")
    }
  }

  private static func decode(_ body: [UInt8], _ version: Version) -> Result<Traces, Malformed> {
    do {
      let value = try MessagePackReader.read(body)
      var traces = Traces()
      let isRight =
        switch version {
        case .v03, .v04: traces.readLists(value)
        case .v05: traces.readIndexed(value)
        case .v07: traces.readPayload(value)
        }
      guard isRight else {
        return .failure(Malformed(reason: "msgp: attempted to decode another type"))
      }
      return .success(traces)
    } catch .truncated {
      return .failure(Malformed(reason: "unexpected-eof"))
    } catch .tooMany {
      // Our bound, not the Agent's: taken, and not looked into.
      return .success(Traces())
    } catch {
      return .failure(Malformed(reason: "msgp: malformed payload (\(error))"))
    }
  }

  /// PHP's start-up probe and old clients send JSON; it is taken and not looked into.
  private static func isJSONList(_ body: [UInt8]) -> Bool {
    let text = body.filter { $0 > 0x20 }
    return text.first == UInt8(ascii: "[") && text.last == UInt8(ascii: "]") && text.count >= 2
  }

  /// v0.3 and v0.4: a list of traces, each a list of spans with their names spelled out.
  private mutating func readLists(_ value: MessagePackValue) -> Bool {
    guard let traces = value.items else { return value == .null }
    for trace in traces {
      guard let spans = trace.items else { return false }
      guard read(spans) else { return false }
    }
    return true
  }

  /// v0.7: chunks, each with spans as in v0.4.
  private mutating func readPayload(_ value: MessagePackValue) -> Bool {
    guard case .map = value else { return false }
    for chunk in value["chunks"]?.items ?? [] {
      guard read(chunk["spans"]?.items ?? []) else { return false }
    }
    return true
  }

  private mutating func read(_ trace: [MessagePackValue]) -> Bool {
    traceCount += 1
    for span in trace {
      guard case .map = span else { return false }
      add {
        Received.Span(
          name: Self.shown(span["name"]), service: Self.shown(span["service"]),
          resource: Self.shown(span["resource"]), type: Self.shown(span["type"]),
          metaKeys: Self.keys(span["meta"]), metricKeys: Self.keys(span["metrics"]),
          metaStructKeys: Self.keys(span["meta_struct"]),
          environment: Self.value("env", of: span["meta"]),
          component: Self.value("component", of: span["meta"]),
          runID: Self.value("dd_doctor.run_id", of: span["meta"]),
          samplingPriority: span["metrics"]?["_sampling_priority_v1"]?.number)
      }
    }
    return true
  }

  /// v0.5: a table of strings, then traces of spans that are lists of twelve with indices into it.
  private mutating func readIndexed(_ value: MessagePackValue) -> Bool {
    guard let parts = value.items, parts.count == 2, let table = parts[0].items,
      let traces = parts[1].items
    else { return false }
    for trace in traces {
      guard let spans = trace.items else { return false }
      traceCount += 1
      for span in spans {
        guard let values = span.items, values.count == 12 else { return false }
        let meta = Self.resolved(values[9], table)
        let metrics = Self.resolved(values[10], table)
        add {
          Received.Span(
            name: Self.shown(Self.entry(values[1], table)),
            service: Self.shown(Self.entry(values[0], table)),
            resource: Self.shown(Self.entry(values[2], table)),
            type: Self.shown(Self.entry(values[11], table)),
            metaKeys: Self.keys(meta), metricKeys: Self.keys(metrics), metaStructKeys: [],
            environment: Self.value("env", of: meta), component: Self.value("component", of: meta),
            runID: Self.value("dd_doctor.run_id", of: meta),
            samplingPriority: metrics["_sampling_priority_v1"]?.number)
        }
      }
    }
    return true
  }

  private mutating func add(_ span: () -> Received.Span) {
    spanCount += 1
    if spans.count < 1_000 { spans.append(span()) }
  }

  private static func entry(_ index: MessagePackValue, _ table: [MessagePackValue])
    -> MessagePackValue
  {
    guard let number = index.number, number >= 0, number < Double(table.count) else { return .null }
    return table[Int(number)]
  }

  private static func resolved(_ map: MessagePackValue, _ table: [MessagePackValue])
    -> MessagePackValue
  {
    guard case .map(let pairs) = map else { return .null }
    return .map(
      pairs.map { pair in
        if case .double = pair.value { return (entry(pair.key, table), pair.value) }
        return (entry(pair.key, table), entry(pair.value, table))
      })
  }

  private static func shown(_ value: MessagePackValue?) -> String {
    printable(Redaction.redacted(value?.text ?? ""), limit: 200)
  }

  private static func value(_ key: String, of map: MessagePackValue?) -> String? {
    map?[key]?.text.map { printable(Redaction.redacted($0), limit: 100) }
  }

  private static func keys(_ map: MessagePackValue?) -> [String] {
    guard case .map(let pairs) = map else { return [] }
    return pairs.prefix(200).map { shown($0.key) }
  }
}
