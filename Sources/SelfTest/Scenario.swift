import Configuration
package import Diagnosis
import Probes
import StandIn

/// One situation: what is configured, who answers, and what the checks that it is about make of it.
package struct Scenario: Sendable {
  /// Who answers.
  package enum Source: String, Encodable, Sendable {
    /// Nobody: what is configured is judged alone.
    case configuration
    /// The stand-in Agent, asked by the real probes.
    case standIn
    /// Answers that were written down, of what no stand-in can be here.
    case recorded
  }

  enum Answers: Sendable {
    case none
    case agent(AgentFault?)
    /// The round is over before anything is asked.
    case tooLate
    case recorded(@Sendable (Settings) -> [Recorded?])
  }

  package let name: String
  let setup: Setup
  let language: Language?
  let variables: [String]
  let host: HostFacts
  /// What `--from` is given in place of variables.
  let files: [String]
  let answers: Answers
  package let expected: [(check: CheckID, status: Status)]

  init(
    _ name: String, _ variables: [String] = [], _ setup: Setup = .apm,
    _ language: Language? = .python, on host: HostFacts = HostFacts(), files: [String] = [],
    by answers: Answers = .none, gives expected: [Status: [CheckID]]
  ) {
    self.name = name
    self.setup = setup
    self.language = language
    self.variables = variables
    self.host = host
    self.files = files
    self.answers = answers
    self.expected = Status.allCases.flatMap { status in
      (expected[status] ?? []).map { ($0, status) }
    }
  }

  package var source: Source {
    switch answers {
    case .none: .configuration
    case .agent, .tooLate: .standIn
    case .recorded: .recorded
    }
  }

  /// Every situation there is, in the order of the checks.
  package static var all: [Scenario] {
    environment + site + datadog + workloads + agent + lambda + llmObservability + openAI + runtime
      + application + delivery + project
  }
}
