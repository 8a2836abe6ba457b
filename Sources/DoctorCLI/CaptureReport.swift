import Checks
import Configuration
import Diagnosis
import FoundationEssentials
import Probes
import Wire

/// Judges what was captured, and writes the report of it.
struct CaptureReport {
  private let settings: Settings
  private let traffic: CapturedTraffic
  private let options: Options
  private let source: Source
  private let start: Start
  private let loop: MainLoop

  /// When the watch began.
  struct Start {
    let timestamp = WallClock.timestamp()
    let instant = ContinuousClock.now
  }

  init(
    _ settings: Settings, _ traffic: CapturedTraffic, _ options: Options, source: Source,
    _ start: Start, _ loop: MainLoop
  ) {
    self.settings = settings
    self.traffic = traffic
    self.options = options
    self.source = source
    self.start = start
    self.loop = loop
  }

  /// The settings of an application of which only the traffic is known.
  static func settings(_ traffic: CapturedTraffic, _ options: Options) -> Settings {
    let observes =
      !traffic.events.isEmpty || traffic.openAI.contains { $0.llmObservability == 1 }
    return Settings(
      Environment(), HostFacts(), setup: options.setup ?? (observes ? .llmobsAgent : .apm),
      language: options.language ?? traffic.language, detectedFrom: ["what was captured"])
  }

  /// A watch that was broken off says so by its exit status.
  func write(interrupted: Bool = false) async throws -> Int32 {
    let selection = try Selection(.application, options, all: .everything)
    let recorded = [Recorded(ApplicationTraffic(), traffic)].compactMap { $0 }
    let seen = Observations(settings, recorded: recorded)
    let findings = await Runner(selection.checks, excluding: selection.excluded, executor: loop)
      .run(seen)
    let writer = ReportWriter(options)
    var report = await ReportAssembly(
      settings: settings, source: source, findings: findings.map(settings.fitting),
      named: selection.named, runID: UUID().uuidString.lowercased()
    ).report(
      seen, startedAt: start.timestamp, duration: ContinuousClock.now - start.instant,
      options: options, interrupted: false, withObservations: writer.wantsObservations)
    if interrupted { report.exitStatus = ExitStatus.interrupted }
    return try writer.write(report)
  }
}
