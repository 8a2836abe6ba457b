/// A payload of traces as it was counted, span by span: nothing of it is kept here.
package struct TracePayload: Equatable, Sendable {
  /// The versions of the trace API, by their path.
  package enum Version: String, CaseIterable, Codable, Sendable {
    case v03 = "/v0.3/traces"
    case v04 = "/v0.4/traces"
    case v05 = "/v0.5/traces"
    case v07 = "/v0.7/traces"

    /// `v0.4`.
    package var name: String { String(rawValue.dropFirst().prefix { $0 != "/" }) }
  }

  package enum Event {
    case span(SpanFacts)
    /// The end of a trace, with the priority of its chunk where that has one.
    case end(priority: Double? = nil)
  }

  /// Why a payload gets a 400, in the Agent's words.
  package struct Malformed: Error, Equatable, Sendable {
    package var reason: String
    /// Our own word for it: `truncated`, `tooDeep`, `reserved`, `trailing`, `unexpected`, `json`.
    package var kind: String
  }

  package private(set) var traces = 0
  package private(set) var spans = 0
  /// It was taken, and not looked into: JSON of an old client, or a compressed body.
  package private(set) var isOpaque = false

  /// Reads a payload; what came before a fault was told all the same.
  package static func read(
    _ request: HTTPRequest, _ version: Version, _ texts: inout KnownTexts, _ tell: (Event) -> Void
  ) -> Result<TracePayload, Malformed> {
    if let encoding = request.fields["Content-Encoding"], encoding.lowercased() != "identity" {
      return .success(.opaque)
    }
    let type = request.fields["Content-Type"]?.lowercased() ?? ""
    switch version {
    case .v03, .v04:
      guard !type.hasPrefix("application/msgpack") else { break }
      // PHP's start-up probe and old clients send JSON; it is taken and not looked into.
      if isJSONList(request.body) { return .success(.opaque) }
      guard !type.isEmpty, !type.contains("json") else {
        return .failure(.json(request.body))
      }
    case .v05, .v07: break
    }
    var payload = TracePayload()
    var cursor = MessagePackCursor(request.body)
    swap(&cursor.texts, &texts)
    defer { swap(&cursor.texts, &texts) }
    do throws(MessagePackError) {
      switch version {
      case .v03, .v04: try payload.readTraces(&cursor, tell)
      case .v05: try payload.readIndexed(&cursor, tell)
      case .v07: try payload.readChunks(&cursor, tell)
      }
      guard cursor.isAtEnd else { throw .trailing }
    } catch {
      return .failure(Malformed(error))
    }
    return .success(payload)
  }

  private static var opaque: TracePayload {
    var payload = TracePayload()
    payload.isOpaque = true
    return payload
  }

  private static func isJSONList(_ body: [UInt8]) -> Bool {
    let text = body.filter { $0 > 0x20 }
    return text.first == UInt8(ascii: "[") && text.last == UInt8(ascii: "]") && text.count >= 2
  }

  /// A list, whose items are read one level further down; nil counts as an empty one where it may.
  private func list(
    _ cursor: inout MessagePackCursor, orNull: Bool = false
  ) throws(MessagePackError) -> Int {
    switch try cursor.next() {
    case .array(let count): return count
    case .null where orNull: return 0
    case .null, .bool, .unsigned, .signed, .double, .string, .binary, .map, .ext: throw .unexpected
    }
  }

  /// v0.3 and v0.4: a list of traces, each a list of spans with their names spelled out.
  private mutating func readTraces(
    _ cursor: inout MessagePackCursor, _ tell: (Event) -> Void
  ) throws(MessagePackError) {
    let count = try list(&cursor, orNull: true)
    try cursor.inside { cursor throws(MessagePackError) in
      for _ in 0..<count { try readTrace(&cursor, tell) }
    }
  }

  /// v0.7: chunks, each with spans as in v0.4, and with the priority that its spans lack.
  private mutating func readChunks(
    _ cursor: inout MessagePackCursor, _ tell: (Event) -> Void
  ) throws(MessagePackError) {
    guard case .map(let count) = try cursor.next() else { throw .unexpected }
    try cursor.pairs(count) { cursor, key throws(MessagePackError) in
      guard cursor.holds(key, "chunks") else { return try cursor.skip() }
      let chunks = try list(&cursor, orNull: true)
      try cursor.inside { cursor throws(MessagePackError) in
        for _ in 0..<chunks { try readChunk(&cursor, tell) }
      }
    }
  }

  private mutating func readChunk(
    _ cursor: inout MessagePackCursor, _ tell: (Event) -> Void
  ) throws(MessagePackError) {
    guard case .map(let count) = try cursor.next() else { throw .unexpected }
    var priority: Double?
    var hasSpans = false
    try cursor.pairs(count) { cursor, key throws(MessagePackError) in
      if cursor.holds(key, "spans") {
        hasSpans = true
        try readSpans(&cursor, tell)
      } else if cursor.holds(key, "priority") {
        let head = try cursor.next()
        // The Agent's own word for none is the least that a byte can say.
        priority = head.number.flatMap { $0.isFinite && $0 != -128 ? $0 : nil }
        try cursor.skipRest(of: head)
      } else {
        try cursor.skip()
      }
    }
    if hasSpans { tell(.end(priority: priority)) }
  }

  private mutating func readTrace(
    _ cursor: inout MessagePackCursor, _ tell: (Event) -> Void
  ) throws(MessagePackError) {
    try readSpans(&cursor, tell)
    tell(.end())
  }

  private mutating func readSpans(
    _ cursor: inout MessagePackCursor, _ tell: (Event) -> Void
  ) throws(MessagePackError) {
    let count = try list(&cursor)
    traces += 1
    try cursor.inside { cursor throws(MessagePackError) in
      for _ in 0..<count {
        spans += 1
        tell(.span(try SpanFacts(&cursor)))
      }
    }
  }

  /// v0.5: a table of strings, then traces of spans that are lists of twelve with indices into it.
  private mutating func readIndexed(
    _ cursor: inout MessagePackCursor, _ tell: (Event) -> Void
  ) throws(MessagePackError) {
    guard try list(&cursor) == 2 else { throw .unexpected }
    try cursor.inside { cursor throws(MessagePackError) in
      let count = try list(&cursor)
      var table: [Range<Int>] = []
      try cursor.inside { cursor throws(MessagePackError) in
        for _ in 0..<count {
          guard case .string(let range) = try cursor.next() else { throw .unexpected }
          table.append(range)
        }
      }
      let lists = try list(&cursor)
      try cursor.inside { cursor throws(MessagePackError) in
        for _ in 0..<lists {
          let items = try list(&cursor)
          traces += 1
          try cursor.inside { cursor throws(MessagePackError) in
            for _ in 0..<items {
              spans += 1
              tell(.span(try SpanFacts(&cursor, table)))
            }
          }
          tell(.end())
        }
      }
    }
  }
}

extension TracePayload.Malformed {
  fileprivate init(_ error: MessagePackError) {
    switch error {
    case .truncated: self.init(reason: "unexpected-eof", kind: "truncated")
    case .unexpected:
      self.init(reason: "msgp: attempted to decode another type", kind: "unexpected")
    case .tooDeep, .tooMany, .trailing, .reserved:
      self.init(reason: "msgp: malformed payload (\(error))", kind: "\(error)")
    }
  }

  fileprivate static func json(_ body: [UInt8]) -> TracePayload.Malformed {
    Self(
      reason: body.isEmpty ? "unexpected-eof" : "invalid character in JSON payload",
      kind: body.isEmpty ? "truncated" : "json")
  }
}

// A span as v0.3, v0.4 and v0.7 write it: a map.
extension SpanFacts {
  fileprivate init(_ cursor: inout MessagePackCursor) throws(MessagePackError) {
    guard case .map(let count) = try cursor.next() else { throw .unexpected }
    var facts = SpanFacts()
    try cursor.pairs(count) { cursor, key throws(MessagePackError) in
      let head = try cursor.next()
      switch head {
      case .string(let value):
        if let key = cursor.spanKey(key) { facts.setText(key, cursor.shown(value)) }
      case .map(let count) where cursor.holds(key, "meta"):
        try cursor.pairs(count) { cursor, key throws(MessagePackError) in
          let head = try cursor.next()
          guard case .string(let value) = head else { return try cursor.skipRest(of: head) }
          facts.setTag(&cursor, key, value)
        }
      case .map(let count) where cursor.holds(key, "metrics"):
        try cursor.pairs(count) { cursor, key throws(MessagePackError) in
          let head = try cursor.next()
          facts.setMetric(cursor, key, head.number)
          try cursor.skipRest(of: head)
        }
      case .map(let count) where cursor.holds(key, "meta_struct"):
        try cursor.pairs(count) { cursor, key throws(MessagePackError) in
          let head = try cursor.next()
          guard case .binary(let value) = head, cursor.holds(key, "_llmobs") else {
            return try cursor.skipRest(of: head)
          }
          facts.event = try? LLMObsFacts(cursor.bytes, in: value)
        }
      default:
        if cursor.holds(key, "error") { facts.isError = (head.number ?? 0) != 0 }
        try cursor.skipRest(of: head)
      }
    }
    self = facts
  }
}

// A span as v0.5 writes it: a list of twelve, with indices into a table of strings.
extension SpanFacts {
  fileprivate init(
    _ cursor: inout MessagePackCursor, _ table: [Range<Int>]
  ) throws(MessagePackError) {
    guard case .array(12) = try cursor.next() else { throw .unexpected }
    func entry(_ head: MessagePackCursor.Head) -> Range<Int>? {
      guard let number = head.number, number >= 0, number < Double(table.count) else { return nil }
      return table[Int(number)]
    }
    var facts = SpanFacts()
    try cursor.inside { cursor throws(MessagePackError) in
      for place in 0..<12 {
        let head = try cursor.next()
        switch (place, head) {
        case (0, _), (1, _), (2, _), (11, _):
          let keys: [Int: SpanKey] = [0: .service, 1: .name, 2: .resource, 11: .type]
          if let key = keys[place], let range = entry(head) {
            facts.setText(key, cursor.shown(range))
          }
          try cursor.skipRest(of: head)
        case (8, _):
          facts.isError = (head.number ?? 0) != 0
          try cursor.skipRest(of: head)
        case (9, .map(let count)), (10, .map(let count)):
          try cursor.inside { cursor throws(MessagePackError) in
            for _ in 0..<count {
              let name = try cursor.next()
              try cursor.skipRest(of: name)
              let value = try cursor.next()
              try cursor.skipRest(of: value)
              guard let key = entry(name) else { continue }
              if place == 10 {
                facts.setMetric(cursor, key, value.number)
              } else if let value = entry(value) {
                facts.setTag(&cursor, key, value)
              }
            }
          }
        default: try cursor.skipRest(of: head)
        }
      }
    }
    self = facts
  }
}

extension MessagePackCursor {
  fileprivate func spanKey(_ range: Range<Int>) -> SpanKey? {
    if holds(range, "name") { return .name }
    if holds(range, "service") { return .service }
    if holds(range, "resource") { return .resource }
    return holds(range, "type") ? .type : nil
  }
}
