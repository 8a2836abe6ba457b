/// The shape of a message: literal text with gaps, matched by hand on one line.
///
/// `{n}` is a number above zero, `{w}` a word that is no placeholder of documentation, `{*}` any
/// text, `{q}` quotes and blanks or nothing, `{end}` the end of the message. A blank stands for any
/// run of blanks.
package struct Template: Equatable, Sendable {
  enum Piece: Equatable, Sendable {
    case literal([UInt8])
    case number, word, any, quotes, end
  }

  let text: String
  let pieces: [Piece]
  /// The literal that a search over raw bytes looks for; no encoder of a log rewrites it.
  package let anchor: [UInt8]
  /// All literals that no encoder rewrites.
  private let runs: [[UInt8]]

  package init(_ text: String) {
    self.text = text
    pieces = Self.parsed(Array(text.utf8))
    runs = Self.runs(of: pieces)
    anchor = runs.max { $0.count < $1.count } ?? []
  }

  private static func parsed(_ text: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var index = 0
    while index < text.count {
      guard let gap = gap(text[index...]) else {
        literal.append(text[index])
        index += 1
        continue
      }
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = []
      pieces.append(gap.piece)
      index += gap.length
    }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    return pieces
  }

  private static func gap(_ text: ArraySlice<UInt8>) -> (piece: Piece, length: Int)? {
    let gaps: [(String, Piece)] = [
      ("{n}", .number), ("{w}", .word), ("{*}", .any), ("{q}", .quotes), ("{end}", .end),
    ]
    return gaps.first { text.starts(with: $0.0.utf8) }.map { ($0.1, $0.0.utf8.count) }
  }

  /// What JSON, HTML and Go's and PHP's encoders leave as it is.
  private static func runs(of pieces: [Piece]) -> [[UInt8]] {
    var runs: [[UInt8]] = []
    for case .literal(let literal) in pieces {
      for run in literal.split(whereSeparator: { "\"\\<>&/'\u{60}".utf8.contains($0) }) {
        var run = run
        while run.first == Byte.blank { run = run.dropFirst() }
        // A table's `=>` is no text of its cells.
        while let last = run.last, last == Byte.blank || last == UInt8(ascii: "=") {
          run = run.dropLast()
        }
        runs.append(Array(run))
      }
    }
    return runs
  }

  /// Whether a literal would find this shape wherever it stands.
  func holds(_ anchor: [UInt8]) -> Bool {
    guard let head = anchor.first else { return false }
    return runs.contains { run in
      guard run.count >= anchor.count else { return false }
      for start in 0...(run.count - anchor.count) where run[start] == head {
        if run[start..<(start + anchor.count)].elementsEqual(anchor) { return true }
      }
      return false
    }
  }
}

extension Template {
  /// Where the message stands in a line, beginning at this position or behind it.
  func match(_ line: ArraySlice<UInt8>, from start: Int) -> Range<Int>? {
    guard case .literal(let literal)? = pieces.first else { return nil }
    var start = start
    var attempts = 0
    // A line that repeats the beginning without end is not worth more.
    while start < line.endIndex, attempts < 16 {
      guard let begin = candidate(line, from: start) else { return nil }
      if Self.reads(literal, line, begin) != nil {
        attempts += 1
        if let end = match(line, at: begin) { return begin..<end }
      }
      start = begin + 1
    }
    return nil
  }

  private func candidate(_ line: ArraySlice<UInt8>, from start: Int) -> Int? {
    guard case .literal(let literal)? = pieces.first, let head = literal.first else { return nil }
    return line[start...].firstIndex(of: head)
  }

  private func match(_ line: ArraySlice<UInt8>, at start: Int) -> Int? {
    var position = start
    for (index, piece) in pieces.enumerated() {
      guard let next = step(piece, before: index + 1, line, position) else { return nil }
      position = next
    }
    return position
  }

  private func step(
    _ piece: Piece, before next: Int, _ line: ArraySlice<UInt8>, _ position: Int
  ) -> Int? {
    switch piece {
    case .literal(let literal): Self.reads(literal, line, position)
    case .number: number(line, position)
    case .word: gap(line, position, before: next, isWord: true)
    case .any: gap(line, position, before: next, isWord: false)
    case .quotes: quotes(line, position, before: next)
    case .end: Self.isEnd(line, position) ? position : nil
    }
  }

  private func number(_ line: ArraySlice<UInt8>, _ position: Int) -> Int? {
    let end = line[position...].firstIndex { !Byte.isDigit($0) } ?? line.endIndex
    return line[position..<end].contains { $0 != UInt8(ascii: "0") } ? end : nil
  }

  /// Quotes and blanks, but for a blank with which the next literal begins.
  private func quotes(_ line: ArraySlice<UInt8>, _ position: Int, before next: Int) -> Int {
    var keepsBlank = false
    if next < pieces.count, case .literal(let literal) = pieces[next] {
      keepsBlank = literal.first == Byte.blank
    }
    return line[position...].firstIndex {
      !"\"'\\\u{60}".utf8.contains($0) && (keepsBlank || $0 != Byte.blank)
    } ?? line.endIndex
  }

  /// The shortest run behind which the next literal stands; the last gap takes its word or nothing.
  private func gap(
    _ line: ArraySlice<UInt8>, _ position: Int, before next: Int, isWord: Bool
  ) -> Int? {
    guard !isWord || Self.beginsWord(line, position) else { return nil }
    let farthest = min(line.endIndex, position + (isWord ? 400 : 16000))
    let reach =
      isWord
      ? line[position..<farthest].firstIndex { Byte.isBlank($0) } ?? farthest : farthest
    guard next < pieces.count else { return isWord ? reach : position }
    var cursor = position + (isWord ? 1 : 0)
    while cursor <= reach {
      if step(pieces[next], before: next + 1, line, cursor) != nil { return cursor }
      cursor += 1
    }
    return nil
  }

  /// A real word: not `<url>`, `%s`, `{}`, `${x}` or `…`, which only documentation and code hold.
  private static func beginsWord(_ line: ArraySlice<UInt8>, _ position: Int) -> Bool {
    guard position < line.endIndex else { return false }
    let byte = line[position]
    return !Byte.isBlank(byte) && !"<%{$\"'".utf8.contains(byte) && byte != 0xE2
      && !line[position...].starts(with: "...".utf8)
  }

  private static func isEnd(_ line: ArraySlice<UInt8>, _ position: Int) -> Bool {
    if position > line.startIndex, line[position - 1] == UInt8(ascii: "\"") { return true }
    guard let byte = line[position...].first(where: { !Byte.isBlank($0) }) else { return true }
    return "\"'\\".utf8.contains(byte)
  }

  /// Reads a literal; a blank in it takes every blank that stands there.
  private static func reads(
    _ literal: [UInt8], _ line: ArraySlice<UInt8>, _ position: Int
  ) -> Int? {
    var position = position
    for byte in literal {
      guard position < line.endIndex else { return nil }
      guard byte == Byte.blank else {
        guard line[position] == byte else { return nil }
        position += 1
        continue
      }
      guard Byte.isBlank(line[position]) else { return nil }
      repeat { position += 1 } while position < line.endIndex && Byte.isBlank(line[position])
    }
    return position
  }
}

/// What bytes are, in text whose encoding nobody vouches for.
enum Byte {
  static let blank = UInt8(ascii: " ")
  static let newline = UInt8(ascii: "\n")
  static let escape: UInt8 = 0x1B

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == blank || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
  static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
  static func isLetter(_ byte: UInt8) -> Bool { isLower(byte | 0x20) }
}

extension ArraySlice<UInt8> {
  /// Where a text stands in these bytes.
  func position(of sought: String, from start: Int? = nil) -> Int? {
    let sought = Array(sought.utf8)
    guard let head = sought.first else { return start ?? startIndex }
    var cursor = Swift.max(start ?? startIndex, startIndex)
    while cursor + sought.count <= endIndex {
      guard let found = self[cursor...].firstIndex(of: head), found + sought.count <= endIndex
      else { return nil }
      if self[found..<(found + sought.count)].elementsEqual(sought) { return found }
      cursor = found + 1
    }
    return nil
  }

  func holds(_ sought: String) -> Bool { position(of: sought) != nil }
}
