package import Configuration
import Wire
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks at the machine: what configuration depends on and can't know by itself.
package enum HostProbe {
  /// The facts of this machine and of a project's folder.
  package static func facts(
    _ environment: Environment, folder: String = ".", tracerFiles: [TracerFile] = []
  ) -> HostFacts {
    HostFacts(
      platform: Platform(
        environment, markers: ["/.dockerenv", "/run/.containerenv"].filter(Files.exist)),
      sockets: [AgentAddress.defaultSocket, DogStatsDAddress.defaultSocket].filter(Files.exist),
      projectFiles: projectFiles(folder),
      dotenvNames: dotenvNames(Files.text("\(folder)/.env", limit: 256 * 1024) ?? ""),
      application: ApplicationFolder(folder, name: serviceName(Files.resolved(folder))),
      lambda: LambdaProbe.facts(environment), tracerFiles: tracerFiles, shell: shell,
      containerID: containerID)
  }

  /// All that is configured for this process: its variables, the tracers' files, and their secrets.
  ///
  /// - Parameters:
  ///   - known: the paths of the files, the stronger first.
  ///   - project: what its own file says.
  /// - Returns: what stands in each, its secrets apart.
  package static func configuration(
    tracerFiles known: [(path: String, rank: TracerFile.Rank)] = TracerFile.known,
    project: Project? = nil
  ) -> ProcessConfiguration {
    let (environment, credentials) = Environment.reading(processEnvironment(), for: project)
    let files = tracerFiles(known)
    var host = facts(environment, tracerFiles: files.map(\.0))
    host.project = project
    return ProcessConfiguration(environment, host, credentials, files)
  }

  /// The file `.dd-doctor.json` of the working folder, or of one above it in the same repository.
  ///
  /// - Returns: nil where there is none.
  /// - Throws: `ProjectError` for one that can't be understood.
  package static func project() throws(ProjectError) -> Project? {
    var folder = Files.resolved(".")
    var shown = Project.fileName
    while true {
      let path = "\(folder)/\(Project.fileName)"
      if let bytes = Files.bytes(path, limit: Project.sizeLimit + 1) {
        return try Project.reading(
          bytes, path: shown, today: String(WallClock.timestamp().prefix(10)))
      }
      guard isInRepository(folder), !Files.exist("\(folder)/.git"), folder != "/" else {
        return nil
      }
      folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
      shown = "../\(shown)"
    }
  }

  private static func isInRepository(_ folder: String) -> Bool {
    var folder = folder
    while !folder.isEmpty {
      if Files.exist("\(folder)/.git") { return true }
      folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
    }
    return false
  }

  /// What is configured for a workload of this machine, or of another one.
  ///
  /// - Parameters:
  ///   - workload: its description.
  ///   - folder: the project's, where it is known.
  ///   - agents: those whose configuration is at hand beside it.
  /// - Returns: its variables and its place, its secrets apart.
  package static func configuration(
    of workload: Workload, folder: String? = nil, agents: [Workload] = []
  ) -> ProcessConfiguration {
    if workload.facts.source.isElsewhere {
      return ProcessConfiguration(
        workload.environment, workload.host(agents: agents), workload.credentials, [])
    }
    let root = workload.facts.processID.map { "/proc/\($0)/root" } ?? ""
    let files = tracerFiles(TracerFile.known, root: root)
    var host = facts(
      workload.environment, folder: folder ?? "/nonexistent", tracerFiles: files.map(\.0))
    host.sockets = [AgentAddress.defaultSocket, DogStatsDAddress.defaultSocket].filter {
      Files.exist(root + $0)
    }
    if folder == nil { host.application = nil }
    // What stands in the file that is read is no second place.
    if workload.facts.source == .dotenv { host.dotenvNames = [] }
    return ProcessConfiguration(
      workload.environment, workload.describing(host, agents: agents), workload.credentials, files)
  }

  private static func tracerFiles(
    _ known: [(path: String, rank: TracerFile.Rank)], root: String = ""
  ) -> [(TracerFile, Credentials)] {
    known.compactMap { file in
      // A file that this user may not read, the user's tracer does not read either.
      guard let bytes = Files.bytes(root + file.path, limit: TracerFile.sizeLimit + 1) else {
        return nil
      }
      return TracerFile.reading(bytes, path: file.path, rank: file.rank)
    }
  }

  private static func projectFiles(_ folder: String) -> [ProjectFile] {
    let known = ProjectFile.known.compactMap { file -> ProjectFile? in
      guard let text = Files.text("\(folder)/\(file.name)", limit: 256 * 1024) else { return nil }
      return ProjectFile(
        name: file.name, mentions: file.packages.filter { mentions(text, $0) })
    }
    return known.isEmpty ? code(folder) : known
  }

  /// The code at the top of the folder that takes OpenAI's library in.
  private static func code(_ folder: String) -> [ProjectFile] {
    Files.names(in: folder, limit: 400).filter { name in
      ProjectFile.sources.contains { name.hasSuffix($0.ending) }
    }.prefix(20).compactMap { name in
      guard let text = Files.text("\(folder)/\(name)", limit: 64 * 1024) else { return nil }
      let lines = text.split(whereSeparator: \.isNewline).filter { line in
        ["import ", "require", "use "].contains { line.utf8.count < 400 && line.contains($0) }
      }.joined(separator: "\n")
      if mentions(lines, "openai") { return ProjectFile(name: name, mentions: ["openai"]) }
      let isPHP = name.hasSuffix(".php") && (text.contains("OpenAI::") || text.contains("OpenAI\\"))
      return isPHP ? ProjectFile(name: name, mentions: ["openai-php/client"]) : nil
    }
  }

  /// The folder's name in the letters that a service's name keeps; nil where none are left.
  ///
  /// Bytes: the ways of `String` cost a run's start more than all else that is read here.
  private static func serviceName(_ path: String) -> String? {
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
    var kept: [UInt8] = []
    for byte in path.utf8[(folder ?? path.startIndex)...].prefix(60) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        kept.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): kept.append(byte | 0x20)
      default: if let last = kept.last, last != UInt8(ascii: "-") { kept.append(UInt8(ascii: "-")) }
      }
    }
    if kept.last == UInt8(ascii: "-") { kept.removeLast() }
    let name = String(decoding: kept, as: UTF8.self)
    guard let first = kept.first, first > UInt8(ascii: "9"), Redaction.redacted(name) == name
    else { return nil }
    return name
  }

  /// The shell that started this process, else the user's own.
  private static var shell: Shell? {
    let parent = Files.text("/proc/\(getppid())/comm", limit: 64) ?? ""
    let name = parent.prefix { !$0.isNewline }
    if Shell(rawValue: String(name)) != nil { return Shell(rawValue: String(name)) }
    guard !["sh", "bash", "zsh", "dash", "ksh", "ash"].contains(name),
      let own = getenv("SHELL").map({ String(cString: $0) })
    else { return nil }
    return own.split(separator: "/").last.flatMap { Shell(rawValue: String($0)) }
  }

  /// The first twelve digits of the container's id, from the files that its runtime mounts.
  private static var containerID: String? {
    let mark = Array("containers/".utf8)
    let mounts = Files.bytes("/proc/self/mountinfo", limit: 256 * 1024) ?? []
    for place in mounts.indices where mounts[place] == mark[0] {
      guard mounts[place...].starts(with: mark) else { continue }
      let id = mounts[(place + mark.count)...].prefix { isHexDigit($0) }
      if id.count == 64 { return String(decoding: id.prefix(12), as: UTF8.self) }
    }
    return nil
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte | 0x20)
  }

  private static func dotenvNames(_ text: String) -> [String] {
    let names = text.split(whereSeparator: \.isNewline).compactMap { line -> String? in
      var line = line.drop(while: \.isWhitespace)
      if line.hasPrefix("export ") { line = line.dropFirst(7) }
      guard line.hasPrefix("DD_"), let equals = line.firstIndex(of: "=") else { return nil }
      let name = line[..<equals]
      return name.utf8.allSatisfy { $0 < 0x80 && ($0 == 95 || $0 > 47) } ? String(name) : nil
    }
    return Set(names).sorted()
  }

  /// The variables of this process, as bytes: a repaired key would be sent wrong.
  package static func processEnvironment() -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var next = environ
    while let entry = next.pointee {
      entries.append(Array(UnsafeRawBufferPointer(start: entry, count: strlen(entry))))
      next += 1
    }
    return entries
  }

  /// Whether a package's name stands in the text as a word of its own, and in no comment.
  private static func mentions(_ text: String, _ package: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { line in
      let line = line.drop(while: \.isWhitespace)
      guard !line.hasPrefix("#"), !line.hasPrefix("//") else { return false }
      var rest = line
      while let found = rest.firstRange(of: package) {
        let before = rest[..<found.lowerBound].last
        let after = rest[found.upperBound...].first
        if !isPartOfName(before), !isPartOfName(after) { return true }
        rest = rest[found.upperBound...]
      }
      return false
    }
  }

  private static func isPartOfName(_ character: Character?) -> Bool {
    guard let character else { return false }
    return character.isLetter || character.isNumber || "-_/@.".contains(character)
  }
}

/// What is configured for a process, with the secrets that stand in it apart.
package struct ProcessConfiguration: Sendable {
  /// The process's own variables; `Settings` lays the files over and under them.
  package let environment: Environment
  package var host: HostFacts
  fileprivate let credentials: Credentials
  /// By the file's path.
  fileprivate let fileCredentials: [String: Credentials]

  fileprivate init(
    _ environment: Environment, _ host: HostFacts, _ credentials: Credentials,
    _ files: [(TracerFile, Credentials)]
  ) {
    self.environment = environment
    self.host = host
    self.credentials = credentials
    fileCredentials = Dictionary(
      files.map { ($0.0.path, $0.1) }, uniquingKeysWith: { first, _ in first })
  }

  /// The settings that follow, with the secrets of the variables that win in them.
  package func settings(
    setup: Setup? = nil, language: Language? = nil
  ) -> (settings: Settings, credentials: Credentials) {
    let settings = Settings(environment, host, setup: setup, language: language)
    return (settings, credentials.layered(settings.environment, fileCredentials))
  }
}
