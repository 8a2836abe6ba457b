import Diagnosis

/// Strangers' text in Markdown: whatever could mean something stands in a code span or a fence,
/// where GitHub makes no link, mention, HTML or emphasis of it.
enum MarkdownText {
  /// Prose of ours with words of strangers in it; runs of words that could mean something are code.
  static func prose(_ text: String) -> String {
    var parts: [String] = []
    var coded: [Substring] = []
    func close() {
      guard !coded.isEmpty else { return }
      parts.append(code(coded.joined(separator: " ")))
      coded = []
    }
    for word in visible(text).split(separator: " ", omittingEmptySubsequences: true) {
      if isPlain(word) {
        close()
        parts.append(String(word))
      } else {
        coded.append(word)
      }
    }
    close()
    return parts.joined(separator: " ")
  }

  /// A code span whose ticks are longer than any run of ticks within.
  static func code(_ text: String) -> String {
    let text = visible(text)
    guard !text.allSatisfy({ $0 == " " }) else { return "(empty)" }
    let ticks = String(repeating: "`", count: longestRun(of: "`", in: text) + 1)
    let edge = text.hasPrefix("`") || text.hasSuffix("`") || text.hasPrefix(" ") ? " " : ""
    return ticks + edge + text + edge + ticks
  }

  /// The same within a table, where a bar ends a cell even inside code.
  static func cell(_ markdown: String) -> String {
    var escaped = ""
    var last: Unicode.Scalar?
    for scalar in markdown.unicodeScalars {
      if scalar == "|" { escaped += last == "\\" ? " \\" : "\\" }
      escaped.unicodeScalars.append(scalar)
      last = scalar
    }
    return escaped
  }

  /// A fenced block; each element is one line.
  static func fence(_ lines: [String], _ language: String = "sh") -> [String] {
    let lines = lines.map(visible)
    let run = lines.map { longestRun(of: "`", in: $0) }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, run + 1))
    return [fence + language] + lines + [fence]
  }

  /// A link, where the page is one of those that we point to; else code.
  static func link(_ text: String, to url: String) -> String {
    trustedLink(url).map { "[\(text)](<\($0)>)" } ?? code(url)
  }

  private static func longestRun(of tick: Unicode.Scalar, in text: String) -> Int {
    var longest = 0
    var run = 0
    for scalar in text.unicodeScalars {
      run = scalar == tick ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// Letters and digits with the marks of a sentence around them: no URL, name or markup.
  private static func isPlain(_ word: Substring) -> Bool {
    let inner = word.drop { $0 == "(" }
    var bare = inner
    while let last = bare.unicodeScalars.last, ",.;:?!)%".unicodeScalars.contains(last) {
      bare.unicodeScalars.removeLast()
    }
    guard !bare.lowercased().hasPrefix("gh-"), !bare.lowercased().hasPrefix("www.") else {
      return false
    }
    return bare.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || "-'/".unicodeScalars.contains(scalar)
    } && !bare.hasPrefix("-")
  }
}
