import Configuration
import Diagnosis
import Probes
import Wire

extension Exchange {
  /// An answer that was written down.
  static func recorded(
    _ status: Int, _ body: String = "", fields: [(String, String)] = []
  ) -> Exchange {
    Exchange(
      method: "GET", url: "https://recorded",
      result: .answered(
        Answer(HTTPResponse(status, fields: HTTPFields(fields), body: Array(body.utf8)))))
  }

  /// No answer, for this reason.
  static func recorded(_ failureClass: FailureClass) -> Exchange {
    Exchange(
      method: "GET", url: "https://recorded",
      result: .failed(Fault(failureClass, failureClass.rawValue)))
  }

  static let refusal = recorded(
    403,
    #"{"status":"error","code":403,"errors":["Forbidden"],"statuspage":"http://status.datadoghq.com"}"#
  )
  static let valid = recorded(200, #"{"valid":true}"#)

  static func organization(_ id: String) -> Exchange {
    recorded(
      200,
      #"{"data":{"id":"\#(id)","type":"validate_v2","attributes":{"api_key_id":"k","valid":true}}}"#
    )
  }
}

extension Scenario {
  private static let sent = ["DD_API_KEY=\(key)"]

  private static func reached(
    _ exchange: Exchange, at seconds: Double = 0
  ) -> @Sendable (Settings) -> [Recorded?] {
    { settings in
      [
        settings.site.site.flatMap {
          Recorded(SiteAnswers(of: $0), SiteAnswer(exchange: exchange, answeredAt: seconds))
        }
      ]
    }
  }

  /// A site whose Date is this many seconds behind our clock.
  private static func clock(_ skew: Int) -> Answers {
    .recorded(
      reached(
        .recorded(403, "{}", fields: [("Date", "Wed, 25 Nov 2026 12:00:00 GMT")]),
        at: Double(1_795_608_000 + skew)))
  }

  private static let inspected: Answers = .recorded { settings in
    var exchange = Exchange.refusal
    exchange.certificate = ["issuer: O = Zscaler Inc., CN = Zscaler Root"]
    return reached(exchange)(settings)
  }

  static var site: [Scenario] {
    [
      Scenario(
        "a site that offers LLM Observability", ["DD_SITE=datadoghq.eu"], .llmobsAgentless,
        gives: [.passed: ["site.known", "site.llmobs"]]),
      Scenario(
        "a site in capitals", ["DD_SITE=US5.datadoghq.com"], .llmobsAgentless,
        gives: [.warning: ["site.known"]]),
      Scenario("no domain", ["DD_SITE=us5"], .llmobsAgentless, gives: [.failed: ["site.known"]]),
      Scenario(
        "a site of Datadog's own", ["DD_SITE=datad0g.com"], .llmobsAgentless,
        gives: [.unknown: ["site.known"]]),
      Scenario(
        "a site that the Agent's route does not use", ["DD_SITE=datad0g.com"], .llmobsAgent,
        gives: [.skipped: ["site.known"]]),
      Scenario(
        "the government's site", ["DD_SITE=ddog-gov.com"], .llmobsAgentless,
        gives: [.failed: ["site.llmobs"]]),
      Scenario(
        "a site that answers", [], .llmobsAgentless, by: .recorded(reached(.refusal)),
        gives: [.passed: ["site.reachable"], .skipped: ["site.clock"]]),
      Scenario(
        "an authority that Node does not trust", [], .llmobsAgentless, .node, by: inspected,
        gives: [.warning: ["site.reachable"]]),
      Scenario(
        "a site that refuses", [], .llmobsAgentless, by: .recorded(reached(.recorded(.refused))),
        gives: [.failed: ["site.reachable"]]),
      Scenario(
        "a site without libcurl to ask it", [], .llmobsAgentless,
        by: .recorded(reached(.recorded(.notInstalled))), gives: [.unknown: ["site.reachable"]]),
      Scenario(
        "the clock agrees", [], .llmobsAgentless, by: clock(-299), gives: [.passed: ["site.clock"]]),
      Scenario(
        "the clock is five minutes off", [], .llmobsAgentless, by: clock(300),
        gives: [.warning: ["site.clock"]]),
      Scenario(
        "the clock is an hour off", [], .llmobsAgentless, by: clock(3600),
        gives: [.failed: ["site.clock"]]),
    ]
  }

  private static func validity(_ exchange: Exchange) -> Answers {
    .recorded { settings in
      guard let key = settings.apiKey, let site = settings.site.site else { return [] }
      return [Recorded(KeyValidation(of: key, on: site), exchange)]
    }
  }

  private static func organization(_ exchange: Exchange) -> Answers {
    .recorded { settings in
      guard let key = settings.apiKey, let site = settings.site.site else { return [] }
      return [Recorded(KeyOrganization(of: key, on: site), exchange)]
    }
  }

  private static func application(_ exchange: Exchange) -> Answers {
    .recorded { settings in
      guard let key = settings.apiKey, let other = settings.appKey, let site = settings.site.site
      else { return [] }
      return [
        Recorded(AppKeyValidation(of: other, with: key, on: site), exchange),
        Recorded(KeyValidation(of: key, on: site), .valid),
      ]
    }
  }

  private static func both(_ agents: Exchange) -> Answers {
    .recorded { settings in
      guard let key = settings.apiKey, let site = settings.site.site else { return [] }
      let description = AgentDescription(endpoints: ["/v0.4/traces", "/evp_proxy/v2/"])
      return [
        Recorded(
          AgentInfo(at: settings.agent),
          .init(exchange: .recorded(200, "{}"), description: description)),
        Recorded(KeyOrganization(of: key, on: site), .organization("org-1")),
        Recorded(
          SiteThroughAgent(.organization, at: settings.agent, proxy: "/evp_proxy/v2/"), agents),
      ]
    }
  }

  static var datadog: [Scenario] {
    let two = sent + ["DD_APP_KEY=\(appKey)"]
    return [
      Scenario(
        "no key where one is sent", [], .llmobsAgentless, gives: [.failed: ["datadog.key.present"]]),
      Scenario(
        "a key", sent, .llmobsAgentless, by: validity(.valid),
        gives: [.passed: ["datadog.key.present", "datadog.key.shape", "datadog.key.valid"]]),
      Scenario(
        "an application key in its place", ["DD_API_KEY=\(appKey)"], .llmobsAgentless,
        gives: [.warning: ["datadog.key.shape"]]),
      Scenario(
        "a placeholder for a key", ["DD_API_KEY=<YOUR_API_KEY>"], .llmobsAgentless,
        gives: [.failed: ["datadog.key.shape"]]),
      Scenario(
        "a key that the site refuses", sent, .llmobsAgentless, by: validity(.refusal),
        gives: [.failed: ["datadog.key.valid"]]),
      Scenario(
        "a refused key that the Agent's route does not use", sent, by: validity(.refusal),
        gives: [.warning: ["datadog.key.valid"]]),
      Scenario(
        "a site that is asked too often", sent, .llmobsAgentless, by: validity(.recorded(429)),
        gives: [.unknown: ["datadog.key.valid"]]),
      Scenario(
        "an organisation", sent, .llmobsAgentless, by: organization(.organization("org-1")),
        gives: [.passed: ["datadog.organization"]]),
      Scenario(
        "no organisation told", sent, .llmobsAgentless, by: organization(.recorded(429)),
        gives: [.unknown: ["datadog.organization"]]),
      Scenario(
        "an application key that is good", two, .llmobsAgentless,
        by: application(.recorded(200, #"{"status":"ok"}"#)),
        gives: [.passed: ["datadog.app-key.valid"]]),
      Scenario(
        "an application key that is refused", two, .llmobsAgentless, by: application(.refusal),
        gives: [.failed: ["datadog.app-key.valid"]]),
      Scenario(
        "a refused one on the Agent's route", two, by: application(.refusal),
        gives: [.warning: ["datadog.app-key.valid"]]),
      Scenario(
        "an application key that nobody judged", two, .llmobsAgentless,
        by: application(.recorded(429)), gives: [.unknown: ["datadog.app-key.valid"]]),
      Scenario(
        "the Agent's organisation is the key's", sent, by: both(.organization("org-1")),
        gives: [.passed: ["agent.organization"]]),
      Scenario(
        "the Agent's organisation is another", sent, by: both(.organization("org-2")),
        gives: [.warning: ["agent.organization"]]),
      Scenario(
        "the Agent's organisation is not told", sent, by: both(.recorded(502)),
        gives: [.skipped: ["agent.organization"]]),
    ]
  }
}
