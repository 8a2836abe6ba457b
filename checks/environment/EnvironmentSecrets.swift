import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether keys stand where everybody reads them.
package struct EnvironmentSecrets: Check {
  package let about = About(
    id: "environment.secrets",
    title: "Keys come from secrets",
    explanation: """
      A key that stands in a pod's or a task's description is shown to everyone who may read that, \
      and kept in every copy of it; systemd shows a unit's Environment= to every user. Kubernetes \
      has secretKeyRef for it, ECS has secrets, systemd has EnvironmentFile= and LoadCredential=. \
      The telemetry works all the same.
      """,
    fix: "Move the key to a secret, and refer to it. A key that was shown is best made anew.",
    docs: Docs.agentSecrets,
    statuses: [.passed, .warning, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let workload = settings.host.workload, workload.source.holdsSecretsApart else {
      return .skipped("no description that holds secrets apart is at hand")
    }
    let plain = settings.environment.variables.filter { variable in
      guard let traits = variable.secret, !variable.isEmpty else { return false }
      return !traits.isPlaceholder && !traits.isUnexpanded && Self.isKey(traits.kind)
    }
    guard let first = plain.first else { return .passed("no key stands in the description") }
    return .warning(.exposed(first, plain, workload))
  }

  private static func isKey(_ kind: SecretTraits.Kind) -> Bool {
    switch kind {
    case .datadogAPIKey, .datadogAppKey, .datadogToken, .openAIAdmin, .openAIProject,
      .openAIServiceAccount, .openAIUser, .openRouter, .foreign:
      true
    case .url, .empty, .other: false
    }
  }
}

extension Problem {
  fileprivate static func exposed(
    _ variable: Variable, _ all: [Variable], _ workload: WorkloadFacts
  ) -> Problem {
    let names = all.map(\.name).joined(separator: ", ")
    let place =
      switch workload.source {
      case .kubectl: "the \(workload.kind)"
      case .ecs: "the task definition"
      case .systemctl: "the unit, which every user may read"
      case .process, .dotenv, .environ, .docker, .compose, .lambda: "the description"
      }
    return Problem(
      "\(names) \(all.count == 1 ? "stands" : "stand") as plain text in \(place)", class: .exposed,
      evidence: Evidence(
        variable.name, measured: variable.shown, expected: "a reference to a secret",
        source: workload.title),
      remedies: remedy(variable, workload))
  }

  private static func remedy(_ variable: Variable, _ workload: WorkloadFacts) -> Remedy {
    switch workload.source {
    case .kubectl: bySecret(variable.name)
    case .ecs:
      .edit("move \(variable.name) from environment to secrets, with valueFrom the secret's ARN")
    case .systemctl, .process, .dotenv, .environ, .docker, .compose, .lambda:
      .edit("move \(variable.name) to an EnvironmentFile= that only root reads (mode 0600)")
    }
  }

  /// Each key has a secret's key of its own: what is Datadog's must never go to another service.
  private static func bySecret(_ name: String) -> Remedy {
    let (secret, key) =
      name == "DD_API_KEY"
      ? ("datadog-secret", "api-key") : ("app-keys", name.lowercased().replacing("_", with: "-"))
    return .edit(
      "kubectl create secret generic \(secret), and take \(name) from it by"
        + " valueFrom: {secretKeyRef: {name: \(secret), key: \(key)}}")
  }
}
