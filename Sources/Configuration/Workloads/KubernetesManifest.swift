import Wire

/// Kubernetes objects as `kubectl get -o json` writes them: a workload for each container.
enum KubernetesManifest {
  /// The workloads of an object, or of all in a list.
  static func workloads(of node: JSONNode, origin: WorkloadOrigin) -> [Workload] {
    if let items = node["items"] {
      // The objects of a PodList do not say what they are.
      let kind = node["kind"]?.string.flatMap { $0.hasSuffix("List") ? $0.dropLast(4) : nil }
      return items.elements.flatMap { item in
        workloads(of: item, kind: kind.map(String.init), origin)
      }
    }
    return workloads(of: node, kind: nil, origin)
  }

  private static func workloads(of node: JSONNode, kind: String?, _ origin: WorkloadOrigin)
    -> [Workload]
  {
    guard let pod = Pod(node, kind: kind) else { return [] }
    let initial = pod.spec["initContainers"]?.elements ?? []
    let others = pod.spec["containers"]?.elements ?? []
    return
      (initial.map { workload(of: $0, pod, isInitial: true, origin) }
      + others.map { workload(of: $0, pod, isInitial: false, origin) }).neighbours
  }

  /// The pod that an object is, or makes.
  private struct Pod {
    let kind: String
    let name: String
    let namespace: String?
    let spec: JSONNode
    /// Of the pod itself.
    let metadata: JSONNode?
    /// Of the object that makes the pod; nil for a pod.
    let owner: JSONNode?
    let status: JSONNode?

    init?(_ node: JSONNode, kind listed: String?) {
      let template =
        node["spec"]?["template"] ?? node["spec"]?["jobTemplate"]?["spec"]?["template"]
        ?? node["template"]
      let isPod = node["spec"]?["containers"] != nil
      guard let spec = isPod ? node["spec"] : template?["spec"], spec["containers"] != nil else {
        return nil
      }
      let said = node["kind"]?.string ?? (listed?.isEmpty == false ? listed : nil)
      kind = said ?? (isPod ? "Pod" : "object")
      let metadata = node["metadata"]
      name = metadata?["name"]?.string ?? metadata?["generateName"]?.string ?? "(no name)"
      namespace = metadata?["namespace"]?.string
      self.spec = spec
      self.metadata = isPod ? metadata : template?["metadata"]
      owner = isPod ? nil : metadata
      status = isPod ? node["status"] : nil
    }

    func label(_ name: String) -> String? {
      metadata?["labels"]?.members.last { $0.name == name }?.value.string
    }

    func annotation(_ name: String) -> String? {
      metadata?["annotations"]?.members.last { $0.name == name }?.value.string
    }
  }

  private static func workload(
    of container: JSONNode, _ pod: Pod, isInitial: Bool, _ origin: WorkloadOrigin
  ) -> Workload {
    let name = container["name"]?.string ?? "(no name)"
    var facts = WorkloadFacts(
      .kubectl, kind: pod.kind, namespace: pod.namespace, name: pod.name)
    facts.container = name
    let isSidecar = container["restartPolicy"]?.string == "Always"
    if isInitial, !isSidecar { facts.role = .initialization }
    admission(pod, name, &facts)
    facts.recognise(
      image: container["image"]?.string, container: name,
      command: (container["command"]?.strings ?? []) + (container["args"]?.strings ?? []))
    facts.networkMode = pod.spec["hostNetwork"]?.bool == true ? "host" : nil
    facts.ports = container["ports"]?.elements.compactMap(port) ?? []
    facts.mounts = mounts(container, pod.spec)
    facts.unread =
      container["envFrom"]?.elements.compactMap { source in
        (source["secretRef"]?["name"]?.string).map { "secret \($0)" }
          ?? (source["configMapRef"]?["name"]?.string).map { "config map \($0)" }
      } ?? []
    facts.extraHosts =
      pod.spec["hostAliases"]?.elements.flatMap { $0["hostnames"]?.strings ?? [] } ?? []
    var variables = WorkloadVariables(origin: origin)
    for entry in container["env"]?.elements ?? [] {
      guard let name = entry["name"]?.string else { continue }
      variables.set(name, value(of: entry, pod, variables.earlier))
    }
    return variables.workload(facts)
  }

  // MARK: Variables

  private static func value(of entry: JSONNode, _ pod: Pod, _ earlier: EarlierVariables)
    -> Assignment.Value
  {
    guard let source = entry["valueFrom"] else {
      return expanded(entry["value"]?.bytes ?? [], earlier)
    }
    if let reference = source["secretKeyRef"] { return .kept("secret \(place(reference))") }
    if let reference = source["configMapKeyRef"] { return .kept("config map \(place(reference))") }
    guard let path = source["fieldRef"]?["fieldPath"]?.string else {
      return .kept(
        source["resourceFieldRef"]?["resource"]?.string.map { "the container's \($0)" }
          ?? "a source that is not known here")
    }
    return .field(path, Array(field(path, pod).utf8))
  }

  private static func place(_ reference: JSONNode) -> String {
    let key = reference["key"]?.string.map { "/\($0)" } ?? ""
    return "\(reference["name"]?.string ?? "(no name)")\(key)"
      + (reference["optional"]?.bool == true ? ", where that is there" : "")
  }

  /// A field's value, or its own path where only the running pod knows it.
  private static func field(_ path: String, _ pod: Pod) -> String {
    switch path {
    case "metadata.namespace": return pod.namespace ?? path
    case "metadata.name": return pod.owner == nil ? pod.name : path
    case "status.hostIP": return pod.status?["hostIP"]?.string ?? path
    case "status.podIP": return pod.status?["podIP"]?.string ?? path
    case "spec.nodeName": return pod.spec["nodeName"]?.string ?? path
    default: break
    }
    for (prefix, read) in [
      ("metadata.labels['", pod.label), ("metadata.annotations['", pod.annotation),
    ] where path.hasPrefix(prefix) && path.hasSuffix("']") {
      // A label that is not there gives an empty value.
      return read(String(path.dropFirst(prefix.count).dropLast(2))) ?? ""
    }
    return path
  }

  /// `$(NAME)` of an earlier variable; one that is not there stays as it is written.
  private static func expanded(_ text: [UInt8], _ earlier: EarlierVariables) -> Assignment.Value {
    guard text.contains(UInt8(ascii: "$")) else { return .bytes(text) }
    var result: [UInt8] = []
    var field: String?
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "$") else {
        result.append(byte)
        continue
      }
      if rest.first == UInt8(ascii: "$") {
        rest = rest.dropFirst()
        result.append(byte)
      } else if rest.first == UInt8(ascii: "("), let end = rest.firstIndex(of: UInt8(ascii: ")")) {
        let name = Array(rest[(rest.startIndex + 1)..<end])
        switch earlier[name] {
        case .bytes(let value):
          result += value
          rest = rest[(end + 1)...]
        case .field(let path, let value):
          result += value
          field = path
          rest = rest[(end + 1)...]
        case .kept(let place):

          return EarlierVariables.kept(String(decoding: name, as: UTF8.self), of: place)
        case nil: result.append(byte)
        }
        guard earlier.holds(result) else { return EarlierVariables.tooLong }
      } else {
        result.append(byte)
      }
    }
    return field.map { .field($0, result) } ?? .bytes(result)
  }

  // MARK: The place

  private static func port(_ node: JSONNode) -> WorkloadPort? {
    node["containerPort"]?.int.map {
      WorkloadPort(
        $0, host: node["hostPort"]?.int, address: node["hostIP"]?.string,
        isUDP: node["protocol"]?.string == "UDP")
    }
  }

  private static func mounts(_ container: JSONNode, _ spec: JSONNode) -> [WorkloadMount] {
    let volumes = spec["volumes"]?.elements ?? []
    return container["volumeMounts"]?.elements.compactMap { mount in
      guard let path = mount["mountPath"]?.string, let name = mount["name"]?.string else {
        return nil
      }
      let volume = volumes.last { $0["name"]?.string == name }
      if let host = volume?["hostPath"] {
        let source = host["path"]?.string ?? ""
        let sub = mount["subPath"]?.string.map { "/\($0)" } ?? ""
        return WorkloadMount(path, .host, source: source + sub, type: host["type"]?.string)
      }
      if volume?["csi"]?["driver"]?.string == "k8s.csi.datadoghq.com" {
        return WorkloadMount(path, .host, source: "/var/run/datadog", type: "csi")
      }
      let isVolume =
        volume?["emptyDir"] != nil || volume?["persistentVolumeClaim"] != nil
        || volume?["ephemeral"] != nil
      return WorkloadMount(path, isVolume ? .volume : .other, source: name)
    } ?? []
  }

  /// What an admission controller was told, and what it left behind.
  private static func admission(_ pod: Pod, _ container: String, _ facts: inout WorkloadFacts) {
    let enabled = "admission.datadoghq.com/enabled"
    facts.isAdmitted = pod.owner == nil
    facts.admission = pod.label(enabled)
    facts.misplacedAdmission =
      facts.admission == nil
      ? pod.owner?["labels"]?.members.last { $0.name == enabled }?.value.string : nil
    facts.injectionError =
      pod.annotation("internal.apm.datadoghq.com/injection-error")
      ?? pod.annotation("apm.datadoghq.com/injection-error")
    let languages: [(String, Language)] = [("python", .python), ("js", .node), ("php", .php)]
    for (word, language) in languages {
      let isAnnotated = ["", "\(container)."].contains { prefix in
        ["version", "custom-image"].contains {
          pod.annotation("admission.datadoghq.com/\(prefix)\(word)-lib.\($0)") != nil
        }
      }
      let isThere =
        pod.spec["initContainers"]?.elements.contains {
          $0["name"]?.string == "datadog-lib-\(word)-init"
        } ?? false
      guard isAnnotated || isThere else { continue }
      facts.isInjected = true
      facts.language = language
    }
  }
}
