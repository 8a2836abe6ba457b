import Configuration
import Foundation
import Testing

@testable import Probes

/// A child's standard input, where the child reads it as it likes.
@Suite struct ChildFeedTests {
  /// More than a pipe holds.
  private static let text = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)

  @Test(
    arguments: [
      ("wc -c | tr -d ' '", "3000000\n"), ("exec <&-; echo closed", "closed\n"),
      ("head -c 5; echo", "xxxxx\n"), ("echo unread", "unread\n"),
      ("wc -c </dev/stdin | tr -d ' '", "3000000\n"),
    ])
  func `is given whole, in part or not at all`(script: String, expected: String) async {
    let environment = ChildEnvironment([Array("PATH=/usr/bin:/bin".utf8)], without: Credentials())
    let said = await onThread {
      ChildProcess.run(
        "/bin/sh", ["-c", script], environment, input: Self.text,
        until: Deadline(after: .seconds(120)))
    }
    #expect(said.end == .exited(0))
    #expect(String(decoding: said.output, as: UTF8.self) == expected)
  }

  @Test func `all bodies run, and each value is in its place`() {
    let values = sideBySide((0..<20).map { number in { @Sendable in number * number } })
    #expect(values == (0..<20).map { $0 * $0 })
    #expect(sideBySide([@Sendable () -> Int]()).isEmpty)
  }
}
