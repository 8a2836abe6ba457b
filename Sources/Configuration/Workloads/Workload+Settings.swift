extension Workload {
  /// What depends on its place, read from its description; nothing of this machine is in it.
  package func host(agents: [Workload] = []) -> HostFacts {
    var host = HostFacts(platform: platform, lambda: lambda)
    host.sockets = [AgentAddress.defaultSocket, DogStatsDAddress.defaultSocket].filter { socket in
      // What is mounted there may hold it: the checks say where that is doubtful.
      facts.mount(of: socket).map { $0.kind != .other } ?? false
    }
    return describing(host, agents: agents)
  }

  /// The facts of a place with what is known of the workload and of the Agents beside it.
  package func describing(_ host: HostFacts, agents: [Workload] = []) -> HostFacts {
    var host = host
    host.workload = facts
    host.agents = agents.isEmpty ? nil : agents.map { AgentWorkload($0.facts, $0.environment) }
    return host
  }

  /// The settings that follow, as far as its description goes.
  package func settings(
    agents: [Workload] = [], setup: Setup? = nil, language: Language? = nil
  ) -> Settings {
    Settings(environment, host(agents: agents), setup: setup, language: language)
  }

  private var platform: Platform {
    switch facts.source {
    case .docker, .compose: .docker
    case .kubectl: .kubernetes
    case .lambda: .lambda
    case .ecs: facts.isFargate ? .ecsFargate : .ecs
    case .process, .dotenv, .environ, .systemctl: Platform(environment, markers: [])
    }
  }
}

extension Settings {
  /// Whether what is judged is an Agent itself, and no application.
  package var isAgent: Bool { host.workload?.role == .agent }
}
