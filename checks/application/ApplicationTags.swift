import Configuration
package import Diagnosis
package import Probes
import Wire

/// Which service, environment and version arrived.
package struct ApplicationTags: Check {
  package let about = About(
    id: .applicationTags,
    title: "Spans carry service, env and version",
    explanation: """
      What was configured is one thing, what arrives another: an integration may name its own \
      service, code may set one, and without DD_SERVICE the tracer makes one up from a folder or a \
      file. Everything in Datadog is found by these three.
      """,
    fix: "Set DD_SERVICE, DD_ENV and DD_VERSION where the application is started.",
    docs: Docs.tagging,
    needs: [.applicationInstrumented], statuses: [.passed, .warning, .skipped])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let traffic = try await seen.traffic
    let settings = seen.settings
    let arrived = Arrived(traffic)
    guard !arrived.services.isEmpty else { return .skipped("no span or event of OpenAI's came") }
    var problems: [Problem] = []
    if let service = settings.service {
      // Another integration may have a service of its own, and be meant to.
      if !settings.environment.has("DD_OPENAI_SERVICE"), !arrived.services.contains(service) {
        problems.append(.differs("service", "DD_SERVICE", service, arrived.services))
      }
    } else if traffic.command != nil, settings.setup == .apm,
      !Self.isSetInCode("DD_SERVICE", traffic)
    {
      problems.append(.madeUp(arrived.services))
    }
    if let environment = settings.env {
      if !arrived.environments.contains(environment) {
        problems.append(.differs("env", "DD_ENV", environment, arrived.environments))
      }
    } else if arrived.environments.isEmpty, settings.setup == .apm {
      problems.append(.noEnvironment)
    }
    if let version = settings.version, !arrived.versions.isEmpty,
      !arrived.versions.contains(version)
    {
      problems.append(.differs("version", "DD_VERSION", version, arrived.versions))
    }
    return .worst(problems.map(Outcome.warning), else: .passed(arrived.words))
  }

  private static func isSetInCode(_ name: String, _ traffic: CapturedTraffic) -> Bool {
    guard let setting = traffic.telemetry.setting(name) else { return false }
    return !["default", "unknown"].contains(setting.origin)
  }
}

/// The names that came, of spans or else of events.
private struct Arrived {
  let services: [String]
  let environments: [String]
  let versions: [String]

  init(_ traffic: CapturedTraffic) {
    func names(_ all: [String?]) -> [String] {
      Set(all.compactMap { $0 }.filter { !$0.isEmpty }).sorted()
    }
    services = names(traffic.openAI.map(\.service) + traffic.events.map(\.service))
    environments = names(
      traffic.openAI.map(\.environment) + traffic.events.map(\.environment))
    versions = names(traffic.openAI.map(\.version))
  }

  var words: String {
    [("service", services), ("env", environments), ("version", versions)]
      .filter { !$0.1.isEmpty }.map { "\($0.0) \(listed($0.1))" }.joined(separator: ", ")
  }
}

extension Problem {
  fileprivate static func differs(
    _ tag: String, _ name: String, _ value: String, _ arrived: [String]
  ) -> Problem {
    Problem(
      "\(name) is '\(value)', and spans arrive with "
        + (arrived.isEmpty ? "no \(tag)" : "\(tag) \(listed(arrived))"), class: .conflict,
      evidence: Evidence(
        tag, measured: arrived.isEmpty ? "none" : listed(arrived), expected: value,
        source: "the spans that came"),
      remedies: .edit("look for the place in the code that sets the \(tag), and let it be \(name)"))
  }

  fileprivate static func madeUp(_ services: [String]) -> Problem {
    Problem(
      "DD_SERVICE is not set: spans arrive under '\(listed(services))', which the tracer made up",
      class: .missing,
      evidence: Evidence(
        "service", measured: listed(services), expected: "a name of yours",
        source: "the spans that came"),
      remedies: .set("DD_SERVICE", to: "my-service"))
  }

  fileprivate static var noEnvironment: Problem {
    Problem(
      "spans arrive without env: the Agent's default decides", class: .missing,
      evidence: Evidence(
        "env", measured: "none", expected: "a name", source: "the spans that came"),
      remedies: .set("DD_ENV", to: "staging"))
  }
}
