import Configuration
import Diagnosis
import Probes

extension Settings {
  /// Why nothing of this language's runtime is looked at; nil where it is.
  func noRuntime(_ language: Language) -> String? {
    guard let own = self.language else {
      return "the application's language is not known; name it with --language"
    }
    guard own == language else { return "the application's language is \(own.rawValue)" }
    return host.application == nil ? Self.noApplication : nil
  }

  static let noApplication = "no application is at hand here: it runs elsewhere"
}

extension Problem {
  /// A program that is there and gives no answer: nothing follows from it.
  static func broken(_ answer: ProgramAnswer, _ what: String, expected: String) -> Problem {
    Problem(
      "\(answer.program) did not tell \(what): \(answer.summary)", class: answer.failureClass,
      evidence: Evidence(
        "interpreter", measured: answer.summary, expected: expected, source: answer.program),
      remedies: .command("\(shellQuoted(answer.program)) --version", "see whether it runs at all"))
  }
}

extension LaunchCommand {
  /// The command as evidence of how an application is started.
  var evidence: Evidence {
    Evidence("launch", measured: text, source: file)
  }
}
