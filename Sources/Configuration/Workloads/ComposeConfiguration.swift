import Wire

/// Services as `docker compose config --format json` writes them, in its long and short forms.
enum ComposeConfiguration {
  static func workloads(of node: JSONNode, origin: WorkloadOrigin) -> [Workload] {
    let services = node["services"]?.members ?? []
    let workloads = services.filter { $0.value.kind == .object }.map {
      workload(of: $0.value, named: $0.name, project: node["name"]?.string, origin)
    }
    let isOpen = node["networks"]?.members.contains { $0.value["external"] != nil } ?? false
    guard !isOpen else { return workloads }
    let names = workloads.flatMap { workload in
      workload.facts.names + workload.facts.networks.flatMap(\.aliases)
    }
    return workloads.map { workload in
      var workload = workload
      workload.facts.peers = names
      return workload
    }
  }

  private static func workload(
    of service: JSONNode, named name: String, project: String?, _ origin: WorkloadOrigin
  ) -> Workload {
    var facts = WorkloadFacts(.compose, kind: "service", namespace: project, name: name)
    facts.recognise(
      image: service["image"]?.string, container: name,
      command: words(service["entrypoint"]) + words(service["command"]))
    facts.networkMode = service["network_mode"]?.string
    facts.networks = networks(service["networks"])
    if facts.networks.isEmpty, facts.networkMode == nil {
      facts.networks = [WorkloadNetwork("default")]
    }
    facts.names = [name, service["container_name"]?.string, service["hostname"]?.string]
      .compactMap { $0 }
    facts.extraHosts = list(service["extra_hosts"]).map(DockerInspection.hostName)
    facts.links = DockerInspection.links(list(service["links"]) + list(service["external_links"]))
    facts.ports = service["ports"]?.elements.compactMap(port) ?? []
    facts.mounts = service["volumes"]?.elements.compactMap(mount) ?? []
    facts.unread = files(service["env_file"]).map { "file \($0)" }
    var variables = WorkloadVariables(origin: origin)
    for entry in service["environment"]?.elements ?? [] where entry.kind == .string {
      // A name alone is taken from the shell that runs compose.
      let bytes = plain(entry.bytes)
      if bytes.contains(UInt8(ascii: "=")) {
        variables.set(entry: bytes)
      } else {
        facts.unset.append(String(decoding: bytes, as: UTF8.self))
      }
    }
    for (name, value) in service["environment"]?.members ?? [] {
      if value.isNull {
        facts.unset.append(name)
      } else {
        variables.set(name, .bytes(plain(value.bytes)))
      }
    }
    return variables.workload(facts)
  }

  /// `$$` is how compose writes a dollar sign.
  private static func plain(_ bytes: [UInt8]) -> [UInt8] {
    let dollar = UInt8(ascii: "$")
    guard bytes.contains(dollar) else { return bytes }
    var result: [UInt8] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      result.append(byte)
      if byte == dollar, rest.first == dollar { rest = rest.dropFirst() }
    }
    return result
  }

  private static func words(_ node: JSONNode?) -> [String] {
    node?.string.map { [$0] } ?? node?.strings ?? []
  }

  /// A list of `name=value`, or a map.
  private static func list(_ node: JSONNode?) -> [String] {
    guard let node else { return [] }
    return node.kind == .object
      ? node.members.map { "\($0.name)=\($0.value.text ?? "")" } : node.strings
  }

  private static func files(_ node: JSONNode?) -> [String] {
    if let name = node?.string { return [name] }
    return node?.elements.compactMap { $0.string ?? $0["path"]?.string } ?? []
  }

  private static func networks(_ node: JSONNode?) -> [WorkloadNetwork] {
    guard let node else { return [] }
    return node.kind == .object
      ? node.members.map {
        WorkloadNetwork($0.name, aliases: $0.value["aliases"]?.strings ?? [])
      } : node.strings.map { WorkloadNetwork($0) }
  }

  private static func port(_ node: JSONNode) -> WorkloadPort? {
    if let target = node["target"]?.int {
      return WorkloadPort(
        target, host: node["published"]?.int, address: node["host_ip"]?.string,
        isUDP: node["protocol"]?.string == "udp")
    }
    guard let text = node.text else { return nil }
    let parts = text.split(separator: "/")
    let ports = (parts.first ?? "").split(separator: ":").map(String.init)
    guard let target = ports.last.flatMap({ Int($0) }) else { return nil }
    return WorkloadPort(
      target, host: ports.count > 1 ? Int(ports[ports.count - 2]) : nil,
      address: ports.count > 2 ? ports.dropLast(2).joined(separator: ":") : nil,
      isUDP: parts.last == "udp")
  }

  private static func mount(_ node: JSONNode) -> WorkloadMount? {
    if let short = node.string { return DockerInspection.shortMount(short) }
    guard let path = node["target"]?.string else { return nil }
    let isHost = node["type"]?.string == "bind"
    return WorkloadMount(path, isHost ? .host : .volume, source: node["source"]?.string ?? "")
  }
}
