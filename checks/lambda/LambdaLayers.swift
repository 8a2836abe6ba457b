import Configuration
package import Diagnosis
package import Probes

/// Whether Datadog's layers are there and fit the function.
package struct LambdaLayers: Check {
  package let about = About(
    id: "lambda.layers",
    title: "Layers fit the function",
    explanation: """
      A layer is found by account and region, and works for one runtime and one architecture: the \
      library of another Python or Node is not found, an extension of the other architecture does \
      not start (exec format error). Versions are not judged: a newer one than is known here is right.
      """,
    fix:
      "Take the layers that the installation page names for the region, runtime and architecture.",
    docs: Docs.lambda,
    statuses: [.passed, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noLambda { return .skipped(reason) }
    let lambda = settings.lambda
    if lambda.isImage { return .skipped("a container image has no layers") }
    var problems = lambda.datadogLayers.flatMap { Self.judge($0, lambda) }
    if settings.isRedirected, Self.lacksLibrary(lambda) {
      problems.append(.failed(.libraryMissing(settings)))
    }
    return .worst(problems, else: Self.calm(settings))
  }

  /// Whether the handler leads to a library that is not there: the function can't start.
  private static func lacksLibrary(_ lambda: LambdaFacts) -> Bool {
    if let there = lambda.hasLibraryFile { return !there }
    guard let layers = lambda.layers else { return false }
    // Where layers of others are, one of them may hold it.
    return lambda.handler?.hasPrefix("/opt/") == true && lambda.hasLibrary != true
      && layers.allSatisfy { LambdaLayer($0)?.isDatadogs == true }
  }

  private static func calm(_ settings: Settings) -> Outcome {
    let lambda = settings.lambda
    let names = lambda.datadogLayers.map { layer in
      layer.version.map { "\(layer.name):\($0)" } ?? layer.name
    }
    if !names.isEmpty { return .passed(names.joined(separator: ", ")) }
    if lambda.hasLibraryFile == true { return .passed("Datadog's library is in the function") }
    return .skipped(
      lambda.layers == nil
        ? "no library of Datadog's in /opt; the code may bring it" : "no layer of Datadog's")
  }

  private static func judge(_ layer: LambdaLayer, _ lambda: LambdaFacts) -> [Outcome] {
    var found: [Outcome] = []
    if layer.isOfWrongPartition {
      found.append(.failed(.wrongAccount(layer)))
    } else if !layer.isPublishedByDatadog {
      found.append(.passed("\(layer.name) of account \(layer.account)"))
    }
    if let region = lambda.region, !layer.region.isEmpty, layer.region != region {
      found.append(.failed(.wrongRegion(layer, region)))
    }
    if layer.hasTwoArchitectures, let architecture = lambda.architecture,
      layer.isARM != (architecture == "arm64")
    {
      found.append(.failed(.wrongArchitecture(layer, architecture)))
    }
    if let runtime = lambda.runtime, let own = layer.runtime, own != runtime,
      LambdaLayer.libraryName(runtime: runtime, architecture: nil) != nil
    {
      found.append(.failed(.wrongRuntime(layer, runtime, lambda.architecture)))
    }
    return found
  }
}

extension Problem {
  fileprivate static func wrongAccount(_ layer: LambdaLayer) -> Problem {
    let right =
      layer.partition == "aws-us-gov"
      ? LambdaLayer.accounts.gov : LambdaLayer.accounts.commercial
    return Problem(
      "\(layer.name) is not published in account \(layer.account) of this partition",
      class: .incompatible,
      evidence: evidence(layer, "account \(right)"),
      remedies: .edit("name the layer by account \(right)"))
  }

  fileprivate static func wrongRegion(_ layer: LambdaLayer, _ region: String) -> Problem {
    Problem(
      "\(layer.name) is of \(layer.region), the function runs in \(region)", class: .incompatible,
      evidence: evidence(layer, "a layer of \(region)"),
      remedies: .edit(
        "name the layer arn:\(layer.partition):lambda:\(region):\(layer.account):layer:"
          + "\(layer.name):<version>"))
  }

  fileprivate static func wrongArchitecture(_ layer: LambdaLayer, _ architecture: String) -> Problem
  {
    let name = layer.name.replacing("-ARM", with: "")
    let right = architecture == "arm64" ? Self.withARM(name) : name
    return Problem(
      "\(layer.name) is made for \(layer.isARM ? "arm64" : "x86_64"), the function is"
        + " \(architecture)",
      class: .incompatible, evidence: evidence(layer, right),
      remedies: .edit("take the layer \(right)"))
  }

  private static func withARM(_ name: String) -> String {
    name.hasSuffix("-FIPS") ? "\(name.dropLast(5))-ARM-FIPS" : "\(name)-ARM"
  }

  fileprivate static func wrongRuntime(
    _ layer: LambdaLayer, _ runtime: String, _ architecture: String?
  ) -> Problem {
    let right =
      LambdaLayer.libraryName(runtime: runtime, architecture: architecture) ?? "one for \(runtime)"
    return Problem(
      "\(layer.name) is made for \(layer.runtime ?? "another runtime"), the function runs on"
        + " \(runtime)",
      class: .incompatible, evidence: evidence(layer, right),
      remedies: .edit("take the layer \(right)"))
  }

  fileprivate static func libraryMissing(_ settings: Settings) -> Problem {
    let lambda = settings.lambda
    let name =
      lambda.runtime.flatMap {
        LambdaLayer.libraryName(runtime: $0, architecture: lambda.architecture)
      } ?? "Datadog-Python3xx or Datadog-Nodexx-x"
    return Problem(
      "the handler is Datadog's, and its library is not in the function", class: .notInstalled,
      evidence: Evidence(
        "library", measured: "not there", expected: name,
        source: lambda.hasLibraryFile == nil ? "the function's layers" : "/opt and /var/task"),
      remedies: .edit("add the layer \(name) of account \(LambdaLayer.accounts.commercial)"))
  }

  private static func evidence(_ layer: LambdaLayer, _ expected: String) -> Evidence {
    Evidence("layer", measured: layer.arn, expected: expected, source: "the function's layers")
  }
}
