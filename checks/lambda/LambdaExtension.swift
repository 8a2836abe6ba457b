import Configuration
package import Diagnosis
package import Probes

/// Whether the extension is in the function, where something has to go through it.
package struct LambdaExtension: Check {
  package let about = About(
    id: "lambda.extension",
    title: "Extension is there",
    explanation: """
      The Datadog extension answers on localhost:8126 inside a function and sends what the tracer \
      hands it. Python needs it unless the tracer is told to send by itself; Node sends by itself \
      where DD_LLMOBS_AGENTLESS_ENABLED is unset, since it does not take the extension for an Agent. \
      Without a way out (a VPC without NAT) neither of them sends.
      """,
    fix: "Add the Datadog-Extension layer (Datadog-Extension-ARM on arm64).",
    docs: Docs.lambda,
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noLambda { return .skipped(reason) }
    guard let isThere = settings.lambda.hasExtension else {
      return .skipped("whether the extension is in it can't be seen from here")
    }
    return isThere ? Self.present(settings) : Self.absent(settings)
  }

  private static func present(_ settings: Settings) -> Outcome {
    if settings.isOn("DD_FLUSH_TO_LOG", default: false) {
      return .warning(.logsToo(settings))
    }
    let route =
      settings.lambdaIsAgentless == true
      ? "LLM Observability is sent by the tracer itself, past it"
      : "it sends what the tracer hands it"
    return .passed(
      settings.lambda.isInVPC == true ? "\(route); the VPC needs a way out (NAT)" : route)
  }

  private static func absent(_ settings: Settings) -> Outcome {
    if settings.writesToLog {
      return .skipped("not needed: the library writes traces to the log, for a Forwarder")
    }
    if settings.lambdaIsAgentless == true {
      return .skipped("not needed: the tracer sends LLM Observability to the site by itself")
    }
    return .failed(.missing(settings))
  }
}

extension Problem {
  fileprivate static func missing(_ settings: Settings) -> Problem {
    let lambda = settings.lambda
    let layer = "Datadog-Extension" + (lambda.architecture == "arm64" ? "-ARM" : "")
    return Problem(
      "the extension is not in the function: nobody answers on localhost:8126",
      class: .notInstalled,
      evidence: Evidence(
        "extension", measured: "not there", expected: layer,
        source: lambda.hasExtensionFile == nil
          ? "the function's layers" : "/opt/extensions/datadog-agent"),
      remedies: .edit("add the layer \(layer) of account \(LambdaLayer.accounts.commercial)"),
      .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "1", "or let the tracer send by itself"))
  }

  fileprivate static func logsToo(_ settings: Settings) -> Problem {
    Problem(
      "the extension is there, and DD_FLUSH_TO_LOG writes for a forwarder besides",
      class: .conflict,
      evidence: Evidence(
        "DD_FLUSH_TO_LOG", measured: settings.environment["DD_FLUSH_TO_LOG"]?.shown ?? "",
        expected: "unset, with the extension",
        source: settings.environment["DD_FLUSH_TO_LOG"]?.origin ?? "environment"),
      remedies: .unset("DD_FLUSH_TO_LOG"))
  }
}
