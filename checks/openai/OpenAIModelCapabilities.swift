import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the key may call models.
package struct OpenAIModelCapabilities: Check {
  package let about = About(
    id: "openai.model-capabilities",
    title: "Key may call models",
    explanation: """
      Asks two endpoints with a body that can't run: OpenAI checks the scope first and then turns \
      the body down with 400, which costs nothing. LLM Observability needs a key with write \
      permission on model capabilities, which OpenAI's page now calls Request.
      """,
    fix: "Edit the key: Permissions, Restricted, Model capabilities = Request (formerly Write).",
    docs: Docs.openAI,
    needs: [.openAIOrganization],
    statuses: [.passed, .warning, .failed, .unknown, .skipped])

  package init() {}

  package func anticipate(_ seen: Observations) {
    guard seen.settings.openAIKey?.name == "OPENAI_API_KEY" else { return }
    seen.begin(openAI: .images)
    seen.begin(openAI: .responses)
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let key = settings.openAIKey, key.name == "OPENAI_API_KEY", !key.isEmpty else {
      return .skipped("no OPENAI_API_KEY here: the application calls models with a key of its own")
    }
    guard let images = try await seen.openAI(.images),
      let responses = try await seen.openAI(.responses)
    else { return .skipped("no key was sent") }
    return Self.outcome(key, [images, responses], settings)
  }

  private static func outcome(_ key: Variable, _ replies: [OpenAIReply], _ settings: Settings)
    -> Outcome
  {
    if let refused = replies.first(where: { $0.answer.isRefusal }) {
      return .failed(.openAI(refused, settings))
    }
    let lacking = replies.filter(\.answer.isLacking)
    if let first = lacking.first, lacking.count == replies.count {
      let problem = Problem.mayNotCall(key, first, lacking, partly: false)
      return settings.setup.usesLLMObservability ? .failed(problem) : .warning(problem)
    }
    if let open = replies.first(where: \.answer.isUntold) { return .untold(open, settings) }
    if let first = lacking.first {
      return .warning(.mayNotCall(key, first, lacking, partly: true))
    }
    if let spent = replies.first(where: { $0.answer == .quota }) {
      return .warning(.openAI(spent, settings))
    }
    let limited = replies.filter(\.answer.isLimited)
    if let first = limited.first, limited.count == replies.count {
      return .warning(.openAI(first, settings))
    }
    return .passed("scope granted; quota not tested")
  }
}

extension OpenAIAnswer {
  /// Whether the key lacks the permission that was asked for.
  fileprivate var isLacking: Bool {
    switch self {
    case .missingScopes, .sessionKey, .unauthorized, .forbidden: true
    case .unreached, .success, .rejected, .invalidKey, .deactivated, .region, .ipNotAllowed,
      .quota, .organization, .wrongHost, .modelNotAllowed, .organizationNotVerified, .throttled,
      .unavailable, .unexpected:
      false
    }
  }

  /// Whether the key itself is refused, which its own check did not see.
  fileprivate var isRefusal: Bool {
    switch self {
    case .invalidKey, .deactivated, .region, .ipNotAllowed, .organization, .wrongHost: true
    case .unreached, .success, .rejected, .quota, .missingScopes, .sessionKey, .modelNotAllowed,
      .organizationNotVerified, .unauthorized, .forbidden, .throttled, .unavailable, .unexpected:
      false
    }
  }

  /// Whether the scope is there and the model in question is not.
  fileprivate var isLimited: Bool { self == .modelNotAllowed || self == .organizationNotVerified }
}

extension Problem {
  fileprivate static func mayNotCall(
    _ key: Variable, _ first: OpenAIReply, _ lacking: [OpenAIReply], partly: Bool
  ) -> Problem {
    let scopes = lacking.flatMap { reply in
      if case .missingScopes(let scopes) = reply.answer { scopes } else { [String]() }
    }
    let names = scopes.isEmpty ? "" : " (missing: \(scopes.joined(separator: ", ")))"
    let place = partly ? first.exchange.url : "models"
    let project = Remedy.set(key.name, to: "<project key>", "from \(OpenAIPages.apiKeys)")
    let request = Remedy.edit(
      "edit the key at \(OpenAIPages.apiKeys): Permissions, Model capabilities = Request"
        + " (formerly Write); the parent first, then what is below it")
    // No permission makes an admin key call models.
    let isAdmin = key.secret?.kind == .openAIAdmin
    return Problem(
      "\(key.name) may not call \(place)\(names)",
      class: scopes.isEmpty ? .forbidden : .missingScope,
      evidence: Evidence(
        "answer", measured: first.summary,
        expected: "400, as the body can't run and the scope is granted", source: first.place),
      remedies: isAdmin ? project : request
    ).adding(remedies: isAdmin ? [] : [.advice("or use a project key with all permissions")])
  }
}
