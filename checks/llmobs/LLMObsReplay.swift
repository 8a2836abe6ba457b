import Configuration
import Diagnosis
import Probes

/// What the tracer makes of the configuration and of the Agent's answer: the way that data takes.
struct LLMObsReplay: Equatable {
  enum Way: Equatable {
    case agent, agentless
    /// The Lambda extension, which stands in an Agent's place.
    case `extension`
  }

  /// Why the tracer goes that way.
  enum Cause: Equatable {
    /// A variable says so.
    case said(by: String)
    /// `/info` lists what the tracer looks for.
    case listed(String)
    /// `/info` lists endpoints, and not that one.
    case notListed(count: Int)
    case noAnswer(Fault)
    case notAnAgent(String)
    /// What is known of the extension's `/info`, which can't be asked from outside a function.
    case extensionLists
  }

  let way: Way
  let cause: Cause
}

extension Observations {
  /// The tracer's decision; it asks the Agent only where the tracer would.
  var llmObsReplay: LLMObsReplay {
    get async throws {
      let isOnLambda = settings.setup == .llmobsLambda
      switch settings.llmObservabilityDecision {
      case .agent(let name):
        return LLMObsReplay(way: isOnLambda ? .extension : .agent, cause: .said(by: name))
      case .agentless(let name): return LLMObsReplay(way: .agentless, cause: .said(by: name))
      case .asks where isOnLambda:
        return LLMObsReplay(
          way: settings.language == .node ? .agentless : .extension, cause: .extensionLists)
      case .asks: return try await asked
      }
    }
  }

  private var asked: LLMObsReplay {
    get async throws {
      let info = try await agentInfo
      if let endpoints = info.description?.endpoints {
        guard settings.sendsThroughAgent(listing: endpoints) else {
          return LLMObsReplay(way: .agentless, cause: .notListed(count: endpoints.count))
        }
        let whole = "/evp_proxy/v2/api/v2/llmobs"
        let listed = endpoints.contains(whole) ? whole : Settings.evpProxy
        return LLMObsReplay(way: .agent, cause: .listed(listed))
      }
      let exchange = info.exchange
      let cause: LLMObsReplay.Cause =
        exchange.answer.map { .notAnAgent($0.line) }
        ?? .noAnswer(exchange.fault ?? Fault(.closed, "no answer"))
      return LLMObsReplay(way: .agentless, cause: cause)
    }
  }
}

extension LLMObsReplay {
  /// Why, behind the tracer's name: `finds /evp_proxy/v2/ in the Agent's /info`.
  func words(_ settings: Settings) -> String {
    let looked = settings.language == .node ? "'/evp_proxy/v2/' itself" : "'/evp_proxy/v2'"
    return switch cause {
    case .said(let name):
      "\(name)=\(settings.environment[name]?.shown ?? "") says so"
    case .listed(let endpoint): "finds \(endpoint) in /info of \(settings.agent.url)"
    case .notListed(let count):
      "looks for \(looked) among the \(count) endpoints of \(settings.agent.url), in vain"
    case .noAnswer(let fault): "gets no /info from \(settings.agent.url): \(fault.message)"
    case .notAnAgent(let line): "gets no Agent's /info from \(settings.agent.url): \(line)"
    case .extensionLists:
      settings.language == .node
        ? "looks for '/evp_proxy/v2/' itself, and the extension lists the whole path alone"
        : "finds /evp_proxy/v2/api/v2/llmobs in the extension's /info"
    }
  }

  /// The decision as evidence: what the tracer does, and why.
  func evidence(_ settings: Settings) -> Evidence {
    Evidence(
      "decision", measured: "\(settings.tracerName) \(words(settings))",
      source: "\(settings.tracerName)'s own order, replayed")
  }

  /// Where the tracer then sends, as evidence.
  func destination(_ settings: Settings) -> Evidence {
    let place =
      switch way {
      case .agent, .extension:
        settings.separatesLLMObservability || way == .extension
          ? "POST \(settings.agent.url("\(Settings.evpProxy)api/v2/llmobs"))"
          : "\(settings.agent.url("/v0.4/traces")), inside the traces (ddtrace 4), or evp_proxy"
      case .agentless:
        settings.site.site.map { site in
          settings.llmObservabilityHosts(site, nil).map { "https://\($0)" }
            .joined(separator: " or ")
        } ?? "DD_SITE names no known site"
      }
    return Evidence("sends to", measured: place, source: "\(settings.tracerName)'s routes")
  }
}

extension Observations {
  /// The release of the tracer that is installed for the application; nil where nothing told it.
  var tracerVersion: PackageVersion? {
    get async {
      let text: String? =
        switch settings.language {
        case .python: await pythonTracer
        case .node: await nodeTracer
        case .php, nil: nil
        }
      return text.flatMap(PackageVersion.init)
    }
  }

  private var pythonTracer: String? {
    get async {
      guard let question = settings.pythonInstallation else { return nil }
      return try? await answer(question).interpreter?.packages["ddtrace"]?.version
    }
  }

  private var nodeTracer: String? {
    get async {
      guard let question = settings.nodeModules else { return nil }
      return try? await answer(question).packages["dd-trace"]?.version
    }
  }
}
