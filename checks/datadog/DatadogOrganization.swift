import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whose key it is, as the site names it.
package struct DatadogOrganization: Check {
  package let about = About(
    id: .datadogOrganization,
    title: "Key's organisation is known",
    explanation: """
      A valid key of another organisation (a trial, a sandbox, a parent) takes everything and shows \
      it to other people. The site names the key's organisation (GET /api/v2/validate, a preview): \
      compare it with the one where you look.
      """,
    fix: "Use a key of the organisation in which you look for the data.",
    docs: Docs.keys,
    needs: [.datadogKeyValid],
    statuses: [.passed, .skipped, .unknown])

  package init() {}

  package func anticipate(_ seen: Observations) {
    guard seen.settings.sendableKey != nil else { return }
    seen.begin { _ = try? await $0.keyOrganization }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let exchange = try await seen.keyOrganization else {
      return .skipped(settings.notSentWords)
    }
    guard let answer = exchange.answer, answer.status != 429, answer.status < 500 else {
      let problem = Problem.undecided(exchange, "whose key it is", settings)
      return Outcome.unknown(problem).judged(by: settings)
    }
    guard let identity = KeyIdentity(answer) else {
      return .skipped("the site does not name it (\(answer.line); the request is a preview)")
    }
    return Outcome.passed("organisation \(identity.organization)", identity.evidence(exchange))
      .judged(by: settings)
  }
}

/// The organisation and the key that `/api/v2/validate` names.
struct KeyIdentity: Equatable {
  let organization: String
  let keyID: String?

  init?(_ answer: Answer) {
    guard answer.isSuccess, let wire = ValidationWire(answer.body), let id = wire.data.id,
      !id.isEmpty
    else { return nil }
    organization = printable(id, limit: 80)
    keyID = wire.data.attributes?.keyID.map { printable($0, limit: 80) }
  }

  func evidence(_ exchange: Exchange) -> Evidence {
    Evidence(
      "organisation", measured: keyID.map { "\(organization), key \($0)" } ?? organization,
      expected: "the one where you look", source: "GET \(exchange.url)")
  }
}
