import Configuration
import Diagnosis
import Probes
import Wire

extension Settings {
  /// Of the function; where nothing was seen of it, nothing but what its variables tell.
  var lambda: LambdaFacts { host.lambda ?? LambdaFacts() }

  /// Why no function is judged; nil where one is.
  var noLambda: String? {
    guard host.lambda != nil else { return "no function is at hand here: run it inside, or --from" }
    if let error = lambda.variablesError {
      return "AWS does not show the variables: \(printable(error))"
    }
    return hasNothingOfDatadogs ? "nothing of Datadog's is in the function" : nil
  }

  /// Neither a variable nor a layer nor a handler of Datadog's.
  private var hasNothingOfDatadogs: Bool {
    !environment.variables.contains {
      ["DD_", "DATADOG_"].contains(where: $0.name.hasPrefix) && $0.name != "DD_SERVICE"
        && $0.name != "DD_ENV"
    } && lambda.datadogLayers.isEmpty && lambda.hasExtensionFile != true
      && lambda.hasLibraryFile != true && !isRedirected
  }

  /// Whether the library writes traces to the log, for a Forwarder to send: it does without one.
  ///
  /// Of LLM Observability nothing goes that way.
  var writesToLog: Bool {
    guard !setup.usesLLMObservability, lambda.hasExtension != true else { return false }
    return isOn("DD_FLUSH_TO_LOG", default: lambda.hasExtension == false)
  }

  /// The function's language: what its runtime says, else what the settings found.
  var lambdaLanguage: Language? {
    if lambda.runtime?.hasPrefix("python") == true { return .python }
    if lambda.runtime?.hasPrefix("nodejs") == true { return .node }
    return language
  }

  /// The handler that Datadog's library puts before the function's own.
  static func redirects(_ language: Language) -> [String] {
    switch language {
    case .python: ["datadog_lambda.handler.handler"]
    case .node:
      [
        "/opt/nodejs/node_modules/datadog-lambda-js/handler.handler",
        "node_modules/datadog-lambda-js/dist/handler.handler",
        "/var/task/node_modules/datadog-lambda-js/dist/handler.handler",
      ]
    case .php: []
    }
  }

  var isRedirected: Bool {
    guard let handler = lambda.handler, let language = lambdaLanguage else { return false }
    return Self.redirects(language).contains(handler)
  }

  /// Whether a variable is set to something.
  func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }

  /// Whether the tracer itself sends, and not the extension; nil where that can't be known.
  ///
  /// Node takes an Agent for one only where `/info` lists `/evp_proxy/v2/` exactly, which the
  /// extension does not: unset, it goes agentless beside it. Python takes it by a part of the path.
  var lambdaIsAgentless: Bool? {
    if !setup.usesLLMObservability { return false }
    if boolean("DD_LLMOBS_AGENTLESS_ENABLED") != nil {
      return isOn("DD_LLMOBS_AGENTLESS_ENABLED", default: false)
    }
    if isOn("DD_AGENTLESS_ENABLED", default: false), lambdaLanguage == .python { return true }
    return switch lambdaLanguage {
    case .node: true
    case .python, .php: false
    case nil: nil
    }
  }
}
