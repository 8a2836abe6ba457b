import FoundationEssentials

/// What may be kept of an event of LLM Observability: its kind and tags, and how much was said.
package struct LLMObsFacts: Equatable, Sendable {
  /// `llm`, `workflow`, `agent`, …
  package var kind: String?
  package var model: String?
  package var application: String?
  package var service: String?
  package var environment: String?
  /// The library that made it, as `openai`.
  package var integration: String?
  package var isError = false
  /// Of input and output together.
  package var messages = 0
  /// Of the messages' text, as Unicode scalars.
  package var characters = 0

  package init() {}

  fileprivate mutating func setTag(_ key: Substring, _ value: Substring) {
    let value = Self.shown(String(value))
    guard !value.isEmpty else { return }
    switch key {
    case "ml_app": application = value
    case "service": service = value
    case "env": environment = value
    case "integration": integration = value
    case "error": isError = isError || value == "1"
    default: return
    }
  }

  fileprivate static func shown(_ text: String) -> String {
    printable(Redaction.redacted(text), limit: 100)
  }
}

// As `meta_struct._llmobs` of a span carries it.
extension LLMObsFacts {
  /// Reads an event in MessagePack.
  ///
  /// - Throws: `MessagePackError` where it is none.
  init(_ bytes: [UInt8], in range: Range<Int>) throws(MessagePackError) {
    var cursor = MessagePackCursor(bytes, in: range)
    guard case .map(let count) = try cursor.next() else { throw .unexpected }
    var facts = LLMObsFacts()
    try cursor.pairs(count) { cursor, key throws(MessagePackError) in
      if cursor.holds(key, "meta") {
        try facts.readMeta(&cursor)
      } else if cursor.holds(key, "tags") {
        try facts.readTags(&cursor)
      } else if cursor.holds(key, "ml_app") {
        facts.application = try cursor.word()
      } else {
        try cursor.skip()
      }
    }
    self = facts
  }

  private mutating func readMeta(_ cursor: inout MessagePackCursor) throws(MessagePackError) {
    try cursor.eachPair { cursor, key throws(MessagePackError) in
      if cursor.holds(key, "input") || cursor.holds(key, "output") {
        try readMessages(&cursor)
      } else if cursor.holds(key, "model_name") {
        model = try cursor.word()
      } else if cursor.holds(key, "span.kind") {
        kind = try cursor.word()
      } else if cursor.holds(key, "span") {
        try cursor.eachPair { cursor, key throws(MessagePackError) in
          if cursor.holds(key, "kind") { kind = try cursor.word() } else { try cursor.skip() }
        }
      } else if cursor.holds(key, "error") || cursor.holds(key, "error.type") {
        isError = true
        try cursor.skip()
      } else {
        try cursor.skip()
      }
    }
  }

  /// Counts what is said, and looks at none of it.
  private mutating func readMessages(_ cursor: inout MessagePackCursor) throws(MessagePackError) {
    try cursor.eachPair { cursor, key throws(MessagePackError) in
      if cursor.holds(key, "value") {
        messages += 1
        characters += try cursor.length()
        return
      }
      guard cursor.holds(key, "messages") || cursor.holds(key, "documents") else {
        return try cursor.skip()
      }
      try cursor.eachItem { cursor throws(MessagePackError) in
        messages += 1
        try cursor.eachPair { cursor, key throws(MessagePackError) in
          if cursor.holds(key, "content") || cursor.holds(key, "text") {
            characters += try cursor.length()
          } else {
            try cursor.skip()
          }
        }
      }
    }
  }

  /// A map of texts, or a list of `key:value`.
  private mutating func readTags(_ cursor: inout MessagePackCursor) throws(MessagePackError) {
    switch try cursor.next() {
    case .map(let count):
      try cursor.pairs(count) { cursor, key throws(MessagePackError) in
        let name = key.count < 20 ? cursor.text(key) : ""
        setTag(name[...], try cursor.word()?[...] ?? "")
      }
    case .array(let count):
      try cursor.inside { cursor throws(MessagePackError) in
        for _ in 0..<count { setTag(try cursor.word() ?? "") }
      }
    case .null, .bool, .unsigned, .signed, .double, .string, .binary, .ext: break
    }
  }

  fileprivate mutating func setTag(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return }
    setTag(text[..<colon], text[text.index(after: colon)...])
  }
}

// As it goes through an Agent's evp_proxy, or to an intake: JSON.
extension LLMObsFacts {
  /// The events of a body; nil where it is no JSON of that shape.
  static func read(_ body: [UInt8]) -> [LLMObsFacts]? {
    // The decoder traps on exactly 513 opening brackets with nothing behind them.
    let data = Data(body) + [UInt8(ascii: "\n")]
    if let batches = try? JSONDecoder().decode([EventBatch].self, from: data) {
      return batches.flatMap { ($0.spans ?? []).map(\.facts) }
    }
    // The documented API's envelope.
    guard let envelope = try? JSONDecoder().decode(EventEnvelope.self, from: data) else {
      return (try? JSONDecoder().decode(EventBatch.self, from: data))?.spans?.map(\.facts)
    }
    let attributes = envelope.data.attributes
    return attributes.spans.map { span in
      var facts = span.facts
      facts.application = facts.application ?? attributes.application.map(Self.shown)
      for tag in attributes.tags ?? [] { facts.setTag(tag) }
      return facts
    }
  }

  fileprivate init(_ event: Event) {
    self.init()
    kind = (event.meta?.span?.kind ?? event.meta?.flatKind ?? event.meta?.kind).map(Self.shown)
    model = event.meta?.model.map(Self.shown)
    application = event.application.map(Self.shown)
    isError = event.status == "error"
    for tag in event.tags ?? [] { setTag(tag) }
    for said in [event.meta?.input, event.meta?.output].compactMap({ $0 }) {
      messages += said.messages
      characters += said.characters
    }
  }
}

private struct EventEnvelope: Decodable {
  struct Content: Decodable { let attributes: Attributes }
  struct Attributes: Decodable {
    let spans: [Event]
    let tags: [String]?
    let application: String?

    private enum CodingKeys: String, CodingKey {
      case spans, tags
      case application = "ml_app"
    }
  }
  let data: Content
}

private struct EventBatch: Decodable {
  let spans: [Event]?
}

private struct Event: Decodable {
  struct Meta: Decodable {
    struct Span: Decodable { let kind: String? }
    let span: Span?
    let flatKind: String?
    let kind: String?
    let model: String?
    let input: Said?
    let output: Said?

    private enum CodingKeys: String, CodingKey {
      case span, kind, input, output
      case flatKind = "span.kind"
      case model = "model_name"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      span = try? fields.decodeIfPresent(Span.self, forKey: .span)
      flatKind = try? fields.decodeIfPresent(String.self, forKey: .flatKind)
      kind = try? fields.decodeIfPresent(String.self, forKey: .kind)
      model = try? fields.decodeIfPresent(String.self, forKey: .model)
      input = try? fields.decodeIfPresent(Said.self, forKey: .input)
      output = try? fields.decodeIfPresent(Said.self, forKey: .output)
    }
  }

  let meta: Meta?
  let tags: [String]?
  let status: String?
  let application: String?

  private enum CodingKeys: String, CodingKey {
    case meta, tags, status
    case application = "ml_app"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    meta = try? fields.decodeIfPresent(Meta.self, forKey: .meta)
    tags = try? fields.decodeIfPresent([String].self, forKey: .tags)
    status = try? fields.decodeIfPresent(String.self, forKey: .status)
    application = try? fields.decodeIfPresent(String.self, forKey: .application)
  }

  var facts: LLMObsFacts { LLMObsFacts(self) }
}

/// An input or an output, of which only the amount leaves the decoder.
private struct Said: Decodable {
  private struct Message: Decodable {
    let length: Int

    private enum CodingKeys: String, CodingKey { case content, text }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      let text =
        (try? fields.decodeIfPresent(String.self, forKey: .content))
        ?? (try? fields.decodeIfPresent(String.self, forKey: .text))
      length = text?.unicodeScalars.count ?? 0
    }
  }

  let messages: Int
  let characters: Int

  private enum CodingKeys: String, CodingKey { case messages, documents, value }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let list =
      (try? fields.decodeIfPresent([Message].self, forKey: .messages))
      ?? (try? fields.decodeIfPresent([Message].self, forKey: .documents)) ?? []
    let value = try? fields.decodeIfPresent(String.self, forKey: .value)
    messages = list.count + (value == nil ? 0 : 1)
    characters = list.reduce(value?.unicodeScalars.count ?? 0) { $0 + $1.length }
  }
}

extension MessagePackCursor {
  /// A short text that may be kept; nil for any other value.
  fileprivate mutating func word() throws(MessagePackError) -> String? {
    let head = try next()
    guard case .string(let range) = head else {
      try skipRest(of: head)
      return nil
    }
    return shown(range, limit: 100)
  }

  /// How many scalars a text has; 0 for any other value.
  fileprivate mutating func length() throws(MessagePackError) -> Int {
    let head = try next()
    guard case .string(let range) = head else {
      try skipRest(of: head)
      return 0
    }
    // Bytes that go on with a scalar are none of their own.
    return bytes[range].reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
  }

  /// The pairs of the next value, where it is a map.
  fileprivate mutating func eachPair(
    _ read: (inout MessagePackCursor, Range<Int>) throws(MessagePackError) -> Void
  ) throws(MessagePackError) {
    let head = try next()
    guard case .map(let count) = head else { return try skipRest(of: head) }
    try pairs(count, read)
  }

  /// The items of the next value, where it is a list.
  fileprivate mutating func eachItem(
    _ read: (inout MessagePackCursor) throws(MessagePackError) -> Void
  ) throws(MessagePackError) {
    let head = try next()
    guard case .array(let count) = head else { return try skipRest(of: head) }
    try inside { cursor throws(MessagePackError) in
      for _ in 0..<count { try read(&cursor) }
    }
  }
}
