import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether OpenAI knows the key.
package struct OpenAIKeyValid: Check {
  package let about = About(
    id: .openAIKeyValid,
    title: "OpenAI knows the key",
    explanation: """
      Asks `GET /v1/models`, which costs nothing. A key that OpenAI knows and that lacks a \
      permission gets a 401 as well, so the answer's words decide and not its status. The key \
      goes to OpenAI's own host, over TLS, and nowhere else.
      """,
    fix: "Use a key that is active, from where OpenAI may be called.",
    docs: OpenAIPages.errors,
    needs: [.openAIKeyPresent],
    statuses: [.passed, .failed, .unknown, .skipped])

  package init() {}

  package func anticipate(_ seen: Observations) { seen.begin(openAI: .models) }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let key = settings.openAIKey, !key.isEmpty else { return .skipped("the key is empty") }
    guard let reply = try await seen.openAIModels else { return .failed(.anotherServices(key)) }
    if reply.answer.isUntold { return .untold(reply, settings) }
    guard reply.answer.knowsKey else { return .failed(.openAI(reply, settings)) }
    if case .organization = reply.answer {
      return .passed("OpenAI knows the key, though not with this organization or project")
    }
    return .passed("OpenAI knows \(key.name)")
  }
}

extension Problem {
  fileprivate static func anotherServices(_ key: Variable) -> Problem {
    let words = key.secret?.phrase ?? "a secret"
    return Problem(
      "\(key.name) holds \(words): it is not for OpenAI, and was not sent",
      class: .wrongKind,
      evidence: Evidence(
        key.name, measured: key.shown, expected: "an OpenAI key (sk-…)",
        source: "\(key.origin); the shape of the value"),
      remedies: .set(key.name, to: "<OpenAI key>", "from \(OpenAIPages.apiKeys)"))
  }
}
