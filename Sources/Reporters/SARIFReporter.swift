package import Diagnosis

/// SARIF 2.1.0, for code scanning: a rule a check, a result a cause.
///
/// What could not be told is `open`; passed, skipped and blocked checks are no results.
package struct SARIFReporter: Sendable {
  package init() {}

  package func render(_ report: Report) throws -> String {
    let reading = ReportReading(report)
    let driver = SARIF.Driver(
      name: "dd-doctor", version: visible(report.tool.version), rules: report.checks.map(rule))
    let notifications = reading.emptiness.map { [SARIF.Notification(level: "error", $0)] } ?? []
    let invocation = SARIF.Invocation(
      executionSuccessful: reading.emptiness == nil && report.exitStatus != 130,
      exitCode: report.exitStatus, startTimeUtc: time(report.startedAt),
      toolExecutionNotifications: notifications)
    let run = SARIF.Run(
      tool: SARIF.Tool(driver: driver), invocations: [invocation],
      results: reading.causes.map { result($0, reading) },
      properties: [
        "setup": visible(report.setup.name), "language": visible(report.setup.language ?? ""),
        "verdict": report.verdict.rawValue, "runID": visible(report.runID),
      ])
    return try JSONText.pretty(SARIF(runs: [run])) + "\n"
  }

  private func rule(_ finding: Finding) -> SARIF.Rule {
    SARIF.Rule(
      id: visible(finding.id.rawValue), shortDescription: SARIF.Message(plain(finding.title)),
      fullDescription: SARIF.Message(plain(finding.title)),
      help: SARIF.Message(plain("dd-doctor explain \(finding.id)")),
      helpUri: trustedLink(finding.docs))
  }

  private func result(_ finding: Finding, _ reading: ReportReading) -> SARIF.Result {
    let blocks = reading.echoes(of: finding).map(\.id.rawValue).joined(separator: " ")
    let lines =
      [finding.message] + finding.evidence.map(ReportReading.line)
      + finding.remedies.map { "fix: \($0.line)" } + (blocks.isEmpty ? [] : ["blocks: \(blocks)"])
    let (level, kind) =
      switch finding.status {
      case .failed: ("error", "fail")
      case .warning: (reading.warningsFail ? "error" : "warning", "fail")
      // Only a failure has a level: SARIF 2.1.0, 3.27.10.
      case .unknown: ("none", "open")
      case .passed, .skipped, .blocked: ("none", "notApplicable")
      }
    let key = "\(finding.id) \(finding.failureClass?.rawValue ?? "")"
    return SARIF.Result(
      ruleId: visible(finding.id.rawValue),
      ruleIndex: reading.report.checks.firstIndex { $0.id == finding.id } ?? -1,
      level: level, kind: kind,
      message: SARIF.Message(lines.map(plain).joined(separator: "\n")),
      locations: [
        SARIF.Location(
          physicalLocation: physical(finding, reading),
          logicalLocations: [
            SARIF.LogicalLocation(fullyQualifiedName: visible(finding.id.rawValue), kind: "member")
          ])
      ],
      partialFingerprints: [
        "primaryLocationLineHash": "\(hash(key)):1", "ddDoctorCause/v1": hash(key),
      ])
  }

  /// GitHub wants a file for each result: where the variables of a process are at fault, `.env`.
  private func physical(
    _ finding: Finding, _ reading: ReportReading
  ) -> SARIF.PhysicalLocation? {
    let place = reading.place(of: finding)
    if place == nil, reading.report.source.kind == Source.logs { return nil }
    return SARIF.PhysicalLocation(
      artifactLocation: SARIF.ArtifactLocation(uri: uri(place?.file ?? ".env")),
      region: SARIF.Region(startLine: place?.line ?? 1))
  }

  /// Brackets make links in SARIF's plain text.
  private func plain(_ text: String) -> String {
    escaping(text) { ["[", "]", "\\"].contains($0) ? "\\\($0)" : nil }
  }

  /// A path as a URI, relative unless it is absolute.
  private func uri(_ path: String) -> String {
    let unreserved = Set(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    let digits = Array("0123456789ABCDEF")
    let encoded = path.utf8.map { byte in
      unreserved.contains(byte)
        ? String(Character(Unicode.Scalar(byte)))
        : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }.joined()
    return encoded.hasPrefix("/") ? "file://\(encoded)" : encoded
  }

  /// FNV-1a, 64 bits: the same cause is the same alert in the next run.
  private func hash(_ text: String) -> String {
    let value = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func time(_ text: String) -> String? {
    let shape = String(text.map { $0.isASCII && $0.isNumber ? "0" : $0 })
    return ["0000-00-00T00:00:00Z", "0000-00-00T00:00:00.000Z"].contains(shape) ? text : nil
  }
}
