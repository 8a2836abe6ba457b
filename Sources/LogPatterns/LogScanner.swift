/// Reads a log as a stream and keeps of each known failure the first line, the last and the count.
///
/// Bytes of any kind in lines of any length; memory is one buffer, whatever the size of the log.
package struct LogScanner {
  /// What is seen of a line in front of a literal and behind it, at most.
  private static let before = 4 << 10
  private static let behind = 64 << 10

  private let search: AnchorSearch
  private var judge: LineJudge
  private var buffer: [UInt8]
  private var filled = 0
  /// Up to here everything was searched.
  private var searched = 0
  /// Up to here line ends were counted.
  private var counted = 0
  private var lineEnds = 0
  private var startsInsideLine = false
  private var skipsRestOfLine = false
  /// Bytes that were read.
  package private(set) var size = 0
  /// Lines, the last one whether or not it has an end; known when all was read.
  package private(set) var lineCount = 0

  /// Reads about so many bytes at once.
  package init(_ catalogue: Catalogue = .standard, chunk: Int = 256 << 10) {
    search = catalogue.search
    judge = LineJudge(catalogue)
    buffer = [UInt8](repeating: 0, count: max(1, chunk) + Self.before + Self.behind)
  }

  /// Reads once more, and says whether there may be more.
  ///
  /// What fills the bytes says how many it wrote; 0 is the end.
  package mutating func read(
    _ fill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows -> Bool {
    let start = filled
    let count = try buffer.withUnsafeMutableBytes { raw in
      try fill(UnsafeMutableRawBufferPointer(rebasing: raw[start...]))
    }
    let got = min(max(0, count), buffer.count - filled)
    size += got
    filled += got
    process(isEnd: got == 0)
    return got > 0
  }

  /// What the log held, in the order of the first lines; its name stands there among several.
  package func results(file: String? = nil) -> (findings: [LogFinding], proofs: [LogProof]) {
    judge.results(file: file)
  }

  private mutating func process(isEnd: Bool) {
    // Taken out for a while: what reads the bytes changes the rest of the scanner.
    var taken: [UInt8] = []
    swap(&taken, &buffer)
    taken.withUnsafeBufferPointer { bytes in
      let bytes = UnsafeBufferPointer(rebasing: bytes[..<filled])
      let limit = limit(bytes, isEnd: isEnd)
      searchLines(bytes, upTo: limit)
      count(bytes, upTo: isEnd ? filled : searched)
      guard isEnd else { return }
      let endsOpen = bytes.last.map { $0 != Byte.newline } ?? startsInsideLine
      lineCount = lineEnds + (endsOpen ? 1 : 0)
    }
    swap(&taken, &buffer)
    if !isEnd { shift() }
  }

  /// Up to where lines are complete, or enough of a long one is there.
  private func limit(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> Int {
    guard !isEnd else { return bytes.count }
    let lineEnd = bytes[searched...].lastIndex(of: Byte.newline).map { $0 + 1 } ?? 0
    return max(searched, lineEnd, bytes.count - Self.behind)
  }

  private mutating func searchLines(_ bytes: UnsafeBufferPointer<UInt8>, upTo limit: Int) {
    var cursor = search.cursor(at: searched)
    while searched < limit {
      if judge.isInBlock {
        searched = readBlockLine(bytes, upTo: limit)
        cursor = search.cursor(at: searched)
        continue
      }
      let hits = search.next(in: bytes, 0..<bytes.count, &cursor)
      guard let first = hits.map(\.start).min(), first < limit else { break }
      searched = readLine(bytes, hits, from: first, &cursor)
    }
    searched = max(searched, limit)
  }

  /// Judges the line round a hit, with all other hits in it; returns where to go on.
  private mutating func readLine(
    _ bytes: UnsafeBufferPointer<UInt8>, _ hits: [AnchorSearch.Hit], from first: Int,
    _ cursor: inout Int
  ) -> Int {
    let start = lineStart(bytes, first)
    let farthest = min(bytes.count, first + Self.behind)
    let lineEnd = bytes[first..<farthest].firstIndex(of: Byte.newline)
    let isWhole = lineEnd != nil || farthest == bytes.count
    let end = lineEnd ?? farthest
    var anchors = Set(hits.map(\.anchor))
    while cursor < end {
      anchors.formUnion(search.next(in: bytes, 0..<end, &cursor).map(\.anchor))
    }
    count(bytes, upTo: start)
    judge.read(bytes[start..<end], number: lineEnds + 1, anchors)
    guard isWhole else {
      let next = end - Self.before
      cursor = search.cursor(at: next - search.longest)
      return next
    }
    cursor = search.cursor(at: end + 1)
    return min(end + 1, bytes.count)
  }

  private mutating func readBlockLine(
    _ bytes: UnsafeBufferPointer<UInt8>, upTo limit: Int
  ) -> Int {
    let end = bytes[searched..<limit].firstIndex(of: Byte.newline)
    let line = bytes[searched..<(end ?? limit)]
    count(bytes, upTo: searched)
    if !skipsRestOfLine {
      judge.readBlockLine(line.prefix(Self.behind), number: lineEnds + 1)
      // What ended the block may begin something else.
      guard judge.isInBlock || judge.endedBlock else { return searched }
    }
    skipsRestOfLine = end == nil
    return end.map { $0 + 1 } ?? limit
  }

  private func lineStart(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
    let from = max(0, index - Self.before)
    return bytes[from..<index].lastIndex(of: Byte.newline).map { $0 + 1 } ?? from
  }

  /// Moves what may belong to a line that goes on to the front.
  private mutating func shift() {
    let keep = buffer.withUnsafeBufferPointer { lineStart($0, searched) }
    guard keep > 0 else { return }
    startsInsideLine = buffer[keep - 1] != Byte.newline
    let rest = filled - keep
    buffer.withUnsafeMutableBytes { raw in
      raw.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[keep..<filled]))
    }
    filled = rest
    searched -= keep
    counted -= keep
  }

  /// Counts line ends, which only the number of a later line asks for.
  private mutating func count(_ bytes: UnsafeBufferPointer<UInt8>, upTo end: Int) {
    var index = counted
    guard index < end else { return }
    var total = 0
    let raw = UnsafeRawBufferPointer(bytes)
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let sought: UInt64 = 0x0A0A_0A0A_0A0A_0A0A
    while index + 8 <= end {
      var block: UInt64 = 0
      // Eight bytes at once, each of which counts to 255 at most.
      let stop = min(end - 7, index + 8 * 255)
      while index < stop {
        let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ sought
        block &+= ~(((word & low) &+ low) | word | low) >> 7
        index += 8
      }
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        total += Int((block >> shift) & 0xFF)
      }
    }
    while index < end {
      total += bytes[index] == Byte.newline ? 1 : 0
      index += 1
    }
    lineEnds += total
    counted = end
  }
}
