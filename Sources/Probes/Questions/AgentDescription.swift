import Diagnosis
import FoundationEssentials

/// What an Agent says of itself at `/info`; every field may be missing, and none is trusted.
package struct AgentDescription: Codable, Equatable, Sendable {
  package var version: String?
  package var endpoints: [String]?
  package var hasConfig: Bool
  package var spanMetaStructs: Bool?
  package var defaultEnvironment: String?
  package var targetTPS: Double?
  package var receiverPort: Int?
  package var receiverSocket: String?
  package var statsdPort: Int?
  package var maxRequestBytes: Int?
  package var requiredTags: [String]
  package var rejectedTags: [String]
  package var requiredTagPatterns: [String]
  package var rejectedTagPatterns: [String]
  package var ignoredResources: [String]

  package init(
    version: String? = nil, endpoints: [String]?, hasConfig: Bool = true,
    spanMetaStructs: Bool? = nil, targetTPS: Double? = nil, statsdPort: Int? = nil
  ) {
    self.version = version
    self.endpoints = endpoints
    self.hasConfig = hasConfig
    self.spanMetaStructs = spanMetaStructs
    self.targetTPS = targetTPS
    self.statsdPort = statsdPort
    requiredTags = []
    rejectedTags = []
    requiredTagPatterns = []
    rejectedTagPatterns = []
    ignoredResources = []
  }

  /// Nil where the text is no JSON object.
  package init?(_ text: String) {
    // 513 opening brackets and nothing behind them kill JSONDecoder: a newline behind saves it.
    guard
      let wire = try? JSONDecoder().decode(InfoWire.self, from: Data(text.utf8) + Data([0x0A]))
    else { return nil }
    version = wire.version
    endpoints = wire.endpoints
    hasConfig = wire.config != nil
    spanMetaStructs = wire.spanMetaStructs
    defaultEnvironment = wire.config?.defaultEnvironment
    targetTPS = wire.config?.targetTPS
    receiverPort = wire.config?.receiverPort
    receiverSocket = wire.config?.receiverSocket
    statsdPort = wire.config?.statsdPort
    maxRequestBytes = wire.config?.maxRequestBytes
    requiredTags = wire.filterTags?.require ?? []
    rejectedTags = wire.filterTags?.reject ?? []
    requiredTagPatterns = wire.filterTagPatterns?.require ?? []
    rejectedTagPatterns = wire.filterTagPatterns?.reject ?? []
    ignoredResources = wire.ignoredResources ?? []
  }

  /// What it is, by what only each of them answers.
  package enum Kind: String, Codable, Sendable {
    case agent, lambdaExtension, testAgent, collector, serverlessAgent, notAgent
  }

  /// Who answers: an Agent, a receiver that takes its place, or something else that speaks JSON.
  package var kind: Kind {
    guard let endpoints, endpoints.contains(where: isTraces) else {
      return endpoints?.contains { $0.hasPrefix("/evp_proxy/") || $0.hasPrefix("/v0.") } == true
        ? .agent : .notAgent
    }
    if version == "test" { return .testAgent }
    // The Collector's datadog receiver takes an Agent's own payloads, too.
    if version?.hasPrefix("datadogreceiver") == true || endpoints.contains("/api/v0.2/traces") {
      return .collector
    }
    if version != nil || hasConfig { return .agent }
    if endpoints.contains("/evp_proxy/v2/api/v2/llmobs") { return .lambdaExtension }
    return endpoints.contains("/info") ? .serverlessAgent : .agent
  }

  /// A prefix that hands on any path, as `/evp_proxy/v2/`; the Lambda extension lists none.
  package var evpProxy: String? {
    let prefixes = (endpoints ?? []).filter {
      $0.hasPrefix("/evp_proxy/v") && $0.hasSuffix("/") && $0.split(separator: "/").count == 2
    }
    return prefixes.contains("/evp_proxy/v2/") ? "/evp_proxy/v2/" : prefixes.max()
  }

  package func lists(_ endpoint: String) -> Bool {
    endpoints?.contains(endpoint) == true
  }

  private func isTraces(_ endpoint: String) -> Bool {
    endpoint.hasPrefix("/v") && endpoint.hasSuffix("/traces")
  }
}

/// `/info` as it stands on the line, each field on its own terms.
private struct InfoWire: Decodable {
  struct Config: Decodable {
    let defaultEnvironment: String?
    let targetTPS: Double?
    let receiverPort: Int?
    let receiverSocket: String?
    let statsdPort: Int?
    let maxRequestBytes: Int?

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Name.self)
      defaultEnvironment = fields.lenient("default_env")
      targetTPS = fields.lenient("target_tps")
      receiverPort = fields.lenient("receiver_port")
      receiverSocket = fields.lenient("receiver_socket")
      statsdPort = fields.lenient("statsd_port")
      maxRequestBytes = fields.lenient("max_request_bytes")
    }
  }

  struct Filter: Decodable {
    let require: [String]?
    let reject: [String]?

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Name.self)
      require = fields.lenient("require")
      reject = fields.lenient("reject")
    }
  }

  struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  let version: String?
  let endpoints: [String]?
  let spanMetaStructs: Bool?
  let config: Config?
  let filterTags: Filter?
  let filterTagPatterns: Filter?
  let ignoredResources: [String]?

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Name.self)
    version = fields.lenient("version")
    endpoints = fields.lenient("endpoints")
    spanMetaStructs = fields.lenient("span_meta_structs")
    config = fields.lenient("config")
    filterTags = fields.lenient("filter_tags")
    filterTagPatterns = fields.lenient("filter_tags_regex")
    ignoredResources = fields.lenient("ignore_resources")
  }
}

extension KeyedDecodingContainer<InfoWire.Name> {
  /// The field where it is there and of the right type.
  fileprivate func lenient<Value: Decodable>(_ name: String) -> Value? {
    let key = InfoWire.Name(stringValue: name)
    guard contains(key) else { return nil }
    return try? decode(Value.self, forKey: key)
  }
}
