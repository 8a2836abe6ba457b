package import Configuration
package import Diagnosis
import FoundationEssentials

/// A question to the world, as a value: asked at most once a run, recorded, and played back.
package protocol Question: Sendable {
  associatedtype Answer: Codable & Sendable
  /// Its name in the report, as `agent.info http://localhost:8126`.
  var key: String { get }
  func ask(_ world: World) async -> Answer
  /// The exchanges that an answer took.
  func transfers(_ answer: Answer) -> [Transfer]
}

extension Question {
  package func transfers(_ answer: Answer) -> [Transfer] { [] }
}

/// What is known: the settings, and the answer to every question that was asked.
package struct Observations: Sendable {
  package let settings: Settings
  private let world: World?
  private let recorder: Recorder

  /// Asks the world, and keeps the answers.
  package init(_ settings: Settings, world: World, events: EventStream = EventStream()) {
    self.settings = settings
    self.world = world
    recorder = Recorder(events: events)
  }

  /// Plays back: no world, and a missing answer throws `Unobserved`.
  package init(_ settings: Settings, recorded: [Recorded]) {
    self.settings = settings
    world = nil
    recorder = Recorder(
      recorded: Dictionary(
        recorded.map { ($0.question, $0.answer) }, uniquingKeysWith: { first, _ in first }))
  }

  package func answer<Q: Question>(_ question: Q) async throws -> Q.Answer {
    try await recorder.answer(question, world)
  }

  /// Asks without waiting: the answer is there, or under way, for whoever needs it later.
  package func begin(_ question: some Question) {
    recorder.begin(question, world)
  }

  /// Begins a chain of questions without waiting for it; a play-back has nothing to begin.
  package func begin(_ chain: @escaping @Sendable (Observations) async -> Void) {
    guard let world else { return }
    Task(executorPreference: world.executor) { await chain(self) }
  }

  /// Everything that was asked, in order of its key.
  package func recorded() async -> [Recorded] {
    await recorder.recorded()
  }

  /// Every exchange so far, in order of the questions' keys.
  package func transfers() async -> [Transfer] {
    await recorder.transfers()
  }
}

/// One answer, with what the report needs of it.
private struct Asked: Sendable {
  let answer: any Codable & Sendable
  let transfers: [Transfer]
}

/// Asks each question once: the task is stored under the lock and awaited outside it.
private final class Recorder: Sendable {
  private let asked = Guarded<[String: Task<Asked, Never>]>([:])
  private let recordedAnswers: [String: JSONValue]
  private let events: EventStream?

  init(events: EventStream) {
    recordedAnswers = [:]
    self.events = events
  }

  init(recorded: [String: JSONValue]) {
    recordedAnswers = recorded
    events = nil
  }

  func answer<Q: Question>(_ question: Q, _ world: World?) async throws -> Q.Answer {
    let key = question.key
    guard let world else { return try played(question, key) }
    let asked = await task(question, key, world).value
    guard let answer = asked.answer as? Q.Answer else { throw Unobserved(question: key) }
    return answer
  }

  func begin(_ question: some Question, _ world: World?) {
    guard let world else { return }
    _ = task(question, question.key, world)
  }

  private func task(_ question: some Question, _ key: String, _ world: World) -> Task<Asked, Never>
  {
    let events = events
    return asked.withLock { asked in
      if let task = asked[key] { return task }
      let task = Task(executorPreference: world.executor) {
        await Self.ask(question, key, world, events)
      }
      asked[key] = task
      return task
    }
  }

  private static func ask<Q: Question>(
    _ question: Q, _ key: String, _ world: World, _ events: EventStream?
  ) async -> Asked {
    events?.send(.asking(key))
    let start = ContinuousClock.now
    let answer = await question.ask(world)
    let transfers = question.transfers(answer)
    events?.send(
      .answered(key, transfers, milliseconds: (ContinuousClock.now - start).milliseconds))
    return Asked(answer: answer, transfers: transfers)
  }

  private func played<Q: Question>(_ question: Q, _ key: String) throws -> Q.Answer {
    guard let answer = recordedAnswers[key] else { throw Unobserved(question: key) }
    let data = try JSONEncoder().encode(answer)
    return try JSONDecoder().decode(Q.Answer.self, from: data + [UInt8(ascii: "\n")])
  }

  func recorded() async -> [Recorded] {
    guard recordedAnswers.isEmpty else {
      return recordedAnswers.sorted { $0.key < $1.key }.map(Recorded.init)
    }
    var all: [Recorded] = []
    for (key, asked) in await settled() {
      if let recorded = Recorded(key, of: asked.answer) { all.append(recorded) }
    }
    return all
  }

  func transfers() async -> [Transfer] {
    await settled().flatMap(\.1.transfers)
  }

  private func settled() async -> [(String, Asked)] {
    var all: [(String, Asked)] = []
    for (key, task) in asked.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      all.append((key, await task.value))
    }
    return all
  }
}

extension Recorded {
  /// An answer of any kind as the report holds it.
  package init?(_ question: String, of answer: some Encodable) {
    guard let data = try? JSONEncoder().encode(answer),
      let value = try? JSONDecoder().decode(JSONValue.self, from: data + [UInt8(ascii: "\n")])
    else { return nil }
    self.init(question: question, answer: value)
  }
}
