/// A check's result as the report holds it.
package struct Finding: Codable, Equatable, Sendable {
  package var id: CheckID
  package var title: String
  package var group: String
  package var status: Status
  package var message: String
  package var failureClass: FailureClass?
  package var evidence: [Evidence]
  package var remedies: [Remedy]
  package var docs: String
  package var blockedBy: CheckID?
  package var attempts: Int
  package var durationMilliseconds: Double
  /// With a baseline: whether it stands there as it is here, or worse; left out without one.
  package var known: Bool?

  package init(
    _ about: About, status: Status, message: String, failureClass: FailureClass? = nil,
    evidence: [Evidence] = [], remedies: [Remedy] = [], blockedBy: CheckID? = nil
  ) {
    id = about.id
    title = about.title
    group = about.id.group
    self.status = status
    self.message = message
    self.failureClass = failureClass
    self.evidence = evidence
    self.remedies = remedies
    docs = about.docs
    self.blockedBy = blockedBy
    attempts = 1
    durationMilliseconds = 0
  }

  package init(_ about: About, _ outcome: Outcome) {
    switch outcome {
    case .passed(let message, let evidence):
      self.init(about, status: .passed, message: message, evidence: evidence)
    case .skipped(let reason):
      self.init(about, status: .skipped, message: reason)
    case .warning(let problem), .failed(let problem), .unknown(let problem):
      self.init(
        about, status: outcome.status, message: problem.message,
        failureClass: problem.failureClass, evidence: problem.evidence,
        remedies: problem.remedies)
    }
  }

  /// A check that the run never came to: Ctrl-C, or the deadline.
  package static func interrupted(_ about: About, _ reason: StopReason) -> Finding {
    Finding(
      about, status: .unknown, message: reason.message, failureClass: .interrupted,
      evidence: [Evidence("run", measured: reason.message, expected: "an answer")],
      remedies: [reason.remedy])
  }
}

extension Finding {
  /// What to set to mend it, in order; of alternatives the first.
  package var settings: [Remedy] {
    guard let first = remedies.first, first.setsVariable else { return [] }
    // Several remedies are alternatives, unless all of them merely set a variable each.
    let areAll = remedies.allSatisfy { $0.kind == .set && $0.text.isEmpty }
    return areAll ? remedies : [first]
  }

  /// Marks it as known where it stood in an earlier report as it is now, or worse.
  fileprivate mutating func hold(against baseline: Report) {
    guard status != .passed, status != .skipped else { return }
    let id = id
    guard let before = baseline.checks.first(where: { $0.id == id }) else {
      known = false
      return
    }
    // These tell of a run, and not of what it looked at.
    let isOfRun = failureClass == .interrupted || failureClass == .crashed
    let isSame = !isOfRun && before.failureClass == failureClass || status == .blocked
    known = ReportDiff.rank(before.status) >= ReportDiff.rank(status) && isSame
  }
}

extension [Finding] {
  /// The same, with what an earlier report knows marked; nil leaves them as they are.
  package func held(against baseline: Report?) -> [Finding] {
    guard let baseline else { return self }
    return map { finding in
      var finding = finding
      finding.hold(against: baseline)
      return finding
    }
  }
}

extension Remedy {
  /// Whether it is an export, by itself or with an `unset` behind it.
  fileprivate var setsVariable: Bool {
    kind == .set || kind == .unset || kind == .command && command?.hasPrefix("export ") == true
  }
}

/// Why a run ended before its checks did.
package enum StopReason: Equatable, Sendable {
  case interrupted
  case deadline

  var message: String {
    switch self {
    case .interrupted: "interrupted before an answer came"
    case .deadline: "the deadline passed before an answer came"
    }
  }

  var remedy: Remedy {
    switch self {
    case .interrupted: .advice("run it again and let it finish")
    case .deadline: .advice("give it more time: --deadline 60s")
    }
  }
}
