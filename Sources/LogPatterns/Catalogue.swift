/// All patterns, made ready for one search.
package struct Catalogue: Sendable {
  /// What looks harmless comes first: it takes its line before a failure does.
  package let patterns: [Pattern]
  let search: AnchorSearch
  /// The patterns that a literal may belong to.
  private let owners: [[Int]]
  private let indices: [String: Int]
  let spanName = Template("\"name\"{q}:{q}openai.request\"")

  package static let standard = Catalogue(
    harmless + structure + python + pythonStartup + pythonLLMObs + node + nodeLoading + php
      + agent + lambda + openAI + openAIClient + application)

  package init(_ patterns: [Pattern]) {
    self.patterns = patterns
    let anchors = Self.anchors(of: patterns)
    var owners = [[Int]](repeating: [], count: anchors.count)
    for (index, pattern) in patterns.enumerated() {
      for shape in pattern.shapes {
        let number = anchors.firstIndex { shape.holds($0) } ?? 0
        if owners[number].last != index { owners[number].append(index) }
      }
    }
    search = AnchorSearch(anchors)
    self.owners = owners
    indices = Dictionary(
      patterns.enumerated().map { ($0.element.id, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  /// As few literals as find every shape: one that lies in another stands for it.
  private static func anchors(of patterns: [Pattern]) -> [[UInt8]] {
    var chosen: [[UInt8]] = []
    let shapes = patterns.flatMap(\.shapes)
    for shape in shapes.sorted(by: { ($0.anchor.count, $0.text) < ($1.anchor.count, $1.text) })
    where !chosen.contains(where: { shape.holds($0) }) {
      chosen.append(shape.anchor)
    }
    return chosen
  }

  /// The literals that a line is searched for.
  package var anchors: [[UInt8]] { search.anchors }

  func candidates(_ anchors: Set<Int>) -> [Int] {
    Set(anchors.flatMap { owners[$0] }).sorted()
  }

  func index(of id: String) -> Int? { indices[id] }
}
