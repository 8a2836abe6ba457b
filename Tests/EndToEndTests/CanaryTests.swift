import Foundation
import StandIn
import Testing

/// Canaries in every place where a secret may stand: none gets out, whatever is asked for.
@Suite struct CanaryTests {
  private static let api = "7c1e09a4d3f85b26e0419cfa73d28b5e"
  private static let url = "hq7R2tY9wZ4kLm"
  private static let told = "tr0ub4dor-And-3xtra-Battery9"
  private static let typed = "sk-proj-optionAAAA0123456789bbbbOPTION55"
  private static let file = "e1d2c3b4a5968778695a4b3c2d1e0ff0"
  private static let canaries = [
    "API key": api, "application key": "c0ffee11d3f85b26e0419cfa73d28b5e91a2b3c4",
    "project key": "sk-proj-canaryABCD0123456789efghCANARY9876",
    "admin key": "sk-admin-canaryZYXW9876543210abcdCANARY1234",
    "client token": "pub9a8b7c6d5e4f30211203f4e5d6c7b8a9",
    "access token": "ddpat_Qw3rTy0123456789uIoPaSdFgH", "password of a URL": url,
    "password of a proxy": "Zx81pQ77mN2vB", "tag": "dd0011a2b3c4d5e6f708192a3b4c5d6e",
    "secret of the project": told, "value of an option": typed, "name of a file": file,
  ]

  private let scratch: Scratch
  private let agent: StandInAgent

  init() throws {
    scratch = try Scratch()
    var options = StandInAgent.Options()
    options.version = "7.70.0 \(Self.told)"
    options.defaultEnvironment = "\(Self.url) \(Self.api)"
    agent = try StandInAgent.start(options)
    for (name, text) in [
      (".dd-doctor.json", #"{"secrets": ["SHOP_TOKEN"]}"#),
      (".env", "DD_API_KEY=\"\(Self.api)\"\nDD_ENV=\(Self.told)\n"),
      ("requirements.txt", "ddtrace\nopenai\n"),
      (
        "app.log",
        """
        failed to send, dropping 1 traces to intake at http://u:\(Self.url)@h:1/v0.4: \(Self.told)
        Error code: 401 - Incorrect API key provided: \(Self.canaries["project key"] ?? "")
        """
      ), (Self.file, "x"),
      ("python3", "#!/bin/sh\nprintf '%s\\n' python3 \"$@\" >>'\(scratch.path("asked"))'\n"),
    ] { try Data(text.utf8).write(to: scratch.folder.appending(path: name)) }
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: scratch.path("python3"))
  }

  private var variables: [String: String] {
    let canary = { (name: String) in Self.canaries[name] ?? "" }
    return [
      "PATH": "\(scratch.folder.path):/usr/bin:/bin",
      "DD_TRACE_AGENT_URL": "http://u:\(Self.url)@127.0.0.1:\(agent.port)",
      "DD_API_KEY": "\"\(Self.api)\"\n", "DD_APP_KEY": canary("application key"),
      "OPENAI_API_KEY": canary("project key"), "OPENAI_ADMIN_KEY": canary("admin key"),
      "DD_CLIENT_TOKEN": canary("client token"), "DD_SITE": canary("password of a proxy"),
      "DD_TAGS": "a:\(canary("tag")),token:\(canary("access token"))",
      "DD_SERVICE": "shop-\(Self.api)", "DD_ENV": Self.told, "SHOP_TOKEN": Self.told,
      "DD_VERSION": canary("application key"), "DD_API_KYE": Self.api,
      "HTTPS_PROXY": "http://user:\(canary("password of a proxy"))@127.0.0.1:1",
      "OPENAI_BASE_URL": "https://u:\(Self.url)@gateway.example/v1",
      "DD_LLMOBS_ML_APP": canary("access token"), "GITHUB_STEP_SUMMARY": scratch.path("summary"),
      "OTEL_EXPORTER_OTLP_HEADERS": "dd-api-key=\(Self.api)",
    ]
  }

  static let formats = [
    "text", "info", "json", "ndjson", "junit", "tap", "sarif", "github", "markdown", "html",
    "prometheus", "nagios",
  ].map { ["check", "--debug", "-v", "--language", "python", "--format", $0] }

  static let commands =
    [
      ["check", "--setup", "openai-api", "--format", "json"],
      ["check", "--setup", "llmobs-agentless", "--language", "node", "--format", "json"],
      ["check", "--setup", "llmobs-lambda", "--language", "python", "--format", "ndjson"],
      ["check", "--from", ".env", "--format", "json", "--debug"], ["--print-env", "--offline"],
      ["span", "--debug", "-v"], ["run", "--debug", "-v", "--", "true"],
      ["wait", "--deadline", "2s", "--debug", "-v"], ["capture", "--debug", "-v", "--", "true"],
      ["capture", "--format", "json", "--", "true"], ["logs", "app.log", "--debug"],
      ["logs", "app.log", "--format", "json"], ["logs", "app.log", "--format", "html"],
      ["logs", file], ["egress", "-v"], ["egress", "--format", "json"], ["demo", "--debug", "-v"],
      ["explain", "DD_API_KEY"], ["explain", "DD_TAGS"], ["explain", "HTTPS_PROXY"],
      ["explain", "DD_SERVICE"], ["explain", "DD_TRACE_AGENT_URL"], ["audit", "--from", file],
      ["fleet", "--agents", file], ["judge", file], ["diff", file, typed], ["merge", file],
      ["--from", "dotenv:\(file)"], ["--baseline", file], ["run", "--", typed],
      ["capture", "--", "/none/\(typed)"], ["agent", "--socket", "/none/\(typed)"],
      ["agent", "--fault", typed], ["demo", "--fault", typed], ["explain", typed], ["help", typed],
      ["completion", typed], ["schema", typed], [typed], ["--\(typed)"], ["check", typed],
      ["--report", "json=/none/\(typed)", "--offline"], ["-o", "/none/\(typed)", "--offline"],
    ]
    + [
      "from", "only", "skip", "format", "setup", "language", "timeout", "wait", "cacert", "color",
      "connect-to", "retries", "report",
    ].map { ["--\($0)", typed] }

  @Test(arguments: formats + commands)
  func `no secret gets out, in whatever place it stands`(words: [String]) throws {
    defer { agent.stop() }
    let run = try Doctor.run(words, variables, folder: scratch.folder)
    #expect(run.status != 70, "\(run.errors)")
    expectNone(in: run.output, "standard output")
    expectNone(in: run.errors, "standard error")
    for name in ["summary", "asked"] {
      expectNone(in: (try? scratch.text(name)) ?? "", name)
    }
    if Self.formats.contains(words) {
      #expect(try scratch.text("asked").hasPrefix("python3\n"), "the interpreter was asked")
    }
  }

  @Test func `no secret gets into a file, or out of a bundle that is read again`() throws {
    defer { agent.stop() }
    let written = ["b.json", "r.html", "r.json", "r.xml", "r.txt"]
    let reports = ["html=r.html", "json=r.json", "junit=r.xml", "text=r.txt"]
    for words in [
      ["bundle", "-o", "b.json", "--debug"] + reports.flatMap { ["--report", $0] },
      ["judge", "b.json"], ["judge", "b.json", "--format", "html"], ["diff", "b.json", "r.json"],
      ["merge", "b.json", "r.json", "--format", "json"], ["--offline", "--baseline", "b.json"],
    ] {
      let run = try Doctor.run(words, variables, folder: scratch.folder)
      #expect([0, 1, 3].contains(run.status), "\(words): \(run.errors)")
      expectNone(in: run.output + run.errors, words.joined(separator: " "))
    }
    for name in written { expectNone(in: try scratch.text(name), name) }
  }

  /// Neither half of a canary, nor half of it in base64.
  private func expectNone(in text: String, _ place: String) {
    for (name, canary) in Self.canaries {
      let half = max(8, canary.count / 2)
      let coded = Data(canary.utf8).base64EncodedString().prefix(half)
      for part in [canary.prefix(half), canary.suffix(half), coded] {
        #expect(!text.contains(part), "\(name) in \(place)")
      }
    }
  }
}
