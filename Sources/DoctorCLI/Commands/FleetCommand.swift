import Checks
import Configuration
import Diagnosis
import Probes
import Reporters
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `fleet --agents F`: asks `/info` of many Agents at once; no span is sent, and no key.
struct FleetCommand {
  /// Each is a socket and at most a thread: far below the usual limit of 1,024 descriptors.
  private static let atOnce = 200

  private enum Happening: Sendable {
    case judged(Int, FleetReport.Agent)
    case stop(StopReason)
  }

  private let entries: [FleetEntry]
  private let options: Options
  private let loop: MainLoop
  private let suite = Suite<Observations>.fleet
  private let start = ContinuousClock.now
  private let end: ContinuousClock.Instant
  private let runID = CheckRun.newRunID()
  private let debug: DebugLog?

  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    guard let path = options.agents else {
      throw UsageError(
        "fleet needs a list of Agents: dd-doctor fleet --agents FILE, or - for standard input")
    }
    guard [nil, .text, .json, .ndjson].contains(options.format) else {
      throw UsageError("fleet has three formats: text, json and ndjson")
    }
    let shown = InputFile.shown(path)
    let entries = FleetEntry.list(try InputFile.bytes(path), file: shown)
    guard !entries.isEmpty else {
      throw InputError(
        ExitStatus.badInput, "\(shown): names no Agent; it holds one host[:port] or URL a line")
    }
    let command = FleetCommand(entries, options, loop)
    let (agents, stopped) = await command.judged()
    let report = FleetReport(
      agents, strict: options.strict, interrupted: stopped == .interrupted,
      duration: ContinuousClock.now - command.start)
    return try command.write(report)
  }

  private init(_ entries: [FleetEntry], _ options: Options, _ loop: MainLoop) {
    self.entries = entries
    self.options = options
    self.loop = loop
    debug = options.debug ? DebugLog() : nil
    end = start + (options.deadline ?? .seconds(300))
  }

  /// Every Agent in the list's order, and what ended the run before all of them were asked.
  private func judged() async -> ([FleetReport.Agent], StopReason?) {
    let (happenings, told) = AsyncStream<Happening>.makeStream()
    let events = EventStream()
    Signals.watch(events, loop)
    Task(executorPreference: loop) {
      for await event in events.events {
        if case .stop(let reason) = event { told.yield(.stop(reason)) }
      }
    }
    loop.after(.milliseconds((end - start).milliseconds)) { told.yield(.stop(.deadline)) }
    let progress = FleetProgress(Terminal(STDERR_FILENO), of: entries.count)
    var answers = [FleetReport.Agent?](repeating: nil, count: entries.count)
    var begun = 0
    var stopped: StopReason?
    func begin() {
      guard begun < entries.count else { return }
      let index = begun
      begun += 1
      // On every core: the loop has the signals, and counts.
      Task { told.yield(.judged(index, await judge(entries[index]))) }
    }
    for _ in 0..<Self.atOnce { begin() }
    var count = 0
    for await happening in happenings {
      switch happening {
      case .judged(let index, let agent):
        answers[index] = agent
        count += 1
        progress?.note(count)
        debug?.line("fleet \(count) of \(entries.count) Agents")
        begin()
      case .stop(let reason): stopped = reason
      }
      if stopped != nil || count == entries.count { break }
    }
    progress?.end()
    let agents = zip(entries, answers).map { entry, answer in
      answer
        ?? FleetReport.Agent(entry, suite.checks.interrupted(stopped ?? .deadline), nil)
    }
    return (agents, stopped)
  }

  private func judge(_ entry: FleetEntry) async -> FleetReport.Agent {
    let settings = entry.settings
    // A world of its own: its connection ends with it.
    let world = World(
      runID: runID, version: Version.number, timeout: options.timeout, retries: options.retries,
      deadline: end - ContinuousClock.now,
      tls: TLSOptions(settings, caFile: options.caFile, connectTo: options.connectTo))
    let seen = Observations(settings, world: world)
    debug?.line("ask   \(settings.agent.url)")
    let findings = await Runner(suite.checks).inOrder(seen) { event in debug?.note(event) }
    // A malformed address is asked nothing.
    let info = settings.agent.endpoint == nil ? nil : try? await seen.agentInfo
    var agent = FleetReport.Agent(entry, findings, info)
    if options.format == .json || options.format == .ndjson {
      agent.text = try? JSONText.compact(agent)
    }
    return agent
  }

  private func write(_ report: FleetReport) throws -> Int32 {
    let text =
      switch options.format ?? .text {
      case .json: try report.json()
      case .ndjson: try report.lines()
      default: report.text(verbose: options.verbose)
      }
    if let path = options.output {
      try Output.write(text, toFile: path)
    } else {
      try Output.write(text, to: STDOUT_FILENO)
    }
    return report.exitStatus
  }
}

extension [any Check<Observations>] {
  /// What stands for them where the run ended before they began.
  fileprivate func interrupted(_ reason: StopReason) -> [Finding] {
    map { check in
      var finding = Finding.interrupted(check.about, reason)
      if check.about.id != first?.about.id { finding.blockedBy = first?.about.id }
      return finding
    }
  }
}

/// An Agent of the list: the line that names it, and the way to it.
struct FleetEntry: Sendable {
  /// `agents.txt:12`.
  let place: String
  /// How many lines name the same one.
  var lines = 1
  let settings: Settings

  /// One `host[:port]` or URL a line; `#` begins a comment. Equal ones are asked once.
  static func list(_ bytes: [UInt8], file: String) -> [FleetEntry] {
    var entries: [FleetEntry] = []
    var places: [[UInt8]: Int] = [:]
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let text = trimmed(line.prefix { $0 != UInt8(ascii: "#") })
      guard !text.isEmpty else { continue }
      let url = url(text)
      if let known = places[url] {
        entries[known].lines += 1
        continue
      }
      places[url] = entries.count
      let place = "\(file):\(index + 1)"
      let variable = Array("DD_TRACE_AGENT_URL=".utf8) + url
      let (environment, _) = Environment.reading([variable], origin: place)
      entries.append(
        FleetEntry(
          place: place,
          settings: Settings(
            environment, HostFacts(), setup: .apm, language: .python, detectedFrom: [place])))
    }
    return entries
  }

  /// What stands there as a URL, with the port at which Agents listen.
  private static func url(_ text: [UInt8]) -> [UInt8] {
    guard text.firstRange(of: Array("://".utf8)) == nil else { return text }
    let isBareIPv6 =
      text.first != UInt8(ascii: "[") && text.count { $0 == UInt8(ascii: ":") } > 1
    let host = isBareIPv6 ? Array("[".utf8) + text + Array("]".utf8) : text
    let end = host.lastIndex(of: UInt8(ascii: "]")) ?? host.startIndex
    let hasPort = host[end...].contains(UInt8(ascii: ":"))
    return Array("http://".utf8) + host + (hasPort ? [] : Array(":8126".utf8))
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
    let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0D].contains($0) }
    let rest = line.drop(while: isBlank)
    return Array(rest[..<(rest.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? rest.startIndex)])
  }
}

/// How many of a fleet have answered: one line on a terminal's standard error.
private final class FleetProgress {
  private let count: Int
  private var shown = ContinuousClock.now
  private var isShown = false

  /// Nil where standard error is no terminal, or a dumb one.
  init?(_ terminal: Terminal, of count: Int) {
    guard terminal.isTerminal, !terminal.isDumb else { return nil }
    self.count = count
  }

  func note(_ done: Int) {
    guard ContinuousClock.now - shown > .milliseconds(100) else { return }
    shown = .now
    isShown = true
    try? Output.write("\r\u{1B}[K\(done) of \(count) Agents", to: STDERR_FILENO)
  }

  func end() {
    if isShown { try? Output.write("\r\u{1B}[K", to: STDERR_FILENO) }
  }
}
