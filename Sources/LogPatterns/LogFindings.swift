package import Diagnosis

/// A known failure that a log holds.
package struct LogFinding: Codable, Equatable, Sendable {
  package var id: String
  package var checkID: CheckID
  package var failureClass: FailureClass
  package var writer: Writer
  /// Lines that hold it.
  package var count: Int
  package var firstLine: Int
  package var lastLine: Int
  /// The first of those lines, redacted.
  package var excerpt: String
  package var cause: String
  package var remedies: [Remedy]
  package var docs: String
  /// The file; left out for a single one.
  package var file: String?
}

/// Something good that a log proves: stated calmly, no finding.
package struct LogProof: Codable, Equatable, Sendable {
  package var id: String
  package var statement: String
  package var count: Int
  package var firstLine: Int
  package var lastLine: Int
  package var file: String?
}

/// Where and how often something was seen.
struct Sighting {
  var count = 1
  let first: Int
  var last: Int
  let excerpt: String

  init(_ line: Int, _ excerpt: String = "") {
    first = line
    last = line
    self.excerpt = excerpt
  }

  /// Counts a line, once however often it holds the same.
  mutating func add(_ line: Int) {
    guard line != last else { return }
    count += 1
    last = line
  }
}
