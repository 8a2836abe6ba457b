import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the key and the organization and project that are set belong together.
package struct OpenAIOrganization: Check {
  package let about = About(
    id: .openAIOrganization,
    title: "Key belongs to the organization",
    explanation: """
      OPENAI_ORG_ID and OPENAI_PROJECT_ID go along with every call. OpenAI refuses a key of another \
      organization; where it answers, it names whose traffic it is. Usage in one organization is \
      not seen with the key of another.
      """,
    fix: "Unset OPENAI_ORG_ID and OPENAI_PROJECT_ID, or set those that the key belongs to.",
    docs: OpenAIPages.organization,
    needs: [.openAIKeyValid],
    statuses: [.passed, .warning, .failed, .skipped])

  package init() {}

  package func anticipate(_ seen: Observations) { seen.begin(openAI: .models) }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let reply = try await seen.openAIModels else { return .skipped("no key was sent") }
    if case .organization = reply.answer { return .failed(.openAI(reply, settings)) }
    let environment = settings.environment
    let pairs = [
      ("OPENAI_ORG_ID", "openai-organization", "org-", reply.organization),
      ("OPENAI_PROJECT_ID", "openai-project", "proj_", reply.project),
    ]
    for (name, field, prefix, answered) in pairs {
      // The answer may name a slug in place of the id: the two can't be compared.
      guard let wanted = environment.value(name), let answered, wanted != answered,
        wanted.hasPrefix(prefix), answered.hasPrefix(prefix)
      else { continue }
      return .warning(.elsewhere(name, wanted, field, answered, reply))
    }
    let named = [reply.organization, reply.project].compactMap { $0 }
    guard named.isEmpty else { return .passed("answers as \(named.joined(separator: ", "))") }
    let isSet = environment.value("OPENAI_ORG_ID") != nil
    return .passed(
      isSet ? "OPENAI_ORG_ID was sent and not refused" : "the key's own organization")
  }
}

extension Problem {
  fileprivate static func elsewhere(
    _ name: String, _ wanted: String, _ field: String, _ answered: String, _ reply: OpenAIReply
  ) -> Problem {
    let wanted = printable(wanted, limit: 80)
    return Problem(
      "\(name) is \(wanted), and OpenAI answers as \(answered)", class: .wrongOrganization,
      evidence: Evidence(
        field, measured: answered, expected: "\(wanted), as \(name) says", source: reply.place),
      remedies: .set(name, to: answered, "where the traffic goes now"), .unset(name))
  }
}
