import Configuration
import Diagnosis
import Foundation
import Probes
import Testing

@testable import Checks

private let key = "0123456789abcdef0123456789abcdef"

/// Commands of Datadog's OpenAI documentation, their placeholders filled in.
struct DocumentedCommand: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let variables: [String: String]

  static let all: [DocumentedCommand] = [
    .init(
      testDescription: "LLM Observability without an Agent",
      variables: [
        "DD_SITE": "datadoghq.eu", "DD_API_KEY": key, "DD_LLMOBS_ENABLED": "1",
        "DD_LLMOBS_AGENTLESS_ENABLED": "1", "DD_LLMOBS_ML_APP": "shop-assistant",
      ]),
    .init(
      testDescription: "LLM Observability with an Agent, or in Lambda",
      variables: [
        "DD_SITE": "us5.datadoghq.com", "DD_API_KEY": key, "DD_LLMOBS_ENABLED": "1",
        "DD_LLMOBS_ML_APP": "shop-assistant",
      ]),
    .init(
      testDescription: "LLM Observability with an Agent elsewhere",
      variables: [
        "DD_SITE": "datadoghq.com", "DD_API_KEY": key, "DD_LLMOBS_ENABLED": "1",
        "DD_LLMOBS_ML_APP": "shop", "DD_AGENT_HOST": "datadog-agent",
        "DD_TRACE_AGENT_PORT": "8126",
      ]),
    .init(
      testDescription: "APM in Python",
      variables: ["DD_SERVICE": "my-service", "DD_ENV": "staging"]
    ),
    .init(
      testDescription: "APM in Node, with its debug log",
      variables: [
        "DD_TRACE_DEBUG": "1", "DD_TRACE_BEAUTIFUL_LOGS": "1", "DD_SERVICE": "my-service",
        "DD_ENV": "staging", "DD_API_KEY": key, "NODE_OPTIONS": "-r dd-trace/init",
      ]),
    .init(
      testDescription: "APM with an Agent elsewhere",
      variables: [
        "DD_SERVICE": "my-service", "DD_ENV": "staging", "DD_SITE": "ap1.datadoghq.com",
        "DD_AGENT_HOST": "10.0.0.5", "DD_TRACE_AGENT_PORT": "9126", "DD_DOGSTATSD_PORT": "9125",
      ]),
    .init(
      testDescription: "the Agent's own variables beside the application's",
      variables: [
        "DD_API_KEY": key, "DD_DOGSTATSD_NON_LOCAL_TRAFFIC": "true", "DD_APM_ENABLED": "true",
        "DD_SERVICE": "my-service", "DD_ENV": "staging",
      ]),
  ]

  /// Every group of `environment` for these variables, as detected.
  func findings(_ language: Language?) async -> [Finding] {
    let settings = Settings(CheckRow.environment(variables), HostFacts(), language: language)
    let checks = Suite<Observations>.of(settings.setup).checks.filter {
      $0.about.id.group == "environment" || $0.about.id == "agent.address"
    }
    return await Runner(checks).run(Observations(settings, recorded: []))
  }
}

@Suite struct `A correct set-up` {
  @Test(arguments: DocumentedCommand.all, [Language.python, .node, .php, nil])
  func `of the documentation is green, without a warning`(
    command: DocumentedCommand, language: Language?
  ) async {
    // The documentation has no LLM Observability for PHP: there it would be APM without a service.
    guard language != .php || command.variables["DD_LLMOBS_ENABLED"] == nil else { return }
    for finding in await command.findings(language) {
      #expect([.passed, .skipped].contains(finding.status), "\(finding.id): \(finding.message)")
    }
  }

  @Test func `may use every name that is known`() async throws {
    let names = SettingsRegistry.names
    let row = CheckRow(
      "environment.names", "all", Dictionary(uniqueKeysWithValues: names.map { ($0, "1") }),
      is: .passed)
    let outcome = try await row.outcome()
    #expect(outcome.status == .passed, "\(outcome.message)")
  }

  /// Real files of other projects: settings, manifests, task definitions.
  static let samples = ProcessInfo.processInfo.environment["DD_DOCTOR_SHARED"].map {
    URL(filePath: $0).appending(path: "samples")
  }

  @Test(.enabled(if: samples != nil))
  func `of others is not accused: every name in the samples is known or far from known ones`()
    async throws
  {
    let files = FileManager.default.enumerator(
      at: try #require(Self.samples), includingPropertiesForKeys: nil)
    var names: [String: String] = [:]
    for case let file as URL in try #require(files) {
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      for match in text.matches(of: /\b(DD|OPENAI)_[A-Z0-9_]+\b/) {
        names[String(match.output.0)] = file.lastPathComponent
      }
    }
    #expect(names.count > 50)
    for (name, file) in names {
      let row = CheckRow("environment.names", name, [name: "1"], is: .passed)
      let outcome = try await row.outcome()
      #expect(outcome.status == .passed, "\(file): \(outcome.message)")
    }
  }
}
