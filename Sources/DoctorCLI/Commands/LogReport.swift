import Diagnosis
import LogPatterns
import Reporters

/// What `logs` found: the parts of the report that a log can fill, and its findings.
struct LogReport: Encodable {
  private(set) var schemaVersion = 1
  private(set) var tool = Tool(name: Version.name, version: Version.number)
  private(set) var source: Source
  private(set) var verdict = Verdict.unknown
  private(set) var exitStatus = ExitStatus.undetermined
  private(set) var summary = Counts()
  private(set) var findings: [LogFinding] = []
  private(set) var proofs: [LogProof] = []

  struct Counts: Encodable {
    var files = 0
    var bytes = 0
    var lines = 0
    var findings = 0
    var proofs = 0
  }

  /// - Parameter names: the files, as they are shown.
  init(names: [String]) {
    source = Source(kind: "logs", name: names.joined(separator: ", "))
  }

  mutating func add(_ scanner: LogScanner, file: String?) {
    let results = scanner.results(file: file)
    findings += results.findings
    proofs += results.proofs
    summary.files += 1
    summary.bytes += scanner.size
    summary.lines += scanner.lineCount
    summary.findings = findings.count
    summary.proofs = proofs.count
    exitStatus =
      findings.isEmpty
      ? (summary.bytes > 0 ? ExitStatus.success : ExitStatus.undetermined) : ExitStatus.failed
    // A calm log proves no delivery: it is healthy only where something in it says so.
    verdict = findings.isEmpty ? (proofs.isEmpty ? .unknown : .healthy) : .failed
  }

  var json: String {
    get throws { try JSONText.pretty(self) + "\n" }
  }
}
