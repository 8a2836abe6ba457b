import Configuration
import Testing
import Wire

@Suite struct TracerFileTests {
  private static let fleet = "/fleet.yaml"
  private static let local = "/local.yaml"

  private func file(_ path: String, _ lines: [String]) -> (file: TracerFile, Credentials) {
    let text = (["apm_configuration_default:"] + lines.map { "  \($0)" }).joined(separator: "\n")
    return TracerFile.reading(
      Array(text.utf8), path: path, rank: path == Self.fleet ? .fleet : .local)
  }

  private func settings(
    _ entries: [String], fleet: [String] = [], local: [String] = [], platform: Platform = .host,
    language: Language = .python
  ) -> Settings {
    let environment = Environment.reading(entries.map { Array($0.utf8) }).environment
    let files = [file(Self.fleet, fleet).file, file(Self.local, local).file]
    return Settings(
      environment, HostFacts(platform: platform, tracerFiles: files), language: language)
  }

  @Test func `the fleet's file wins over the environment, which wins over the local one`() {
    let settings = settings(
      ["DD_SERVICE=env", "DD_ENV=env"], fleet: ["DD_SERVICE: fleet"],
      local: ["DD_SERVICE: local", "DD_ENV: local", "DD_VERSION: local"])
    #expect(settings.service == "fleet")
    #expect(settings.env == "env")
    #expect(settings.version == "local")
    #expect(settings.environment["DD_SERVICE"]?.origin == Self.fleet)
    #expect(settings.environment["DD_ENV"]?.origin == "environment")
    #expect(
      settings.environment.shadowed.map { "\($0.name) \($0.origin)" }.sorted() == [
        "DD_ENV /local.yaml", "DD_SERVICE /local.yaml", "DD_SERVICE environment",
      ])
    let again = Settings(settings.environment, settings.host, language: .python)
    #expect(again.environment == settings.environment, "laying them twice changes nothing")
  }

  @Test func `every lookup sees a file's value`() {
    let settings = settings(
      ["DD_AGENT_HOST=one"], fleet: ["DD_TRACE_AGENT_URL: http://two:8126", "DD_SITE: us5"],
      local: ["DD_LLMOBS_ENABLED: true"])
    #expect(settings.agent.url == "http://two:8126")
    #expect(settings.site.written == "us5")
    #expect(settings.setup == .llmobsAgent)
  }

  @Test func `Node reads no file where it runs without a server`() {
    for (language, platform, service) in [
      (Language.node, Platform.lambda, "env"), (.node, .azureFunctions, "env"),
      (.node, .docker, "fleet"), (.python, .lambda, "fleet"), (.php, .host, "fleet"),
    ] {
      let settings = settings(
        ["DD_SERVICE=env"], fleet: ["DD_SERVICE: fleet"], platform: platform, language: language)
      #expect(settings.service == service)
    }
  }

  @Test func `only tracers' names are taken, and no secret is kept`() {
    let key = "c0ffee00112233445566778899aabbcc"
    let (file, credentials) = file(
      Self.fleet,
      ["OPENAI_API_KEY: sk-x", "HTTPS_PROXY: http://p", "PATH: /bin", "DD_API_KEY: \(key)"])
    #expect(file.variables.map(\.name) == ["DD_API_KEY"])
    #expect(!"\(file)".contains(key))
    let own = Environment.reading([Array("DD_API_KEY=other".utf8)])
    let settings = Settings(own.environment, HostFacts(tracerFiles: [file]), language: .python)
    let winning = own.credentials.layered(settings.environment, [Self.fleet: credentials])
    #expect(winning["DD_API_KEY"]?.traits == settings.apiKey?.traits)
    #expect(settings.apiKey?.traits.kind == .datadogAPIKey)
  }

  @Test func `a file that is too long says so`() {
    let text = "apm_configuration_default:\n" + String(repeating: "# x\n", count: 100_000)
    #expect(TracerFile.reading(Array(text.utf8), path: "/f", rank: .local).file.isCut)
  }
}
