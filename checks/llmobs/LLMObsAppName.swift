import Configuration
package import Diagnosis
package import Probes

/// Whether LLM Observability has an app's name to go by.
package struct LLMObsAppName: Check {
  package let about = About(
    id: "llmobs.app-name",
    title: "LLM Observability has an app name",
    explanation: """
      LLM Observability sorts by an app's name: DD_LLMOBS_ML_APP, else DD_SERVICE. ddtrace before \
      3.10 does not start LLM Observability without DD_LLMOBS_ML_APP; from 3.14 on it is never \
      missed, since a name is taken from the program. Without either, the data stands under a name \
      that nobody looks for.
      """,
    fix: "Set DD_LLMOBS_ML_APP (or DD_SERVICE) to the application's name.",
    docs: Docs.llmObservability,
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard settings.language != .php else { return .skipped("the PHP tracer has none of it") }
    if let name = settings.environment.value("DD_LLMOBS_ML_APP") {
      guard name.unicodeScalars.count <= 193 else { return .warning(.tooLong(settings)) }
      return .passed("\(name), DD_LLMOBS_ML_APP")
    }
    // Only here does the release matter: an interpreter is asked for it.
    let version = await seen.tracerVersion
    let isPython = settings.language == .python
    if isPython, let version, version < PackageVersion(3, 10) {
      return .failed(.missing(settings, version))
    }
    if let service = settings.service { return .passed("\(service), the service") }
    if isPython, let version, version >= PackageVersion(3, 14) {
      return .passed("none is set: ddtrace \(version) takes the program's own name")
    }
    return .failed(.missing(settings, version))
  }
}

extension Problem {
  fileprivate static func missing(_ settings: Settings, _ version: PackageVersion?) -> Problem {
    let needsOwn =
      settings.language == .python && version.map { $0 < PackageVersion(3, 10) } == true
    let message =
      if needsOwn, let version {
        "ddtrace \(version) needs DD_LLMOBS_ML_APP, and does not start LLM Observability without"
      } else {
        "neither DD_LLMOBS_ML_APP nor DD_SERVICE names the app"
      }
    return Problem(
      message, class: .missing,
      evidence: settings.evidence(
        "DD_LLMOBS_ML_APP", expected: needsOwn ? "a name" : "a name, here or in DD_SERVICE"),
      Evidence(
        "version",
        measured: version.map { "\(settings.tracerName) \($0)" } ?? "not known from here",
        expected: "ddtrace 3.14 and later start without a name", source: "the tracer's releases"),
      remedies: .set("DD_LLMOBS_ML_APP", to: settings.projectName ?? "my-app"))
  }

  fileprivate static func tooLong(_ settings: Settings) -> Problem {
    Problem(
      "DD_LLMOBS_ML_APP is longer than the 193 characters that are taken", class: .malformed,
      evidence: settings.evidence("DD_LLMOBS_ML_APP", expected: "at most 193 characters"),
      remedies: .edit("shorten DD_LLMOBS_ML_APP"))
  }
}
