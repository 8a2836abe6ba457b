import Configuration
import Diagnosis
import Testing

@testable import Checks
@testable import Probes

/// One row of a check's table: what is configured and observed, and what is to be made of it.
struct CheckRow: Sendable, CustomTestStringConvertible {
  let check: CheckID
  /// What the row is about, with the ticket's number in front where it is one of the field's.
  let name: String
  let variables: [String: String]
  let language: Language?
  let setup: Setup
  let host: HostFacts
  let agent: CannedAgent
  let status: Status
  let failureClass: FailureClass?
  /// What some remedy must name: a variable, or words of its text.
  let remedy: String?
  /// What the message must say.
  let says: String

  init(
    _ check: CheckID, _ name: String, _ variables: [String: String] = [:],
    _ language: Language? = .python, _ setup: Setup = .apm, on host: HostFacts = HostFacts(),
    agent: CannedAgent = CannedAgent(), is status: Status, _ failureClass: FailureClass? = nil,
    remedy: String? = nil, says: String = ""
  ) {
    self.check = check
    self.name = name
    self.variables = variables
    self.language = language
    self.setup = setup
    self.host = host
    self.agent = agent
    self.status = status
    self.failureClass = failureClass
    self.remedy = remedy
    self.says = says
  }

  var testDescription: String { "\(check): \(name)" }

  var settings: Settings {
    Settings(Self.environment(variables), host, setup: setup, language: language)
  }

  static func environment(_ variables: [String: String]) -> Environment {
    Environment.reading(variables.map { Array("\($0.key)=\($0.value)".utf8) }).environment
  }

  /// The check's own judgement, whatever its needs say.
  func outcome() async throws -> Outcome {
    let id = check
    let known = Suite<Observations>.everything.checks
    let judging = try #require(known.first { $0.about.id == id })
    let settings = settings
    return try await judging.judge(
      Observations(settings, recorded: agent.recorded(settings)))
  }

  /// Judges, and holds the outcome against what the row says.
  func holds() async throws {
    let outcome = try await outcome()
    let message = outcome.problem?.message ?? outcome.message
    #expect(outcome.status == status, "\(message)")
    #expect(outcome.problem?.failureClass == failureClass, "\(message)")
    #expect(message.contains(says), "\(message)")
    guard let problem = outcome.problem else { return }
    #expect(problem.evidence.allSatisfy { !$0.name.isEmpty && !$0.measured.isEmpty })
    #expect(problem.remedies.allSatisfy { !$0.line.isEmpty })
    #expect(!message.isEmpty && !message.hasSuffix("."))
    if let remedy {
      let named = problem.remedies.contains {
        $0.variable == remedy || $0.line.contains(remedy)
      }
      #expect(named, "\(problem.remedies.map(\.line))")
    }
  }
}

extension Outcome {
  /// What a passed or skipped check says.
  var message: String {
    switch self {
    case .passed(let message, _): message
    case .skipped(let reason): reason
    case .warning(let problem), .failed(let problem), .unknown(let problem): problem.message
    }
  }
}
