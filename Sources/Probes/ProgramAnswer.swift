package import Diagnosis
import Wire

/// What a program said that was asked, bounded in time and size.
package struct ProgramAnswer: Codable, Equatable, Sendable {
  /// How it ended.
  package enum End: Codable, Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    /// It was still running when its time was over.
    case timedOut
    /// The run's deadline came first.
    case interrupted
    /// It said more than is read.
    case saidTooMuch
    /// It could not be started; the system's errno and words.
    case notStarted(Int32, String)
  }

  package var program: String
  package var end: End
  /// Standard output, repaired to UTF-8 and redacted.
  package var output: String
  /// Standard error, repaired to UTF-8 and redacted.
  package var errors: String

  package init(_ program: String, _ end: End, output: String = "", errors: String = "") {
    self.program = program
    self.end = end
    self.output = output
    self.errors = errors
  }

  /// Of each of its two streams, in bytes.
  package static let outputLimit = 256 * 1024

  package var isSuccess: Bool { end == .exited(0) }

  /// How it ended and what it said first, for evidence.
  package var summary: String {
    let said = printable(errors.isEmpty ? output : errors, limit: 160)
    return said.isEmpty ? ending : "\(ending): \(said)"
  }

  package var ending: String {
    switch end {
    case .exited(let status): "exit \(status)"
    case .signalled(let signal): "killed by signal \(signal)"
    case .timedOut: "no answer in time"
    case .interrupted: "the run's deadline passed"
    case .saidTooMuch: "more than \(Self.outputLimit / 1024) KiB of output"
    case .notStarted(_, let words): "it can't be started: \(words)"
    }
  }

  /// The class of an answer from which nothing can be told.
  package var failureClass: FailureClass {
    switch end {
    case .exited, .signalled: .protocol
    case .timedOut: .timeout
    case .interrupted: .interrupted
    case .saidTooMuch: .tooLarge
    case .notStarted(let code, _): SystemError(code).isPermission ? .permission : .incompatible
    }
  }
}
