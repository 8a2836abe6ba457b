import Configuration
package import Diagnosis
package import Probes

/// Whether the function's handler leads through Datadog's, and on to its own.
package struct LambdaHandler: Check {
  package let about = About(
    id: "lambda.handler",
    title: "Handler leads through Datadog's",
    explanation: """
      Datadog's library wraps a function by taking its handler's place: the function's own handler \
      moves to DD_LAMBDA_HANDLER. A redirect without it, or one that names itself, keeps every \
      invocation from running. Without a redirect, Python is not instrumented unless the code wraps \
      itself; Node may load dd-trace by itself.
      """,
    fix: "Set the handler to Datadog's and DD_LAMBDA_HANDLER to the function's own.",
    docs: Docs.lambda,
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noLambda { return .skipped(reason) }
    guard let language = settings.lambdaLanguage, let redirect = Settings.redirects(language).first
    else { return .skipped("the function's language is not known; name it with --language") }
    guard let handler = settings.lambda.handler else {
      return .skipped("a container image's command is its handler, and not in the configuration")
    }
    let own = settings.environment.text("DD_LAMBDA_HANDLER")
    guard settings.isRedirected else {
      return Self.direct(handler, own, language, redirect, settings)
    }
    guard let own, !own.isEmpty else { return .failed(.ownMissing(handler, settings)) }
    if Settings.redirects(language).contains(own) { return .failed(.loop(own, settings)) }
    if !own.contains(".") { return .failed(.malformed(own, settings)) }
    return .passed("\(handler), then \(own)")
  }

  private static func direct(
    _ handler: String, _ own: String?, _ language: Language, _ redirect: String,
    _ settings: Settings
  ) -> Outcome {
    let others = Language.allCases.filter { $0 != language }.flatMap(Settings.redirects)
    if others.contains(handler) || handler.contains("datadog-lambda-js")
      || handler.hasPrefix("datadog_lambda.")
    {
      return .failed(.otherRedirect(handler, redirect))
    }
    if let own, !own.isEmpty { return .failed(.notRedirected(handler, own, redirect)) }
    switch language {
    case .node:
      return .skipped("\(handler) is the function's own: whether it loads dd-trace can't be seen")
    case .python where settings.lambda.hasLibrary == true:
      return .warning(.unwrapped(handler, redirect))
    case .python, .php:
      return .skipped("\(handler) is the function's own: whether it wraps itself can't be seen")
    }
  }
}

extension Problem {
  private static let expected = "the function's own handler, as index.handler"

  fileprivate static func ownMissing(_ handler: String, _ settings: Settings) -> Problem {
    Problem(
      "the handler is Datadog's, and nothing tells it the function's own", class: .missing,
      evidence: Evidence(
        "DD_LAMBDA_HANDLER",
        measured: settings.environment.has("DD_LAMBDA_HANDLER") ? "''" : "not set",
        expected: expected, source: "handler \(handler)"),
      remedies: .set("DD_LAMBDA_HANDLER", to: "<module>.<function>"))
  }

  fileprivate static func loop(_ own: String, _ settings: Settings) -> Problem {
    Problem(
      "DD_LAMBDA_HANDLER names Datadog's handler: it would call itself", class: .conflict,
      evidence: evidence(own, settings),
      remedies: .set("DD_LAMBDA_HANDLER", to: "<module>.<function>"))
  }

  fileprivate static func malformed(_ own: String, _ settings: Settings) -> Problem {
    Problem(
      "DD_LAMBDA_HANDLER '\(own)' has no function in it", class: .malformed,
      evidence: evidence(own, settings),
      remedies: .set("DD_LAMBDA_HANDLER", to: "\(own).handler"))
  }

  private static func evidence(_ own: String, _ settings: Settings) -> Evidence {
    Evidence(
      "DD_LAMBDA_HANDLER", measured: own, expected: expected,
      source: settings.environment["DD_LAMBDA_HANDLER"]?.origin ?? "environment")
  }

  fileprivate static func otherRedirect(_ handler: String, _ redirect: String) -> Problem {
    Problem(
      "the handler is not where this runtime's layer has it", class: .incompatible,
      evidence: Evidence(
        "handler", measured: handler, expected: redirect, source: "the function's configuration"),
      remedies: .edit("set the function's handler to \(redirect)"))
  }

  fileprivate static func notRedirected(_ handler: String, _ own: String, _ redirect: String)
    -> Problem
  {
    Problem(
      "DD_LAMBDA_HANDLER is set, and the handler is not Datadog's: nobody reads it",
      class: .notLoaded,
      evidence: Evidence(
        "handler", measured: handler, expected: redirect, source: "DD_LAMBDA_HANDLER=\(own)"),
      remedies: .edit("set the function's handler to \(redirect)"))
  }

  fileprivate static func unwrapped(_ handler: String, _ redirect: String) -> Problem {
    Problem(
      "Datadog's library is there, and the handler does not lead through it", class: .notLoaded,
      evidence: Evidence(
        "handler", measured: handler, expected: "\(redirect), or a handler that wraps itself",
        source: "the function's configuration"),
      remedies: .edit("set the function's handler to \(redirect)"),
      .set("DD_LAMBDA_HANDLER", to: handler))
  }
}
