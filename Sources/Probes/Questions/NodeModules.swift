package import Configuration
import FoundationEssentials
import Wire

/// The packages that Node would find from the project's folder, read from their own files.
package struct NodeModules: Question {
  package struct Package: Codable, Equatable, Sendable {
    /// Nil where its file can't be read as a package's.
    package var version: String?
    /// Its `engines.node`, as `>=22`.
    package var engine: String?

    package init(version: String?, engine: String? = nil) {
      self.version = version
      self.engine = engine
    }
  }

  package struct Answer: Codable, Equatable, Sendable {
    package var packages: [String: Package]
    /// The names under `dependencies`, and not those for development; nil without a package.json.
    package var declared: [String]?
    /// `"type": "module"` in package.json.
    package var isESM: Bool
    package var hasModulesFolder: Bool
    /// Yarn's Plug'n'Play keeps packages where nobody else finds them.
    package var isPlugAndPlay: Bool

    package init(
      packages: [String: Package] = [:], declared: [String]? = nil, isESM: Bool = false,
      hasModulesFolder: Bool = false, isPlugAndPlay: Bool = false
    ) {
      self.packages = packages
      self.declared = declared
      self.isESM = isESM
      self.hasModulesFolder = hasModulesFolder
      self.isPlugAndPlay = isPlugAndPlay
    }
  }

  private struct Manifest: Decodable {
    let version: String?
    let type: String?
    let dependencies: [String: String]?
    let engines: [String: String]?
  }

  private let folder: String

  package init(in folder: ApplicationFolder) {
    self.folder = folder.path
  }

  package var key: String { "runtime.node.modules" }

  package func ask(_ world: World) async -> Answer {
    let folders = Self.ancestors(Files.resolved(folder))
    var answer = Answer(
      hasModulesFolder: folders.contains { Files.exist("\($0)/node_modules") },
      isPlugAndPlay: folders.contains { Files.exist("\($0)/.pnp.cjs") })
    if Files.exist("\(folder)/package.json") {
      let manifest = Self.manifest("\(folder)/package.json")
      answer.declared = (manifest?.dependencies ?? [:]).keys.sorted()
      answer.isESM = manifest?.type == "module"
    }
    for name in Self.names {
      let paths = folders.map { "\($0)/node_modules/\(name)/package.json" }
      guard let path = paths.first(where: Files.exist) else { continue }
      let manifest = Self.manifest(path)
      answer.packages[name] = Package(
        version: manifest?.version.map { printable($0, limit: 40) },
        engine: manifest?.engines?["node"].map { printable($0, limit: 40) })
    }
    return answer
  }

  package static let names = [
    "dd-trace", "openai", "next", "newrelic", "elastic-apm-node",
    "@opentelemetry/auto-instrumentations-node",
  ]

  private static func manifest(_ path: String) -> Manifest? {
    guard let bytes = Files.bytes(path, limit: 512 * 1024) else { return nil }
    // JSONDecoder dies of exactly 513 brackets with nothing behind them.
    return try? JSONDecoder().decode(Manifest.self, from: Data(bytes + [UInt8(ascii: "\n")]))
  }

  /// A folder and those above it, nearest first.
  private static func ancestors(_ path: String) -> [String] {
    var folders = [path == "/" ? "" : path]
    while let last = folders.last, let slash = last.lastIndex(of: "/") {
      folders.append(String(last[..<slash]))
    }
    return folders
  }
}

/// The version of the Node that PATH leads to.
package struct NodeVersion: Question {
  package struct Answer: Codable, Equatable, Sendable {
    /// Nil where no `node` is on PATH.
    package var program: ProgramAnswer?

    package init(program: ProgramAnswer?) {
      self.program = program
    }

    /// `20.20.2`; nil where Node did not answer so.
    package var version: String? {
      guard let program, program.isSuccess, program.output.hasPrefix("v") else { return nil }
      let line = program.output.dropFirst().prefix { !$0.isWhitespace }
      return PackageVersion(String(line)) == nil ? nil : String(line)
    }
  }

  /// The program of a process that runs; nil for what PATH leads to.
  private let program: String?

  package init(program: String? = nil) {
    let name = program?.split(separator: "/").last ?? ""
    self.program = ["node", "nodejs"].contains(name) ? program : nil
  }

  package var key: String { "runtime.node.version" }

  package func ask(_ world: World) async -> Answer {
    let environment = ChildEnvironment(
      HostProbe.processEnvironment(), without: world.credentials)
    guard let path = program ?? environment.path(of: "node") else { return Answer(program: nil) }
    let deadline = world.deadline
    var said = await onThread {
      ChildProcess.run(path, ["--version"], environment, until: deadline)
    }
    said.output = printable(String(said.output.prefix { !$0.isNewline }), limit: 200)
    said.errors = printable(said.errors, limit: 200)
    return Answer(program: said)
  }
}
