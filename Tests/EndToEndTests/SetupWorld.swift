import Foundation
import StandIn
import TestServers
import Testing

/// Everything round an application that the source document speaks of, whole or broken in one
/// place: its variables and files, its interpreter, an Agent, a site and OpenAI.
///
/// Node's tracer and PHP's can't be had here: made-up module folders and recorded outputs stand
/// for them, and small scripts for the package managers that remedies call.
struct SetupWorld: Sendable {
  var setup: String
  var language: String?
  var variables: [String: String]
  var files: [String: String]
  var agentFault: AgentFault?
  /// How the site's API and intakes show themselves, host by host where it is not well.
  var manners: [String: TLSFront.Manner] = [:]

  static let key = "c0ffee00112233445566778899aabbcc"
  static let site = "us5.datadoghq.com"
  private static let hosts = [
    "api.us5.datadoghq.com", "api.ddog-gov.com", "llmobs-intake.us5.datadoghq.com",
    "trace.browser-intake-us5-datadoghq.com",
  ]

  /// A key of this kind, well formed and known to the stand-in for OpenAI.
  static func openAIKey(_ kind: OpenAIKeyKind) -> String {
    let prefix =
      switch kind {
      case .admin, .restrictedAdmin: "sk-admin-"
      case .serviceAccount: "sk-svcacct-"
      default: "sk-proj-"
      }
    let digit = OpenAIKeyKind.allCases.firstIndex(of: kind) ?? 0
    return prefix + String(repeating: "a1B2c3", count: 10) + "T3BlbkFJ" + "x9Y8z7q\(digit)"
  }
}

// MARK: Whole

extension SetupWorld {
  /// A set-up in which all is as the source document has it.
  static func healthy(_ setup: String, _ language: String?) -> SetupWorld {
    var variables = ["DD_SITE": site, "DD_API_KEY": key]
    switch setup {
    case "openai-api":
      variables["OPENAI_ADMIN_KEY"] = openAIKey(.admin)
      return SetupWorld(setup: setup, language: language, variables: variables, files: [:])
    case "apm":
      variables = ["DD_SERVICE": "shop", "DD_ENV": "staging", "DD_VERSION": "1.2.3"]
    case "llmobs-agentless":
      variables["DD_LLMOBS_AGENTLESS_ENABLED"] = "1"
      fallthrough
    default:
      variables["DD_LLMOBS_ENABLED"] = "1"
      variables["DD_LLMOBS_ML_APP"] = "shop"
      variables["OPENAI_API_KEY"] = openAIKey(.project)
    }
    // Private authorities are the application's business, too.
    if language == "node" { variables["NODE_EXTRA_CA_CERTS"] = "/authority.pem" }
    var world = SetupWorld(
      setup: setup, language: language, variables: variables, files: project(language))
    if setup == "llmobs-lambda" { world.putIntoLambda() } else { world.loadTracer() }
    return world
  }

  private mutating func loadTracer() {
    if language == "node" { variables["NODE_OPTIONS"] = "-r dd-trace/init" }
  }

  private mutating func putIntoLambda() {
    let isPython = language == "python"
    variables["AWS_LAMBDA_FUNCTION_NAME"] = "shop"
    variables["AWS_REGION"] = "us-east-1"
    variables["AWS_EXECUTION_ENV"] = isPython ? "AWS_Lambda_python3.12" : "AWS_Lambda_nodejs22.x"
    variables["_HANDLER"] =
      isPython
      ? "datadog_lambda.handler.handler" : "node_modules/datadog-lambda-js/dist/handler.handler"
    variables["DD_LAMBDA_HANDLER"] = "app.handler"
    // The extension has its place in /opt; without it the tracer sends by itself.
    variables["DD_LLMOBS_AGENTLESS_ENABLED"] = "1"
    files = [
      "task/datadog_lambda/__init__.py": "",
      "task/node_modules/datadog-lambda-js/package.json": "{}",
    ]
  }

  private static func project(_ language: String?) -> [String: String] {
    switch language {
    case "python":
      [
        "requirements.txt": "ddtrace\nopenai\n", "Procfile": "web: ddtrace-run python app.py\n",
        ".venv/pyvenv.cfg": "home = /usr/bin\n", ".venv/bin/python": pythonScript,
        "packages/ddtrace": "4.16.0", "packages/openai": "2.8.0",
      ]
    case "node":
      [
        "package.json": #"{"dependencies":{"dd-trace":"^6","openai":"^6"}}"#,
        "node_modules/dd-trace/package.json": #"{"version":"6.12.0","engines":{"node":">=22"}}"#,
        "node_modules/openai/package.json": #"{"version":"6.1.0"}"#,
        "bin/node": "#!/bin/sh\necho v22.11.0\n", "bin/npm": npmScript,
      ]
    case "php":
      [
        "composer.json": #"{"require":{"openai-php/client":"^0.16"}}"#, "page": phpPage,
        "whole": phpPage, "bin/php": phpScript, "bin/curl": "#!/bin/sh\n",
      ]
    default: [:]
    }
  }

  /// Lists what stands in `packages`, as the doctor's own question wants it; pip adds to that.
  private static let pythonScript = #"""
    #!/bin/sh
    packages="$(dirname "$0")/../../packages"
    if [ "$1 $2 $3" = "-m pip install" ]; then
      shift 3
      for name in "$@"; do
        case "$name" in
        ddtrace) echo 4.16.0 > "$packages/ddtrace" ;;
        openai) echo 2.8.0 > "$packages/openai" ;;
        esac
      done
      exit 0
    fi
    printf 'dd-doctor\tpython\t3.12.1\t1\n'
    for file in "$packages"/*; do
      [ -s "$file" ] || continue
      name=$(basename "$file")
      printf 'dd-doctor\tpackage\t%s\t%s\t/x/%s\tok\n' "$name" "$(cat "$file")" "$name"
    done
    printf 'dd-doctor\tend\n'
    """#

  private static let npmScript = #"""
    #!/bin/sh
    [ "$1" = install ] || exit 9
    mkdir -p node_modules/dd-trace node_modules/openai
    echo '{"version":"6.12.0","engines":{"node":">=22"}}' > node_modules/dd-trace/package.json
    echo '{"version":"6.1.0"}' > node_modules/openai/package.json
    """#

  private static let phpScript = #"""
    #!/bin/sh
    cd "$(dirname "$0")/.."
    [ "$1" = datadog-setup.php ] && exec cp whole page
    cat page
    ! grep -q "not present" page
    """#

  static let phpPage = """
    ddtrace

    Datadog PHP tracer extension

    Datadog tracing support => enabled
    Version => 1.24.1

    Diagnostics
    Diagnostic checks => passed

    Directive => Local Value => Master Value

    """
}

// MARK: Changed

extension SetupWorld {
  /// One thing that is taken away, broken or put right.
  enum Change: Sendable {
    case variable(String, String?)
    case file(String, String?)
    case agent(AgentFault?)
    case host(String, TLSFront.Manner?)
    case several([Change])
  }

  func with(_ change: Change) -> SetupWorld {
    var copy = self
    switch change {
    case .variable(let name, let value): copy.variables[name] = value
    case .file(let name, let text): copy.files[name] = text
    case .agent(let fault): copy.agentFault = fault
    case .host(let name, let manner): copy.manners[name] = manner
    case .several(let changes): copy = changes.reduce(copy) { $0.with($1) }
    }
    return copy
  }
}

// MARK: Running

extension SetupWorld {
  /// A world whose servers run and whose files lie in a folder.
  final class Running: Sendable {
    private let world: SetupWorld
    private let scratch: Scratch
    private let agent: StandInAgent
    private let openAI: StandInAgent
    private let site: SiteServer
    private let arguments: [String]
    private let variables: [String: String]

    init(_ world: SetupWorld) throws {
      self.world = world
      scratch = try Scratch()
      for (name, text) in world.files { try scratch.put(name, text) }
      var options = StandInAgent.Options()
      options.fault = world.agentFault
      agent = try StandInAgent.start(options)
      var service = StandInAgent.Options()
      service.role = .openAI(
        keys: Dictionary(
          OpenAIKeyKind.allCases.map { (SetupWorld.openAIKey($0), $0) },
          uniquingKeysWith: { first, _ in first }))
      openAI = try StandInAgent.start(service)
      site = try SiteServer(keys: [SetupWorld.key])
      arguments = try Self.arguments(world, site, openAI)
      variables = Self.variables(world, scratch, agent)
    }

    deinit {
      agent.stop()
      openAI.stop()
    }

    private static func arguments(
      _ world: SetupWorld, _ site: SiteServer, _ openAI: StandInAgent
    ) throws -> [String] {
      // Only silence is waited for to its end.
      let patience = world.agentFault == .silent ? "500ms" : "10s"
      var arguments = ["check", "--setup", world.setup, "--format", "json", "--timeout", patience]
      if let language = world.language { arguments += ["--language", language] }
      let good = SetupWorld.hosts.filter { world.manners[$0] == nil }
      arguments += try site.arguments(good)
      for (host, manner) in world.manners { arguments += try site.arguments([host], manner) }
      let port = try TLSFront.shared.get().port(before: Int(openAI.port))
      return try arguments + ["--connect-to", "api.openai.com:443:127.0.0.1:\(port)"]
        + SiteServer.trusting()
    }

    private static func variables(
      _ world: SetupWorld, _ scratch: Scratch, _ agent: StandInAgent
    ) -> [String: String] {
      var variables = [
        "PATH": "\(scratch.path("bin")):/usr/bin:/bin", "HOME": scratch.folder.path,
        "LAMBDA_TASK_ROOT": scratch.path("task"),
      ]
      if world.usesAgent {
        variables["DD_TRACE_AGENT_URL"] = agent.url
        let port = agent.dogStatsDPort ?? 1
        // A port without a host is nothing to PHP.
        variables[world.language == "php" ? "DD_DOGSTATSD_URL" : "DD_DOGSTATSD_PORT"] =
          world.language == "php" ? "udp://127.0.0.1:\(port)" : "\(port)"
      }
      return variables.merging(world.variables) { $1 }
    }

    /// Checks as the world is, or after lines were typed into the same shell.
    func check(_ more: [String] = [], typing lines: String = "") throws -> Doctor.Run {
      let words = (arguments + more).map { "'\($0)'" }.joined(separator: " ")
      return try Doctor.child(
        URL(fileURLWithPath: "/bin/sh"), ["-c", "\(lines)\nexec '\(Doctor.binary.path)' \(words)"],
        variables, folder: scratch.folder)
    }
  }

  private var usesAgent: Bool { ["apm", "llmobs-agent"].contains(setup) }
}

extension Scratch {
  /// Writes a file, with the folders above it; what begins as a script can be run.
  func put(_ name: String, _ text: String) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    if text.hasPrefix("#!") { chmod(file.path, 0o755) }
  }
}
