import Checks
import Diagnosis
import LogPatterns
import Probes
import Reporters

/// What `logs` found: a report whose checks are those that the log answers, and the findings.
struct LogReport {
  private(set) var input = Input()
  private(set) var findings: [LogFinding] = []
  private(set) var proofs: [LogProof] = []
  let source: Source
  private let runID = CheckRun.newRunID()
  private let startedAt = WallClock.timestamp()
  private let start = ContinuousClock.now

  struct Input: Codable {
    var files = 0
    var bytes = 0
    var lines = 0
  }

  /// - Parameter names: the files, as they are shown.
  init(names: [String]) {
    source = Source(kind: Source.logs, name: names.joined(separator: ", "))
  }

  /// Takes what a scanner found; the name stands there among several files.
  mutating func add(_ scanner: LogScanner, file: String?) {
    let results = scanner.results(file: file)
    findings += results.findings
    proofs += results.proofs
    input.files += 1
    input.bytes += scanner.size
    input.lines += scanner.lineCount
  }

  /// The report with what a log can fill: nothing was asked, and no configuration was read.
  var report: Report {
    let languages = Set(findings.compactMap(\.writer.language))
    return Report(
      tool: Tool(name: Version.name, version: Version.number), runID: runID, startedAt: startedAt,
      durationMilliseconds: (ContinuousClock.now - start).milliseconds,
      setup: SetupSummary(
        name: "apm", language: languages.count == 1 ? languages.first : nil,
        detectedFrom: ["a log, which does not name its setup"]),
      source: source, verdict: verdict, exitStatus: exitStatus, tracer: nil,
      agent: AgentSummary(url: nil, mode: nil, version: nil, state: .notChecked, error: nil),
      delivery: Delivery(
        Delivery.Rung.allCases.map { .init($0, .unknown, "a log was read, and nobody was asked") }),
      exchanges: [], configuration: [], checks: checks, observations: [])
  }

  /// A calm log proves no delivery, and what stands in it proves a part of the way at most.
  private var verdict: Verdict { findings.isEmpty ? .unknown : .failed }

  private var exitStatus: Int32 {
    guard findings.isEmpty else { return ExitStatus.failed }
    return input.bytes > 0 ? ExitStatus.success : ExitStatus.undetermined
  }

  /// One for each id: what the first finding of it says decides, the others stand behind it.
  private var checks: [Finding] {
    var order: [CheckID] = []
    var checks: [CheckID: Finding] = [:]
    for finding in findings {
      if checks[finding.checkID] == nil {
        order.append(finding.checkID)
        checks[finding.checkID] = check(finding)
      } else {
        let others = finding.remedies.filter {
          checks[finding.checkID]?.remedies.contains($0) == false
        }
        checks[finding.checkID]?.evidence += evidence(finding)
        checks[finding.checkID]?.remedies += others
      }
    }
    return order.compactMap { checks[$0] }
  }

  private func check(_ finding: LogFinding) -> Finding {
    let known = Suite<Observations>.everything.checks.map(\.about).first {
      $0.id == finding.checkID
    }
    let about = About(
      id: finding.checkID, title: known?.title ?? "No known failure stands in the log",
      explanation: finding.cause, fix: finding.remedies.first?.line ?? "", docs: finding.docs)
    return Finding(
      about, status: .failed, message: finding.cause, failureClass: finding.failureClass,
      evidence: evidence(finding), remedies: finding.remedies)
  }

  private func evidence(_ finding: LogFinding) -> [Evidence] {
    let file = finding.file ?? (source.name == LogInput.standardInput ? "" : source.name)
    let line = Evidence(
      "line \(finding.firstLine)", measured: finding.excerpt, expected: "no such line",
      source: file)
    guard finding.count > 1 else { return [line] }
    let range = "lines \(finding.firstLine) to \(finding.lastLine)"
    return [line, Evidence("seen", measured: "\(finding.count) times, \(range)", source: file)]
  }
}

extension LogReport: Encodable {
  private enum Key: String, CodingKey {
    case findings, proofs, input
  }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(findings, forKey: .findings)
    try container.encode(proofs, forKey: .proofs)
    try container.encode(input, forKey: .input)
  }
}

extension LogReport {
  /// A finding or a proof a line, and the report as the last one.
  var lines: String {
    get throws {
      let lines =
        try findings.map { try JSONText.compact(Line(event: "finding", finding: $0)) }
        + proofs.map { try JSONText.compact(Line(event: "proof", proof: $0)) }
        + [JSONText.compact(Line(event: "report", report: self))]
      return lines.joined(separator: "\n") + "\n"
    }
  }

  private struct Line: Encodable {
    var event: String
    var finding: LogFinding?
    var proof: LogProof?
    var report: LogReport?
  }
}

extension Writer {
  /// The language that the report names for it.
  fileprivate var language: String? {
    switch self {
    case .python, .node, .php: rawValue
    case .agent, .lambda, .openai, .application: nil
    }
  }
}
