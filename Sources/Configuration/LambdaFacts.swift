/// What is known of a Lambda function: seen inside it, or told by its configuration.
///
/// Nil is what can't be known from where it was looked at: a function does not see its own layers'
/// ARNs, and a configuration does not show what a container image holds.
package struct LambdaFacts: Codable, Equatable, Sendable {
  package var handler: String?
  /// As AWS writes it: `python3.12`, `nodejs22.x`.
  package var runtime: String?
  /// `x86_64` or `arm64`.
  package var architecture: String?
  package var region: String?
  package var layers: [String]?
  package var timeoutSeconds: Int?
  package var isInVPC: Bool?
  /// Deployed as a container image: its handler is the image's command, and it has no layers.
  package var isImage: Bool
  /// Whether the extension's file is there; nil outside of the function.
  package var hasExtensionFile: Bool?
  /// Whether Datadog's library of this language is there; nil outside of the function.
  package var hasLibraryFile: Bool?
  /// Why AWS does not show the variables, where it says so (a KMS key that may not be used).
  package var variablesError: String?

  package init(
    handler: String? = nil, runtime: String? = nil, architecture: String? = nil,
    region: String? = nil, layers: [String]? = nil, timeoutSeconds: Int? = nil,
    isInVPC: Bool? = nil, isImage: Bool = false, hasExtensionFile: Bool? = nil,
    hasLibraryFile: Bool? = nil, variablesError: String? = nil
  ) {
    self.handler = handler
    self.runtime = runtime
    self.architecture = architecture
    self.region = region
    self.layers = layers
    self.timeoutSeconds = timeoutSeconds
    self.isInVPC = isInVPC
    self.isImage = isImage
    self.hasExtensionFile = hasExtensionFile
    self.hasLibraryFile = hasLibraryFile
    self.variablesError = variablesError
  }

  /// The layers that bear a name of Datadog's.
  package var datadogLayers: [LambdaLayer] {
    (layers ?? []).compactMap(LambdaLayer.init).filter(\.isDatadogs)
  }

  /// Whether the extension is in the function; nil where that can't be seen.
  package var hasExtension: Bool? {
    if let hasExtensionFile { return hasExtensionFile }
    if isImage { return nil }
    // A layer of another name may hold it as well, so that only a layer's presence is proof.
    guard let layers else { return nil }
    if datadogLayers.contains(where: { $0.kind == .datadogExtension }) { return true }
    return layers.allSatisfy { LambdaLayer($0)?.isDatadogs == true } ? false : nil
  }

  /// Whether Datadog's library for this language is in the function; nil where it can't be seen.
  package var hasLibrary: Bool? {
    if let hasLibraryFile { return hasLibraryFile }
    // What is packaged with the code is not in the configuration.
    return datadogLayers.contains { $0.kind == .library } ? true : nil
  }
}

/// A layer's version ARN, `arn:aws:lambda:<region>:<account>:layer:<name>:<version>`, in parts.
package struct LambdaLayer: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    case datadogExtension, library, other
  }

  package let arn: String
  package let partition: String
  package let region: String
  package let account: String
  package let name: String
  package let version: Int?

  package init?(_ arn: String) {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 7, parts[0] == "arn", parts[2] == "lambda", parts[5] == "layer" else {
      return nil
    }
    self.arn = arn
    partition = parts[1]
    region = parts[3]
    account = parts[4]
    name = parts[6]
    version = parts.count > 7 ? Int(parts[7]) : nil
  }

  package var isDatadogs: Bool {
    name.hasPrefix("Datadog-") || name == "dd-trace-java" || name == "dd-trace-dotnet"
  }

  /// The account that publishes Datadog's layers for commercial regions, and for gov ones.
  package static let accounts = (commercial: "464622532012", gov: "002406178527")

  /// Whether Datadog publishes it; a copy in an account of one's own is no fault.
  package var isPublishedByDatadog: Bool {
    account == (partition == "aws-us-gov" ? Self.accounts.gov : Self.accounts.commercial)
  }

  /// Whether the ARN mixes Datadog's two accounts up, which no layer answers to.
  package var isOfWrongPartition: Bool {
    let wrong = partition == "aws-us-gov" ? Self.accounts.commercial : Self.accounts.gov
    return account == wrong
  }

  package var kind: Kind {
    if name.hasPrefix("Datadog-Extension") { return .datadogExtension }
    return isDatadogs ? .library : .other
  }

  /// Made for arm64; only the extension and Python's library come in two kinds.
  package var isARM: Bool { name.split(separator: "-").contains("ARM") }

  package var hasTwoArchitectures: Bool {
    kind == .datadogExtension || name.hasPrefix("Datadog-Python")
  }

  /// The runtime that a library's layer is for, as AWS writes it; nil where none is told.
  package var runtime: String? {
    if name.hasPrefix("Datadog-Python") {
      let digits = name.dropFirst("Datadog-Python".count).prefix { $0.isNumber }
      guard let major = digits.first, digits.count >= 2 else { return nil }
      return "python\(major).\(digits.dropFirst())"
    }
    if name.hasPrefix("Datadog-Node") {
      let digits = name.dropFirst("Datadog-Node".count).prefix { $0.isNumber }
      return digits.isEmpty ? nil : "nodejs\(digits).x"
    }
    return nil
  }

  /// The layer's name that fits a runtime and an architecture, as `Datadog-Python312-ARM`.
  package static func libraryName(runtime: String, architecture: String?) -> String? {
    if runtime.hasPrefix("python") {
      let digits = runtime.dropFirst("python".count).filter { $0 != "." }
      return "Datadog-Python\(digits)" + (architecture == "arm64" ? "-ARM" : "")
    }
    guard runtime.hasPrefix("nodejs") else { return nil }
    return "Datadog-Node\(runtime.dropFirst("nodejs".count).prefix { $0.isNumber })-x"
  }
}
