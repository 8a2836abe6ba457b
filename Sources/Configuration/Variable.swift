package import Wire

/// One variable that is set: its text, or a secret's traits. No key ever stands in it.
package struct Variable: Codable, Equatable, Sendable {
  package var name: String
  /// The value with keys and URL passwords taken out; nil for a secret.
  package var text: String?
  package var secret: SecretTraits?
  /// Where it is set: `environment`, or the file that it was read from.
  package var origin: String
  /// Bytes of the whole value.
  package var length: Int
  package var isUTF8: Bool
  /// A key that stands in the text of a variable that is for something else.
  package var key: SecretTraits?
  /// Whether the text is the value: nothing was taken out of it, cut off or repaired.
  package var isWhole: Bool
  /// Where its value is kept, which is not read: `secret app-keys/api-key`; nil for all others.
  package var kept: String?
  /// The field of a Kubernetes pod that it is taken from, as `status.hostIP`.
  package var field: String?

  /// What the report shows: the text on one line, or the secret's kind and fingerprint.
  package var shown: String {
    if let kept { return "(from \(printable(kept, limit: 200)), not read)" }
    if let secret { return secret.description }
    return printable(text ?? "", limit: 400)
  }

  package var isEmpty: Bool { length == 0 && kept == nil }
}

/// A variable as a source sets it, before its secret is parted off.
package struct Assignment: Sendable {
  package enum Value: Sendable {
    case bytes([UInt8])
    /// Kept elsewhere, and not read.
    case kept(String)
    /// Of a field of a Kubernetes pod: its value, or the field's own name where only the pod knows it.
    case field(String, [UInt8])
  }

  package var name: [UInt8]
  package var value: Value
  package var origin: String

  package init(_ name: [UInt8], _ value: Value, origin: String) {
    self.name = name
    self.value = value
    self.origin = origin
  }

  /// Reads `NAME=value`; nil where no `=` stands in it.
  package init?(entry: [UInt8], origin: String) {
    guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    self.init(
      Array(entry[..<equals]), .bytes(Array(entry[(equals + 1)...])), origin: origin)
  }
}

/// The variables that concern Datadog, OpenAI and the way to them, and their secrets apart.
package struct Environment: Codable, Equatable, Sendable {
  /// In order of name.
  package private(set) var variables: [Variable]
  /// What lost to a variable here: a second one of its name, or what a tracer's own file sets.
  package private(set) var shadowed: [Variable]

  /// Longer values are judged by their length and kept no further.
  package static let valueLimit = 64 * 1024

  package init(_ variables: [Variable] = [], shadowed: [Variable] = []) {
    self.variables = variables.sorted { $0.name < $1.name }
    self.shadowed = shadowed
  }

  package subscript(_ name: String) -> Variable? {
    var low = 0
    var high = variables.count
    while low < high {
      let middle = (low + high) / 2
      if variables[middle].name < name { low = middle + 1 } else { high = middle }
    }
    guard low < variables.count, variables[low].name == name else { return nil }
    return variables[low]
  }

  /// The text of a variable that is set, even where it is empty.
  package func text(_ name: String) -> String? {
    self[name]?.text
  }

  /// The text of a variable that is set and not empty.
  package func value(_ name: String) -> String? {
    guard let text = text(name), !text.isEmpty else { return nil }
    return text
  }

  package func has(_ name: String) -> Bool { self[name] != nil }
}

/// The secrets of an environment: only probes get them, to send each to the host that it is for.
package struct Credentials: Sendable {
  private let secrets: [String: Secret]
  /// What is sent to nobody, and shown to nobody: URLs with a password, and what is outranked.
  package let concealed: [Secret]

  package init(_ secrets: [String: Secret] = [:], concealed: [Secret] = []) {
    self.secrets = secrets
    self.concealed = concealed
  }

  package subscript(_ name: String) -> Secret? { secrets[name] }

  package var all: some Collection<Secret> { secrets.values }

  /// The secrets of the variables that win, where files have secrets of their own.
  ///
  /// - Parameters:
  ///   - environment: the winners, each with its origin.
  ///   - files: the secrets of each file, by its path.
  /// - Returns: this process's secrets, and a file's in the place of what it outranks.
  package func layered(_ environment: Environment, _ files: [String: Credentials]) -> Credentials {
    var secrets = secrets
    var concealed = concealed + files.values.flatMap { $0.concealed + $0.all }
    for variable in environment.variables {
      guard let file = files[variable.origin] else { continue }
      if let outranked = secrets[variable.name] { concealed.append(outranked) }
      secrets[variable.name] = file[variable.name]
    }
    return Credentials(secrets, concealed: concealed)
  }
}

extension Environment {
  /// Reads `NAME=value` entries as the process got them, bytes and all, and parts off the secrets.
  ///
  /// Entries come without their terminating NUL.
  package static func reading(
    _ entries: [[UInt8]], origin: String = "environment", for project: Project? = nil
  ) -> (environment: Environment, credentials: Credentials) {
    let further = project?.names ?? []
    // A cheap look at the name first: most of a process's variables end here.
    return reading(
      entries.compactMap { entry in
        guard let equals = entry.firstIndex(of: UInt8(ascii: "=")),
          concernsUs(entry[..<equals]) || further.contains(where: { entry.isNamed($0) })
        else { return nil }
        return Assignment(entry: entry, origin: origin)
      }, for: project)
  }

  /// Reads variables as a source sets them, and parts off the secrets; of equal names the first counts.
  package static func reading(
    _ assignments: [Assignment], for project: Project? = nil
  ) -> (environment: Environment, credentials: Credentials) {
    let further = project?.names ?? []
    let told = Set(project?.secrets ?? [])
    var variables: [Variable] = []
    var shadowed: [Variable] = []
    var secrets: [String: Secret] = [:]
    var concealed: [Secret] = []
    var seen: Set<String> = []
    var names = SecretNames()
    for assignment in assignments {
      let name = String(decoding: assignment.name, as: UTF8.self)
      guard concernsUs(assignment.name[...]) || further.contains(name) else { continue }
      let origin = assignment.origin
      let bytes: [UInt8]
      var field: String?
      switch assignment.value {
      case .bytes(let value): bytes = value
      case .field(let path, let value): (field, bytes) = (path, value)
      case .kept(let place):
        // getenv(3) answers with the first of two equal names.
        guard seen.insert(name).inserted else { continue }
        variables.append(
          Variable(
            name: name, text: nil, secret: nil, origin: origin, length: 0, isUTF8: true,
            isWhole: false, kept: Redaction.redacted(place)))
        continue
      }
      let isFirst = seen.insert(name).inserted
      guard isFirst || shadowed.count < 64 else { continue }
      let reading = told.contains(name) ? .secret : names.reading(of: name)
      let (variable, secret) = variable(name, bytes, field, origin, reading)
      if isFirst {
        variables.append(variable)
        secrets[name] = secret
      } else {
        shadowed.append(variable)
        if let secret { concealed.append(secret) }
      }
      if secret == nil, variable.text?.holds("****@") == true { concealed.append(Secret(bytes)) }
    }
    return (
      Environment(variables, shadowed: shadowed), Credentials(secrets, concealed: concealed)
    )
  }

  /// A variable without what is secret in it, and that apart.
  private static func variable(
    _ name: String, _ bytes: [UInt8], _ field: String?, _ origin: String,
    _ reading: SecretNames.Reading
  ) -> (Variable, Secret?) {
    let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
    guard reading == .plain else {
      let secret = Secret(bytes)
      let variable = Variable(
        name: name, text: nil, secret: secret.traits, origin: origin, length: bytes.count,
        isUTF8: isUTF8, isWhole: false)
      // What is hidden because there are so many is sent to nobody.
      return (variable, reading == .secret ? secret : nil)
    }
    let whole = String(decoding: bytes.prefix(valueLimit), as: UTF8.self)
    // A proxy's URL may hold a password: it is for the client that connects to the proxy.
    let isProxy = proxyNames.contains(name)
    let text = Redaction.redacted(
      isProxy ? ProxyURL.redacted(whole) : whole, isCommit: namesCommit(name))
    let variable = Variable(
      name: name, text: text, secret: nil, origin: origin, length: bytes.count, isUTF8: isUTF8,
      key: Redaction.tellingKey(in: whole),
      isWhole: isUTF8 && bytes.count <= valueLimit && text == whole, field: field)
    return (variable, isProxy ? Secret(bytes) : nil)
  }

  private static func namesCommit(_ name: String) -> Bool {
    ["VERSION", "SHA", "COMMIT", "GIT_"].contains { name.holds($0) }
  }

  /// Whether a name is one that tracers, OpenAI clients or the way to them read.
  private static func concernsUs(_ name: ArraySlice<UInt8>) -> Bool {
    guard let first = name.first else { return false }
    // By the first letter: most names end here.
    switch first == UInt8(ascii: "_") ? first : first | 0x20 {
    case UInt8(ascii: "d"), UInt8(ascii: "_"), UInt8(ascii: "o"), UInt8(ascii: "a"),
      UInt8(ascii: "l"):
      if prefixes.contains(where: { begins(name, with: $0) }) { return true }
    case UInt8(ascii: "h"), UInt8(ascii: "n"), UInt8(ascii: "s"), UInt8(ascii: "r"),
      UInt8(ascii: "p"), UInt8(ascii: "v"), UInt8(ascii: "e"), UInt8(ascii: "k"),
      UInt8(ascii: "f"), UInt8(ascii: "w"), UInt8(ascii: "c"), UInt8(ascii: "g"):
      break
    default: return false
    }
    return context.contains { $0.utf8.elementsEqual(name) }
  }

  /// Whether a name begins with a lower-case prefix, without regard to its own case.
  private static func begins(_ name: ArraySlice<UInt8>, with prefix: String) -> Bool {
    name.count >= prefix.utf8.count
      && zip(name, prefix.utf8).allSatisfy { byte, wanted in
        ((65...90).contains(byte) ? byte | 0x20 : byte) == wanted
      }
  }

  private static let prefixes = [
    "dd_", "_dd_", "dd-", "datadog_", "openai_", "otel_", "azure_openai_", "litellm_dd", "dd.",
  ]

  private static let proxyNames: Set<String> = [
    "ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "https_proxy", "http_proxy",
    "DD_PROXY_HTTPS", "DD_PROXY_HTTP",
  ]

  private static let context = [
    "ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "all_proxy", "https_proxy", "http_proxy",
    "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS",
    "NODE_OPTIONS", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "PHP_INI_SCAN_DIR",
    "AWS_LAMBDA_FUNCTION_NAME", "AWS_EXECUTION_ENV", "AWS_LAMBDA_EXEC_WRAPPER", "AWS_REGION",
    "AWS_LAMBDA_RUNTIME_API", "ECS_CONTAINER_METADATA_URI", "ECS_CONTAINER_METADATA_URI_V4",
    "KUBERNETES_SERVICE_HOST", "K_SERVICE", "K_REVISION", "FUNCTIONS_WORKER_RUNTIME",
    "WEBSITE_SITE_NAME", "CONTAINER_APP_NAME", "GITHUB_ACTIONS", "GITLAB_CI", "CI",
    "_HANDLER", "LAMBDA_TASK_ROOT", "ECS_FARGATE", "ECS_MANAGED_INSTANCES",
  ]
}

extension [UInt8] {
  /// Whether an entry `NAME=value` is one of this name.
  fileprivate func isNamed(_ name: String) -> Bool {
    count > name.utf8.count && self[name.utf8.count] == UInt8(ascii: "=")
      && prefix(name.utf8.count).elementsEqual(name.utf8)
  }
}
