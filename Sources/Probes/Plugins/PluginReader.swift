import Configuration
import Diagnosis
import Wire

/// Reads what plug-ins print: one JSON object each, whose texts are redacted and cut to a length.
///
/// Keys that it does not know are passed over: a plug-in may be newer.
struct PluginReader: Sendable {
  private let remover: SecretRemover

  init(_ secrets: Credentials) {
    remover = SecretRemover(secrets.all, minimum: 16)
  }

  func description(_ bytes: [UInt8]) throws(PluginFlaw) -> PluginDescription {
    let object = try object(bytes)
    return PluginDescription(
      id: try object.text("id", limit: 80), title: try object.prose("title", limit: 80),
      explanation: try object.prose("explanation", limit: 2000),
      fix: try object.prose("fix", limit: 1000), docs: try object.text("docs", limit: 400),
      needs: try object.texts("needs", limit: 80))
  }

  func outcome(_ bytes: [UInt8]) throws(PluginFlaw) -> PluginOutcome {
    let object = try object(bytes)
    var outcome = PluginOutcome(
      status: try object.text("status", limit: 40),
      message: try object.prose("message", limit: 400),
      failureClass: try object.optional("failureClass", limit: 40), evidence: [], remedies: [])
    for item in try object.objects("evidence") {
      outcome.evidence.append(
        Evidence(
          try item.text("name", limit: 80), measured: try item.text("measured", limit: 400),
          expected: try item.optional("expected", limit: 400) ?? "",
          source: try item.optional("source", limit: 400) ?? ""))
    }
    for item in try object.objects("remedies") {
      outcome.remedies.append(
        PluginOutcome.Remedy(
          kind: try item.text("kind", limit: 40), text: try item.optional("text", limit: 400) ?? "",
          variable: try item.optional("variable", limit: 200),
          value: try item.optional("value", limit: 400),
          command: try item.optional("command", limit: 400)))
    }
    return outcome
  }

  /// Reads what a program printed that ended well.
  ///
  /// - Returns: nil in place of the value where there is none, with what is wrong with what it
  ///   printed, and how it ended.
  func reading<Value>(
    _ said: ChildProcess.Output, of path: String,
    _ read: ([UInt8]) throws(PluginFlaw) -> Value
  ) -> (value: Value?, flaw: String?, said: ProgramAnswer) {
    guard said.end == .exited(0) else { return (nil, nil, answer(said, of: path)) }
    do throws(PluginFlaw) {
      return (try read(said.output), nil, ProgramAnswer(path, said.end))
    } catch {
      return (nil, error.words, answer(said, of: path))
    }
  }

  /// What it said, for evidence: the beginning of its output, and the last line of its errors.
  private func answer(_ said: ChildProcess.Output, of path: String) -> ProgramAnswer {
    var answer = ProgramAnswer(path, said.end)
    answer.output = clean(String(decoding: said.output.prefix(4096), as: UTF8.self), limit: 160)
    let lines = said.errors.split(separator: UInt8(ascii: "\n"))
    let last = lines.last { line in line.contains { $0 > 0x20 } } ?? []
    answer.errors = clean(String(decoding: last.prefix(4096), as: UTF8.self), limit: 300)
    return answer
  }

  private func clean(_ text: String, limit: Int) -> String {
    printable(Redaction.redacted(remover.removed(from: text)), limit: limit)
  }

  private func object(_ bytes: [UInt8]) throws(PluginFlaw) -> Fields {
    let json: LocatedJSON
    guard bytes.contains(where: { $0 > 0x20 }) else {
      throw PluginFlaw(line: 0, message: "it printed nothing")
    }
    do throws(LocatedJSON.Flaw) {
      json = try LocatedJSON.parse(bytes)
    } catch {
      throw PluginFlaw(line: error.line, message: error.message)
    }
    return try Fields(json, "the answer", clean)
  }

  /// The members of an object, taken by their names.
  private struct Fields {
    let line: Int
    private let members: [LocatedJSON.Member]
    private let clean: (String, Int) -> String

    init(_ json: LocatedJSON, _ what: String, _ clean: @escaping (String, Int) -> String)
      throws(PluginFlaw)
    {
      guard case .object(let members) = json.value else {
        throw PluginFlaw(
          line: json.line, message: "\(what) is \(json.kind), and has to be an object")
      }
      self.members = members
      self.clean = clean
      line = json.line
    }

    func text(_ name: String, limit: Int) throws(PluginFlaw) -> String {
      guard let text = try optional(name, limit: limit) else {
        throw PluginFlaw(line: line, message: "\(name) is missing")
      }
      guard !text.isEmpty else { throw PluginFlaw(line: line, message: "\(name) is empty") }
      return text
    }

    /// A text in which a line's end is a blank.
    func prose(_ name: String, limit: Int) throws(PluginFlaw) -> String {
      guard let value = try value(name) else {
        throw PluginFlaw(line: line, message: "\(name) is missing")
      }
      let words = try string(value, name).split(whereSeparator: \.isWhitespace)
      guard !words.isEmpty else { throw PluginFlaw(line: line, message: "\(name) is empty") }
      return clean(words.joined(separator: " "), limit)
    }

    func optional(_ name: String, limit: Int) throws(PluginFlaw) -> String? {
      guard let value = try value(name) else { return nil }
      return clean(try string(value, name), limit)
    }

    func texts(_ name: String, limit: Int) throws(PluginFlaw) -> [String] {
      var texts: [String] = []
      for item in try list(name) { texts.append(clean(try string(item, name), limit)) }
      return texts
    }

    func objects(_ name: String) throws(PluginFlaw) -> [Fields] {
      var objects: [Fields] = []
      for item in try list(name) {
        objects.append(try Fields(item, "an entry of \(name)", clean))
      }
      return objects
    }

    private func list(_ name: String) throws(PluginFlaw) -> [LocatedJSON] {
      guard let value = try value(name) else { return [] }
      guard case .array(let items) = value.value else {
        throw PluginFlaw(
          line: value.line, message: "\(name) is \(value.kind), and has to be an array")
      }
      guard items.count <= 32 else {
        throw PluginFlaw(line: value.line, message: "\(name) has more than 32 entries")
      }
      return items
    }

    /// Null is as good as left out.
    private func value(_ name: String) throws(PluginFlaw) -> LocatedJSON? {
      let value = members.first { $0.name == name }?.value
      return value?.value == .null ? nil : value
    }

    private func string(_ json: LocatedJSON, _ name: String) throws(PluginFlaw) -> String {
      if case .string(let text) = json.value { return text }
      throw PluginFlaw(line: json.line, message: "\(name) is \(json.kind), and has to be a string")
    }
  }
}

/// What is wrong with what a plug-in printed, and where.
struct PluginFlaw: Error {
  let line: Int
  let message: String

  /// With the line, where there are several.
  var words: String { line > 1 ? "line \(line): \(message)" : message }
}
