/// What depends on the machine, collected by a probe and recorded: configuration stays pure.
package struct HostFacts: Codable, Equatable, Sendable {
  package var platform: Platform
  /// The sockets among the tracers' default ones that exist.
  package var sockets: [String]
  package var projectFiles: [ProjectFile]
  /// The DD_ names that a `.env` in the folder sets; their values are not read.
  package var dotenvNames: [String]
  /// The application's folder, where it is on this machine and may be looked at.
  package var application: ApplicationFolder?
  /// Of a Lambda function alone.
  package var lambda: LambdaFacts?
  /// The tracers' own configuration files that are there.
  package var tracerFiles: [TracerFile]
  /// What `--from` describes; nil for this process.
  package var workload: WorkloadFacts?
  /// The Agents whose configuration is at hand beside it.
  package var agents: [AgentWorkload]?
  /// What the project's own `.dd-doctor.json` says.
  package var project: Project?
  /// The shell that commands will be pasted into; nil for one that reads them as POSIX writes them.
  package var shell: Shell?
  /// The container that this runs in, where its runtime tells.
  package var containerID: String?

  package init(
    platform: Platform = .host, sockets: [String] = [], projectFiles: [ProjectFile] = [],
    dotenvNames: [String] = [], application: ApplicationFolder? = nil, lambda: LambdaFacts? = nil,
    tracerFiles: [TracerFile] = [], shell: Shell? = nil, containerID: String? = nil
  ) {
    self.platform = platform
    self.sockets = sockets
    self.projectFiles = projectFiles
    self.dotenvNames = dotenvNames
    self.application = application
    self.lambda = lambda
    self.tracerFiles = tracerFiles
    self.shell = shell
    self.containerID = containerID
  }
}

/// A shell with words of its own.
package enum Shell: String, Codable, Sendable {
  case fish
}

/// Where an application's files and its interpreter are sought.
package struct ApplicationFolder: Codable, Equatable, Sendable {
  package var path: String
  /// The folder's own name, as a service could be called.
  package var name: String?

  package init(_ path: String, name: String? = nil) {
    self.path = path
    self.name = name
  }
}

/// What kind of place this is; remedies depend on it.
package enum Platform: String, Codable, CaseIterable, Sendable {
  case host, docker, kubernetes, lambda, ecsFargate, ecs, cloudRun, azureFunctions, appService
  case githubActions, gitlabCI

  /// As a person would say it.
  package var words: String {
    switch self {
    case .host: "a plain host"
    case .docker: "a container"
    case .kubernetes: "a Kubernetes pod"
    case .lambda: "a Lambda function"
    case .ecsFargate: "a Fargate task"
    case .ecs: "an ECS task"
    case .cloudRun: "Cloud Run"
    case .azureFunctions: "an Azure function"
    case .appService: "an App Service app"
    case .githubActions: "a GitHub Actions job"
    case .gitlabCI: "a GitLab CI job"
    }
  }

  /// Whether `localhost` is another machine than the one where an Agent usually runs.
  package var isolatesLocalhost: Bool {
    switch self {
    case .docker, .kubernetes, .ecs: true
    case .host, .lambda, .ecsFargate, .cloudRun, .azureFunctions, .appService, .githubActions,
      .gitlabCI:
      false
    }
  }

  /// The platform that variables tell, and files of a container runtime, as `/.dockerenv`.
  package init(_ environment: Environment, markers: [String]) {
    if environment.has("AWS_LAMBDA_FUNCTION_NAME") {
      self = .lambda
    } else if environment.has("KUBERNETES_SERVICE_HOST") {
      self = .kubernetes
    } else if environment.has("ECS_CONTAINER_METADATA_URI_V4")
      || environment.has("ECS_CONTAINER_METADATA_URI")
    {
      self =
        environment.value("AWS_EXECUTION_ENV") == "AWS_ECS_FARGATE" ? .ecsFargate : .ecs
    } else if environment.has("FUNCTIONS_WORKER_RUNTIME") {
      self = .azureFunctions
    } else if environment.has("WEBSITE_SITE_NAME") {
      self = .appService
    } else if environment.has("K_SERVICE") {
      self = .cloudRun
    } else if environment.value("GITHUB_ACTIONS") == "true" {
      self = .githubActions
    } else if environment.has("GITLAB_CI") {
      self = .gitlabCI
    } else {
      self = markers.isEmpty ? .host : .docker
    }
  }
}

/// A project's file and the packages in it that say something about the set-up.
package struct ProjectFile: Codable, Equatable, Sendable {
  package var name: String
  /// Of the packages that we look for, those that it names.
  package var mentions: [String]

  package init(name: String, mentions: [String]) {
    self.name = name
    self.mentions = mentions
  }

  /// The files that are looked at, with their language and the packages that are looked for.
  package static let known: [(name: String, language: Language, packages: [String])] = [
    ("requirements.txt", .python, ["ddtrace", "openai"]),
    ("pyproject.toml", .python, ["ddtrace", "openai"]),
    ("Pipfile", .python, ["ddtrace", "openai"]),
    ("setup.py", .python, ["ddtrace", "openai"]),
    ("package.json", .node, ["dd-trace", "openai"]),
    ("composer.json", .php, ["datadog/dd-trace", "openai-php/client"]),
  ]

  package var language: Language? {
    Self.known.first { $0.name == name }?.language
      ?? Self.sources.first { name.hasSuffix($0.ending) }?.language
  }

  /// The endings of code, which tells a language where no known file does.
  package static let sources: [(ending: String, language: Language)] = [
    (".py", .python), (".js", .node), (".mjs", .node), (".cjs", .node), (".ts", .node),
    (".php", .php),
  ]
}
