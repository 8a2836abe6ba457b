/// What changed from one report to a later one, worse first, echoes behind their causes.
package struct ReportDiff: Codable, Equatable, Sendable {
  package enum Direction: String, Codable, CaseIterable, Sendable {
    case worse, better
    /// Neither: another reason for the same trouble, or a check that is looked at no more.
    case changed
  }

  package struct Change: Codable, Equatable, Sendable {
    package var id: CheckID
    package var direction: Direction
    /// Nil where the earlier report lacks the check.
    package var before: Status?
    /// Nil where the later report lacks the check.
    package var after: Status?
    package var failureClass: FailureClass?
    package var message: String
    package var remedies: [Remedy]
  }

  /// A setting whose value changed; nil where it is not set.
  package struct Setting: Codable, Equatable, Sendable {
    package var name: String
    package var before: String?
    package var after: String?
  }

  package var checks: [Change]
  package var settings: [Setting]
  package var reachedBefore: Delivery.Rung?
  package var reachedAfter: Delivery.Rung?

  /// Whether a check got worse, or telemetry was proved less far.
  package var isWorse: Bool {
    checks.contains { $0.direction == .worse }
      || Self.height(reachedAfter) < Self.height(reachedBefore)
  }

  package init(from before: Report, to after: Report) {
    let all = before.checks.map(\.id) + after.checks.map(\.id)
    var seen: Set<CheckID> = []
    let changes = all.filter { seen.insert($0).inserted }.compactMap { id in
      Self.change(
        id, before.checks.first { $0.id == id }, after.checks.first { $0.id == id })
    }
    let worstFirst: [Status?] = [.failed, .unknown, .warning, .skipped, .passed, nil, .blocked]
    checks = Direction.allCases.flatMap { direction in
      worstFirst.flatMap { after in
        changes.filter { $0.direction == direction && $0.after == after }
      }
    }
    settings = Self.settings(before.configuration, after.configuration)
    reachedBefore = before.delivery.reached
    reachedAfter = after.delivery.reached
  }

  private static func change(_ id: CheckID, _ before: Finding?, _ after: Finding?) -> Change? {
    let old = before.map { rank($0.status) } ?? 0
    let new = after.map { rank($0.status) } ?? 0
    let isSame =
      before?.status == after?.status && before?.failureClass == after?.failureClass
      && before?.blockedBy == after?.blockedBy
    guard !isSame else { return nil }
    // A trouble that is looked at no more is not mended.
    let isGone = after == nil || after?.status == .skipped
    let direction: Direction =
      if new > old {
        .worse
      } else {
        new < old && !isGone ? .better : .changed
      }
    return Change(
      id: id, direction: direction, before: before?.status, after: after?.status,
      failureClass: after?.failureClass,
      message: after?.message ?? "not in the later report", remedies: after?.remedies ?? [])
  }

  static func rank(_ status: Status) -> Int {
    switch status {
    case .passed, .skipped: 0
    case .warning: 1
    case .unknown: 2
    case .failed, .blocked: 3
    }
  }

  private static func height(_ rung: Delivery.Rung?) -> Int {
    rung.flatMap { Delivery.Rung.allCases.firstIndex(of: $0) } ?? -1
  }

  private static func settings(_ before: [ConfiguredValue], _ after: [ConfiguredValue])
    -> [Setting]
  {
    Set((before + after).map(\.name)).sorted().compactMap { name in
      let old = before.first { $0.name == name }?.value
      let new = after.first { $0.name == name }?.value
      return old == new ? nil : Setting(name: name, before: old, after: new)
    }
  }
}
