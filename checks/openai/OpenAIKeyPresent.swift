import Configuration
package import Diagnosis
package import Probes

/// Whether the OpenAI key that this setup needs is set.
package struct OpenAIKeyPresent: Check {
  package let about = About(
    id: .openAIKeyPresent,
    title: "OpenAI key is set",
    explanation: """
      Usage and costs are read with an admin key (OPENAI_ADMIN_KEY, else OPENAI_API_KEY): here it \
      stands for the key in Datadog's OpenAI tile. An application calls models with OPENAI_API_KEY, \
      or brings a key by its own means, which can't be seen.
      """,
    fix: "Export the key where dd-doctor and the application are started.",
    docs: Docs.openAI,
    needs: [.openAIProvider],
    statuses: [.passed, .warning, .failed, .skipped],
    needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard case .openAI = settings.openAI.service else {
      return .skipped("\(settings.openAI.words) has keys of its own; none was sent")
    }
    guard let key = settings.openAIKey else {
      guard settings.setup == .openAIAPI else {
        return .skipped("no OPENAI_API_KEY here: this setup needs none to be set")
      }
      return .failed(.missing("OPENAI_ADMIN_KEY", "not set"))
    }
    guard key.isEmpty else { return .passed("\(key.name): \(key.shown)") }
    let problem = Problem.missing(key.name, "empty")
    return settings.setup == .openAIAPI ? .failed(problem) : .warning(problem)
  }
}

extension Problem {
  fileprivate static func missing(_ name: String, _ state: String) -> Problem {
    let isAdmin = name == "OPENAI_ADMIN_KEY"
    return Problem(
      state == "empty"
        ? "\(name) is there and empty, as from a secret that was not handed on"
        : "no OpenAI key is set, and usage is read with one",
      class: .missing,
      evidence: Evidence(
        name, measured: state,
        expected: isAdmin ? "an admin key (sk-admin-…)" : "an OpenAI key (sk-…)",
        source: "environment"),
      remedies: .set(
        name, to: isAdmin ? "<admin key>" : "<OpenAI key>",
        "from \(isAdmin ? OpenAIPages.adminKeys : OpenAIPages.apiKeys)"))
  }
}
