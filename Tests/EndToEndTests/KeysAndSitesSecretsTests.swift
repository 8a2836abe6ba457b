import Foundation
import StandIn
import Testing

/// That no secret is shown, whatever a server says, and none leaves for a host that it is not for.
@Suite struct KeysAndSitesSecretsTests {
  private let agentless = [
    "check", "--setup", "llmobs-agentless", "--language", "python", "--debug", "-v",
  ]

  private func values(_ more: [String: String]) -> [String: String] {
    [
      "DD_LLMOBS_ENABLED": "1", "DD_LLMOBS_AGENTLESS_ENABLED": "1", "DD_LLMOBS_ML_APP": "shop",
    ].merging(more) { $1 }
  }

  @Test(arguments: ["text", "info", "json", "ndjson"])
  func `a key that the site echoes is shown nowhere`(format: String) throws {
    let key = "my_Very-secret.key+42xyz"
    let server = try SiteServer(keys: []) { $0.echoesKeys = true }
    let run = try Doctor.run(
      agentless + ["--format", format, "--only", "site,datadog"]
        + server.arguments(["api.datadoghq.com"]) + SiteServer.trusting(),
      values(["DD_API_KEY": key]))
    #expect(run.status == 1)
    #expect(server.asked.contains { $0.apiKey == key }, "an unusual shape is sent")
    for part in ["my_V", "secret.key", "42xyz"] {
      #expect(!run.output.contains(part) && !run.errors.contains(part), "\(run.output)")
    }
  }

  @Test(arguments: ["text", "info", "json"])
  func `a token in a URL is shown nowhere`(format: String) throws {
    let run = try Doctor.run(
      agentless + ["--format", format, "--offline"],
      values([
        "DD_TRACE_AGENT_URL": "http://canarytoken@127.0.0.1:1",
        "DD_GIT_REPOSITORY_URL": "https://canarytoken@dev.azure.com/o/_git/r",
        "DD_TAGS": "git.repository_url:https://canarytoken@github.com/o/r",
        "OPENAI_BASE_URL": "https://canarytoken@gateway.example/v1",
      ]))
    #expect(!run.output.contains("canary") && !run.errors.contains("canary"), "\(run.output)")
  }

  @Test func `an Agent is found behind a user that is hidden`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    for user in ["canarytoken", "user:canary/pass"] {
      let run = try Doctor.run(
        ["check", "--setup", "apm", "--language", "python", "--format", "json"],
        ["DD_TRACE_AGENT_URL": "http://\(user)@127.0.0.1:\(agent.port)"])
      #expect(!run.output.contains("canary"))
      if user == "canarytoken" { #expect(try run.verdict("agent.answers") == "passed") }
    }
  }

  static let foreign = [
    ("sk-ant-api03-canary0123456789canary", "an Anthropic key"),
    ("sk-or-v1-canary0123456789canary012", "an OpenRouter key"),
    ("ghp_canary0123456789canary0123456789", "a GitHub token"),
    ("glpat-canary0123456789ab", "a GitLab token"),
    ("xoxb-0123456789-canary0123456789", "a Slack token"),
    ("AKIACANARY0123456789", "an AWS access key"),
    ("AIzaSycanary0123456789canary012345678", "a Google key"),
    ("hf_canary0123456789canary0123456789", "a Hugging Face token"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canary0123", "a JSON web token"),
  ]

  @Test(arguments: foreign)
  func `another service's key is sent neither to Datadog nor to OpenAI`(
    key: String, words: String
  ) throws {
    let server = try SiteServer(keys: nil)
    let ways = try server.arguments(["api.datadoghq.com", "api.openai.com"])
    let run = try Doctor.run(
      agentless + ["--format", "json"] + ways + SiteServer.trusting(),
      values(["DD_API_KEY": key, "DD_APP_KEY": key, "OPENAI_API_KEY": key]))
    #expect(try run.verdict("datadog.key.shape") == "failed wrongKind")
    let message = try run.check("datadog.key.shape")["message"] as? String ?? ""
    #expect(message.contains(words) && message.contains("it was not sent"), "\(message)")
    if !key.hasPrefix("sk-or-") {
      #expect(try run.verdict("openai.key.shape") == "warning wrongKind")
      let message = try run.check("openai.key.shape")["message"] as? String ?? ""
      #expect(message.contains(words) && message.contains("it was not sent"), "\(message)")
      #expect(try run.verdict("openai.key.valid") == "failed wrongKind")
    }
    #expect(server.asked.allSatisfy { $0.apiKey == nil && $0.appKey == nil })
    #expect(server.asked.allSatisfy { !$0.fields.contains { $0.contains(key) } })
    #expect(!run.output.contains(key) && !run.errors.contains(key))
  }

  @Test func `a commit in tags and version is read whole`() throws {
    let sha = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    let run = try Doctor.run(
      ["check", "--setup", "apm", "--language", "python", "--offline", "--format", "json"],
      ["DD_TAGS": "git.commit.sha:\(sha) env:prod service:shop", "DD_VERSION": sha])
    #expect(try run.verdict("environment.tags") == "passed")
    #expect(
      try run.check("environment.tags")["message"] as? String
        == "service shop, env prod, version \(sha)")
    #expect(try run.verdict("environment.conflicts") == "passed")
  }

  @Test func `ten thousand names that nobody reads take no longer than a few`() throws {
    let run = try Doctor.shell(
      """
      for i in $(seq 10000); do export DD_NOBODY_${i}_READS=x; done
      exec $DOCTOR check --offline --format json --only environment.names
      """)
    let message = try run.check("environment.names")["message"] as? String
    #expect(message == "0 known, 10000 of others")
  }
}
