package import Configuration
package import Diagnosis
import Wire

extension Remedy {
  /// Puts a variable's value under another name.
  ///
  /// A key, and what can't be shown whole, goes from one name to the other in the shell itself.
  static func renaming(_ variable: Variable, to other: String, isKey: Bool = false) -> Remedy {
    guard let text = variable.text, !text.isEmpty, !isKey, variable.isWhole,
      printable(text, limit: 200) == text
    else {
      return .command("export \(other)=\"$\(variable.name)\"; unset \(variable.name)")
    }
    return .rename(variable.name, to: other, value: text)
  }

  /// Sets a variable to what is made of another one's text, where all of that is known.
  ///
  /// Where a key was taken out of it, or it is too long to show, it is to be edited by hand.
  static func set(
    _ name: String, to value: String, of variable: Variable?, _ text: String = ""
  ) -> Remedy {
    guard variable?.isWhole ?? true, printable(value, limit: 200) == value, !value.hasSuffix("…")
    else {
      let source = variable.map { $0.name == name ? "" : " to what \($0.name) holds" } ?? ""
      let more = text.isEmpty ? "" : ", \(text)"
      return .edit("set \(name)\(source) where it is set now\(more); its value is not shown whole")
    }
    return .set(name, to: value, text)
  }
}

/// Remedies that fit the environment that was found.
enum Remedies {
  /// How an application of this kind of place reaches an Agent, the likeliest first.
  static func reachingAgent(_ settings: Settings) -> [Remedy] {
    switch settings.host.platform {
    case .host:
      [
        .command("sudo systemctl start datadog-agent", "start the Agent on this host"),
        .command(runAgent(settings), "or run one in Docker"),
      ]
    case .docker: otherContainer(settings)
    case .kubernetes:
      [
        .edit(
          "set DD_AGENT_HOST from the field status.hostIP, and give the Agent's DaemonSet"
            + " hostPort 8126 (Helm: datadog.apm.portEnabled=true)"),
        .edit(
          "or mount the host's /var/run/datadog and let the tracer find"
            + " \(AgentAddress.defaultSocket)"),
      ]
    case .lambda:
      [
        .edit("add the Datadog-Extension layer: it answers on localhost:8126 inside the function"),
        .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "1", "or send without an Agent"),
      ]
    case .ecsFargate:
      [
        .edit("add the Agent as a container of the same task; it is reached at localhost"),
        .unset(
          settings.agent.origin.first { $0.name.hasPrefix("DD_") }?.name ?? "DD_AGENT_HOST",
          "on Fargate the default is right"),
      ]
    case .ecs:
      [
        .edit(
          "set DD_AGENT_HOST to the instance's address from the metadata service"
            + " (169.254.169.254/latest/meta-data/local-ipv4)")
      ]
    case .cloudRun, .azureFunctions, .appService:
      [
        .edit("no Agent runs here by itself: add serverless-init or a sidecar"),
        .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "1", "or send LLM Observability without an Agent"),
      ]
    case .githubActions, .gitlabCI:
      [
        .command(runAgent(settings), "start an Agent for the job"),
        .edit("or declare gcr.io/datadoghq/agent as a service of the job and name it as the host"),
      ]
    }
  }

  /// The Agent's container by the name that the documentation gives it, unless that just failed.
  private static func otherContainer(_ settings: Settings) -> [Remedy] {
    let network = Remedy.edit(
      "give the Agent DD_APM_NON_LOCAL_TRAFFIC=true and put both containers on one network")
    if case .tcp("datadog-agent", _) = settings.agent.endpoint {
      return [network, .command("docker ps --filter name=agent", "on the host: the Agent's name")]
    }
    return [leading(to: "datadog-agent", settings, "the name of the Agent's container"), network]
  }

  /// The Agent's TCP port, where a socket is not to be had.
  static func overTCP(_ settings: Settings) -> Remedy {
    let host = settings.host.platform.isolatesLocalhost ? "<agent host>" : "localhost"
    return .set("DD_TRACE_AGENT_URL", to: "http://\(host):8126", "or use the Agent's TCP port")
  }

  /// The host in the variable that decides now: another one would be shadowed by it.
  static func leading(to host: String, _ settings: Settings, _ text: String) -> Remedy {
    let deciding = settings.agent.origin.first?.name ?? ""
    if deciding.hasSuffix("_URL") { return .set(deciding, to: "http://\(host):8126", text) }
    return .set(
      deciding.hasPrefix("DD_TRACE_AGENT_HOST") ? deciding : "DD_AGENT_HOST", to: host, text)
  }

  /// The command of Datadog's OpenAI documentation, without what it needs for container metrics.
  ///
  /// In a container that is known it is for the machine around it: the Agent joins this one's
  /// network, where it is reached at localhost as everywhere else.
  static func runAgent(_ settings: Settings) -> String {
    var words = ["docker run -d --name datadog-agent"]
    let container = settings.host.platform == .docker ? settings.host.containerID : nil
    let isSet = container == nil && settings.environment["DD_API_KEY"]?.isEmpty == false
    words.append("-e DD_API_KEY=" + (isSet ? "\"$DD_API_KEY\"" : "'<DATADOG_API_KEY>'"))
    if let site = settings.environment.value("DD_SITE") {
      words.append("-e DD_SITE=\(shellQuoted(printable(site, limit: 60)))")
    }
    words.append(
      container.map { "--network container:\($0)" }
        ?? "-p 127.0.0.1:8126:8126/tcp -p 127.0.0.1:8125:8125/udp")
    words.append("-e DD_DOGSTATSD_NON_LOCAL_TRAFFIC=true -e DD_APM_ENABLED=true")
    return (words + ["gcr.io/datadoghq/agent:latest"]).joined(separator: " ")
  }

  /// Setting the address that the variable which decided now gets wrong.
  static func pointing(_ settings: Settings, to url: String = "http://<agent host>:8126") -> Remedy
  {
    .set("DD_TRACE_AGENT_URL", to: url, "where the Agent really is")
  }
}

extension Settings {
  /// Where the address came from, as evidence.
  var addressEvidence: Evidence {
    var measured = "\(agent.url), from \(agent.originText)"
    if !agent.shadowed.isEmpty {
      measured +=
        "; shadowed: " + agent.shadowed.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    }
    return Evidence(
      "address", measured: measured, source: "\(language?.tracer ?? "ddtrace")'s own order")
  }

  /// What the place makes of `localhost`, where the address is that.
  var localhostEvidence: [Evidence] {
    guard host.platform.isolatesLocalhost, case .tcp(let host, _) = agent.endpoint,
      ["localhost", "127.0.0.1", "::1"].contains(host)
    else { return [] }
    return [
      Evidence(
        "note", measured: "this is \(self.host.platform.words): \(host) is not the host",
        source: "environment and marker files")
    ]
  }
}

// A variable that a tracer's file sets is mended there: in the environment nothing would change.
extension Settings {
  /// The finding with the remedies that help where the variable really stands.
  package func fitting(_ finding: Finding) -> Finding {
    var finding = finding
    finding.remedies = finding.remedies.map(fitting)
    return finding
  }

  func fitting(_ remedy: Remedy) -> Remedy {
    guard let variable = remedy.variable, let file = file(of: variable) else {
      if let workload = host.workload { return workload.placing(remedy) }
      return host.shell == .fish ? remedy.forFish : remedy
    }
    switch (remedy.kind, file.rank) {
    case (.set, .fleet):
      return .edit("set \(variable) to '\(remedy.value ?? "")' in \(file.path), which outranks it")
    case (.unset, .fleet), (.unset, .local): return .edit("take \(variable) out of \(file.path)")
    case (.set, .local), (.command, _), (.edit, _), (.advice, _): return remedy
    }
  }
}
