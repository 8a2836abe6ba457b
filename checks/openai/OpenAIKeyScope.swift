package import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the key is of the kind that this setup needs, and no more than that.
package struct OpenAIKeyScope: Check {
  package let about: About

  /// An application's key is judged by its prefix alone, offline too; without a setup, as usage's.
  package init(_ setup: Setup? = nil) {
    let readsUsage = setup == nil || setup == .openAIAPI
    about = About(
      id: .openAIKeyScope,
      title: "Key has the scope of this setup",
      explanation: """
        Usage and costs need an admin key: a project's or a service account's key can't read \
        them, whatever its permissions. An application needs the opposite: with an admin key in \
        its environment, whoever gets in there administers the organization.
        """,
      fix: "Use an admin key for usage and costs, and a project key in applications.",
      docs: Docs.openAI,
      needs: [readsUsage ? .openAIOrganization : .openAIKeyPresent],
      statuses: [.passed, .warning, .failed, .unknown, .skipped],
      needsNetwork: readsUsage)
  }

  package func anticipate(_ seen: Observations) {
    if seen.settings.setup == .openAIAPI { seen.begin(openAI: .usage(.completions)) }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let key = settings.openAIKey, let kind = key.secret?.kind, !key.isEmpty else {
      return .skipped("no key to look at")
    }
    guard settings.setup == .openAIAPI else { return Self.application(key, kind, settings) }
    guard let reply = try await seen.openAI(.usage(.completions)) else {
      return .skipped("no key was sent")
    }
    if reply.answer == .success { return .passed("an admin key: it reads usage") }
    // Admin keys can be restricted: which of the usage they read, its own checks tell.
    if kind == .openAIAdmin { return .passed("an admin key, by its prefix") }
    return reply.answer.isUntold
      ? .untold(reply, settings) : .failed(.notAdmin(key, kind, reply))
  }

  private static func application(
    _ key: Variable, _ kind: SecretTraits.Kind, _ settings: Settings
  ) -> Outcome {
    let admin = ["OPENAI_API_KEY", "OPENAI_ADMIN_KEY"].compactMap { settings.environment[$0] }
      .first { $0.secret?.kind == .openAIAdmin }
    if let admin { return .warning(.exposed(admin)) }
    return .passed(
      "no admin key, by its prefix: \(kind == .other ? "none that is known" : kind.words)")
  }
}

extension Problem {
  fileprivate static func notAdmin(
    _ key: Variable, _ kind: SecretTraits.Kind, _ reply: OpenAIReply
  ) -> Problem {
    Problem(
      "\(key.name) is no admin key, and usage and costs are read with one alone",
      class: .wrongKind,
      evidence: Evidence(
        "answer", measured: reply.summary, expected: "200 with a page of usage",
        source: reply.place),
      Evidence(key.name, measured: kind.words, expected: "an admin key (sk-admin-…)"),
      remedies: .set("OPENAI_ADMIN_KEY", to: "<admin key>", "from \(OpenAIPages.adminKeys)"),
      .edit("put the admin key into Datadog's OpenAI tile: app.datadoghq.com/integrations/openai"))
  }

  fileprivate static func exposed(_ key: Variable) -> Problem {
    Problem(
      "\(key.name) is an admin key here", class: .exposed,
      evidence: Evidence(
        key.name, measured: key.shown,
        expected: "a project key: an application needs to call models, and no more",
        source: "\(key.origin); the key's prefix"),
      remedies: key.name == "OPENAI_ADMIN_KEY"
        ? .unset(key.name, "an application needs no admin key")
        : .set(key.name, to: "<project key>", "from \(OpenAIPages.apiKeys)"))
  }
}
