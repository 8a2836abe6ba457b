/// What may be kept of a span: names, and the few tags that can't hold a prompt or an answer.
package struct SpanFacts: Equatable, Sendable {
  package var name = ""
  package var service = ""
  package var resource = ""
  package var type = ""
  package var isError = false
  package var environment: String?
  package var version: String?
  /// `openai.request.model`.
  package var model: String?
  /// `_dd.svc_src`: where the name of the service came from.
  package var serviceSource: String?
  /// `dd_doctor.run_id` of our own test span.
  package var runID: String?
  /// `_sampling_priority_v1`; of a trace's spans the first has it.
  package var samplingPriority: Double?
  /// `_dd.llmobs.enabled`, on OpenAI's spans alone.
  package var llmObservability: Double?
  /// Whether an HTTP client's span leads to OpenAI, by its SDK's user agent or by its host.
  package var callsOpenAI = false
  /// The event of LLM Observability that rides in it.
  package var event: LLMObsFacts?

  package init() {}

  package var isOpenAI: Bool { name == "openai.request" }

  mutating func setText(_ key: SpanKey, _ value: String) {
    switch key {
    case .name: name = value
    case .service: service = value
    case .resource: resource = value
    case .type: type = value
    }
  }

  /// Keeps a tag, or passes over it: what is not named here is never even made a string of.
  mutating func setTag(
    _ cursor: inout MessagePackCursor, _ key: Range<Int>, _ value: Range<Int>
  ) {
    guard let tag = SpanTag(cursor, key) else { return }
    switch tag {
    case .environment: environment = cursor.shown(value)
    case .version: version = cursor.shown(value)
    case .model: model = cursor.shown(value)
    case .serviceSource: serviceSource = cursor.shown(value)
    case .runID: runID = cursor.shown(value)
    case .userAgent:
      let agent = cursor.bytes[value]
      callsOpenAI =
        callsOpenAI || ["OpenAI/", "AsyncOpenAI/"].contains { agent.starts(with: $0.utf8) }
    case .host: callsOpenAI = callsOpenAI || cursor.holds(value, "api.openai.com")
    case .url:
      callsOpenAI =
        callsOpenAI || cursor.bytes[value].starts(with: "https://api.openai.com/".utf8)
    }
  }

  mutating func setMetric(_ cursor: MessagePackCursor, _ key: Range<Int>, _ value: Double?) {
    // What is no number can't be written into a report.
    guard let value, value.isFinite else { return }
    if cursor.holds(key, "_sampling_priority_v1") { samplingPriority = value }
    if cursor.holds(key, "_dd.llmobs.enabled") { llmObservability = value }
  }
}

/// The names that a span has outside its tags.
enum SpanKey {
  case name, service, resource, type
}

/// The tags that are looked at.
private enum SpanTag {
  case environment, version, model, serviceSource, runID, userAgent, host, url

  init?(_ cursor: MessagePackCursor, _ key: Range<Int>) {
    let names: [(StaticString, SpanTag)]
    switch key.count {
    case 3: names = [("env", .environment)]
    case 7: names = [("version", .version)]
    case 8: names = [("out.host", .host), ("http.url", .url)]
    case 11: names = [("_dd.svc_src", .serviceSource)]
    case 13: names = [("http.hostname", .host)]
    case 14: names = [("http.useragent", .userAgent), ("server.address", .host)]
    case 16: names = [("dd_doctor.run_id", .runID)]
    case 20: names = [("openai.request.model", .model)]
    default: return nil
    }
    guard let found = names.first(where: { cursor.holds(key, $0.0) }) else { return nil }
    self = found.1
  }
}

/// Texts that were found safe to keep as they are: most come again and again, and what is here
/// holds no key.
package struct KnownTexts: Sendable {
  private var texts: [ArraySlice<UInt8>: String] = [:]

  package init() {}

  /// A string that is safe to keep: one line, cut, and without keys.
  mutating func shown(_ part: ArraySlice<UInt8>, limit: Int) -> String {
    let part = part.prefix(limit * 4)
    // Most are short words: they hold neither keys nor controls.
    if part.count < 16, part.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "@") }) {
      return String(decoding: part, as: UTF8.self)
    }
    guard part.count <= Self.longest else { return Self.made(part, limit) }
    if let known = texts[part] { return known }
    let shown = Self.made(part, limit)
    // A slice would keep the whole body that it is of.
    if texts.count < 200, shown.utf8.elementsEqual(part) { texts[Array(part)[...]] = shown }
    return shown
  }

  private static func made(_ part: ArraySlice<UInt8>, _ limit: Int) -> String {
    printable(Redaction.redacted(String(decoding: part, as: UTF8.self)), limit: limit)
  }

  private static let longest = 64
}

extension MessagePackCursor {
  /// A string that is safe to keep: one line, cut, and without keys.
  mutating func shown(_ range: Range<Int>, limit: Int = 200) -> String {
    texts.shown(bytes[range.clamped(to: bytes.indices)], limit: limit)
  }
}
