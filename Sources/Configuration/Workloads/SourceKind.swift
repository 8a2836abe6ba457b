/// The kinds of places that `--from` reads a configuration from.
package enum SourceKind: String, Codable, CaseIterable, Sendable {
  case process = "pid"
  case dotenv, environ, docker, compose, kubectl, lambda, ecs, systemctl

  /// As a person would say it.
  package var words: String {
    switch self {
    case .process: "a process"
    case .dotenv: "a .env file"
    case .environ: "/proc/N/environ"
    case .docker: "docker inspect"
    case .compose: "docker compose config"
    case .kubectl: "kubectl get -o json"
    case .lambda: "aws lambda get-function-configuration"
    case .ecs: "aws ecs describe-task-definition"
    case .systemctl: "systemctl show"
    }
  }

  /// Whether what it describes runs on another network than the file's reader.
  package var isElsewhere: Bool {
    switch self {
    case .docker, .compose, .kubectl, .lambda, .ecs: true
    case .process, .dotenv, .environ, .systemctl: false
    }
  }

  /// Whether it can refer to secrets that stand elsewhere, so that a key in it is in plain sight.
  package var holdsSecretsApart: Bool {
    switch self {
    case .kubectl, .ecs, .systemctl: true
    case .docker, .compose, .lambda, .process, .dotenv, .environ: false
    }
  }

  /// The names that `KIND:FILE` takes: its own, and those of what writes it.
  package init?(named name: String) {
    switch name.lowercased() {
    case "env": self = .dotenv
    case "kubernetes", "k8s": self = .kubectl
    case "systemd": self = .systemctl
    case "docker-inspect": self = .docker
    case "docker-compose": self = .compose
    case let name:
      guard let kind = SourceKind(rawValue: name), kind != .process else { return nil }
      self = kind
    }
  }

  package static let names = allCases.filter { $0 != .process }.map(\.rawValue)
}

/// Why a file is not read: what it is or lacks, where, and what to type.
package struct WorkloadFault: Error, Equatable, Sendable {
  package let message: String

  package init(_ message: String) {
    self.message = message
  }
}
