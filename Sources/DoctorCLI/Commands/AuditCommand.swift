import Checks
import Configuration
import Diagnosis
import Probes
import Reporters
import Wire

/// `audit --from F`: judges every workload of a file, without a network; what is equal is judged once.
struct AuditCommand {
  /// Judgements that are kept: more would be another memory for each workload.
  private static let memory = 2_000
  /// Agents of different descriptions that applications are held against.
  private static let agentLimit = 16

  private let options: Options
  private let loop: MainLoop
  private let writer: AuditWriter
  private var tally = AuditTally()
  private var agents: [Workload] = []
  private var judged: [Int: [(workload: Workload, judgement: AuditJudgement)]] = [:]
  private var judgedCount = 0

  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    guard !options.from.isEmpty else {
      throw UsageError(
        "audit needs a file: kubectl get deploy,ds,sts -A -o json | dd-doctor audit --from -")
    }
    guard [nil, .text, .json, .ndjson].contains(options.format) else {
      throw UsageError("audit has three formats: text, json and ndjson")
    }
    var options = options
    options.offline = true
    let sources = try options.from.map { try AuditSource($0) }
    var command = AuditCommand(options, loop, try AuditWriter(options))
    return try await command.audit(sources)
  }

  private init(_ options: Options, _ loop: MainLoop, _ writer: AuditWriter) {
    self.options = options
    self.loop = loop
    self.writer = writer
  }

  private mutating func audit(_ sources: [AuditSource]) async throws -> Int32 {
    let signals = EventStream()
    Signals.watch(signals, loop)
    let stop = Guarded(false)
    Task(executorPreference: loop) {
      for await event in signals.events {
        if case .stop = event { stop.withLock { $0 = true } }
      }
    }
    do {
      for source in sources { await findAgents(source) }
      for source in sources {
        do {
          try await source.each { object in
            try await judge(object, source)
            return !stop.withLock { $0 }
          }
        } catch let fault as JSONFault {
          let message = "\(source.shown), line \(fault.line): \(fault.reason)"
          guard tally.count > 0 else {
            throw InputError(ExitStatus.badInput, message)
          }
          tally.add(fault: message)
        }
      }
      return try end(interrupted: stop.withLock { $0 })
    } catch {
      writer.abandon()
      throw error
    }
  }

  /// Agents that stand by themselves: an application may be led to them.
  private mutating func findAgents(_ source: AuditSource) async {
    var found: [Workload] = []
    // What is no JSON to its end is told when it is judged.
    try? await source.each { object in
      guard WorkloadReader.mayHoldAgent(object.bytes),
        let workloads = try? source.workloads(object),
        !workloads.contains(where: { $0.facts.role == .application })
      else { return true }
      for agent in workloads
      where agent.facts.role == .agent
        && !found.contains(where: { $0.nameless.isJudged(as: agent.nameless) })
      { found.append(agent) }
      return found.count < Self.agentLimit
    }
    agents += found
  }

  private mutating func judge(_ object: AuditSource.Object, _ source: AuditSource) async throws {
    let workloads: [Workload]
    do {
      workloads = try source.workloads(object)
    } catch {
      return tally.add(fault: "\(source.shown), line \(object.line): \(error.message)")
    }
    let beside = workloads.filter { $0.facts.role == .agent }
    for workload in workloads
    where workload.facts.role == .application || workload.facts.role == .agent {
      let judgement = try await judgement(of: workload, beside: beside)
      tally.add(workload.facts, judgement)
      try writer.write { try judgement.line(workload.facts) }
    }
  }

  private mutating func judgement(of workload: Workload, beside: [Workload]) async throws
    -> AuditJudgement
  {
    guard workload.isConfigured || workload.facts.role == .agent else {
      return try AuditJudgement([], isConfigured: false)
    }
    // With an Agent beside it, its name tells which of them is its own.
    guard beside.isEmpty else {
      let others = agents + beside.filter { $0.facts.title != workload.facts.title }
      return try await findings(workload, others)
    }
    let nameless = workload.nameless
    var hasher = Hasher()
    nameless.hash(into: &hasher)
    let hash = hasher.finalize()
    if let known = judged[hash]?.first(where: { $0.workload.isJudged(as: nameless) }) {
      return known.judgement
    }
    let judgement = try await findings(nameless, agents)
    if judgedCount >= Self.memory {
      judged = [:]
      judgedCount = 0
    }
    judged[hash, default: []].append((nameless, judgement))
    judgedCount += 1
    return judgement
  }

  private func findings(_ workload: Workload, _ agents: [Workload]) async throws -> AuditJudgement {
    let settings = HostProbe.configuration(of: workload, agents: agents).settings(
      setup: options.setup, language: options.language
    ).settings
    let selection = try Selection(settings, options)
    let asked = selection.checks.filter { selection.excluded[$0.about.id] == nil }
    let findings = await Runner(asked, executor: loop)
      .run(Observations(settings, recorded: [])).map(settings.fitting)
    return try AuditJudgement(findings, isConfigured: true)
  }

  private func end(interrupted: Bool) throws -> Int32 {
    try writer.end(tally, strict: options.strict, interrupted: interrupted)
    return tally.exitStatus(strict: options.strict, interrupted: interrupted)
  }
}

/// Writes workloads as they are judged: JSON holds no more of them than is on its way.
private final class AuditWriter {
  private let format: Format
  private let file: OutputFile?
  private var pending = ""
  private var hasBegun = false

  init(_ options: Options) throws {
    format = options.format ?? .text
    file = try options.output.map { try OutputFile($0) }
  }

  func write(_ line: () throws -> String) throws {
    guard format != .text else { return }
    if format == .json {
      pending += hasBegun ? ",\n" : "{\"schemaVersion\":1,\"workloads\":[\n"
      hasBegun = true
      pending += try line()
    } else {
      pending += "{\"workload\":\(try line())}\n"
    }
    if pending.utf8.count > 1 << 16 { try flush() }
  }

  func end(_ tally: AuditTally, strict: Bool, interrupted: Bool) throws {
    switch format {
    case .json:
      let end = try tally.end(strict: strict, interrupted: interrupted)
      pending += hasBegun ? "\n" : "{\"schemaVersion\":1,\"workloads\":["
      pending += "],\(end.dropFirst())\n"
    case .ndjson:
      pending += "\(try tally.end(strict: strict, interrupted: interrupted))\n"
    default: pending += tally.text
    }
    try flush()
    try file?.commit()
  }

  func abandon() {
    file?.abandon()
  }

  private func flush() throws {
    if let file {
      try file.write(pending)
    } else {
      try Output.write(pending, to: 1)
    }
    pending.removeAll(keepingCapacity: true)
  }
}
