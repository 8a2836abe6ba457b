package import Configuration
package import Diagnosis
package import Probes

/// Whether every host that this tracer sends LLM Observability to answers over TLS.
package struct LLMObsEgress: Check {
  package let about: About

  /// With an Agent it applies only where the tracer goes around it; nil stands for any setup.
  package init(_ setup: Setup? = nil) {
    let way: CheckID =
      switch setup {
      case .llmobsAgentless, .llmobsLambda: .siteReachable
      case .llmobsAgent, .apm, .openAIAPI, nil: .agentEVPProxy
      }
    about = About(
      id: .llmobsEgress,
      title: "LLM Observability's hosts answer",
      explanation: """
        A firewall that lets api.<DD_SITE> pass may not know the hosts that data really goes to: \
        llmobs-intake.<DD_SITE>, and for ddtrace 4 without an Agent the trace intake of the site, \
        whose name no template yields. A filtering DNS sends names such as browser-intake-… to \
        0.0.0.0 or nowhere. Each is asked over TLS, with neither a key nor a payload.
        """,
      fix: "Allow TCP 443 to the hosts that `dd-doctor egress` lists.",
      docs: Docs.llmObservability,
      needs: [.llmobsMode, way],
      statuses: [.passed, .warning, .failed, .skipped, .unknown])
  }

  package func anticipate(_ seen: Observations) {
    let settings = seen.settings
    guard settings.setup == .llmobsAgentless, let site = settings.site.site else { return }
    seen.begin { seen in
      for host in settings.llmObservabilityHosts(site, await seen.tracerVersion) {
        seen.begin(IntakeAnswers(of: host))
      }
    }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard settings.setup.usesLLMObservability, settings.language != .php else {
      return .skipped("only LLM Observability needs it")
    }
    if try await seen.llmObsReplay.way == .agent {
      return .skipped("the Agent goes out: agent.forwarding asks it")
    }
    guard let site = settings.site.site else { return .skipped("no known site to ask") }
    guard site.offersLLMObservability != false else {
      return .skipped("\(site.name) does not offer LLM Observability")
    }
    guard settings.environment.value("DD_LLMOBS_OVERRIDE_ORIGIN") == nil else {
      return .skipped("DD_LLMOBS_OVERRIDE_ORIGIN leads elsewhere than to Datadog's hosts")
    }
    let version = await seen.tracerVersion
    let hosts = settings.llmObservabilityHosts(site, version)
    for host in hosts { seen.begin(IntakeAnswers(of: host)) }
    var outcomes: [Outcome] = []
    for host in hosts {
      let answer = try await seen.answer(IntakeAnswers(of: host))
      guard let fault = answer.exchange.fault else { continue }
      let problem = Problem.unreached(host, answer, fault, settings)
      outcomes.append(fault.isOurs ? .unknown(problem) : .failed(problem))
    }
    if let proxy = settings.proxies.proxy(for: site.llmObservabilityHost), let version,
      settings.ignoresProxy(version)
    {
      outcomes.append(.warning(.proxyIgnored(proxy, version, settings)))
    }
    return .worst(
      outcomes,
      else: .passed("\(hosts.joined(separator: " and ")) answer\(hosts.count == 1 ? "s" : "")"))
  }
}

extension Settings {
  /// Whether this release of the tracer goes straight out whatever proxy is named.
  ///
  /// dd-trace-js took up proxies for LLM Observability on 2026-09-04, behind 5.123.0 and 6.12.0.
  fileprivate func ignoresProxy(_ version: PackageVersion) -> Bool {
    guard language == .node else { return false }
    return version.major < 6 ? version < PackageVersion(5, 124) : version < PackageVersion(6, 13)
  }
}

extension IntakeAnswers.Answer {
  /// The address that a filtering DNS gave for a public name, where it did.
  fileprivate func sinkhole(_ settings: Settings, _ host: String) -> String? {
    guard !isRedirected, settings.proxies.proxy(for: host) == nil else { return nil }
    return exchange.attempts.map(\.address).first(where: isNoPublicAddress)
  }
}

/// Whether `address:port` is one that no public host has: unspecified, loopback or private.
private func isNoPublicAddress(_ text: String) -> Bool {
  var address = text
  if address.hasPrefix("["), let close = address.firstIndex(of: "]") {
    address = String(address[address.index(after: address.startIndex)..<close])
    return ["::", "::1"].contains(address) || address.hasPrefix("fd") || address.hasPrefix("fe80")
  }
  if let colon = address.lastIndex(of: ":") { address = String(address[..<colon]) }
  let parts = address.split(separator: ".").compactMap { Int($0) }
  guard parts.count == 4 else { return false }
  return switch (parts[0], parts[1]) {
  case (0, _), (10, _), (127, _), (192, 168), (169, 254), (172, 16...31): true
  default: false
  }
}

extension Problem {
  fileprivate static func unreached(
    _ host: String, _ answer: IntakeAnswers.Answer, _ fault: Fault, _ settings: Settings
  ) -> Problem {
    let tried = answer.exchange.attempts.map { attempt in
      attempt.error.map { "\(attempt.address): \($0)" } ?? attempt.address
    }
    let evidence = Evidence(
      "tried",
      measured: "https://\(host)/" + (tried.isEmpty ? "" : "  (\(tried.joined(separator: ", ")))"),
      expected: "an HTTP answer over TLS", source: "network")
    let open = Remedy.edit("allow TCP 443 to \(host); `dd-doctor egress` lists all that is needed")
    let look = Remedy.command("getent hosts \(host)", "what name resolution makes of it")
    if let address = answer.sinkhole(settings, host) {
      return Problem(
        "\(host) leads to \(address) here, which is no host of Datadog's: a filtering DNS",
        class: .dns, evidence: evidence,
        Evidence(
          "answer", measured: fault.message,
          expected: "a public address, or a PrivateLink endpoint", source: "name resolution"),
        remedies: look, .edit("let the filtering DNS (ad blocker, sinkhole) pass \(host)"))
    }
    let (first, second) =
      switch fault.failureClass {
      case .dns: (look, open)
      case .tlsExpired, .tlsHostname, .tlsUntrusted, .tlsProtocol, .protocol:
        (
          Remedy.command(
            "openssl s_client -connect \(host):443 -servername \(host) </dev/null",
            "who answers there"), open
        )
      default: (open, look)
      }
    return Problem(
      "\(host): \(fault.message)", class: fault.failureClass, evidence: evidence,
      remedies: first, second)
  }

  fileprivate static func proxyIgnored(
    _ proxy: Proxy, _ version: PackageVersion, _ settings: Settings
  ) -> Problem {
    Problem(
      "\(settings.tracerName) of this version sends LLM Observability past \(proxy.variable)",
      class: .outdated,
      evidence: Evidence(
        "version", measured: "\(settings.tracerName) \(version)",
        expected: "a release after 2026-09-04", source: "dd-trace-js's changes"),
      remedies: .command("npm install dd-trace@latest"))
  }
}
