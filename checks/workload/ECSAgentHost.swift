import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether a container of a task is led to the Agent that its network mode allows.
package struct ECSAgentHost: Check {
  package let about = About(
    id: "ecs.agent-host",
    title: "Task is led to an Agent",
    explanation: """
      On Fargate, and wherever the network mode is awsvpc, the containers of a task share localhost: \
      the Agent runs as one of them, and DD_AGENT_HOST is best left unset. In bridge mode on EC2 each \
      container has a localhost of its own and the Agent runs once on the instance: it is reached by \
      the instance's address from the metadata service, or by a socket from the instance's \
      /var/run/datadog. A task that takes keys from secrets needs an execution role that may read \
      them.
      """,
    fix:
      "Fargate: add the Agent to the task. EC2: mount its socket, or use the instance's address.",
    docs: Docs.ecs,
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let task = settings.host.workload, task.source == .ecs else {
      return .skipped("no task is at hand: --from reads aws ecs describe-task-definition")
    }
    let role = Self.role(task, settings).map { [Outcome.failed($0)] } ?? []
    guard let workload = settings.application(.ecs) else {
      return .worst(role + Self.agentItself(task, settings), else: .passed("the Agent's own task"))
    }
    if let reason = settings.noTracer { return .worst(role, else: .skipped(reason)) }
    if let variable = settings.keptAddress {
      return .worst(
        role,
        else: .skipped("\(variable.name) comes from \(variable.kept ?? ""), which is not read"))
    }
    let way: Outcome =
      switch settings.agent.endpoint {
      case nil: .skipped("the address can't be used: see agent.address")
      case .tls(let host, _): .passed("\(host), over TLS")
      case .unix(let path):
        WorkloadSocket.judge(path, workload, settings)
          ?? .passed("\(path), mounted from \(workload.mount(of: path)?.source ?? "the task")")
      case .tcp(let host, let port): Self.judge(host, port, workload, settings)
      }
    return .worst(role + [way], else: way)
  }

  private static func judge(
    _ host: String, _ port: Int, _ task: WorkloadFacts, _ settings: Settings
  ) -> Outcome {
    guard task.networkMode != nil else {
      return .skipped("the task's network mode is not known: give its whole definition")
    }
    if task.networkMode == "host" {
      return .passed("\(host), as the instance itself would reach it")
    }
    if task.networkMode == "none" { return .failed(.noNetwork(task, settings)) }
    return task.isFargate || task.networkMode == "awsvpc"
      ? sharing(host, port, task, settings) : bridged(host, port, task, settings)
  }

  /// Fargate and awsvpc: one localhost for the whole task.
  private static func sharing(
    _ host: String, _ port: Int, _ task: WorkloadFacts, _ settings: Settings
  ) -> Outcome {
    if isLoopback(host) {
      if task.hasSidecarAgent { return .passed("\(host): the Agent runs in the same task") }
      if let neighbour = task.mayListen(at: port) {
        return .passed("\(host): container \(neighbour.name) of the task listens on \(port)")
      }
      if settings.isDefaultAddress, let file = task.unread.first {
        return .skipped("nothing names the Agent here; \(file) may, and is not read")
      }
      let problem = Problem.noAgent(task, settings)
      // Off Fargate what starts the container may ask the metadata service.
      return task.isFargate && task.unknownNeighbour == nil && task.kind == "task definition"
        ? .failed(problem) : .warning(problem)
    }
    if task.neighbours.contains(where: { $0.name == host }) {
      return .failed(.containerName(host, task, settings))
    }
    if host.hasPrefix("169.254.") || task.isFargate && host.hasPrefix("172.17.") {
      return .failed(.instanceAddress(host, task, settings))
    }
    guard task.isFargate else { return .passed("\(host), outside of the task") }
    return .warning(.elsewhere(host, task, settings))
  }

  /// Bridge mode on an instance: each container has a localhost of its own.
  private static func bridged(
    _ host: String, _ port: Int, _ task: WorkloadFacts, _ settings: Settings
  ) -> Outcome {
    guard isLoopback(host) else {
      if task.neighbours.contains(where: { $0.name == host }), !task.extraHosts.contains(host) {
        return .failed(.notLinked(host, task, settings))
      }
      return .passed("\(host), whose port \(port) the Agent has to have")
    }
    guard settings.isDefaultAddress else { return .failed(.localhost(host, task, settings)) }
    if let file = task.unread.first {
      return .skipped("nothing names the Agent here; \(file) may, and is not read")
    }
    // What starts the container may ask the metadata service.
    return .warning(.nothingSet(task, settings))
  }

  private static func agentItself(_ task: WorkloadFacts, _ settings: Settings) -> [Outcome] {
    guard task.role == .agent, task.isFargate, task.unread.isEmpty,
      !settings.environment.has("ECS_FARGATE")
    else { return [] }
    return [.warning(.noFargateFlag(task))]
  }

  /// Secrets that nobody may fetch.
  private static func role(_ task: WorkloadFacts, _ settings: Settings) -> Problem? {
    guard task.hasExecutionRole == false,
      let secret = settings.environment.variables.first(where: {
        $0.kept?.hasPrefix("secret ") == true
      })
    else { return nil }
    return .noRole(secret, task)
  }
}

extension Problem {
  private static let byMetadata = Remedy.edit(
    "start with: export DD_AGENT_HOST=$(curl -s http://169.254.169.254/latest/meta-data/local-ipv4)"
  )

  private static let bySocket = Remedy.edit(
    "mount the instance's /var/run/datadog at /var/run/datadog: the tracer finds apm.socket there")

  private static func unsetting(_ settings: Settings) -> Remedy {
    .unset(settings.agent.origin.first?.name ?? "DD_AGENT_HOST", "localhost is the task's own")
  }

  private static func addAgent(_ task: WorkloadFacts) -> Remedy {
    .edit(
      "add a container with the image public.ecr.aws/datadog/agent"
        + (task.isFargate ? ", ECS_FARGATE=true and the key" : " and the key"))
  }

  fileprivate static func noAgent(_ task: WorkloadFacts, _ settings: Settings) -> Problem {
    Problem(
      "no Agent runs in the task, and nothing else answers on its localhost", class: .missing,
      evidence: Evidence(
        "containers",
        measured: ([task.container ?? task.name] + task.neighbours.map(\.name))
          .joined(separator: ", "),
        expected: "an Agent's among them", source: task.title),
      .address(settings, expected: "an Agent in the same task"),
      remedies: addAgent(task))
  }

  fileprivate static func containerName(
    _ host: String, _ task: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(host) is a container of the task, and by that name nobody finds it: they share localhost",
      class: .dns, evidence: .address(settings, expected: "unset, or localhost"),
      remedies: unsetting(settings))
  }

  fileprivate static func instanceAddress(
    _ host: String, _ task: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(host) is an address of an instance's, and this task has a network of its own",
      class: .conflict, evidence: .address(settings, expected: "unset, or localhost"),
      remedies: unsetting(settings), addAgent(task))
  }

  fileprivate static func elsewhere(_ host: String, _ task: WorkloadFacts, _ settings: Settings)
    -> Problem
  {
    Problem(
      task.hasSidecarAgent
        ? "an Agent runs in the task, and the tracer is led past it to \(printable(host, limit: 80))"
        : "the tracer is led out of the task to \(printable(host, limit: 80)), where no Agent of"
          + " Fargate's runs",
      class: .conflict, evidence: .address(settings, expected: "unset, or localhost"),
      remedies: unsetting(settings), addAgent(task))
  }

  fileprivate static func localhost(
    _ host: String, _ task: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(host) is the container itself in bridge mode, and the Agent runs on the instance",
      class: .conflict, evidence: .address(settings, expected: "the instance's address"),
      remedies: byMetadata, bySocket)
  }

  fileprivate static func nothingSet(_ task: WorkloadFacts, _ settings: Settings) -> Problem {
    Problem(
      "nothing names the Agent: in bridge mode localhost is the container itself", class: .missing,
      evidence: .address(settings, expected: "the instance's address, or a socket"),
      remedies: bySocket, byMetadata)
  }

  fileprivate static func notLinked(_ host: String, _ task: WorkloadFacts, _ settings: Settings)
    -> Problem
  {
    Problem(
      "\(host) is a container of the task, and in bridge mode it is found by a link alone",
      class: .dns, evidence: .address(settings, expected: "a link"),
      remedies: .edit("add links: [\"\(host)\"] to container \(task.container ?? task.name)"),
      bySocket)
  }

  fileprivate static func noNetwork(_ task: WorkloadFacts, _ settings: Settings) -> Problem {
    Problem(
      "the task has no network (networkMode none)", class: .unroutable,
      evidence: .address(settings, expected: "bridge, awsvpc or host"),
      remedies: .edit("set networkMode of the task"), bySocket)
  }

  fileprivate static func noFargateFlag(_ task: WorkloadFacts) -> Problem {
    Problem(
      "the Agent is not told that it runs on Fargate: it looks for a host that is not there",
      class: .missing,
      evidence: Evidence(
        "ECS_FARGATE", measured: "not set", expected: "true", source: task.title),
      remedies: .set("ECS_FARGATE", to: "true"))
  }

  fileprivate static func noRole(_ variable: Variable, _ task: WorkloadFacts) -> Problem {
    Problem(
      "\(variable.name) comes from a secret, and the task has no execution role that may read it",
      class: .permission,
      evidence: Evidence(
        "executionRoleArn", measured: "not set", expected: "a role that may read the secret",
        source: task.title),
      remedies: .edit(
        "set executionRoleArn of the task to a role with ssm:GetParameters or"
          + " secretsmanager:GetSecretValue"))
  }
}
