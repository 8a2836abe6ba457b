import Configuration
package import Diagnosis
package import Probes

/// Whether the Agent's key and the application's are of one organisation.
package struct AgentOrganizationSame: Check {
  package let about = About(
    id: .agentOrganization,
    title: "Agent and application share an organisation",
    explanation: """
      An Agent sends to the organisation of its own key. Where the application's key is of another \
      one, everything is accepted and found by nobody: people look where their own key is from. Both \
      are asked whose they are (GET /api/v2/validate, a preview), the Agent's through its evp_proxy.
      """,
    fix: "Look in the Agent's organisation, or give the Agent a key of yours.",
    docs: Docs.keys,
    needs: [.agentEVPProxy, .datadogOrganization],
    statuses: [.passed, .warning, .skipped])

  package init() {}

  package func anticipate(_ seen: Observations) {
    guard seen.settings.sendableKey != nil else { return }
    seen.begin { _ = try? await $0.agentOrganization }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    guard let own = try await seen.keyOrganization, let mine = own.answer.flatMap(KeyIdentity.init)
    else { return .skipped("no organisation of a key of ours to compare with") }
    guard let exchange = try await seen.agentOrganization else {
      return .skipped("this Agent lists no evp_proxy to ask through")
    }
    guard let answer = exchange.answer, let theirs = KeyIdentity(answer) else {
      return .skipped(
        "the Agent's site does not name its organisation"
          + " (\(exchange.answer?.line ?? exchange.fault?.message ?? "no answer"))")
    }
    guard theirs.organization != mine.organization else {
      return .passed("both keys are of organisation \(mine.organization)")
    }
    return .warning(.apart(mine, own, theirs, exchange, seen.settings))
  }
}

extension Problem {
  fileprivate static func apart(
    _ mine: KeyIdentity, _ own: Exchange, _ theirs: KeyIdentity, _ agents: Exchange,
    _ settings: Settings
  ) -> Problem {
    let variable = settings.apiKey?.variable ?? "DD_API_KEY"
    return Problem(
      "the Agent sends to another organisation than that of \(variable)",
      class: .wrongOrganization,
      evidence: Evidence(
        "Agent's", measured: theirs.organization, expected: mine.organization,
        source: "\(agents.url), asked by the Agent with its own key"),
      Evidence(variable, measured: mine.organization, source: "GET \(own.url)"),
      remedies: .edit("look for the data in the Agent's organisation \(theirs.organization)"),
      .edit("or give the Agent the application's key, and restart it"))
  }
}
