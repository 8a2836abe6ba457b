import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the address that the tracer resolves can be one of an Agent.
package struct AgentAddressUsable: Check {
  package let about = About(
    id: .agentAddress,
    title: "Agent address is usable",
    explanation: """
      Each tracer resolves the Agent's address from its own variables in its own order, from a \
      default socket that may exist, or from its default. A malformed value stops a Python \
      application before it starts, and makes the others send to nowhere without a word. ddtrace \
      asks HTTP_PROXY for its Agent from 4.15 on, where NO_PROXY does not name the Agent's host: \
      what it sends then ends at the proxy.
      """,
    fix: """
      Set DD_TRACE_AGENT_URL to http://host:8126, https://host:port or unix:///path, or \
      DD_AGENT_HOST and DD_TRACE_AGENT_PORT to a bare host and a port from 1 to 65535.
      """,
    docs: Docs.connection,
    statuses: [.passed, .warning, .failed], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    let address = settings.agent
    if let fault = address.fault { return .failed(.unusable(fault, settings)) }
    if settings.language == nil {
      let others = [Language.node, Language.php].map { (language: Language) in
        (language, AgentAddress.resolve(settings.environment, settings.host, language))
      }
      if let other = others.first(where: { !$0.1.leadsWhere(address) }) {
        return .warning(.ambiguous(settings, other.0, other.1))
      }
    }
    if let proxy = settings.agentProxy, let tracer = await seen.tracerVersion,
      tracer.asksProxyForAgent
    {
      return .warning(.proxied(proxy, settings))
    }
    if let note = address.notes.first { return .warning(.odd(note, settings)) }
    return .passed("\(address.url) (\(address.originText))", settings.addressEvidence)
  }
}

extension Problem {
  fileprivate static func unusable(_ fault: AddressFault, _ settings: Settings) -> Problem {
    let shown = fault.value.isEmpty ? "empty" : "'\(printable(fault.value, limit: 400))'"
    return Problem(
      "\(fault.variable) is \(shown): \(fault.reason)", class: .malformed,
      evidence: Evidence(
        fault.variable, measured: shown,
        expected: fault.variable.hasSuffix("_PORT")
          ? "a number from 1 to 65535"
          : fault.variable.hasSuffix("_URL")
            ? "http://host:port, https://host:port or unix:///path" : "a host name or address",
        source: settings.environment[fault.variable]?.origin ?? "environment"),
      Evidence("effect", measured: fault.consequence, source: "the tracer's source"),
      remedies: repair(fault, settings))
  }

  /// The value that was probably meant, where dropping quotes or adding a scheme gives a good one.
  private static func repair(_ fault: AddressFault, _ settings: Settings) -> Remedy {
    if fault.variable.hasSuffix("_PORT") {
      return .unset(fault.variable, "8126 is the default, else set a port")
    }
    if fault.value.contains("<") {
      return .edit("put the Agent's own host in place of what stands in <…>")
    }
    let bare = fault.value.filter { !"\"'` \t\r\n".contains($0) }
    let behind = bare.firstRange(of: "://").map { String(bare[$0.upperBound...]) } ?? bare
    let guesses =
      fault.variable.hasSuffix("_URL")
      ? [bare, behind.hasPrefix("/") ? "unix://\(behind)" : "http://\(behind)"]
      : [bare, bracketed(bare)]
    for guess in guesses where guess != fault.value {
      let environment = Environment.reading([Array("\(fault.variable)=\(guess)".utf8)]).environment
      let address = AgentAddress.resolve(environment, settings.host, settings.language)
      if address.fault == nil, !bare.isEmpty {
        return .set(fault.variable, to: guess, of: settings.environment[fault.variable])
      }
    }
    if fault.variable.hasSuffix("_URL") {
      return .set(fault.variable, to: "http://localhost:8126", "with your Agent's host")
    }
    let parts = URLParts(bare.contains("://") ? bare : "http://\(bare)")
    guard bare.contains("://") || parts.port != nil, !parts.host.isEmpty else {
      return .set(fault.variable, to: bare.isEmpty ? "localhost" : "<agent host>")
    }
    let port = parts.port.flatMap { $0 == "8126" ? nil : $0 }
    return .set(
      fault.variable, to: parts.host, port.map { "and DD_TRACE_AGENT_PORT=\($0)" } ?? "")
  }

  fileprivate static func ambiguous(
    _ settings: Settings, _ language: Language, _ other: AgentAddress
  ) -> Problem {
    Problem(
      other.url == settings.agent.url
        ? "\(language.tracer) would ask \(other.url("/info")), not \(settings.agent.url("/info"))"
        : "\(language.tracer) would send to \(other.url), not to \(settings.agent.url)",
      class: .conflict,
      evidence: settings.addressEvidence,
      Evidence(
        language.rawValue, measured: "\(other.url), from \(other.originText)",
        expected: "one address in every language", source: "\(language.tracer)'s own order"),
      remedies: .command(
        "dd-doctor --language \(language.rawValue)", "if that is the application's language"),
      .set(
        "DD_TRACE_AGENT_URL",
        to: settings.agent.endpoint.map { $0.url("") } ?? settings.agent.url,
        "every tracer reads this one first"))
  }

  /// A proxy stands between the tracer and its Agent.
  static func proxied(_ proxy: Proxy, _ settings: Settings) -> Problem {
    let host = settings.agent.endpoint?.host ?? "localhost"
    let names = ["NO_PROXY", "no_proxy"]
    let name = names.first { settings.environment.value($0) != nil } ?? names[0]
    let value = settings.environment.value(name).map { "\($0),\(host)" } ?? host
    return Problem(
      "\(proxy.variable) stands before \(settings.agent.url): ddtrace asks that proxy for its Agent",
      class: .proxy,
      evidence: Evidence(
        proxy.variable, measured: proxy.shown, expected: "\(name) names \(host)",
        source: settings.environment[proxy.variable]?.origin ?? "environment"),
      Evidence("asks a proxy", measured: "ddtrace from 4.15 on", source: "its HTTP client"),
      remedies: .set(name, to: value, "the Agent is reached directly then"))
  }

  fileprivate static func odd(_ note: AddressNote, _ settings: Settings) -> Problem {
    Problem(
      note.text, class: .malformed,
      evidence: settings.addressEvidence,
      remedies: note.better.map { .set(note.variable, to: $0) }
        ?? .unset(note.variable, "the default holds then"))
  }
}
