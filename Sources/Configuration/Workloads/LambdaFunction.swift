import Wire

/// Functions as `aws lambda get-function-configuration`, `get-function` and `list-functions` write them.
enum LambdaFunction {
  static func workload(of node: JSONNode, origin: WorkloadOrigin) -> Workload? {
    let node = node["Configuration"] ?? node
    guard let name = node["FunctionName"]?.string else { return nil }
    let arn = node["FunctionArn"]?.string ?? name
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    var facts = WorkloadFacts(
      .lambda, kind: "function",
      name: name.hasPrefix("arn:") && parts.count > 6 ? parts[6] : name)
    let runtime = node["Runtime"]?.string
    if runtime?.hasPrefix("python") == true { facts.language = .python }
    if runtime?.hasPrefix("nodejs") == true { facts.language = .node }
    // What is sent to update a function names its changes alone.
    let isWhole = node["FunctionArn"] != nil || node["CodeSize"] != nil
    let isImage = node["PackageType"]?.string == "Image"
    let layers = node["Layers"]?.elements.compactMap { $0.string ?? $0["Arn"]?.string }
    let region = parts.count > 3 && parts[0] == "arn" ? parts[3] : nil
    let problem = node["Environment"]?["Error"].map {
      [$0["ErrorCode"]?.string, $0["Message"]?.string].compactMap { $0 }.joined(separator: ": ")
    }
    let lambda = LambdaFacts(
      handler: node["Handler"]?.string
        ?? node["ImageConfigResponse"]?["ImageConfig"]?["Command"]?.strings.first,
      runtime: runtime,
      architecture: node["Architectures"]?.strings.first ?? (isWhole ? "x86_64" : nil),
      region: region.flatMap { $0.contains("<") ? nil : $0 },
      layers: layers ?? (isWhole && !isImage ? [] : nil),
      timeoutSeconds: node["Timeout"]?.int,
      isInVPC: isWhole ? !(node["VpcConfig"]?["VpcId"]?.string ?? "").isEmpty : nil,
      isImage: isImage, variablesError: problem)
    if let problem { facts.unread = ["variables that AWS does not show (\(problem))"] }
    var variables = WorkloadVariables(origin: origin)
    for (name, value) in node["Environment"]?["Variables"]?.members ?? [] where !value.isNull {
      variables.set(name, .bytes(value.bytes))
    }
    return variables.workload(facts, lambda: lambda)
  }
}
