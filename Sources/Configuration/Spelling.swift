/// The nearest of some names, by the edits that a slip of the hand makes.
package enum Spelling {
  package static func nearest(to word: String, among names: [String]) -> String? {
    let ranked = names.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(2, word.utf8.count / 3) else {
      return names.first { $0.hasPrefix(word) && word.count > 2 }
    }
    return best.0
  }

  /// `; did you mean NAME?`, or the names where they are few; to stand behind what is unknown.
  package static func advice(for word: String, among names: [String]) -> String {
    if let near = nearest(to: word, among: names) { return "; did you mean \(near)?" }
    return names.count <= 24 ? "; one of \(names.joined(separator: ", "))" : ""
  }

  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    guard a.count < 100, b.count < 100 else { return .max }
    var earlier: [Int] = []
    var previous = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var current = [i + 1]
      for (j, right) in b.enumerated() {
        var edits = min(
          previous[j] + (left == right ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
        // Two letters that changed places are one slip.
        if i > 0, j > 0, left == b[j - 1], right == a[i - 1] {
          edits = min(edits, earlier[j - 1] + 1)
        }
        current.append(edits)
      }
      earlier = previous
      previous = current
    }
    return previous[b.count]
  }
}
