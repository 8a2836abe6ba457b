import Checks
import Configuration
import Diagnosis
import Probes
import Reporters
import Wire

/// What many Agents answer, and the causes that they share.
struct FleetReport: Sendable {
  struct Agent: Encodable, Sendable {
    let url: String
    let state: AgentSummary.State
    let version: String?
    /// What was tried, where, and what came back; null where nothing is wrong.
    let error: String?
    let checks: [Finding]
    fileprivate let milliseconds: Double?
    /// Itself as JSON, where that was made as it was judged.
    var text: String?

    init(_ entry: FleetEntry, _ findings: [Finding], _ info: AgentInfo.Answer?) {
      url = visible(entry.settings.agent.url)
      let checks = findings.map { Self.fitting($0, entry) }
      self.checks = checks
      version =
        (info?.description?.version ?? info?.exchange.answer?.fields["Datadog-Agent-Version"])
        .map(visible)
      milliseconds = info?.exchange.answer == nil ? nil : info?.exchange.phases.total
      let failed = checks.first { $0.status == .failed }
      error = failed.map { visible("\($0.message) (\(entry.place))") }
      let isKnown = checks.contains {
        $0.id == "agent.answers" && ($0.status == .passed || $0.status == .warning)
      }
      state = failed != nil ? .failed : isKnown ? .ok : .notChecked
    }

    /// What leads an application to an Agent mends no fleet: the list does, or the Agent's own host.
    private static func fitting(_ finding: Finding, _ entry: FleetEntry) -> Finding {
      var finding = finding
      switch (finding.id, finding.failureClass) {
      case ("agent.address", .some), (_, .noSocket), (_, .dns):
        finding.remedies = [.edit("correct \(entry.place)")]
      case ("agent.reachable", .some), ("agent.answers", .notAgent):
        finding.remedies = [
          .advice(
            "start the Agent there, let it take other hosts' traffic"
              + " (DD_APM_NON_LOCAL_TRAFFIC=true), or correct \(entry.place)")
        ]
      default: break
      }
      return finding
    }

    private enum CodingKeys: String, CodingKey {
      case url, state, version, error, checks
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(url, forKey: .url)
      try container.encode(state, forKey: .state)
      try container.encodeIfPresent(version, forKey: .version)
      try container.encode(error, forKey: .error)
      try container.encode(checks, forKey: .checks)
    }
  }

  private(set) var schemaVersion = 1
  let verdict: Verdict
  let exitStatus: Int32
  let durationMilliseconds: Double
  let agents: [Agent]
  let causes: [Cause]
  let summary: Summary

  init(_ agents: [Agent], strict: Bool, interrupted: Bool, duration: Duration) {
    self.agents = agents
    let findings = agents.flatMap(\.checks)
    verdict = Verdict(findings)
    exitStatus = ExitStatus.of(findings, strict: strict, interrupted: interrupted)
    durationMilliseconds = duration.milliseconds
    causes = Cause.all(.agents, agents.map { ($0.url, $0.checks) })
    summary = Summary(findings)
  }

  /// What is said of all of them.
  private struct Whole: Encodable {
    let causes: [Cause]
    let durationMilliseconds: Double
    let exitStatus: Int32
    let schemaVersion: Int
    let summary: Summary
    let verdict: Verdict
  }

  private func whole() throws -> String {
    try JSONText.compact(
      Whole(
        causes: causes, durationMilliseconds: durationMilliseconds, exitStatus: exitStatus,
        schemaVersion: schemaVersion, summary: summary, verdict: verdict))
  }

  private func texts() throws -> [String] {
    try agents.map { try $0.text ?? JSONText.compact($0) }
  }

  /// One object, an Agent a line.
  func json() throws -> String {
    "{\"agents\":[\n\(try texts().joined(separator: ",\n"))\n],\(try whole().dropFirst())\n"
  }

  /// A line an Agent, and one of all that is said of all of them.
  func lines() throws -> String {
    let lines = try texts().map { "{\"agent\":\($0)}" }
    return (lines + [try whole()]).joined(separator: "\n") + "\n"
  }

  func text(verbose: Bool) -> String {
    let ok = agents.count { $0.state == .ok }
    var lines = [
      "\(verdict.rawValue.uppercased())  \(ok) of \(counted(agents.count, "Agent")) answer as one,"
        + " \(counted(causes.count, "cause"))"
    ]
    lines += CauseText.lines(causes)
    lines.append("")
    let versions = versions
    if !versions.isEmpty { lines.append("versions  \(versions)") }
    if let slowest { lines.append("slowest   \(slowest)") }
    if verbose {
      lines += agents.map {
        "\($0.state.rawValue)  \($0.url)  \($0.version ?? "")  \($0.error ?? "")"
      }
    }
    return lines.map(trimmedEnd).joined(separator: "\n") + "\n"
  }

  /// `7.78.0 × 900, 7.60.1 × 97`: the spread that an upgrade leaves.
  private var versions: String {
    let counts = Dictionary(agents.compactMap(\.version).map { ($0, 1) }, uniquingKeysWith: +)
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let more = sorted.count > 8 ? ", and \(sorted.count - 8) more" : ""
    return sorted.prefix(8).map { "\($0.key) × \($0.value)" }.joined(separator: ", ") + more
  }

  private var slowest: String? {
    guard let agent = agents.max(by: { ($0.milliseconds ?? 0) < ($1.milliseconds ?? 0) }),
      let milliseconds = agent.milliseconds, agents.count > 1
    else { return nil }
    return "\(agent.url)  \(Int(milliseconds.rounded())) ms"
  }

  private func trimmedEnd(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}

/// Causes that many share, as text: the first names, and what mends the first of them.
enum CauseText {
  static func lines(_ causes: [Cause]) -> [String] {
    var lines = causes.isEmpty ? [] : [""]
    for cause in causes {
      let name = cause.failureClass.map { "  \($0.rawValue)" } ?? ""
      let more = cause.count > 3 ? ", and \(cause.count - 3) more" : ""
      lines.append("\(cause.count) × \(cause.checkID)  \(cause.status.rawValue)\(name)")
      lines.append("    \(cause.names.prefix(3).map(visible).joined(separator: ", "))\(more)")
      lines += cause.fix.map { ["    fix  \(visible($0))"] } ?? []
    }
    return lines
  }
}
