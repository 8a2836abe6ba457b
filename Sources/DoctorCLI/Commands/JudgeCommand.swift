import Checks
import Configuration
import Diagnosis
import Probes

/// `judge F`: today's checks over a saved report's observations; no socket is opened.
enum JudgeCommand {
  static func run(_ path: String, _ options: Options, _ loop: MainLoop) async throws -> Int32 {
    let saved = try InputFile.report(path)
    guard saved.source.kind != Source.logs else {
      throw InputError(
        ExitStatus.badInput,
        "\(UsageError.shown(path)) is the report of a log: judge takes one of check or capture")
    }
    guard let configured = Configured(saved) else {
      throw InputError(
        ExitStatus.badInput,
        "\(UsageError.shown(path)) holds no configuration to judge: save it with --format json")
    }
    let settings = configured.settings
    let baseline = try options.baseline.map(InputFile.report)
    let isCaptured = saved.observations.contains { $0.question == ApplicationTraffic.name }
    let seen = Observations(settings, recorded: saved.observations)
    let plugins = await PluginSuite(
      saved.observations, seen, in: Set(Suite<Observations>.of(settings).checks.map(\.about.id)))
    let selection =
      isCaptured
      ? try Selection(.application, options, all: .everything)
      : try Selection(settings, options, plugins: plugins.checks)
    let findings = await Runner(
      selection.checks, excluding: selection.excluded, executor: loop
    ).run(seen).map { kept($0, from: saved) }
    let assembly = ReportAssembly(
      settings: settings, source: Source(kind: "report", name: visible(path)),
      findings: findings.map(settings.fitting).held(against: baseline), named: selection.named,
      runID: saved.runID)
    var report = await assembly.report(
      seen, startedAt: saved.startedAt, duration: .zero, options: options, interrupted: false,
      withObservations: false)
    report.exchanges = saved.exchanges
    report.observations = saved.observations
    return try ReportWriter(options).write(report)
  }

  /// What that run found wrong or could not tell, where the report lacks what it would take today.
  ///
  /// An interrupted run records no answers: without this the rest of it would be judged calm.
  private static func kept(_ finding: Finding, from saved: Report) -> Finding {
    guard finding.status == .skipped, finding.message.hasPrefix(Unobserved.reason),
      let before = saved.checks.first(where: { $0.id == finding.id })
    else { return finding }
    return switch before.status {
    case .failed, .warning, .unknown, .blocked: before
    case .passed, .skipped: finding
    }
  }
}
