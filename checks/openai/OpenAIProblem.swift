import Configuration
import Diagnosis
import Probes
import Wire

extension Outcome {
  /// What can't be told: an APM route does not depend on OpenAI, so there its silence is a note.
  static func untold(_ reply: OpenAIReply, _ settings: Settings) -> Outcome {
    if settings.setup == .apm, case .unreached(let fault) = reply.answer,
      fault.failureClass != .interrupted, fault.failureClass != .malformed
    {
      return .skipped("OpenAI was not reached from here (\(fault.message)); spans do not need it")
    }
    return .unknown(.openAI(reply, settings))
  }
}

extension Problem {
  /// What to say of an answer in which OpenAI refuses the key, or tells nothing.
  static func openAI(_ reply: OpenAIReply, _ settings: Settings) -> Problem {
    let key = settings.openAIKey?.name ?? "OPENAI_API_KEY"
    let answer = reply.answer
    return Problem(
      message(answer, key, reply), class: failureClass(answer),
      evidence: evidence(reply), remedies: remedy(answer, key, settings)
    ).adding(details(answer, settings))
  }

  private static func evidence(_ reply: OpenAIReply) -> Evidence {
    guard let fault = reply.exchange.fault else {
      return Evidence(
        "answer", measured: reply.summary, expected: "an answer that accepts the key",
        source: reply.place)
    }
    let attempts = reply.exchange.attempts.map { attempt in
      attempt.error.map { "\(attempt.address): \($0)" } ?? attempt.address
    }
    let found = attempts.isEmpty ? fault.message : attempts.joined(separator: ", ")
    return Evidence(
      "tried", measured: "\(reply.place)  (\(found))", expected: "OpenAI's answer",
      source: "network")
  }

  private static func message(_ answer: OpenAIAnswer, _ key: String, _ reply: OpenAIReply)
    -> String
  {
    switch answer {
    case .unreached(let fault) where fault.failureClass == .malformed:
      "\(key) was not sent: \(fault.message)"
    case .unreached(let fault): "OpenAI was not reached: \(fault.message)"
    case .invalidKey: "OpenAI does not know \(key): incorrect API key"
    case .deactivated: "the account of \(key) was deactivated"
    case .region: "OpenAI does not serve the country that this host calls from"
    case .ipNotAllowed: "the organization's IP allow-list does not have this host's address"
    case .quota: "\(key) is accepted, and its organization has no quota left"
    case .organization(let code): "\(key) does not go with this organization or project (\(code))"
    case .wrongHost: "the project's data has a region, and its host is another"
    case .missingScopes(let scopes): "\(key) lacks \(scopes.joined(separator: ", "))"
    case .sessionKey: "OpenAI wants a browser's session here, and no key"
    case .modelNotAllowed: "the project may not use the model"
    case .organizationNotVerified: "the organization is not verified for the model"
    case .unauthorized: "OpenAI refuses \(key)"
    case .forbidden: "OpenAI forbids this to \(key)"
    case .throttled: "OpenAI answers 429: too many requests just now"
    case .unavailable: "OpenAI answers \(reply.exchange.answer?.line ?? "5xx"): a fault of its own"
    case .success, .rejected, .unexpected:
      "the answer is none of OpenAI's: \(reply.exchange.answer?.line ?? "none")"
    }
  }

  private static func failureClass(_ answer: OpenAIAnswer) -> FailureClass {
    switch answer {
    case .unreached(let fault): fault.failureClass
    case .invalidKey, .unauthorized: .unauthorized
    case .deactivated: .deactivated
    case .region: .region
    case .ipNotAllowed: .ipNotAllowed
    case .quota: .quota
    case .organization: .wrongOrganization
    case .wrongHost: .wrongHost
    case .missingScopes: .missingScope
    case .sessionKey: .wrongKind
    case .modelNotAllowed, .organizationNotVerified, .forbidden: .forbidden
    case .throttled: .throttled
    case .unavailable, .success, .rejected, .unexpected: .http
    }
  }

  private static func remedy(_ answer: OpenAIAnswer, _ key: String, _ settings: Settings)
    -> Remedy
  {
    let isAdmin = settings.setup == .openAIAPI
    let keys = isAdmin ? OpenAIPages.adminKeys : OpenAIPages.apiKeys
    switch answer {
    case .unreached(let fault): return remedy(fault, key, settings)
    case .invalidKey, .unauthorized, .forbidden, .deactivated, .missingScopes, .sessionKey:
      return .set(key, to: isAdmin ? "<admin key>" : "<OpenAI key>", "from \(keys)")
    case .region: return .advice("call from a supported country: \(OpenAIPages.countries)")
    case .ipNotAllowed: return .edit("add this host's address at \(OpenAIPages.allowList)")
    case .quota: return .advice("add credit, or raise the limit: \(OpenAIPages.billing)")
    case .organization:
      let name = ["OPENAI_ORG_ID", "OPENAI_PROJECT_ID"].first {
        settings.environment.value($0) != nil
      }
      return name.map { .unset($0, "the key's own holds then") }
        ?? .set(
          key, to: isAdmin ? "<admin key>" : "<OpenAI key>",
          "a key of the organization that is meant, from \(keys)")
    case .wrongHost(let host):
      let region = host.flatMap { OpenAIProvider.hosts.contains($0) ? $0 : nil }
      return .set("OPENAI_BASE_URL", to: "https://\(region ?? "<region>.api.openai.com")/v1")
    case .modelNotAllowed: return .edit("allow the model in the project's limits at OpenAI")
    case .organizationNotVerified:
      return .edit("verify the organization at \(OpenAIPages.organization)")
    case .throttled: return .advice("try again in a minute")
    case .unavailable: return .advice("look at https://status.openai.com and try again")
    case .success, .rejected, .unexpected:
      return .advice("something between here and OpenAI may answer in its place: --debug")
    }
  }

  private static func remedy(_ fault: Fault, _ key: String, _ settings: Settings) -> Remedy {
    switch fault.failureClass {
    case .tlsUntrusted:
      .command(
        "dd-doctor --cacert <file>.pem",
        "where a proxy of your company's re-signs TLS: its authority")
    case .malformed:
      .command(
        "export \(key)=\"$(printf %s \"$\(key)\" | tr -d ' \\t\\r\\n\\042\\047')\"", "the bare key")
    case .proxy: .set("HTTPS_PROXY", to: "http://<user>:<password>@<proxy>:<port>")
    case .interrupted: .command("dd-doctor --deadline 60s", "give it more time")
    default:
      .command(
        "curl -sS -o /dev/null https://\(settings.openAI.host ?? OpenAIProvider.standardHost)/",
        "whether OpenAI is reached from here at all")
    }
  }

  /// What stands beside the answer: what was sent along, and the certificate of an odd peer.
  private static func details(_ answer: OpenAIAnswer, _ settings: Settings) -> [Evidence] {
    switch answer {
    case .unreached(let fault):
      return (fault.certificate ?? []).map { Evidence("certificate", measured: $0) }
    case .organization:
      return ["OPENAI_ORG_ID", "OPENAI_PROJECT_ID"].compactMap { name in
        settings.environment[name].map {
          Evidence(name, measured: $0.shown, source: $0.origin)
        }
      }
    case .region, .ipNotAllowed:
      guard settings.setup == .openAIAPI else { return [] }
      return [
        Evidence(
          "note", measured: "Datadog's crawler calls from Datadog's addresses, not from here")
      ]
    case .invalidKey:
      guard settings.openAIKey?.secret?.isQuoted == true else { return [] }
      return [Evidence("note", measured: "the value has quotes in it", expected: "the bare key")]
    case .success, .rejected, .deactivated, .quota, .wrongHost, .missingScopes, .sessionKey,
      .modelNotAllowed, .organizationNotVerified, .unauthorized, .forbidden, .throttled,
      .unavailable, .unexpected:
      return []
    }
  }
}

extension OpenAIProvider {
  /// The host of OpenAI's that is configured.
  fileprivate var host: String? {
    guard case .openAI(let host, _) = service else { return nil }
    return host
  }
}
