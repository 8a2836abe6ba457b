import Wire

/// A tracer's own configuration file: the fleet's outranks the environment, a local one underlies it.
///
/// Sources: ddtrace 4.16, internal/settings/_core.py; dd-trace-js, config/helper.js.
package struct TracerFile: Codable, Equatable, Sendable {
  package enum Rank: String, Codable, Sendable {
    case fleet, local
  }

  package var path: String
  package var rank: Rank
  /// What it sets for tracers, as variables whose origin is the file's path.
  package var variables: [Variable]
  /// The lines that are beyond what is read of it, from 1.
  package var unreadLines: [Int]
  /// Whether it is longer than what is read.
  package var isCut: Bool

  package init(
    path: String, rank: Rank, variables: [Variable] = [], unreadLines: [Int] = [],
    isCut: Bool = false
  ) {
    self.path = path
    self.rank = rank
    self.variables = variables
    self.unreadLines = unreadLines
    self.isCut = isCut
  }

  /// The files that the three tracers read, the stronger first.
  package static let known: [(path: String, rank: Rank)] = [
    (
      "/etc/datadog-agent/managed/datadog-agent/stable/application_monitoring.yaml", .fleet
    ),
    ("/etc/datadog-agent/application_monitoring.yaml", .local),
  ]

  package static let sizeLimit = 256 * 1024

  /// Reads a file's bytes, and parts off the secrets.
  package static func reading(_ bytes: [UInt8], path: String, rank: Rank) -> (
    file: TracerFile, credentials: Credentials
  ) {
    let text = TracerConfigurationText(Array(bytes.prefix(sizeLimit)))
    let entries = text.settings.filter { setting in
      ["DD_", "_DD_", "OTEL_", "DATADOG_"].contains { setting.name.hasPrefix($0) }
    }.map { Array("\($0.name)=".utf8) + $0.value }
    let (environment, credentials) = Environment.reading(entries, origin: path)
    let file = TracerFile(
      path: path, rank: rank, variables: environment.variables, unreadLines: text.unread,
      isCut: bytes.count > sizeLimit)
    return (file, credentials)
  }
}

extension Environment {
  /// The environment between the tracers' files: each name's winner, with the losers as `shadowed`.
  package func layered(_ files: [TracerFile]) -> Environment {
    guard files.contains(where: { !$0.variables.isEmpty }) else { return self }
    let paths = Set(files.map(\.path))
    // What a file put here before is no variable of the process.
    let own = (variables + shadowed).filter { !paths.contains($0.origin) }
    func layer(_ rank: TracerFile.Rank) -> [Variable] {
      files.filter { $0.rank == rank }.flatMap(\.variables)
    }
    var winners: [Variable] = []
    var losers: [Variable] = []
    var seen: Set<String> = []
    for variable in layer(.fleet) + own + layer(.local) {
      if seen.insert(variable.name).inserted {
        winners.append(variable)
      } else {
        losers.append(variable)
      }
    }
    return Environment(winners, shadowed: losers)
  }
}

extension Settings {
  /// The files that this tracer reads here: Node's reads none where it runs without a server.
  package var tracerFiles: [TracerFile] { Self.tracerFiles(host, language) }

  static func tracerFiles(_ host: HostFacts, _ language: Language?) -> [TracerFile] {
    guard language == .node else { return host.tracerFiles }
    return switch host.platform {
    case .lambda, .azureFunctions, .cloudRun: []
    case .host, .docker, .kubernetes, .ecsFargate, .ecs, .appService, .githubActions, .gitlabCI:
      host.tracerFiles
    }
  }

  /// The file that a variable was taken from; nil where the process has it.
  package func file(of name: String) -> TracerFile? {
    guard let origin = environment[name]?.origin else { return nil }
    return tracerFiles.first { $0.path == origin }
  }
}
