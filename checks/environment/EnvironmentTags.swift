import Configuration
package import Diagnosis
package import Probes

/// Whether spans will say which service and environment they come from.
package struct EnvironmentTags: Check {
  package let about = About(
    id: "environment.tags",
    title: "Service and environment are named",
    explanation: """
      Everything in Datadog is found by service, env and version. Without DD_SERVICE a tracer \
      invents a name (a folder's, package.json's, the script's), without DD_ENV the Agent's default \
      holds: the data arrives and nobody finds it.
      """,
    fix: "Set DD_SERVICE and DD_ENV (and DD_VERSION) where the application is started.",
    docs: Docs.tagging,
    statuses: [.passed, .warning, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard settings.setup != .openAIAPI else {
      return .skipped("the OpenAI integration's own metrics carry no service")
    }
    var problems: [Problem] = []
    if settings.setup == .apm {
      problems += [("DD_SERVICE", settings.service), ("DD_ENV", settings.env)].compactMap {
        name, value in value == nil ? .missing(name, settings) : nil
      }
    }
    for (name, value) in [("DD_SERVICE", settings.service), ("DD_ENV", settings.env)] {
      if let value, value.unicodeScalars.count > 100 {
        problems.append(.tooLong(name, value, settings))
      }
    }
    let odd = settings.tags.filter { $0.key.contains("\"") || $0.value.contains("\"") }
    if let tag = odd.first { problems.append(.quoted(tag.key, tag.value)) }
    return .worst(problems.map(Outcome.warning), else: .passed(Self.summary(settings)))
  }

  private static func summary(_ settings: Settings) -> String {
    let named = [
      ("service", settings.service), ("env", settings.env), ("version", settings.version),
    ]
    .compactMap { key, value in value.map { "\(key) \($0)" } }
    return named.isEmpty
      ? "none is set; LLM Observability goes by its app name" : named.joined(separator: ", ")
  }
}

extension Problem {
  fileprivate static func missing(_ name: String, _ settings: Settings) -> Problem {
    let variable = settings.environment[name]
    let effect =
      switch settings.language {
      case _ where name == "DD_ENV": "spans get the Agent's default env"
      case .python: "ddtrace takes the program's folder or module as the service"
      case .node: "dd-trace takes package.json's name as the service"
      case .php: "the PHP tracer takes the script's name, or web.request"
      case nil: "the tracer invents a service name"
      }
    return Problem(
      "\(name) is \(variable == nil ? "not set" : "empty"): \(effect)", class: .missing,
      evidence: Evidence(
        name, measured: variable == nil ? "not set" : "''", expected: "a name",
        source: variable?.origin ?? "environment"),
      remedies: .set(
        name, to: name == "DD_ENV" ? "staging" : settings.projectName ?? "my-service"))
  }

  fileprivate static func tooLong(_ name: String, _ value: String, _ settings: Settings) -> Problem
  {
    Problem(
      "\(name) is longer than 100 characters: the Agent cuts it", class: .malformed,
      evidence: Evidence(
        name, measured: "\(value.unicodeScalars.count) characters", expected: "at most 100",
        source: "the Agent's normalizer"),
      remedies: .set(
        name, to: String(value.prefix(100)),
        of: settings.environment[name] ?? settings.environment["DD_TAGS"]))
  }

  fileprivate static func quoted(_ key: String, _ value: String) -> Problem {
    Problem(
      "DD_TAGS has quotes in it, which become part of the tags", class: .malformed,
      evidence: Evidence(
        "DD_TAGS", measured: "\(key):\(value)", expected: "key:value,key:value",
        source: "environment"),
      remedies: .edit("write DD_TAGS without quotes: key:value,key:value"))
  }
}
