/// The pages that document what checks and log patterns look at.
package enum Docs {
  package static let connection =
    "https://docs.datadoghq.com/tracing/troubleshooting/connection_errors/"
  package static let openAI = "https://docs.datadoghq.com/integrations/openai/"
  package static let agentProxy = "https://docs.datadoghq.com/agent/configuration/proxy/"
  package static let sites = "https://docs.datadoghq.com/getting_started/site/"
  package static let keys = "https://docs.datadoghq.com/account_management/api-app-keys/"
  package static let ignoring = "https://docs.datadoghq.com/tracing/guide/ignoring_apm_resources/"
  package static let dogStatsD = "https://docs.datadoghq.com/developers/dogstatsd/"
  package static let tagging =
    "https://docs.datadoghq.com/getting_started/tagging/unified_service_tagging/"
  package static let sampling =
    "https://docs.datadoghq.com/tracing/trace_pipeline/ingestion_mechanisms/"
  package static let llmObservability =
    "https://docs.datadoghq.com/llm_observability/instrumentation/sdk/"

  package static let llmObservabilityAPI =
    "https://docs.datadoghq.com/llm_observability/instrumentation/api/"

  package static let kubernetes =
    "https://docs.datadoghq.com/containers/kubernetes/apm/"
  package static let docker = "https://docs.datadoghq.com/containers/docker/apm/"
  package static let ecs = "https://docs.datadoghq.com/containers/amazon_ecs/apm/"
  package static let fargate = "https://docs.datadoghq.com/integrations/aws-fargate/"
  package static let agentSecrets =
    "https://docs.datadoghq.com/agent/configuration/secrets-management/"
  package static let agentSettings =
    "https://docs.datadoghq.com/containers/docker/?tab=standard#environment-variables"

  package static let libraries =
    "https://docs.datadoghq.com/tracing/trace_collection/automatic_instrumentation/dd_libraries/"
  package static let pythonTracer = libraries + "python/"
  package static let nodeTracer = libraries + "nodejs/"
  package static let phpTracer = libraries + "php/"
  package static let agent = "https://docs.datadoghq.com/agent/troubleshooting/"
  package static let compatibility =
    "https://docs.datadoghq.com/tracing/trace_collection/compatibility/"
  package static let startupLogs =
    "https://docs.datadoghq.com/tracing/troubleshooting/tracer_startup_logs/"
  package static let lambda = "https://docs.datadoghq.com/serverless/aws_lambda/installation/"
  package static let lambdaTroubleshooting =
    "https://docs.datadoghq.com/serverless/aws_lambda/troubleshooting/"

  /// The page that lists a language's settings.
  package static let settings =
    "https://docs.datadoghq.com/tracing/trace_collection/library_config/"
}

/// OpenAI's own pages.
package enum OpenAIPages {
  package static let apiKeys = "https://platform.openai.com/api-keys"
  package static let adminKeys = "https://platform.openai.com/settings/organization/admin-keys"
  package static let billing = "https://platform.openai.com/settings/organization/billing/overview"
  package static let organization = "https://platform.openai.com/settings/organization/general"
  package static let allowList =
    "https://platform.openai.com/settings/organization/security/ip-allowlist"
  package static let countries = "https://platform.openai.com/docs/supported-countries"
  package static let errors = "https://platform.openai.com/docs/guides/error-codes/api-errors"
  package static let clients = "https://platform.openai.com/docs/libraries"
}
