import Wire

/// The part of a line that is shown: no secret in it, nothing that a user or a model said.
enum Excerpt {
  /// What a key or prompt may follow, up to the end of the line.
  private static let payloads = [
    "Encoding payload", "Encoded LLMObs payload", "finishing span", "Request options:", "json_data",
    "'messages'", "\"messages\"", "'content'", "\"content\"", "'prompt'", "\"prompt\"",
    "'input'", "\"input\"", "'output'", "\"output\"", "\"role\"", "'role'", "input.value",
    "output.value", "completion.choices", ".content\"", ".content'", "prompt=", "payload b'",
    ", payload ",
  ]

  /// Where a line stops being the tracer's own words.
  static func payload(in line: ArraySlice<UInt8>) -> Int? {
    payloads.compactMap { line.position(of: $0) }.min()
  }

  /// What is shown of a line in which this was recognised.
  static func text(_ line: ArraySlice<UInt8>, _ range: Range<Int>, limit: Int = 240) -> String {
    var shown = line
    var tail = ""
    if let end = payload(in: line[range.lowerBound...]), end >= range.lowerBound {
      shown = line[..<max(end, range.lowerBound)]
      tail = " [content not shown]"
    }
    var head = ""
    let before = range.lowerBound - shown.startIndex
    if before > 80 {
      shown = shown[(range.lowerBound - 40)...].drop { !Byte.isBlank($0) && $0 != 0x22 }
      shown = shown.startIndex > range.lowerBound ? line[range.lowerBound...] : shown
      head = "…"
    }
    let masked = masked(String(decoding: shown.drop(while: Byte.isBlank), as: UTF8.self))
    return head + printable(Redaction.redacted(masked), limit: limit) + tail
  }

  /// Values behind the names of keys: a wrong key has no shape by which it could be told.
  private static func masked(_ text: String) -> String {
    var text = text
    for name in [
      "API key provided: ", "DD_API_KEY=", "OPENAI_API_KEY=", "DD_APP_KEY=", "api_key=", "apikey=",
      "DD-API-KEY: ", "DD-API-KEY': '", "dd-api-key\":\"", "X-Api-Key: ", "Bearer ", "Basic ",
      "application_key=", "password=", "key ending with: ", "key ending with ",
    ] {
      guard let found = text.range(ofPart: name) else { continue }
      let value = text[found.upperBound...].prefix { $0 != " " && $0 != "&" && $0 != "," }
      text.replaceSubrange(value.startIndex..<value.endIndex, with: "[not shown]")
    }
    return text
  }
}

extension String {
  fileprivate func range(ofPart part: String) -> Range<String.Index>? {
    let bytes = Array(utf8)
    guard let start = bytes[...].position(of: part) else { return nil }
    let from = utf8.index(utf8.startIndex, offsetBy: start)
    return from..<utf8.index(from, offsetBy: part.utf8.count)
  }
}
