/// One trouble that many reports, workloads or Agents share.
package struct Cause: Encodable, Equatable, Sendable {
  /// What has the trouble; also the key of their names in JSON.
  package enum Kind: String, Sendable {
    case workloads, agents, reports
  }

  package var kind: Kind
  package var checkID: CheckID
  package var failureClass: FailureClass?
  /// The worst of them.
  package var status: Status
  package var count: Int
  /// The first 20, in their order.
  package var names: [String]
  /// What mends the first of them, as a person would type or do it.
  package var fix: String?

  /// What stands in the findings of many, the most frequent first; echoes stand behind their cause.
  package static func all(_ kind: Kind, _ findings: [(name: String, checks: [Finding])]) -> [Cause]
  {
    var tally = CauseTally(kind)
    for (name, checks) in findings { tally.add(name, checks) }
    return tally.causes
  }

  fileprivate init(_ kind: Kind, _ finding: Finding) {
    self.kind = kind
    checkID = finding.id
    failureClass = finding.failureClass
    status = finding.status
    count = 0
    names = []
    fix = finding.remedies.first.map { $0.command ?? $0.text }
  }

  fileprivate mutating func add(_ name: String, _ status: Status) {
    count += 1
    if names.count < 20 { names.append(name) }
    if ReportDiff.rank(status) > ReportDiff.rank(self.status) { self.status = status }
  }

  private enum CodingKeys: String, CodingKey {
    case checkID, failureClass, count, workloads, agents, reports
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(checkID, forKey: .checkID)
    try container.encodeIfPresent(failureClass, forKey: .failureClass)
    try container.encode(count, forKey: .count)
    let key: CodingKeys =
      switch kind {
      case .workloads: .workloads
      case .agents: .agents
      case .reports: .reports
      }
    try container.encode(names, forKey: key)
  }
}

/// Collects causes as findings come, in memory that knows no number of them.
package struct CauseTally: Sendable {
  private let kind: Cause.Kind
  private var found: [Cause] = []
  private var places: [String: Int] = [:]

  package init(_ kind: Cause.Kind) {
    self.kind = kind
  }

  /// The most frequent first.
  package var causes: [Cause] {
    found.enumerated().sorted {
      ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
    }.map(\.element)
  }

  /// `renamed` makes of a cause's fix what it says of the first that has it.
  package mutating func add(
    _ name: String, _ checks: [Finding], renamed: (String) -> String = { $0 }
  ) {
    for check in checks where Self.isTrouble(check.status) {
      let key = "\(check.id.rawValue) \(check.failureClass?.rawValue ?? "")"
      let place = places[key] ?? found.count
      if place == found.count {
        places[key] = place
        found.append(Cause(kind, check))
        found[place].fix = found[place].fix.map(renamed)
      }
      found[place].add(name, check.status)
    }
  }

  private static func isTrouble(_ status: Status) -> Bool {
    switch status {
    case .failed, .warning, .unknown: true
    case .passed, .skipped, .blocked: false
    }
  }
}
