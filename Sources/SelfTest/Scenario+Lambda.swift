import Configuration
import Diagnosis
import Probes

extension Scenario {
  private static let handler = "datadog_lambda.handler.handler"

  /// A function as it sees itself.
  private static func function(
    _ handler: String? = Scenario.handler, hasExtension: Bool = true, hasLibrary: Bool = true
  ) -> HostFacts {
    HostFacts(
      platform: .lambda,
      lambda: LambdaFacts(
        handler: handler, runtime: "python3.12", architecture: "x86_64", region: "us-east-1",
        hasExtensionFile: hasExtension, hasLibraryFile: hasLibrary))
  }

  /// A function as AWS shows it.
  private static func shown(_ layers: String..., timeout: Int = 30) -> HostFacts {
    HostFacts(
      platform: .lambda,
      lambda: LambdaFacts(
        handler: handler, runtime: "python3.12", architecture: "x86_64", region: "us-east-1",
        layers: layers.map { "arn:aws:lambda:us-east-1:464622532012:layer:\($0):98" },
        timeoutSeconds: timeout, isImage: false))
  }

  static var lambda: [Scenario] {
    let own = "DD_LAMBDA_HANDLER=app.main"
    let stored =
      "DD_API_KEY_SECRET_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:dd-AbCdEf"
    return [
      Scenario(
        "no function is seen", [], .llmobsLambda, nil,
        gives: [
          .skipped: [
            "lambda.handler", "lambda.layers", "lambda.extension", "lambda.key", "lambda.flush",
          ]
        ]),
      Scenario(
        "a function with all it needs", [own, "DD_API_KEY=\(key)"], .llmobsLambda, nil,
        on: function(),
        gives: [
          .passed: [
            "lambda.handler", "lambda.layers", "lambda.extension", "lambda.key", "lambda.flush",
          ]
        ]),
      Scenario(
        "a function with nothing of it", [], .llmobsLambda, nil,
        on: function(hasExtension: false, hasLibrary: false),
        gives: [.failed: ["lambda.handler", "lambda.layers", "lambda.extension", "lambda.key"]]),
      Scenario(
        "a handler that is not wrapped", [], .llmobsLambda, nil, on: function("app.main"),
        gives: [.warning: ["lambda.handler"]]),
      Scenario(
        "an extension that is passed by", ["DD_FLUSH_TO_LOG=true"], .llmobsLambda, nil,
        on: function(), gives: [.warning: ["lambda.extension"]]),
      Scenario(
        "two keys", [stored, "DD_API_KEY=\(key)"], .llmobsLambda, nil, on: function(),
        gives: [.warning: ["lambda.key"]]),
      Scenario(
        "three seconds to flush in", [own], .llmobsLambda, nil,
        on: shown("Datadog-Python312", "Datadog-Extension", timeout: 3),
        gives: [.warning: ["lambda.flush"]]),
    ]
  }
}
