import Configuration
package import Diagnosis
package import Probes

/// Whether spans leave before the function is frozen.
package struct LambdaFlush: Check {
  package let about = About(
    id: "lambda.flush",
    title: "Spans leave before it returns",
    explanation: """
      A function is frozen when its handler returns. Python's library flushes at the end of every \
      invocation, where the handler leads through it; Node's has no such step, so the code has to \
      call llmobs.flush() before it returns, which can't be seen from here. A time-out of less than \
      5 s leaves little room for a cold start.
      """,
    fix: "Python: Datadog's handler. Node: call tracer.llmobs.flush() at the handler's end.",
    docs: Docs.llmObservability,
    statuses: [.passed, .warning, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noLambda { return .skipped(reason) }
    if let seconds = settings.lambda.timeoutSeconds, seconds < 5 {
      return .warning(.short(seconds))
    }
    switch settings.lambdaLanguage {
    case .python where settings.isRedirected:
      return .passed("datadog_lambda flushes at the end of each invocation")
    case .python:
      return .skipped("whether the code wraps itself, or calls LLMObs.flush(), can't be seen")
    case .node:
      return .skipped("the code has to call llmobs.flush() before it returns: not seen from here")
    case .php, nil:
      return .skipped("the function's language is not known; name it with --language")
    }
  }
}

extension Problem {
  fileprivate static func short(_ seconds: Int) -> Problem {
    Problem(
      "the function is ended after \(seconds) s: a cold start may leave no time to send",
      class: .timeout,
      evidence: Evidence(
        "Timeout", measured: "\(seconds) s", expected: "5 s or more",
        source: "the function's configuration"),
      remedies: .command(
        "aws lambda update-function-configuration --function-name <name> --timeout 10"))
  }
}
