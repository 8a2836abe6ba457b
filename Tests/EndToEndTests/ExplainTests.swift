import Foundation
import Testing

/// `explain` of variables: who reads them, and who set them here.
@Suite struct ExplainTests {
  @Test func `a variable tells its readers with their releases, types, defaults and aliases`()
    throws
  {
    let run = try Doctor.run(["explain", "DD_AGENT_HOST"])
    #expect(run.status == 0)
    for text in [
      "python (ddtrace 4.16)", "node (dd-trace 6.12)", "php (ddtrace 1.24)",
      "\n  node: string, default 127.0.0.1\n", "\nAliases: DD_TRACE_AGENT_HOSTNAME\n",
      "\nHere:    not set\n",
    ] {
      #expect(run.output.contains(text), "\(text): \(run.output)")
    }
  }

  @Test(
    arguments: [
      ("DD_AGENT_HOST", ["DD_AGENT_HOST": "a"], ["a (environment)"]),
      (
        "DD_AGENT_HOST", ["DD_AGENT_HOST": "a", "DD_TRACE_AGENT_URL": "http://b:1"],
        ["a (environment)", "loses to DD_TRACE_AGENT_URL"]
      ),
      (
        "DD_TRACE_AGENT_URL", ["DD_AGENT_HOST": "a", "DD_TRACE_AGENT_URL": "http://b:1"],
        ["http://b:1 (environment)", "wins over DD_AGENT_HOST"]
      ),
      (
        "DD_SERVICE", ["OTEL_SERVICE_NAME": "shop"],
        ["not set", "OTEL_SERVICE_NAME is set: shop (environment)"]
      ),
      ("DD_ENV", ["DD_ENV": ""], ["empty (environment)"]),
    ] as [(String, [String: String], [String])])
  func `what is set here, and what it shadows`(
    name: String, variables: [String: String], expected: [String]
  ) throws {
    let run = try Doctor.run(["explain", name], variables)
    let here = run.output.components(separatedBy: "Here:    ").last?
      .components(separatedBy: "\nDocs:").first
    #expect(here == expected.joined(separator: "\n         "))
  }

  @Test func `a secret is shown by its traits, and what the project calls one, too`() throws {
    let key = "c0ffee00112233445566778899aabbcc"
    let run = try Doctor.run(["explain", "DD_API_KEY"], ["DD_API_KEY": key])
    #expect(run.output.contains("32 characters, fingerprint ") && !run.output.contains(key))
    let scratch = try Scratch()
    try Data(#"{"secrets": ["DD_SERVICE"]}"#.utf8)
      .write(to: scratch.folder.appending(path: ".dd-doctor.json"))
    let own = try Doctor.run(
      ["explain", "DD_SERVICE"], ["DD_SERVICE": "hunter2"], folder: scratch.folder)
    #expect(own.status == 0 && !own.output.contains("hunter2"), "\(own.output)")
  }

  @Test func `a glob lists names, or explains checks; what meets nothing is 64`() throws {
    let names = try Doctor.run(["explain", "DD_LLMOBS_A*"])
    #expect(names.output == "DD_LLMOBS_AGENTLESS_ENABLED  python node\n")
    let checks = try Doctor.run(["explain", "lambda.*"])
    #expect(checks.output.hasPrefix("lambda.handler  ") && checks.status == 0)
    #expect(try Doctor.run(["explain", "DD_NONSENSE*"]).status == 64)
    #expect(try Doctor.run(["explain", "project.endpoint.cache"]).status == 0)
  }

  @Test(arguments: [
    ("DD_TRACE_AGENT_URLL", "DD_TRACE_AGENT_URL"), ("dd_service", "DD_SERVICE"),
    ("DD_SERVIC", "DD_SERVICE"),
  ])
  func `a name that nobody reads is led to a near one`(name: String, near: String) throws {
    let run = try Doctor.run(["explain", name])
    #expect(run.status == 64)
    #expect(run.errors.contains("did you mean \(near)?"), "\(run.errors)")
  }

  @Test func `every check says where it runs, in 80 columns but for links`() throws {
    let lines = try Doctor.run(["explain", "*"]).output.split(separator: "\n").map(String.init)
    let setups = lines.filter { $0.hasPrefix("Setups:") }
    #expect(setups.count > 60)
    for line in setups { #expect(line.count > 9, "\(line)") }
    for line in lines where !line.hasPrefix("Docs:") { #expect(line.count <= 80, "\(line)") }
  }

  @Test(arguments: [
    ("OPENAI_API_KEY", "platform.openai.com"), ("DD_SITE", "getting_started/site"),
    ("DD_LLMOBS_ENABLED", "llm_observability"), ("DD_ENV", "library_config"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "opentelemetry.io"), ("DD_API_KEY", "api-app-keys"),
  ])
  func `a variable leads to the page of who reads it`(name: String, page: String) throws {
    let output = try Doctor.run(["explain", name]).output
    #expect(output.contains("Docs:    https://") && output.contains(page), "\(output)")
  }
}
