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
    var anchors: [[UInt8]] = []
    var numbers: [[UInt8]: Int] = [:]
    var owners: [[Int]] = []
    for (index, pattern) in patterns.enumerated() {
      for shape in pattern.shapes {
        let number = numbers[shape.anchor] ?? anchors.count
        if number == anchors.count {
          numbers[shape.anchor] = number
          anchors.append(shape.anchor)
          owners.append([])
        }
        if owners[number].last != index { owners[number].append(index) }
      }
    }
    search = AnchorSearch(anchors)
    self.owners = owners
    indices = Dictionary(
      patterns.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The literals that a line is searched for.
  package var anchors: [[UInt8]] { search.anchors }

  func candidates(_ anchors: Set<Int>) -> [Int] {
    Set(anchors.flatMap { owners[$0] }).sorted()
  }

  func index(of id: String) -> Int? { indices[id] }
}
