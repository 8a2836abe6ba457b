import Foundation
import Testing

@testable import Configuration
@testable import Wire

private let apiKey = "0123456789abcdef0123456789abcdef"
private let projectKey = "sk-proj-AbCdEfGhIjKlMnOpQrStUvWx"

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite struct `Reading a process's environment` {
  @Test func `the first of two equal names wins, as for getenv`() {
    let (read, _) = Environment.reading([bytes("DD_ENV=one"), bytes("DD_ENV=two")])
    #expect(read.text("DD_ENV") == "one")
    #expect(read.variables.count == 1)
  }

  @Test func `the first equals sign ends the name`() {
    let (read, _) = Environment.reading([bytes("DD_TAGS=a=b"), bytes("DD_ENV="), bytes("DD_X")])
    #expect(read.text("DD_TAGS") == "a=b")
    #expect(read.text("DD_ENV") == "" && read.value("DD_ENV") == nil && read.has("DD_ENV"))
    #expect(!read.has("DD_X"))
  }

  @Test func `bytes that are no UTF-8 are noted and repaired`() {
    let (read, _) = Environment.reading([bytes("DD_ENV=pr") + [0xFF, 0x64]])
    #expect(read["DD_ENV"]?.isUTF8 == false)
    #expect(read.text("DD_ENV") == "pr\u{FFFD}d")
    #expect(read["DD_ENV"]?.length == 4)
  }

  @Test func `megabytes are judged by their length and cut`() {
    let (read, _) = Environment.reading([
      bytes("DD_TAGS=") + [UInt8](repeating: 0x61, count: 5 << 20)
    ])
    #expect(read["DD_TAGS"]?.length == 5 << 20)
    #expect(read.text("DD_TAGS")?.utf8.count == Environment.valueLimit)
    #expect((read["DD_TAGS"]?.shown.utf8.count ?? 0) < 500)
  }

  @Test func `names that concern nobody here are not kept`() {
    let names = [
      "PATH", "HOME", "DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "D", "DD", "=x", "",
      "ODD_ENV", "POSTGRES_PASSWORD", "DDD_ENV",
    ]
    let (read, credentials) = Environment.reading(names.map { bytes("\($0)=hunter2") })
    #expect(read.variables.isEmpty)
    #expect(names.allSatisfy { credentials[$0] == nil })
  }

  @Test(arguments: [
    "DD_ENV", "dd_env", "_DD_X", "DD-ENV", "DATADOG_API_KEY", "OPENAI_API_KEY", "OTEL_SERVICE_NAME",
    "HTTPS_PROXY", "https_proxy", "NODE_OPTIONS", "AZURE_OPENAI_API_KEY", "KUBERNETES_SERVICE_HOST",
  ])
  func `names that concern the tracers and the way are kept`(name: String) {
    #expect(Environment.reading([bytes("\(name)=x")]).environment.has(name))
  }

  @Test(arguments: [
    ("DD_API_KEY", apiKey), ("DATADOG_API_KEY", apiKey), ("DD_APP_KEY", apiKey),
    ("OPENAI_API_KEY", projectKey), ("OPENAI_ADMIN_KEY", projectKey), ("DD_API_KEYS", apiKey),
    ("OPENAI_TOKEN", projectKey), ("OTEL_EXPORTER_OTLP_HEADERS", "dd-api-key=\(apiKey)"),
    ("dd_api_key", apiKey), ("DD_PROXY_PASSWORD", "hunter2"),
  ])
  func `secrets are parted off: traits in the environment, bytes with the credentials`(
    name: String, value: String
  ) throws {
    let (read, credentials) = Environment.reading([bytes("\(name)=\(value)")])
    #expect(read.text(name) == nil)
    #expect(read[name]?.secret?.length == value.utf8.count)
    #expect(credentials[name] != nil)
    let kept = String(decoding: try JSONEncoder().encode(read), as: UTF8.self) + "\(read)"
    #expect(!kept.contains(value))
  }

  @Test(arguments: [
    "DD_API_KEY_FILE", "DD_API_KEY_SECRET_ARN", "DD_API_SECURITY_ENABLED", "OPENAI_PROJECT_ID",
  ])
  func `what only names a secret's place is shown`(name: String) {
    #expect(Environment.reading([bytes("\(name)=/run/secrets/x")]).environment.has(name))
    #expect(
      Environment.reading([bytes("\(name)=/run/secrets/x")]).environment.text(name)
        == "/run/secrets/x")
  }

  @Test(arguments: [
    ("DD_TRACE_AGENT_URL", "http://user:hunter2@h:8126", "hunter2"),
    ("HTTPS_PROXY", "http://user:p%40ss@proxy:3128", "p%40ss"),
    ("HTTPS_PROXY", "http://user:p@ss@proxy:3128", "p@ss"),
    ("DD_TAGS", "key:\(apiKey),team:a", apiKey),
    ("DD_SERVICE", projectKey, projectKey),
    ("NODE_OPTIONS", "--env-file=x --key=\(projectKey)", projectKey),
  ])
  func `keys and passwords in plain values are taken out`(
    name: String, value: String, secret: String
  ) throws {
    let (read, _) = Environment.reading([bytes("\(name)=\(value)")])
    let kept = String(decoding: try JSONEncoder().encode(read), as: UTF8.self)
    #expect(read.has(name))
    #expect(!kept.contains(secret))
  }

  @Test func `variables are found by name whatever their order was`() {
    let names = ["DD_B", "DD_A", "DD_C", "DD_AA", "OTEL_X", "DATADOG_Y"]
    let (read, _) = Environment.reading(names.map { bytes("\($0)=\($0)") })
    #expect(names.allSatisfy { read.text($0) == $0 })
    #expect(!read.has("DD_") && !read.has("ZZ"))
  }
}

@Suite struct `A URL's parts` {
  @Test(arguments: [
    ("http://h:1/p", "http", "h", "1", "/p"), ("HTTP://H", "http", "H", nil, ""),
    ("http://[::1]:8126/x?y#z", "http", "::1", "8126", "/x"),
    ("http://[::1]", "http", "::1", nil, ""),
    ("unix:///a/b", "unix", "", nil, "/a/b"), ("unix://a/b", "unix", "a", nil, "/b"),
    ("localhost:8126", "localhost", "", nil, "8126"), ("h", "", "", nil, "h"),
    ("http://u:p@h:1", "http", "h", "1", ""), ("http://::1:8126", "http", "", ":1:8126", ""),
    ("http://a:b:c", "http", "a", "b:c", ""), ("http://h:", "http", "h", "", ""),
    ("\"http://h\"", "", "", nil, "\"http://h\""), ("1http://h", "", "", nil, "1http://h"),
    ("", "", "", nil, ""), ("://", "", "", nil, "://"), ("http://[::1", "http", "[", ":1", ""),
  ])
  func `are read as urlparse reads them`(
    text: String, scheme: String, host: String, port: String?, path: String
  ) {
    let parts = URLParts(text)
    #expect(parts.scheme == scheme)
    #expect(parts.host == host)
    #expect(parts.port == port)
    #expect(parts.path == path)
  }
}
