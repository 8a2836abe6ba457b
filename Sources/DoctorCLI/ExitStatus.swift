package import Diagnosis

/// The exit statuses that users can rely on.
package enum ExitStatus {
  package static let success: Int32 = 0
  package static let failed: Int32 = 1
  package static let undetermined: Int32 = 3
  package static let usage: Int32 = 64
  package static let badInput: Int32 = 65
  package static let noInput: Int32 = 66
  package static let internalFault: Int32 = 70
  package static let noOutput: Int32 = 73
  package static let interrupted: Int32 = 130

  /// What each says, for the manual page.
  package static let meanings: [(status: Int32, text: String)] = [
    (success, "nothing failed"),
    (failed, "something failed (with --strict: or warned)"),
    (
      undetermined,
      "nothing failed, but something could not be determined, or no check ran"
    ),
    (usage, "usage: one line on standard error with the nearest valid name"),
    (badInput, "input that is not what it claims to be"),
    (noInput, "no such input"),
    (internalFault, "a fault of dd-doctor"),
    (noOutput, "an output can't be written"),
    (interrupted, "interrupted; the report so far is still written"),
  ]

  /// The status of a run, the same whatever the format.
  package static func of(_ findings: [Finding], strict: Bool, interrupted wasInterrupted: Bool)
    -> Int32
  {
    if wasInterrupted { return interrupted }
    let deciding = findings.filter { $0.known != true }
    // What is known decides nothing, and nothing else is wrong.
    if deciding.count < findings.count, deciding.allSatisfy({ $0.status == .skipped }) {
      return success
    }
    switch Verdict(deciding) {
    case .failed: return failed
    case .warning: return strict ? failed : success
    case .healthy: return success
    case .unknown:
      return strict && findings.contains { $0.status == .warning } ? failed : undetermined
    }
  }
}
