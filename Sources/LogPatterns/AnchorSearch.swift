/// Looks for many literals at once in raw bytes: Wu and Manber's search on byte pairs.
///
/// A table tells for the last two bytes of a window how far no literal can end: most bytes of a
/// log are never looked at.
struct AnchorSearch: Sendable {
  /// A literal that was found.
  struct Hit: Equatable {
    let anchor: Int
    let start: Int
  }

  let anchors: [[UInt8]]
  private let window: Int
  /// For each pair of bytes, how far the window may move; 0 where a literal may end.
  private let shifts: [UInt8]
  /// For a pair with shift 0, the number of its bucket.
  private let buckets: [UInt16]
  private let members: [[Member]]

  private struct Member {
    let anchor: Int
    /// Where the window lies in the literal.
    let offset: Int
  }

  /// - Parameter anchors: the literals, none of them shorter than four bytes.
  init(_ anchors: [[UInt8]]) {
    self.anchors = anchors
    window = min(anchors.map(\.count).min() ?? 4, 64)
    var shifts = [UInt8](repeating: UInt8(window - 1), count: 65536)
    var buckets = [UInt16](repeating: 0, count: 65536)
    var members: [[Member]] = [[]]
    for (index, anchor) in anchors.enumerated() {
      let offset = Self.offset(of: window, in: anchor, shifts)
      let slice = Array(anchor[offset..<(offset + window)])
      for place in 1..<window {
        let pair = Self.pair(slice[place - 1], slice[place])
        shifts[pair] = min(shifts[pair], UInt8(window - 1 - place))
      }
      let last = Self.pair(slice[window - 2], slice[window - 1])
      if buckets[last] == 0 {
        buckets[last] = UInt16(truncatingIfNeeded: members.count)
        members.append([])
      }
      members[Int(buckets[last])].append(Member(anchor: index, offset: offset))
    }
    self.shifts = shifts
    self.buckets = buckets
    self.members = members
  }

  /// The window of a literal that shortens the jumps least.
  private static func offset(of window: Int, in anchor: [UInt8], _ shifts: [UInt8]) -> Int {
    var best = (offset: 0, loss: Double.infinity)
    for offset in 0...(anchor.count - window) {
      var loss = 0.0
      for place in 1..<window {
        let left = anchor[offset + place - 1]
        let right = anchor[offset + place]
        let saved = Int(shifts[pair(left, right)]) - (window - 1 - place)
        loss += Double(max(0, saved)) * frequency(left) * frequency(right)
      }
      let ending = anchor[offset + window - 2]
      loss += 40 * frequency(ending) * frequency(anchor[offset + window - 1])
      if loss < best.loss { best = (offset, loss) }
    }
    return best.offset
  }

  /// How common a byte is in logs, roughly.
  private static func frequency(_ byte: UInt8) -> Double {
    if Byte.isLower(byte) { return "etaoinsrdlc".utf8.contains(byte) ? 6 : 2 }
    if byte == Byte.blank { return 6 }
    if Byte.isDigit(byte) { return 4 }
    return Byte.isUpper(byte) ? 1.5 : 1
  }

  private static func pair(_ left: UInt8, _ right: UInt8) -> Int {
    Int(left) | Int(right) << 8
  }

  /// Bytes of the longest literal.
  var longest: Int { anchors.map(\.count).max() ?? 0 }

  /// Where a search of these bytes begins: at the end of the first window.
  func cursor(at start: Int) -> Int { start + window - 1 }

  /// The next literals, all those whose windows end at one place; none where there is nothing more.
  ///
  /// A literal lies in the range from its first byte to its last; the cursor ends behind the
  /// window of what was found.
  func next(
    in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ cursor: inout Int
  ) -> [Hit] {
    shifts.withUnsafeBufferPointer { shifts in
      var end = cursor
      while end < range.upperBound {
        let pair = Int(bytes[end - 1]) | Int(bytes[end]) << 8
        let shift = Int(shifts[pair])
        guard shift == 0 else {
          end += shift
          continue
        }
        let hits = verified(bytes, range, end, pair)
        end += 1
        if !hits.isEmpty {
          cursor = end
          return hits
        }
      }
      cursor = max(cursor, end)
      return []
    }
  }

  private func verified(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ end: Int, _ pair: Int
  ) -> [Hit] {
    var hits: [Hit] = []
    for member in members[Int(buckets[pair])] {
      let start = end - (window - 1) - member.offset
      let anchor = anchors[member.anchor]
      guard start >= range.lowerBound, start + anchor.count <= range.upperBound else { continue }
      if anchor.indices.allSatisfy({ bytes[start + $0] == anchor[$0] }) {
        hits.append(Hit(anchor: member.anchor, start: start))
      }
    }
    return hits
  }
}
