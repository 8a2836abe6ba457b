import Checks
import Configuration
import Diagnosis
import Probes
import Reporters

/// What one round of checks came to.
struct Round {
  var findings: [Finding] = []
  /// What --only names; nil where it was not given.
  var named: Set<CheckID>?
  var stopped: StopReason?
}

// Our own checks, and behind them those of others, which see what ours have found.
extension CheckRun {
  /// The search for plug-ins, begun; nil where none is to be run.
  var discovery: PluginDiscovery? {
    guard asksPlugins else { return nil }
    let deadline = options.deadline ?? .seconds(30)
    return PluginDiscovery(without: credentials, timeout: min(options.timeout, deadline))
  }

  /// What was found, against this setup.
  func checks(of discovery: PluginDiscovery?) async -> [PluginCheck] {
    guard let plugins = await discovery?.plugins, !plugins.isEmpty else { return [] }
    return PluginSuite(
      plugins, for: settings.host.project,
      in: Set(Suite<Observations>.of(settings).checks.map(\.about.id))
    ).checks
  }

  func round(
    _ seen: Observations, _ selection: Selection, _ discovery: PluginDiscovery?,
    _ events: EventStream, onEvent: (Event) -> Void
  ) async throws -> Round {
    var round = Round(named: selection.named)
    let note = { (event: Event) in
      if case .stop(let reason) = event { round.stopped = reason }
      onEvent(event)
    }
    let own = selection.checks.filter { !($0 is PluginCheck) }
    round.findings = await Runner(own, excluding: selection.excluded, executor: loop)
      .run(seen, events: events, onEvent: note)
    let others = await checks(of: discovery)
    guard !others.isEmpty else { return round }
    if let stopped = round.stopped {
      round.findings += others.map { .interrupted($0.about, stopped) }
      return round
    }
    let whole = try Selection(settings, options, plugins: others)
    round.named = whole.named
    let checks = try await given(whole, round.findings, seen)
    round.findings = await Runner(checks, excluding: whole.excluded, executor: loop)
      .run(seen, after: round.findings, events: events, onEvent: note)
    return round
  }

  /// The checks of a selection, its plug-ins with the report so far.
  private func given(_ selection: Selection, _ findings: [Finding], _ seen: Observations)
    async throws -> [any Check<Observations>]
  {
    let isAsked = selection.checks.contains {
      $0 is PluginCheck && selection.excluded[$0.about.id] == nil
    }
    guard isAsked else { return selection.checks }
    let report = await report(
      findings.map(settings.fitting), seen, nil, selection.named, withObservations: true)
    let text = Output.passed(try JSONReporter().render(report))
    return selection.checks.map { check in
      guard var plugin = check as? PluginCheck else { return check }
      plugin.report = text
      return plugin
    }
  }
}

extension Options {
  /// Whether a plug-in could run here at all.
  var canMeanPlugins: Bool {
    plugins && (only.isEmpty || only.contains(where: Plugins.canMean))
  }

  /// Whether a pattern may name a plug-in, so that they have to be known first.
  var namesPlugins: Bool { (only + skip).contains(where: Plugins.canMean) }
}
