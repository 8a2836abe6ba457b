import Checks
import Configuration
import Diagnosis
import Probes
import Reporters
import Wire

/// `audit --from F`: judges every workload of a file, without a network.
struct AuditCommand {
  /// Agents of different descriptions that applications are held against.
  private static let agentLimit = 16
  /// Objects that one task takes, and tasks that are under way.
  private static let batch = 32
  private static let atOnce = 8

  private let options: Options
  private let loop: MainLoop
  private let writer: AuditWriter
  private var tally = AuditTally()
  private let stop = Guarded(false)

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
    // A glob that meets no check is told before anything is read.
    _ = try Selection(.everything, options, all: .everything)
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
    let stop = stop
    Task(executorPreference: loop) {
      for await event in signals.events {
        if case .stop = event { stop.withLock { $0 = true } }
      }
    }
    do {
      var agents: [Workload] = []
      for source in sources { agents += await self.agents(of: source) }
      let judge = AuditJudge(options, agents: agents)
      for source in sources { try await audit(source, judge) }
      guard tally.count + tally.faultCount > 0 || isStopped else {
        throw InputError(
          ExitStatus.badInput,
          "\(sources.map(\.shown).joined(separator: ", ")): nothing of it runs; audit reads pods and"
            + " what makes them, containers, services, tasks and functions, and .env files")
      }
      return try end()
    } catch {
      writer.abandon()
      throw error
    }
  }

  private var isStopped: Bool { stop.withLock { $0 } }

  /// Agents that stand by themselves: an application may be led to them.
  private func agents(of source: AuditSource) async -> [Workload] {
    var found: [Workload] = []
    // What is no JSON to its end is told when it is judged.
    try? await source.each(loop) { objects in
      for object in objects where WorkloadReader.mayHoldAgent(object.bytes) {
        guard let workloads = try? source.workloads(object),
          !workloads.contains(where: { $0.facts.role == .application })
        else { continue }
        for agent in workloads
        where agent.facts.role == .agent
          && !found.contains(where: { $0.nameless.isJudged(as: agent.nameless) })
        { found.append(agent) }
      }
      return found.count < Self.agentLimit && !isStopped
    }
    return found
  }

  private mutating func audit(_ source: AuditSource, _ judge: AuditJudge) async throws {
    // What stands before a fault is whole, and is told.
    guard let fault = try await judged(source, judge) else { return }
    let message = "\(source.shown), line \(fault.line): \(fault.reason)"
    guard tally.count > 0 else { throw InputError(ExitStatus.badInput, message) }
    tally.add(fault: message)
  }

  /// Where the text stops being JSON; nil where all of it was judged.
  private mutating func judged(_ source: AuditSource, _ judge: AuditJudge) async throws
    -> JSONFault?
  {
    try await withThrowingTaskGroup(of: (Int, [AuditJudge.Answer]).self) { group in
      var ready: [Int: [AuditJudge.Answer]] = [:]
      var begun = 0
      var told = 0
      // Answers come as they are ready, and are told in the order of the file.
      func tell(downTo limit: Int, _ command: inout AuditCommand) async throws {
        while begun - told > limit {
          while let answers = ready.removeValue(forKey: told) {
            try command.tell(answers)
            told += 1
          }
          guard begun - told > limit, let (index, answers) = try await group.next() else { return }
          ready[index] = answers
        }
      }
      var fault: JSONFault?
      do {
        try await source.each(loop) { objects in
          for start in stride(from: 0, to: objects.count, by: Self.batch) {
            let batch = objects[start..<min(start + Self.batch, objects.count)]
            let index = begun
            group.addTask {
              var answers: [AuditJudge.Answer] = []
              for object in batch { answers.append(try await judge.answer(object, of: source)) }
              return (index, answers)
            }
            begun += 1
            try await tell(downTo: Self.atOnce, &self)
          }
          return !isStopped
        }
      } catch let flaw as JSONFault {
        fault = flaw
      }
      try await tell(downTo: 0, &self)
      return fault
    }
  }

  private mutating func tell(_ answers: [AuditJudge.Answer]) throws {
    for answer in answers {
      switch answer {
      case .unread(let reason): tally.add(fault: reason)
      case .workloads(let workloads):
        for (facts, judgement) in workloads {
          tally.add(facts, judgement)
          try writer.write { try judgement.line(facts) }
        }
      }
    }
  }

  private mutating func end() throws -> Int32 {
    tally.isInterrupted = isStopped
    try writer.end(tally, strict: options.strict)
    return tally.exitStatus(strict: options.strict)
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

  func end(_ tally: AuditTally, strict: Bool) throws {
    switch format {
    case .json:
      let end = try tally.end(strict: strict)
      pending += hasBegun ? "\n" : "{\"schemaVersion\":1,\"workloads\":["
      pending += "],\(end.dropFirst())\n"
    case .ndjson:
      pending += "\(try tally.end(strict: strict))\n"
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
