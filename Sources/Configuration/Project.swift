import Wire

/// What a project's own `.dd-doctor.json` says: it never runs anything, and sends nothing.
package struct Project: Codable, Equatable, Sendable {
  /// Checks that are left out, why, and until when.
  package struct Skip: Codable, Equatable, Sendable {
    /// An id or a glob.
    package var check: String
    package var reason: String
    /// `2027-01-31`, the last day on which it holds; nil for no end.
    package var expires: String?
    package var line: Int

    /// Whether it still holds on a day, as `2026-11-25`.
    package func holds(on day: String) -> Bool { expires.map { $0 >= day } ?? true }
  }

  /// A variable that has to be set.
  package struct Requirement: Codable, Equatable, Sendable {
    package var name: String
    /// Empty where any value will do.
    package var allowed: [String]
  }

  /// A further place that has to be reachable from here.
  package struct Place: Codable, Equatable, Sendable {
    package var name: String
    /// `https://`, `http://` or `tcp://`.
    package var url: String

    package init(name: String, url: String) {
      self.name = name
      self.url = url
    }
  }

  package static let fileName = ".dd-doctor.json"

  /// Where it was read from, as seen from the working folder.
  package var path: String
  package var setup: Setup?
  package var language: Language?
  package var skips: [Skip] = []
  package var requirements: [Requirement] = []
  package var endpoints: [Place] = []
  /// Further names whose values are secrets.
  package var secrets: [String] = []
  /// The day on which it was read, UTC.
  package var today = ""

  package init(path: String = Project.fileName) {
    self.path = path
  }

  /// How the report names it.
  package var title: String { "project file \(printable(Redaction.redacted(path), limit: 200))" }

  /// What it says of a setting, with itself as the source.
  func named<Value>(_ setting: KeyPath<Project, Value?>) -> (Value, String)? {
    self[keyPath: setting].map { ($0, title) }
  }

  /// The names that it speaks of, which are read besides Datadog's and OpenAI's.
  package var names: Set<String> { Set(requirements.map(\.name) + secrets) }
}

/// What is wrong with a project's file: where, and what to write instead.
package struct ProjectError: Error, Equatable, Sendable {
  package let message: String

  package init(_ path: String, _ line: Int, _ message: String) {
    self.message = "\(printable(Redaction.redacted(path), limit: 200)):\(line): \(message)"
  }
}

extension Project {
  package static let sizeLimit = 256 * 1024

  package static let keys = [
    "$schema", "setup", "language", "skip", "variables", "endpoints", "secrets",
  ]

  /// Reads a file's bytes; the first thing that is wrong is told, with its line.
  package static func reading(
    _ bytes: [UInt8], path: String, today: String
  ) throws(ProjectError) -> Project {
    guard bytes.count <= sizeLimit else {
      throw ProjectError(path, 1, "longer than \(sizeLimit) bytes")
    }
    let reader = ProjectReader(path: path, today: today)
    do throws(LocatedJSON.Flaw) {
      return try reader.project(try LocatedJSON.parse(bytes))
    } catch {
      throw ProjectError(path, error.line, error.message)
    }
  }
}

extension Project.Place {
  /// What is asked there: nil for `tcp://`, where a connection is all.
  package var path: String? {
    let parts = URLParts(url)
    guard parts.scheme != "tcp" else { return nil }
    return parts.path.isEmpty ? "/" : parts.path
  }

  /// Nil where the URL is none that can be asked.
  package var endpoint: Endpoint? {
    let parts = URLParts(url)
    let standard = ["https": 443, "http": 80][parts.scheme]
    guard parts.userInfo == nil, HostText.isUsable(parts.host), printable(url, limit: 400) == url,
      parts.path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), Redaction.redacted(url) == url,
      let port = parts.port.map({ Int($0) }) ?? standard, (1...65535).contains(port)
    else { return nil }
    switch parts.scheme {
    case "https": return .tls(host: parts.host, port: port)
    case "http", "tcp": return .tcp(host: parts.host, port: port)
    default: return nil
    }
  }
}

/// Takes a project's file apart.
private struct ProjectReader {
  let path: String
  let today: String

  typealias Flaw = LocatedJSON.Flaw

  func project(_ json: LocatedJSON) throws(Flaw) -> Project {
    var project = Project(path: path)
    project.today = today
    for member in try members(json, "the file", keys: Project.keys) {
      let value = member.value
      switch member.name {
      case "setup": project.setup = try choice(value, "setup")
      case "language": project.language = try choice(value, "language")
      case "skip":
        for item in try elements(value, "skip") { project.skips.append(try skip(item)) }
      case "variables":
        for entry in try members(value, "variables") {
          project.requirements.append(try requirement(entry))
        }
      case "endpoints":
        for entry in try members(value, "endpoints") {
          project.endpoints.append(try endpoint(entry))
        }
      case "secrets":
        for item in try elements(value, "secrets") {
          project.secrets.append(try variable(try text(item, "a name in secrets"), item.line))
        }
      default: break
      }
    }
    return project
  }

  private func skip(_ json: LocatedJSON) throws(Flaw) -> Project.Skip {
    let keys = ["check", "reason", "expires"]
    let entries = try members(json, "an entry of skip", keys: keys)
    func value(_ name: String) -> LocatedJSON? { entries.first { $0.name == name }?.value }
    guard let check = value("check") else {
      throw Flaw(line: json.line, message: "a skip names no check: \"check\": \"openai.*\"")
    }
    guard let reason = value("reason"), try !blank(reason) else {
      throw Flaw(
        line: json.line,
        message: "a skip has no reason: \"reason\": \"why \(shown(try text(check, "check"))) is no"
          + " matter here\"")
    }
    return Project.Skip(
      check: try text(check, "check"), reason: try text(reason, "reason"),
      expires: try value("expires").map { json throws(Flaw) in try date(json) }, line: check.line)
  }

  private func blank(_ json: LocatedJSON) throws(Flaw) -> Bool {
    TracerValue.trimmingBlanks(try text(json, "reason")).isEmpty
  }

  private func date(_ json: LocatedJSON) throws(Flaw) -> String {
    let text = try text(json, "expires")
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.utf8.allSatisfy { (48...57).contains($0) } ? Int($0) : nil }
    guard parts.map(\.count) == [4, 2, 2], numbers.count == 3, (1...12).contains(numbers[1]),
      numbers[2] >= 1, numbers[2] <= days(numbers[0], numbers[1])
    else {
      throw Flaw(line: json.line, message: "expires '\(shown(text))' is no day, as 2027-01-31")
    }
    return text
  }

  private func days(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private func requirement(_ entry: LocatedJSON.Member) throws(Flaw) -> Project.Requirement {
    let name = try variable(entry.name, entry.line)
    let parts = try members(entry.value, "\(shown(name)) in variables", keys: ["allowed"])
    var allowed: [String] = []
    for part in parts {
      for item in try elements(part.value, "allowed") {
        allowed.append(try text(item, "a value in allowed"))
      }
      guard !allowed.isEmpty else {
        throw Flaw(
          line: part.line, message: "allowed is empty; leave it out where any value will do")
      }
    }
    return Project.Requirement(name: name, allowed: allowed)
  }

  private func endpoint(_ entry: LocatedJSON.Member) throws(Flaw) -> Project.Place {
    let isName =
      !entry.name.isEmpty && entry.name.utf8.count <= 40
      && entry.name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789_-".utf8.contains($0) }
    guard isName else {
      throw Flaw(
        line: entry.line,
        message: "endpoint '\(shown(entry.name))' is no name for a check: small letters, digits,"
          + " - and _")
    }
    let url = try text(entry.value, "an endpoint")
    let place = Project.Place(name: entry.name, url: url)
    guard place.endpoint != nil else {
      throw Flaw(
        line: entry.value.line,
        message: "endpoint \(entry.name) is no https://HOST, http://HOST:PORT or tcp://HOST:PORT,"
          + " without user and password")
    }
    return place
  }

  private func variable(_ name: String, _ line: Int) throws(Flaw) -> String {
    let isName =
      !name.isEmpty && name.utf8.count <= 200
      && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") }
    guard isName, !Redaction.isSecret(name) else {
      throw Flaw(line: line, message: "'\(shown(name))' is no variable's name")
    }
    return name
  }

  private func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ json: LocatedJSON, _ key: String
  ) throws(Flaw) -> Value {
    let text = try text(json, key)
    if let value = Value(rawValue: text) { return value }
    throw Flaw(
      line: json.line,
      message: "unknown \(key) '\(shown(text))'"
        + Spelling.advice(for: text, among: Value.allCases.map(\.rawValue)))
  }

  private func text(_ json: LocatedJSON, _ what: String) throws(Flaw) -> String {
    if case .string(let text) = json.value { return text }
    throw Flaw(line: json.line, message: "\(what) is \(json.kind), and has to be a string")
  }

  private func elements(_ json: LocatedJSON, _ what: String) throws(Flaw) -> [LocatedJSON] {
    if case .array(let elements) = json.value { return elements }
    throw Flaw(line: json.line, message: "\(what) is \(json.kind), and has to be an array: [ … ]")
  }

  private func members(
    _ json: LocatedJSON, _ what: String, keys: [String]? = nil
  ) throws(Flaw) -> [LocatedJSON.Member] {
    guard case .object(let members) = json.value else {
      throw Flaw(
        line: json.line, message: "\(what) is \(json.kind), and has to be an object: { … }")
    }
    if let keys, let unknown = members.first(where: { !keys.contains($0.name) }) {
      throw Flaw(
        line: unknown.line,
        message: "unknown key '\(shown(unknown.name))' in \(what)"
          + Spelling.advice(for: unknown.name, among: keys))
    }
    return members
  }

  private func shown(_ text: String) -> String {
    printable(Redaction.redacted(text), limit: 60)
  }
}
