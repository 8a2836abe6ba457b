import Wire

/// The file or process that variables are read from, and the project that tells more of them.
package struct WorkloadOrigin: Sendable {
  package let name: String
  package let project: Project?

  package init(name: String, project: Project?) {
    self.name = name
    self.project = project
  }
}

/// Collects a workload's variables in order; of equal names the last one counts.
struct WorkloadVariables {
  private var assignments: [Assignment] = []
  /// The values that count so far.
  private(set) var earlier = EarlierVariables()
  let origin: WorkloadOrigin

  init(origin: WorkloadOrigin) {
    self.origin = origin
  }

  mutating func set(_ name: String, _ value: Assignment.Value) {
    let name = Array(name.utf8)
    assignments.append(Assignment(name, value, origin: origin.name))
    earlier.set(name, value)
  }

  /// `NAME=value`, as in docker's `Env`; a name alone is set to nothing.
  mutating func set(entry: [UInt8]) {
    assignments.append(
      Assignment(entry: entry, origin: origin.name)
        ?? Assignment(entry, .bytes([]), origin: origin.name))
  }

  var reading: (environment: Environment, credentials: Credentials) {
    Environment.reading(assignments.reversed(), for: origin.project)
  }

  func workload(_ facts: WorkloadFacts, lambda: LambdaFacts? = nil) -> Workload {
    let (environment, credentials) = reading
    return Workload(facts.bounded, environment, credentials, lambda: lambda)
  }
}

/// The variables to which those behind them may refer.
struct EarlierVariables {
  /// Bytes of all values together: more no process is given, and references would grow for ever.
  private static let limit = 1 << 20

  private var values: [[UInt8]: Assignment.Value] = [:]
  private var size = 0

  mutating func set(_ name: [UInt8], _ value: Assignment.Value) {
    values[name] = value
    switch value {
    case .bytes(let bytes), .field(_, let bytes): size += bytes.count
    case .kept: break
    }
  }

  subscript(_ name: [UInt8]) -> Assignment.Value? { values[name] }

  /// Whether there is room for a value that references have made.
  func holds(_ expansion: [UInt8]) -> Bool { size + expansion.count <= Self.limit }

  static let tooLong = Assignment.Value.kept("an expansion that is too long")

  /// The value of what refers to one that is kept elsewhere; a long way there is not told.
  static func kept(_ name: String, of place: String) -> Assignment.Value {
    .kept(place.utf8.count > 200 ? place : "\(name), of \(place)")
  }
}

extension WorkloadFacts {
  /// The facts with texts on one line, of a bounded length and without keys.
  fileprivate var bounded: WorkloadFacts {
    func line(_ text: String) -> String { printable(Redaction.redacted(text), limit: 300) }
    var facts = self
    facts.kind = line(kind)
    facts.name = line(name)
    facts.namespace = namespace.map(line)
    facts.container = container.map(line)
    facts.image = image.map(line)
    facts.networkMode = networkMode.map(line)
    facts.injectionError = injectionError.map(line)
    facts.unread = unread.prefix(16).map(line)
    facts.unset = unset.prefix(64).map(line)
    facts.mounts = Array(mounts.prefix(256))
    facts.ports = Array(ports.prefix(256))
    return facts
  }
}

// What an image, a name or a command tells.
extension WorkloadFacts {
  /// Sets the language and the part of a process from its command and its program.
  package mutating func recognise(command: [String], program: String?) {
    recognise(image: nil, container: "", command: command)
    let name = program?.split(separator: "/").last.map(String.init) ?? ""
    if ["python", "python2", "python3"].contains(name) || name.hasPrefix("python3.") {
      language = .python
    } else if ["node", "nodejs"].contains(name) {
      language = .node
    } else if name == "php" || name.hasPrefix("php-fpm") || name.hasPrefix("php8") {
      language = .php
    } else if ["trace-agent", "agent"].contains(name), program?.holds("datadog") == true {
      role = .agent
    }
  }

  /// Sets the part that a container plays, and its language, from its image, name and command.
  mutating func recognise(image: String?, container: String, command: [String]) {
    self.image = image
    if !command.isEmpty {
      // What is cut off first looks like no key any more.
      self.command = printable(
        Redaction.redacted(command.joined(separator: " ")), limit: 300)
    }
    language = language ?? Self.language(image, command)
    role = Self.role(image, container) ?? role
  }

  /// Nil for what is none of Datadog's own.
  private static func role(_ image: String?, _ container: String) -> Role? {
    if container.hasPrefix("datadog-lib-") || container == "datadog-init-apm-inject" {
      return .component
    }
    guard let image else { return nil }
    let path = image.lowercased().prefix { $0 != "@" }
    let parts = path.split(separator: "/").map(String.init)
    let last = parts.last?.split(separator: ":").first.map(String.init) ?? ""
    let isDatadogs = parts.dropLast().contains { $0.holds("datadog") }
    if ["cluster-agent", "datadog-cluster-agent"].contains(last),
      isDatadogs || last != "cluster-agent"
    {
      return .component
    }
    if isDatadogs,
      ["operator", "datadog-operator", "apm-inject"].contains(last)
        || last.hasPrefix("dd-lib-")
    {
      return .component
    }
    let agents = ["datadog-agent", "dd-agent", "docker-dd-agent", "ddot-collector"]
    if agents.contains(last) || isDatadogs && (last == "agent" || last == "agent-dev") {
      return .agent
    }
    return nil
  }

  private static func language(_ image: String?, _ command: [String]) -> Language? {
    let line = LaunchCommand(file: "", text: command.joined(separator: " "))
    let php = ["php", "php-fpm"].contains { line.starts($0) }
    let told = [
      line.startsPython ? Language.python : nil, line.startsNode ? Language.node : nil,
      php ? Language.php : nil,
    ].compactMap { $0 }
    if let only = told.first { return told.count == 1 ? only : nil }
    let name = image?.split(separator: "/").last?.split(separator: ":").first.map(String.init)
    switch name {
    case "python", "pypy": return .python
    case "node": return .node
    case "php": return .php
    default: return nil
    }
  }
}
