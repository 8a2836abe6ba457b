import Testing

@testable import Configuration

private func file(_ name: String, _ mentions: String...) -> ProjectFile {
  ProjectFile(name: name, mentions: mentions)
}

/// Variables and project files, and what they say about the way to be set up.
struct DetectionRow: Sendable {
  let variables: [String: String]
  let files: [ProjectFile]
  let setup: Setup
  let language: Language?
  let from: [String]

  init(
    _ variables: [String: String], _ files: [ProjectFile], _ setup: Setup,
    _ language: Language?, from: String...
  ) {
    self.variables = variables
    self.files = files
    self.setup = setup
    self.language = language
    self.from = from
  }
}

@Suite struct `Setup and language` {
  @Test(arguments: [
    DetectionRow([:], [], .apm, nil, from: "nothing else configured"),
    DetectionRow(["DD_SERVICE": "a"], [], .apm, nil, from: "DD_ variables"),
    DetectionRow(["DD_LLMOBS_ENABLED": "1"], [], .llmobsAgent, nil, from: "DD_LLMOBS_ENABLED"),
    DetectionRow(["DD_LLMOBS_ENABLED": "0"], [], .apm, nil, from: "nothing else configured"),
    DetectionRow(
      ["DD_LLMOBS_ENABLED": "yes"], [file("requirements.txt", "ddtrace")], .llmobsAgent, .python,
      from: "DD_LLMOBS_ENABLED", "ddtrace in requirements.txt"),
    DetectionRow(
      ["DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_AGENTLESS_ENABLED": "1"], [], .llmobsAgentless, nil,
      from: "DD_LLMOBS_AGENTLESS_ENABLED"),
    DetectionRow(
      ["DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_AGENTLESS_ENABLED": "yes"],
      [file("pyproject.toml", "ddtrace")], .llmobsAgentless, .python,
      from: "DD_LLMOBS_AGENTLESS_ENABLED", "ddtrace in pyproject.toml"),
    DetectionRow(
      ["DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_AGENTLESS_ENABLED": "0"], [], .llmobsAgent, nil,
      from: "DD_LLMOBS_ENABLED"),
    DetectionRow(
      ["DD_LLMOBS_ENABLED": "1", "DD_AGENTLESS_ENABLED": "1"], [], .llmobsAgentless, nil,
      from: "DD_AGENTLESS_ENABLED"),
    DetectionRow(
      ["DD_LLMOBS_ML_APP": "shop"], [file("package.json", "dd-trace")], .llmobsAgent, .node,
      from: "DD_LLMOBS_ML_APP", "dd-trace in package.json"),
    DetectionRow(
      ["DD_LLMOBS_ML_APP": "shop"], [file("requirements.txt", "ddtrace")], .llmobsAgent, .python,
      from: "DD_LLMOBS_ML_APP", "ddtrace in requirements.txt"),
    DetectionRow(
      ["DD_LLMOBS_ENABLED": "1"], [file("composer.json", "datadog/dd-trace")], .apm, .php,
      from: "nothing else configured", "datadog/dd-trace in composer.json"),
    DetectionRow(
      [
        "DD_LLMOBS_ENABLED": "1", "AWS_LAMBDA_FUNCTION_NAME": "f",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
      ], [],
      .llmobsLambda, .python, from: "DD_LLMOBS_ENABLED and AWS_LAMBDA_FUNCTION_NAME",
      "AWS_EXECUTION_ENV"),
    DetectionRow(
      ["AWS_EXECUTION_ENV": "AWS_Lambda_nodejs20.x"], [], .apm, .node,
      from: "nothing else configured", "AWS_EXECUTION_ENV"),
    DetectionRow(["OPENAI_ADMIN_KEY": "sk-admin-x"], [], .openAIAPI, nil, from: "OPENAI_ADMIN_KEY"),
    DetectionRow(
      ["OPENAI_ADMIN_KEY": "sk-admin-x", "DD_SERVICE": "a"], [], .apm, nil, from: "DD_ variables"),
    DetectionRow(
      ["NODE_OPTIONS": "--require dd-trace/init"], [file("requirements.txt", "ddtrace")], .apm,
      .node, from: "nothing else configured", "dd-trace in NODE_OPTIONS"),
    DetectionRow(
      ["PYTHONPATH": "/x/ddtrace/bootstrap:/y"], [], .apm, .python,
      from: "nothing else configured", "ddtrace in PYTHONPATH"),
    DetectionRow(
      [:], [file("requirements.txt", "openai"), file("package.json", "dd-trace")], .apm, .node,
      from: "nothing else configured", "dd-trace in package.json"),
    DetectionRow(
      [:], [file("requirements.txt", "ddtrace"), file("package.json", "dd-trace")], .apm, nil,
      from: "nothing else configured"),
    DetectionRow(
      [:], [file("composer.json", "openai-php/client")], .apm, .php,
      from: "nothing else configured", "openai-php/client in composer.json"),
    DetectionRow(
      [:], [file("package.json")], .apm, .node, from: "nothing else configured", "package.json"),
    DetectionRow(
      [:], [file("package.json"), file("setup.py")], .apm, nil, from: "nothing else configured"),
  ])
  func `are read from the configuration and the project's files`(row: DetectionRow) {
    let settings = Settings(
      environment(row.variables), HostFacts(projectFiles: row.files))
    #expect(settings.setup == row.setup)
    #expect(settings.language == row.language)
    #expect(settings.detectedFrom == row.from)
  }

  @Test func `the options outrank what is found`() {
    let settings = Settings(
      environment(["DD_LLMOBS_ENABLED": "1"]),
      HostFacts(projectFiles: [file("package.json", "dd-trace")]), setup: .apm, language: .php)
    #expect(settings.setup == .apm && settings.language == .php)
    #expect(settings.detectedFrom == ["--setup", "--language"])
  }

  @Test(
    arguments: [
      (["DD_SERVICE": "a", "DD_TAGS": "service:b"], "a"), (["DD_TAGS": "service:b,x:y"], "b"),
      (["OTEL_SERVICE_NAME": "c"], "c"), (["OTEL_RESOURCE_ATTRIBUTES": "service.name=d,x=y"], "d"),
      (["DD_SERVICE": ""], nil), ([:], nil),
    ] as [([String: String], String?)])
  func `the service is DD_SERVICE, or what stands in for it`(
    variables: [String: String], service: String?
  ) {
    #expect(Settings(environment(variables), HostFacts()).service == service)
  }

  @Test(
    arguments: [
      (["DD_ENV": "a", "DD_TAGS": "env:b"], "a"), (["DD_TAGS": "env:b"], "b"),
      (["OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=c"], "c"),
      (["OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=d"], "d"), ([:], nil),
      (["OTEL_RESOURCE_ATTRIBUTES": "env.version=x,service.version=y"], nil),
    ] as [([String: String], String?)])
  func `the env is DD_ENV, or what stands in for it`(variables: [String: String], env: String?) {
    #expect(Settings(environment(variables), HostFacts()).env == env)
  }

  @Test(
    arguments: [
      (["DD_VERSION": "1"], "1"), (["OTEL_RESOURCE_ATTRIBUTES": "service.version=2"], "2"),
      (["OTEL_RESOURCE_ATTRIBUTES": "service.name=shop"], nil),
    ] as [([String: String], String?)])
  func `the version is DD_VERSION, or what stands in for it`(
    variables: [String: String], version: String?
  ) {
    #expect(Settings(environment(variables), HostFacts()).version == version)
  }

  @Test(
    arguments: [
      (["AWS_LAMBDA_FUNCTION_NAME": "f", "KUBERNETES_SERVICE_HOST": "x"], Platform.lambda),
      (["KUBERNETES_SERVICE_HOST": "x"], .kubernetes),
      (
        ["ECS_CONTAINER_METADATA_URI_V4": "x", "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE"], .ecsFargate
      ),
      (["ECS_CONTAINER_METADATA_URI": "x"], .ecs), (["K_SERVICE": "x"], .cloudRun),
      (["FUNCTIONS_WORKER_RUNTIME": "node", "WEBSITE_SITE_NAME": "x"], .azureFunctions),
      (["WEBSITE_SITE_NAME": "x"], .appService), (["GITHUB_ACTIONS": "true"], .githubActions),
      (["GITHUB_ACTIONS": "false"], .docker), (["GITLAB_CI": "true"], .gitlabCI), ([:], .docker),
    ] as [([String: String], Platform)])
  func `the platform is read from variables before marker files`(
    variables: [String: String], platform: Platform
  ) {
    #expect(Platform(environment(variables), markers: ["/.dockerenv"]) == platform)
    #expect(Platform(environment([:]), markers: []) == .host)
  }
}
