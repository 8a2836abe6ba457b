import Diagnosis

/// The Agent that stands beside a container, and the keys of both.
extension ContainerRows {
  private static let site: CheckID = "agent.site"

  private static let europe =
    #","datadog-eu":{"image":"gcr.io/datadoghq/agent:7","environment":{"DD_API_KEY":"0123456789abcdef0123456789abcdef","DD_SITE":"datadoghq.eu"}}"#

  static let sites: [WorkloadRow] = [
    .init(
      site, "#2 another site than the application's",
      Manifest.compose(
        agentName + #","DD_SITE":"datadoghq.eu""#,
        others: Manifest.agentService(
          #""DD_API_KEY":"0123456789abcdef0123456789abcdef","DD_SITE":"datadoghq.com""#)),
      is: .failed, .wrongSite, remedy: "DD_SITE=datadoghq.eu"),
    .init(
      site, "#2 the Agent's default, and another site",
      Manifest.compose(agentName + #","DD_SITE":"datadoghq.eu""#, others: Manifest.agentService()),
      is: .failed, .wrongSite),
    .init(
      site, "two Agents, of which the one that is called has the site",
      Manifest.compose(
        #","DD_AGENT_HOST":"datadog-eu","DD_SITE":"datadoghq.eu""#,
        others: Manifest.agentService() + europe), is: .passed, says: "both name datadoghq.eu"),
    .init(
      site, "two Agents, of which the one that is called has another site",
      Manifest.compose(
        agentName + #","DD_SITE":"datadoghq.eu""#, others: europe + Manifest.agentService()),
      is: .failed, .wrongSite, says: "sends to datadoghq.com"),
    .init(
      site, "two Agents of two sites, and neither is named",
      Manifest.compose(
        #","DD_AGENT_HOST":"10.0.0.7","DD_SITE":"datadoghq.eu""#,
        others: Manifest.agentService() + europe), is: .skipped, says: "several Agents"),
    .init(
      site, "one site",
      Manifest.compose(agentName + #","DD_SITE":"datadoghq.com""#, others: Manifest.agentService()),
      is: .passed, says: "both name datadoghq.com"),
    .init(
      site, "a site that the application does not name",
      Manifest.deployment(), Manifest.daemonSet(Manifest.env("DD_SITE", "datadoghq.eu")),
      is: .passed, says: "the Agent sends to datadoghq.eu"),
    .init(
      site, "an Agent that is configured by a file",
      Manifest.deployment(Manifest.env("DD_SITE", "datadoghq.eu")),
      Manifest.daemonSet(
        volumes: #"{"name":"c","configMap":{"name":"c"}}"#,
        mounts: #"{"name":"c","mountPath":"/etc/datadog-agent"}"#), is: .skipped),
    .init(site, "no Agent at hand", Manifest.compose(agentName), is: .skipped, says: "not at hand"),
    .init(
      site, "#29 a key that the shell has not",
      Manifest.compose(agentName, others: Manifest.agentService(#""DD_API_KEY":null"#)),
      is: .failed, .missing, says: "declared and gets no value", remedy: "export DD_API_KEY"),
    .init(
      site, "#29 a key that is empty",
      Manifest.compose(agentName, others: Manifest.agentService(#""DD_API_KEY":"""#)),
      is: .failed, .missing),
    .init(
      site, "no key", Manifest.compose(agentName, others: Manifest.agentService("")), is: .failed,
      .missing),
    .init(
      site, "a placeholder for a key",
      Manifest.compose(
        agentName, others: Manifest.agentService(#""DD_API_KEY":"<YOUR_API_KEY>""#)),
      is: .failed, .malformed),
    .init(
      site, "APM switched off",
      Manifest.compose(
        agentName,
        others: Manifest.agentService(
          #""DD_API_KEY":"0123456789abcdef0123456789abcdef","DD_APM_ENABLED":"false""#)),
      is: .failed, .disabled),
    .init(
      site, "a key from a secret", Manifest.deployment(), Manifest.daemonSet(), is: .passed),
  ]

  private static let secrets: CheckID = "environment.secrets"

  static let keys: [WorkloadRow] = [
    .init(
      secrets, "a key in a pod",
      Manifest.deployment(Manifest.env("DD_API_KEY", "0123456789abcdef0123456789abcdef")),
      is: .warning, .exposed, remedy: "secretKeyRef: {name: datadog-secret, key: api-key}"),
    .init(
      secrets, "another key in a pod, which is not Datadog's",
      Manifest.deployment(Manifest.env("OPENAI_API_KEY", "sk-proj-0123456789abcdefghij")),
      is: .warning, .exposed, remedy: "secretKeyRef: {name: app-keys, key: openai-api-key}"),
    .init(
      secrets, "a key from a secret", Manifest.deployment(Manifest.secret("DD_API_KEY")),
      is: .passed),
    .init(
      secrets, "a key in a task",
      Manifest.task(Manifest.env("OPENAI_API_KEY", "sk-proj-0123456789abcdefghij")),
      is: .warning, .exposed, remedy: "valueFrom"),
    .init(
      secrets, "a key in a unit",
      "Id=a.service\nEnvironment=DD_API_KEY=0123456789abcdef0123456789abcdef\n", is: .warning,
      .exposed, remedy: "EnvironmentFile="),
    .init(
      secrets, "a key of a container, as the documentation has it", Manifest.container([key]),
      is: .skipped),
    .init(
      secrets, "a placeholder", Manifest.deployment(Manifest.env("DD_API_KEY", "<YOUR_API_KEY>")),
      is: .passed),
  ]
}
