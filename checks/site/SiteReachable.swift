import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the site's API answers over TLS from here.
package struct SiteReachable: Check {
  package let about = About(
    id: .siteReachable,
    title: "Site's API answers",
    explanation: """
      Asks https://api.<DD_SITE> without a key, the way the configuration says (HTTPS_PROXY, \
      NO_PROXY, SSL_CERT_FILE), and verifies its certificate. A company's TLS inspection shows by \
      the certificate's issuer: that the system trusts it does not mean that the application does. \
      On an Agent route it is asked only where a key is set, and never a failure.
      """,
    fix: "Let api.<DD_SITE> pass on TCP 443, or name the proxy and its authority.",
    docs: Docs.sites,
    needs: [.siteKnown],
    statuses: [.passed, .warning, .failed, .skipped, .unknown])

  package init() {}

  package func anticipate(_ seen: Observations) {
    guard seen.settings.noSiteNeeded == nil else { return }
    seen.begin { _ = try? await $0.siteAnswers }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noSiteNeeded { return .skipped(reason) }
    guard let site = settings.site.site, let exchange = try await seen.siteAnswers?.exchange else {
      return .skipped("no known site to ask")
    }
    if let fault = exchange.fault {
      let problem = Problem.unreached(exchange, fault, site, settings)
      guard settings.usesOwnKey else {
        return .skipped("\(problem.message); \(Settings.unusedWords)")
      }
      return fault.isOurs ? .unknown(problem) : .failed(problem)
    }
    guard let issuer = exchange.foreignIssuer else {
      return .passed("\(site.apiHost) answers\(way(site, settings))").judged(by: settings)
    }
    if settings.distrustsSystem, settings.usesOwnKey {
      return .warning(.inspected(exchange, issuer, site))
    }
    return Outcome.passed(
      "\(site.apiHost) answers\(way(site, settings)), with a certificate of \(issuer)",
      Evidence(
        "issuer", measured: issuer, expected: "a public authority",
        source: "\(exchange.url)'s certificate: the application must trust it too")
    ).judged(by: settings)
  }

  private func way(_ site: Site, _ settings: Settings) -> String {
    settings.proxies.proxy(for: site.apiHost).map { " through \($0.variable)" } ?? ""
  }
}

extension Fault {
  /// Whether the fault says nothing of the way that the application takes.
  var isOurs: Bool {
    switch failureClass {
    case .interrupted, .crashed, .notInstalled, .unsupported: true
    default: false
    }
  }
}

extension Exchange {
  /// The organisation that issued the peer's certificate, where it is no public authority.
  var foreignIssuer: String? {
    guard let line = certificate?.first(where: { $0.hasPrefix("issuer: ") }) else { return nil }
    let issuer = line.dropFirst("issuer: ".count)
    let isPublic = Self.authorities.contains { issuer.contains($0) }
    return isPublic ? nil : printable(String(issuer), limit: 120)
  }

  /// Who signs for public web servers; a name that is missing here costs a note, no verdict.
  private static let authorities = [
    "DigiCert", "Amazon", "Let's Encrypt", "Google Trust Services", "Sectigo", "GlobalSign",
    "Entrust", "GoDaddy", "Cloudflare", "Internet Security Research Group", "SSL Corporation",
    "Certainly", "ZeroSSL", "IdenTrust", "Microsoft",
  ]
}

extension Settings {
  /// Node trusts its own list, unless it is told of another.
  fileprivate var distrustsSystem: Bool {
    guard language == .node, environment.value("NODE_EXTRA_CA_CERTS") == nil else { return false }
    let options = environment.text("NODE_OPTIONS") ?? ""
    return !options.contains("--use-system-ca") && !options.contains("--use-openssl-ca")
  }

  /// How an application of this language is told to trust a further authority.
  fileprivate var trusting: Remedy {
    switch language {
    case .node: .set("NODE_EXTRA_CA_CERTS", to: "<authority.pem>", "the inspecting authority's")
    case .python, .php, nil:
      .set("SSL_CERT_FILE", to: "<authorities.pem>", "with the inspecting authority in it")
    }
  }
}

extension Problem {
  fileprivate static func inspected(_ exchange: Exchange, _ issuer: String, _ site: Site) -> Problem
  {
    Problem(
      "\(site.apiHost) shows a certificate of \(issuer): the system trusts it, Node does not",
      class: .tlsUntrusted,
      evidence: Evidence(
        "issuer", measured: issuer, expected: "a public authority", source: exchange.url),
      remedies: .set(
        "NODE_EXTRA_CA_CERTS", to: "<authority.pem>", "the inspecting authority's certificate"))
  }

  fileprivate static func unreached(
    _ exchange: Exchange, _ fault: Fault, _ site: Site, _ settings: Settings
  ) -> Problem {
    let proxy = settings.proxies.proxy(for: site.apiHost)
    let tried = exchange.attempts.map { attempt in
      attempt.error.map { "\(attempt.address): \($0)" } ?? attempt.address
    }
    var evidence: [Evidence] = []
    if let proxy {
      evidence.append(
        Evidence(
          "proxy", measured: printable(proxy.shown, limit: 120),
          source: settings.environment[proxy.variable].map { "\($0.name), \($0.origin)" }
            ?? proxy.variable))
    }
    if let lines = fault.certificate?.prefix(5), !lines.isEmpty {
      evidence.append(
        Evidence(
          "certificate", measured: lines.joined(separator: "; "),
          expected: "names \(site.apiHost), of a public authority", source: exchange.url))
    }
    let (first, rest) = remedies(fault, site, settings, proxy)
    return Problem(
      "\(site.apiHost): \(fault.message)", class: fault.failureClass,
      evidence: Evidence(
        "tried",
        measured: tried.isEmpty
          ? exchange.url : "\(exchange.url)  (\(tried.joined(separator: ", ")))",
        expected: "an HTTP answer over TLS", source: "network"),
      remedies: first
    ).adding(evidence, remedies: rest)
  }

  private static func remedies(
    _ fault: Fault, _ site: Site, _ settings: Settings, _ proxy: Proxy?
  ) -> (first: Remedy, rest: [Remedy]) {
    let host = site.apiHost
    let look = Remedy.command(
      "openssl s_client -connect \(host):443 -servername \(host) </dev/null", "who answers there")
    let open = Remedy.edit("allow TCP 443 to \(host); `dd-doctor egress` lists all that is needed")
    switch fault.failureClass {
    case .dns: return (.command("getent hosts \(host)", "whether it has an address here"), [open])
    case .proxy:
      let name = proxy?.variable ?? "HTTPS_PROXY"
      guard fault.status != 407 else {
        return (.set(name, to: "http://<user>:<password>@<proxy>:<port>", "it wants a login"), [])
      }
      return (
        .set(name, to: "http://<proxy>:<port>", "a proxy that lets \(host):443 pass"),
        [.set("NO_PROXY", to: ".\(site.domain)", "or go there directly")]
      )
    case .missing: return (.unset("SSL_CERT_FILE", "or name a file that is there"), [look])
    case .tlsUntrusted: return (settings.trusting, [look])
    case .tlsExpired: return (look, [.command("date -u", "whether this clock is right")])
    case .tlsHostname, .tlsProtocol, .protocol: return (look, [open])
    case .notInstalled: return (.command("sudo apt-get install libcurl4", "it speaks TLS"), [])
    default: return (open, proxy == nil ? [look] : [])
    }
  }
}
