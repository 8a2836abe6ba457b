import Configuration
package import Diagnosis
package import Probes

/// Whether the Agent's socket is mounted into the container that sends to it.
package struct KubernetesSocketMount: Check {
  package let about = About(
    id: "kubernetes.socket-mount",
    title: "Agent's socket is mounted",
    explanation: """
      A tracer that is told unix:///var/run/datadog/apm.socket finds it only where the node's folder \
      is mounted, and in that very container: a volume of the pod that no container mounts, a mount \
      in the neighbour, an emptyDir without an Agent in the pod, or another folder of the node lead \
      to nothing. The folder is to be mounted, not the socket: an Agent that starts again makes a \
      new one. A mount that can only be read is fine.
      """,
    fix: "Mount the node's /var/run/datadog at /var/run/datadog in the application's container.",
    docs: Docs.kubernetes,
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let workload = settings.application(.kubectl) else {
      return .skipped("no pod is at hand: --from reads kubectl get -o json")
    }
    if let reason = settings.noTracer { return .skipped(reason) }
    if let variable = settings.keptAddress {
      return .skipped("\(variable.name) comes from \(variable.kept ?? ""), which is not read")
    }
    let paths = settings.socketPaths
    guard let path = paths.first else { return .skipped("traces go over TCP") }
    return .worst(
      paths.compactMap { WorkloadSocket.judge($0, workload, settings) },
      else: .passed(
        workload.mount(of: path).map { "\(path), mounted from \($0.source)" }
          ?? "the admission controller mounts it when the pod is made"))
  }
}
