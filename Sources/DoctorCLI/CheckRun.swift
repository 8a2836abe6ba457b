import Checks
import Configuration
import Diagnosis
import FoundationEssentials
import Probes
import Reporters
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A run of checks, from settings to reports: what `check`, `span` and `demo` share.
struct CheckRun {
  let settings: Settings
  let credentials: Credentials
  let options: Options
  let source: Source
  let loop: MainLoop
  /// Whether executables on PATH are asked that are checks of others.
  let asksPlugins: Bool
  private let runID = CheckRun.newRunID()
  private let startedAt = WallClock.timestamp()
  private let start = ContinuousClock.now

  init(
    _ settings: Settings, _ credentials: Credentials, _ options: Options, _ loop: MainLoop,
    source: Source = Source(kind: "process", name: "environment"), asksPlugins: Bool = false
  ) {
    var settings = settings
    settings.findsSite = options.findsSite
    settings.verifiesDelivery = options.looksForSpans
    self.settings = settings
    self.source = source
    self.loop = loop
    self.credentials = credentials
    self.options = options
    Output.guards(credentials)
    self.asksPlugins = asksPlugins && options.canMeanPlugins
  }

  /// Runs to the end, writes every report, and says how the process ends.
  func perform() async throws -> Int32 {
    if let file = options.caFile, access(file, R_OK) != 0 {
      throw InputError(
        ExitStatus.noInput,
        "--cacert \(UsageError.shown(file)): \(String(cString: strerror(errno)))")
    }
    let events = EventStream()
    Signals.watch(events, loop)
    let plugins = discovery
    let selection = try Selection(
      settings, options, plugins: options.namesPlugins ? await checks(of: plugins) : [])
    let baseline = try options.baseline.map(InputFile.report)
    // With --verify the time is for looking, not for rounds.
    let patience = options.looksForSpans ? options.wait ?? .seconds(120) : nil
    let waitEnd = patience == nil ? options.wait.map { start + $0 } : nil
    let deadline = (options.deadline ?? .seconds(30)) + (patience ?? .zero)
    let progress = options.debug ? nil : Progress(Terminal(STDERR_FILENO), loop)
    let debug = options.debug ? DebugLog() : nil
    let writer = ReportWriter(options)
    let lines = writer.format == .ndjson && options.output == nil ? NDJSONReporter() : nil
    debug?.line(
      "setup \(settings.setup.rawValue), \(settings.detectedFrom.joined(separator: ", "))")
    while true {
      let world = World(
        credentials: credentials, runID: runID, version: Version.number, timeout: options.timeout,
        retries: options.retries, deadline: deadline,
        tls: TLSOptions(settings, caFile: options.caFile, connectTo: options.connectTo),
        patience: patience ?? .zero, executor: loop)
      let seen = Observations(settings, world: world, events: events)
      // Probes end with the round by themselves; the grace lets their own answers come first.
      let end = loop.after(deadline + .milliseconds(250)) {
        events.send(.stop(.deadline))
      }
      let round = try await round(seen, selection, plugins, events) { event in
        progress?.note(event)
        debug?.note(event)
        if let line = try? lines?.render(event) { try? Output.write(line, to: writer.stream) }
      }
      loop.cancel(end)
      let stopped = round.stopped
      if stopped != nil { ChildProcess.endAll() }
      let findings = round.findings.map(settings.fitting).held(against: baseline)
      let failed = findings.contains { $0.status == .failed && $0.known != true }
      if failed, stopped == nil, let waitEnd, ContinuousClock.now < waitEnd {
        debug?.line("wait  something failed; another round in 500 ms")
        await loop.pause(.milliseconds(500))
        continue
      }
      progress?.end()
      return try await write(findings, seen, stopped, round.named)
    }
  }

  private func write(
    _ findings: [Finding], _ seen: Observations, _ stopped: StopReason?, _ named: Set<CheckID>?
  ) async throws -> Int32 {
    let writer = ReportWriter(options)
    return try writer.write(
      await report(findings, seen, stopped, named, withObservations: writer.wantsObservations))
  }

  /// The report of what was found so far.
  func report(
    _ findings: [Finding], _ seen: Observations, _ stopped: StopReason?, _ named: Set<CheckID>?,
    withObservations: Bool
  ) async -> Report {
    await ReportAssembly(
      settings: settings, source: source, findings: findings, named: named, runID: runID
    ).report(
      seen, startedAt: startedAt, duration: ContinuousClock.now - start, options: options,
      interrupted: stopped == .interrupted, withObservations: withObservations)
  }

  /// A UUID: 32 hex digits in a row would look like an API key to every scanner, ours too.
  static func newRunID() -> String {
    UUID().uuidString.lowercased()
  }
}

extension Options {
  /// Whether what became of the test spans is to be found out.
  var looksForSpans: Bool {
    verifies
      || only.contains { pattern in
        Suite.delivery(nil).checks.contains { Selection.matches($0.about.id.rawValue, pattern) }
      }
  }
}
