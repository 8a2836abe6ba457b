import Foundation
import StandIn
import TestServers
import Testing

/// Each kind of OpenAI key through the built binary, over TLS to the real host name.
@Suite struct OpenAIKeysTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let kind: OpenAIKeyKind
    let setup: String
    let verdicts: [String: String]
    let exit: Int32

    var testDescription: String { "\(kind.rawValue) for \(setup)" }
  }

  static let rows: [Row] = [
    Row(
      kind: .admin, setup: "openai-api",
      verdicts: [
        "openai.key.scope": "passed", "openai.usage.completions": "passed",
        "openai.costs": "passed",
      ], exit: 0),
    Row(
      kind: .project, setup: "openai-api",
      verdicts: [
        "openai.key.scope": "failed wrongKind", "openai.usage.completions": "blocked",
      ], exit: 1),
    Row(
      kind: .serviceAccount, setup: "openai-api",
      verdicts: ["openai.key.scope": "failed wrongKind"], exit: 1),
    Row(
      kind: .restrictedAdmin, setup: "openai-api",
      verdicts: [
        "openai.usage.audio_speeches": "failed missingScope",
        "openai.usage.completions": "blocked",
      ], exit: 1),
    Row(
      kind: .project, setup: "llmobs-agent",
      verdicts: ["openai.key.valid": "passed", "openai.model-capabilities": "passed"], exit: 0),
    Row(
      kind: .readOnly, setup: "llmobs-agent",
      verdicts: [
        "openai.key.valid": "passed", "openai.model-capabilities": "failed missingScope",
      ], exit: 1),
    Row(
      kind: .admin, setup: "llmobs-agent",
      verdicts: [
        "openai.key.scope": "warning exposed",
        "openai.model-capabilities": "failed missingScope",
      ], exit: 1),
    Row(
      kind: .quota, setup: "llmobs-agent",
      verdicts: ["openai.model-capabilities": "warning quota"], exit: 0),
    Row(
      kind: .deactivated, setup: "llmobs-agent",
      verdicts: ["openai.key.valid": "failed deactivated"], exit: 1),
    Row(
      kind: .region, setup: "llmobs-agent", verdicts: ["openai.key.valid": "failed region"], exit: 1
    ),
    Row(
      kind: .residency, setup: "llmobs-agent",
      verdicts: ["openai.key.valid": "failed wrongHost"], exit: 1),
    Row(
      kind: .wrongOrganization, setup: "llmobs-agent",
      verdicts: ["openai.organization": "failed wrongOrganization"], exit: 1),
    Row(
      kind: .throttled, setup: "llmobs-agent",
      verdicts: ["openai.key.valid": "unknown throttled"], exit: 3),
    Row(
      kind: .overloaded, setup: "llmobs-agent",
      verdicts: ["openai.key.valid": "unknown http"], exit: 3),
  ]

  @Test(arguments: rows) func `a key's answers decide the status and how it exits`(row: Row) throws
  {
    let prefix =
      switch row.kind {
      case .admin, .restrictedAdmin: "sk-admin-"
      case .serviceAccount: "sk-svcacct-"
      default: "sk-proj-"
      }
    let key = prefix + String(repeating: "a1B2c3", count: 10) + "T3BlbkFJ" + "x9Y8z7"
    var options = StandInAgent.Options()
    options.role = .openAI(keys: [key: row.kind])
    let service = try StandInAgent.start(options)
    defer { service.stop() }
    let front = try TLSFront.shared.get()
    let port = try front.port(before: Int(service.port))
    let run = try Doctor.run(
      [
        "--setup", row.setup, "--language", "python", "--only", "openai", "--format", "json",
        "--connect-to", "api.openai.com:443:127.0.0.1:\(port)", "--cacert", front.authority,
      ], ["OPENAI_API_KEY": key])
    for (id, verdict) in row.verdicts {
      #expect(try run.verdict(id) == verdict, "\(id)")
    }
    #expect(run.status == row.exit)
    #expect(!service.requests.isEmpty && !service.requests.contains { $0.couldCost })
    #expect(!run.output.contains(key) && !run.errors.contains(key))
  }
}
