extension SettingsRegistry {
  /// Names that people set in good faith and nobody reads, each with the one that they mean.
  ///
  /// Only where the meaning is beyond doubt and the distance is too great for `nearest` to find.
  /// `OPENAI_API_URL`, `OPENAI_TOKEN` and their like are not here: applications read them.
  static let confusions: [String: String] = [
    // The tracers call the Agent's address a host; `hostname` is what the Agent calls itself.
    "DD_AGENT_HOSTNAME": "DD_AGENT_HOST",
    "DD_TRACE_AGENT_URI": "DD_TRACE_AGENT_URL",
    "DD_APM_TRACE_ENABLED": "DD_APM_TRACING_ENABLED",
    // Renamed in ddtrace 2.8; the function's argument is called `ml_app`.
    "DD_LLMOBS_APP_NAME": "DD_LLMOBS_ML_APP",
    "DD_LLMOBS_APP": "DD_LLMOBS_ML_APP",
    "DD_LLMOBS_ML_APP_NAME": "DD_LLMOBS_ML_APP",
    // The other arguments of `LLMObs.enable`, and the prefix of the integrations' switches.
    "DD_LLMOBS": "DD_LLMOBS_ENABLED",
    "DD_LLMOBS_AGENTLESS": "DD_LLMOBS_AGENTLESS_ENABLED",
    "DD_TRACE_LLMOBS_ENABLED": "DD_LLMOBS_ENABLED",
    "DD_OPENAI_ENABLED": "DD_TRACE_OPENAI_ENABLED",
    // The word that the pages spell out, and the part of three letters that matters most.
    "DD_ENVIRONMENT": "DD_ENV",
    "DD_ENVS": "DD_ENV",
    // The client's arguments are `api_key` and `organization`; British spelling.
    "OPENAI_KEY": "OPENAI_API_KEY",
    "OPENAI_ORG": "OPENAI_ORG_ID",
    "OPENAI_ORGANISATION": "OPENAI_ORG_ID",
    "OPENAI_ORGANISATION_ID": "OPENAI_ORG_ID",
  ]
}
