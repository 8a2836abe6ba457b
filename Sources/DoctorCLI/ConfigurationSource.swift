import Configuration
import Diagnosis
import Probes
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a run's configuration is read from: `--from`, or this process.
struct ConfigurationSource {
  let settings: Settings
  let credentials: Credentials
  let source: Source

  init(_ options: Options) throws {
    let project = try ProjectConfiguration.project()
    guard !options.from.isEmpty else {
      (settings, credentials) = HostProbe.configuration(project: project).settings(
        setup: options.setup, language: options.language)
      source = Source(kind: "process", name: "environment")
      Output.guards(credentials)
      return
    }
    let sources = try options.from.map { try WorkloadFile.read($0, for: project) }
    let choice: WorkloadChoice
    do {
      choice = try WorkloadChoice(Self.applied(sources).map { ($0.workloads, $0.selector) })
    } catch {
      throw UsageError("--from \(sources.map(\.shown).joined(separator: ", ")): \(error.message)")
    }
    var workload = choice.workload
    if options.probesHere { workload.facts.isElsewhere = false }
    let folder = sources.first { $0.holds(workload) }?.folder
    var configuration = HostProbe.configuration(
      of: workload, folder: folder, agents: choice.agents)
    configuration.host.project = project
    configuration.host.dotenvNames += Self.dotenvNames(sources, beside: workload)
    var found = configuration.settings(setup: options.setup, language: options.language)
    if workload.facts.source == .process, folder == nil, found.settings.usesSocket,
      !options.probesHere
    {
      // The path means another file where the process's own files are others.
      configuration.host.workload?.isElsewhere = true
      found = configuration.settings(setup: options.setup, language: options.language)
    }
    (settings, credentials) = found
    Output.guards(credentials)
    let files = sources.map(\.shown).joined(separator: ", ")
    source = Source(
      kind: workload.facts.source.rawValue,
      name: workload.facts.name == files ? files : "\(files): \(workload.facts.title)")
  }

  /// A .env file beside another source is that one's file, and no application of its own.
  private static func applied(_ sources: [WorkloadFile]) -> [WorkloadFile] {
    let others = sources.filter { $0.kind != .dotenv }
    return others.contains { $0.workloads.contains { $0.facts.role == .application } }
      ? others : sources
  }

  private static func dotenvNames(_ sources: [WorkloadFile], beside workload: Workload) -> [String]
  {
    guard workload.facts.source != .dotenv else { return [] }
    return Set(
      sources.filter { $0.kind == .dotenv }.flatMap(\.workloads)
        .flatMap { $0.environment.variables.map(\.name) }.filter { $0.hasPrefix("DD_") }
    ).sorted()
  }
}

extension Settings {
  fileprivate var usesSocket: Bool {
    if case .unix = agent.endpoint { true } else { false }
  }
}

/// One `--from`, read: `pid:N`, `FILE`, `KIND:FILE` or `-`, with `#NAME` behind it.
struct WorkloadFile {
  let kind: SourceKind
  let workloads: [Workload]
  /// The name behind `#`.
  let selector: String?
  /// The source as it is shown: a path, or `standard input`.
  let shown: String
  /// The project's folder, where it is known.
  let folder: String?

  static func read(_ text: String, for project: Project?) throws -> WorkloadFile {
    if text.hasPrefix("pid:") { return try process(String(text.dropFirst(4)), project) }
    let (forced, rest) = kind(of: text)
    let (path, selector) = selector(of: rest)
    let shown = InputFile.shown(path)
    let bytes: [UInt8]
    do {
      bytes = try InputFile.bytes(path)
    } catch {
      throw InputError(error.status, "--from \(error.message)\(hint(text))")
    }
    let found: (kind: SourceKind, workloads: [Workload])
    do {
      found = try WorkloadReader.read(bytes, as: forced, origin: shown, for: project)
    } catch {
      throw InputError(ExitStatus.badInput, "--from \(shown): \(error.message)")
    }
    // A project lies where its .env file is.
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    return WorkloadFile(
      kind: found.kind, workloads: found.workloads, selector: selector, shown: shown,
      folder: found.kind == .dotenv ? (parent.isEmpty ? "/" : parent) : nil)
  }

  private static func process(_ text: String, _ project: Project?) throws -> WorkloadFile {
    guard let id = Int(text), id > 0 else {
      throw UsageError("--from pid:\(UsageError.shown(text)) names no process, as pid:1234")
    }
    do {
      let (workload, folder) = try ProcessProbe.workload(id, for: project)
      return WorkloadFile(
        kind: .process, workloads: [workload], selector: nil, shown: "pid:\(id)", folder: folder)
    } catch {
      let reason =
        switch error {
        case .unreadable(let reason): "\(reason)\(reason.hasPrefix("No such") ? "" : asUser)"
        case .empty: "it has no variables: a kernel's thread, or one that has ended"
        }
      throw InputError(ExitStatus.noInput, "--from pid:\(id): \(reason)")
    }
  }

  private static let asUser = "; run dd-doctor as that process's user, or as root"

  /// Whether a workload was read here.
  func holds(_ workload: Workload) -> Bool {
    workloads.contains {
      $0.facts.source == workload.facts.source && $0.facts.path == workload.facts.path
    }
  }

  /// The kind that is said before a file, and the file.
  static func kind(of text: String) -> (SourceKind?, String) {
    guard let colon = text.firstIndex(of: ":"),
      let kind = SourceKind(named: String(text[..<colon])),
      text.index(after: colon) < text.endIndex
    else { return (nil, text) }
    return (kind, String(text[text.index(after: colon)...]))
  }

  /// What stands behind `#`; a file of that very name comes first.
  private static func selector(of text: String) -> (String, String?) {
    guard let sign = text.firstIndex(of: "#"), access(text, F_OK) != 0 else { return (text, nil) }
    let name = String(text[text.index(after: sign)...])
    return (String(text[..<sign]), name.isEmpty ? nil : name)
  }

  /// The kind that a prefix was probably meant for.
  private static func hint(_ text: String) -> String {
    guard let colon = text.firstIndex(of: ":"), SourceKind(named: String(text[..<colon])) == nil
    else { return "" }
    let near = Spelling.nearest(to: String(text[..<colon]), among: SourceKind.names + ["pid"])
    return near.map { "; did you mean \($0):\(printableRest(text, colon))?" } ?? ""
  }

  private static func printableRest(_ text: String, _ colon: String.Index) -> String {
    printable(Redaction.redacted(String(text[text.index(after: colon)...])), limit: 100)
  }
}
