import Wire

/// Containers and images as `docker inspect` and the Engine's API write them.
enum DockerInspection {
  static func isContainer(_ node: JSONNode) -> Bool {
    node["Config"] != nil
      && (node["HostConfig"] != nil || node["State"] != nil || node["NetworkSettings"] != nil
        || node["RepoTags"] != nil || node["Id"] != nil)
  }

  /// The workload of one object; nil for a network, a volume and the like.
  static func workload(of node: JSONNode, origin: WorkloadOrigin) -> Workload? {
    guard isContainer(node), let config = node["Config"] else { return nil }
    let isImage = node["HostConfig"] == nil && node["State"] == nil
    let id = node["Id"]?.string ?? ""
    var name = node["Name"]?.string ?? node["RepoTags"]?.strings.first ?? String(id.prefix(12))
    if name.hasPrefix("/") { name.removeFirst() }
    var facts = WorkloadFacts(.docker, kind: isImage ? "image" : "container", name: name)
    facts.recognise(
      image: config["Image"]?.string ?? node["RepoTags"]?.strings.first, container: name,
      command: (config["Entrypoint"]?.strings ?? []) + (config["Cmd"]?.strings ?? []))
    let host = node["HostConfig"]
    let mode = host?["NetworkMode"]?.string
    facts.networkMode = mode == "default" || mode == "" ? "bridge" : mode
    let networks = node["NetworkSettings"]?["Networks"]?.members ?? []
    facts.networks = networks.map {
      WorkloadNetwork($0.name, aliases: $0.value["Aliases"]?.strings ?? [])
    }
    facts.names = [name, id, String(id.prefix(12)), config["Hostname"]?.string ?? ""]
      .filter { !$0.isEmpty }
    facts.extraHosts = (host?["ExtraHosts"]?.strings ?? []).map(hostName)
    facts.links = links(host?["Links"]?.strings ?? [])
    facts.ports = ports(node)
    facts.mounts = mounts(node)
    var variables = WorkloadVariables(origin: origin)
    for entry in config["Env"]?.elements ?? [] where entry.kind == .string {
      variables.set(entry: entry.bytes)
    }
    return variables.workload(facts)
  }

  /// The name of `host:address`, and of `host=address`.
  static func hostName(_ text: String) -> String {
    String(text.prefix { $0 != ":" && $0 != "=" })
  }

  /// `name:alias`, `name` alone, and `/name:/container/alias`; nil for none.
  static func links(_ texts: [String]) -> [String: String]? {
    let links = texts.compactMap { text -> (String, String)? in
      let names = text.split(separator: ":").map { $0.split(separator: "/").last.map(String.init) }
      guard let name = names.first ?? nil, let alias = names.last ?? nil else { return nil }
      return (alias, name)
    }
    return links.isEmpty ? nil : Dictionary(links, uniquingKeysWith: { $1 })
  }

  private static func ports(_ node: JSONNode) -> [WorkloadPort] {
    let published = node["NetworkSettings"]?["Ports"]?.members ?? []
    let bound = published.isEmpty ? node["HostConfig"]?["PortBindings"]?.members ?? [] : published
    return bound.compactMap { name, value in
      let parts = name.split(separator: "/")
      guard let port = parts.first.flatMap({ Int($0) }) else { return nil }
      let binding = value.elements.first
      return WorkloadPort(
        port, host: binding?["HostPort"]?.int, address: binding?["HostIp"]?.string,
        isUDP: parts.last == "udp")
    }
  }

  private static func mounts(_ node: JSONNode) -> [WorkloadMount] {
    let mounts = node["Mounts"]?.elements ?? []
    guard mounts.isEmpty else {
      return mounts.compactMap { mount in
        guard let path = mount["Destination"]?.string else { return nil }
        let type = mount["Type"]?.string ?? (mount["Name"] == nil ? "bind" : "volume")
        let isVolume = type != "bind"
        let source = isVolume ? mount["Name"]?.string : mount["Source"]?.string
        return WorkloadMount(path, isVolume ? .volume : .host, source: source ?? "")
      }
    }
    return (node["HostConfig"]?["Binds"]?.strings ?? []).compactMap(shortMount)
  }

  /// `source:path[:options]`; a source without a slash is a volume's name.
  static func shortMount(_ text: String) -> WorkloadMount? {
    let parts = text.split(separator: ":").map(String.init)
    guard parts.count >= 2 else { return nil }
    let isHost = ["/", ".", "~"].contains { parts[0].hasPrefix($0) }
    return WorkloadMount(parts[1], isHost ? .host : .volume, source: parts[0])
  }
}
