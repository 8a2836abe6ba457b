import Wire

/// What a tracer writes of itself at start: Python as a dict's repr, Node and PHP as JSON.
struct TracerConfiguration {
  private let text: ArraySlice<UInt8>

  /// - Parameter line: a line that holds the words `DATADOG TRACER CONFIGURATION`.
  init?(_ line: ArraySlice<UInt8>) {
    guard let start = line.position(of: "DATADOG TRACER CONFIGURATION") else { return nil }
    self.init(body: line[start...])
  }

  init?(body: ArraySlice<UInt8>) {
    text = body
    guard value("agent_url") != nil || value("service") != nil else { return nil }
  }

  /// What it says, in one sentence.
  var statement: String {
    let language = value("lang") ?? "the"
    var parts = ["\(language) tracer \(value("version") ?? "") started"]
    for (key, label) in [("agent_url", "agent_url"), ("service", "service"), ("env", "env")] {
      parts.append("\(label) \(value(key).flatMap { $0.isEmpty ? nil : $0 } ?? "not set")")
    }
    if let error = value("agent_error"), !error.isEmpty { parts.append("agent_error \(error)") }
    if let openAI = openAI { parts.append(openAI) }
    return printable(Redaction.redacted(parts.joined(separator: ", ")), limit: 400)
  }

  /// Python lists its integrations: armed means that the SDK's calls go through the tracer.
  private var openAI: String? {
    guard let start = text.position(of: "'openai': {") else { return nil }
    let entry = text[start...].prefix { $0 != UInt8(ascii: "}") }
    guard entry.holds("'enabled': True") else { return "openai integration off" }
    return entry.holds("'instrumented': True")
      ? "openai integration armed" : "openai integration on, the SDK not yet patched"
  }

  /// A key's value: quoted text, a number or a word; nil for None and null.
  private func value(_ key: String) -> String? {
    for quote in ["'", "\""] {
      guard let found = text.position(of: quote + key + quote) else { continue }
      let rest = text[(found + key.utf8.count + 2)...].drop {
        $0 == UInt8(ascii: ":") || Byte.isBlank($0)
      }
      guard let first = rest.first else { return nil }
      if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") {
        return String(decoding: rest.dropFirst().prefix { $0 != first }.prefix(200), as: UTF8.self)
      }
      let word = String(decoding: rest.prefix { !",}".utf8.contains($0) }.prefix(60), as: UTF8.self)
      return ["None", "null"].contains(word) ? nil : word
    }
    return nil
  }
}
