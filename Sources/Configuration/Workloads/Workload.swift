/// A program somewhere, as a file describes it: its variables, and what the checks need of its place.
package struct Workload: Sendable {
  package var facts: WorkloadFacts
  package var environment: Environment
  package var credentials: Credentials
  /// Of a Lambda function alone.
  package var lambda: LambdaFacts?

  package init(
    _ facts: WorkloadFacts, _ environment: Environment = Environment(),
    _ credentials: Credentials = Credentials(), lambda: LambdaFacts? = nil
  ) {
    self.facts = facts
    self.environment = environment
    self.credentials = credentials
    self.lambda = lambda
  }

  /// Whether anything in it is meant for Datadog, OpenAI or OpenTelemetry.
  package var isConfigured: Bool {
    !facts.lambdaLayers(lambda).isEmpty || facts.isInjected
      || environment.variables.contains { variable in
        ["DD_", "_DD_", "DATADOG_", "OPENAI_", "AZURE_OPENAI_", "OTEL_"].contains {
          variable.name.hasPrefix($0)
        }
      }
  }
}

/// What is known of a workload beside its variables: recorded, so that a saved report judges it again.
package struct WorkloadFacts: Codable, Equatable, Sendable {
  /// What part it plays.
  package enum Role: String, Codable, Sendable {
    case application
    /// A Datadog Agent, or what takes its place.
    case agent
    /// Another part of Datadog's: the Cluster Agent, the Operator, what injects a library.
    case component
    /// It runs before the others and ends.
    case initialization
  }

  package var source: SourceKind
  /// As its own world calls it: `Deployment`, `container`, `service`, `task definition`, `function`.
  package var kind: String
  package var namespace: String?
  package var name: String
  /// Its container, where there can be several.
  package var container: String?
  package var role = Role.application
  package var image: String?
  /// The command that starts it, redacted; nil where the image decides.
  package var command: String?
  /// What its variables are read from and where they are not shown: `secret app-keys`.
  package var unread: [String] = []
  /// Variables that are declared and get no value, as compose's `null`.
  package var unset: [String] = []
  /// `host`, `bridge`, `none`, `awsvpc`, `container:NAME`, `service:NAME`; nil where it is not said.
  package var networkMode: String?
  package var networks: [WorkloadNetwork] = []
  /// The names by which others of its network reach it, its own first.
  package var names: [String] = []
  package var ports: [WorkloadPort] = []
  /// The other containers of its pod or task.
  package var neighbours: [WorkloadNeighbour] = []
  /// All names of its compose project; nil where others may be on its networks, too.
  package var peers: [String]?
  /// Names that its hosts file adds, as `host.docker.internal`.
  package var extraHosts: [String] = []
  /// The containers that links lead to, by the names that they have here.
  package var links: [String: String]?
  package var mounts: [WorkloadMount] = []
  package var isFargate = false
  /// The role that lets ECS fetch secrets is named.
  package var hasExecutionRole: Bool?
  /// The application's language, by its image, its command, or a library that is injected.
  package var language: Language?
  /// Whether an admission controller puts a library in: by annotation, or by its init container.
  package var isInjected = false
  /// `admission.datadoghq.com/enabled`, where the pod has it.
  package var admission: String?
  /// The same label on the workload and not on its pods, where nobody reads it.
  package var misplacedAdmission: String?
  /// What the admission controller wrote when it failed.
  package var injectionError: String?
  /// A pod that exists: what an admission controller adds is in it already.
  package var isAdmitted = false
  /// The process, of `pid:N`.
  package var processID: Int?
  /// The program that runs in it, where its files are ours, too.
  package var program: String?
  /// Variables of a .env file that its readers take differently, with the reason.
  package var ambiguous: [String: String]?
  /// Whether it lives on another network than we do, and is not to be probed from here.
  package var isElsewhere = true

  package init(_ source: SourceKind, kind: String, namespace: String? = nil, name: String) {
    self.source = source
    self.kind = kind
    self.namespace = namespace
    self.name = name
  }

  /// Its place in words: `Deployment shop/web, container app`.
  package var title: String {
    let place = "\(kind) \(namespace.map { "\($0)/" } ?? "")\(name)"
    return container.map { "\(place), container \($0)" } ?? place
  }

  /// Its place as a selector behind `#`: `shop/web/app`, the shortest forms are taken as well.
  package var path: String {
    [namespace, name, container].compactMap { $0 }.joined(separator: "/")
  }

  /// Whether both run in one pod, one task, one network of their own.
  package func shares(_ other: WorkloadFacts) -> Bool {
    source == other.source && kind == other.kind && namespace == other.namespace
      && name == other.name && container != nil && container != other.container
  }

  /// The mount that a path lies in, the nearest one.
  package func mount(of path: String) -> WorkloadMount? {
    let path = Self.plain(path)
    return mounts.filter {
      let place = Self.plain($0.path)
      return path == place || place == "/" || path.hasPrefix(place + "/")
    }.max { $0.path.utf8.count < $1.path.utf8.count }
  }

  /// `/var/run` is a link to `/run` wherever it matters.
  package static func plain(_ path: String) -> String {
    var path = path
    while path.hasSuffix("/"), path != "/" { path.removeLast() }
    return path == "/var/run" || path.hasPrefix("/var/run/") ? String(path.dropFirst(4)) : path
  }

  fileprivate func lambdaLayers(_ lambda: LambdaFacts?) -> [LambdaLayer] {
    lambda?.datadogLayers ?? []
  }
}

/// A network that a container is in, with the names that it has there.
package struct WorkloadNetwork: Codable, Equatable, Sendable {
  package var name: String
  package var aliases: [String]

  package init(_ name: String, aliases: [String] = []) {
    self.name = name
    self.aliases = aliases
  }
}

/// A port of a container, and where its host has it.
package struct WorkloadPort: Codable, Equatable, Sendable {
  package var container: Int
  /// Nil where it is not published.
  package var host: Int?
  package var address: String?
  package var isUDP: Bool

  package init(_ container: Int, host: Int? = nil, address: String? = nil, isUDP: Bool = false) {
    self.container = container
    self.host = host
    self.address = address
    self.isUDP = isUDP
  }
}

/// Another container of the same pod or task.
package struct WorkloadNeighbour: Codable, Equatable, Sendable {
  package var name: String
  package var role: WorkloadFacts.Role
  package var ports: [Int]
  package var mounts: [WorkloadMount]

  init(_ facts: WorkloadFacts) {
    name = facts.container ?? facts.name
    role = facts.role
    ports = facts.ports.map(\.container)
    mounts = facts.mounts
  }
}

extension [Workload] {
  /// The containers of one pod or task, each with the others beside it: 64 at most, Agents first.
  var neighbours: [Workload] {
    let limit = 64
    let all = map(\.facts).filter { $0.role != .initialization }
    let agents = all.count > limit ? all.filter { $0.role == .agent } : []
    let others = agents.isEmpty ? all : all.filter { $0.role != .agent }
    let kept = (agents.prefix(limit) + others).prefix(limit + 1).map { WorkloadNeighbour($0) }
    // Those that are not among them share one list.
    let shared = kept.dropLast(kept.count > limit ? 1 : 0).map { $0 }
    return map { workload in
      var workload = workload
      let name = workload.facts.container ?? workload.facts.name
      let isKept = kept.contains { $0.name == name }
      workload.facts.neighbours = isKept ? kept.filter { $0.name != name } : shared
      return workload
    }
  }
}

/// Something that is mounted into a container.
package struct WorkloadMount: Codable, Equatable, Sendable {
  package enum Kind: String, Codable, Sendable {
    /// A file or folder of the host.
    case host
    /// A volume that lives with the pod, the task or by its name.
    case volume
    /// Secrets, configuration, certificates: nothing that a socket can be in.
    case other
  }

  /// In the container.
  package var path: String
  package var kind: Kind
  /// The host's path, or the volume's name.
  package var source: String
  /// Kubernetes: what the host's path must be, as `DirectoryOrCreate`.
  package var type: String?

  package init(_ path: String, _ kind: Kind, source: String, type: String? = nil) {
    self.path = path
    self.kind = kind
    self.source = source
    self.type = type
  }
}

/// An Agent whose configuration is at hand beside the application's.
package struct AgentWorkload: Codable, Equatable, Sendable {
  package var facts: WorkloadFacts
  package var environment: Environment

  package init(_ facts: WorkloadFacts, _ environment: Environment) {
    self.facts = facts
    self.environment = environment
  }
}
