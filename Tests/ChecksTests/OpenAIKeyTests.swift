import Configuration
import Diagnosis
import Foundation
import Probes
import StandIn
import Testing
import Wire

/// Key kind by setup, over TLS to the real host names.
@Suite struct `OpenAI keys` {
  /// A key with the prefix of its kind; nil is one that OpenAI does not know.
  private static func key(_ kind: OpenAIKeyKind?) -> String {
    let prefix =
      switch kind {
      case .admin, .restrictedAdmin: "sk-admin"
      case .serviceAccount: "sk-svcacct"
      case nil: "sk-proj-unknown"
      default: "sk-proj"
      }
    return "\(prefix)-canary0Qm3xZtWv8Lr2\(kind?.rawValue ?? "")T3BlbkFJcanaryTail77"
  }

  private static let blockedByScope = [
    "key.scope failed wrongKind", "usage.audio_speeches blocked by key.scope",
    "usage.others blocked by key.scope", "costs blocked by key.scope",
  ]

  /// What follows where the key itself, or its organization, does not pass.
  private static func usage(_ words: String, _ id: String = "key.valid") -> [String] {
    (id == "key.valid" ? ["organization"] : []).map { "\($0) \(words)" }
      + ["key.scope", "usage.audio_speeches", "usage.others", "costs"].map { "\($0) \(words)" }
  }

  private static func models(_ words: String, _ id: String = "key.valid") -> [String] {
    (id == "key.valid" ? ["organization"] : []).map { "\($0) \(words)" }
      + ["model-capabilities \(words)"]
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let kind: OpenAIKeyKind?
    /// For `openai-api`.
    let usage: [String]
    /// For the LLM Observability setups.
    let models: [String]
    /// For `apm`, where it differs.
    var apm: [String]?

    var testDescription: String { kind?.rawValue ?? "unknown" }
  }

  static let exposed = ["key.scope warning exposed", "model-capabilities failed missingScope"]
  static let exposedMildly = [
    "key.scope warning exposed", "model-capabilities warning missingScope",
  ]

  static let rows = [
    Row(kind: .admin, usage: [], models: exposed, apm: exposedMildly),
    Row(
      kind: .restrictedAdmin,
      usage: [
        "usage.audio_speeches failed missingScope",
        "usage.others blocked by usage.audio_speeches", "costs blocked by usage.audio_speeches",
      ], models: exposed, apm: exposedMildly),
    Row(kind: .project, usage: blockedByScope, models: []),
    Row(kind: .serviceAccount, usage: blockedByScope, models: []),
    Row(kind: .restricted, usage: blockedByScope, models: []),
    Row(
      kind: .partlyRestricted, usage: blockedByScope,
      models: ["model-capabilities warning missingScope"]),
    Row(
      kind: .readOnly, usage: blockedByScope,
      models: ["model-capabilities failed missingScope"],
      apm: ["model-capabilities warning missingScope"]),
    Row(kind: .quota, usage: blockedByScope, models: ["model-capabilities warning quota"]),
    refusedByOrganization(.wrongOrganization), refusedByOrganization(.noOrganization),
    refused(.deactivated, "deactivated"), refused(.region, "region"),
    refused(.residency, "wrongHost"), refused(.ipNotAllowed, "ipNotAllowed"),
    refused(nil, "unauthorized"), untold(.throttled, "throttled"), untold(.overloaded, "http"),
  ]

  private static func refusedByOrganization(_ kind: OpenAIKeyKind) -> Row {
    let words = "blocked by organization"
    return Row(
      kind: kind,
      usage: ["organization failed wrongOrganization"] + usage(words, "organization"),
      models: ["organization failed wrongOrganization"] + models(words, "organization"))
  }

  private static func refused(_ kind: OpenAIKeyKind?, _ failureClass: String) -> Row {
    Row(
      kind: kind, usage: ["key.valid failed \(failureClass)"] + usage("blocked by key.valid"),
      models: ["key.valid failed \(failureClass)"] + models("blocked by key.valid"))
  }

  private static func untold(_ kind: OpenAIKeyKind, _ failureClass: String) -> Row {
    let words = "unknown by key.valid \(failureClass)"
    return Row(
      kind: kind, usage: ["key.valid unknown \(failureClass)"] + usage(words),
      models: ["key.valid unknown \(failureClass)"] + models(words))
  }

  @Test(arguments: rows, [Setup.openAIAPI, .llmobsAgentless, .llmobsAgent, .llmobsLambda, .apm])
  func `each kind of key has its verdict in each setup`(row: Row, setup: Setup) async throws {
    let key = Self.key(row.kind)
    let run = try await OpenAIRun(
      ["OPENAI_API_KEY=\(key)"], setup, keys: row.kind.map { [key: $0] } ?? [:])
    let expected =
      switch setup {
      case .openAIAPI: row.usage
      case .llmobsAgentless, .llmobsAgent, .llmobsLambda: row.models
      case .apm: row.apm ?? row.models
      }
    #expect(run.summary == expected)
    for finding in run.findings where finding.status == .failed || finding.status == .warning {
      #expect(!finding.evidence.isEmpty && !finding.remedies.isEmpty, "\(finding.id)")
    }

    // From the servers' own log.
    #expect(run.heardElsewhere.isEmpty)
    #expect(!run.heard.isEmpty && run.heard.allSatisfy { $0.host == "api.openai.com" })
    #expect(run.heard.allSatisfy { !$0.couldCost })
    #expect(run.heard.allSatisfy { $0.method == "GET" || $0.bodySize == 11 })
    #expect(run.heard.count == (setup == .openAIAPI ? 10 : 3))

    #expect(try !run.text.contains(key))
    #expect(try !run.text.contains(key.suffix(4)), "the end of the key")
    #expect(await run.playedBack().map(\.status) == run.findings.map(\.status))
  }

  @Test(arguments: [
    ("OPENAI_API_KEY", OpenAIKeyKind.admin), ("OPENAI_ADMIN_KEY", .admin),
    ("OPENAI_ADMIN_KEY", .restrictedAdmin),
  ])
  func `an admin key in an application is exposed wherever it stands`(
    name: String, kind: OpenAIKeyKind
  ) async throws {
    let key = Self.key(kind)
    let project = Self.key(.project)
    var entries = ["\(name)=\(key)"]
    if name == "OPENAI_ADMIN_KEY" { entries.append("OPENAI_API_KEY=\(project)") }
    let run = try await OpenAIRun(entries, .apm, keys: [key: kind, project: .project])
    let finding = run.finding("openai.key.scope")
    #expect(finding?.status == .warning && finding?.failureClass == .exposed)
    #expect(finding?.message == "\(name) is an admin key here")
  }

  @Test func `usage is read with OPENAI_ADMIN_KEY, models with OPENAI_API_KEY`() async throws {
    let admin = Self.key(.admin)
    let project = Self.key(.project)
    let entries = ["OPENAI_ADMIN_KEY=\(admin)", "OPENAI_API_KEY=\(project)"]
    let keys = [admin: OpenAIKeyKind.admin, project: .project]
    #expect(try await OpenAIRun(entries, .openAIAPI, keys: keys).summary == [])
    let application = try await OpenAIRun(entries, .llmobsAgent, keys: keys)
    #expect(application.summary == ["key.scope warning exposed"])
  }

  @Test func `the families are asked each, and nothing in them is no fault`() async throws {
    let key = Self.key(.admin)
    let run = try await OpenAIRun(["OPENAI_ADMIN_KEY=\(key)"], .openAIAPI, keys: [key: .admin])
    let families = OpenAIUsageFamily.allCases.map(\.rawValue)
    #expect(families.count == 8)
    let paths = run.heard.map { String($0.target.prefix { $0 != "?" }) }
    #expect(
      Set(paths)
        == Set(
          families.map { "/v1/organization/usage/\($0)" }
            + ["/v1/organization/costs", "/v1/models"]))
    #expect(paths.count == Set(paths).count, "each is asked once")
    #expect(run.finding("openai.usage.completions")?.message == "answers, with data")
    #expect(
      run.finding("openai.usage.images")?.message == "answers; no traffic in the last 24 hours")
    #expect(run.recorded.allSatisfy { !$0.question.contains("start_time") })
    #expect(try !run.text.contains("gpt-4o-mini"), "what the organization has is not kept")
  }

  @Test func `a project elsewhere gets its host as the remedy`() async throws {
    let key = Self.key(.residency)
    let run = try await OpenAIRun(["OPENAI_API_KEY=\(key)"], .llmobsAgent, keys: [key: .residency])
    let remedy = run.finding("openai.key.valid")?.remedies.first
    #expect(remedy?.command == "export OPENAI_BASE_URL=https://us.api.openai.com/v1")
  }

  @Test(arguments: OpenAIProvider.hosts.sorted())
  func `every region's host is asked under its own name`(host: String) async throws {
    let key = Self.key(.project)
    let run = try await OpenAIRun(
      ["OPENAI_API_KEY=\(key)", "OPENAI_BASE_URL=https://\(host)/v1"], .apm, keys: [key: .project])
    #expect(run.summary == [])
    #expect(run.heard.count == 3 && run.heard.allSatisfy { $0.host == host })
  }

  @Test(arguments: [
    ("org-standin", "OPENAI_ORG_ID=org-standin", Status.passed), ("org-other", "", .passed),
    ("org-other", "OPENAI_ORG_ID=org-mine", .warning),
    // A slug in the answer can't be compared with an id.
    ("acme-inc", "OPENAI_ORG_ID=org-mine", .passed),
  ])
  func `the organization that answers is compared with the one that is set`(
    organization: String, entry: String, status: Status
  ) async throws {
    let key = Self.key(.project)
    var options = OpenAIRun.Options()
    options.organization = organization
    let run = try await OpenAIRun(
      ["OPENAI_API_KEY=\(key)", entry], .llmobsAgent, keys: [key: .project], options)
    let finding = run.finding("openai.organization")
    #expect(finding?.status == status)
    #expect(finding?.failureClass == (status == .warning ? .wrongOrganization : nil))
    let sent = run.heard.compactMap { $0.fields["OpenAI-Organization"] }
    #expect(sent.count == (entry.isEmpty ? 0 : 3))
  }

  @Test(arguments: [Setup.openAIAPI, .llmobsAgentless, .apm])
  func `an OpenAI that is not reached is unknown, and on an APM route a note`(
    setup: Setup
  ) async throws {
    var options = OpenAIRun.Options()
    options.isUnreachable = true
    let run = try await OpenAIRun(
      ["OPENAI_API_KEY=\(Self.key(.project))"], setup, keys: [:], options)
    let finding = run.finding("openai.key.valid")
    #expect(finding?.status == (setup == .apm ? .skipped : .unknown))
    #expect(finding?.failureClass == (setup == .apm ? nil : .refused))
    #expect(!run.findings.contains { $0.status == .failed || $0.status == .warning })
  }

  @Test func `a certificate that is not trusted gets no key`() async throws {
    var options = OpenAIRun.Options()
    options.trustsAuthority = false
    let key = Self.key(.project)
    let run = try await OpenAIRun(
      ["OPENAI_API_KEY=\(key)"], .llmobsAgent, keys: [key: .project], options)
    let finding = run.finding("openai.key.valid")
    #expect(finding?.status == .unknown && finding?.failureClass == .tlsUntrusted)
    #expect(run.heard.isEmpty)
  }
}
