package import Configuration
package import Diagnosis
package import Probes

extension Suite<Observations> {
  /// The checks of a setup and of the place that it is in.
  package static func of(_ settings: Settings) -> Suite<Observations> {
    Suite<Observations> {
      of(settings.setup)
      if let project = settings.host.project { of(project) }
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

  /// The checks of a setup, in the order in which a person would debug.
  package static func of(_ setup: Setup) -> Suite<Observations> {
    Suite<Observations> {
      environment
      site(withLLMObservability: setup.usesLLMObservability)
      datadog
      if setup.usesAgent { agent }
      if setup == .llmobsLambda { lambda }
      if setup.usesLLMObservability { llmObservability(setup) }
      openAI(setup)
      if setup.hasRuntime { runtime }
    }
  }

  /// Every check there is, in the same order.
  package static var everything: Suite<Observations> {
    Suite<Observations> {
      environment
      site(withLLMObservability: true)
      datadog
      agent
      lambda
      llmObservability(nil)
      openAI(nil)
      runtime
    }
  }

  private static var environment: Suite<Observations> {
    Suite<Observations> {
      EnvironmentNames()
      EnvironmentValues()
      EnvironmentConflicts()
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
  var hasRuntime: Bool {
    switch self {
    case .llmobsAgentless, .llmobsAgent, .apm: true
    case .openAIAPI, .llmobsLambda: false
    }
  }
}
