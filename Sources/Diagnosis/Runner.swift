/// Runs checks side by side, each after what it needs, and tells what happens as it happens.
package struct Runner<Subject: Sendable>: Sendable {
  private let checks: [any Check<Subject>]
  /// Checks that the user left out, with the reason to show.
  private let excluded: [CheckID: String]
  private let executor: (any TaskExecutor)?

  /// Without an executor its tasks run in the default pool.
  package init(
    _ checks: [any Check<Subject>], excluding excluded: [CheckID: String] = [:],
    executor: (any TaskExecutor)? = nil
  ) {
    self.checks = checks
    self.excluded = excluded
    self.executor = executor
  }

  /// All findings in the suite's order; what a stop cuts off is `unknown` `interrupted`.
  ///
  /// What an earlier run found is settled: it is not judged again.
  package func run(
    _ seen: Subject, after settled: [Finding] = [], events: EventStream = EventStream(),
    onEvent: (Event) -> Void = { _ in }
  ) async -> [Finding] {
    var judged = Dictionary(settled.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    start(seen, judged, events)
    var stopped: StopReason?
    var asking: [(question: String, since: ContinuousClock.Instant)] = []
    if judged.count < checks.count {
      reading: for await event in events.events {
        onEvent(event)
        switch event {
        case .judged(let finding):
          judged[finding.id] = finding
          if judged.count == checks.count { break reading }
        case .stop(let reason):
          stopped = reason
          break reading
        case .asking(let question): asking.append((question, .now))
        case .answered(let question, _, _): asking.removeAll { $0.question == question }
        case .started: continue
        }
      }
    }
    let open = asking.map { asked in
      Evidence(
        "asking",
        measured: asked.question
          + ", for \((ContinuousClock.now - asked.since).milliseconds.rounded()) ms",
        expected: "an answer")
    }
    return completed(judged, stopped ?? .interrupted, open)
  }

  /// All findings of a run in which one question decides: one check after the other, in this task.
  ///
  /// Nothing is left out of it, and its checks have no sisters: for one of a thousand Agents a task
  /// a check costs more than the checks.
  package func inOrder(_ seen: Subject, onEvent: (Event) -> Void = { _ in }) async -> [Finding] {
    var judged: [CheckID: Finding] = [:]
    var findings: [Finding] = []
    for check in checks {
      let about = check.about
      let needs = about.needs.compactMap { judged[$0] }
      var finding: Finding
      if let inherited = Self.inherited(about, from: needs) {
        finding = inherited
      } else {
        let start = ContinuousClock.now
        finding = await Self.judge(check, about, seen)
        finding.durationMilliseconds = (ContinuousClock.now - start).milliseconds
      }
      onEvent(.judged(finding))
      judged[about.id] = finding
      findings.append(finding)
    }
    return findings
  }

  /// The findings in order; what was cut off names the first check of its way that was.
  private func completed(
    _ judged: [CheckID: Finding], _ reason: StopReason, _ open: [Evidence]
  ) -> [Finding] {
    var roots: [CheckID: CheckID] = [:]
    return checks.map { check in
      let about = check.about
      if let finding = judged[about.id] { return finding }
      var finding = Finding.interrupted(about, reason)
      finding.blockedBy = about.needs.lazy.compactMap { roots[$0] }.first
      roots[about.id] = finding.blockedBy ?? about.id
      if finding.blockedBy == nil { finding.evidence += open }
      return finding
    }
  }

  private func start(
    _ seen: Subject, _ settled: [CheckID: Finding], _ events: EventStream
  ) {
    var running: [CheckID: Task<Finding, Never>] = [:]
    // Questions begin at once, so that a chain of needs takes no longer than its slowest answer.
    for check in checks where excluded[check.about.id] == nil && settled[check.about.id] == nil {
      check.anticipate(seen)
    }
    // What stands for a check where others need it: itself, or its own needs where it is left out.
    var standing: [CheckID: [CheckID]] = [:]
    for check in checks {
      let about = check.about
      let needed = about.needs.flatMap { standing[$0] ?? [] }
      if let reason = excluded[about.id] {
        standing[about.id] = needed
        guard settled[about.id] == nil else { continue }
        events.send(.judged(Finding(about, status: .skipped, message: reason)))
        continue
      }
      standing[about.id] = [about.id]
      if let finding = settled[about.id] {
        running[about.id] = Task { finding }
        continue
      }
      let needs = needed.compactMap { running[$0] }
      let sister = about.echoes.flatMap { running[$0] }
      let causes = about.follows.compactMap { running[$0] }
      running[about.id] = Task(executorPreference: executor) {
        if let inherited = await Self.inherited(about, from: needs) {
          return Self.report(inherited, to: events)
        }
        events.send(.started(about.id))
        let start = ContinuousClock.now
        var finding = await Self.judge(check, about, seen)
        finding.durationMilliseconds = (ContinuousClock.now - start).milliseconds
        if finding.status == .failed, let sister {
          finding.echo(await sister.value)
        }
        for cause in causes where finding.status == .failed {
          finding.follow(await cause.value)
        }
        return Self.report(finding, to: events)
      }
    }
  }

  private static func report(_ finding: Finding, to events: EventStream) -> Finding {
    events.send(.judged(finding))
    return finding
  }

  private static func judge(
    _ check: any Check<Subject>, _ about: About, _ seen: Subject
  ) async -> Finding {
    do {
      return Finding(about, try await check.judge(seen))
    } catch let error as Unobserved {
      return Finding(about, status: .skipped, message: "\(Unobserved.reason): \(error.question)")
    } catch {
      return Finding(
        about, .unknown(.crashed(about.id, error)))
    }
  }

  /// What the needs' results make of their dependent; nil lets it run.
  private static func inherited(_ about: About, from needs: [Task<Finding, Never>]) async
    -> Finding?
  {
    var settled: [Finding] = []
    for need in needs {
      settled.append(await need.value)
      // One that failed decides: the others are not waited for.
      if let last = settled.last, last.status == .failed || last.status == .blocked { break }
    }
    return inherited(about, from: settled)
  }

  /// What the needs' results make of their dependent, the worst of them; nil lets it run.
  private static func inherited(_ about: About, from needs: [Finding]) -> Finding? {
    var unknown: Finding?
    var skipped: Finding?
    for need in needs {
      switch need.status {
      case .passed, .warning: continue
      case .failed, .blocked:
        let root = need.blockedBy ?? need.id
        return Finding(
          about, status: .blocked, message: "needs \(root), which failed", blockedBy: root)
      case .unknown: unknown = unknown ?? need
      case .skipped: skipped = skipped ?? need
      }
    }
    if let unknown {
      let root = unknown.blockedBy ?? unknown.id
      return Finding(
        about, status: .unknown, message: "needs \(root), which could not be determined",
        failureClass: unknown.failureClass, evidence: unknown.evidence,
        remedies: unknown.remedies, blockedBy: root)
    }
    return skipped.map { Finding(about, status: .skipped, message: $0.message) }
  }
}

extension Finding {
  /// Makes a failure that is equal to a sister's an echo of it: one cause is told once.
  fileprivate mutating func echo(_ sister: Finding) {
    guard sister.status == .failed, sister.failureClass == failureClass else { return }
    status = .blocked
    message = "the same answer as \(sister.id): \(message)"
    failureClass = nil
    evidence = []
    remedies = []
    blockedBy = sister.id
  }

  /// Makes a failure that another one explains a consequence of it; what it found stays told.
  fileprivate mutating func follow(_ cause: Finding) {
    guard cause.status == .failed || cause.status == .blocked else { return }
    let root = cause.blockedBy ?? cause.id
    status = .blocked
    message = "follows from \(root): \(message)"
    failureClass = nil
    remedies = []
    blockedBy = root
  }
}

/// A play-back lacks the answer to a question that a check asks.
package struct Unobserved: Error, Equatable {
  package static let reason = "not in this report"

  package let question: String

  package init(question: String) {
    self.question = question
  }
}

extension Problem {
  fileprivate static func crashed(_ id: CheckID, _ error: any Error) -> Problem {
    Problem(
      "the check itself failed", class: .crashed,
      evidence: Evidence("error", measured: "\(type(of: error))", expected: "a verdict"),
      remedies: .advice("this is a fault of dd-doctor: report it with the output of --debug"))
  }
}

extension Duration {
  /// Milliseconds to a thousandth.
  package var milliseconds: Double {
    let (seconds, attoseconds) = components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    return Double(microseconds) / 1000
  }
}
