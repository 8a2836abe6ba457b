package import Configuration
package import Diagnosis
package import Probes

/// Whether LLM Observability's intake accepts a span by the way that the application's take.
package struct LLMObsSpanAccepted: Check {
  package let about: About

  /// What has to be right before depends on the way; nil stands for any setup.
  package init(_ setup: Setup? = nil) {
    let way: [CheckID]
    let sister: CheckID
    switch setup {
    case .llmobsAgentless: (way, sister) = ([.datadogKeyValid], .datadogKeyValid)
    case .llmobsLambda: (way, sister) = ([.siteReachable], .datadogKeyValid)
    case .llmobsAgent, .apm, .openAIAPI, nil: (way, sister) = ([.agentEVPProxy], .agentForwarding)
    }
    about = About(
      id: .llmobsSpan,
      title: "LLM Observability accepts the test span",
      explanation: """
        Sends one span of the kind `task`, as the app dd-doctor and never as the application's, by \
        the way that the tracer would take: through the Agent's evp_proxy, which hands on the \
        intake's own answer, or straight to the site's documented API with DD_API_KEY (202). It \
        bears the report's run id. Accepted is not yet visible: that takes a minute or two.
        """,
      fix: "See what the intake answered: 403 is the sender's key, 404 a site without it.",
      docs: Docs.llmObservabilityAPI,
      needs: [.llmobsMode] + way,
      statuses: [.passed, .failed, .skipped, .unknown], echoes: sister)
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard settings.setup.usesLLMObservability, settings.language != .php else {
      return .skipped("only LLM Observability needs it")
    }
    let isSiteOurs = settings.usesOwnKey || settings.site.isSet
    if isSiteOurs, let site = settings.site.site, site.offersLLMObservability == false {
      return .skipped("\(site.name) does not offer LLM Observability: nothing was sent")
    }
    let replay = try await seen.llmObsReplay
    switch replay.way {
    case .agent, .extension:
      let exchange = try await seen.answer(
        LLMObsSpanThroughAgent(at: settings.agent, environment: settings.env))
      if exchange.answer?.isSuccess == true, replay.way == .agent,
        try await seen.agentInfo.description?.kind == .testAgent
      {
        return .passed("taken by Datadog's test agent, which keeps it: no intake has seen it")
      }
      return throughAgent(exchange, replay, settings)
    case .agentless:
      guard let (site, key) = settings.sendableKey else {
        return .skipped("\(settings.notSentWords): no span was sent")
      }
      let exchange = try await seen.answer(
        LLMObsSpanToSite(with: key, to: site, environment: settings.env))
      return toSite(exchange, site, settings)
    }
  }

  private func throughAgent(
    _ exchange: Exchange, _ replay: LLMObsReplay, _ settings: Settings
  ) -> Outcome {
    guard let answer = exchange.answer else {
      let fault = exchange.fault ?? Fault(.closed, "no answer")
      if replay.way == .extension {
        return .skipped("no extension answers here (\(fault.message)): it is in the function alone")
      }
      let problem = Problem.unanswered(exchange, fault)
      return [.timeout, .interrupted].contains(fault.failureClass)
        ? .unknown(problem) : .failed(problem)
    }
    if answer.isSuccess {
      return .passed(
        "accepted through \(replay.way == .extension ? "the extension" : "the Agent"): app dd-doctor",
        Evidence(
          "intake", measured: "\(answer.status), handed back by the Agent", expected: "2xx",
          source: "POST \(exchange.url)"))
    }
    switch answer.status {
    case 403: return .failed(.refusedThroughAgent(exchange, answer, .unauthorized))
    case 502: return .failed(.refusedThroughAgent(exchange, answer, .noEgress))
    case 405: return .failed(.refusedThroughAgent(exchange, answer, .disabled))
    case 429: return .unknown(.refusedThroughAgent(exchange, answer, .throttled))
    case 500...: return .unknown(.refusedThroughAgent(exchange, answer, .http))
    default: return .failed(.refusedThroughAgent(exchange, answer, .http))
    }
  }

  private func toSite(_ exchange: Exchange, _ site: Site, _ settings: Settings) -> Outcome {
    guard let answer = exchange.answer else {
      let fault = exchange.fault ?? Fault(.closed, "no answer")
      let problem = Problem.unanswered(exchange, fault)
      return fault.isOurs || fault.failureClass == .timeout ? .unknown(problem) : .failed(problem)
    }
    if answer.isSuccess {
      return .passed(
        "accepted by \(site.apiHost): app dd-doctor",
        Evidence(
          "answer", measured: answer.line, expected: "202", source: "POST \(exchange.url)"))
    }
    switch answer.status {
    case 401, 403:
      // Without the API's own words, something between answers.
      return answer.isFromAPI
        ? .failed(.refusedBySite(exchange, answer, site, .unauthorized))
        : .unknown(.refusedBySite(exchange, answer, site, .http))
    case 413: return .failed(.refusedBySite(exchange, answer, site, .tooLarge))
    case 429: return .unknown(.refusedBySite(exchange, answer, site, .throttled))
    case 300..<400, 500...: return .unknown(.refusedBySite(exchange, answer, site, .http))
    default: return .failed(.refusedBySite(exchange, answer, site, .http))
    }
  }
}

extension Problem {
  fileprivate static func unanswered(_ exchange: Exchange, _ fault: Fault) -> Problem {
    Problem(
      "the LLM Observability test span got no answer: \(fault.message)", class: fault.failureClass,
      evidence: Evidence(
        "answer", measured: fault.message, expected: "202", source: "POST \(exchange.url)"),
      remedies: .command("dd-doctor --only llmobs", "ask again"))
  }

  fileprivate static func refusedThroughAgent(
    _ exchange: Exchange, _ answer: Answer, _ failureClass: FailureClass
  ) -> Problem {
    let (message, remedy): (String, Remedy) =
      switch failureClass {
      case .unauthorized:
        (
          "the intake refuses the Agent's key for LLM Observability",
          .edit("give the Agent a valid DD_API_KEY, or the DD_SITE that its key belongs to")
        )
      case .noEgress:
        (
          "the Agent can't reach the LLM Observability intake",
          .edit("let the Agent reach llmobs-intake.<its site> over TCP 443")
        )
      case .disabled:
        (
          "the Agent's evp_proxy is disabled",
          .edit("remove evp_proxy_config.enabled: false from the Agent's datadog.yaml")
        )
      default:
        (
          "asked through the Agent, the LLM Observability intake answers \(answer.line)",
          .command("sudo datadog-agent diagnose", "on the Agent's host")
        )
      }
    return Problem(
      message, class: failureClass,
      evidence: Evidence(
        "answer", measured: answer.summary, expected: "2xx",
        source: "POST \(exchange.url), handed on by the Agent"), remedies: remedy)
  }

  fileprivate static func refusedBySite(
    _ exchange: Exchange, _ answer: Answer, _ site: Site, _ failureClass: FailureClass
  ) -> Problem {
    Problem(
      "\(site.apiHost) answers \(answer.line) to the LLM Observability test span",
      class: failureClass,
      evidence: Evidence(
        "answer", measured: answer.summary, expected: "202", source: "POST \(exchange.url)"),
      remedies: failureClass == .unauthorized
        ? .set(
          "DD_API_KEY", to: "<api key>",
          "from https://\(site.appHost)/organization-settings/api-keys")
        : .command("dd-doctor --only llmobs", "ask again"),
      .advice("see https://status.datadoghq.com for the site's own troubles"))
  }
}
