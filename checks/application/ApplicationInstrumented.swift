import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether any tracer spoke while the application ran.
package struct ApplicationInstrumented: Check {
  package let about = About(
    id: .applicationInstrumented,
    title: "Application has a tracer in it",
    explanation: """
      A tracer asks its Agent for /info when it starts, long before the first span. An application \
      that never does has no tracer in it, whatever is installed beside it: it was started without \
      ddtrace-run, without --require dd-trace/init, or with a PHP that does not load ddtrace. What \
      runs in a container or on another machine is not led here by the command's variables: watch \
      it from the inside.
      """,
    fix: "Start the application through its tracer.",
    docs: Docs.startupLogs, statuses: [.passed, .failed, .unknown])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let traffic = try await seen.traffic
    guard !traffic.hasSpoken else {
      return .passed("a tracer spoke: \(counted(traffic.requests, "request"))")
    }
    if let command = traffic.command, Self.keepsVariables.contains(command.name) {
      return .unknown(.elsewhere(command, traffic))
    }
    return .failed(.silent(traffic, seen.settings))
  }

  /// Programs that start others without handing their own variables on.
  private static let keepsVariables: Set<String> = [
    "docker", "docker-compose", "podman", "nerdctl", "kubectl", "oc", "ssh", "sudo", "su",
    "systemd-run", "systemctl", "nsenter", "vagrant", "lxc", "minikube",
  ]
}

extension Problem {
  fileprivate static func elsewhere(_ command: CapturedCommand, _ traffic: CapturedTraffic)
    -> Problem
  {
    Problem(
      "no tracer spoke, and \(command.name) hands no variables on: what it started was not led here",
      class: .notSent, evidence: .captured(traffic),
      remedies: .edit("put dd-doctor capture -- behind \(command.name), before the application"),
      .advice("the stand-in listens on the loopback of the place where dd-doctor runs"))
  }

  fileprivate static func silent(_ traffic: CapturedTraffic, _ settings: Settings) -> Problem {
    let who = traffic.command.map { "\($0.name) ran" } ?? "the stand-in listened"
    let evidence = Evidence.captured(traffic)
    if let file = settings.file(of: "DD_TRACE_AGENT_URL"), file.rank == .fleet {
      return Problem(
        "no tracer spoke while \(who): \(file.path) sends it elsewhere", class: .conflict,
        evidence: evidence,
        Evidence(
          "DD_TRACE_AGENT_URL", measured: "set in \(file.path), which outranks the environment",
          expected: "unset there while it is watched", source: file.path),
        remedies: .edit("take DD_TRACE_AGENT_URL out of \(file.path) while you watch"))
    }
    let (first, second) = remedies(settings)
    return Problem(
      "no tracer spoke while \(who)", class: .notLoaded, evidence: evidence,
      remedies: first, second)
  }

  private static func remedies(_ settings: Settings) -> (Remedy, Remedy) {
    switch settings.language {
    case nil:
      (
        .edit(
          "start it through its tracer: ddtrace-run before Python's command, NODE_OPTIONS="
            + "\"--require dd-trace/init\" for Node, PHP with the extension ddtrace"),
        .command(
          "dd-doctor capture --language <language> -- <command>", "names what fits the language")
      )
    case .python:
      (
        .command("dd-doctor capture -- ddtrace-run <command>", "start it through ddtrace-run"),
        .edit("or import ddtrace.auto as the first line of the program")
      )
    case .node where settings.environment.nodePreloads.contains { $0.tool == .datadog }:
      (
        .command("npm install dd-trace", "NODE_OPTIONS loads it: it has to be there"),
        .command("dd-doctor --only runtime", "says which tracer this folder has")
      )
    case .node:
      (
        .set("NODE_OPTIONS", to: "--require dd-trace/init", "before any other module"),
        .set("NODE_OPTIONS", to: "--import dd-trace/initialize.mjs", "for ES modules")
      )
    case .php:
      (
        .command("php -m | grep ddtrace", "does this PHP load the extension"),
        .command(
          "php datadog-setup.php --php-bin=all", "installs it for every PHP of the machine")
      )
    }
  }
}
