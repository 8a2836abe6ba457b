/// Whether a message stands where a program logs one, or somebody quotes it.
///
/// Documentation, source code, a search for the message and a chat about it hold the same words;
/// what precedes them tells.
struct Placement {
  private let line: ArraySlice<UInt8>
  private let range: Range<Int>

  /// Takes a line without what wraps it, and where the message stands in it.
  init(_ line: ArraySlice<UInt8>, _ range: Range<Int>) {
    self.line = line
    // A name of which the shape holds the end alone: `openai.AuthenticationError`.
    let start = line[..<range.lowerBound].lastIndex {
      !Byte.isLetter($0) && !Byte.isDigit($0) && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "_")
    }
    self.range = (start.map { $0 + 1 } ?? line.startIndex)..<range.upperBound
  }

  private var prefix: ArraySlice<UInt8> {
    let prefix = line[(value?.start ?? line.startIndex)..<range.lowerBound]
    let end = prefix.lastIndex { !Byte.isBlank($0) }.map { $0 + 1 } ?? prefix.startIndex
    return prefix[..<end]
  }

  /// Whether the logged message begins with it.
  var beginsMessage: Bool {
    let prefix = prefix
    guard !isQuestion else { return false }
    guard !isComment, !isQuotedCode else { return false }
    guard let last = prefix.last else { return true }
    if isQuote(last) { return isValue }
    return endsAsPrefix(prefix) && !isProse(limit: 3)
  }

  /// Whether it is said in earnest: an answer's body may hold it, a comment or an advice not.
  var isPlausible: Bool {
    guard !isQuestion, !isComment, !isQuotedCode, !isAdvice else { return false }
    let prefix = prefix
    guard let last = prefix.last, isQuote(last), prefix.endIndex == range.lowerBound else {
      return true
    }
    return isKey || isValue
  }

  /// Whether the line says this and no more.
  var isAlone: Bool {
    let isBehindEmpty = line[range.upperBound...].allSatisfy {
      Byte.isBlank($0) || "\"'.}".utf8.contains($0)
    }
    return isBehindEmpty && prefix.isEmpty
  }

  private func isQuote(_ byte: UInt8) -> Bool { "\"'\u{60}".utf8.contains(byte) }

  /// Nobody logs a question.
  private var isQuestion: Bool {
    line.last { !Byte.isBlank($0) && !isQuote($0) } == UInt8(ascii: "?")
  }

  private var isComment: Bool {
    let text = line.drop(while: Byte.isBlank)
    return ["//", "# ", "/*", "<!--", "-- ", ";;", "| "].contains { text.starts(with: $0.utf8) }
  }

  /// Inside a Markdown span, a string of a program's source, or a format that was never filled.
  private var isQuotedCode: Bool {
    if let value { return Self.speech.contains(value.key) || isTemplate }
    let ticks = line[..<range.lowerBound].count { $0 == UInt8(ascii: "\u{60}") }
    return ticks % 2 == 1 || isStringLiteral || isArgument || isTemplate
      || isSpeech
  }

  /// Inside a quotation of prose: `logs "…"`, `see "…"`.
  private var isSpeech: Bool {
    let before = line[..<range.lowerBound]
    let quotes = before.count { $0 == UInt8(ascii: "\"") }
    guard quotes % 2 == 1, let open = before.lastIndex(of: UInt8(ascii: "\"")) else {
      return false
    }
    let word = before[..<open].split(whereSeparator: Byte.isBlank).last ?? []
    let speakers: Set<String> = [
      "logs", "log", "logged", "see", "say", "says", "said", "pattern", "search", "like", "for",
      "named", "called", "the", "a", "as", "to",
    ]
    return speakers.contains(String(decoding: word, as: UTF8.self).lowercased())
  }

  /// Inside the string of a call that would log or raise it.
  private var isArgument: Bool {
    let before = line[..<range.lowerBound]
    return before.indices.contains { open in
      guard before[open] == UInt8(ascii: "(") else { return false }
      let text = before[(open + 1)...].drop { Byte.isLetter($0) }
      guard let quote = text.first, isQuote(quote), !text.dropFirst().contains(quote) else {
        return false
      }
      let caller = before[..<open]
      let name = String(decoding: caller.suffix(while: Byte.isLetter), as: UTF8.self)
      let isRaised = ["raise ", "throw ", "new "].contains { caller.holds($0) }
      return isRaised || Self.calls.contains(name.lowercased())
    }
  }

  private static let calls: Set<String> = [
    "warning", "warn", "error", "info", "debug", "exception", "critical", "fatal", "print",
    "printf", "println", "errorf", "warnf", "log", "write", "fail", "format", "append", "puts",
  ]

  /// The line is a string and no more, as in a list of a program's source.
  private var isStringLiteral: Bool {
    let text = line.drop { Byte.isBlank($0) || "[(f".utf8.contains($0) }
    guard let quote = text.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
      let end = text.dropFirst().firstIndex(of: quote)
    else { return false }
    guard range.lowerBound <= end else { return false }
    let rest = text[(end + 1)...]
    let isMember = rest.first { !Byte.isBlank($0) } == UInt8(ascii: ":")
    let isCSV = rest.starts(with: ",\"".utf8)
    return !isMember && !isCSV
  }

  /// `%s`, `{url}` or `${url}` where the program would have put a value.
  private var isTemplate: Bool {
    let near = line[max(line.startIndex, range.lowerBound - 80)..<range.upperBound]
    for index in near.indices.dropLast() {
      let next = near[index + 1]
      if near[index] == UInt8(ascii: "%"), "sdrvi".utf8.contains(next) {
        let after = index + 2 < line.endIndex ? line[index + 2] : Byte.blank
        if !Byte.isLetter(after), !Byte.isDigit(after) { return true }
      }
      guard near[index] == UInt8(ascii: "{"), Byte.isLetter(next) || next == UInt8(ascii: "}")
      else { continue }
      let name = line[(index + 1)...].prefix {
        Byte.isLetter($0) || Byte.isDigit($0) || "._()!".utf8.contains($0)
      }
      if name.endIndex < line.endIndex, line[name.endIndex] == UInt8(ascii: "}") { return true }
    }
    return false
  }

  // MARK: Quotes

  /// The keys of what people and models say, and of what documents hold.
  private static let speech: Set<String> = [
    "content", "prompt", "input", "output", "question", "answer", "description", "summary", "doc",
    "docs", "help", "query", "completion", "instructions", "example", "examples", "comment",
    "title", "arguments",
  ]

  /// Where the value of JSON begins that the message stands in, with its key.
  private var value: (key: String, start: Int)? {
    let before = line[..<range.lowerBound]
    guard let open = before.lastIndex(of: UInt8(ascii: "\"")) else { return nil }
    var head = before[..<open]
    while let last = head.last, Byte.isBlank(last) { head = head.dropLast() }
    guard head.last == UInt8(ascii: ":") else { return nil }
    head = head.dropLast()
    guard head.last == UInt8(ascii: "\"") else { return nil }
    let key = head.dropLast().split(omittingEmptySubsequences: false, whereSeparator: isQuote).last
    return (String(decoding: key ?? [], as: UTF8.self), open + 1)
  }

  /// What was found is a member of an object, `'code': 'invalid_api_key'`.
  private var isKey: Bool {
    let name = line[range].drop { Byte.isLetter($0) || $0 == UInt8(ascii: "_") }
    guard let quote = name.first, isQuote(quote) else { return false }
    guard name.dropFirst().first(where: { !Byte.isBlank($0) }) == UInt8(ascii: ":") else {
      return false
    }
    return prefix.dropLast().last { !Byte.isBlank($0) }.map { "{,".utf8.contains($0) } ?? true
  }

  /// A quoted message is a value of JSON, of a dict's repr, or of `level=error msg="…"`.
  private var isValue: Bool {
    guard prefix.last != UInt8(ascii: "\u{60}") else { return false }
    var before = prefix.dropLast()
    // A body in Python's repr: b'…'.
    if before.last == UInt8(ascii: "b"), isBoundary(before.dropLast().last) {
      before = before.dropLast()
      return before.last { !Byte.isBlank($0) }.map { ":=-".utf8.contains($0) } ?? false
    }
    var isElement = false
    while let last = before.last, Byte.isBlank(last) || last == UInt8(ascii: "[") {
      isElement = isElement || last == UInt8(ascii: "[")
      before = before.dropLast()
    }
    if before.last == UInt8(ascii: "=") { return isLogfmt }
    guard before.last == UInt8(ascii: ":") else { return false }
    before = before.dropLast()
    guard let last = before.last else { return false }
    guard isQuote(last) else { return !isElement && !isProse(limit: 4) }
    let key = before.dropLast().split(omittingEmptySubsequences: false) { isQuote($0) }.last ?? []
    return !Self.speech.contains(String(decoding: key, as: UTF8.self))
  }

  private func isBoundary(_ byte: UInt8?) -> Bool {
    byte.map { !Byte.isLetter($0) && !Byte.isDigit($0) } ?? true
  }

  /// `level=error msg="…"`, and no keyword argument of a call.
  private var isLogfmt: Bool {
    line.holds("level=") || line.holds("lvl=") || line.holds("ts=") || line.holds("time=")
  }

  // MARK: Words

  /// A prefix ends in punctuation, a level, a number or a name that no sentence holds.
  private func endsAsPrefix(_ prefix: ArraySlice<UInt8>) -> Bool {
    guard let last = prefix.last else { return true }
    if ":]|)>}-*=".utf8.contains(last) {
      return last != UInt8(ascii: "=") || prefix.endIndex == range.lowerBound
    }
    if last == UInt8(ascii: "(") { return false }
    if last == UInt8(ascii: ",") { return prefix.endIndex == range.lowerBound }
    let word = prefix.split(whereSeparator: Byte.isBlank).last ?? []
    if !word.allSatisfy(Byte.isLetter) { return true }
    let text = String(decoding: word, as: UTF8.self)
    return word.allSatisfy(Byte.isUpper) || Self.levels.contains(text.lowercased())
  }

  private static let levels: Set<String> = [
    "error", "err", "warn", "warning", "info", "debug", "trace", "fatal", "critical", "stderr",
    "stdout", "notice", "default",
  ]

  /// Words by which a sentence about a message begins.
  private static let cues: Set<String> = [
    "if", "when", "whenever", "see", "sees", "seeing", "says", "said", "grep", "egrep", "rg",
    "awk", "sed", "assert", "expect", "expects", "expected", "means", "such", "documentation",
    "docs", "changelog", "fixed", "fixes", "fix", "example", "should", "would", "might", "may",
    "like", "avoid", "prevents", "prevent", "looks", "handle", "handles", "handled", "raises",
    "raise", "ignore", "ignored", "ignoring", "retries", "todo", "simulate", "simulated",
    "mock", "mocked", "faq", "troubleshooting", "search", "searching", "called", "titled",
  ]

  /// Whether what precedes reads as a sentence: a word that begins one, or many plain words.
  private func isProse(limit: Int) -> Bool {
    let words = words(of: prefix)
    return words.contains { Self.cues.contains($0.lowercased()) }
      || words.count { $0.utf8.count > 1 && $0.utf8.allSatisfy(Byte.isLower) } > limit
  }

  /// Whether the line begins as advice does, or something right before the message speaks of it.
  private var isAdvice: Bool {
    let cues: Set<String> = [
      "if", "when", "whenever", "see", "sees", "says", "grep", "egrep", "rg", "assert", "expect",
      "means", "why", "example", "changelog", "fixed", "logged", "bug",
    ]
    return words(of: prefix.prefix(60)).contains { cues.contains($0.lowercased()) }
      || words(of: prefix.suffix(60)).contains { cues.contains($0.lowercased()) }
  }

  private func words(of text: ArraySlice<UInt8>) -> [String] {
    text.split { Byte.isBlank($0) || "\"'(),:;".utf8.contains($0) }
      .filter { $0.count < 20 && $0.allSatisfy(Byte.isLetter) }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  // MARK: Level

  /// Whether the line's own prefix says that nothing is wrong.
  var isInformation: Bool {
    let words = prefix.split { !Byte.isLetter($0) }
    let level = words.last { word in
      ["ERROR", "WARN", "WARNING", "FATAL", "CRITICAL", "DEBUG", "INFO", "NOTICE"].contains {
        word.elementsEqual($0.utf8)
      }
    }
    guard let level else { return false }
    return level.elementsEqual("INFO".utf8) || level.elementsEqual("NOTICE".utf8)
  }
}

extension ArraySlice<UInt8> {
  fileprivate func suffix(while holds: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    self[(lastIndex { !holds($0) }.map { $0 + 1 } ?? startIndex)...]
  }
}
