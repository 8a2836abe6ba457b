import FoundationEssentials

/// What a tracer told Datadog of itself: its configuration, its integrations, what it loaded.
package struct CapturedTelemetry: Codable, Equatable, Sendable {
  /// One setting as the tracer believes it.
  package struct Setting: Codable, Equatable, Sendable {
    package var name: String
    /// Nil where it is not one of those that are judged.
    package var value: String?
    /// `default`, `env_var`, `code`, `fleet_stable_config`, …
    package var origin: String

    package init(name: String, value: String?, origin: String) {
      self.name = name
      self.value = value
      self.origin = origin
    }
  }

  package struct Integration: Codable, Equatable, Sendable {
    package var name: String
    package var version: String?
    package var enabled: Bool?
    package var compatible: Bool?
    package var error: String?

    package init(
      name: String, version: String? = nil, enabled: Bool? = nil, compatible: Bool? = nil,
      error: String? = nil
    ) {
      self.name = name
      self.version = version
      self.enabled = enabled
      self.compatible = compatible
      self.error = error
    }
  }

  /// Messages by their type, those in a batch among them.
  package var messages: [String: Int] = [:]
  /// Bodies that could not be read.
  package var unread = 0
  package var service: String?
  package var environment: String?
  package var version: String?
  package var configuration: [Setting] = []
  /// Those of OpenAI's libraries.
  package var integrations: [Integration] = []
  /// Integrations of any name.
  package var integrationCount = 0
  /// OpenAI's library and the tracer as they were loaded, as `openai 2.8.1`.
  package var dependencies: [Integration] = []

  package init() {}

  package var hasStarted: Bool { messages["app-started"] != nil }
  package var hasClosed: Bool { messages["app-closing"] != nil }

  /// What the tracer believes of a setting.
  package func setting(_ name: String) -> Setting? {
    configuration.first { $0.name == name }
  }

  /// `cmd_line`, `manual` or `ssi`.
  package var instrumentationSource: String? { setting("instrumentation_source")?.value }

  // MARK: Reading

  /// Adds what one body says.
  mutating func note(_ body: [UInt8]) {
    // The decoder traps on exactly 513 opening brackets with nothing behind them.
    guard
      let message = try? JSONDecoder().decode(
        TelemetryMessage.self, from: Data(body) + [UInt8(ascii: "\n")])
    else {
      unread += 1
      return
    }
    if let application = message.application {
      service = application.service.map { Self.shown($0) } ?? service
      environment = application.environment.map { Self.shown($0) } ?? environment
      version = application.version.map { Self.shown($0) } ?? version
    }
    count(message.type)
    note(message.type, message.payload)
    for part in message.batch {
      count(part.type)
      note(part.type, part.payload)
    }
  }

  private mutating func count(_ type: String) {
    guard messages.count < 40 || messages[type] != nil else { return }
    messages[Self.shown(type), default: 0] += 1
  }

  private mutating func note(_ type: String, _ payload: TelemetryMessage.Payload?) {
    guard let payload else { return }
    // What it was started with counts, and what code switches on later; at its end a tracer
    // reports its own switching off.
    for setting in payload.configuration ?? [] {
      let isSwitchedOn = setting.value == "true" && setting.origin == "code"
      note(setting, replaces: type == "app-started" || isSwitchedOn)
    }
    for integration in payload.integrations ?? [] {
      integrationCount += 1
      guard Self.isOpenAI(integration.name) else { continue }
      Self.put(
        Integration(
          name: Self.shown(integration.name), version: integration.version.map { Self.shown($0) },
          enabled: integration.enabled, compatible: integration.compatible,
          error: integration.error.flatMap { $0.isEmpty ? nil : Self.shown($0, limit: 300) }),
        in: &integrations)
    }
    for dependency in payload.dependencies ?? []
    where Self.isOpenAI(dependency.name) || Self.tracers.contains(dependency.name) {
      Self.put(
        Integration(
          name: Self.shown(dependency.name), version: dependency.version.map { Self.shown($0) }),
        in: &dependencies)
    }
  }

  private mutating func note(_ told: TelemetryMessage.Setting, replaces: Bool) {
    let name = Self.names[told.name] ?? told.name
    let isJudged = Self.judged.contains(name)
    let origin = Self.shown(told.origin ?? "unknown")
    guard isJudged || !["default", "unknown"].contains(origin) else { return }
    let setting = Setting(
      name: Self.shown(name), value: isJudged ? told.value.map { Self.shown($0, limit: 300) } : nil,
      origin: origin)
    if let index = configuration.firstIndex(where: { $0.name == setting.name }) {
      if replaces { configuration[index] = setting }
    } else if configuration.count < 300 {
      configuration.append(setting)
    }
  }

  private static func put(_ integration: Integration, in list: inout [Integration]) {
    if let index = list.firstIndex(where: { $0.name == integration.name }) {
      list[index] = integration
    } else if list.count < 20 {
      list.append(integration)
    }
  }

  private static func isOpenAI(_ name: String) -> Bool {
    ["openai", "openai-php/client", "openai_agents"].contains(name)
  }

  private static func shown(_ text: String, limit: Int = 100) -> String {
    printable(Redaction.redacted(text), limit: limit)
  }

  private static let tracers: Set<String> = ["ddtrace", "dd-trace", "datadog/dd-trace"]

  /// Older tracers' own names of settings.
  private static let names = [
    "service": "DD_SERVICE", "env": "DD_ENV", "version": "DD_VERSION",
    "tracing_enabled": "DD_TRACE_ENABLED", "tracing": "DD_TRACE_ENABLED",
    "trace_enabled": "DD_TRACE_ENABLED",
  ]

  /// The settings whose values are kept; a value of any other name might be anything.
  private static let judged: Set<String> = [
    "DD_SERVICE", "DD_ENV", "DD_VERSION", "DD_TRACE_ENABLED", "DD_APM_TRACING_ENABLED",
    "DD_LLMOBS_ENABLED", "DD_LLMOBS_ML_APP", "DD_LLMOBS_AGENTLESS_ENABLED",
    "DD_LLMOBS_SAMPLE_RATE", "DD_TRACE_SAMPLING_RULES", "DD_TRACE_SAMPLE_RATE",
    "DD_TRACE_OPENAI_ENABLED", "DD_PATCH_MODULES", "DD_SITE", "instrumentation_source",
  ]
}

/// A message of instrumentation telemetry v2, alone or with others in a batch.
private struct TelemetryMessage: Decodable {
  struct Application: Decodable {
    let service: String?
    let environment: String?
    let version: String?

    private enum CodingKeys: String, CodingKey {
      case service = "service_name"
      case environment = "env"
      case version = "service_version"
    }
  }

  struct Payload: Decodable {
    let configuration: [Setting]?
    let integrations: [Integration]?
    let dependencies: [Integration]?
  }

  struct Part: Decodable {
    let type: String
    let payload: Payload?

    private enum CodingKeys: String, CodingKey {
      case payload
      case type = "request_type"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      type = try fields.decode(String.self, forKey: .type)
      payload = try? fields.decodeIfPresent(Payload.self, forKey: .payload)
    }
  }

  struct Setting: Decodable {
    let name: String
    let value: String?
    let origin: String?

    private enum CodingKeys: String, CodingKey { case name, value, origin }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      name = try fields.decode(String.self, forKey: .name)
      origin = try? fields.decodeIfPresent(String.self, forKey: .origin)
      // A tracer writes booleans and numbers as such, or as text.
      if let flag = try? fields.decode(Bool.self, forKey: .value) {
        value = flag ? "true" : "false"
      } else if let number = try? fields.decode(Double.self, forKey: .value) {
        value = Int(exactly: number).map(String.init) ?? String(number)
      } else {
        value = try? fields.decodeIfPresent(String.self, forKey: .value)
      }
    }
  }

  struct Integration: Decodable {
    let name: String
    let version: String?
    let enabled: Bool?
    let compatible: Bool?
    let error: String?

    private enum CodingKeys: String, CodingKey { case name, version, enabled, compatible, error }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      name = try fields.decode(String.self, forKey: .name)
      version = try? fields.decodeIfPresent(String.self, forKey: .version)
      enabled = try? fields.decodeIfPresent(Bool.self, forKey: .enabled)
      compatible = try? fields.decodeIfPresent(Bool.self, forKey: .compatible)
      error = try? fields.decodeIfPresent(String.self, forKey: .error)
    }
  }

  let type: String
  let application: Application?
  let payload: Payload?
  let batch: [Part]

  private enum CodingKeys: String, CodingKey {
    case application, payload
    case type = "request_type"
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    type = try fields.decode(String.self, forKey: .type)
    application = try? fields.decodeIfPresent(Application.self, forKey: .application)
    batch = (try? fields.decode([Part].self, forKey: .payload)) ?? []
    payload = try? fields.decodeIfPresent(Payload.self, forKey: .payload)
  }
}
