import Configuration
package import Diagnosis
package import Probes

/// Whether what sends from the function has a key that it can read.
package struct LambdaKey: Check {
  package let about = About(
    id: "lambda.key",
    title: "What sends has a key",
    explanation: """
      The extension takes its key from DD_KMS_API_KEY, else DD_API_KEY_SECRET_ARN, else \
      DD_API_KEY_SSM_ARN, else DD_API_KEY; where one of the first three fails it does not fall back. \
      DD_API_KEY_SSM_NAME is read by the Python library alone. A tracer that sends by itself \
      (agentless, as Node does beside the extension) knows DD_API_KEY alone.
      """,
    fix: """
      Set DD_API_KEY_SECRET_ARN for the extension, or DD_API_KEY where the tracer sends by itself.
      """,
    docs: Docs.lambda,
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false,
    follows: [.datadogKeyPresent])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noLambda { return .skipped(reason) }
    if settings.writesToLog {
      return .skipped("not needed: the library writes traces to the log, for a Forwarder")
    }
    let stored = Self.stored.filter { settings.isSet($0) }
    let plain = settings.apiKey.flatMap { $0.isEmpty ? nil : $0.variable }
    let isAgentless = settings.lambdaIsAgentless
    if isAgentless == true { return Self.tracer(plain, stored, settings) }
    guard let winner = stored.first ?? plain else {
      guard settings.isSet("DD_API_KEY_SSM_NAME") else { return .failed(.missing(settings)) }
      return isAgentless == nil
        ? .warning(.librarysOnly(settings)) : .failed(.librarysOnly(settings))
    }
    let set = stored + [plain].compactMap { $0 }
    if set.count > 1 { return .warning(.several(set, settings)) }
    if let problem = Self.region(winner, settings) { return .warning(problem) }
    return .passed("the extension takes its key from \(winner)")
  }

  /// In the extension's order.
  private static let stored = ["DD_KMS_API_KEY", "DD_API_KEY_SECRET_ARN", "DD_API_KEY_SSM_ARN"]

  /// A tracer that sends by itself reads the key as such and no reference to one.
  private static func tracer(_ plain: String?, _ stored: [String], _ settings: Settings) -> Outcome
  {
    if let plain {
      let isBeside =
        settings.lambda.hasExtension == true && settings.lambdaLanguage == .node
        && settings.boolean("DD_LLMOBS_AGENTLESS_ENABLED") == nil
      return .passed(
        isBeside
          ? "dd-trace sends by itself with \(plain): it does not take the extension for an Agent"
            + " unless DD_LLMOBS_AGENTLESS_ENABLED=false"
          : "the tracer sends by itself with \(plain)")
    }
    let reference = (stored + ["DD_API_KEY_SSM_NAME"]).first { settings.isSet($0) }
    guard let reference else { return .failed(.missing(settings)) }
    return .failed(.unreadable(reference, settings))
  }

  /// A secret of another region, which the extension asks its own region for.
  private static func region(_ variable: String, _ settings: Settings) -> Problem? {
    guard variable.hasSuffix("_ARN"), let text = settings.environment.value(variable) else {
      return nil
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.first == "arn", parts.count >= 6 else { return .noARN(variable, settings) }
    guard let region = settings.lambda.region, String(parts[3]) != region else { return nil }
    return .otherRegion(variable, String(parts[3]), region)
  }
}

extension Problem {
  fileprivate static func missing(_ settings: Settings) -> Problem {
    Problem(
      "the function has no key: none of the variables that name one is set", class: .missing,
      evidence: Evidence(
        "key",
        measured: "none of DD_KMS_API_KEY, DD_API_KEY_SECRET_ARN, DD_API_KEY_SSM_ARN,"
          + " DD_API_KEY", expected: "one of them", source: "the function's variables"),
      remedies: .set("DD_API_KEY_SECRET_ARN", to: "<arn of the secret>", "for the extension"),
      .set("DD_API_KEY", to: "<api key>"))
  }

  fileprivate static func librarysOnly(_ settings: Settings) -> Problem {
    Problem(
      "DD_API_KEY_SSM_NAME is read by the library alone; the extension, which sends, has no key",
      class: .missing,
      evidence: Evidence(
        "DD_API_KEY_SSM_NAME", measured: settings.environment["DD_API_KEY_SSM_NAME"]?.shown ?? "",
        expected: "DD_API_KEY_SSM_ARN", source: "the extension's own order"),
      remedies: .set("DD_API_KEY_SSM_ARN", to: "<arn of the parameter>"))
  }

  fileprivate static func several(_ names: [String], _ settings: Settings) -> Problem {
    Problem(
      "several keys are set: the extension takes \(names[0]) and does not fall back",
      class: .conflict,
      evidence: Evidence(
        "key", measured: names.joined(separator: ", "), expected: "one",
        source: "the extension's own order"),
      remedies: .unset(names[names.count - 1]))
  }

  fileprivate static func unreadable(_ reference: String, _ settings: Settings) -> Problem {
    let asksAgentless = settings.boolean("DD_LLMOBS_AGENTLESS_ENABLED") != nil
    let why =
      asksAgentless
      ? "DD_LLMOBS_AGENTLESS_ENABLED lets the tracer send by itself"
      : "dd-trace does not take the extension for an Agent and sends by itself"
    return Problem(
      "\(why), and it can't read the key that \(reference) names", class: .missing,
      evidence: Evidence(
        "DD_API_KEY", measured: "not set; \(reference) is", expected: "the key itself",
        source: "the tracer's own decision"),
      remedies: .set(
        "DD_LLMOBS_AGENTLESS_ENABLED", to: "false", "then the extension sends, with its key"),
      .set("DD_API_KEY", to: "<api key>"))
  }

  fileprivate static func noARN(_ variable: String, _ settings: Settings) -> Problem {
    Problem(
      "\(variable) is no ARN", class: .malformed,
      evidence: Evidence(
        variable, measured: settings.environment[variable]?.shown ?? "", expected: "arn:aws:…",
        source: settings.environment[variable]?.origin ?? "environment"),
      remedies: .set(variable, to: "<arn of the secret>"))
  }

  fileprivate static func otherRegion(_ variable: String, _ region: String, _ own: String)
    -> Problem
  {
    Problem(
      "\(variable) is of \(region), the function runs in \(own)", class: .conflict,
      evidence: Evidence(
        variable, measured: region, expected: own, source: "the function's variables"),
      remedies: .set(variable, to: "<arn of a secret in \(own)>"))
  }
}
