/// All that is configured and what follows from it: the pure part of a run.
package struct Settings: Sendable {
  package let environment: Environment
  package let host: HostFacts
  package let setup: Setup
  /// Nil where nothing tells.
  package let language: Language?
  /// What the setup and the language were read from, for the report.
  package var detectedFrom: [String]
  package let agent: AgentAddress
  package let dogStatsD: DogStatsDAddress
  package let site: SiteSetting
  /// DD_API_KEY, or another name that this tracer reads; nil where none is there.
  package let apiKey: DatadogKey?
  package let appKey: DatadogKey?
  package let proxies: Proxies
  /// Whether the user lets the key be tried on the other sites of its kind.
  package var findsSite = false
  /// Whether the user wants to know what became of the test spans.
  package var verifiesDelivery = false

  package init(
    _ environment: Environment, _ host: HostFacts, setup: Setup? = nil, language: Language? = nil,
    detectedFrom: [String]? = nil
  ) {
    self.host = host
    let foundLanguage =
      language.map { ($0, "--language") } ?? host.project?.named(\.language)
      ?? Self.language(environment, host)
    self.language = foundLanguage?.0
    let environment = environment.layered(Self.tracerFiles(host, foundLanguage?.0))
    self.environment = environment
    let foundSetup =
      setup.map { ($0, "--setup") } ?? host.project?.named(\.setup)
      ?? Self.setup(environment, host, foundLanguage?.0)
    self.setup = foundSetup.0
    let sources = [foundSetup.1, foundLanguage?.1, host.project?.title].compactMap { $0 }
    self.detectedFrom =
      detectedFrom
      ?? sources.enumerated().filter { sources.firstIndex(of: $0.element) == $0.offset }
      .map(\.element)
    agent = AgentAddress.resolve(environment, host, self.language)
    dogStatsD = DogStatsDAddress.resolve(environment, host, self.language, agent: agent)
    site = Site.resolve(environment, self.language)
    apiKey = Self.apiKey(environment, self.setup, self.language)
    appKey = Self.appKey(environment)
    proxies = Proxies.resolve(environment)
  }

  /// The service that spans carry: DD_SERVICE, its OpenTelemetry name, or `service:` in DD_TAGS.
  package var service: String? {
    tag("service", ["DD_SERVICE", "DD_SERVICE_NAME", "OTEL_SERVICE_NAME"])
  }

  /// The environment that spans carry.
  package var env: String? { tag("env", ["DD_ENV"]) }

  package var version: String? { tag("version", ["DD_VERSION"]) }

  /// The pairs of DD_TAGS as this tracer splits them.
  package var tags: [(key: String, value: String)] {
    TracerValue.tags(environment.text("DD_TAGS") ?? "")
  }

  /// What this tracer makes of a boolean; nil where it is not set.
  ///
  /// Without a language it is read as Python's tracer would.
  package func boolean(_ name: String) -> BooleanReading? {
    environment.text(name).map { TracerValue.boolean($0, name, language ?? .python) }
  }

  /// Whether a boolean holds: its reading, or the default where it is unset or ignored.
  package func isOn(_ name: String, default standard: Bool) -> Bool {
    switch boolean(name) {
    case .on: true
    case .off: false
    case .ignored, nil: standard
    }
  }

  private func tag(_ key: String, _ names: [String]) -> String? {
    for name in names {
      if let value = environment.value(name) { return value }
    }
    if let value = tags.first(where: { $0.key == key })?.value, !value.isEmpty { return value }
    let otel = Self.resourceAttributes[key] ?? []
    for part in (environment.text("OTEL_RESOURCE_ATTRIBUTES") ?? "").split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, otel.contains(TracerValue.trimmingBlanks(String(pair[0]))) else {
        continue
      }
      return TracerValue.trimmingBlanks(String(pair[1]))
    }
    return nil
  }

  /// The names that OpenTelemetry's resources have for a tag.
  private static let resourceAttributes = [
    "service": ["service.name"], "version": ["service.version"],
    "env": ["deployment.environment.name", "deployment.environment"],
  ]
}

// What tells the setup and the language.
extension Settings {
  private static func language(
    _ environment: Environment, _ host: HostFacts
  ) -> (Language, String)? {
    if let options = environment.text("NODE_OPTIONS"), options.contains("dd-trace") {
      return (.node, "dd-trace in NODE_OPTIONS")
    }
    if let path = environment.text("PYTHONPATH"), path.contains("ddtrace/bootstrap") {
      return (.python, "ddtrace in PYTHONPATH")
    }
    let runtime = environment.text("AWS_EXECUTION_ENV") ?? ""
    if runtime.hasPrefix("AWS_Lambda_python") { return (.python, "AWS_EXECUTION_ENV") }
    if runtime.hasPrefix("AWS_Lambda_nodejs") { return (.node, "AWS_EXECUTION_ENV") }
    if let workload = host.workload, let language = workload.language {
      return (language, "the \(workload.kind)'s image, command or runtime")
    }
    for mention in [["ddtrace", "dd-trace", "datadog/dd-trace"], ["openai", "openai-php/client"]] {
      let named = host.projectFiles.compactMap { file -> (Language, String)? in
        guard let language = file.language,
          let package = file.mentions.first(where: mention.contains)
        else { return nil }
        return (language, "\(package) in \(file.name)")
      }
      if Set(named.map(\.0)).count > 1 { return nil }
      if let first = named.first { return first }
    }
    let languages = Set(host.projectFiles.compactMap(\.language))
    guard languages.count == 1, let file = host.projectFiles.first, let language = file.language
    else { return nil }
    return (language, file.name)
  }

  private static func setup(
    _ environment: Environment, _ host: HostFacts, _ language: Language?
  ) -> (Setup, String) {
    let enabled = llmObservability(environment, language)
    if let enabled {
      if environment.has("AWS_LAMBDA_FUNCTION_NAME") {
        return (.llmobsLambda, "\(enabled) and AWS_LAMBDA_FUNCTION_NAME")
      }
      if host.lambda != nil { return (.llmobsLambda, "\(enabled) and the function") }
      let names = ["DD_LLMOBS_AGENTLESS_ENABLED", "DD_AGENTLESS_ENABLED"]
      for name in names.prefix(language == .node ? 1 : 2) {
        if let text = environment.text(name),
          TracerValue.boolean(text, name, language ?? .python) == .on
        {
          return (.llmobsAgentless, name)
        }
      }
      return (.llmobsAgent, enabled)
    }
    let traces = environment.variables.contains { variable in
      let name = variable.name
      return name.hasPrefix("DD_TRACE_") || name.hasPrefix("DD_AGENT_") || name == "DD_SERVICE"
        || name == "DD_ENV"
    }
    if environment.has("OPENAI_ADMIN_KEY"), !traces, host.projectFiles.isEmpty {
      return (.openAIAPI, "OPENAI_ADMIN_KEY")
    }
    return (.apm, traces ? "DD_ variables" : "nothing else configured")
  }

  /// The variable that says that LLM Observability is meant; whether it works is a check's matter.
  private static func llmObservability(_ environment: Environment, _ language: Language?) -> String?
  {
    // The PHP tracer has none: what a shared configuration says of it is for others.
    guard language != .php else { return nil }
    if let text = environment.text("DD_LLMOBS_ENABLED") {
      let no = ["false", "0", "no", "off", "f", "n", "disabled", ""]
      return no.contains(TracerValue.trimmingBlanks(text).lowercased())
        ? nil : "DD_LLMOBS_ENABLED"
    }
    return ["DD_LLMOBS_ML_APP", "DD_LLMOBS_AGENTLESS_ENABLED"].first {
      environment.value($0) != nil
    }
  }
}
