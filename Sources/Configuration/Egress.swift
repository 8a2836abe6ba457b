/// What has to be open on the way out, for a firewall ticket.
package struct Egress: Encodable, Equatable, Sendable {
  package enum Origin: String, Encodable, Sendable {
    case application
    /// The Agent, on its own host.
    case agent
    /// This tool alone: the telemetry does not need it.
    case doctor
  }

  package enum Transport: String, Encodable, Sendable {
    case tcp, udp
  }

  package let host: String
  package let port: Int
  package let transport: Transport
  package let from: Origin
  /// What goes there.
  package let purpose: String
  /// The variable that names a proxy on the way.
  package let through: String?

  /// `host:port`, with `/udp` behind it where it is that.
  package var description: String {
    "\(bracketed(host)):\(port)" + (transport == .udp ? "/udp" : "")
  }

  /// Whether it stays on the machine, where no firewall is asked.
  package var isLocal: Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }
}

extension Egress {
  /// All that a setup needs, the application's own first; nil where DD_SITE names no site to go to.
  package static func needs(_ settings: Settings) -> [Egress]? {
    guard let hosts = SiteHosts.of(settings.site) else { return nil }
    var all = openAI(settings)
    switch settings.setup {
    case .openAIAPI:
      all.append(secure(hosts.api, .doctor, "whether the Datadog key is valid", settings))
    case .llmobsAgentless:
      all += [
        secure(hosts.llmObservability, .application, "LLM Observability", settings),
        hosts.agentlessTraces.map { secure($0, .application, "traces without an Agent", settings) },
        secure(hosts.traces, .application, "statistics of traces", settings),
        secure(hosts.api, .application, "keys, evaluations, the public intake", settings),
      ].compactMap { $0 }
    case .llmobsLambda:
      all += [
        secure(hosts.llmObservability, .application, "LLM Observability", settings),
        secure(hosts.traces, .application, "traces of the extension", settings),
        secure(hosts.api, .application, "keys", settings),
      ]
    case .llmobsAgent, .apm:
      all += agent(settings)
      all.append(secure(hosts.traces, .agent, "traces", settings))
      if settings.setup.usesLLMObservability {
        all.append(secure(hosts.llmObservability, .agent, "LLM Observability", settings))
      }
      all.append(secure(hosts.api, .agent, "whether the Agent's key is valid", settings))
    }
    return all
  }

  /// The Agent's proxy is in its own configuration, which is not ours to know.
  private static func secure(
    _ host: String, _ origin: Origin, _ purpose: String, _ settings: Settings
  ) -> Egress {
    Egress(
      host: host, port: 443, transport: .tcp, from: origin, purpose: purpose,
      through: origin == .agent ? nil : settings.proxies.proxy(for: host)?.variable)
  }

  private static func openAI(_ settings: Settings) -> [Egress] {
    let environment = settings.environment
    let base =
      environment.value("OPENAI_BASE_URL") ?? environment.value("AZURE_OPENAI_ENDPOINT")
      ?? "https://api.openai.com/v1"
    let url = URLParts(base)
    guard !url.host.isEmpty else { return [] }
    let port = url.port.flatMap { Int($0) } ?? (url.scheme == "http" ? 80 : 443)
    return [
      Egress(
        host: url.host, port: port, transport: .tcp,
        from: settings.setup == .openAIAPI ? .doctor : .application, purpose: "OpenAI",
        through: url.scheme == "http" ? nil : settings.proxies.proxy(for: url.host)?.variable)
    ]
  }

  private static func agent(_ settings: Settings) -> [Egress] {
    var all: [Egress] = []
    switch settings.agent.endpoint {
    case .tcp(let host, let port), .tls(let host, let port):
      all.append(
        Egress(
          host: host, port: port, transport: .tcp, from: .application, purpose: "the Agent",
          through: nil))
    case .unix, nil: break
    }
    if case .udp(let host, let port) = settings.dogStatsD.target {
      all.append(
        Egress(
          host: host, port: port, transport: .udp, from: .application, purpose: "DogStatsD",
          through: nil))
    }
    return all
  }
}

/// A site's hosts; of a site that is not known, those that a template yields.
private struct SiteHosts {
  let api: String
  let traces: String
  let llmObservability: String
  /// Nil where no template holds.
  let agentlessTraces: String?

  static func of(_ setting: SiteSetting) -> SiteHosts? {
    switch setting.reading {
    case .known(let site), .odd(let site, _): of(site)
    case .empty: of(Site.us1)
    case .unknown:
      SiteHosts(
        api: "api.\(setting.written)", traces: "trace.agent.\(setting.written)",
        llmObservability: "llmobs-intake.\(setting.written)", agentlessTraces: nil)
    case .mistyped: nil
    }
  }

  private static func of(_ site: Site) -> SiteHosts {
    SiteHosts(
      api: site.apiHost, traces: site.traceHost, llmObservability: site.llmObservabilityHost,
      agentlessTraces: site.agentlessTraceHost)
  }
}
