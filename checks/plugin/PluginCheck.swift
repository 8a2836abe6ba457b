import Configuration
package import Diagnosis
package import Probes
import Wire

/// What an executable on PATH finds that is a check of somebody else's.
package struct PluginCheck: Check {
  package let about: About
  package let plugin: Plugin
  /// The JSON report so far; nil where the plug-in is not run.
  package var report: [UInt8]?
  /// Why it can't be run as it describes itself.
  private let objection: Problem?
  /// A check that it needs and that this setup has not.
  private let absent: CheckID?

  init(_ plugin: Plugin, _ about: About, objection: Problem? = nil, absent: CheckID? = nil) {
    self.plugin = plugin
    self.about = about
    self.objection = objection
    self.absent = absent
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    if let absent { return .skipped("needs \(absent), which is no check of this setup") }
    let question = PluginAnswer(plugin, report: objection == nil ? report : nil)
    let answer = try await seen.answer(question)
    if let objection { return .unknown(objection) }
    guard let said = answer.said else { throw Unobserved(question: question.key) }
    guard let outcome = answer.outcome else {
      return .unknown(.badAnswer(plugin, said, answer.flaw))
    }
    do throws(PluginMisuse) {
      return try outcome.outcome(of: plugin)
    } catch {
      return .unknown(.badAnswer(plugin, said, error.message))
    }
  }
}

/// A word that means nothing here, or one that is missing.
struct PluginMisuse: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}

extension PluginOutcome {
  /// The outcome in our own types: what a problem must have, a plug-in's must have, too.
  fileprivate func outcome(of plugin: Plugin) throws(PluginMisuse) -> Outcome {
    let statuses = Status.allCases.filter { $0 != .blocked }
    guard let status = statuses.first(where: { $0.rawValue == self.status }) else {
      throw PluginMisuse(
        "status '\(self.status)' is unknown"
          + Spelling.advice(for: self.status, among: statuses.map(\.rawValue)))
    }
    switch status {
    case .passed: return .passed(message, evidence: evidence + [plugin.evidence])
    case .skipped, .blocked: return .skipped(message)
    case .warning: return .warning(try problem(plugin))
    case .failed: return .failed(try problem(plugin))
    case .unknown: return .unknown(try problem(plugin))
    }
  }

  private func problem(_ plugin: Plugin) throws(PluginMisuse) -> Problem {
    let name = failureClass ?? ""
    guard let failureClass = FailureClass(rawValue: name) else {
      let advice = Spelling.advice(for: name, among: FailureClass.allCases.map(\.rawValue))
      throw PluginMisuse(
        name.isEmpty
          ? "\(status) without a failureClass" : "failureClass '\(name)' is unknown\(advice)")
    }
    var usable: [Diagnosis.Remedy] = []
    for remedy in remedies { usable.append(try remedy.remedy()) }
    guard let first = evidence.first else { throw PluginMisuse("\(status) without evidence") }
    guard let remedy = usable.first else { throw PluginMisuse("\(status) without a remedy") }
    return Problem(message, class: failureClass, evidence: first, remedies: remedy)
      .adding(evidence.dropFirst() + [plugin.evidence], remedies: Array(usable.dropFirst()))
  }
}

extension PluginOutcome.Remedy {
  /// The remedy in our own words: what sets a variable is quoted here, and not by a stranger.
  fileprivate func remedy() throws(PluginMisuse) -> Diagnosis.Remedy {
    guard let kind = Diagnosis.Remedy.Kind(rawValue: kind) else {
      throw PluginMisuse(
        "a remedy's kind '\(kind)' is unknown"
          + Spelling.advice(for: kind, among: Diagnosis.Remedy.Kind.allCases.map(\.rawValue)))
    }
    switch kind {
    case .set:
      guard let value else { throw PluginMisuse("a remedy of kind set has no value") }
      return .set(try name(), to: value, text)
    case .unset: return .unset(try name(), text)
    case .command:
      guard let command, !command.isEmpty else {
        throw PluginMisuse("a remedy of kind command has no command")
      }
      return .command(command, text)
    case .edit, .advice:
      guard !text.isEmpty else { throw PluginMisuse("a remedy of kind \(kind) has no text") }
      return kind == .edit ? .edit(text) : .advice(text)
    }
  }

  private func name() throws(PluginMisuse) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_".utf8
    guard let variable, let first = variable.utf8.first, letters.contains(first),
      variable.utf8.allSatisfy({ letters.contains($0) || (48...57).contains($0) })
    else { throw PluginMisuse("a remedy of kind \(kind) names no variable") }
    return variable
  }
}

extension Plugin {
  /// The path, as it is shown.
  var shown: String { printable(Redaction.redacted(path), limit: 300) }

  fileprivate var evidence: Evidence { Evidence("plug-in", measured: shown) }
}

extension Problem {
  /// An answer that is none: how the command ended, what it said, and what was expected.
  static func badAnswer(
    _ plugin: Plugin, _ said: ProgramAnswer, _ flaw: String?, describing: Bool = false
  ) -> Problem {
    let command = describing ? "\(plugin.shown) --describe" : plugin.shown
    let expected = describing ? "one description as JSON, exit 0" : "one outcome as JSON, exit 0"
    let others = [
      flaw.map { Evidence("answer", measured: $0, expected: expected) },
      said.output.isEmpty ? nil : Evidence("standard output", measured: said.output),
      Evidence("standard error", measured: said.errors.isEmpty ? "(nothing)" : said.errors),
    ]
    let word = shellQuoted(plugin.shown)
    let what = flaw ?? said.ending
    return Problem(
      describing
        ? "the plug-in does not describe itself: \(what)" : "the plug-in gives no verdict: \(what)",
      class: said.pluginClass,
      evidence: Evidence("command", measured: "\(command)  (\(said.ending))", expected: expected),
      remedies: .command(
        describing ? "\(word) --describe" : "dd-doctor --no-plugins --format json | \(word)",
        "what it says")
    ).adding(others.compactMap { $0 })
  }
}

extension ProgramAnswer {
  fileprivate var pluginClass: FailureClass {
    switch end {
    case .exited(0): .protocol
    case .exited, .signalled: .crashed
    case .timedOut, .interrupted, .saidTooMuch, .notStarted: failureClass
    }
  }
}
