package import Diagnosis

/// A known failure, or something that only looks like one: what it looks like and what to do.
package struct Pattern: Sendable {
  /// Permanent, in kebab case.
  package let id: String
  package let writer: Writer
  package let kind: Kind
  package let shapes: [Template]
  package let rules: [Rule]

  /// What a pattern is there for.
  package enum Kind: Sendable {
    case failure(Explanation)
    /// It only looks like a failure: no other pattern may take its line for one.
    case harmless
    /// It proves something good; the text says what.
    case proof(String)
    /// It says nothing by itself, but what other patterns may follow.
    case marker
  }

  /// What is said to the user.
  package struct Explanation: Sendable {
    package let check: CheckID
    package let failureClass: FailureClass
    package let cause: String
    package let remedies: [Remedy]
    package let docs: String
  }

  /// A known failure, with the wordings that it is known in, as `Template` reads them.
  package static func failure(
    _ id: String, _ writer: Writer, _ check: CheckID, _ failureClass: FailureClass,
    _ shapes: [String], _ rules: [Rule] = [], cause: String, docs: String, fix: Remedy...
  ) -> Pattern {
    let explanation = Explanation(
      check: check, failureClass: failureClass, cause: cause, remedies: fix, docs: docs)
    return Pattern(id, writer, .failure(explanation), shapes, rules)
  }

  package static func harmless(
    _ id: String, _ writer: Writer, _ shapes: [String], _ rules: [Rule] = [.anywhere]
  ) -> Pattern {
    Pattern(id, writer, .harmless, shapes, rules)
  }

  package static func proof(
    _ id: String, _ writer: Writer, _ shapes: [String], _ rules: [Rule] = [], says: String
  ) -> Pattern {
    Pattern(id, writer, .proof(says), shapes, rules + [.atAnyLevel])
  }

  package static func marker(_ id: String, _ writer: Writer, _ shapes: [String]) -> Pattern {
    Pattern(id, writer, .marker, shapes, [.anywhere])
  }

  private init(
    _ id: String, _ writer: Writer, _ kind: Kind, _ shapes: [String], _ rules: [Rule]
  ) {
    self.id = id
    self.writer = writer
    self.kind = kind
    self.shapes = shapes.map(Template.init)
    self.rules = rules
  }

  package var explanation: Explanation? {
    switch kind {
    case .failure(let explanation): explanation
    case .harmless, .proof, .marker: nil
    }
  }
}

/// Who writes a message.
package enum Writer: String, Codable, CaseIterable, Sendable {
  case python, node, php, agent, lambda, openai
  /// Any application or library on its way to the Agent, Datadog or OpenAI.
  case application
}

/// What must hold beside a message's shape.
package enum Rule: Equatable, Sendable {
  /// It may stand inside a line, as an answer's body does; else it begins the logged message.
  case anywhere
  /// The whole message is this and no more.
  case alone
  /// One of these stands on the line too.
  case with([String])
  /// None of these stands on the line.
  case without([String])
  /// Another pattern was seen at most so many lines before.
  case after(String, lines: Int)
  /// Where another pattern takes the line, this one says no more than it; `*` is any failure.
  case yields([String])
  /// INFO is a level that its writer uses for it.
  case atAnyLevel
}
