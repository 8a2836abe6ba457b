import Configuration
import Diagnosis
import Reporters

/// What is told of all workloads together; each by itself is written as it is judged.
struct AuditTally {
  private(set) var summary = Summary([])
  private(set) var verdicts: [Verdict: Int] = [:]
  /// Workloads in which nothing is meant for Datadog: nothing is judged there.
  private(set) var foreign = 0
  /// Objects that could not be read: the place, and why.
  private(set) var faults: [String] = []
  private(set) var faultCount = 0
  private var tally = CauseTally(.workloads)

  var count: Int { verdicts.values.reduce(0, +) + foreign }
  var causes: [Cause] { tally.causes }

  mutating func add(_ facts: WorkloadFacts, _ judged: AuditJudgement) {
    guard judged.isConfigured else {
      foreign += 1
      return
    }
    verdicts[judged.verdict, default: 0] += 1
    summary.add(judged.summary)
    guard !judged.isCalm else { return }
    tally.add(facts.path, judged.findings) {
      $0.replacing(Workload.anyName, with: facts.name)
    }
  }

  mutating func add(fault: String) {
    faultCount += 1
    if faults.count < 20 { faults.append(fault) }
  }

  /// Ended before the file did.
  var isInterrupted = false

  var verdict: Verdict {
    if verdicts[.failed] != nil { return .failed }
    if verdicts[.unknown] != nil || faultCount > 0 || verdicts.isEmpty || isInterrupted {
      return .unknown
    }
    return verdicts[.warning] != nil ? .warning : .healthy
  }

  func exitStatus(strict: Bool) -> Int32 {
    if isInterrupted { return ExitStatus.interrupted }
    switch verdict {
    case .failed: return ExitStatus.failed
    case .unknown:
      return strict && verdicts[.warning] != nil ? ExitStatus.failed : ExitStatus.undetermined
    case .warning: return strict ? ExitStatus.failed : ExitStatus.success
    case .healthy: return ExitStatus.success
    }
  }

  var text: String {
    let judged = count - foreign
    var lines = [
      "\(verdict.rawValue.uppercased())  \(counted(judged, "workload")) judged,"
        + " \(counted(causes.count, "cause"))"
    ]
    lines += CauseText.lines(causes)
    lines.append("")
    let order: [Verdict] = [.healthy, .warning, .failed, .unknown]
    let counts = order.compactMap { verdict in
      verdicts[verdict].map { "\($0) \(verdict.rawValue)" }
    }
    lines.append((counts.isEmpty ? ["nothing to judge"] : counts).joined(separator: "  "))
    if foreign > 0 {
      lines.append("\(foreign) not judged: nothing in them is configured for Datadog")
    }
    if isInterrupted { lines.append("interrupted: the rest of the file was not judged") }
    lines += faults.map { "not read: \($0)" }
    if faultCount > faults.count { lines.append("and \(faultCount - faults.count) more") }
    return lines.map(visible).joined(separator: "\n") + "\n"
  }

  /// What stands behind the workloads in JSON.
  func end(strict: Bool) throws -> String {
    struct End: Encodable {
      let causes: [Cause]
      let summary: Summary
      let notConfigured: Int
      let notRead: [String]
      let verdict: Verdict
      let exitStatus: Int32
    }
    return try JSONText.compact(
      End(
        causes: causes, summary: summary, notConfigured: foreign,
        notRead: faults.map(visible), verdict: verdict,
        exitStatus: exitStatus(strict: strict)))
  }
}

/// What became of a workload, and of all that are equal to it but for their names.
struct AuditJudgement: Sendable {
  let isConfigured: Bool
  /// Without those that say why they do not apply.
  let findings: [Finding]
  /// Of all that was asked.
  let summary: Summary
  let verdict: Verdict
  let isCalm: Bool
  /// The findings as JSON, with the name that stands for any.
  let json: String

  init(_ findings: [Finding], isConfigured: Bool) throws {
    self.isConfigured = isConfigured
    summary = Summary(findings)
    self.findings = findings.filter { $0.status != .skipped }
    verdict = Verdict(self.findings)
    isCalm = self.findings.allSatisfy { $0.status == .passed }
    json = try JSONText.compact(self.findings.map(AuditFinding.init))
  }

  /// A workload as it stands in the report.
  func line(_ facts: WorkloadFacts) throws -> String {
    struct Head: Encodable {
      let kind: String
      let namespace: String?
      let name: String
      let container: String?
      let verdict: Verdict
      /// Why nothing of it was judged.
      let note: String?
    }
    let head = try JSONText.compact(
      Head(
        kind: visible(facts.kind), namespace: facts.namespace.map(visible),
        name: visible(facts.name), container: facts.container.map(visible), verdict: verdict,
        note: isConfigured ? nil : "nothing in it is configured for Datadog"))
    let name = facts.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    // A name that JSON would escape is no name of an object: findings keep the one that stands for it.
    let checks = name ? json.replacing(Workload.anyName, with: facts.name) : json
    return "\(head.dropLast()),\"checks\":\(checks)}"
  }
}

/// A finding as it stands in the report: of what is right, no more than that.
private struct AuditFinding: Encodable {
  let finding: Finding

  private enum CodingKeys: String, CodingKey {
    case id, group, status, message
  }

  init(_ finding: Finding) {
    self.finding = finding
  }

  func encode(to encoder: any Encoder) throws {
    guard finding.status == .passed else { return try finding.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(finding.id, forKey: .id)
    try container.encode(finding.group, forKey: .group)
    try container.encode(finding.status, forKey: .status)
    try container.encode(finding.message, forKey: .message)
  }
}

extension Summary {
  fileprivate mutating func add(_ more: Summary) {
    passed += more.passed
    warning += more.warning
    failed += more.failed
    skipped += more.skipped
    blocked += more.blocked
    unknown += more.unknown
  }
}
