import Checks
import Configuration
import Diagnosis
import Probes
import Wire

/// Judges the workloads of objects, any number of them at once; what is equal is judged once.
final class AuditJudge: Sendable {
  /// What became of an object.
  enum Answer: Sendable {
    case workloads([(facts: WorkloadFacts, judgement: AuditJudgement)])
    /// The place, and why it can't be read.
    case unread(String)
  }

  /// Judgements that are kept: more would be another memory for each workload.
  private static let memory = 2_000

  /// What decides which checks a workload gets.
  private struct Kind: Hashable {
    let setup: Setup
    let source: SourceKind?
    let isAgent: Bool
    let isLambda: Bool
    let isPartlyKept: Bool

    init(_ settings: Settings) {
      setup = settings.setup
      source = settings.host.workload?.source
      isAgent = settings.isAgent
      isLambda = settings.host.lambda != nil
      isPartlyKept =
        settings.host.workload?.unread.isEmpty == false
        || settings.environment.variables.contains { $0.kept != nil }
    }
  }

  private struct Known {
    var judged: [Int: [(workload: Workload, judgement: AuditJudgement)]] = [:]
    var count = 0
    var checks: [Kind: [any Check<Observations>]] = [:]
  }

  private let options: Options
  /// Those that stand by themselves: an application may be led to them.
  private let agents: [Workload]
  private let known = Guarded(Known())

  init(_ options: Options, agents: [Workload]) {
    self.options = options
    self.agents = agents
  }

  func answer(_ object: AuditSource.Object, of source: AuditSource) async throws -> Answer {
    let workloads: [Workload]
    do {
      workloads = try source.workloads(object)
    } catch {
      return .unread("\(source.shown), line \(object.line): \(error.message)")
    }
    let beside = workloads.filter { $0.facts.role == .agent }
    var answers: [(facts: WorkloadFacts, judgement: AuditJudgement)] = []
    for workload in workloads
    where workload.facts.role == .application || workload.facts.role == .agent {
      answers.append((workload.facts, try await judgement(of: workload, beside: beside)))
    }
    return .workloads(answers)
  }

  private func judgement(of workload: Workload, beside: [Workload]) async throws
    -> AuditJudgement
  {
    guard workload.isConfigured || workload.facts.role == .agent else {
      return try AuditJudgement([], isConfigured: false)
    }
    // With an Agent beside it, its name tells which of them is its own.
    guard beside.isEmpty else {
      let others = agents + beside.filter { $0.facts.title != workload.facts.title }
      return try await judged(workload, others)
    }
    let nameless = workload.nameless
    var hasher = Hasher()
    nameless.hash(into: &hasher)
    let hash = hasher.finalize()
    let alike = known.withLock { $0.judged[hash] } ?? []
    if let same = alike.first(where: { $0.workload.isJudged(as: nameless) }) {
      return same.judgement
    }
    let judgement = try await judged(nameless, agents)
    known.withLock { known in
      if known.count >= Self.memory {
        known.judged = [:]
        known.count = 0
      }
      known.judged[hash, default: []].append((nameless, judgement))
      known.count += 1
    }
    return judgement
  }

  private func judged(_ workload: Workload, _ agents: [Workload]) async throws -> AuditJudgement {
    let settings = HostProbe.configuration(of: workload, agents: agents).settings(
      setup: options.setup, language: options.language
    ).settings
    let findings = await Runner(try checks(for: settings))
      .run(Observations(settings, recorded: [])).map(settings.fitting)
    return try AuditJudgement(findings, isConfigured: true)
  }

  /// Those that need no network, and that nobody left out.
  private func checks(for settings: Settings) throws -> [any Check<Observations>] {
    let kind = Kind(settings)
    if let checks = known.withLock({ $0.checks[kind] }) { return checks }
    let selection = try Selection(settings, options)
    let checks = selection.checks.filter { selection.excluded[$0.about.id] == nil }
    known.withLock { $0.checks[kind] = checks }
    return checks
  }
}
