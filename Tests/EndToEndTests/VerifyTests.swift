import Foundation
import StandIn
import TestServers
import Testing

/// `span --verify` against a stand-in Agent and site: the rung that is reached, and why no higher.
@Suite struct VerifyTests {
  private static let key = "c0ffee00112233445566778899aabbcc"
  private static let appKey = "c0ffee00112233445566778899aabbccddeeff00"

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let course: SpanSearch.Course
    var wait = "1s"
    let verdict: String
    /// The status of the rung `stored`.
    let rung: String
    let reached: String
    let says: String
    let searches: Int
    let exit: Int32
  }

  static let rows: [Row] = [
    Row(
      testDescription: "found at once", course: .found(onSearch: 1), verdict: "passed",
      rung: "reached", reached: "stored", says: "found on datadoghq.com", searches: 1, exit: 0),
    Row(
      testDescription: "found late", course: .found(onSearch: 2), wait: "1m", verdict: "passed",
      rung: "reached", reached: "stored", says: "found on datadoghq.com", searches: 2, exit: 0),
    Row(
      testDescription: "never found", course: .never, wait: "1100ms",
      verdict: "unknown notStored", rung: "unknown", reached: "counted",
      says: "not found on datadoghq.com within 1 s", searches: 2, exit: 3),
    Row(
      testDescription: "403", course: .forbidden, wait: "1m", verdict: "unknown forbidden",
      rung: "unknown", reached: "counted", says: "does not let DD_APP_KEY search spans (403",
      searches: 1, exit: 3),
    Row(
      testDescription: "429 for longer than there is time",
      course: .throttled(times: 9, retryAfter: 3600), wait: "1m", verdict: "unknown throttled",
      rung: "unknown", reached: "counted", says: "asked too often to search spans", searches: 1,
      exit: 3),
    Row(
      testDescription: "429 that ends in time", course: .throttled(times: 1, retryAfter: 1),
      wait: "1m", verdict: "passed", rung: "reached", reached: "stored",
      says: "found on datadoghq.com", searches: 2, exit: 0),
    Row(
      testDescription: "another span than ours",
      course: .answered(200, #"{"data":[{"id":"AA"}]}"#), verdict: "unknown protocol",
      rung: "unknown", reached: "counted", says: "does not show this run's span", searches: 1,
      exit: 3),
    Row(
      testDescription: "JSON without an end", course: .answered(200, #"{"data":["#),
      verdict: "unknown protocol", rung: "unknown", reached: "counted",
      says: "does not show this run's span", searches: 1, exit: 3),
  ]

  private func agent(_ change: (inout StandInAgent.Options) -> Void = { _ in }) throws
    -> StandInAgent
  {
    var options = StandInAgent.Options()
    options.showsCounters = true
    change(&options)
    return try StandInAgent.start(options)
  }

  private func variables(_ agent: StandInAgent, _ more: [String: String] = [:])
    -> [String: String]
  {
    [
      "DD_TRACE_AGENT_URL": agent.url, "DD_APM_DEBUG_PORT": String(agent.port),
      "DD_SERVICE": "shop", "DD_ENV": "prod", "DD_API_KEY": Self.key, "DD_APP_KEY": Self.appKey,
    ].merging(more) { $1 }
  }

  private func verify(_ server: SiteServer, _ wait: String, setup: String = "apm") throws
    -> [String]
  {
    try [
      "span", "--verify", "--setup", setup, "--language", "python", "--format", "json", "--wait",
      wait,
    ] + server.arguments(["api.datadoghq.com"]) + SiteServer.trusting()
  }

  private func rung(_ run: Doctor.Run, _ name: String) throws -> String {
    let delivery = try #require(try run.report()["delivery"] as? [String: Any])
    let rungs = try #require(delivery["rungs"] as? [[String: Any]])
    let rung = try #require(rungs.first { $0["name"] as? String == name })
    return "\(rung["status"] ?? ""): \(rung["reason"] ?? "")"
  }

  @Test(arguments: rows)
  func `climbs as far as can be read, and says why no higher`(row: Row) throws {
    let agent = try agent()
    let server = try SiteServer(keys: [Self.key]) {
      $0.appKeys = [Self.appKey]
      $0.search = row.course
    }
    let run = try Doctor.run(verify(server, row.wait), variables(agent))
    #expect(try run.verdict("delivery.stored") == row.verdict, "\(run.output)")
    let stored = try rung(run, "stored")
    #expect(stored.hasPrefix("\(row.rung): ") && stored.contains(row.says), "\(stored)")
    #expect(try rung(run, "counted").hasPrefix("reached: the Agent counts it"))
    let delivery = try #require(try run.report()["delivery"] as? [String: Any])
    #expect(delivery["reached"] as? String == row.reached)
    #expect(run.status == row.exit)
    #expect(server.asked.filter { $0.path.hasSuffix("/search") }.count == row.searches)
    #expect(run.errors.contains("span: leaves one trace of service:dd-doctor"))
    for secret in [Self.key, Self.appKey] {
      #expect(!run.output.contains(secret) && !run.errors.contains(secret))
    }
    #expect(agent.requests.allSatisfy { !$0.fieldNames.contains("DD-API-KEY") })
  }

  @Test func `counters behind a certificate that nothing vouches for are read`() throws {
    let agent = try agent()
    let front = try TLSFront.shared.get()
    let port = try front.port(before: Int(agent.port), .init(.own, .relay))
    let server = try SiteServer(keys: [Self.key]) { $0.search = .found(onSearch: 1) }
    let run = try Doctor.run(
      verify(server, "1s"), variables(agent, ["DD_APM_DEBUG_PORT": String(port)]))
    #expect(try run.verdict("delivery.counted") == "passed", "\(run.output)")
    #expect(agent.requests.contains { $0.target == "/debug/vars" })
  }

  @Test func `LLM Observability's span is sought as well`() throws {
    let agent = try agent()
    let server = try SiteServer(keys: [Self.key]) {
      $0.appKeys = [Self.appKey]
      $0.search = .found(onSearch: 1)
    }
    let run = try Doctor.run(
      verify(server, "1s", setup: "llmobs-agent"),
      variables(agent, ["DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_ML_APP": "shop"]))
    #expect(try run.verdict("delivery.llmobs-stored") == "passed", "\(run.output)")
    #expect(try run.verdict("delivery.stored") == "passed")
    let searches = server.asked.filter { $0.path.hasSuffix("/search") }.map(\.path)
    #expect(
      Set(searches) == [
        "/api/v2/spans/events/search", "/api/v2/llm-obs/v1/spans/events/search",
      ])
  }

  @Test func `an organisation without any LLM Observability data is not accused`() throws {
    let agent = try agent()
    let server = try SiteServer(keys: [Self.key]) {
      $0.search = .answered(500, #"{"errors":["No valid indexes specified"]}"#)
    }
    let run = try Doctor.run(
      verify(server, "100ms", setup: "llmobs-agent"),
      variables(agent, ["DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_ML_APP": "shop"]))
    #expect(try run.verdict("delivery.llmobs-stored") == "unknown notStored", "\(run.output)")
  }

  @Test(arguments: [
    ("DD_APP_KEY", "no DD_APP_KEY is set"), ("DD_API_KEY", "no DD_API_KEY is set"),
  ])
  func `without a key nothing is searched, and the rung says so`(name: String, says: String) throws
  {
    let agent = try agent()
    let server = try SiteServer(keys: nil) { $0.search = .found(onSearch: 1) }
    let run = try Doctor.run(verify(server, "1s"), variables(agent, [name: ""]))
    #expect(try run.verdict("delivery.stored") == "skipped")
    #expect(try rung(run, "stored").contains(says))
    #expect(server.asked.allSatisfy { !$0.path.hasSuffix("/search") })
    #expect(run.status == 0, "\(run.output)")
  }

  @Test(arguments: [true, false])
  func `a site or organisation that is not the Agent's is not asked`(isSite: Bool) throws {
    let agent = try agent {
      if isSite { $0.site = "datadoghq.eu" } else { $0.identity.organization = "another" }
    }
    let server = try SiteServer(keys: [Self.key]) { $0.search = .found(onSearch: 1) }
    let run = try Doctor.run(verify(server, "1s"), variables(agent))
    #expect(try run.verdict("delivery.stored") == "skipped", "\(run.output)")
    let stored = try rung(run, "stored")
    #expect(stored.contains(isSite ? "the Agent sends to datadoghq.eu" : "another organisation"))
    #expect(server.asked.allSatisfy { !$0.path.hasSuffix("/search") })
  }

  @Test func `counters that nobody shows are said, and check does not ask for them`() throws {
    let agent = try agent { $0.showsCounters = false }
    let server = try SiteServer(keys: [Self.key]) { $0.search = .never }
    let run = try Doctor.run(verify(server, "100ms"), variables(agent))
    #expect(try run.verdict("delivery.counted") == "skipped")
    #expect(try rung(run, "counted").contains("no counters of the Agent's at"))
    let check = try Doctor.run(
      ["check", "--setup", "apm", "--language", "python", "--format", "json", "--only", "agent"],
      variables(agent))
    #expect(try check.verdict("delivery.stored") == "absent")
    #expect(agent.requests.filter { $0.target == "/debug/vars" }.count == 2)
  }
}
