import Configuration
import Testing

@Suite struct OpenAIProviderTests {
  private func provider(_ entries: [String], _ language: Language? = .python) -> OpenAIProvider {
    let (environment, _) = Environment.reading(entries.map { Array($0.utf8) })
    return OpenAIProvider.resolve(environment, language)
  }

  @Test(arguments: [
    (["OPENAI_BASE_URL=https://api.openai.com/v1"], "OpenAI at api.openai.com"),
    (["OPENAI_BASE_URL=https://API.OpenAI.com/v1/"], "OpenAI at api.openai.com"),
    (["OPENAI_BASE_URL= https://eu.api.openai.com/v1\n"], "OpenAI at eu.api.openai.com"),
    (["OPENAI_BASE_URL=https://api.openai.com:8443/v1"], "OpenAI at api.openai.com:8443"),
    ([], "OpenAI at api.openai.com"), (["OPENAI_BASE_URL="], "OpenAI at api.openai.com"),
    (["OPENAI_BASE_URL=http://localhost:4000"], "LiteLLM, by its usual port, at localhost:4000"),
    (["OPENAI_BASE_URL=http://127.0.0.1:8000/v1"], "vLLM, by its usual port, at 127.0.0.1:8000"),
    (["OPENAI_BASE_URL=http://[::1]:9/v1"], "another provider at [::1]:9"),
    (["OPENAI_BASE_URL=http://litellm.svc:4000"], "LiteLLM at litellm.svc:4000"),
    (["OPENAI_BASE_URL=https://openrouter.ai/api/v1"], "OpenRouter at openrouter.ai"),
    (["OPENAI_BASE_URL=https://api.portkey.ai/v1"], "Portkey at api.portkey.ai"),
    (["OPENAI_API_KEY=sk-or-v1-0123456789abcdef0123"], "OpenRouter at openrouter.ai"),
    (
      ["OPENAI_API_KEY=sk-or-v1-0123456789abcdef0123", "OPENAI_BASE_URL=https://llm.test/v1"],
      "OpenRouter at llm.test"
    ),
    (["OPENAI_API_BASE=http://vllm:8000/v1"], "vLLM at vllm:8000"),
    (["AZURE_OPENAI_ENDPOINT=https://x.openai.azure.com"], "Azure OpenAI"),
    (["OPENAI_BASE_URL=https://x.openai.azure.com/openai/v1/"], "Azure OpenAI"),
    (["OPENAI_API_TYPE=azure_ad"], "Azure OpenAI"),
    (["AZURE_OPENAI_ENDPOINT="], "OpenAI at api.openai.com"),
    (
      [
        "AZURE_OPENAI_ENDPOINT=https://x.openai.azure.com",
        "OPENAI_BASE_URL=https://api.openai.com/v1",
      ], "OpenAI at api.openai.com"
    ),
  ])
  func `the provider is named`(entries: [String], words: String) {
    #expect(provider(entries).words == words)
  }

  @Test(arguments: [
    ("http://api.openai.com/v1", OpenAIProvider.Flaw.plain(host: "api.openai.com")),
    ("https://api.openai.com", .path(host: "api.openai.com", path: "")),
    ("https://us.api.openai.com/v1beta", .path(host: "us.api.openai.com", path: "/v1beta")),
    ("api.openai.com/v1", .noScheme), ("localhost:4000", .noScheme), ("ws://x/v1", .notHTTP),
    ("https:///v1", .noHost), ("https://x:port/v1", .port), ("https://x:70000/v1", .port),
    ("\"https://api.openai.com/v1\"", .quoted),
  ])
  func `an address that can't be used says why`(url: String, flaw: OpenAIProvider.Flaw) {
    let provider = provider(["OPENAI_BASE_URL=\(url)"])
    #expect(provider.service == .unusable(flaw))
    #expect(provider.endpoint == nil)
  }

  @Test func `openai-php takes an address without a scheme`() {
    #expect(
      provider(["OPENAI_BASE_URL=api.openai.com/v1"], .php).endpoint
        == .tls(host: "api.openai.com", port: 443))
  }

  @Test(arguments: [
    "https://api.openai.com@evil.test/v1", "https://api.openai.com.evil.test/v1",
    "https://evil.test/api.openai.com/v1", "https://evil.test?api.openai.com/v1",
    "https://evil.test#@api.openai.com/v1", "https://api.openai.com\\@evil.test/v1",
    "https://evil-api.openai.com/v1", "https://x.eu.api.openai.com/v1", "https://openai.com/v1",
    "https://api.openai.com./v1", "https://аpi.openai.com/v1",
  ])
  func `a host that only looks like OpenAI's is none of its`(url: String) {
    #expect(provider(["OPENAI_BASE_URL=\(url)"]).endpoint == nil)
  }

  @Test(
    arguments: [
      (Setup.openAIAPI, ["OPENAI_ADMIN_KEY=a", "OPENAI_API_KEY=b"], "OPENAI_ADMIN_KEY"),
      (.openAIAPI, ["OPENAI_ADMIN_KEY=", "OPENAI_API_KEY=b"], "OPENAI_API_KEY"),
      (.openAIAPI, ["OPENAI_ADMIN_KEY="], "OPENAI_ADMIN_KEY"),
      (.apm, ["OPENAI_ADMIN_KEY=a", "OPENAI_API_KEY=b"], "OPENAI_API_KEY"),
      (.llmobsAgent, ["OPENAI_ADMIN_KEY=a"], "OPENAI_ADMIN_KEY"), (.apm, [], nil),
    ] as [(Setup, [String], String?)])
  func `usage and models have each their own key`(setup: Setup, entries: [String], name: String?) {
    let (environment, _) = Environment.reading(entries.map { Array($0.utf8) })
    let settings = Settings(environment, HostFacts(), setup: setup, language: .python)
    #expect(settings.openAIKey?.name == name)
  }
}
