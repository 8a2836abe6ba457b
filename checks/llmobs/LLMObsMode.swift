package import Configuration
package import Diagnosis
package import Probes

/// Whether the tracer takes the way that this setup is meant to take.
package struct LLMObsMode: Check {
  package let about: About

  /// Only a tracer that decides by the Agent's answer has to ask for it; nil stands for any setup.
  package init(_ setup: Setup? = nil) {
    let asks = setup == nil || setup == .llmobsAgent
    about = About(
      id: .llmobsMode,
      title: "Tracer takes the way that is meant",
      explanation: """
        Replays the tracer's own decision. DD_LLMOBS_AGENTLESS_ENABLED (in ddtrace also \
        DD_AGENTLESS_ENABLED) decides where it is set. Else the tracer asks for the Agent's /info: \
        ddtrace looks for the text /evp_proxy/v2 in any endpoint, dd-trace for /evp_proxy/v2/ \
        exactly, which the Lambda extension does not list. Where it is not found the tracer goes \
        straight to DD_SITE, in silence, and without DD_API_KEY it sends nothing.
        """,
      fix: "Set DD_LLMOBS_AGENTLESS_ENABLED to 1 (without an Agent) or to 0 (with one).",
      docs: Docs.llmObservability,
      statuses: [.passed, .warning, .failed, .skipped, .unknown], needsNetwork: asks,
      follows: asks ? [.agentEVPProxy] : [.datadogKeyPresent, "lambda.key"])
  }

  package func anticipate(_ seen: Observations) {
    guard seen.settings.setup == .llmobsAgent else { return }
    seen.begin { _ = try? await $0.llmObsReplay }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    switch settings.setup {
    case _ where settings.language == .php: return .skipped("the PHP tracer has none of it")
    case .openAIAPI, .apm: return .skipped("only LLM Observability needs it")
    case .llmobsAgentless: return agentless(settings)
    case .llmobsAgent: return try await agent(try await seen.llmObsReplay, seen)
    case .llmobsLambda: return lambda(try await seen.llmObsReplay, settings)
    }
  }

  private func agentless(_ settings: Settings) -> Outcome {
    switch settings.llmObservabilityDecision {
    case .agentless(let name):
      let replay = LLMObsReplay(way: .agentless, cause: .said(by: name))
      return .passed(
        "straight to the site: \(name) is on", replay.evidence(settings),
        replay.destination(settings))
    case .agent: return .failed(.notAgentless(settings, .disabled))
    case .asks:
      let isSet = settings.environment.value("DD_LLMOBS_AGENTLESS_ENABLED") != nil
      return .failed(.notAgentless(settings, isSet ? .malformed : .missing))
    }
  }

  private func agent(_ replay: LLMObsReplay, _ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    switch (replay.way, replay.cause) {
    case (.agent, .said):
      // Inside the traces it needs no proxy.
      guard settings.separatesLLMObservability,
        let endpoints = try await seen.agentInfo.description?.endpoints,
        !endpoints.contains(where: { $0.contains("/evp_proxy/v2") })
      else { break }
      return .failed(.noWay(replay, settings))
    case (.agent, _), (.extension, _): break
    case (.agentless, .noAnswer(let fault)) where fault.failureClass == .interrupted:
      return .unknown(.undecided(replay, fault, settings))
    case (.agentless, _):
      return settings.canSendItself
        ? .warning(.bypasses(replay, settings)) : .failed(.keyless(replay, settings))
    }
    return .passed(
      "through the Agent: \(settings.tracerName) \(replay.words(settings))",
      replay.destination(settings))
  }

  private func lambda(_ replay: LLMObsReplay, _ settings: Settings) -> Outcome {
    let evidence = [replay.evidence(settings), replay.destination(settings)]
    switch replay.way {
    case .agent, .extension:
      return .passed("through the extension, which sends with its own key", evidence: evidence)
    case .agentless:
      guard settings.canSendItself else { return .failed(.keyless(replay, settings)) }
      return .passed(
        "straight to the site, around the extension: \(settings.tracerName)"
          + " \(replay.words(settings))", evidence: evidence)
    }
  }
}

extension Settings {
  /// Whether the tracer has what it needs to send without an Agent: a key of its own, and a site.
  fileprivate var canSendItself: Bool {
    guard let apiKey, !apiKey.isEmpty else { return false }
    return site.reading != .empty
  }
}

extension Problem {
  fileprivate static func notAgentless(_ settings: Settings, _ failureClass: FailureClass)
    -> Problem
  {
    let name = "DD_LLMOBS_AGENTLESS_ENABLED"
    let agent = settings.agent.url
    let message =
      switch failureClass {
      case .missing:
        "\(name) is not set: \(settings.tracerName) asks for an Agent at \(agent) first"
      case .malformed: "\(name) is no boolean to \(settings.tracerName), which asks for an Agent"
      default: "\(name) is off: \(settings.tracerName) sends to an Agent at \(agent)"
      }
    return Problem(
      message, class: failureClass, evidence: settings.evidence(name, expected: "1 or true"),
      remedies: .set(name, to: "1"),
      .command("dd-doctor --setup llmobs-agent", "if an Agent is meant"))
  }

  fileprivate static func bypasses(_ replay: LLMObsReplay, _ settings: Settings) -> Problem {
    let failureClass: FailureClass =
      switch replay.cause {
      case .said: .conflict
      case .listed, .notListed, .extensionLists: .unsupported
      case .noAnswer(let fault): fault.failureClass
      case .notAnAgent: .notAgent
      }
    let site = settings.site.site?.domain ?? settings.printableSite
    return Problem(
      "\(settings.tracerName) goes around the Agent, in silence: straight to \(site), with"
        + " \(settings.apiKey?.variable ?? "DD_API_KEY") and without the host's tags",
      class: failureClass, evidence: replay.evidence(settings), replay.destination(settings),
      remedies: replay.isSaid
        ? .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "0", "through the Agent")
        : .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "1", "if that is what is meant"))
  }

  fileprivate static func keyless(_ replay: LLMObsReplay, _ settings: Settings) -> Problem {
    let stored = settings.storedKeyVariable
    let isEmptySite = settings.site.reading == .empty
    let lacking = isEmptySite ? "DD_SITE" : "DD_API_KEY"
    let remedy: Remedy =
      isEmptySite
      ? .set("DD_SITE", to: "datadoghq.com", "or the site where you log in")
      : .set("DD_API_KEY", to: "<api key>")
    return Problem(
      "\(settings.tracerName) sends without an Agent, and lacks \(lacking):"
        + (stored.map { " \($0) is the extension's, not the tracer's" }
          ?? " nothing is sent to LLM Observability"),
      class: .missing, evidence: replay.evidence(settings),
      settings.evidence(lacking, expected: isEmptySite ? "a site" : "an API key"),
      remedies: settings.setup == .llmobsLambda
        ? .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "0", "through the extension") : remedy
    ).adding(remedies: settings.setup == .llmobsLambda ? [remedy] : [])
  }

  fileprivate static func noWay(_ replay: LLMObsReplay, _ settings: Settings) -> Problem {
    Problem(
      "\(settings.tracerName) sends through the Agent's evp_proxy alone, and this Agent has none",
      class: .unsupported, evidence: replay.evidence(settings), replay.destination(settings),
      settings.evidence("DD_APM_TRACING_ENABLED", expected: "true, where LLM data rides in traces"),
      remedies: .edit("update the Agent to 7.40 or later"),
      .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "1", "or send without the Agent, with DD_API_KEY"))
  }

  fileprivate static func undecided(
    _ replay: LLMObsReplay, _ fault: Fault, _ settings: Settings
  ) -> Problem {
    Problem(
      "whether \(settings.tracerName) finds the Agent was not seen: \(fault.message)",
      class: fault.failureClass, evidence: replay.evidence(settings),
      remedies: .advice("give it more time: --deadline 60s"))
  }
}

extension LLMObsReplay {
  fileprivate var isSaid: Bool {
    if case .said = cause { true } else { false }
  }
}
