import Foundation
import LogPatterns
import Testing

/// The texts beside the tests, and ways to read a text as a log.
enum Fixtures {
  struct Row: CustomTestStringConvertible, Sendable {
    let id: String
    let line: String
    var testDescription: String { "\(id): \(line.prefix(60))" }
  }

  /// A line of each known failure: `id|line`.
  static let failures: [Row] = lines("failures.txt").map { line in
    let parts = line.split(separator: "|", maxSplits: 1)
    return Row(id: String(parts[0]), line: String(parts[1]))
  }

  static func lines(_ name: String) -> [String] {
    text(name).split(separator: "\n").map(String.init)
  }

  static func text(_ name: String) -> String {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/\(name)")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }
}

/// What the patterns find in a text that arrives in these pieces.
func scan(_ pieces: [[UInt8]], _ catalogue: Catalogue = .standard, chunk: Int = 1 << 16)
  -> LogScanner
{
  var scanner = LogScanner(catalogue, chunk: chunk)
  var left = pieces[...]
  var rest: ArraySlice<UInt8> = []
  var goesOn = true
  while goesOn {
    goesOn = scanner.read { bytes in
      while rest.isEmpty, let piece = left.popFirst() { rest = piece[...] }
      let count = min(rest.count, bytes.count)
      bytes.copyBytes(from: rest.prefix(count))
      rest = rest.dropFirst(count)
      return count
    }
  }
  return scanner
}

func scan(_ text: String) -> LogScanner { scan([Array(text.utf8)]) }

func ids(_ text: String) -> [String] { scan(text).results().findings.map(\.id) }

func proofs(_ text: String) -> [String] { scan(text).results().proofs.map(\.id) }
