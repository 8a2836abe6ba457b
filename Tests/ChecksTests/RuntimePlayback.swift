import Checks
import Configuration
import Diagnosis
import Foundation
import Probes
import Testing

/// Judges a configuration, a machine's facts and recorded answers of interpreters, without a process.
struct RuntimePlayback {
  let settings: Settings
  private(set) var recorded: [Recorded] = []

  init(
    _ language: Language?, _ entries: [String] = [], setup: Setup = .apm,
    host: HostFacts = HostFacts(application: ApplicationFolder("."))
  ) {
    let environment = Environment.reading(entries.map { Array($0.utf8) }).environment
    settings = Settings(environment, host, setup: setup, language: language)
  }

  mutating func add<Q: Question>(_ question: Q?, _ answer: Q.Answer) throws {
    let question = try #require(question)
    let data = try JSONEncoder().encode(answer)
    recorded.append(
      Recorded(
        question: question.key, answer: try JSONDecoder().decode(JSONValue.self, from: data)))
  }

  func judge(_ check: any Check<Observations>) async throws -> Outcome {
    try await check.judge(Observations(settings, recorded: recorded))
  }

  static let folder = ApplicationFolder(".")
}

extension Outcome {
  /// Status and class, and of a skipped one that it has a reason.
  var inWords: String {
    if case .skipped(let reason) = self { return reason.isEmpty ? "skipped mute" : "skipped" }
    return verdict
  }
}
