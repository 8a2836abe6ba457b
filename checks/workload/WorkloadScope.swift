import Configuration
import Diagnosis
import Probes
import Wire

/// What the checks of a workload share: whose it is, where its tracer sends, and who is beside it.
extension Settings {
  /// The application that a source describes; nil for this process, an image and an Agent itself.
  func application(_ sources: SourceKind...) -> WorkloadFacts? {
    guard let workload = host.workload, sources.contains(workload.source),
      workload.role != .agent, workload.kind != "image"
    else { return nil }
    return workload
  }

  /// Why nothing of a workload's place is judged; nil where something is.
  var noTracer: String? {
    if !setup.usesAgent { return "no Agent in this setup" }
    return isForDatadog ? nil : "nothing in it is configured for Datadog"
  }

  /// Whether a variable or an injected library says that a tracer is meant.
  private var isForDatadog: Bool {
    host.workload?.isInjected == true
      || environment.variables.contains { variable in
        ["DD_", "_DD_", "DATADOG_"].contains { variable.name.hasPrefix($0) }
      }
  }

  /// The variable that leads to the Agent and has its value elsewhere.
  var keptAddress: Variable? {
    [
      "DD_TRACE_AGENT_URL", "DD_TRACE_URL", "DD_AGENT_HOST", "DD_TRACE_AGENT_HOSTNAME",
    ].compactMap { environment[$0] }.first { $0.kept != nil }
  }

  /// Whether nothing names the Agent, so that the tracer's default holds.
  var isDefaultAddress: Bool { agent.origin.first?.name.hasPrefix("DD_") != true }

  /// The variable that decides the Agent's host.
  var hostVariable: Variable? { agent.origin.first.flatMap { environment[$0.name] } }

  /// The Agents at hand that take traces: of a pod's several containers, that one.
  var traceAgents: [AgentWorkload] {
    let agents = host.agents ?? []
    let traces = agents.filter { $0.facts.container == "trace-agent" }
    return agents.filter { agent in
      agent.facts.container == "trace-agent"
        || !traces.contains { $0.facts.name == agent.facts.name }
    }
  }

  /// The Agent that the tracer's address names, by a link too; nil where none at hand is called so.
  var calledAgent: AgentWorkload? {
    guard case .tcp(let address, _) = agent.endpoint else { return nil }
    let name = host.workload?.links?[address] ?? address
    return traceAgents.first { $0.isCalled(name) }
  }

  /// The sockets that the application's telemetry goes to.
  var socketPaths: [String] {
    guard case .unix(let traces) = agent.endpoint else { return [] }
    guard case .unix(let metrics) = dogStatsD.target, metrics != traces,
      environment.has("DD_DOGSTATSD_URL")
    else { return [traces] }
    return [traces, metrics]
  }
}

/// `localhost` in its forms.
func isLoopback(_ host: String) -> Bool {
  ["localhost", "::1", "0:0:0:0:0:0:0:1", "localhost.localdomain"].contains(host.lowercased())
    || host.hasPrefix("127.")
}

/// An IPv4 or IPv6 address, and no name.
func isAddress(_ host: String) -> Bool {
  host.contains(":") || !host.isEmpty && host.utf8.allSatisfy { "0123456789.".utf8.contains($0) }
}

extension WorkloadFacts {
  var hasSidecarAgent: Bool { neighbours.contains { $0.role == .agent } }

  /// Another container of the pod or task that may listen where the tracer sends.
  func mayListen(at port: Int) -> WorkloadNeighbour? {
    neighbours.first { $0.ports.contains(port) }
  }

  /// A neighbour that is not known to be something else.
  var unknownNeighbour: WorkloadNeighbour? {
    neighbours.first { neighbour in
      neighbour.role == .application
        && ![
          "istio-proxy", "linkerd-proxy", "vault-agent", "cloud-sql-proxy", "fluent-bit",
          "envoy", "log-router", "log_router", "xray-daemon",
        ].contains(neighbour.name)
    }
  }
}

extension AgentWorkload {
  /// Whether a container of Docker's finds it by a name.
  func isCalled(_ name: String) -> Bool {
    facts.names.contains(name) || facts.networks.contains { $0.aliases.contains(name) }
      || facts.names.contains { $0.utf8.count > 12 && name.utf8.count >= 12 && $0.hasPrefix(name) }
  }

  /// The port on which it takes traces; nil where a file that is not read may say.
  var tracePort: Int? {
    if let variable = environment["DD_APM_RECEIVER_PORT"], !variable.isEmpty {
      return variable.text.flatMap { Int($0) }
    }
    return facts.unread.isEmpty && !isConfiguredByFile ? 8126 : nil
  }

  /// The path of the socket on which it takes traces.
  var traceSocket: String {
    environment.value("DD_APM_RECEIVER_SOCKET") ?? AgentAddress.defaultSocket
  }

  /// What keeps it from being reached from outside of its own container, with its value.
  var loopbackVariable: Variable? {
    if let variable = environment["DD_APM_NON_LOCAL_TRAFFIC"], let text = variable.text,
      ["false", "0", "no", "off", "f"].contains(text.lowercased())
    {
      return variable
    }
    guard let variable = environment["DD_BIND_HOST"], let text = variable.text, isLoopback(text),
      environment.value("DD_APM_NON_LOCAL_TRAFFIC") == nil
    else { return nil }
    return variable
  }
}

extension Evidence {
  /// Where the tracer sends, and why there.
  static func address(_ settings: Settings, expected: String) -> Evidence {
    Evidence(
      "address", measured: "\(settings.agent.url), from \(settings.agent.originText)",
      expected: expected, source: settings.host.workload?.title ?? "environment")
  }

  /// An Agent's variable, as its own description sets it.
  static func agent(_ variable: Variable, _ agent: AgentWorkload, expected: String) -> Evidence {
    Evidence(
      variable.name, measured: variable.shown.isEmpty ? "''" : variable.shown, expected: expected,
      source: agent.facts.title)
  }
}
