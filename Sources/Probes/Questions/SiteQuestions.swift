package import Configuration
package import Diagnosis
import Wire

/// A site's answer, and our own clock when it came.
package struct SiteAnswer: Codable, Equatable, Sendable {
  package var exchange: Exchange
  /// Seconds since 1970.
  package var answeredAt: Double

  package init(exchange: Exchange, answeredAt: Double) {
    self.exchange = exchange
    self.answeredAt = answeredAt
  }
}

/// Whether a site's API answers at all; no key is sent.
package struct SiteAnswers: Question {
  private let site: Site

  package init(of site: Site) {
    self.site = site
  }

  package var key: String { "site.answers \(site.apiHost)" }

  package func ask(_ world: World) async -> SiteAnswer {
    let exchange = await world.ask(site, "/api/v1/validate", keys: [])
    return SiteAnswer(
      exchange: exchange, answeredAt: Double(WallClock.nanoseconds()) / 1_000_000_000)
  }

  package func transfers(_ answer: SiteAnswer) -> [Transfer] {
    [answer.exchange.transfer("site.answers")]
  }
}

/// `GET /api/v1/validate`: whether a site knows the API key.
package struct KeyValidation: Question {
  private let site: Site
  private let apiKey: DatadogKey

  package init(of apiKey: DatadogKey, on site: Site) {
    self.site = site
    self.apiKey = apiKey
  }

  package var key: String { "datadog.key \(apiKey.variable) \(site.apiHost)" }

  package func ask(_ world: World) async -> Exchange {
    await world.ask(site, "/api/v1/validate", keys: [("DD-API-KEY", apiKey)])
  }

  package func transfers(_ answer: Exchange) -> [Transfer] { [answer.transfer("datadog.key")] }
}

/// `GET /api/v2/validate` (preview): whose key it is.
package struct KeyOrganization: Question {
  private let site: Site
  private let apiKey: DatadogKey

  package init(of apiKey: DatadogKey, on site: Site) {
    self.site = site
    self.apiKey = apiKey
  }

  package var key: String { "datadog.organization \(apiKey.variable) \(site.apiHost)" }

  package func ask(_ world: World) async -> Exchange {
    await world.ask(site, "/api/v2/validate", keys: [("DD-API-KEY", apiKey)])
  }

  package func transfers(_ answer: Exchange) -> [Transfer] {
    [answer.transfer("datadog.organization")]
  }
}

/// `GET /api/v2/validate_keys`: whether API key and application key are good together.
package struct AppKeyValidation: Question {
  private let site: Site
  private let apiKey: DatadogKey
  private let appKey: DatadogKey

  package init(of appKey: DatadogKey, with apiKey: DatadogKey, on site: Site) {
    self.site = site
    self.apiKey = apiKey
    self.appKey = appKey
  }

  package var key: String { "datadog.app-key \(appKey.variable) \(site.apiHost)" }

  package func ask(_ world: World) async -> Exchange {
    await world.ask(
      site, "/api/v2/validate_keys", keys: [("DD-API-KEY", apiKey), ("DD-APPLICATION-KEY", appKey)])
  }

  package func transfers(_ answer: Exchange) -> [Transfer] { [answer.transfer("datadog.app-key")] }
}

/// The key on every other site of its kind, side by side: only with `--find-site`.
package struct KeySearch: Question {
  /// What one of the sites answered.
  package struct Hit: Codable, Equatable, Sendable {
    package var domain: String
    package var exchange: Exchange

    package init(domain: String, exchange: Exchange) {
      self.domain = domain
      self.exchange = exchange
    }
  }

  private let site: Site
  private let apiKey: DatadogKey

  package init(of apiKey: DatadogKey, beyond site: Site) {
    self.site = site
    self.apiKey = apiKey
  }

  package var key: String { "datadog.find-site \(apiKey.variable) beyond \(site.domain)" }

  package func ask(_ world: World) async -> [Hit] {
    let siblings = site.siblings
    let found = await withTaskGroup(of: Hit.self) { group in
      for sibling in siblings {
        group.addTask {
          Hit(
            domain: sibling.domain,
            exchange: await world.ask(
              sibling, "/api/v1/validate", keys: [("DD-API-KEY", apiKey)]))
        }
      }
      return await group.reduce(into: [String: Hit]()) { $0[$1.domain] = $1 }
    }
    return siblings.compactMap { found[$0.domain] }
  }

  package func transfers(_ answer: [Hit]) -> [Transfer] {
    answer.map { $0.exchange.transfer("datadog.find-site") }
  }
}

extension World {
  /// `GET` of a path of a site's API; each key is written for that host alone, as it stands.
  fileprivate func ask(_ site: Site, _ path: String, keys: [(field: String, key: DatadogKey)]) async
    -> Exchange
  {
    await ask(site, "GET", path, fields: [], keys: keys, body: [])
  }

  /// Any request to a site's API; each key is written for that host alone, as it stands.
  func ask(
    _ site: Site, _ method: String, _ path: String, fields: [(String, String)],
    keys: [(field: String, key: DatadogKey)], body: [UInt8]
  ) async -> Exchange {
    let endpoint = Endpoint.tls(host: site.apiHost, port: 443)
    var request = HTTPRequest(
      method, path, host: site.apiHost,
      fields: [("Accept", "application/json"), ("User-Agent", "dd-doctor/\(version)")] + fields,
      body: body)
    for (field, key) in keys {
      guard key.isSendable, let secret = credentials[key.variable] else {
        let fault = Fault(.missing, "\(key.variable) is not sent as it stands")
        return Exchange(request, to: endpoint, .failed(fault))
      }
      request.add(field, secret, for: site.apiHost)
    }
    return await secureExchange(request, with: endpoint)
  }
}

extension Observations {
  /// Nil where DD_SITE names no site that is known.
  package var siteAnswers: SiteAnswer? {
    get async throws {
      guard let site = settings.site.site else { return nil }
      return try await answer(SiteAnswers(of: site))
    }
  }

  /// Nil where there is no site to ask, or no key that may be sent.
  package var keyValidation: Exchange? {
    get async throws {
      guard let (site, apiKey) = settings.sendableKey else { return nil }
      return try await answer(KeyValidation(of: apiKey, on: site))
    }
  }

  /// Nil where there is no site to ask, or no key that may be sent.
  package var keyOrganization: Exchange? {
    get async throws {
      guard let (site, apiKey) = settings.sendableKey else { return nil }
      return try await answer(KeyOrganization(of: apiKey, on: site))
    }
  }

  /// Nil where there is no site to ask, or not both keys.
  package var appKeyValidation: Exchange? {
    get async throws {
      guard let (site, apiKey) = settings.sendableKey, let appKey = settings.appKey,
        appKey.isSendable
      else { return nil }
      return try await answer(AppKeyValidation(of: appKey, with: apiKey, on: site))
    }
  }

  /// The key on the other sites of its kind; nil where the user did not ask for it.
  package var keySearch: [KeySearch.Hit]? {
    get async throws {
      guard settings.findsSite, let (site, apiKey) = settings.sendableKey else { return nil }
      return try await answer(KeySearch(of: apiKey, beyond: site))
    }
  }
}

extension Settings {
  /// A known site, and a key that may be sent there.
  package var sendableKey: (site: Site, key: DatadogKey)? {
    guard let site = site.site, let apiKey, apiKey.isSendable else { return nil }
    return (site, apiKey)
  }
}
