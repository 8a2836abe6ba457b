import Wire

/// Containers of ECS: task definitions with or without their wrapper, their containers alone, tasks.
enum ECSTask {
  static func workloads(of node: JSONNode, origin: WorkloadOrigin) -> [Workload] {
    if let tasks = node["tasks"] {
      return tasks.elements.flatMap { running($0, origin) }
    }
    let task = node["taskDefinition"] ?? node
    return task["containerDefinitions"]?.elements.map { container($0, of: task, origin) }
      .neighbours ?? []
  }

  /// A container that stands without its task, as in a list of Terraform's.
  static func workload(ofContainer node: JSONNode, origin: WorkloadOrigin) -> Workload {
    container(node, of: nil, origin)
  }

  private static func container(_ node: JSONNode, of task: JSONNode?, _ origin: WorkloadOrigin)
    -> Workload
  {
    let name = node["name"]?.string ?? "(no name)"
    var facts = WorkloadFacts(
      .ecs, kind: task == nil ? "container" : "task definition",
      name: task.map { $0["family"]?.string ?? "(no family)" } ?? name)
    facts.container = task == nil ? nil : name
    facts.recognise(
      image: node["image"]?.string, container: name,
      command: (node["entryPoint"]?.strings ?? []) + (node["command"]?.strings ?? []))
    facts.isFargate = task?["requiresCompatibilities"]?.strings.contains("FARGATE") ?? false
    // A task definition that names none gets `bridge`; of a container alone nothing is known.
    facts.networkMode = task?["networkMode"]?.string ?? (task == nil ? nil : "bridge")
    facts.hasExecutionRole = task.map { !($0["executionRoleArn"]?.string ?? "").isEmpty }
    facts.names = [name] + (node["hostname"]?.string.map { [$0] } ?? [])
    facts.extraHosts =
      (node["extraHosts"]?.elements.compactMap { $0["hostname"]?.string } ?? [])
      + (node["links"]?.strings.compactMap { $0.split(separator: ":").last.map(String.init) } ?? [])
    facts.ports =
      node["portMappings"]?.elements.compactMap { port in
        port["containerPort"]?.int.map {
          WorkloadPort($0, host: port["hostPort"]?.int, isUDP: port["protocol"]?.string == "udp")
        }
      } ?? []
    facts.mounts = mounts(node, task)
    facts.unread =
      node["environmentFiles"]?.elements.compactMap {
        $0["value"]?.string.map { "file \($0)" }
      } ?? []
    var variables = WorkloadVariables(origin: origin)
    for entry in node["environment"]?.elements ?? [] {
      guard let name = entry["name"]?.string else { continue }
      variables.set(name, .bytes(entry["value"]?.bytes ?? []))
    }
    for entry in node["secrets"]?.elements ?? [] {
      guard let name = entry["name"]?.string else { continue }
      variables.set(name, .kept("secret \(entry["valueFrom"]?.string ?? "(no name)")"))
    }
    return variables.workload(facts)
  }

  /// A task that runs tells what was overridden; the rest stands in its definition.
  private static func running(_ task: JSONNode, _ origin: WorkloadOrigin) -> [Workload] {
    let definition = task["taskDefinitionArn"]?.string?.split(separator: "/").last.map(String.init)
    let arn = task["taskArn"]?.string?.split(separator: "/").last.map(String.init) ?? "(no name)"
    let overrides = task["overrides"]?["containerOverrides"]?.elements ?? []
    return task["containers"]?.elements.map { node in
      let name = node["name"]?.string ?? "(no name)"
      var facts = WorkloadFacts(.ecs, kind: "task", name: arn)
      facts.container = name
      facts.recognise(image: node["image"]?.string, container: name, command: [])
      facts.isFargate = task["launchType"]?.string == "FARGATE"
      facts.networkMode = facts.isFargate ? "awsvpc" : nil
      facts.unread = ["task definition \(definition ?? "(no name)")"]
      var variables = WorkloadVariables(origin: origin)
      for entry in overrides.first(where: { $0["name"]?.string == name })?["environment"]?.elements
        ?? []
      {
        guard let name = entry["name"]?.string else { continue }
        variables.set(name, .bytes(entry["value"]?.bytes ?? []))
      }
      return variables.workload(facts)
    }.neighbours ?? []
  }

  private static func mounts(_ node: JSONNode, _ task: JSONNode?) -> [WorkloadMount] {
    node["mountPoints"]?.elements.compactMap { mount in
      guard let path = mount["containerPath"]?.string, let name = mount["sourceVolume"]?.string
      else { return nil }
      let volume = task?["volumes"]?.elements.last { $0["name"]?.string == name }
      guard let source = volume?["host"]?["sourcePath"]?.string else {
        return WorkloadMount(path, .volume, source: name)
      }
      return WorkloadMount(path, .host, source: source)
    } ?? []
  }
}
