import Configuration
import Diagnosis
import StandIn
import Testing

/// Providers that are not OpenAI, and keys that are not OpenAI's: nothing may be sent.
@Suite struct `OpenAI providers and shapes` {
  private static let key = "sk-proj-canary0Qm3xZtWv8Lr2T3BlbkFJcanary"

  static let others: [[String]] = [
    ["OPENAI_BASE_URL=https://gateway.test/v1"], ["OPENAI_BASE_URL={elsewhere}/v1"],
    ["OPENAI_API_BASE=https://litellm.test"], ["AZURE_OPENAI_ENDPOINT=https://a.openai.azure.com"],
    ["AZURE_OPENAI_API_KEY=0123456789abcdef0123456789abcdef"], ["OPENAI_API_TYPE=azure"],
    ["OPENAI_BASE_URL=https://api.openai.com@gateway.test/v1"],
    ["OPENAI_BASE_URL=https://api.openai.com.gateway.test/v1"],
    ["OPENAI_BASE_URL=https://api.openai.com:443@gateway.test/v1"],
    ["OPENAI_BASE_URL=https://xx.api.openai.com/v1"],
    ["OPENAI_API_KEY=sk-or-v1-canary0Qm3xZtWv8Lr2canary"],
  ]

  @Test(arguments: others, [Setup.openAIAPI, .llmobsAgentless, .apm])
  func `another provider is named and gets nothing`(entries: [String], setup: Setup) async throws {
    let keys = ["OPENAI_API_KEY=\(Self.key)"]
    let run = try await OpenAIRun(
      entries.contains { $0.hasPrefix("OPENAI_API_KEY") } ? entries : entries + keys, setup)
    #expect(run.heard.isEmpty && run.heardElsewhere.isEmpty)
    let provider = run.finding("openai.provider")
    // Datadog reads usage at OpenAI alone: with openai-api set up so, healthy would be a false calm.
    #expect(provider?.status == (setup == .openAIAPI ? .warning : .passed))
    for finding in run.findings where finding.id != "openai.provider" {
      #expect(finding.status == .skipped, "\(finding.id)")
    }
    #expect(try !run.text.contains("canary0Qm3"))
  }

  @Test(arguments: [
    ("http://api.openai.com/v1", FailureClass.exposed, "https://api.openai.com/v1"),
    ("http://eu.api.openai.com/v1", .exposed, "https://eu.api.openai.com/v1"),
    ("https://api.openai.com", .malformed, "https://api.openai.com/v1"),
    ("https://eu.api.openai.com/", .malformed, "https://eu.api.openai.com/v1"),
    ("https://api.openai.com/v1/chat/completions", .malformed, "https://api.openai.com/v1"),
    ("api.openai.com/v1", .malformed, "https://api.openai.com/v1"),
    ("'https://api.openai.com/v1'", .malformed, "https://api.openai.com/v1"),
    ("https://api.openai.com:0/v1", .malformed, "https://api.openai.com/v1"),
    ("ftp://api.openai.com/v1", .malformed, "https://api.openai.com/v1"),
    ("https:///v1", .malformed, "https://api.openai.com/v1"),
  ])
  func `an address that can't be used is refused and nothing is sent`(
    url: String, failureClass: FailureClass, better: String
  ) async throws {
    let run = try await OpenAIRun(
      ["OPENAI_BASE_URL=\(url)", "OPENAI_API_KEY=\(Self.key)"], .llmobsAgent,
      keys: [Self.key: .project])
    #expect(run.heard.isEmpty && run.heardElsewhere.isEmpty)
    let provider = run.finding("openai.provider")
    #expect(provider?.status == .failed && provider?.failureClass == failureClass)
    #expect(provider?.remedies.first?.value == better)
    #expect(run.finding("openai.key.valid")?.status == .blocked)
  }

  @Test(arguments: [Setup.llmobsAgentless, .llmobsAgent, .llmobsLambda, .apm])
  func `a setup that needs no key and has none is calm`(setup: Setup) async throws {
    let run = try await OpenAIRun([], setup)
    #expect(run.heard.isEmpty)
    #expect(run.finding("openai.provider")?.status == .passed)
    for finding in run.findings where finding.id != "openai.provider" {
      #expect(finding.status == .skipped, "\(finding.id)")
    }
  }

  @Test(arguments: [Setup.openAIAPI, .llmobsAgent, .apm])
  func `an empty key is not an absent one`(setup: Setup) async throws {
    let run = try await OpenAIRun(["OPENAI_API_KEY="], setup)
    let present = run.finding("openai.key.present")
    #expect(present?.status == (setup == .openAIAPI ? .failed : .warning))
    #expect(present?.failureClass == .missing)
    #expect(present?.message.contains("is there and empty") == true)
    #expect(run.heard.isEmpty)
  }

  @Test func `usage without any key fails as missing`() async throws {
    let run = try await OpenAIRun([], .openAIAPI)
    let present = run.finding("openai.key.present")
    #expect(present?.status == .failed && present?.failureClass == .missing)
  }

  @Test(arguments: [
    "OPENAI_BASE_URL=https://\u{1B}[2Jgateway\u{202E}.test\n/v1", "OPENAI_BASE_URL=\u{1B}[31mx",
    "OPENAI_BASE_URL=https://api.openai.com/\u{1B}[2J", "OPENAI_ORG_ID=org-\u{1B}[2Jx",
    "OPENAI_API_KEY=\u{1B}[2J", "OPENAI_API_TYPE=azure\u{1B}[2J",
  ])
  func `no control character of a variable reaches a text`(entry: String) async throws {
    let run = try await OpenAIRun(["OPENAI_API_KEY=\(Self.key)", entry], .apm)
    for finding in run.findings {
      let texts =
        [finding.message] + finding.evidence.flatMap { [$0.measured, $0.expected] }
        + finding.remedies.map(\.line)
      for scalar in texts.joined().unicodeScalars {
        #expect(scalar.value >= 0x20 && scalar.value != 0x202E, "\(finding.id)")
      }
    }
  }

  struct Shape: Sendable, CustomTestStringConvertible {
    let value: String
    let shape: FailureClass?
    /// Of `openai.key.valid`, at an OpenAI that knows the bare key alone.
    let valid: String
    /// Whether the value leaves at all.
    let isSent: Bool

    var testDescription: String { value.debugDescription }
  }

  static let shapes = [
    Shape(value: key, shape: nil, valid: "passed", isSent: true),
    Shape(value: "\"\(key)\"", shape: .malformed, valid: "failed unauthorized", isSent: true),
    Shape(value: "'\(key)'", shape: .malformed, valid: "failed unauthorized", isSent: true),
    Shape(value: "\(key)\n", shape: .malformed, valid: "unknown malformed", isSent: false),
    Shape(value: "\(key)\r\n", shape: .malformed, valid: "unknown malformed", isSent: false),
    Shape(
      value: "<your key>", shape: .malformed, valid: "failed unauthorized", isSent: true),
    Shape(
      value: "${OPENAI_KEY}", shape: .malformed, valid: "failed unauthorized", isSent: true),
    Shape(
      value: "https://user:canary0Qm3@proxy.test/", shape: .wrongKind, valid: "failed wrongKind",
      isSent: false),
    Shape(
      value: "0123456789abcdef0123456789abcdef", shape: .wrongKind, valid: "failed wrongKind",
      isSent: false),
    Shape(
      value: "ddap_canary0Qm3xZtWv8Lr2", shape: .wrongKind, valid: "failed wrongKind",
      isSent: false),
    Shape(
      value: "canary0Qm3", shape: .malformed, valid: "failed unauthorized", isSent: true),
  ]

  @Test(arguments: shapes)
  func `a key's shape is a warning at most, and another service's key stays here`(
    shape: Shape
  ) async throws {
    let run = try await OpenAIRun(
      ["OPENAI_API_KEY=\(shape.value)"], .llmobsAgent, keys: [Self.key: .project])
    let finding = run.finding("openai.key.shape")
    #expect(finding?.failureClass == shape.shape)
    #expect(finding?.status == (shape.shape == nil ? .passed : .warning))
    let valid = run.finding("openai.key.valid")
    let words = [valid?.status.rawValue, valid?.failureClass?.rawValue].compactMap { $0 }
    #expect(words.joined(separator: " ") == shape.valid)
    #expect(run.heard.isEmpty != shape.isSent)
    #expect(run.heardElsewhere.isEmpty)
    #expect(try !run.text.contains("canary0Qm3"))
    #expect(try !run.text.contains("0123456789abcdef"))
  }
}
