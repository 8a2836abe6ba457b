import Configuration
import Testing

@Suite struct ProxiesTests {
  private func environment(_ entries: [String]) -> Environment {
    Environment.reading(entries.map { Array($0.utf8) }).environment
  }

  private func variable(_ entries: [String], _ host: String = "api.datadoghq.com") -> String? {
    Proxies.resolve(environment(entries)).proxy(for: host)?.variable
  }

  @Test(
    arguments: [
      ([], nil),
      (["HTTPS_PROXY=http://a:1"], "HTTPS_PROXY"),
      (["HTTPS_PROXY=http://a:1", "https_proxy=http://b:2"], "https_proxy"),
      (["HTTPS_PROXY=http://a:1", "https_proxy="], "HTTPS_PROXY"),
      (["ALL_PROXY=socks5://a:1"], "ALL_PROXY"),
      (["ALL_PROXY=socks5://a:1", "HTTPS_PROXY=http://b:2"], "HTTPS_PROXY"),
      (["HTTP_PROXY=http://a:1"], nil), (["HTTPS_PROXY="], nil),
    ] as [([String], String?)])
  func `the proxy is the one that curl would take`(entries: [String], expected: String?) {
    #expect(variable(entries) == expected)
  }

  @Test(
    arguments: [
      (["HTTP_PROXY=http://a:1"], "HTTP_PROXY"), (["ALL_PROXY=http://a:1"], "ALL_PROXY"),
      (["HTTPS_PROXY=http://a:1"], nil),
      (["HTTP_PROXY=http://a:1", "NO_PROXY=agent.test"], nil),
      (["HTTP_PROXY=http://a:1", "DD_TRACE_AGENT_URL=unix:///a.sock"], nil),
      (["HTTP_PROXY=http://a:1", "DD_TRACE_AGENT_URL=https://agent.test:1"], nil),
      (["HTTPS_PROXY=http://a:1", "DD_TRACE_AGENT_URL=https://agent.test:1"], "HTTPS_PROXY"),
    ] as [([String], String?)])
  func `a proxy stands before the Agent of ddtrace alone`(entries: [String], expected: String?) {
    for language in [Language.python, .node, .php] {
      let settings = Settings(
        environment(["DD_AGENT_HOST=agent.test"] + entries), HostFacts(), setup: .apm,
        language: language)
      #expect(settings.agentProxy?.variable == (language == .python ? expected : nil))
      let agentless = Settings(
        settings.environment, HostFacts(), setup: .llmobsAgentless, language: language)
      #expect(agentless.agentProxy == nil)
    }
  }

  @Test(arguments: [("4.14.2", false), ("4.15.0", true), ("4.16.0", true), ("5.0.0", true)])
  func `ddtrace asks it since its 4.15`(version: String, asks: Bool) {
    #expect(PackageVersion(version)?.asksProxyForAgent == asks)
  }

  @Test(arguments: [
    ("datadoghq.com", "api.datadoghq.com", true), (".datadoghq.com", "api.datadoghq.com", true),
    (".datadoghq.com", "datadoghq.com", true), ("datadoghq.com.", "API.DATADOGHQ.COM", true),
    ("hq.com", "api.datadoghq.com", false), ("*", "api.datadoghq.com", true),
    ("*.datadoghq.com", "api.datadoghq.com", false),
    ("a.test, datadoghq.com", "datadoghq.com", true),
    ("a.test datadoghq.com", "api.datadoghq.com", true),
    ("api.datadoghq.com:443", "api.datadoghq.com", false),
    ("10.1.2.3", "10.1.2.3", true), ("10.1.2.4", "10.1.2.3", false),
    ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/16", "10.1.2.3", false),
    ("10.1.2.0/23", "10.1.3.255", true), ("10.1.2.0/33", "10.1.2.0", false),
    ("::1", "::1", true), ("[::1]", "[::1]", true), ("fd00::/8", "fd12::1", true),
    ("fd00::/8", "fe80::1", false), ("2001:db8::/32", "2001:db8::192.0.2.1", true),
    ("", "api.datadoghq.com", false), (".", "api.datadoghq.com", false),
  ])
  func `NO_PROXY is read as curl reads it`(list: String, host: String, isDirect: Bool) {
    let way = variable(["HTTPS_PROXY=http://a:1", "NO_PROXY=\(list)"], host)
    #expect((way == nil) == isDirect)
  }

  @Test func `the lower-case list wins`() {
    #expect(variable(["HTTPS_PROXY=http://a:1", "NO_PROXY=*", "no_proxy=other.test"]) != nil)
  }

  @Test(arguments: [
    "http://ann:canary@proxy:3128", "ann:canary@proxy:3128", "http://ann:can/ary@proxy:3128",
  ])
  func `a proxy's password stays among the credentials`(text: String) throws {
    let (environment, credentials) = Environment.reading([Array("HTTPS_PROXY=\(text)".utf8)])
    #expect(credentials["HTTPS_PROXY"] != nil)
    let shown = try #require(environment["HTTPS_PROXY"])
    #expect(!"\(shown)".contains("ary") && !"\(shown)".contains("ann"))
    let proxy = try #require(Proxies.resolve(environment).proxy(for: "api.datadoghq.com"))
    #expect(proxy.host == "proxy" && proxy.port == 3128)
    #expect(!"\(proxy)".contains("ary"))
  }
}
