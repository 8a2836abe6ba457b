import Configuration
import Foundation
import Testing

@Suite struct SiteTests {
  private func read(_ text: String?, _ language: Language? = nil) -> SiteSetting {
    let entries = text.map { [Array("DD_SITE=\($0)".utf8)] } ?? []
    return Site.resolve(Environment.reading(entries).environment, language)
  }

  @Test(arguments: [
    ("US1", "datadoghq.com", "app.datadoghq.com", false, true),
    ("US3", "us3.datadoghq.com", "us3.datadoghq.com", false, true),
    ("US5", "us5.datadoghq.com", "us5.datadoghq.com", false, true),
    ("EU1", "datadoghq.eu", "app.datadoghq.eu", false, true),
    ("AP1", "ap1.datadoghq.com", "ap1.datadoghq.com", false, true),
    ("AP2", "ap2.datadoghq.com", "ap2.datadoghq.com", false, true),
    ("UK1", "uk1.datadoghq.com", "uk1.datadoghq.com", false, nil),
    ("US1-FED", "ddog-gov.com", "app.ddog-gov.com", true, false),
    ("US2-FED", "us2.ddog-gov.com", "us2.ddog-gov.com", true, false),
  ])
  func `each of the nine sites has its hosts`(
    name: String, domain: String, app: String, isGovernment: Bool, offers: Bool?
  ) throws {
    let site = try #require(Site(domain: domain))
    #expect(read(domain).reading == .known(site))
    #expect(site.name == name)
    #expect(site.appHost == app)
    #expect(site.apiHost == "api.\(domain)")
    #expect(site.isGovernment == isGovernment)
    #expect(site.offersLLMObservability == offers)
    #expect(site.siblings.allSatisfy { $0.isGovernment == isGovernment && $0 != site })
    #expect(site.siblings.count == (isGovernment ? 1 : 6))
  }

  @Test func `unset is datadoghq.com, and set to nothing is not unset`() {
    #expect(read(nil).reading == .known(.us1))
    #expect(!read(nil).isSet)
    #expect(read("").reading == .empty)
  }

  @Test(arguments: [
    ("https://datadoghq.com", "datadoghq.com"),
    ("https://app.datadoghq.com", "datadoghq.com"),
    ("https://us5.datadoghq.com/llm/traces?query=x", "us5.datadoghq.com"),
    ("app.datadoghq.eu", "datadoghq.eu"),
    ("api.us3.datadoghq.com", "us3.datadoghq.com"),
    ("app.us5.datadoghq.com", "us5.datadoghq.com"),
    ("trace.agent.ap1.datadoghq.com", "ap1.datadoghq.com"),
    ("llmobs-intake.datadoghq.eu", "datadoghq.eu"),
    ("datadoghq.com/", "datadoghq.com"),
    (" datadoghq.eu", "datadoghq.eu"),
    ("datadoghq.eu\n", "datadoghq.eu"),
    ("\"us3.datadoghq.com\"", "us3.datadoghq.com"),
    ("'datadoghq.com'", "datadoghq.com"),
    ("datadoghq.com:443", "datadoghq.com"),
    ("datadoghq.com.", "datadoghq.com"),
    ("US1", "datadoghq.com"), ("us3", "us3.datadoghq.com"), ("US5", "us5.datadoghq.com"),
    ("EU", "datadoghq.eu"), ("EU1", "datadoghq.eu"), ("eu", "datadoghq.eu"),
    ("ap1", "ap1.datadoghq.com"), ("AP2", "ap2.datadoghq.com"), ("uk1", "uk1.datadoghq.com"),
    ("US1-FED", "ddog-gov.com"), ("us2-fed", "us2.ddog-gov.com"), ("gov", "ddog-gov.com"),
    ("datadog.eu", "datadoghq.eu"), ("datadog.com", "datadoghq.com"),
    ("datadoghq", "datadoghq.com"), ("datadoghq.com.eu", "datadoghq.eu"),
    ("datadoghq.eu.com", "datadoghq.eu"), ("eu.datadoghq.com", "datadoghq.eu"),
    ("eu1.datadoghq.com", "datadoghq.eu"), ("us1.datadoghq.com", "datadoghq.com"),
    ("us5.datadoghq.eu", "us5.datadoghq.com"), ("ap1.datadog.com", "ap1.datadoghq.com"),
    ("us5.datadog.com", "us5.datadoghq.com"), ("datadohq.com", "datadoghq.com"),
    ("datadoghq.con", "datadoghq.com"), ("us1.ddog-gov.com", "ddog-gov.com"),
    ("app.ddog-gov.com", "ddog-gov.com"), ("datadoghq-gov.com", "ddog-gov.com"),
  ])
  func `a mistyped site leads to the one that was meant`(text: String, domain: String) {
    let setting = read(text)
    guard case .mistyped(_, let meant) = setting.reading else {
      Issue.record("\(text): \(setting.reading)")
      return
    }
    #expect(meant?.domain == domain)
    // It is used as it is written: nothing is asked at what we only guess.
    #expect(setting.site == nil)
  }

  @Test func `capitals work and are odd, and so is a dot in Node`() {
    #expect(read("DATADOGHQ.EU").site?.domain == "datadoghq.eu")
    #expect(read("US5.datadoghq.com").reading != read("us5.datadoghq.com").reading)
    #expect(read("datadoghq.com.", .node).site == .us1)
    #expect(read("datadoghq.com.", .python).site == nil)
  }

  @Test(arguments: ["datad0g.com", "us3.datad0g.com", "us6.datadoghq.com", "example.com"])
  func `a host that may be a site is not accused`(text: String) {
    #expect(read(text).reading == .unknown(meant: nil))
  }

  @Test func `an organisation's own address is unknown, with its site as a guess`() {
    #expect(read("acme.datadoghq.com").reading == .unknown(meant: .us1))
  }

  @Test(arguments: ["<YOUR_DATADOG_SITE>", "$DD_SITE", "${SITE}", "not a site", "a..b", "-"])
  func `what is no host name is mistyped without a guess`(text: String) {
    guard case .mistyped(_, nil) = read(text).reading else {
      Issue.record("\(read(text).reading)")
      return
    }
  }

  /// The facts that the table was made from, where they are at hand.
  @Test func `the table agrees with the facts`() throws {
    guard let path = ProcessInfo.processInfo.environment["DD_DOCTOR_FACTS"] else { return }
    struct Fact: Decodable {
      let name: String
      let site: String
      let app_url: String
      let agentless_apm: String
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(path)/data/sites.json"))
    let facts = try JSONDecoder().decode([Fact].self, from: data)
    #expect(facts.map(\.site) == Site.all.map(\.domain))
    #expect(facts.map(\.name) == Site.all.map(\.name))
    #expect(facts.map(\.app_url) == Site.all.map { "https://\($0.appHost)" })
    #expect(facts.map(\.agentless_apm) == Site.all.map { "https://\($0.agentlessTraceHost)" })
  }
}
