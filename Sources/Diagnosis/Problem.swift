/// One thing that was measured, what was expected, and where both come from.
package struct Evidence: Codable, Equatable, Sendable {
  package let name: String
  package let measured: String
  package let expected: String
  package let source: String

  package init(_ name: String, measured: String, expected: String = "", source: String = "") {
    self.name = name
    self.measured = measured
    self.expected = expected
    self.source = source
  }
}

/// Something that a user can type, set or read to mend a problem.
package struct Remedy: Codable, Equatable, Sendable {
  package enum Kind: String, Codable, CaseIterable, Sendable {
    case set, unset, command, edit, advice
  }

  package let kind: Kind
  package let text: String
  package let variable: String?
  package let value: String?
  package let command: String?

  /// Set a variable, where the application is started.
  package static func set(_ variable: String, to value: String, _ text: String = "") -> Remedy {
    Remedy(
      kind: .set, text: text, variable: variable, value: value,
      command: "export \(variable)=\(shellQuoted(value))")
  }

  /// Set several variables in one line.
  package static func set(_ variables: [(name: String, value: String)]) -> Remedy {
    let first = variables.first
    return Remedy(
      kind: .set, text: "", variable: first?.name, value: first?.value,
      command: "export "
        + variables.map { "\($0.name)=\(shellQuoted($0.value))" }.joined(separator: " "))
  }

  /// Put a variable's value into another one, and take the first away.
  package static func rename(_ variable: String, to other: String, value: String) -> Remedy {
    Remedy(
      kind: .set, text: "", variable: other, value: value,
      command: "export \(other)=\(shellQuoted(value)); unset \(variable)")
  }

  /// Take a variable away, where the application is started.
  package static func unset(_ variable: String, _ text: String = "") -> Remedy {
    Remedy(
      kind: .unset, text: text, variable: variable, value: nil, command: "unset \(variable)")
  }

  /// A command that can be pasted.
  package static func command(_ command: String, _ text: String = "") -> Remedy {
    Remedy(kind: .command, text: text, variable: nil, value: nil, command: command)
  }

  /// A change in a file, a manifest or an Agent's configuration.
  package static func edit(_ text: String) -> Remedy {
    Remedy(kind: .edit, text: text, variable: nil, value: nil, command: nil)
  }

  /// Something to know or to look at, where nothing can be typed.
  package static func advice(_ text: String) -> Remedy {
    Remedy(kind: .advice, text: text, variable: nil, value: nil, command: nil)
  }

  /// The same change where it is to be made: in a file's words, or by a command.
  package func placed(_ text: String, command: String? = nil) -> Remedy {
    Remedy(kind: kind, text: text, variable: variable, value: value, command: command)
  }

  /// The line a person reads: the command, with what it is for behind it.
  package var line: String {
    guard let command else { return text }
    return text.isEmpty ? command : "\(command)  (\(text))"
  }
}

extension Remedy {
  /// The command in the words of fish, where they differ: it sets and unsets by `set`.
  package var forFish: Remedy {
    guard let command else { return self }
    let words = command.split(separator: "; ", omittingEmptySubsequences: false).map { part in
      part.hasPrefix("unset ") ? "set -e " + part.dropFirst(6) : String(part)
    }
    // Between fish's single quotes a backslash stands for what follows it.
    let text = words.joined(separator: "; ")
    let isSetting = kind == .set && text.hasPrefix("export ")
    return Remedy(
      kind: kind, text: self.text, variable: variable, value: value,
      command: isSetting
        ? text.replacing("'\\''", with: "\u{0}").replacing("\\", with: "\\\\")
          .replacing("\u{0}", with: "'\\''") : text)
  }
}

/// A word as a POSIX shell reads it back unchanged.
///
/// A placeholder such as `<agent host>` stays readable, in quotes.
package func shellQuoted(_ word: String) -> String {
  let plain = word.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_./:=@%+,".utf8.contains(byte)
    }
  }
  guard !plain || word.isEmpty else { return word }
  // By scalars: a quote and an accent on it are one character, and a quote to the shell.
  var quoted = "'"
  for scalar in word.unicodeScalars {
    if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) }
  }
  return quoted + "'"
}

/// What is wrong, with the evidence and the way out: no verdict can be built without both.
package struct Problem: Equatable, Sendable {
  package let message: String
  package let failureClass: FailureClass
  package let evidence: [Evidence]
  package let remedies: [Remedy]

  package init(
    _ message: String, class failureClass: FailureClass,
    evidence first: Evidence, _ evidence: Evidence...,
    remedies remedy: Remedy, _ remedies: Remedy...
  ) {
    self.message = message
    self.failureClass = failureClass
    self.evidence = [first] + evidence
    self.remedies = [remedy] + remedies
  }

  /// The same problem with further evidence and remedies behind its own.
  package func adding(_ evidence: [Evidence] = [], remedies: [Remedy] = []) -> Problem {
    Problem(
      message: message, failureClass: failureClass, evidence: self.evidence + evidence,
      remedies: self.remedies + remedies)
  }

  /// The same problem with these remedies before its own: the better ones for where we run.
  package func preferring(_ remedies: [Remedy]) -> Problem {
    Problem(
      message: message, failureClass: failureClass, evidence: evidence,
      remedies: remedies + self.remedies)
  }

  private init(
    message: String, failureClass: FailureClass, evidence: [Evidence], remedies: [Remedy]
  ) {
    self.message = message
    self.failureClass = failureClass
    self.evidence = evidence
    self.remedies = remedies
  }
}

/// What a check found.
package enum Outcome: Equatable, Sendable {
  case passed(String, evidence: [Evidence])
  case warning(Problem)
  case failed(Problem)
  case unknown(Problem)
  /// Does not apply here, with the reason; what needs this check does not apply either.
  case skipped(String)

  package static func passed(_ message: String, _ evidence: Evidence...) -> Outcome {
    .passed(message, evidence: evidence)
  }

  /// The worst of several problems decides the status; the others stand behind it.
  package static func worst(_ outcomes: [Outcome], else calm: Outcome) -> Outcome {
    let ranked = outcomes.filter { $0.rank > 0 }
    guard let worst = ranked.max(by: { $0.rank < $1.rank }), let problem = worst.problem else {
      return calm
    }
    let others = ranked.filter { $0 != worst }.compactMap(\.problem)
    guard !others.isEmpty else { return worst }
    let merged = problem.adding(
      others.flatMap { [Evidence("also", measured: $0.message)] + $0.evidence },
      remedies: others.flatMap(\.remedies))
    return switch worst {
    case .warning: .warning(merged)
    case .failed: .failed(merged)
    case .unknown: .unknown(merged)
    case .passed, .skipped: worst
    }
  }

  package var status: Status {
    switch self {
    case .passed: .passed
    case .warning: .warning
    case .failed: .failed
    case .unknown: .unknown
    case .skipped: .skipped
    }
  }

  package var problem: Problem? {
    switch self {
    case .warning(let problem), .failed(let problem), .unknown(let problem): problem
    case .passed, .skipped: nil
    }
  }

  private var rank: Int {
    switch self {
    case .passed, .skipped: 0
    case .warning: 1
    case .unknown: 2
    case .failed: 3
    }
  }
}
