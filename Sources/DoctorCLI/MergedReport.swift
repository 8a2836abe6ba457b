import Diagnosis
import Reporters

/// What many reports say together: the worst of them, and the causes that they share.
struct MergedReport: Encodable {
  /// A report without what only its own host needs.
  struct Part: Encodable {
    var name: String
    /// Where the same run stands once more.
    fileprivate(set) var alsoIn: [String] = []
    var runID: String
    var startedAt: String
    var setup: SetupSummary
    var source: Source
    var agent: AgentSummary
    var verdict: Verdict
    var exitStatus: Int32
    var checks: [Finding]

    init(_ name: String, _ report: Report) {
      self.name = name
      runID = report.runID
      startedAt = report.startedAt
      setup = report.setup
      source = report.source
      agent = report.agent
      verdict = report.verdict
      exitStatus = report.exitStatus
      checks = report.checks
    }

    /// How bad it is: by its verdict, and by a status that tells of a run that was cut off.
    fileprivate var gravity: Int {
      let told =
        switch verdict {
        case .healthy: 0
        case .warning: 1
        case .unknown: 2
        case .failed: 3
        }
      return max(told, judged == ExitStatus.failed ? 3 : judged == ExitStatus.undetermined ? 2 : 0)
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

  init(_ all: [Part]) {
    let reports = Self.folded(all)
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

  /// Each run once, in the first one's place; of two judgements of a run the worse one counts.
  private static func folded(_ all: [Part]) -> [Part] {
    var folded: [Part] = []
    var places: [String: Int] = [:]
    for var part in all {
      guard let place = places[part.runID] else {
        places[part.runID] = folded.count
        folded.append(part)
        continue
      }
      let other = folded[place]
      if part.gravity > other.gravity {
        part.alsoIn = other.alsoIn + [other.name]
        folded[place] = part
      } else {
        folded[place].alsoIn.append(part.name)
      }
    }
    return folded
  }

  /// A line a report, and one of what is said of all of them.
  func lines() throws -> String {
    struct Line: Encodable {
      let report: Part
    }
    struct Last: Encodable {
      let schemaVersion: Int
      let verdict: Verdict
      let exitStatus: Int32
      let causes: [Cause]
      let summary: Summary
    }
    let last = Last(
      schemaVersion: schemaVersion, verdict: verdict, exitStatus: exitStatus, causes: causes,
      summary: summary)
    let lines = try reports.map { try JSONText.compact(Line(report: $0)) }
    return (lines + [try JSONText.compact(last)]).joined(separator: "\n") + "\n"
  }

  var text: String {
    var lines = [
      "\(verdict.rawValue.uppercased())  \(counted(reports.count, "report")),"
        + " \(counted(causes.count, "cause"))"
    ]
    lines += CauseText.lines(causes)
    lines.append("")
    lines += reports.map { "\($0.verdict.rawValue)  \($0.name)  \($0.setup.name)  \($0.startedAt)" }
    let twice = reports.filter { !$0.alsoIn.isEmpty }
    if !twice.isEmpty { lines.append("") }
    for part in twice {
      lines.append(
        "counted once: \(part.name) is the run of \(part.alsoIn.joined(separator: ", "))")
    }
    return lines.map(visible).joined(separator: "\n") + "\n"
  }
}
