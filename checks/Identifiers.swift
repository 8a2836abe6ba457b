package import Diagnosis

extension CheckID {
  package static let agentAddress: CheckID = "agent.address"
  package static let agentReachable: CheckID = "agent.reachable"
  package static let agentAnswers: CheckID = "agent.answers"
  package static let agentTraces: CheckID = "agent.traces"
  package static let agentEVPProxy: CheckID = "agent.evp-proxy"
  package static let agentSpan: CheckID = "agent.span"
  package static let agentForwarding: CheckID = "agent.forwarding"
}

/// The pages that document what the checks look at.
enum Docs {
  static let connection = "https://docs.datadoghq.com/tracing/troubleshooting/connection_errors/"
  static let openAI = "https://docs.datadoghq.com/integrations/openai/"
  static let agentProxy = "https://docs.datadoghq.com/agent/configuration/proxy/"
  static let keys = "https://docs.datadoghq.com/account_management/api-app-keys/"
  static let ignoring = "https://docs.datadoghq.com/tracing/guide/ignoring_apm_resources/"
  static let dogStatsD = "https://docs.datadoghq.com/developers/dogstatsd/"
  static let tagging = "https://docs.datadoghq.com/getting_started/tagging/unified_service_tagging/"
  static let sampling = "https://docs.datadoghq.com/tracing/trace_pipeline/ingestion_mechanisms/"
  static let llmObservability = "https://docs.datadoghq.com/llm_observability/instrumentation/sdk/"

  /// The page that lists a language's settings.
  static let settings = "https://docs.datadoghq.com/tracing/trace_collection/library_config/"
}
