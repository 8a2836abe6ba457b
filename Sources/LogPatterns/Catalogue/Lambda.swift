import Diagnosis

/// AWS Lambda: Datadog's layers and its extension.
extension Catalogue {
  static let lambda: [Pattern] = [
    .failure(
      "lambda-handler-missing", .lambda, "lambda.handler", .missing,
      [
        "DD_LAMBDA_HANDLER is not defined. Can't use prebuilt datadog handler",
        "for DD_LAMBDA_HANDLER has invalid format", "Malformed handler name: {w}",
        "datadog lambda handler not set up",
      ], [.anywhere],
      cause: "Datadog's handler does not know the function's own: DD_LAMBDA_HANDLER",
      docs: Docs.lambdaTroubleshooting, fix: .set("DD_LAMBDA_HANDLER", to: "<module>.<function>")),
    .failure(
      "lambda-python-layer", .lambda, "lambda.layers", .notInstalled,
      [
        "No module named {q}datadog_lambda", "Unable to import module {q}datadog_lambda",
        "lambda:GetLayerVersion on resource{*}Datadog-",
        "Handler {q}{w} missing on module {q}datadog", "layer:Datadog-{*} does not exist",
      ], [.anywhere],
      cause: "the Datadog library's layer is missing, or is for another Python",
      docs: Docs.lambdaTroubleshooting,
      fix: .edit("attach Datadog-Python3XX of the function's region, runtime and architecture"),
      .command("python -m pip install datadog-lambda", "in an image or for a local run")),
    .failure(
      "lambda-node-layer", .lambda, "lambda.handler", .notInstalled,
      [
        "Runtime.ImportModuleError: Error: Cannot find module {q}handler{q}{end}",
        "Cannot find module {q}handler{q}{end}", "Cannot find module {q}{*}datadog-lambda-js",
        "datadog-lambda-js{*}is undefined or not exported",
        "Runtime.HandlerNotFound: {*}datadog", "Cannot find module {q}handler",
      ], [.anywhere, .with(["handler", "datadog"])],
      cause: "the function's handler points to Datadog's library, and the layer or module is not"
        + " there",
      docs: Docs.lambdaTroubleshooting,
      fix: .edit("handler: /opt/nodejs/node_modules/datadog-lambda-js/handler.handler"),
      .edit("attach Datadog-NodeXX-x of the function's region, runtime and architecture")),
    .failure(
      "lambda-key", .lambda, "lambda.key", .missing,
      [
        "api key not configured, see https:", "couldn't decrypt kms api key",
        "couldn't get secrets manager api key", "DD_EXTENSION{*}rror decrypting key: {w}",
        "DD_EXTENSION{*}API key has invalid format", "LOGS | Skipping flushing: Failed to resolve",
        "Invalid secret arn in DD_API_KEY_SECRET_ARN", "DD_EXTENSION{*}ailed to resolve API key",
        "not authorized to perform: secretsmanager:GetSecretValue{*}atadog",
        "not authorized to perform: secretsmanager:GetSecretValue{*}DD_",
        "DD_EXTENSION{*}No API key configured, exiting", "datadog:no api key",
        "DD_EXTENSION{*}nable to resolve API key",
      ], [.anywhere],
      cause: "Datadog's key can't be read: its variable, its ARN or the role's permission",
      docs: Docs.lambdaTroubleshooting,
      fix: .edit("allow the role secretsmanager:GetSecretValue or kms:Decrypt on it"),
      .set("DD_API_KEY_SECRET_ARN", to: "<arn of the secret>")),
    .failure(
      "lambda-extension", .lambda, "lambda.extension", .notLoaded,
      [
        "Name: datadog-agent{*}State: LaunchError",
        "Extension.LaunchError", "extensions/datadog-agent: exec format error",
        "Error starting trace agent: {w}",
        "Extension loop failed: {w}", "Failed to flush extension",
        "datadog-agent{*}Extension.Crash", "Extension.Crash{*}datadog",
      ], [.anywhere],
      cause: "the Datadog extension did not start: the wrong architecture, or port 8126 is taken",
      docs: Docs.lambdaTroubleshooting,
      fix: .edit("attach Datadog-Extension (x86_64) or Datadog-Extension-ARM (arm64)")),
    .failure(
      "lambda-extension-intake", .lambda, "lambda.key", .unauthorized,
      ["DD_EXTENSION | ERROR | {*}403", "DD_EXTENSION | ERROR | {*}orbidden"], [.anywhere],
      cause: "Datadog refuses the extension's key on its site", docs: Docs.lambdaTroubleshooting,
      fix: .set("DD_SITE", to: "<site of the key>"),
      .command("dd-doctor --only 'datadog.*,site.*' --find-site")),
    .failure(
      "lambda-extension-error", .lambda, "lambda.extension", .notSent,
      ["DD_EXTENSION | ERROR | {w}"],
      [
        .anywhere,
        .yields(["lambda-key", "lambda-extension", "lambda-extension-intake"]),
      ],
      cause: "the Datadog extension names an error", docs: Docs.lambdaTroubleshooting,
      fix: .command("dd-doctor --setup llmobs-lambda")),
    .failure(
      "lambda-timeout", .lambda, "lambda.flush", .timeout,
      ["Z {w}-{w}-{w}-{w}-{w} Task timed out after {n}"], [.anywhere, .with([" seconds"])],
      cause: "the function was ended before it returned: what it had not sent is lost",
      docs: Docs.lambdaTroubleshooting,
      fix: .command(
        "aws lambda update-function-configuration --function-name <name> --timeout 30"),
      .advice("in a VPC without a way out (NAT) every flush waits until the end")),
  ]
}
