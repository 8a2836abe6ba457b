import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the Agent sends where the application looks, as both are configured.
package struct AgentSiteSame: Check {
  package let about = About(
    id: "agent.site",
    title: "Agent sends to the application's site",
    explanation: """
      Behind an Agent the application's DD_SITE decides nothing: the Agent sends with its own key to \
      its own site, datadoghq.com where none is set. Where both configurations are at hand (--from \
      for each, or one file with both), the two sites are compared, and the Agent's own key and \
      DD_APM_ENABLED are looked at. A compose variable that the shell has not set leaves the Agent \
      without a key.
      """,
    fix: "Give the Agent the application's DD_SITE, and an API key of that site.",
    docs: Docs.agentSettings,
    statuses: [.passed, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let workload = settings.host.workload, workload.role == .agent {
      return Self.judge(AgentWorkload(workload, settings.environment), nil)
    }
    let agents = settings.traceAgents
    guard let agent = settings.calledAgent ?? agents.first else {
      return .skipped("the Agent's configuration is not at hand: --from takes its file, too")
    }
    guard settings.calledAgent != nil || Set(agents.map(\.site)).count == 1 else {
      return .skipped("several Agents are at hand, and which one is meant is not known")
    }
    return Self.judge(agent, settings)
  }

  private static func judge(_ agent: AgentWorkload, _ settings: Settings?) -> Outcome {
    var outcomes: [Outcome] = []
    if let variable = agent.environment["DD_APM_ENABLED"], let text = variable.text,
      ["false", "0", "no", "off", "f", "n"].contains(text.lowercased())
    {
      outcomes.append(.failed(.switchedOff(variable, agent)))
    }
    if let problem = key(agent) { outcomes.append(problem) }
    guard let own = agent.site else {
      return .worst(
        outcomes, else: .skipped("the Agent's site comes from a file or secret that is not read"))
    }
    guard let settings, settings.site.isSet, let wanted = settings.site.site,
      settings.environment["DD_SITE"]?.kept == nil
    else {
      return .worst(outcomes, else: .passed("the Agent sends to \(own)"))
    }
    if own != wanted.domain {
      // Told with its own site, it is certain; by default, a file of the image may say otherwise.
      outcomes.append(.failed(.otherSite(own, wanted.domain, agent)))
    }
    return .worst(outcomes, else: .passed("both name \(own)"))
  }

  /// The Agent's key: without one it sends nothing.
  private static func key(_ agent: AgentWorkload) -> Outcome? {
    guard let variable = agent.environment["DD_API_KEY"] else {
      guard agent.facts.unread.isEmpty, !agent.isConfiguredByFile,
        !agent.environment.has("DD_API_KEY_FILE"), !agent.environment.has("DD_SECRET_BACKEND_TYPE")
      else { return nil }
      return .failed(.noKey(agent))
    }
    if variable.kept != nil { return nil }
    if variable.isEmpty { return .failed(.noKey(agent)) }
    guard let traits = variable.secret else { return nil }
    let isBroken =
      traits.isPlaceholder || traits.isUnexpanded || traits.isQuoted || traits.hasTrailingNewline
      || traits.hasOddBytes
    // `ENC[handle]` is fetched by the Agent itself.
    return isBroken ? .failed(.brokenKey(traits, agent)) : nil
  }
}

extension AgentWorkload {
  /// Whether a file is mounted where it looks for its configuration.
  var isConfiguredByFile: Bool {
    facts.mount(of: "/etc/datadog-agent/datadog.yaml") != nil
  }

  /// The site that it sends to; nil where that is not known.
  fileprivate var site: String? {
    guard let variable = environment["DD_SITE"] else {
      return facts.unread.isEmpty && !isConfiguredByFile && !environment.has("DD_DD_URL")
        && !environment.has("DD_APM_DD_URL") ? Site.us1.domain : nil
    }
    guard variable.kept == nil, let text = variable.text,
      !environment.has("DD_DD_URL"), !environment.has("DD_APM_DD_URL")
    else { return nil }
    return text.isEmpty ? Site.us1.domain : text
  }
}

extension Problem {
  fileprivate static func otherSite(_ own: String, _ wanted: String, _ agent: AgentWorkload)
    -> Problem
  {
    Problem(
      "the Agent sends to \(printable(own, limit: 60)), the application names \(wanted)",
      class: .wrongSite,
      evidence: Evidence(
        "DD_SITE",
        measured: agent.environment.has("DD_SITE")
          ? printable(own, limit: 60) : "not set: datadoghq.com",
        expected: wanted, source: agent.facts.title),
      remedies: .edit("set DD_SITE=\(wanted) in \(agent.facts.title), with a key of that site"),
      .set("DD_SITE", to: own, "if the data is to go where the Agent sends it"))
  }

  fileprivate static func switchedOff(_ variable: Variable, _ agent: AgentWorkload) -> Problem {
    Problem(
      "the Agent takes no traces: DD_APM_ENABLED is \(variable.shown)", class: .disabled,
      evidence: .agent(variable, agent, expected: "true"),
      remedies: .edit("set DD_APM_ENABLED=true in \(agent.facts.title)"))
  }

  fileprivate static func noKey(_ agent: AgentWorkload) -> Problem {
    let isDeclared = agent.facts.unset.contains("DD_API_KEY")
    return Problem(
      isDeclared
        ? "the Agent's DD_API_KEY is declared and gets no value: the shell has none"
        : "the Agent has no DD_API_KEY: it sends nothing",
      class: .missing,
      evidence: Evidence(
        "DD_API_KEY",
        measured: isDeclared ? "null" : agent.environment.has("DD_API_KEY") ? "''" : "not set",
        expected: "an API key (32 hex digits)", source: agent.facts.title),
      remedies: isDeclared
        ? .command("export DD_API_KEY='<api key>' && docker compose up -d")
        : .edit("set DD_API_KEY in \(agent.facts.title)"))
  }

  fileprivate static func brokenKey(_ traits: SecretTraits, _ agent: AgentWorkload) -> Problem {
    Problem(
      traits.isPlaceholder
        ? "the Agent's DD_API_KEY is a placeholder"
        : traits.isUnexpanded
          ? "the Agent's DD_API_KEY is a variable that was never expanded"
          : "the Agent's DD_API_KEY has quotes, blanks or a line end in it",
      class: .malformed,
      evidence: Evidence(
        "DD_API_KEY", measured: traits.description, expected: "an API key (32 hex digits)",
        source: agent.facts.title),
      remedies: .edit("set DD_API_KEY in \(agent.facts.title)"))
  }
}
