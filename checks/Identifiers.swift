package import Diagnosis

extension CheckID {
  package static let agentAddress: CheckID = "agent.address"
  package static let agentReachable: CheckID = "agent.reachable"
  package static let agentAnswers: CheckID = "agent.answers"
  package static let agentTraces: CheckID = "agent.traces"
  package static let agentEVPProxy: CheckID = "agent.evp-proxy"
  package static let agentSpan: CheckID = "agent.span"
  package static let agentForwarding: CheckID = "agent.forwarding"
  package static let agentOrganization: CheckID = "agent.organization"
  package static let environmentDisabled: CheckID = "environment.disabled"
  package static let llmobsMode: CheckID = "llmobs.mode"
  package static let llmobsSpan: CheckID = "llmobs.span"
  package static let llmobsEgress: CheckID = "llmobs.egress"
  package static let siteKnown: CheckID = "site.known"
  package static let siteReachable: CheckID = "site.reachable"
  package static let datadogKeyPresent: CheckID = "datadog.key.present"
  package static let datadogKeyShape: CheckID = "datadog.key.shape"
  package static let datadogKeyValid: CheckID = "datadog.key.valid"
  package static let datadogOrganization: CheckID = "datadog.organization"
  package static let runtimePythonTracer: CheckID = "runtime.python.ddtrace"
  package static let runtimeNodeTracer: CheckID = "runtime.node.dd-trace"
  package static let runtimePHPExtension: CheckID = "runtime.php.extension"
}

/// The pages that document what the checks look at.
enum Docs {
  static let connection = "https://docs.datadoghq.com/tracing/troubleshooting/connection_errors/"
  static let openAI = "https://docs.datadoghq.com/integrations/openai/"
  static let agentProxy = "https://docs.datadoghq.com/agent/configuration/proxy/"
  static let sites = "https://docs.datadoghq.com/getting_started/site/"
  static let keys = "https://docs.datadoghq.com/account_management/api-app-keys/"
  static let ignoring = "https://docs.datadoghq.com/tracing/guide/ignoring_apm_resources/"
  static let dogStatsD = "https://docs.datadoghq.com/developers/dogstatsd/"
  static let tagging = "https://docs.datadoghq.com/getting_started/tagging/unified_service_tagging/"
  static let sampling = "https://docs.datadoghq.com/tracing/trace_pipeline/ingestion_mechanisms/"
  static let llmObservability = "https://docs.datadoghq.com/llm_observability/instrumentation/sdk/"

  static let llmObservabilityAPI =
    "https://docs.datadoghq.com/llm_observability/instrumentation/api/"

  static let libraries =
    "https://docs.datadoghq.com/tracing/trace_collection/automatic_instrumentation/dd_libraries/"
  static let compatibility = "https://docs.datadoghq.com/tracing/trace_collection/compatibility/"
  static let startupLogs =
    "https://docs.datadoghq.com/tracing/troubleshooting/tracer_startup_logs/"
  static let lambda = "https://docs.datadoghq.com/serverless/aws_lambda/installation/"
  static let lambdaTroubleshooting =
    "https://docs.datadoghq.com/serverless/aws_lambda/troubleshooting/"

  /// The page that lists a language's settings.
  static let settings = "https://docs.datadoghq.com/tracing/trace_collection/library_config/"
}
