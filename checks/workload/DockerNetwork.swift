import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether a container reaches the Agent's over Docker's networks.
package struct DockerNetwork: Check {
  package let about = About(
    id: "docker.network",
    title: "Containers share a way to the Agent",
    explanation: """
      In a container localhost is the container itself. Another container is reached by its service \
      or container name on a network that both are in (the default bridge knows no names), by the \
      host's address where the Agent's ports are published, or by a socket that both mount. The \
      Agent has to listen beyond its own loopback: its image does so for traces, and needs \
      DD_DOGSTATSD_NON_LOCAL_TRAFFIC=true for metrics.
      """,
    fix: "Put both containers on one network and set DD_AGENT_HOST to the Agent's name there.",
    docs: Docs.docker,
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let agent = settings.dockerAgent { return Self.agentItself(agent) }
    guard let workload = settings.application(.docker, .compose) else {
      return .skipped("no container is at hand: --from reads docker inspect and compose config")
    }
    if let reason = settings.noTracer { return .skipped(reason) }
    if let variable = settings.keptAddress {
      return .skipped("\(variable.name) comes from \(variable.kept ?? ""), which is not read")
    }
    switch settings.agent.endpoint {
    case nil: return .skipped("the address can't be used: see agent.address")
    case .tls(let host, _): return .passed("\(host), over TLS")
    case .unix(let path):
      return .worst(
        settings.socketPaths.compactMap { WorkloadSocket.judge($0, workload, settings) },
        else: .passed("\(path), mounted from \(workload.mount(of: path)?.source ?? "the host")"))
    case .tcp(let host, let port): return Self.judge(host, port, workload, settings)
    }
  }

  private static func judge(
    _ host: String, _ port: Int, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Outcome {
    if workload.networkMode == "none" { return .failed(.noNetwork(workload, settings)) }
    if isLoopback(host) { return loopback(host, port, workload, settings) }
    if ["host.docker.internal", "gateway.docker.internal"].contains(host) {
      return workload.extraHosts.contains(host)
        ? .passed("\(host), which the container's hosts file has")
        : .warning(.noGateway(host, workload, settings))
    }
    if isAddress(host) { return .passed("\(host), whose port \(port) the Agent has to have") }
    if workload.extraHosts.contains(host) {
      return .passed("\(host), which the container's hosts file has")
    }
    return workload.networkMode == "host"
      ? namedOnHost(host, workload, settings) : named(host, port, workload, settings)
  }

  private static func loopback(
    _ host: String, _ port: Int, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Outcome {
    let mode = workload.networkMode ?? ""
    if mode == "host" { return onHost(host, port, workload, settings) }
    for prefix in ["container:", "service:"] where mode.hasPrefix(prefix) {
      let other = String(mode.dropFirst(prefix.count))
      let isAgent = settings.traceAgents.contains { $0.isCalled(other) }
      return isAgent
        ? .passed("\(host) is the Agent's: the container shares its network")
        : .skipped(
          "the container shares the network of \(other), which is not known to be an Agent")
    }
    let joins = settings.traceAgents.contains { agent in
      let mode = agent.facts.networkMode ?? ""
      return workload.names.contains { mode == "container:\($0)" || mode == "service:\($0)" }
    }
    if joins { return .passed("\(host) is the Agent's, too: it shares this container's network") }
    guard settings.isDefaultAddress else { return .failed(.localhost(host, workload, settings)) }
    if let file = workload.unread.first {
      return .skipped("nothing names the Agent here; \(file) may, and is not read")
    }
    // Of a container that runs, every variable is known; of a service, its image may set more.
    return workload.source == .docker && !settings.traceAgents.isEmpty
      ? .failed(.localhost(host, workload, settings))
      : .warning(.nothingSet(workload, settings))
  }

  /// On the host's own network: the Agent has to be there, or to publish its port.
  private static func onHost(
    _ host: String, _ port: Int, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Outcome {
    guard let agent = settings.traceAgents.first(where: { $0.facts.source == workload.source })
    else { return .passed("\(host) is the host: network_mode is host") }
    let isThere =
      agent.facts.networkMode == "host"
      || agent.facts.ports.contains { ($0.host == port) && !$0.isUDP }
    return isThere
      ? .passed("\(host) is the host, where \(agent.facts.title) has port \(port)")
      : .failed(.unpublished(port, agent, settings))
  }

  /// On the host's own network: only what the host itself finds has a name there.
  private static func namedOnHost(
    _ host: String, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Outcome {
    let agent = settings.traceAgents.first { agent in
      // An Agent on the host's network has the host's own name besides.
      agent.facts.source == workload.source
        && (agent.facts.name == host || agent.facts.networkMode != "host" && agent.isCalled(host))
    }
    return agent != nil || workload.peers?.contains(host) == true
      ? .failed(.unknownToHost(host, agent, settings))
      : .passed("\(host), as the host itself finds it")
  }

  private static func named(
    _ host: String, _ port: Int, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Outcome {
    let agents = settings.traceAgents.filter { $0.facts.source == workload.source }
    let link = workload.links?[host]
    guard let agent = agents.first(where: { $0.isCalled(link ?? host) }) else {
      if link != nil { return .passed("\(host), a link to what is not at hand here") }
      if let peers = workload.peers, !host.contains("."), !peers.contains(host) {
        return .failed(.unknownName(host, agents.first, workload, settings))
      }
      return workload.isOnDefaultBridge && !host.contains(".")
        ? .failed(.noNames(host, workload, settings))
        : .passed("\(host), whose container is not at hand here")
    }
    let shared = Set(workload.networks.map(\.name)).intersection(agent.facts.networks.map(\.name))
    if agent.facts.networkMode == "host" {
      return .failed(.agentOnHost(host, agent, settings))
    }
    if shared.isEmpty, !workload.networks.isEmpty, !agent.facts.networks.isEmpty {
      return .failed(.noSharedNetwork(host, agent, workload, settings))
    }
    if workload.source == .docker, shared == ["bridge"], link == nil {
      return .failed(.noNames(host, workload, settings))
    }
    if let variable = agent.loopbackVariable { return .failed(.loopbackOnly(variable, agent)) }
    if let own = agent.tracePort, own != port {
      return .failed(.otherPort(port, own, agent, settings))
    }
    return .passed("\(host):\(port), on network \(shared.sorted().first ?? "of its own")")
  }

  /// An Agent's own container.
  private static func agentItself(_ agent: AgentWorkload) -> Outcome {
    if agent.facts.networkMode == "host" { return .passed("the Agent is on the host's network") }
    if let variable = agent.loopbackVariable { return .failed(.loopbackOnly(variable, agent)) }
    let isOpen = agent.environment["DD_DOGSTATSD_NON_LOCAL_TRAFFIC"]
    guard let isOpen else {
      return agent.facts.unread.isEmpty && !agent.isConfiguredByFile
        ? .warning(.metricsLocal(agent)) : .passed("the Agent takes traces from other containers")
    }
    let text = isOpen.text?.lowercased() ?? "true"
    return ["true", "1", "yes", "on"].contains(text)
      ? .passed("the Agent takes traces and metrics from other containers")
      : .warning(.metricsLocal(agent))
  }
}

extension Settings {
  /// The Agent that is judged itself, where it is a container of Docker's.
  fileprivate var dockerAgent: AgentWorkload? {
    guard let workload = host.workload, workload.role == .agent,
      [.docker, .compose].contains(workload.source)
    else { return nil }
    return AgentWorkload(workload, environment)
  }
}

extension WorkloadFacts {
  /// The network on which no container knows another by name.
  fileprivate var isOnDefaultBridge: Bool {
    source == .docker
      && (networks.isEmpty ? networkMode == "bridge" : networks.map(\.name) == ["bridge"])
  }
}

extension Problem {
  private static func byName(_ settings: Settings) -> Remedy {
    let name = settings.traceAgents.first?.facts.names.first
    return Remedies.leading(
      to: name ?? "<name of the Agent's container>", settings, "the Agent's name on the network")
  }

  private static let oneNetwork = Remedy.edit(
    "put both containers on one network of their own (docker network create, or compose's default)")

  fileprivate static func localhost(
    _ host: String, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(settings.isDefaultAddress ? "nothing names the Agent, and" : "the address is \(host):")"
        + " localhost is the container itself, and no Agent runs in it",
      class: .conflict, evidence: .address(settings, expected: "the Agent's container"),
      remedies: byName(settings), oneNetwork)
  }

  fileprivate static func nothingSet(_ workload: WorkloadFacts, _ settings: Settings) -> Problem {
    Problem(
      "nothing names the Agent: the tracer sends to localhost, which is the container itself",
      class: .missing, evidence: .address(settings, expected: "the Agent's container"),
      remedies: byName(settings), oneNetwork)
  }

  fileprivate static func noNetwork(_ workload: WorkloadFacts, _ settings: Settings) -> Problem {
    Problem(
      "the container has no network (network_mode none)", class: .unroutable,
      evidence: .address(settings, expected: "a network that the Agent is in, too"),
      remedies: oneNetwork)
  }

  fileprivate static func noGateway(
    _ host: String, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(host) is a name of Docker Desktop's: on Linux nobody knows it", class: .dns,
      evidence: Evidence(
        "extra_hosts",
        measured: workload.extraHosts.isEmpty
          ? "none" : workload.extraHosts.joined(separator: ", "),
        expected: "\(host):host-gateway", source: workload.title),
      remedies: .edit(
        "add extra_hosts: [\"\(host):host-gateway\"] (--add-host \(host):host-gateway)"),
      byName(settings))
  }

  fileprivate static func noNames(
    _ host: String, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(printable(host, limit: 80)) can't be found: containers on Docker's default bridge know no"
        + " names",
      class: .dns,
      evidence: Evidence(
        "network", measured: "bridge", expected: "a network of your own", source: workload.title),
      .address(settings, expected: "a name that resolves"),
      remedies: .command(
        "docker network create apm && docker network connect apm \(shellQuoted(workload.name))"
          + " && docker network connect apm \(shellQuoted(host))"))
  }

  fileprivate static func unknownName(
    _ host: String, _ agent: AgentWorkload?, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "no service or container of the project is called \(printable(host, limit: 80))", class: .dns,
      evidence: .address(
        settings,
        expected: "one of \((workload.peers ?? []).prefix(8).joined(separator: ", "))"),
      remedies: agent.flatMap { $0.facts.names.first }.map {
        Remedies.leading(to: $0, settings, "the Agent's service")
      } ?? .edit("add a service \(host) with the image gcr.io/datadoghq/agent"))
  }

  fileprivate static func agentOnHost(
    _ host: String, _ agent: AgentWorkload, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(host) is on the host's network, where no container knows it by name", class: .dns,
      evidence: Evidence(
        "network_mode", measured: "host", expected: "a network of both", source: agent.facts.title),
      remedies: .edit("take network_mode: host out of \(agent.facts.title)"),
      .edit("or set DD_AGENT_HOST=host.docker.internal, with extra_hosts host-gateway"))
  }

  fileprivate static func unknownToHost(
    _ host: String, _ agent: AgentWorkload?, _ settings: Settings
  ) -> Problem {
    let problem = Problem(
      "\(printable(host, limit: 80)) can't be found: the application is on the host's network,"
        + " which knows no container's name",
      class: .dns,
      evidence: .address(settings, expected: "localhost, with the Agent's port published"),
      remedies: Remedies.leading(to: "localhost", settings, "the host, where the port is"))
    guard agent?.facts.networkMode != "host" else { return problem }
    return problem.adding(
      remedies: [.edit("and publish the Agent's port: -p 127.0.0.1:8126:8126/tcp")])
  }

  fileprivate static func noSharedNetwork(
    _ host: String, _ agent: AgentWorkload, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    func list(_ facts: WorkloadFacts) -> String {
      facts.networks.map(\.name).joined(separator: ", ")
    }
    let network = agent.facts.networks.first?.name ?? "<network>"
    return Problem(
      "\(workload.name) and \(host) share no network", class: .dns,
      evidence: Evidence(
        "networks", measured: list(workload), expected: list(agent.facts),
        source: "\(workload.title); \(agent.facts.title)"),
      remedies: workload.source == .docker
        ? .command("docker network connect \(shellQuoted(network)) \(shellQuoted(workload.name))")
        : .edit("add the network \(network) to the service \(workload.name)"))
  }

  fileprivate static func loopbackOnly(_ variable: Variable, _ agent: AgentWorkload) -> Problem {
    Problem(
      "the Agent listens on its own loopback alone: no other container reaches it", class: .refused,
      evidence: .agent(variable, agent, expected: "traffic from other containers"),
      remedies: .edit("set DD_APM_NON_LOCAL_TRAFFIC=true in \(agent.facts.title)"),
      .edit("and take DD_BIND_HOST out of it, where it is set"))
  }

  fileprivate static func otherPort(
    _ port: Int, _ own: Int, _ agent: AgentWorkload, _ settings: Settings
  ) -> Problem {
    Problem(
      "the Agent takes traces on port \(own), the application sends to \(port)",
      class: .refused,
      evidence: Evidence(
        "port", measured: "\(port)", expected: "\(own)", source: agent.facts.title),
      .address(settings, expected: "port \(own), whatever the host has published"),
      remedies: settings.agent.origin.first?.name.hasSuffix("_URL") == true
        ? .edit("write port \(own) into \(settings.agent.origin[0].name)")
        : .set("DD_TRACE_AGENT_PORT", to: "\(own)"))
  }

  fileprivate static func unpublished(_ port: Int, _ agent: AgentWorkload, _ settings: Settings)
    -> Problem
  {
    Problem(
      "the application sends to the host's port \(port), and the Agent does not publish it",
      class: .refused,
      evidence: Evidence(
        "ports",
        measured: agent.facts.ports.isEmpty
          ? "none"
          : agent.facts.ports.map { "\($0.container)\($0.host.map { " as \($0)" } ?? "")" }
            .joined(separator: ", "),
        expected: "\(port) on the host", source: agent.facts.title),
      remedies: .edit("publish it: -p 127.0.0.1:\(port):8126/tcp"))
  }

  fileprivate static func metricsLocal(_ agent: AgentWorkload) -> Problem {
    let variable = agent.environment["DD_DOGSTATSD_NON_LOCAL_TRAFFIC"]
    return Problem(
      "the Agent takes metrics from its own container alone", class: .missing,
      evidence: Evidence(
        "DD_DOGSTATSD_NON_LOCAL_TRAFFIC", measured: variable?.shown ?? "not set", expected: "true",
        source: agent.facts.title),
      remedies: .set("DD_DOGSTATSD_NON_LOCAL_TRAFFIC", to: "true"))
  }
}
