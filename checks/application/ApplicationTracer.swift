import Configuration
package import Diagnosis
package import Probes
import Wire

/// Which tracer it is, of which version, and how it was started.
package struct ApplicationTracer: Check {
  package let about = About(
    id: .applicationTracer,
    title: "Application has one tracer",
    explanation: """
      Each request of a tracer names its language and version, and its telemetry says how it was \
      started: on the command line, by code, or injected. Two versions of one language in a single \
      application wrap the same calls twice.
      """,
    fix: "Install one version of the tracer, and start it one way.",
    docs: Docs.startupLogs,
    needs: [.applicationInstrumented], statuses: [.passed, .warning, .skipped])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let traffic = try await seen.traffic
    guard !traffic.tracers.isEmpty else { return .skipped("nothing that came names its tracer") }
    // A request that does not name its version may be of either.
    let known = traffic.tracers.filter { $0.version != nil }
    for (index, first) in known.enumerated() {
      let other = known[index...].first {
        $0.language == first.language && $0.version != first.version
      }
      if let other { return .warning(.two(first, other)) }
    }
    let names = traffic.tracers.map(\.words).joined(separator: " and ")
    return .passed(
      "\(names)\(Self.start(traffic.telemetry.instrumentationSource))",
      Evidence(
        "tracer", measured: names, source: "header fields of its requests"))
  }

  private static func start(_ source: String?) -> String {
    switch source {
    case "cmd_line": ", started on the command line"
    case "manual": ", started by the application's own code"
    case "ssi": ", injected"
    case let other?: ", started by \(other)"
    case nil: ""
    }
  }
}

extension CapturedTraffic.Tracer {
  /// `python 4.16.0 on 3.11.7`.
  fileprivate var words: String {
    "\(language)\(version.map { " tracer \($0)" } ?? "")\(languageVersion.map { " on \($0)" } ?? "")"
  }
}

extension Problem {
  fileprivate static func two(
    _ first: CapturedTraffic.Tracer, _ other: CapturedTraffic.Tracer
  ) -> Problem {
    Problem(
      "two versions of the tracer spoke: \(first.words), \(other.words)", class: .conflict,
      evidence: Evidence(
        "tracers", measured: "\(first.words), \(other.words)", expected: "one",
        source: "header fields of their requests"),
      remedies: .edit("install one version for all processes of the application"),
      .advice("processes of its own that the command started may bring their own tracer"))
  }
}
