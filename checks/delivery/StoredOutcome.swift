import Configuration
import Diagnosis
import Probes

extension Observations {
  /// What became of a search for a test span; asked only of a site that can have it.
  func storedOutcome(_ product: SpanStored.Product) async throws -> Outcome {
    if let reason = settings.noSearch { return .skipped(reason) }
    if let reason = try await storedElsewhere { return .skipped(reason) }
    guard let site = settings.site.site, let answer = try await stored(product) else {
      return .skipped(settings.notSentWords)
    }
    switch answer.end {
    case .found:
      return .passed(
        "found on \(site.domain) by the run's id",
        Evidence(
          "search", measured: "one span of this run", expected: "one span of this run",
          source: answer.exchange.url))
    case .notFound: return .unknown(.notFound(answer, product, site, settings))
    case .unreadable: return .unknown(.unsearched(answer, product, site))
    }
  }

  /// Why these keys can't see what the Agent's key stores; nil where nothing speaks for that.
  private var storedElsewhere: String? {
    get async throws {
      guard !settings.usesOwnKey else { return nil }
      let info = try await agentInfo.description
      if info?.kind == .testAgent { return "Datadog's test agent keeps what it is sent" }
      if let site = settings.site.site, let intake = try await agentIntake,
        let host = intake.agentSite, host != site.domain
      {
        return "the Agent sends to \(host), and these keys are for \(site.domain)"
      }
      guard let theirs = try await agentOrganization?.organization,
        let ours = try await keyOrganization?.organization, theirs != ours
      else { return nil }
      return "the Agent's key is of another organisation than DD_API_KEY: nothing was searched"
    }
  }
}

extension Exchange {
  /// The organisation that `/api/v2/validate` names.
  fileprivate var organization: String? {
    guard let answer, answer.isSuccess else { return nil }
    return ValidationWire(answer.body)?.data.id
  }
}

extension String {
  /// The site in the address of a trace intake: `https://trace.agent.datadoghq.eu`.
  fileprivate var agentSite: String? {
    guard let start = range(after: "://trace.agent.") else { return nil }
    return String(self[start...].prefix { $0 != "/" && $0 != ":" })
  }

  private func range(after mark: String) -> String.Index? {
    firstRange(of: mark)?.upperBound
  }
}

extension Settings {
  /// Why nothing can be searched; nil where both keys are there.
  fileprivate var noSearch: String? {
    guard let appKey, !appKey.isEmpty else {
      return "no DD_APP_KEY is set: what is stored can't be searched without one"
    }
    guard appKey.isSendable else { return "DD_APP_KEY can't be sent as it stands" }
    guard let apiKey, !apiKey.isEmpty else {
      return "no DD_API_KEY is set: a search needs it beside DD_APP_KEY"
    }
    return nil
  }
}

extension Problem {
  fileprivate static func notFound(
    _ answer: SpanStored.Answer, _ product: SpanStored.Product, _ site: Site, _ settings: Settings
  ) -> Problem {
    let seconds = Int(exactly: answer.patience.rounded()) ?? 0
    let problem = Problem(
      "not found on \(site.domain) within \(seconds) s: it may still be on its way",
      class: .notStored,
      evidence: Evidence(
        "search", measured: "no span of this run in \(answer.searches) searches",
        expected: "one span of this run", source: answer.exchange.url),
      remedies: .command("dd-doctor span --verify --wait 5m", "give it more time"))
    guard product == .traces else { return problem }
    return problem.adding(
      settings.usesOwnKey
        ? [] : [Evidence("note", measured: "the Agent's key may be of another account")],
      remedies: [
        .edit(
          "see that a retention filter keeps it: https://\(site.appHost)/apm/traces/retention-filters"
        )
      ])
  }

  fileprivate static func unsearched(
    _ answer: SpanStored.Answer, _ product: SpanStored.Product, _ site: Site
  ) -> Problem {
    let exchange = answer.exchange
    let evidence = exchange.siteEvidence(expected: "200 with a list of spans")
    let host = site.apiHost
    switch exchange.answer?.status {
    case nil:
      let fault = exchange.fault ?? Fault(.closed, "no answer")
      return Problem(
        "\(host) could not be searched: \(fault.message)", class: fault.failureClass,
        evidence: evidence, remedies: .command("dd-doctor span --verify", "ask again"))
    case 401, 403:
      return Problem(
        "\(host) does not let DD_APP_KEY search spans (\(exchange.answer?.line ?? ""))",
        class: exchange.answer?.status == 401 ? .unauthorized : .forbidden, evidence: evidence,
        remedies: .edit(
          "give DD_APP_KEY the scope \(product == .traces ? "apm_read" : "llm_observability_read"):"
            + " https://\(site.appHost)/organization-settings/application-keys"))
    case 429:
      return Problem(
        "\(host) is asked too often to search spans", class: .throttled, evidence: evidence,
        remedies: .command("dd-doctor span --verify", "later: 300 searches an hour are allowed"))
    case 200:
      return Problem(
        "\(host) answers the search with something that does not show this run's span",
        class: .protocol, evidence: evidence,
        remedies: .command("dd-doctor span --verify", "ask again"))
    default:
      return Problem(
        "\(host) answers the search with \(exchange.answer?.line ?? "nothing")", class: .http,
        evidence: evidence, remedies: .command("dd-doctor span --verify", "ask again"))
    }
  }
}
