import Configuration
import Diagnosis
import Wire

/// Whether a socket that the tracer sends to can be in a container, by what is mounted there.
enum WorkloadSocket {
  /// - Returns: nil where nothing speaks against it.
  static func judge(_ path: String, _ workload: WorkloadFacts, _ settings: Settings) -> Outcome? {
    guard let mount = workload.mount(of: path) else {
      // An admission controller mounts it when the pod is made.
      if workload.admission == "true", !workload.isAdmitted { return nil }
      return .failed(.unmounted(path, workload, settings))
    }
    switch mount.kind {
    case .other: return .failed(.wrongMount(path, mount, workload, settings))
    case .volume: return shared(path, mount, workload, settings)
    case .host: return onHost(path, mount, workload, settings)
    }
  }

  /// A volume of the pod, the task or a name: the Agent has to have it, too.
  private static func shared(
    _ path: String, _ mount: WorkloadMount, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Outcome? {
    let others =
      workload.neighbours.map(\.mounts) + (settings.host.agents ?? []).map(\.facts.mounts)
    if others.contains(where: { $0.contains { $0.source == mount.source && $0.kind == .volume } }) {
      return nil
    }
    // A named volume may be another project's; a pod's or a task's own is nobody else's.
    guard workload.source == .kubectl || workload.source == .ecs || !settings.traceAgents.isEmpty
    else { return nil }
    return .failed(.lonelyVolume(path, mount, workload, settings))
  }

  private static func onHost(
    _ path: String, _ mount: WorkloadMount, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Outcome? {
    let own = WorkloadFacts.plain(place(of: path, in: mount))
    for agent in settings.traceAgents where agent.facts.source == workload.source {
      guard let theirs = agent.facts.mount(of: agent.traceSocket), theirs.kind == .host else {
        continue
      }
      let other = WorkloadFacts.plain(place(of: agent.traceSocket, in: theirs))
      if path == settings.agent.endpoint?.description, own != other, theirs.type != "csi",
        mount.type != "csi"
      {
        return .failed(.otherPlace(own, other, agent, mount, settings))
      }
    }
    let isFile = WorkloadFacts.plain(mount.path) == WorkloadFacts.plain(path)
    return isFile ? .warning(.fileMounted(path, mount, workload)) : nil
  }

  /// Where on the host a path of a container lies.
  private static func place(of path: String, in mount: WorkloadMount) -> String {
    let rest = WorkloadFacts.plain(path).dropFirst(WorkloadFacts.plain(mount.path).utf8.count)
    return WorkloadFacts.plain(mount.source) + rest
  }
}

extension Problem {
  private static func folder(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
  }

  private static func mounting(_ path: String, _ workload: WorkloadFacts) -> Remedy {
    let folder = folder(path)
    return switch workload.source {
    case .kubectl:
      .edit(
        "add the volume {name: datadog, hostPath: {path: \(folder)}} to the pod, and mount it at"
          + " \(folder) in container \(workload.container ?? workload.name)")
    case .ecs:
      .edit(
        workload.isFargate
          ? "add an empty volume to the task, and mount it at \(folder) in this container and in"
            + " the Agent's"
          : "add a volume with host.sourcePath \(folder), and mount it at \(folder)")
    case .docker: .edit("start the container with -v \(folder):\(folder):ro")
    case .compose, .process, .dotenv, .environ, .lambda, .systemctl:
      .edit("add the volume \(folder):\(folder):ro to the service \(workload.name)")
    }
  }

  fileprivate static func unmounted(
    _ path: String, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    let mounts = workload.mounts.map(\.path)
    return Problem(
      "the tracer sends to \(printable(path, limit: 200)), and nothing is mounted there in this"
        + " container",
      class: .noSocket,
      evidence: Evidence(
        "mounts", measured: mounts.isEmpty ? "none" : mounts.joined(separator: ", "),
        expected: folder(path), source: workload.title),
      .address(settings, expected: "a socket that is mounted"),
      remedies: mounting(path, workload), Remedies.overTCP(settings))
  }

  fileprivate static func wrongMount(
    _ path: String, _ mount: WorkloadMount, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "what is mounted at \(mount.path) holds no socket of an Agent's", class: .noSocket,
      evidence: Evidence(
        "mount", measured: "\(mount.path): volume \(mount.source)",
        expected: "the host's \(folder(path))", source: workload.title),
      remedies: mounting(path, workload))
  }

  fileprivate static func lonelyVolume(
    _ path: String, _ mount: WorkloadMount, _ workload: WorkloadFacts, _ settings: Settings
  ) -> Problem {
    Problem(
      "the volume at \(mount.path) is this container's alone: no Agent puts its socket there",
      class: .noSocket,
      evidence: Evidence(
        "mount", measured: "\(mount.path): volume \(mount.source)",
        expected: "a volume that the Agent mounts, too", source: workload.title),
      remedies: mounting(path, workload))
  }

  fileprivate static func otherPlace(
    _ own: String, _ other: String, _ agent: AgentWorkload, _ mount: WorkloadMount,
    _ settings: Settings
  ) -> Problem {
    Problem(
      "the application looks for the socket in another place of the host than the Agent makes it",
      class: .noSocket,
      evidence: Evidence(
        "host path", measured: own, expected: other, source: agent.facts.title),
      remedies: .edit("mount the host's \(folder(other)) at \(mount.path)"),
      .edit("or set DD_APM_RECEIVER_SOCKET of the Agent to fit"))
  }

  fileprivate static func fileMounted(
    _ path: String, _ mount: WorkloadMount, _ workload: WorkloadFacts
  ) -> Problem {
    Problem(
      "the socket itself is mounted, and not its folder: after an Agent's restart it is a dead one",
      class: .noSocket,
      evidence: Evidence(
        "mount", measured: "\(mount.path) from \(mount.source)", expected: folder(path),
        source: workload.title),
      remedies: .edit("mount the folder \(folder(mount.source)) at \(folder(path))"))
  }
}
