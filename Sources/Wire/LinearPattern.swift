/// A stranger's pattern in a small subset of Go's RE2, searched in time linear in the text.
///
/// What it knows: literals, escaped punctuation, `.`, `\d \D \w \W \s \S`, classes of ASCII members,
/// groups `(…)` and `(?:…)`, `|`, `^`, `$`, and `* + ?` with their lazy forms.
package struct LinearPattern: Sendable {
  private var steps: [Step] = []

  /// The longest pattern that is read, in bytes.
  package static let longestPattern = 512

  /// How many groups may stand in one another.
  package static let deepestGroup = 32

  /// Nil where the pattern is none, or more than this subset knows.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.longestPattern else { return nil }
    var reader = PatternReader(text)
    guard let node = reader.pattern() else { return nil }
    append(node)
    steps.append(.accept)
  }

  /// Whether the pattern is met anywhere in the text, as Go's `regexp.MatchString` searches.
  package func isMet(by text: String) -> Bool {
    var now = StepSet(steps.count)
    var next = StepSet(steps.count)
    var scalars = text.unicodeScalars.makeIterator()
    var scalar = scalars.next()
    var isStart = true
    while true {
      // A search that is not anchored starts anew at every place.
      if reach(0, &now, isStart: isStart, isEnd: scalar == nil) { return true }
      guard let current = scalar else { return false }
      scalar = scalars.next()
      for index in now.members {
        guard case .take(let members) = steps[index], members.holds(current) else { continue }
        if reach(index + 1, &next, isStart: false, isEnd: scalar == nil) { return true }
      }
      swap(&now, &next)
      next.removeAll()
      isStart = false
    }
  }

  /// Adds a step and all that it reaches without a character; true where the end is among them.
  private func reach(_ first: Int, _ set: inout StepSet, isStart: Bool, isEnd: Bool) -> Bool {
    var pending = [first]
    while let index = pending.popLast() {
      guard set.insert(index) else { continue }
      switch steps[index] {
      case .take: continue
      case .jump(let target): pending.append(target)
      case .split(let target): pending += [index + 1, target]
      case .start: if isStart { pending.append(index + 1) }
      case .end: if isEnd { pending.append(index + 1) }
      case .accept: return true
      }
    }
    return false
  }

  private mutating func append(_ node: PatternNode) {
    switch node {
    case .take(let members): steps.append(.take(members))
    case .start: steps.append(.start)
    case .end: steps.append(.end)
    case .sequence(let nodes): for node in nodes { append(node) }
    case .either(let nodes): append(either: nodes)
    case .repeated(let node, let count): append(node, count)
    }
  }

  private mutating func append(_ node: PatternNode, _ count: PatternNode.Count) {
    let first = steps.count
    if count != .oneOrMore { steps.append(.split(first)) }
    append(node)
    switch count {
    case .optional: steps[first] = .split(steps.count)
    case .oneOrMore: steps.append(.split(first))
    case .any:
      steps.append(.jump(first))
      steps[first] = .split(steps.count)
    }
  }

  private mutating func append(either nodes: [PatternNode]) {
    var jumps: [Int] = []
    for node in nodes.dropLast() {
      let split = steps.count
      steps.append(.split(split))
      append(node)
      jumps.append(steps.count)
      steps.append(.jump(steps.count))
      steps[split] = .split(steps.count)
    }
    if let last = nodes.last { append(last) }
    for jump in jumps { steps[jump] = .jump(steps.count) }
  }
}

extension LinearPattern {
  /// One step of the machine; all but `jump` and `accept` go on to the step behind them.
  private enum Step: Sendable {
    case take(PatternMembers)
    case split(Int)
    case jump(Int)
    case start, end, accept
  }

  /// The steps that the machine is in: each once, so a character costs no more than the pattern.
  private struct StepSet {
    private(set) var members: [Int] = []
    private var isIn: [Bool]

    init(_ count: Int) { isIn = Array(repeating: false, count: count) }

    /// False where it was there already.
    mutating func insert(_ index: Int) -> Bool {
      guard !isIn[index] else { return false }
      isIn[index] = true
      members.append(index)
      return true
    }

    mutating func removeAll() {
      for index in members { isIn[index] = false }
      members.removeAll(keepingCapacity: true)
    }
  }
}

/// The characters that one place of a pattern takes.
struct PatternMembers: Sendable {
  var ranges: [ClosedRange<UInt32>]
  var isNegated = false

  func holds(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) } != isNegated
  }

  /// Go's `.`: all but the end of a line.
  static let any = PatternMembers(ranges: [10...10], isNegated: true)

  static func one(_ scalar: Unicode.Scalar) -> PatternMembers {
    PatternMembers(ranges: [scalar.value...scalar.value])
  }

  /// `\d`, `\w`, `\s` and their opposites, of ASCII alone as Go has them.
  static func named(_ letter: Unicode.Scalar) -> PatternMembers? {
    switch letter {
    case "d", "D": PatternMembers(ranges: [48...57], isNegated: letter == "D")
    case "w", "W":
      PatternMembers(ranges: [48...57, 65...90, 95...95, 97...122], isNegated: letter == "W")
    case "s", "S": PatternMembers(ranges: [9...10, 12...13, 32...32], isNegated: letter == "S")
    default: nil
    }
  }
}

/// A pattern as it was read.
indirect enum PatternNode {
  enum Count { case optional, any, oneOrMore }

  case take(PatternMembers)
  case start, end
  case sequence([PatternNode])
  case either([PatternNode])
  case repeated(PatternNode, Count)
}

/// Reads a pattern; each method gives nil where the subset ends.
struct PatternReader {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var depth = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    index += 1
    return true
  }

  /// The whole text as one pattern.
  mutating func pattern() -> PatternNode? {
    guard let node = alternatives(), next == nil else { return nil }
    return node
  }

  private mutating func alternatives() -> PatternNode? {
    var nodes: [PatternNode] = []
    repeat {
      guard let node = sequence() else { return nil }
      nodes.append(node)
    } while takes("|")
    return .either(nodes)
  }

  private mutating func sequence() -> PatternNode? {
    var nodes: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      guard let atom = atom(), let node = counted(atom) else { return nil }
      nodes.append(node)
    }
    return .sequence(nodes)
  }

  /// The atom with the count behind it; Go refuses a second one, and so does this.
  private mutating func counted(_ atom: PatternNode) -> PatternNode? {
    let count: PatternNode.Count
    switch next {
    case "?": count = .optional
    case "*": count = .any
    case "+": count = .oneOrMore
    default: return atom
    }
    index += 1
    // Lazy or not makes no difference to whether there is a match.
    _ = takes("?")
    guard next != "*", next != "+", next != "?" else { return nil }
    return .repeated(atom, count)
  }

  private mutating func atom() -> PatternNode? {
    guard let scalar = next else { return nil }
    index += 1
    switch scalar {
    case ".": return .take(.any)
    case "^": return .start
    case "$": return .end
    case "(": return group()
    case "[": return members().map(PatternNode.take)
    case "\\": return escape().map(PatternNode.take)
    // A brace counts in Go only where it is well formed: left to Go.
    case "*", "+", "?", "{": return nil
    default: return .take(.one(scalar))
    }
  }

  private mutating func group() -> PatternNode? {
    if takes("?"), !takes(":") { return nil }
    depth += 1
    defer { depth -= 1 }
    guard depth <= LinearPattern.deepestGroup, let node = alternatives(), takes(")") else {
      return nil
    }
    return node
  }

  private mutating func escape() -> PatternMembers? {
    guard let scalar = next else { return nil }
    index += 1
    return PatternMembers.named(scalar) ?? Self.punctuation(scalar).map(PatternMembers.one)
  }

  private mutating func members() -> PatternMembers? {
    var members = PatternMembers(ranges: [])
    members.isNegated = takes("^")
    repeat {
      guard let ranges = member() else { return nil }
      members.ranges += ranges
    } while !takes("]")
    return members
  }

  /// One member of a class: a character, a range of two, or the likes of `\d`.
  private mutating func member() -> [ClosedRange<UInt32>]? {
    guard let scalar = next else { return nil }
    index += 1
    if scalar == "\\", let letter = next, let named = PatternMembers.named(letter) {
      index += 1
      return named.isNegated ? nil : named.ranges
    }
    guard let low = literal(scalar) else { return nil }
    guard takes("-") else { return [low.value...low.value] }
    // A dash at the end is itself; the caller reads the bracket behind it.
    if next == "]" { return [low.value...low.value, 45...45] }
    guard let top = next else { return nil }
    index += 1
    guard let high = literal(top), low.value <= high.value else { return nil }
    return [low.value...high.value]
  }

  /// A member of a class that stands for itself: a first `]` and `[:alpha:]` are left to Go.
  private mutating func literal(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar {
    case "[", "]": return nil
    case "\\":
      guard let escaped = next else { return nil }
      index += 1
      return Self.punctuation(escaped)
    default: return scalar
    }
  }

  /// What a backslash makes itself: ASCII punctuation, as Go has it.
  private static func punctuation(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 33...47, 58...64, 91...96, 123...126: scalar
    default: nil
    }
  }
}
