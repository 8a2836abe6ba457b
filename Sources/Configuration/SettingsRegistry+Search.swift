extension SettingsRegistry {
  /// One pass over all names for the one that a typed name is a slip away from.
  struct Search {
    /// Whose names come first, as the codes of the first reader of a line.
    enum Rank: Int, Comparable {
      case tracers, clients, others, java

      static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
    }

    let data: SettingsText
    let typed: Typed
    let ignored: Int

    static func rank(of line: SettingsText.Line, in data: SettingsText) -> Rank {
      guard line.nameEnd + 1 < line.end else { return .others }
      switch data.bytes[line.nameEnd + 1] {
      case UInt8(ascii: "A")...UInt8(ascii: "C"): return .tracers
      case UInt8(ascii: "D")...UInt8(ascii: "P"): return .clients
      case javaCode: return .java
      default: return .others
      }
    }

    var best: SettingsText.Line? {
      typed.bytes.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.flatMap { best(for: $0, count: buffer.count) }
      }
    }

    private func best(for name: UnsafePointer<UInt8>, count: Int) -> SettingsText.Line? {
      var found: SettingsText.Line?
      var lowest = Int.max
      var offset = 0
      while let line = data.line(at: offset) {
        offset = line.end &+ 1
        guard line.start != ignored, let slip = slip(from: name, count, to: line) else { continue }
        let first = line.nameEnd + 1 < line.end ? data.bytes[line.nameEnd + 1] : UInt8.max
        let cost = slip.distance << 8 | Int(first)
        guard cost < lowest, isCredible(slip, name, line) else { continue }
        (found, lowest) = (line, cost)
      }
      return found
    }

    /// How a typed name differs from a known one.
    struct Slip {
      let distance: Int
      /// The part between underscores that differs: its place in the typed and in the known name.
      let typed: Range<Int>
      let known: Range<Int>
      let kind: Kind

      enum Kind { case underscore, inflection, swap, missing, doubled, added, replaced, several }
    }

    private func slip(
      from name: UnsafePointer<UInt8>, _ count: Int, to line: SettingsText.Line
    ) -> Slip? {
      let known = data.bytes + line.start
      let length = line.nameEnd &- line.start
      let surplus = count &- length
      guard surplus <= 3, surplus >= -3 else { return nil }
      var head = 0
      let shorter = count < length ? count : length
      while head < shorter, name[head] == known[head] { head &+= 1 }
      if let distance = underscores(name, count, known, length, from: head) {
        return Slip(distance: distance, typed: 0..<0, known: 0..<0, kind: .underscore)
      }
      guard surplus <= 2, surplus >= -2 else { return nil }
      var tail = 0
      while tail < shorter &- head, name[count &- 1 &- tail] == known[length &- 1 &- tail] {
        tail &+= 1
      }
      return segment(name, count, known, length, head: head, tail: tail)
    }

    /// The number of underscores that make the difference, nil if anything else does.
    private func underscores(
      _ name: UnsafePointer<UInt8>, _ count: Int, _ known: UnsafePointer<UInt8>, _ length: Int,
      from head: Int
    ) -> Int? {
      var (left, right, differences) = (head, head, 0)
      while left < count || right < length {
        if left < count, right < length, name[left] == known[right] {
          left &+= 1
          right &+= 1
        } else if left < count, name[left] == SettingsText.Byte.underscore {
          left &+= 1
          differences &+= 1
        } else if right < length, known[right] == SettingsText.Byte.underscore {
          right &+= 1
          differences &+= 1
        } else {
          return nil
        }
        if differences > 3 { return nil }
      }
      return differences
    }

    /// The slip inside one part between underscores, nil if it takes more than that.
    private func segment(
      _ name: UnsafePointer<UInt8>, _ count: Int, _ known: UnsafePointer<UInt8>, _ length: Int,
      head: Int, tail: Int
    ) -> Slip? {
      let middle = (typed: head..<(count &- tail), known: head..<(length &- tail))
      guard middle.typed.count <= 8, middle.known.count <= 8,
        !middle.typed.contains(where: { name[$0] == SettingsText.Byte.underscore }),
        !middle.known.contains(where: { known[$0] == SettingsText.Byte.underscore }),
        let distance = Self.distance(name, middle.typed, known, middle.known), distance > 0
      else { return nil }
      if middle.typed.allSatisfy({ SettingsText.Byte.isDigit(name[$0]) }),
        middle.known.allSatisfy({ SettingsText.Byte.isDigit(known[$0]) })
      {
        return nil
      }
      let typedPart = Self.part(name, count, around: middle.typed)
      let knownPart = Self.part(known, length, around: middle.known)
      return Slip(
        distance: distance, typed: typedPart, known: knownPart,
        kind: Self.kind(distance, name, typedPart, middle.typed, known, knownPart, middle.known))
    }

    private static func part(
      _ name: UnsafePointer<UInt8>, _ count: Int, around middle: Range<Int>
    ) -> Range<Int> {
      var (low, high) = (middle.lowerBound, middle.upperBound)
      while low > 0, name[low &- 1] != SettingsText.Byte.underscore { low &-= 1 }
      while high < count, name[high] != SettingsText.Byte.underscore { high &+= 1 }
      return low..<high
    }

    private static func kind(
      _ distance: Int, _ name: UnsafePointer<UInt8>, _ typedPart: Range<Int>, _ typed: Range<Int>,
      _ known: UnsafePointer<UInt8>, _ knownPart: Range<Int>, _ middle: Range<Int>
    ) -> Slip.Kind {
      if distance > 1 { return .several }
      let isLast =
        typed.upperBound == typedPart.upperBound && middle.upperBound == knownPart.upperBound
      switch (typed.count, middle.count) {
      case (0, _): return isLast && isEnding(known[middle.lowerBound]) ? .inflection : .missing
      case (_, 0):
        if isLast && isEnding(name[typed.lowerBound]) { return .inflection }
        let doubles =
          typed.lowerBound > 0 && name[typed.lowerBound - 1] == name[typed.lowerBound]
        return doubles ? .doubled : .added
      case (2, 2): return .swap
      default: return .replaced
      }
    }

    /// S of the plural and D of the participle: `TAG` and `TAGS`, `ENABLE` and `ENABLED`.
    private static func isEnding(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "S") || byte == UInt8(ascii: "D")
    }

    /// Whether a slip is likelier than a name that we do not know.
    ///
    /// A name that only the JVM tracer reads is never meant: it writes one word in several ways.
    private func isCredible(
      _ slip: Slip, _ name: UnsafePointer<UInt8>, _ line: SettingsText.Line
    ) -> Bool {
      let rank = Self.rank(of: line, in: data)
      guard rank < .java else { return false }
      let known = data.bytes + line.start
      guard slip.kind != .underscore else { return name[0] == known[0] }
      if slip.kind == .inflection { return isInflection(slip, line, rank) }
      guard isLongEnough(slip, rank), !isWord(slip.typed, of: name) else { return false }
      if slip.kind == .swap { return true }
      // Fingers slip inside a word: what starts differently, or is a prefix, is another word.
      guard slip.known.lowerBound > 0,
        name[slip.typed.lowerBound] == known[slip.known.lowerBound]
      else { return false }
      return !isIntegration(slip, line) || slip.kind == .missing && slip.known.count >= 8
    }

    private func isLongEnough(_ slip: Slip, _ rank: Rank) -> Bool {
      switch slip.kind {
      case .underscore, .inflection: true
      case .swap: slip.known.count >= (rank < .others ? 3 : 4)
      case .missing, .doubled: slip.known.count >= 4
      case .added, .replaced: slip.known.count >= 6
      case .several: slip.known.count >= 8 && slip.typed.count >= 7
      }
    }

    /// A plural more in `OPENAI_API_KEYS` may be a list of the user's; a plural less is a slip.
    private func isInflection(
      _ slip: Slip, _ line: SettingsText.Line, _ rank: Rank
    ) -> Bool {
      guard slip.known.count >= 4, !isIntegration(slip, line) else { return false }
      return slip.typed.count < slip.known.count ? rank < .others : rank == .tracers
    }

    /// Whether a slip lies where an integration's name stands, which may be a new one's.
    private func isIntegration(_ slip: Slip, _ line: SettingsText.Line) -> Bool {
      let known = data.name(of: line)
      guard let slot = integration(in: known) else { return false }
      return slot.lowerBound <= slip.known.lowerBound && slip.known.upperBound <= slot.upperBound
        && data.string(line.start + slip.known.lowerBound, line.start + slip.known.upperBound)
          != "OPENAI"
    }

    /// Whether a part stands in another known name, so that it is a word and not a slip.
    private func isWord(_ part: Range<Int>, of name: UnsafePointer<UInt8>) -> Bool {
      var offset = 0
      while let line = data.line(at: offset) {
        offset = line.end &+ 1
        if line.start != ignored, contains(line, name + part.lowerBound, part.count) { return true }
      }
      return false
    }

    private func contains(
      _ line: SettingsText.Line, _ word: UnsafePointer<UInt8>, _ count: Int
    ) -> Bool {
      var start = line.start
      while start &+ count <= line.nameEnd {
        var index = 0
        while index < count, data.bytes[start &+ index] == word[index] { index &+= 1 }
        let end = start &+ index
        if index == count, end == line.nameEnd || data.bytes[end] == SettingsText.Byte.underscore {
          return true
        }
        while start < line.nameEnd, data.bytes[start] != SettingsText.Byte.underscore {
          start &+= 1
        }
        start &+= 1
      }
      return false
    }

    /// Optimal string alignment of two short parts, nil above 2.
    private static func distance(
      _ left: UnsafePointer<UInt8>, _ one: Range<Int>, _ right: UnsafePointer<UInt8>,
      _ two: Range<Int>
    ) -> Int? {
      distance(
        left + one.lowerBound, one.count, right + two.lowerBound, two.count, budget: 2)
    }

    /// At most three ways at each place and two edits: the recursion ends after a handful of calls.
    private static func distance(
      _ left: UnsafePointer<UInt8>, _ one: Int, _ right: UnsafePointer<UInt8>, _ two: Int,
      budget: Int
    ) -> Int? {
      var same = 0
      while same < one, same < two, left[same] == right[same] { same &+= 1 }
      let (left, right, one, two) = (left + same, right + same, one &- same, two &- same)
      if one == 0 || two == 0 {
        let rest = one &+ two
        return rest <= budget ? rest : nil
      }
      guard budget > 0 else { return nil }
      var best: Int?
      func consider(_ skipLeft: Int, _ skipRight: Int) {
        guard
          let rest = distance(
            left + skipLeft, one &- skipLeft, right + skipRight, two &- skipRight,
            budget: budget &- 1)
        else { return }
        best = min(best ?? Int.max, rest &+ 1)
      }
      consider(1, 1)
      consider(1, 0)
      consider(0, 1)
      if one > 1, two > 1, left[0] == right[1], left[1] == right[0] { consider(2, 2) }
      return best
    }
  }
}
