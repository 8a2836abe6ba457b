import Diagnosis
import Probes
import StandIn
import Testing

@testable import Checks
@testable import Configuration

/// A row of a project's file, and what its checks make of it.
struct ProjectRow: Sendable, CustomTestStringConvertible {
  let check: CheckID
  let text: String
  let variables: [String: String]
  let verdict: String
  let says: String

  init(
    _ check: CheckID, _ text: String, _ variables: [String: String] = [:], is verdict: String,
    says: String = ""
  ) {
    self.check = check
    self.text = text
    self.variables = variables
    self.verdict = verdict
    self.says = says
  }

  var testDescription: String { "\(check): \(text) \(variables)" }
}

@Suite struct `Checks of a project's file` {
  static let rows = [
    ProjectRow("project.variables", "{}", is: "skipped"),
    ProjectRow("project.variables", #"{"variables": {"MODE": {}}}"#, ["MODE": "a"], is: "passed"),
    ProjectRow(
      "project.variables", #"{"variables": {"MODE": {}}}"#, is: "failed missing",
      says: "MODE is not set"),
    ProjectRow(
      "project.variables", #"{"variables": {"MODE": {}}}"#, ["MODE": ""], is: "failed missing",
      says: "MODE is empty"),
    ProjectRow(
      "project.variables", #"{"variables": {"DD_ENV": {"allowed": ["prod", "dev"]}}}"#,
      ["DD_ENV": "prd"], is: "failed malformed", says: "DD_ENV is 'prd'"),
    ProjectRow(
      "project.variables", #"{"variables": {"DD_ENV": {"allowed": ["prod"]}}}"#,
      ["DD_ENV": "prod"], is: "passed"),
    ProjectRow(
      "project.variables", #"{"variables": {"V": {"allowed": ["x"]}}, "secrets": ["V"]}"#,
      ["V": "hunter2"], is: "passed"),
    ProjectRow(
      "project.variables", #"{"variables": {"DD_API_KEY": {}}}"#, ["DD_API_KEY": ""],
      is: "failed missing", says: "DD_API_KEY is empty"),
    ProjectRow("project.skips", "{}", is: "skipped"),
    ProjectRow(
      "project.skips", #"{"skip": [{"check": "a", "reason": "b", "expires": "2026-11-25"}]}"#,
      is: "passed"),
    ProjectRow(
      "project.skips", #"{"skip": [{"check": "a", "reason": "b", "expires": "2026-11-24"}]}"#,
      is: "warning outdated", says: "the skip of a expired on 2026-11-24"),
  ]

  private static func settings(_ row: ProjectRow) throws -> Settings {
    let project = try Project.reading(
      Array(row.text.utf8), path: ".dd-doctor.json", today: "2026-11-25")
    var host = HostFacts()
    host.project = project
    let entries = row.variables.map { Array("\($0.key)=\($0.value)".utf8) }
    return Settings(Environment.reading(entries, for: project).environment, host)
  }

  @Test(arguments: rows)
  func `judge what it asks for`(row: ProjectRow) async throws {
    let settings = try Self.settings(row)
    let project = try #require(settings.host.project)
    let check = try #require(
      Suite<Observations>.of(project).checks.first { $0.about.id == row.check })
    let outcome = try await check.judge(Observations(settings, recorded: []))
    let said = outcome.problem?.message ?? outcome.message
    let verdict = [outcome.status.rawValue, outcome.problem?.failureClass.rawValue]
    #expect(verdict.compactMap { $0 }.joined(separator: " ") == row.verdict, "\(said)")
    #expect(said.contains(row.says), "\(said)")
    #expect(!said.contains("hunter2"))
  }

  @Test func `propose the allowed value that was probably meant`() async throws {
    let row = Self.rows[4]
    let outcome = try await ProjectVariables().judge(
      Observations(try Self.settings(row), recorded: []))
    #expect(outcome.problem?.remedies.first?.command == "export DD_ENV=prod")
  }

  @Test func `ask each place by its name`() async throws {
    let agent = try StandInAgent.start()
    // It keeps its port, which another test would else be given.
    var options = StandInAgent.Options()
    options.fault = .refused
    let closed = try StandInAgent.start(options)
    defer {
      agent.stop()
      closed.stop()
    }
    let row = ProjectRow(
      "project.endpoint.a",
      """
      {"endpoints": {"any": "\(agent.url)/nowhere", "port": "tcp://127.0.0.1:\(agent.port)",
        "shut": "tcp://127.0.0.1:\(closed.port)", "web": "\(closed.url)/"}}
      """, is: "")
    let settings = try Self.settings(row)
    let seen = Observations(
      settings,
      world: World(
        runID: "r", version: "0", timeout: .seconds(300), retries: 0, deadline: .seconds(600)))
    let checks = Suite<Observations>.of(try #require(settings.host.project)).checks
    var found: [String: String] = [:]
    for check in checks where check.about.id.rawValue.hasPrefix("project.endpoint.") {
      let outcome = try await check.judge(seen)
      found[check.about.id.rawValue] = [
        outcome.status.rawValue, outcome.problem?.failureClass.rawValue,
      ].compactMap { $0 }.joined(separator: " ")
    }
    #expect(
      found == [
        "project.endpoint.any": "passed", "project.endpoint.port": "passed",
        "project.endpoint.shut": "failed refused", "project.endpoint.web": "failed refused",
      ])
  }

  @Test func `are described as all others are, and know the docs`() throws {
    let place = Project.Place(name: "a", url: "tcp://x:1")
    var project = Project()
    project.endpoints = [place]
    for about in Suite<Observations>.of(project).checks.map(\.about) {
      #expect(about.id.group == "project" && about.docs.hasPrefix("https://"))
      #expect(about.explanation.count >= 80 && about.fix.hasSuffix("."))
    }
  }
}
