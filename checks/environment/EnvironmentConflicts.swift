import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the variables agree with one another.
package struct EnvironmentConflicts: Check {
  package let about = About(
    id: "environment.conflicts",
    title: "Variables agree with one another",
    explanation: """
      Several variables can say the same thing, and each tracer has its own order: the loser is \
      ignored in silence. Shadowed addresses, two different services or keys, traces that leave by \
      OTLP and not for the Agent, names that tracers no longer read, and variables that stand in \
      .env but not in this process are named here, with the one that wins. So are values of the \
      environment that a fleet's application_monitoring.yaml outranks; of that file only a map of \
      names to scalars is read (`apm_configuration_default`), and what is beyond it is unknown.
      """,
    fix: "Keep one variable for each thing, the one that every tracer reads.",
    docs: Docs.settings,
    statuses: [.passed, .warning, .unknown], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    let problems =
      Self.addresses(settings) + Self.names(settings) + Self.keys(settings)
      + Self.otlp(settings) + Self.deprecated(settings) + Self.dotenv(settings)
    return .worst(
      (problems + Self.outranked(settings) + Self.doubled(settings)).map(Outcome.warning)
        + Self.unread(settings),
      else: .passed("no contradiction"))
  }

  /// Variables of the process that a fleet's file says otherwise; a local file's are defaults.
  private static func outranked(_ settings: Settings) -> [Problem] {
    settings.environment.shadowed.compactMap { lost in
      guard let file = settings.file(of: lost.name), file.rank == .fleet,
        !settings.tracerFiles.contains(where: { $0.path == lost.origin }),
        let winner = settings.environment[lost.name], !winner.says(lost)
      else { return nil }
      return .outranked(lost, by: winner, file)
    }
  }

  /// Names that one place sets twice, to different values.
  private static func doubled(_ settings: Settings) -> [Problem] {
    let environment = settings.environment
    return environment.shadowed.prefix(8).compactMap { lost in
      guard let winner = environment[lost.name], winner.origin == lost.origin, winner.kept == nil,
        !winner.says(lost), settings.file(of: lost.name) == nil
      else { return nil }
      return .doubled(winner, lost)
    }
  }

  /// Files in which more stands than is read of them.
  private static func unread(_ settings: Settings) -> [Outcome] {
    settings.tracerFiles.filter { !$0.unreadLines.isEmpty || $0.isCut }.map {
      .unknown(.unread($0))
    }
  }

  private static func addresses(_ settings: Settings) -> [Problem] {
    let agent = settings.agent
    guard let winner = agent.origin.first, winner.name.hasPrefix("DD_"), agent.fault == nil else {
      return []
    }
    return agent.shadowed.compactMap { lost in
      if case .unix = agent.endpoint {
        // With the traces on a socket, DD_AGENT_HOST still leads DogStatsD.
        guard lost.name.hasSuffix("_URL") else { return nil }
      }
      guard !says(agent, lost) else { return nil }
      return .shadowed(lost, by: winner, settings)
    }
  }

  /// Whether a variable that lost says the same as the address that won.
  private static func says(_ agent: AgentAddress, _ lost: AddressSource) -> Bool {
    switch agent.endpoint {
    case .tcp(let host, let port), .tls(let host, let port):
      if lost.name.hasSuffix("_PORT") { return TracerValue.pythonInteger(lost.value) == port }
      if lost.name.hasSuffix("_URL") { return lost.value == agent.url }
      let loopback = ["localhost", "127.0.0.1"]
      return lost.value == host || loopback.contains(lost.value) && loopback.contains(host)
    case .unix: return lost.value == agent.url
    case nil: return true
    }
  }

  /// A service, environment or version that is said twice, and differently.
  private static func names(_ settings: Settings) -> [Problem] {
    let environment = settings.environment
    return [("service", "DD_SERVICE"), ("env", "DD_ENV"), ("version", "DD_VERSION")].flatMap {
      key, name -> [Problem] in
      guard let value = environment.value(name) else { return [] }
      var found: [Problem] = []
      if let tag = settings.tags.first(where: { $0.key == key })?.value, tag != value, !tag.isEmpty
      {
        found.append(.twice(name, value, "\(key): in DD_TAGS", tag))
      }
      if key == "service", let otel = environment.value("OTEL_SERVICE_NAME"), otel != value {
        found.append(.twice(name, value, "OTEL_SERVICE_NAME", otel))
      }
      return found
    }
  }

  private static func keys(_ settings: Settings) -> [Problem] {
    guard let key = settings.environment["DD_API_KEY"]?.secret, key.length > 0,
      let old = settings.environment["DATADOG_API_KEY"]?.secret, old.length > 0,
      key.fingerprint != old.fingerprint
    else { return [] }
    return [.twice("DD_API_KEY", key.description, "DATADOG_API_KEY", old.description)]
  }

  private static func otlp(_ settings: Settings) -> [Problem] {
    guard settings.environment.value("OTEL_TRACES_EXPORTER")?.lowercased() == "otlp",
      settings.environment.value("DD_TRACE_AGENT_PROTOCOL_VERSION") == nil,
      settings.setup != .openAIAPI
    else { return [] }
    return [.leavesByOTLP(settings)]
  }

  /// Names that a tracer of today no longer reads.
  private static func deprecated(_ settings: Settings) -> [Problem] {
    settings.environment.variables.compactMap { variable in
      let name = variable.name
      if let successor = replaced[name] { return .outlived(variable, successor) }
      guard let entry = SettingsRegistry.entry(name), entry.isDeprecated,
        let successor = entry.deprecatedFor,
        entry.readers.contains(where: { ["python", "node", "php"].contains($0) })
      else { return nil }
      if let language = settings.language, !entry.readers.contains(language.rawValue) { return nil }
      return .outlived(variable, successor)
    }
  }

  private static let replaced = [
    "DD_LLMOBS_APP_NAME": "DD_LLMOBS_ML_APP", "DD_LLMOBS_NO_APM": "DD_APM_TRACING_ENABLED",
    "DD_TRACE_GLOBAL_TAGS": "DD_TAGS",
  ]

  private static func dotenv(_ settings: Settings) -> [Problem] {
    let missing = settings.host.dotenvNames.filter { !settings.environment.has($0) }
    return missing.isEmpty ? [] : [.onlyInFile(missing)]
  }
}

extension Variable {
  fileprivate func says(_ other: Variable) -> Bool {
    secret?.fingerprint == other.secret?.fingerprint && text == other.text
  }
}

extension Problem {
  fileprivate static func doubled(_ winner: Variable, _ lost: Variable) -> Problem {
    Problem(
      "\(winner.name) is set twice in one place, and programs differ in which they take",
      class: .conflict,
      evidence: Evidence(
        winner.name, measured: "\(winner.shown) (taken here); \(lost.shown)",
        expected: "one value", source: winner.origin),
      remedies: .edit("set \(winner.name) once in \(winner.origin)"))
  }

  fileprivate static func outranked(_ lost: Variable, by winner: Variable, _ file: TracerFile)
    -> Problem
  {
    Problem(
      "\(lost.name) of the environment is ignored: \(file.path) wins", class: .conflict,
      evidence: Evidence(
        lost.name, measured: "'\(lost.shown)'", expected: "'\(winner.shown)'", source: lost.origin),
      Evidence(lost.name, measured: "'\(winner.shown)'", source: winner.origin),
      remedies: .edit("change \(lost.name) in Fleet Automation, which writes \(file.path)"),
      .unset(lost.name, "if the fleet's value is right"))
  }

  fileprivate static func unread(_ file: TracerFile) -> Problem {
    let lines = file.unreadLines.prefix(6).map(String.init).joined(separator: ", ")
    let place = lines.isEmpty ? "it is longer than what is read" : "line \(lines)"
    return Problem(
      "\(file.path) says more than is read of it here: \(place)", class: .unsupported,
      evidence: Evidence(
        "file", measured: place,
        expected: "apm_configuration_default with names and scalars alone", source: file.path),
      remedies: .command(
        "cat \(shellQuoted(file.path))", "a value there may outrank what is judged"))
  }

  fileprivate static func shadowed(
    _ lost: AddressSource, by winner: AddressSource, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(lost.name)=\(lost.value) is ignored: \(winner.name) wins", class: .conflict,
      evidence: Evidence(
        "address", measured: "\(settings.agent.url), from \(settings.agent.originText)",
        expected: "variables that agree",
        source: "\(settings.language?.tracer ?? "ddtrace")'s own order"),
      remedies: .unset(lost.name, "if \(settings.agent.url) is right"),
      .unset(winner.name, "if \(lost.value) is"))
  }

  fileprivate static func twice(
    _ name: String, _ value: String, _ other: String, _ otherValue: String
  ) -> Problem {
    Problem(
      "\(name) and \(other) differ: \(name) wins", class: .conflict,
      evidence: Evidence(name, measured: value, expected: "one value", source: "environment"),
      Evidence(other, measured: otherValue, source: "environment"),
      remedies: .edit("keep \(name) and take the other away"))
  }

  fileprivate static func leavesByOTLP(_ settings: Settings) -> Problem {
    Problem(
      "OTEL_TRACES_EXPORTER=otlp: traces leave by OTLP, and not for \(settings.agent.url)",
      class: .conflict,
      evidence: Evidence(
        "OTEL_TRACES_EXPORTER", measured: "otlp", expected: "unset, for the Agent's trace port",
        source: "environment"),
      remedies: .unset("OTEL_TRACES_EXPORTER"))
  }

  fileprivate static func outlived(_ variable: Variable, _ successor: String) -> Problem {
    Problem(
      "\(variable.name) is deprecated: \(successor) takes its place", class: .deprecated,
      evidence: Evidence(
        variable.name, measured: "set", expected: successor,
        source: "the tracers' registries of settings"),
      remedies: .renaming(variable, to: successor))
  }

  fileprivate static func onlyInFile(_ names: [String]) -> Problem {
    let list = names.prefix(6).joined(separator: " ")
    return Problem(
      "\(names.count == 1 ? names[0] : "\(names.count) DD_ variables") in .env, not in this process",
      class: .conflict,
      evidence: Evidence(
        ".env", measured: list, expected: "in the process before the tracer starts",
        source: ".env of this folder"),
      remedies: .command("set -a; . ./.env; set +a; dd-doctor", "judge with the file loaded"),
      .advice("a tracer that starts before .env is loaded does not see them"))
  }
}
