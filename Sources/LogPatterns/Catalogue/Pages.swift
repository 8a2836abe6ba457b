/// The pages that explain what the patterns are about.
enum Pages {
  static let connection = "https://docs.datadoghq.com/tracing/troubleshooting/connection_errors/"
  static let pythonTracer =
    "https://docs.datadoghq.com/tracing/trace_collection/automatic_instrumentation/dd_libraries/python/"
  static let nodeTracer =
    "https://docs.datadoghq.com/tracing/trace_collection/automatic_instrumentation/dd_libraries/nodejs/"
  static let phpTracer =
    "https://docs.datadoghq.com/tracing/trace_collection/automatic_instrumentation/dd_libraries/php/"
  static let settings = "https://docs.datadoghq.com/tracing/trace_collection/library_config/"
  static let llmObservability = "https://docs.datadoghq.com/llm_observability/instrumentation/sdk/"
  static let keys = "https://docs.datadoghq.com/account_management/api-app-keys/"
  static let site = "https://docs.datadoghq.com/getting_started/site/"
  static let tagging =
    "https://docs.datadoghq.com/getting_started/tagging/unified_service_tagging/"
  static let sampling = "https://docs.datadoghq.com/tracing/trace_pipeline/ingestion_mechanisms/"
  static let dogStatsD = "https://docs.datadoghq.com/developers/dogstatsd/"
  static let agentProxy = "https://docs.datadoghq.com/agent/configuration/proxy/"
  static let agent = "https://docs.datadoghq.com/agent/troubleshooting/"
  static let lambda = "https://docs.datadoghq.com/serverless/aws_lambda/troubleshooting/"
  static let openAI = "https://docs.datadoghq.com/integrations/openai/"
  static let openAIErrors = "https://platform.openai.com/docs/guides/error-codes"
  static let openAIKeys = "https://platform.openai.com/api-keys"
}
