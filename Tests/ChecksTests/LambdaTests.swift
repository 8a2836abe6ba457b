import Checks
import Configuration
import Diagnosis
import Probes
import Testing

@Suite struct LambdaTests {
  private static let python = "datadog_lambda.handler.handler"
  private static let node = "/opt/nodejs/node_modules/datadog-lambda-js/handler.handler"
  private static let key = "DD_API_KEY=0123456789abcdef0123456789abcdef"
  private static let secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:dd-AbCdEf"

  /// A layer of Datadog's in us-east-1.
  private static func layer(
    _ name: String, region: String = "us-east-1", account: String = "464622532012",
    partition: String = "aws"
  ) -> String {
    "arn:\(partition):lambda:\(region):\(account):layer:\(name):98"
  }

  /// A function's own view: files instead of layers.
  private static func inside(
    _ handler: String?, _ runtime: String = "python3.12", hasExtension: Bool = true,
    hasLibrary: Bool = true
  ) -> LambdaFacts {
    LambdaFacts(
      handler: handler, runtime: runtime, architecture: "x86_64", region: "us-east-1",
      hasExtensionFile: hasExtension, hasLibraryFile: hasLibrary)
  }

  /// A function's configuration, as AWS shows it.
  private static func shown(
    _ layers: [String], handler: String? = python, runtime: String? = "python3.12",
    architecture: String = "x86_64", timeout: Int = 30, isImage: Bool = false
  ) -> LambdaFacts {
    LambdaFacts(
      handler: handler, runtime: runtime, architecture: architecture, region: "us-east-1",
      layers: layers, timeoutSeconds: timeout, isImage: isImage)
  }

  private func judge(
    _ check: any Check<Observations>, _ facts: LambdaFacts?, _ entries: [String]
  ) async throws -> Outcome {
    try await RuntimePlayback(
      nil, entries, setup: .llmobsLambda, host: HostFacts(platform: .lambda, lambda: facts)
    ).judge(check)
  }

  @Test func `nothing of a function is judged where none is seen`() async throws {
    let checks: [any Check<Observations>] = [
      LambdaHandler(), LambdaLayers(), LambdaExtension(), LambdaKey(), LambdaFlush(),
    ]
    let unreadable = LambdaFacts(handler: Self.python, variablesError: "KMS access denied")
    for check in checks {
      #expect(try await judge(check, nil, []).inWords == "skipped")
      #expect(try await judge(check, unreadable, []).inWords == "skipped")
    }
  }

  @Test(
    arguments: [
      (inside(python), ["DD_LAMBDA_HANDLER=app.main"], "passed"),
      (inside(node, "nodejs22.x"), ["DD_LAMBDA_HANDLER=index.handler"], "passed"),
      (
        inside("node_modules/datadog-lambda-js/dist/handler.handler", "nodejs22.x"),
        ["DD_LAMBDA_HANDLER=index.handler"], "passed"
      ),
      (inside(python), [], "failed missing"),
      (inside(python), ["DD_LAMBDA_HANDLER="], "failed missing"),
      (inside(python), ["DD_LAMBDA_HANDLER=\(python)"], "failed conflict"),
      (inside(node, "nodejs22.x"), ["DD_LAMBDA_HANDLER=\(node)"], "failed conflict"),
      (inside(python), ["DD_LAMBDA_HANDLER=app"], "failed malformed"),
      (inside("app.main"), ["DD_LAMBDA_HANDLER=app.main"], "failed notLoaded"),
      (inside("app.main"), [], "warning notLoaded"),
      (inside("app.main", hasLibrary: false), [], "skipped"),
      (inside("index.handler", "nodejs22.x"), [], "skipped"),
      (inside(node, "python3.12"), ["DD_LAMBDA_HANDLER=app.main"], "failed incompatible"),
      (inside(python, "nodejs22.x"), ["DD_LAMBDA_HANDLER=index.handler"], "failed incompatible"),
      (
        inside("/opt/nodejs/node_modules/datadog-lambda-js/dist/x.handler", "nodejs22.x"),
        ["DD_LAMBDA_HANDLER=index.handler"], "failed incompatible"
      ),
      (shown([], handler: nil, isImage: true), [], "skipped"),
      (inside(python, "java21"), [], "skipped"),
    ] as [(LambdaFacts, [String], String)])
  func `the handler is judged with the one behind it`(
    facts: LambdaFacts, entries: [String], expected: String
  ) async throws {
    #expect(try await judge(LambdaHandler(), facts, entries).inWords == expected)
  }

  @Test(
    arguments: [
      (shown([layer("Datadog-Python312"), layer("Datadog-Extension")]), "passed"),
      (
        shown(
          [layer("Datadog-Python312-ARM"), layer("Datadog-Extension-ARM")], architecture: "arm64"),
        "passed"
      ),
      (
        shown(
          [layer("Datadog-Node24-x"), layer("Datadog-Extension-ARM-FIPS")], handler: node,
          runtime: "nodejs24.x", architecture: "arm64"), "passed"
      ),
      (shown([layer("Datadog-Extension-ARM")], handler: "a.b"), "failed incompatible"),
      (
        shown([layer("Datadog-Extension")], handler: "a.b", architecture: "arm64"),
        "failed incompatible"
      ),
      (shown([layer("Datadog-Python311")]), "failed incompatible"),
      (
        shown([layer("Datadog-Node18-x")], handler: node, runtime: "nodejs22.x"),
        "failed incompatible"
      ),
      (shown([layer("Datadog-Python312", region: "eu-west-1")]), "failed incompatible"),
      (shown([layer("Datadog-Python312", account: "002406178527")]), "failed incompatible"),
      (shown([layer("Datadog-Python312", account: "111122223333")]), "passed"),
      (
        shown([layer("Datadog-Python315"), layer("Datadog-Extension")], runtime: "python3.15"),
        "passed"
      ),
      (shown([]), "skipped"),
      (shown([], handler: node, runtime: "nodejs22.x"), "failed notInstalled"),
      (
        shown(
          ["arn:aws:lambda:us-east-1:1:layer:all-in-one:3"], handler: node,
          runtime: "nodejs22.x"), "skipped"
      ),
      (shown(["no arn"], handler: "a.b"), "skipped"),
      (inside(python), "passed"), (inside(python, hasLibrary: false), "failed notInstalled"),
      (inside("a.b", hasLibrary: false), "skipped"),
      (shown([], handler: nil, isImage: true), "skipped"),
    ] as [(LambdaFacts, String)])
  func `layers are held against region, runtime and architecture`(
    facts: LambdaFacts, expected: String
  ) async throws {
    let own = ["DD_LAMBDA_HANDLER=app.main"]
    #expect(try await judge(LambdaLayers(), facts, own).inWords == expected)
  }

  @Test(
    arguments: [
      (inside(python), [], "passed"),
      (inside(python, hasExtension: false), [], "failed notInstalled"),
      (inside(python, hasExtension: false), ["DD_LLMOBS_AGENTLESS_ENABLED=1"], "skipped"),
      (inside(python, hasExtension: false), ["DD_AGENTLESS_ENABLED=1"], "skipped"),
      (inside("a.b", "nodejs22.x", hasExtension: false), [], "skipped"),
      (
        inside("a.b", "nodejs22.x", hasExtension: false), ["DD_LLMOBS_AGENTLESS_ENABLED=false"],
        "failed notInstalled"
      ),
      (inside(python), ["DD_FLUSH_TO_LOG=true"], "warning conflict"),
      (inside(python, hasExtension: false), ["DD_FLUSH_TO_LOG=true"], "failed notInstalled"),
      (shown([layer("Datadog-Extension")]), [], "passed"),
      (shown([layer("Datadog-Python312")]), [], "failed notInstalled"),
      (shown(["arn:aws:lambda:us-east-1:1:layer:all-in-one:3"]), [], "skipped"),
      (shown([], handler: nil, isImage: true), [], "skipped"),
    ] as [(LambdaFacts, [String], String)])
  func `the extension is judged by whether something needs it`(
    facts: LambdaFacts, entries: [String], expected: String
  ) async throws {
    #expect(try await judge(LambdaExtension(), facts, entries).inWords == expected)
  }

  @Test(
    arguments: [
      (inside(python), [key], "passed"),
      (inside(python), ["DD_API_KEY_SECRET_ARN=\(secret)"], "passed"),
      (inside(python), ["DD_KMS_API_KEY=AQICAH=="], "passed"),
      (inside(python), ["DD_API_KEY_SECRET_ARN=\(secret)", key], "warning conflict"),
      (inside(python), ["DD_API_KEY_SECRET_ARN=my-secret"], "warning malformed"),
      (
        inside(python),
        ["DD_API_KEY_SECRET_ARN=arn:aws:secretsmanager:eu-west-1:123456789012:secret:dd-AbCdEf"],
        "warning conflict"
      ),
      (inside(python), ["DD_API_KEY_SSM_NAME=/dd/key"], "failed missing"),
      (inside(python), ["DD_API_KEY_SSM_NAME=/dd/key", key], "passed"),
      (inside(python), [], "failed missing"), (inside(python), ["DD_API_KEY="], "failed missing"),
      (
        inside(python), ["DD_LLMOBS_AGENTLESS_ENABLED=1", "DD_API_KEY_SECRET_ARN=\(secret)"],
        "failed missing"
      ),
      (inside(python), ["DD_LLMOBS_AGENTLESS_ENABLED=1", key], "passed"),
      (inside(node, "nodejs22.x"), ["DD_API_KEY_SECRET_ARN=\(secret)"], "failed missing"),
      (
        inside(node, "nodejs22.x"),
        ["DD_API_KEY_SECRET_ARN=\(secret)", "DD_LLMOBS_AGENTLESS_ENABLED=false"], "passed"
      ),
      (inside(node, "nodejs22.x"), [key], "passed"),
      (inside("a.b", "nodejs22.x", hasExtension: false), [key], "passed"),
      (inside("a.b", "nodejs22.x", hasExtension: false), [], "failed missing"),
    ] as [(LambdaFacts, [String], String)])
  func `the key is judged by who sends`(
    facts: LambdaFacts, entries: [String], expected: String
  ) async throws {
    #expect(try await judge(LambdaKey(), facts, entries).inWords == expected)
  }

  @Test func `Node beside an extension is told what it needs for it`() async throws {
    let outcome = try await judge(
      LambdaKey(), Self.inside(Self.node, "nodejs22.x"), ["DD_API_KEY_SECRET_ARN=\(Self.secret)"])
    #expect(
      outcome.problem?.remedies.first?.command == "export DD_LLMOBS_AGENTLESS_ENABLED=false")
  }

  @Test(
    arguments: [
      (inside(python), "passed"), (inside("a.b"), "skipped"),
      (inside(node, "nodejs22.x"), "skipped"),
      (shown([], timeout: 3), "warning timeout"), (shown([], timeout: 5), "passed"),
    ] as [(LambdaFacts, String)])
  func `flushing is judged by library and time-out`(facts: LambdaFacts, expected: String)
    async throws
  {
    #expect(try await judge(LambdaFlush(), facts, []).inWords == expected)
  }
}
