/// A way to be set up, as `--setup` names it.
package enum Setup: String, Codable, CaseIterable, Sendable {
  case openAIAPI = "openai-api"
  case llmobsAgentless = "llmobs-agentless"
  case llmobsAgent = "llmobs-agent"
  case llmobsLambda = "llmobs-lambda"
  case apm

  /// Whether telemetry leaves through an Agent that the application reaches.
  package var usesAgent: Bool {
    switch self {
    case .llmobsAgent, .apm: true
    case .openAIAPI, .llmobsAgentless, .llmobsLambda: false
    }
  }

  package var usesLLMObservability: Bool {
    switch self {
    case .llmobsAgentless, .llmobsAgent, .llmobsLambda: true
    case .openAIAPI, .apm: false
    }
  }
}

/// The language whose tracer is meant, as `--language` names it.
package enum Language: String, Codable, CaseIterable, Sendable {
  case python, node, php

  /// The tracer's own name.
  package var tracer: String {
    switch self {
    case .python: "ddtrace"
    case .node: "dd-trace"
    case .php: "the PHP tracer"
    }
  }
}
