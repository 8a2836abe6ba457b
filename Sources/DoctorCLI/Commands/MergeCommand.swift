import Diagnosis
import Reporters
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `merge F...`: the saved reports of many hosts in one, offline.
enum MergeCommand {
  static func run(_ paths: [String], _ options: Options) throws -> Int32 {
    let merged = MergedReport(
      try paths.map { MergedReport.Part(InputFile.shown($0), try InputFile.report($0)) })
    let text: String
    switch options.format ?? .text {
    case .text: text = merged.text
    case .json: text = try JSONText.pretty(merged) + "\n"
    case .info, .ndjson, .junit, .tap, .sarif, .github, .markdown, .html, .prometheus, .nagios:
      throw UsageError("merge has two formats: text and json")
    }
    if let path = options.output {
      try Output.write(text, toFile: path)
    } else {
      try Output.write(text, to: STDOUT_FILENO)
    }
    return merged.exitStatus
  }
}

/// What many reports say together: the worst of them, and the causes that they share.
struct MergedReport: Encodable {
  /// A report without what only its own host needs.
  struct Part: Encodable {
    var name: String
    var runID: String
    var startedAt: String
    var setup: SetupSummary
    var source: Source
    var verdict: Verdict
    var exitStatus: Int32
    var checks: [Finding]

    init(_ name: String, _ report: Report) {
      self.name = name
      runID = report.runID
      startedAt = report.startedAt
      setup = report.setup
      source = report.source
      verdict = report.verdict
      exitStatus = report.exitStatus
      checks = report.checks
    }

    /// Its status as one of a judgement: what was interrupted or went wrong told not all.
    fileprivate var judged: Int32 {
      switch exitStatus {
      case ExitStatus.success, ExitStatus.failed: exitStatus
      default: verdict == .failed ? ExitStatus.failed : ExitStatus.undetermined
      }
    }
  }

  private(set) var schemaVersion = 1
  var verdict: Verdict
  var exitStatus: Int32
  var reports: [Part]
  var causes: [Cause]
  var summary: Summary

  init(_ reports: [Part]) {
    let verdicts = Set(reports.map(\.verdict))
    verdict = [.failed, .unknown, .warning].first(where: verdicts.contains) ?? .healthy
    let statuses = Set(reports.map(\.judged))
    exitStatus =
      [ExitStatus.failed, ExitStatus.undetermined].first(where: statuses.contains)
      ?? ExitStatus.success
    self.reports = reports
    causes = Cause.all(.reports, reports.map { ($0.name, $0.checks) })
    summary = Summary(reports.flatMap(\.checks))
  }

  var text: String {
    var lines = [
      "\(verdict.rawValue.uppercased())  \(counted(reports.count, "report")),"
        + " \(counted(causes.count, "cause"))"
    ]
    lines += CauseText.lines(causes)
    lines.append("")
    lines += reports.map { "\($0.verdict.rawValue)  \($0.name)  \($0.setup.name)  \($0.startedAt)" }
    return lines.map(visible).joined(separator: "\n") + "\n"
  }
}
