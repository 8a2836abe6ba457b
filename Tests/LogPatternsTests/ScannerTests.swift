import Testing

@testable import LogPatterns

@Suite struct ScannerTests {
  @Test func `every literal is found wherever a read ends in it`() {
    for anchor in Catalogue.standard.anchors {
      let catalogue = Self.catalogue(of: anchor)
      let line = Array("x ".utf8) + anchor + Array(" y\n".utf8)
      for split in 1..<line.count {
        let scanner = scan([Array(line[..<split]), Array(line[split...])], catalogue, chunk: 64)
        let found = scanner.results().proofs.map(\.firstLine)
        #expect(found == [1], "\(String(decoding: anchor, as: UTF8.self)) at \(split)")
      }
    }
  }

  @Test func `a literal is found once wherever the window over a long line ends in it`() {
    for anchor in Catalogue.standard.anchors.prefix(2) {
      let catalogue = Self.catalogue(of: anchor)
      for shift in 0...anchor.count {
        let filler = [UInt8](repeating: UInt8(ascii: "z"), count: (64 << 10) + shift)
        let line = filler + [Byte.blank] + anchor + [Byte.blank] + filler
        let scanner = scan([line + [Byte.newline] + anchor], catalogue, chunk: 1 << 16)
        #expect(scanner.results().proofs.map(\.count) == [2], "\(shift)")
        #expect(scanner.lineCount == 2)
      }
    }
  }

  private static func catalogue(of anchor: [UInt8]) -> Catalogue {
    let text = String(decoding: anchor, as: UTF8.self)
    return Catalogue([
      .proof("one", .python, [text], [.anywhere], says: "it stands there")
    ])
  }

  @Test func `reads of any size give the same`() {
    let rows = Fixtures.failures.map(\.line).joined(separator: "\n")
    let text = Array(rows.utf8)
    let whole = scan([text]).results().findings
    for size in [7, 100, 4096] {
      let pieces = stride(from: 0, to: text.count, by: size).map {
        Array(text[$0..<min($0 + size, text.count)])
      }
      #expect(scan(pieces, chunk: 1).results().findings == whole)
    }
  }

  @Test func `a line of ten megabytes is read, with a failure in its middle`() {
    let half = [UInt8](repeating: UInt8(ascii: "a"), count: 5 << 20)
    let middle = Array(" ERROR: Missing scopes: model.request ".utf8)
    let scanner = scan([half + middle + half])
    #expect(scanner.results().findings.map(\.id) == ["openai-missing-scope"])
    #expect(scanner.lineCount == 1)
    #expect(scanner.results().findings.allSatisfy { $0.excerpt.count < 400 })
  }

  @Test func `a line that repeats a message without end is read in time`() {
    let part = Array("failed to send, dropping 1 traces to intake at x ".utf8)
    let line = (0..<8_000).flatMap { _ in part }
    #expect(scan([line]).results().findings.map(\.id) == ["python-send-failed"])
  }

  @Test func `any bytes are survived`() {
    var state: UInt64 = 7
    var noise: [UInt8] = []
    for _ in 0..<200_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      noise.append(UInt8(truncatingIfNeeded: state >> 56))
    }
    #expect(scan([noise]).results().findings.isEmpty)
    for row in Fixtures.failures.prefix(40) {
      for odd: [UInt8] in [[0xFF, 0xFE], [0], [0x1B, 0x5B], [0xC3], [0x5C, 0x75, 0x30]] {
        let line = odd + Array(row.line.utf8) + odd + [10] + Array(row.line.utf8).dropLast(9) + odd
        _ = scan([line])
      }
    }
    #expect(scan([[0xFF, 0x0A] + Array("HTTP 401\n".utf8)]).results().findings.count == 1)
  }

  @Test func `line ends are counted as they are`() {
    for (text, count) in [
      ("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n\n", 2), ("a\r\nb\r\n", 2),
    ] {
      #expect(scan(text).lineCount == count, "\(text)")
    }
    let many = String(repeating: "x\n", count: 100_000)
    #expect(scan(many).lineCount == 100_000)
    #expect(scan(many + "HTTP 401").results().findings.map(\.firstLine) == [100_001])
  }
}
