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
  private let loop: MainLoop
  private let runID = CheckRun.newRunID()
  private let startedAt = WallClock.timestamp()
  private let start = ContinuousClock.now

  init(
    _ settings: Settings, _ credentials: Credentials, _ options: Options, _ loop: MainLoop,
    source: Source = Source(kind: "process", name: "environment")
  ) {
    var settings = settings
    settings.findsSite = options.findsSite
    self.settings = settings
    self.source = source
    self.loop = loop
    self.credentials = credentials
    self.options = options
  }

  /// Runs to the end, writes every report, and says how the process ends.
  func perform() async throws -> Int32 {
    if let file = options.caFile, access(file, R_OK) != 0 {
      throw InputError(
        ExitStatus.noInput,
        "--cacert \(UsageError.shown(file)): \(String(cString: strerror(errno)))")
    }
    let selection = try Selection(.of(settings.setup), options, all: .everything)
    let events = EventStream()
    let waitEnd = options.wait.map { start + $0 }
    Signals.watch(events, loop)
    let progress = Progress(Terminal(STDERR_FILENO), loop)
    let debug = options.debug ? DebugLog() : nil
    let lines = format == .ndjson && options.output == nil ? NDJSONReporter() : nil
    debug?.line(
      "setup \(settings.setup.rawValue), \(settings.detectedFrom.joined(separator: ", "))")
    while true {
      let world = World(
        credentials: credentials, runID: runID, version: Version.number, timeout: options.timeout,
        retries: options.retries, deadline: options.deadline,
        tls: TLSOptions(settings, caFile: options.caFile, connectTo: options.connectTo),
        executor: loop)
      let seen = Observations(settings, world: world, events: events)
      // Probes end with the round by themselves; the grace lets their own answers come first.
      let end = loop.after(options.deadline + .milliseconds(250)) {
        events.send(.stop(.deadline))
      }
      var stopped: StopReason?
      let runner = Runner(selection.checks, excluding: selection.excluded, executor: loop)
      let findings = await runner.run(seen, events: events) { event in
        progress?.note(event)
        debug?.note(event)
        if let line = try? lines?.render(event) { try? Output.write(line, to: STDOUT_FILENO) }
        if case .stop(let reason) = event { stopped = reason }
      }
      loop.cancel(end)
      let failed = findings.contains { $0.status == .failed }
      if failed, stopped == nil, let waitEnd, ContinuousClock.now < waitEnd {
        debug?.line("wait  something failed; another round in 500 ms")
        await loop.pause(.milliseconds(500))
        continue
      }
      progress?.end()
      return try await write(findings.map(settings.fitting), seen, stopped)
    }
  }

  private var format: Format { options.format ?? .text }

  private func write(_ findings: [Finding], _ seen: Observations, _ stopped: StopReason?)
    async throws -> Int32
  {
    let formats = [format] + options.reports.map(\.format)
    let report = await ReportAssembly(
      settings: settings, source: source, findings: findings, runID: runID
    ).report(
      seen, startedAt: startedAt, duration: ContinuousClock.now - start, options: options,
      interrupted: stopped == .interrupted,
      withObservations: formats.contains { $0 == .json || $0 == .ndjson })
    for target in options.reports {
      try Output.write(try render(report, target.format, Style()), toFile: target.path)
    }
    if let path = options.output {
      try Output.write(try render(report, format, Style()), toFile: path)
    } else {
      let style = Terminal(STDOUT_FILENO).style(options)
      try Output.write(try render(report, format, style), to: STDOUT_FILENO)
    }
    return report.exitStatus
  }

  private func render(_ report: Report, _ format: Format, _ style: Style) throws -> String {
    switch format {
    case .text: TextReporter(style).render(report)
    case .info: InfoReporter().render(report)
    case .json: try JSONReporter().render(report)
    case .ndjson: try NDJSONReporter().render(report)
    }
  }

  /// A UUID: 32 hex digits in a row would look like an API key to every scanner, ours too.
  private static func newRunID() -> String {
    UUID().uuidString.lowercased()
  }
}
