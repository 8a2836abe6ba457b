import Diagnosis
import FoundationEssentials
import Probes
import Reporters
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One file with all that support needs: the report with its observations, what it ran on, what was
/// taken out, and a hash of each part.
struct SupportBundle {
  static let version = 1

  private let report: Report
  private let parts: [String: JSONValue]

  init(_ report: Report) throws {
    self.report = report
    // Hashed is what leaves: the last scan goes first.
    let text = Output.passed(try JSONText.pretty(JSONValue(encoding: report)))
    let report = try JSONDecoder().decode(JSONValue.self, from: Data(text + [0x0A]))
    parts = [
      "report": report, "machine": try JSONValue(encoding: Machine.current()),
      "redactions": try JSONValue(encoding: Redactions(report).list),
    ]
  }

  /// Says on standard error what is inside, and writes the file.
  func write(to path: String) throws {
    let hashes = try parts.mapValues(Self.hash)
    let text =
      try JSONText.pretty(
        JSONValue.object(
          parts.merging([
            "bundleVersion": .number(Double(Self.version)),
            "hashes": .object(hashes.mapValues(JSONValue.string)),
          ]) { part, _ in part })) + "\n"
    for line in try preview(path, text.utf8.count) { Output.warn("bundle: \(line)") }
    try Output.write(text, toFile: path)
  }

  private func preview(_ path: String, _ size: Int) throws -> [String] {
    let shown = path == "-" ? "standard output" : InputFile.shown(path)
    let sizes = try parts.mapValues { try JSONText.compact($0).utf8.count }
    let redactions = Redactions(parts["report"] ?? .null).list
    let hidden = redactions.reduce(0) { $0 + $1.count }
    return [
      "\(shown), \(Self.kilobytes(size)), to be read before it is sent; nothing is uploaded",
      "  report      \(Self.kilobytes(sizes["report"] ?? 0)): \(report.checks.count) checks,"
        + " \(report.configuration.count) variables, \(report.exchanges.count) exchanges,"
        + " \(report.observations.count) observations",
      "  machine     \(Self.kilobytes(sizes["machine"] ?? 0)): system, kernel, libcurl and Swift",
      "  redactions  \(Self.kilobytes(sizes["redactions"] ?? 0)): \(hidden) secrets replaced in"
        + " \(Set(redactions.map(\.place)).count) places, by kind and count",
      "  not inside  keys, passwords, prompts and answers, other variables, your project's files",
    ]
  }

  private static func kilobytes(_ bytes: Int) -> String {
    bytes < 1024 ? "\(bytes) bytes" : "\((bytes + 1023) / 1024) KiB"
  }

  /// Of a part's JSON in one line with sorted keys: it is the same however a file is laid out.
  private static func hash(_ part: JSONValue) throws -> String {
    SHA256.hex(Array(try JSONText.compact(part).utf8))
  }

  // MARK: Reading one

  /// The text of a bundle's report; nil where the text is no bundle.
  static func report(in text: String) throws(ReportError) -> String? {
    guard text.holds("\"bundleVersion\"") else { return nil }
    let data = Data(text.utf8) + Data([0x0A])
    guard let probe = try? JSONDecoder().decode(Probe.self, from: data),
      let version = probe.bundleVersion
    else { return nil }
    guard version <= Self.version else { throw .newer(version) }
    guard case .object(var parts)? = try? JSONDecoder().decode(JSONValue.self, from: data),
      let report = parts["report"], let text = try? JSONText.compact(report)
    else { throw .incomplete("no report") }
    parts["hashes"] = nil
    parts["bundleVersion"] = nil
    let names = Set(parts.keys).union(probe.hashes?.keys ?? [:].keys)
    let changed = names.filter { name in
      guard let part = parts[name], let hash = try? hash(part) else { return true }
      return hash != probe.hashes?[name]
    }
    guard changed.isEmpty else { throw .changed(changed.sorted()) }
    return text
  }

  private struct Probe: Decodable {
    var bundleVersion: Int?
    var hashes: [String: String]?
  }
}

/// What stands in a report in the place of secrets: by kind, place and count, no value among them.
struct Redactions {
  struct Entry: Codable, Equatable {
    var place: String
    var kind: String
    var count: Int
  }

  private var counts: [String: [String: Int]] = [:]

  init(_ report: JSONValue) {
    guard case .object(let sections) = report else { return }
    for (name, section) in sections { add(section, name) }
  }

  var list: [Entry] {
    counts.sorted { $0.key < $1.key }.flatMap { place, kinds in
      kinds.sorted { $0.key < $1.key }.map { Entry(place: place, kind: $0.key, count: $0.value) }
    }
  }

  private mutating func add(_ value: JSONValue, _ place: String) {
    switch value {
    case .null, .bool, .number: break
    case .string(let text): for kind in Self.kinds(text) { count(kind, place) }
    case .array(let values): for value in values { add(value, place) }
    case .object(let fields):
      let place = Self.place(fields, in: place)
      if case .string(let kind)? = fields["kind"], case .string? = fields["fingerprint"] {
        count(SecretTraits.Kind(rawValue: kind)?.words ?? "secret", place)
      }
      if fields["secret"] == .bool(true), case .string(let shown)? = fields["value"] {
        count(String(shown.prefix { $0 != "," }), place)
      }
      for (_, field) in fields { add(field, place) }
    }
  }

  private mutating func count(_ kind: String, _ place: String) {
    counts[place, default: [:]][kind.lowercased(), default: 0] += 1
  }

  /// The check, the question or the variable that an object is about.
  private static func place(_ fields: [String: JSONValue], in place: String) -> String {
    guard !place.contains(" ") else { return place }
    for key in ["id", "question", "name"] {
      if case .string(let name)? = fields[key] { return "\(place) \(name)" }
    }
    return place
  }

  /// The kinds of `[openai-project-key/51/1a2b3c4d]`, and a URL's password for each `****@`.
  private static func kinds(_ text: String) -> [String] {
    let parts = text.split(separator: "[", omittingEmptySubsequences: false)
    let tokens = parts.dropFirst().compactMap { part -> String? in
      let fields = part.prefix { $0 != "]" }.split(separator: "/")
      guard fields.count == 3, part.utf8.count < 120 || part.contains("]"),
        Int(fields[1]) != nil, fields[2].utf8.count == 8
      else { return nil }
      return fields[0].split(separator: "-").joined(separator: " ")
    }
    func count(_ mark: String) -> Int {
      text.split(separator: mark, omittingEmptySubsequences: false).count - 1
    }
    return tokens + Array(repeating: "url password", count: count("****"))
      + Array(repeating: "what looks like a key", count: count(LastScan.marker))
  }
}

extension JSONValue {
  /// A value as it stands in JSON.
  init(encoding value: some Encodable) throws {
    let data = Data(try JSONText.compact(value).utf8) + Data([0x0A])
    self = try JSONDecoder().decode(JSONValue.self, from: data)
  }
}
