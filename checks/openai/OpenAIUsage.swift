import Configuration
package import Diagnosis
package import Probes

/// Whether one family of usage can be read, as Datadog's OpenAI integration reads it.
package struct OpenAIUsage: Check {
  package let about: About
  private let subject: OpenAISubject

  /// The family that speaks for all of them where they fail alike.
  private static let first = OpenAIUsageFamily.audioSpeeches

  package init(_ family: OpenAIUsageFamily) {
    let words = family.rawValue.split(separator: "_").joined(separator: " ")
    self.init(
      .usage(family), id: .openAIUsage(family), title: "Usage of \(words) can be read",
      what: "`GET /v1/organization/usage/\(family.rawValue)` of the last 24 hours",
      echoes: family == Self.first ? nil : .openAIUsage(Self.first))
  }

  /// The same of costs.
  package static var costs: OpenAIUsage {
    OpenAIUsage(
      .costs, id: "openai.costs", title: "Costs can be read",
      what: "`GET /v1/organization/costs` of the last day", echoes: .openAIUsage(first))
  }

  private init(
    _ subject: OpenAISubject, id: CheckID, title: String, what: String, echoes: CheckID?
  ) {
    self.subject = subject
    about = About(
      id: id, title: title,
      explanation: """
        Asks \(what) with the admin key. Nothing in it is no fault: the key works and nobody used \
        it, or the data is not there yet (costs take up to a day). An admin key can be \
        restricted: without api.usage.read the integration collects nothing.
        """,
      fix: "Use an admin key with permission to read usage.",
      docs: Docs.openAI,
      needs: [.openAIKeyScope],
      statuses: [.passed, .failed, .unknown, .skipped],
      echoes: echoes)
  }

  package func anticipate(_ seen: Observations) { seen.begin(openAI: subject) }

  package func judge(_ seen: Observations) async throws -> Outcome {
    guard let reply = try await seen.openAI(subject) else { return .skipped("no key was sent") }
    switch reply.answer {
    case .success:
      guard let count = reply.resultCount else { return .unknown(.noPage(reply)) }
      return .passed(count > 0 ? "answers, with data" : "answers; no traffic in the last 24 hours")
    case .missingScopes(let scopes): return .failed(.mayNotRead(scopes, reply))
    // Reading usage has no quota of its own, so what this tells of the scope is not known.
    case .quota, .rejected: return .unknown(.openAI(reply, seen.settings))
    case .unreached, .throttled, .unavailable, .unexpected: return .untold(reply, seen.settings)
    case .invalidKey, .deactivated, .region, .ipNotAllowed, .organization, .wrongHost, .sessionKey,
      .modelNotAllowed, .organizationNotVerified, .unauthorized, .forbidden:
      return .failed(.openAI(reply, seen.settings))
    }
  }
}

extension Problem {
  fileprivate static func mayNotRead(_ scopes: [String], _ reply: OpenAIReply) -> Problem {
    Problem(
      "the admin key may not read usage (missing: \(scopes.joined(separator: ", ")))",
      class: .missingScope,
      evidence: Evidence(
        "answer", measured: reply.summary, expected: "200 with a page", source: reply.place),
      remedies: .edit(
        "make an admin key with all permissions, or give this one read permission on usage:"
          + " \(OpenAIPages.adminKeys)"),
      .edit("then put it into Datadog's OpenAI tile"))
  }

  fileprivate static func noPage(_ reply: OpenAIReply) -> Problem {
    Problem(
      "the answer is no page of usage", class: .protocol,
      evidence: Evidence(
        "answer", measured: reply.exchange.answer?.line ?? "none", expected: "a page with data",
        source: reply.place),
      remedies: .advice("something between here and OpenAI may answer in its place: --debug"))
  }
}
