import Checks
import Configuration
package import Diagnosis
import Probes
import StandIn
import Wire

/// What a check made of a situation, beside what it was to make of it.
package struct Trial: Sendable {
  package let check: CheckID
  package let scenario: String
  package let source: Scenario.Source
  package let expected: Status
  /// Nil where no such check stands in the suite, or it asks what nobody answers.
  package let reached: Status?
  /// Its message, or why there is none.
  package let message: String

  /// Whether the situation came out as it was to.
  package var holds: Bool { reached == expected }
}

extension Scenario {
  /// Judges the situation by the real checks, over the real probes where somebody answers.
  package func trials() async throws -> [Trial] {
    let agent = try standIn()
    defer { agent?.stop() }
    let settings = try settings(agent)
    let seen = observations(settings)
    let known = Self.checks(settings)
    var trials: [Trial] = []
    for (id, status) in expected {
      guard let check = known[id] else {
        trials.append(trial(id, status, nil, "no such check"))
        continue
      }
      do {
        let outcome = try await check.judge(seen)
        trials.append(trial(id, status, outcome.status, outcome.said))
      } catch {
        let question = (error as? Unobserved)?.question ?? "\(type(of: error))"
        trials.append(trial(id, status, nil, "nobody answers \(question)"))
      }
    }
    return trials
  }

  private func trial(_ id: CheckID, _ expected: Status, _ reached: Status?, _ message: String)
    -> Trial
  {
    Trial(
      check: id, scenario: name, source: source, expected: expected, reached: reached,
      message: message)
  }

  private func standIn() throws -> StandInAgent? {
    var options = StandInAgent.Options()
    switch answers {
    case .none, .recorded: return nil
    case .agent(let fault): options.fault = fault
    case .tooLate: options.fault = .silent
    }
    return try StandInAgent.start(options)
  }

  private func settings(_ agent: StandInAgent?) throws -> Settings {
    var settings: Settings
    if files.isEmpty {
      var entries = variables
      if let agent { entries = Self.leading(to: agent) + entries }
      let bytes = entries.map { Array($0.utf8) }
      var host = host
      if var project = host.project, let agent {
        project.endpoints = project.endpoints.map { place in
          Project.Place(name: place.name, url: agent.url + "/")
        }
        host.project = project
      }
      settings = Settings(
        Environment.reading(bytes, for: host.project).environment, host, setup: setup,
        language: language)
    } else {
      let sources = try files.map {
        (try WorkloadReader.read(Array($0.utf8), origin: "file").workloads, nil as String?)
      }
      let choice = try WorkloadChoice(sources)
      settings = choice.workload.settings(agents: choice.agents)
    }
    settings.verifiesDelivery = true
    return settings
  }

  private static func leading(to agent: StandInAgent) -> [String] {
    // Where no DogStatsD listens, its datagrams go where nobody does.
    let port = agent.dogStatsDPort ?? agent.port
    return ["DD_TRACE_AGENT_URL=\(agent.url)", "DD_DOGSTATSD_URL=udp://127.0.0.1:\(port)"]
  }

  private func observations(_ settings: Settings) -> Observations {
    switch answers {
    case .none: Observations(settings, recorded: [])
    case .recorded(let answers):
      Observations(settings, recorded: answers(settings).compactMap { $0 })
    case .agent: Observations(settings, world: Self.world(.seconds(600)))
    case .tooLate: Observations(settings, world: Self.world(.zero))
    }
  }

  private static func world(_ deadline: Duration) -> World {
    World(
      runID: "00000000-0000-4000-8000-000000000000", version: "selftest",
      timeout: .seconds(1), retries: 0, deadline: deadline)
  }

  private static func checks(_ settings: Settings) -> [CheckID: any Check<Observations>] {
    let own = settings.host.project.map { Suite<Observations>.of($0).checks } ?? []
    return Dictionary(
      (Suite<Observations>.everything.checks + own).map { ($0.about.id, $0) },
      uniquingKeysWith: { first, _ in first })
  }
}

extension Outcome {
  fileprivate var said: String {
    switch self {
    case .passed(let message, _): message
    case .skipped(let reason): reason
    case .warning(let problem), .failed(let problem), .unknown(let problem): problem.message
    }
  }
}
