package import Wire

/// Reads a file's workloads, whatever kind it is of; nothing is looked up anywhere else.
package enum WorkloadReader {
  /// - Parameters:
  ///   - bytes: the file's.
  ///   - kind: what the file is said to be; nil for what its content shows.
  ///   - origin: the file, as each variable names it.
  ///   - project: what tells of further variables and secrets.
  /// - Returns: its kind, and all that runs by it.
  /// - Throws: what it is instead, where, and what to type.
  package static func read(
    _ bytes: [UInt8], as kind: SourceKind? = nil, origin: String, for project: Project? = nil
  ) throws(WorkloadFault) -> (kind: SourceKind, workloads: [Workload]) {
    let origin = WorkloadOrigin(name: origin, project: project)
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw WorkloadFault("UTF-16; save it as UTF-8 (PowerShell: | Out-File -Encoding utf8 FILE)")
    }
    switch kind {
    case .dotenv: return (.dotenv, [try dotenv(bytes, origin)])
    case .environ, .process: return (.environ, [environ(bytes, origin)])
    case .systemctl: return (.systemctl, [try systemctl(bytes, origin)])
    case .docker, .compose, .kubectl, .lambda, .ecs, nil: break
    }
    guard looksLikeJSON(bytes) else {
      if let kind { throw notJSON(bytes, kind) }
      return try text(bytes, origin)
    }
    let document: JSONDocument
    do {
      document = try JSONDocument(bytes)
    } catch {
      throw WorkloadFault(
        "line \(error.line), column \(error.column): \(error.reason); it begins as JSON and is none"
      )
    }
    return try json(document, kind, origin)
  }

  /// A brace, or a bracket with a value behind it: `[Unit]` heads a section.
  package static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
    let signs = bytes.lazy.filter { !isBlank($0) && ![0xEF, 0xBB, 0xBF].contains($0) }.prefix(2)
    guard let first = signs.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
      return false
    }
    guard first == UInt8(ascii: "["), let second = signs.dropFirst().first else { return true }
    return "{[]\"-0123456789".utf8.contains(second)
  }

  /// The workload of one object of a list, as `kind` writes it.
  static func workloads(of node: JSONNode, kind: SourceKind, origin: WorkloadOrigin) -> [Workload] {
    switch kind {
    case .kubectl: KubernetesManifest.workloads(of: node, origin: origin)
    case .docker:
      DockerInspection.workload(of: node, origin: origin).map { [$0] } ?? []
    case .compose: ComposeConfiguration.workloads(of: node, origin: origin)
    case .lambda:
      (node["Functions"]?.elements ?? [node]).compactMap {
        LambdaFunction.workload(of: $0, origin: origin)
      }
    case .ecs:
      node["taskDefinition"] != nil || node["containerDefinitions"] != nil || node["tasks"] != nil
        ? ECSTask.workloads(of: node, origin: origin)
        : node["name"] == nil && node["image"] == nil
          ? [] : [ECSTask.workload(ofContainer: node, origin: origin)]
    case .process, .dotenv, .environ, .systemctl: []
    }
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }
}

// JSON of a command's, by its members.
extension WorkloadReader {
  private static func json(
    _ document: JSONDocument, _ forced: SourceKind?, _ origin: WorkloadOrigin
  )
    throws(WorkloadFault) -> (kind: SourceKind, workloads: [Workload])
  {
    let nodes = document.roots.flatMap { $0.kind == .array ? $0.elements : [$0] }
    guard !nodes.isEmpty else {
      throw WorkloadFault(
        "an empty list: what wrote it found nothing (docker inspect says so on standard error)")
    }
    if nodes.allSatisfy({ $0.kind == .string }), forced == nil || forced == .docker {
      return (.docker, [try variables(nodes, origin)])
    }
    let kinds = Set(nodes.map(SourceKind.init(of:)))
    let kind: SourceKind
    if let forced {
      kind = forced
    } else {
      guard kinds.count == 1, let only = kinds.first, let only else {
        throw unknown(nodes, kinds.compactMap { $0 })
      }
      kind = only
    }
    let workloads = nodes.flatMap { Self.workloads(of: $0, kind: kind, origin: origin) }
    guard !workloads.isEmpty else { throw nothing(nodes, kind) }
    return (kind, workloads)
  }

  /// `docker inspect --format '{{json .Config.Env}}'`.
  private static func variables(_ nodes: [JSONNode], _ origin: WorkloadOrigin) throws(WorkloadFault)
    -> Workload
  {
    if let odd = nodes.first(where: { !$0.bytes.contains(UInt8(ascii: "=")) }) {
      throw WorkloadFault("line \(odd.line): a list of texts, and this one is no NAME=value")
    }
    let facts = WorkloadFacts(.docker, kind: "container", name: "(no name)")
    var variables = WorkloadVariables(origin: origin)
    for node in nodes { variables.set(entry: node.bytes) }
    return variables.workload(facts)
  }

  private static func unknown(_ nodes: [JSONNode], _ kinds: [SourceKind]) -> WorkloadFault {
    if kinds.count > 1 {
      return WorkloadFault(
        "objects of several kinds (\(kinds.map(\.rawValue).sorted().joined(separator: ", ")));"
          + " give each kind its own file")
    }
    let node = nodes.first { SourceKind(of: $0) == nil } ?? nodes[0]
    if node["schemaVersion"] != nil, node["checks"] != nil {
      return WorkloadFault("a report of dd-doctor: dd-doctor judge FILE")
    }
    if node["op"] != nil, node["path"] != nil {
      return WorkloadFault("a JSON patch: give the object that it is for (kubectl get -o json)")
    }
    let names = node.members.prefix(4).map { printable(Redaction.redacted($0.name), limit: 30) }
    let what =
      node.kind == .object
      ? names.isEmpty ? "an empty object" : "an object with \(names.joined(separator: ", "))"
      : "no object"
    return WorkloadFault(
      "JSON, but nothing that --from knows (line \(node.line): \(what));"
        + " it reads docker inspect, docker compose config --format json, kubectl get -o json,"
        + " aws lambda get-function-configuration and aws ecs describe-task-definition")
  }

  /// A kind was recognised or said, and nothing of it is there.
  private static func nothing(_ nodes: [JSONNode], _ kind: SourceKind) -> WorkloadFault {
    switch kind {
    case .kubectl:
      let items = nodes.flatMap { $0["items"]?.elements ?? [$0] }
      let kinds = Set(items.compactMap { $0["kind"]?.string }).sorted().prefix(6)
        .map { printable($0, limit: 40) }
      return WorkloadFault(
        kinds.isEmpty
          ? "nothing of it runs: the list is empty"
          : "nothing of it runs (\(kinds.joined(separator: ", "))): give pods, or what makes them")
    case .docker: return WorkloadFault("no container: give docker inspect CONTAINER")
    case .compose: return WorkloadFault("no service in it")
    case .lambda: return WorkloadFault("no function in it")
    case .ecs: return WorkloadFault("no container in it")
    case .process, .dotenv, .environ, .systemctl: return WorkloadFault("nothing in it")
    }
  }
}

extension SourceKind {
  /// The kind that an object is of, by what only that kind has.
  package init?(of node: JSONNode) {
    guard node.kind == .object else { return nil }
    if node["FunctionName"] != nil || node["Functions"]?.kind == .array
      || node["Configuration"]?["FunctionName"] != nil
    {
      self = .lambda
    } else if node["containerDefinitions"]?.kind == .array
      || node["taskDefinition"]?.kind == .object
      || node["tasks"]?.elements.first?["taskArn"] != nil
    {
      self = .ecs
    } else if node["services"]?.kind == .object {
      self = .compose
    } else if node["apiVersion"] != nil && node["kind"] != nil || node["items"]?.kind == .array
      || node["spec"]?["containers"] != nil
    {
      self = .kubectl
    } else if DockerInspection.isContainer(node) {
      self = .docker
    } else if node["name"] != nil, node["image"] != nil {
      self = .ecs
    } else {
      return nil
    }
  }
}

// Text: variables of a process, a .env file, a unit; or what was meant to be JSON.
extension WorkloadReader {
  private static func text(_ bytes: [UInt8], _ origin: WorkloadOrigin) throws(WorkloadFault) -> (
    kind: SourceKind, workloads: [Workload]
  ) {
    guard !bytes.allSatisfy(isBlank) else { throw WorkloadFault("it is empty") }
    if bytes.contains(0) {
      guard isEnviron(bytes) else { throw WorkloadFault("binary, and no /proc/N/environ") }
      return (.environ, [environ(bytes, origin)])
    }
    let lines = lines(bytes)
    if let first = lines.first(where: { !$0.allSatisfy(isBlank) }) {
      if first.first == UInt8(ascii: "<") { throw WorkloadFault("XML or HTML; \(wanted)") }
      if first.elementsEqual("[Unit]".utf8) || first.elementsEqual("[Service]".utf8) {
        throw WorkloadFault("a unit file; give what systemd made of it: systemctl show UNIT")
      }
    }
    if let command = yaml(lines) { throw WorkloadFault("YAML, and JSON is read: \(command)") }
    if SystemdUnit.isOutput(lines) {
      return (.systemctl, [SystemdUnit.workload(lines, origin: origin)])
    }
    do throws(WorkloadFault) {
      if let line = try DotenvText(bytes).message {
        throw WorkloadFault("line \(line) is no NAME=value")
      }
      return (.dotenv, [try dotenv(bytes, origin)])
    } catch {
      throw WorkloadFault("\(error.message); as a .env file, and nothing else fits; \(wanted)")
    }
  }

  private static let wanted =
    "--from reads .env files, /proc/N/environ, systemctl show, and JSON of docker, kubectl and aws"

  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    return start.split(separator: 0x0A).map { $0.last == 0x0D ? $0.dropLast() : $0 }
  }

  /// What to type in place of a YAML text; nil where it is none.
  private static func yaml(_ lines: [ArraySlice<UInt8>]) -> String? {
    let starts = lines.prefix(200).filter { $0.first.map { !isBlank($0) } ?? false }
    func begins(_ text: String) -> Bool { starts.contains { $0.starts(with: text.utf8) } }
    if begins("apiVersion:") || begins("kind:") {
      return "kubectl get -o json (of a file: kubectl create --dry-run=client -o json -f FILE)"
    }
    if begins("services:") {
      return "docker compose config --format json"
        + " (compose 2.25.0 writes YAML all the same: another version)"
    }
    // A name with nothing behind its colon, and something under it.
    let isNested = zip(lines, lines.dropFirst()).contains { line, next in
      line.last == UInt8(ascii: ":") && line.first.map { !isBlank($0) } == true
        && (next.starts(with: "  ".utf8) || next.starts(with: "- ".utf8))
    }
    return isNested || lines.first?.elementsEqual("---".utf8) == true
      ? "kubectl get -o json, docker compose config --format json, aws … --output json" : nil
  }

  private static func notJSON(_ bytes: [UInt8], _ kind: SourceKind) -> WorkloadFault {
    if let command = yaml(lines(bytes)) {
      return WorkloadFault("YAML, and JSON is read: \(command)")
    }
    return WorkloadFault("no JSON, as \(kind.words) writes it")
  }

  private static func dotenv(_ bytes: [UInt8], _ origin: WorkloadOrigin) throws(WorkloadFault)
    -> Workload
  {
    if bytes.contains(0) { throw WorkloadFault("binary, and no .env file") }
    let text = try DotenvText(bytes)
    var facts = WorkloadFacts(.dotenv, kind: "file", name: origin.name)
    facts.isElsewhere = false
    if !text.ambiguous.isEmpty {
      facts.ambiguous = Dictionary(text.ambiguous, uniquingKeysWith: { first, _ in first })
    }
    var variables = WorkloadVariables(origin: origin)
    for (name, value) in text.assignments { variables.set(name, value) }
    return variables.workload(facts)
  }

  private static func systemctl(_ bytes: [UInt8], _ origin: WorkloadOrigin) throws(WorkloadFault)
    -> Workload
  {
    let lines = lines(bytes)
    guard SystemdUnit.isOutput(lines) else {
      throw WorkloadFault("no output of systemctl show: no line Environment= or EnvironmentFiles=")
    }
    return SystemdUnit.workload(lines, origin: origin)
  }

  /// More variables than the kernel gives to any process.
  private static let entryLimit = 200_000

  /// `NAME=value` and a NUL, again and again; getenv(3) answers with the first of equal names.
  package static func environ(_ bytes: [UInt8], _ origin: WorkloadOrigin) -> Workload {
    var facts = WorkloadFacts(.environ, kind: "process", name: origin.name)
    facts.isElsewhere = false
    let (environment, credentials) = Environment.reading(
      bytes.split(separator: 0, maxSplits: entryLimit).prefix(entryLimit).map(Array.init),
      origin: origin.name, for: origin.project)
    return Workload(facts, environment, credentials)
  }

  private static func isEnviron(_ bytes: [UInt8]) -> Bool {
    let entries = bytes.split(separator: 0)
    let named = entries.filter { entry in
      guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { return false }
      return entry[..<equals].allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
    return !entries.isEmpty && named.count * 2 > entries.count
  }
}
