/// Everything that is said about a check: the one source of `list`, `explain` and the README table.
package struct About: Sendable {
  package let id: CheckID
  /// What is true when the check passes, in the present tense.
  package let title: String
  /// What it looks at and why it matters.
  package let explanation: String
  /// How to mend it, in general; a finding's remedies are specific.
  package let fix: String
  /// The page that documents the subject.
  package let docs: String
  /// The checks whose failure makes this one meaningless.
  package let needs: [CheckID]
  /// The statuses that a judgement of it can have.
  package let statuses: [Status]
  /// Whether it looks further than the configuration; where not, it runs offline too.
  package let needsNetwork: Bool
  /// The sister that speaks first: this check's failure is blocked by an equal one of hers.
  package let echoes: CheckID?
  /// The checks whose failure explains one of this check, whatever its class; it is then blocked.
  package let follows: [CheckID]

  package init(
    id: CheckID, title: String, explanation: String, fix: String, docs: String,
    needs: [CheckID] = [], statuses: [Status] = [.passed, .failed], needsNetwork: Bool = true,
    echoes: CheckID? = nil, follows: [CheckID] = []
  ) {
    self.id = id
    self.title = title
    self.explanation = explanation
    self.fix = fix
    self.docs = docs
    self.needs = needs
    self.statuses = statuses
    self.needsNetwork = needsNetwork
    self.echoes = echoes
    self.follows = follows
  }
}

/// A question to which the answer is a verdict; it judges what was observed and touches nothing.
package protocol Check<Subject>: Sendable {
  associatedtype Subject: Sendable
  var about: About { get }
  /// Asks ahead what `judge` will want, whatever this check's needs still wait for.
  ///
  /// It runs for every check that is not left out, at the beginning of a run.
  func anticipate(_ seen: Subject)
  func judge(_ seen: Subject) async throws -> Outcome
}

extension Check {
  package func anticipate(_ seen: Subject) {}
}

/// The checks of a setup, in the order in which a person would debug.
package struct Suite<Subject: Sendable>: Sendable {
  package let checks: [any Check<Subject>]

  package init(@SuiteBuilder<Subject> _ checks: () -> [any Check<Subject>]) {
    self.checks = checks()
  }
}

@resultBuilder
package enum SuiteBuilder<Subject: Sendable> {
  @inlinable package static func buildExpression(_ check: some Check<Subject>) -> [any Check<
    Subject
  >] {
    [check]
  }
  @inlinable package static func buildExpression(_ suite: Suite<Subject>) -> [any Check<Subject>] {
    suite.checks
  }
  @inlinable package static func buildBlock(_ parts: [any Check<Subject>]...) -> [any Check<
    Subject
  >] {
    parts.flatMap { $0 }
  }
  @inlinable package static func buildOptional(_ part: [any Check<Subject>]?) -> [any Check<
    Subject
  >] {
    part ?? []
  }
  @inlinable package static func buildEither(first: [any Check<Subject>]) -> [any Check<Subject>] {
    first
  }
  @inlinable package static func buildEither(second: [any Check<Subject>]) -> [any Check<Subject>] {
    second
  }
  @inlinable package static func buildArray(_ parts: [[any Check<Subject>]]) -> [any Check<Subject>]
  {
    parts.flatMap { $0 }
  }
}
