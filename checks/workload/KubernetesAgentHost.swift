import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether a pod is led to the Agent of its node.
package struct KubernetesAgentHost: Check {
  package let about = About(
    id: "kubernetes.agent-host",
    title: "Pod is led to an Agent",
    explanation: """
      In a pod localhost is the pod itself, and the Agent runs on the node. The tracer learns its \
      address from DD_AGENT_HOST, taken from the field status.hostIP, from the socket that is \
      mounted, or from Datadog's admission controller, which sets one of them when a pod with its \
      label is made (the label counts on the pod, not on what makes it). By hostIP the Agent's \
      DaemonSet needs a hostPort: the chart opens none by default. A sidecar Agent and hostNetwork \
      make localhost right.
      """,
    fix: "Set DD_AGENT_HOST from the field status.hostIP, or mount the Agent's socket.",
    docs: Docs.kubernetes,
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let workload = settings.application(.kubectl) else {
      return .skipped("no pod is at hand: --from reads kubectl get -o json")
    }
    if let error = workload.injectionError { return .failed(.notInjected(error, workload)) }
    if let reason = settings.noTracer { return .skipped(reason) }
    if let variable = settings.keptAddress {
      return .skipped("\(variable.name) comes from \(variable.kept ?? ""), which is not read")
    }
    switch settings.agent.endpoint {
    case nil: return .skipped("the address can't be used: see agent.address")
    case .unix: return .skipped("traces go by socket: see kubernetes.socket-mount")
    case .tls(let host, _): return .passed("\(host), over TLS")
    case .tcp(let host, let port): return Self.judge(host, port, workload, settings)
    }
  }

  private static func judge(
    _ host: String, _ port: Int, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Outcome {
    if isLoopback(host) { return loopback(host, port, workload, settings) }
    let field = settings.hostVariable?.field
    if ["status.podIP", "status.podIPs"].contains(field ?? host) {
      if workload.hasSidecarAgent || workload.networkMode == "host" {
        return .passed("the pod's own address, where an Agent is")
      }
      return .failed(.ownAddress(workload, settings))
    }
    if field == nil, ["status.hostip", "metadata.hostip", "hostip"].contains(host.lowercased()) {
      return .failed(.fieldAsText(host, workload, settings))
    }
    if let field, !known.contains(where: field.hasPrefix) {
      return .failed(.noField(field, workload, settings))
    }
    if field?.hasPrefix("status.hostIP") == true {
      return node(port, workload, settings)
    }
    if field == nil, isAddress(host) {
      return .warning(.fixed(host, workload, settings))
    }
    return named(host, workload, settings)
  }

  private static let known = [
    "status.hostIP", "spec.nodeName", "metadata.name", "metadata.labels", "metadata.annotations",
  ]

  private static func loopback(
    _ host: String, _ port: Int, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Outcome {
    if workload.networkMode == "host" { return .passed("\(host) is the node: hostNetwork is set") }
    if workload.hasSidecarAgent { return .passed("an Agent runs in the same pod") }
    if let neighbour = workload.mayListen(at: port) {
      return .passed("container \(neighbour.name) of the pod listens on \(port)")
    }
    if settings.isDefaultAddress { return unset(workload, settings) }
    let problem = Problem.localhost(host, workload, settings)
    return workload.unknownNeighbour == nil ? .failed(problem) : .warning(problem)
  }

  /// Nothing names the Agent: an admission controller may do it yet, or should have done it.
  private static func unset(_ workload: WorkloadFacts, _ settings: Settings) -> Outcome {
    if let file = workload.unread.first {
      return .skipped("nothing names the Agent here; \(file) may, and is not read")
    }
    if workload.admission == "true", !workload.isAdmitted {
      return .passed("the admission controller names the Agent when the pod is made")
    }
    if workload.admission == "true" { return .warning(.notAdmitted(workload, settings)) }
    if workload.misplacedAdmission == "true" {
      return .warning(.misplacedLabel(workload, settings))
    }
    return .warning(.nothingSet(workload, settings))
  }

  /// By the node's address: the Agent has to have a port there.
  private static func node(_ port: Int, _ workload: WorkloadFacts, _ settings: Settings) -> Outcome
  {
    let agents = settings.traceAgents.filter {
      $0.facts.source == .kubectl && $0.facts.unread.isEmpty
        && !["Deployment", "StatefulSet"].contains($0.facts.kind)
    }
    guard let agent = agents.first else {
      return .passed("the node's address; the Agent needs a hostPort \(port) there")
    }
    let isThere = agents.contains { agent in
      agent.facts.networkMode == "host"
        || agent.facts.ports.contains { $0.host == port && !$0.isUDP }
    }
    return isThere
      ? .passed("the node's address, where \(agent.facts.title) has port \(port)")
      : .failed(.noHostPort(port, agent, settings))
  }

  private static func named(_ host: String, _ workload: WorkloadFacts, _ settings: Settings)
    -> Outcome
  {
    let agent = settings.traceAgents.first { $0.facts.source == .kubectl }
    if let agent, !host.contains("."), let own = workload.namespace,
      let other = agent.facts.namespace, own != other
    {
      return .warning(.otherNamespace(host, own, other, agent, settings))
    }
    return .passed("\(host); a Service needs internalTrafficPolicy Local to stay on the node")
  }
}

extension Problem {
  private static let field = "fieldRef status.hostIP"

  private static func fromField(_ settings: Settings) -> Remedy {
    let name = settings.agent.origin.first?.name ?? ""
    return .edit(
      (name.hasSuffix("_URL") ? "take \(name) out, and set" : "set")
        + " DD_AGENT_HOST by valueFrom: {fieldRef: {fieldPath: status.hostIP}}")
  }

  private static let orSocket = Remedy.edit(
    "or mount the node's /var/run/datadog, where the tracer finds apm.socket by itself")

  fileprivate static func localhost(
    _ host: String, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(settings.agent.origin.first?.name ?? "the address") is \(host): in a pod that is the pod"
        + " itself, and no Agent runs in it",
      class: .conflict, evidence: .address(settings, expected: field),
      remedies: fromField(settings), orSocket)
  }

  fileprivate static func nothingSet(_ workload: WorkloadFacts, _ settings: Settings) -> Problem {
    Problem(
      "nothing names the Agent: the tracer sends to localhost, which is the pod itself",
      class: .missing, evidence: .address(settings, expected: field),
      remedies: fromField(settings), orSocket,
      .edit("or label the pods admission.datadoghq.com/enabled: \"true\""))
  }

  fileprivate static func notAdmitted(_ workload: WorkloadFacts, _ settings: Settings) -> Problem {
    Problem(
      "the pod has the admission controller's label, and nothing that it would have set",
      class: .notLoaded, evidence: .address(settings, expected: field),
      remedies: .command(
        "kubectl -n \(workload.namespace ?? "default") delete pod \(workload.name)",
        "it is made anew, by way of the admission controller"),
      .advice("the Cluster Agent's log tells whether its webhook was called"))
  }

  fileprivate static func misplacedLabel(_ workload: WorkloadFacts, _ settings: Settings) -> Problem
  {
    Problem(
      "admission.datadoghq.com/enabled stands on the \(workload.kind) and not on its pods: nobody"
        + " reads it there",
      class: .conflict, evidence: .address(settings, expected: field),
      remedies: .edit(
        "move the label to spec.template.metadata.labels of \(workload.kind) \(workload.name)"),
      fromField(settings))
  }

  fileprivate static func ownAddress(_ workload: WorkloadFacts, _ settings: Settings) -> Problem {
    Problem(
      "status.podIP is the pod's own address, and no Agent runs in it", class: .conflict,
      evidence: .address(settings, expected: field), remedies: fromField(settings))
  }

  fileprivate static func fieldAsText(
    _ host: String, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "'\(printable(host, limit: 60))' is a text here: a field is taken by valueFrom",
      class: .malformed, evidence: .address(settings, expected: field),
      remedies: fromField(settings))
  }

  fileprivate static func noField(
    _ name: String, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(printable(name, limit: 60)) is no field that leads to the node", class: .malformed,
      evidence: .address(settings, expected: field), remedies: fromField(settings))
  }

  fileprivate static func fixed(_ host: String, _ workload: WorkloadFacts, _ settings: Settings)
    -> Problem
  {
    Problem(
      "\(host) is one fixed address, and pods move from node to node", class: .conflict,
      evidence: .address(settings, expected: field), remedies: fromField(settings))
  }

  fileprivate static func noHostPort(_ port: Int, _ agent: AgentWorkload, _ settings: Settings)
    -> Problem
  {
    let ports = agent.facts.ports.map {
      "\($0.container)\($0.isUDP ? "/udp" : "")\($0.host.map { ", hostPort \($0)" } ?? "")"
    }
    return Problem(
      "the application sends to the node's port \(port), and the Agent has no hostPort there",
      class: .refused,
      evidence: Evidence(
        "ports", measured: ports.isEmpty ? "none" : ports.joined(separator: "; "),
        expected: "hostPort \(port)", source: agent.facts.title),
      .address(settings, expected: "a port of the node"),
      remedies: .command(
        "helm upgrade datadog datadog/datadog --reuse-values --set datadog.apm.portEnabled=true"),
      orSocket)
  }

  fileprivate static func otherNamespace(
    _ host: String, _ own: String, _ other: String, _ agent: AgentWorkload, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(host) is looked for in the namespace \(own), and the Agent runs in \(other)", class: .dns,
      evidence: Evidence(
        "namespace", measured: own, expected: other, source: agent.facts.title),
      .address(settings, expected: "\(host).\(other)"),
      remedies: Remedies.leading(
        to: "\(host).\(other)", settings, "the Service with its namespace"), fromField(settings))
  }

  fileprivate static func notInjected(_ error: String, _ workload: WorkloadFacts) -> Problem {
    Problem(
      "the admission controller could not inject the library", class: .notLoaded,
      evidence: Evidence(
        "injection-error", measured: printable(Redaction.redacted(error), limit: 300),
        expected: "no such annotation", source: workload.title),
      remedies: .advice("the annotation is the Cluster Agent's own; its log tells more"))
  }
}
