package import Configuration
package import Diagnosis
package import Probes

extension Suite<Observations> {
  /// The checks of a setup and of the place that it is in.
  package static func of(_ settings: Settings) -> Suite<Observations> {
    let suite = Suite<Observations> {
      if settings.isAgent { agentItself(settings) } else { ofApplication(settings) }
      if let project = settings.host.project { of(project) }
    }
    let isPartlyKept =
      settings.host.workload?.unread.isEmpty == false
      || settings.environment.variables.contains { $0.kept != nil }
    guard isPartlyKept else { return suite }
    return Suite<Observations> {
      for check in suite.checks {
        if placed.contains(check.about.id.group) { check } else { KeptElsewhere(check) }
      }
    }
  }

  /// What a project's own file asks for.
  package static func of(_ project: Project) -> Suite<Observations> {
    Suite<Observations> {
      ProjectVariables()
      ProjectSkips()
      for place in project.endpoints { ProjectEndpoint(place) }
    }
  }

  /// Groups whose checks look at what is kept elsewhere by themselves.
  private static let placed: Set<String> = ["kubernetes", "docker", "ecs"]

  /// Of a place that no file describes, nothing is said.
  private static func ofApplication(_ settings: Settings) -> Suite<Observations> {
    let source = settings.host.workload?.source
    return Suite<Observations> {
      of(settings.setup, places: [source].compactMap { $0 }, isLambda: settings.host.lambda != nil)
      if settings.verifiesDelivery { delivery(settings.setup) }
    }
  }

  private static func of(_ setup: Setup, places: [SourceKind], isLambda: Bool) -> Suite<
    Observations
  > {
    Suite<Observations> {
      environment(places)
      site(withLLMObservability: setup.usesLLMObservability)
      datadog
      if setup.usesAgent { workload(places) }
      if setup.usesAgent { agent }
      if setup == .llmobsLambda || isLambda { lambda }
      if setup.usesLLMObservability { llmObservability(setup) }
      openAI(setup)
      if setup.hasRuntime { runtime }
    }
  }

  /// What holds of an Agent that is judged itself.
  private static func agentItself(_ settings: Settings) -> Suite<Observations> {
    let places = [settings.host.workload?.source].compactMap { $0 }
    return Suite<Observations> {
      EnvironmentNames()
      EnvironmentValues()
      if !places.filter(\.holdsSecretsApart).isEmpty { EnvironmentSecrets() }
      site(withLLMObservability: false)
      DatadogKeyPresent()
      DatadogKeyShape()
      DatadogKeyValid()
      DatadogOrganization()
      workload(places)
      AgentSiteSame()
    }
  }

  /// The checks of a setup, in the order in which a person would debug.
  ///
  /// What only `span --verify` asks stands behind them where it is wanted.
  package static func of(_ setup: Setup, verifying: Bool = false) -> Suite<Observations> {
    Suite<Observations> {
      of(setup, places: SourceKind.allCases, isLambda: false)
      if verifying { delivery(setup) }
    }
  }

  /// Every check there is, in the same order.
  package static var everything: Suite<Observations> {
    Suite<Observations> {
      environment(SourceKind.allCases)
      site(withLLMObservability: true)
      datadog
      workload(SourceKind.allCases)
      agent
      lambda
      llmObservability(nil)
      openAI(nil)
      runtime
      application
      delivery(nil)
    }
  }

  /// What a tracer really sent, for `capture`: the way in which a person would follow it.
  package static var application: Suite<Observations> {
    Suite<Observations> {
      ApplicationInstrumented()
      ApplicationTracer()
      ApplicationConfiguration()
      ApplicationFlush()
      ApplicationIntegration()
      ApplicationOpenAISpan()
      ApplicationLLMObsSpan()
      ApplicationTags()
      ApplicationSampling()
    }
  }

  /// What is asked of each Agent of a fleet: nothing is sent to be stored.
  package static var fleet: Suite<Observations> {
    Suite<Observations> {
      AgentAddressUsable()
      AgentReachable()
      AgentAnswers()
      AgentTraces()
      AgentEVPProxy()
      AgentFilters()
    }
  }

  private static func environment(_ places: [SourceKind]) -> Suite<Observations> {
    Suite<Observations> {
      EnvironmentNames()
      EnvironmentValues()
      EnvironmentConflicts()
      if !places.filter(\.holdsSecretsApart).isEmpty { EnvironmentSecrets() }
      EnvironmentTags()
      EnvironmentDisabled()
      EnvironmentSampling()
    }
  }

  private static func site(withLLMObservability: Bool) -> Suite<Observations> {
    Suite<Observations> {
      SiteKnown()
      if withLLMObservability { SiteLLMObservability() }
      SiteReachable()
      SiteClock()
    }
  }

  private static var datadog: Suite<Observations> {
    Suite<Observations> {
      DatadogKeyPresent()
      DatadogKeyShape()
      DatadogKeyValid()
      DatadogOrganization()
      DatadogAppKeyValid()
    }
  }

  /// The place of a workload that `--from` describes, and the Agent that is described beside it.
  private static func workload(_ places: [SourceKind]) -> Suite<Observations> {
    Suite<Observations> {
      if places.contains(.kubectl) { KubernetesAgentHost() }
      if places.contains(.kubectl) { KubernetesSocketMount() }
      if places.contains(.docker) || places.contains(.compose) { DockerNetwork() }
      if places.contains(.ecs) { ECSAgentHost() }
    }
  }

  private static var agent: Suite<Observations> {
    Suite<Observations> {
      AgentAddressUsable()
      AgentReachable()
      AgentAnswers()
      AgentTraces()
      AgentEVPProxy()
      AgentSpanAccepted()
      AgentForwarding()
      AgentOrganizationSame()
      AgentSiteSame()
      AgentFilters()
      AgentDogStatsD()
    }
  }

  private static var lambda: Suite<Observations> {
    Suite<Observations> {
      LambdaHandler()
      LambdaLayers()
      LambdaExtension()
      LambdaKey()
      LambdaFlush()
    }
  }

  private static var runtime: Suite<Observations> {
    Suite<Observations> {
      RuntimePythonTracer()
      RuntimePythonLaunch()
      RuntimeNodeTracer()
      RuntimeNodeInit()
      RuntimePHPExtension()
      RuntimePHPDiagnostics()
      RuntimeOpenAISDK()
      RuntimeDuplicates()
    }
  }

  /// What became of the test spans that a setup sends; nil takes any.
  package static func delivery(_ setup: Setup?) -> Suite<Observations> {
    Suite<Observations> {
      if setup?.usesAgent ?? true {
        DeliveryCounted()
        DeliveryStored()
      }
      if setup?.usesLLMObservability ?? true { DeliveryLLMObsStored() }
    }
  }

  /// The way that LLM Observability takes in a setup; nil takes any.
  private static func llmObservability(_ setup: Setup?) -> Suite<Observations> {
    Suite<Observations> {
      LLMObsEnabled()
      LLMObsAppName()
      LLMObsMode(setup)
      LLMObsSpanAccepted(setup)
      LLMObsEgress(setup)
    }
  }

  /// What a setup needs of OpenAI: usage for one, models for the others; nil takes both.
  private static func openAI(_ setup: Setup?) -> Suite<Observations> {
    Suite<Observations> {
      OpenAIProviderNamed()
      OpenAIKeyPresent()
      OpenAIKeyShape()
      OpenAIKeyValid()
      OpenAIOrganization()
      OpenAIKeyScope(setup)
      if setup != .openAIAPI { OpenAIModelCapabilities() }
      if setup == nil || setup == .openAIAPI {
        for family in OpenAIUsageFamily.allCases { OpenAIUsage(family) }
        OpenAIUsage.costs
      }
      OpenAICrawler()
    }
  }
}

extension Setup {
  /// Whether an application of one's own, with a tracer in it, belongs to the setup.
  package var hasRuntime: Bool {
    switch self {
    case .llmobsAgentless, .llmobsAgent, .apm: true
    case .openAIAPI, .llmobsLambda: false
    }
  }
}
