import Checks
import Configuration
import Diagnosis
import Probes
import Wire

/// Makes the report of findings and observations.
struct ReportAssembly {
  let settings: Settings
  let source: Source
  let findings: [Finding]
  /// What --only names; where none of it could run, nothing was found out.
  var named: Set<CheckID>?
  let runID: String

  func report(
    _ seen: Observations, startedAt: String, duration: Duration, options: Options,
    interrupted: Bool, withObservations: Bool
  ) async -> Report {
    // What an interrupted run still asks is not waited for.
    let transfers = interrupted ? [] : await seen.transfers()
    let recorded = interrupted || !withObservations ? [] : await seen.recorded()
    var report = Report(
      tool: Tool(name: Version.name, version: Version.number), runID: runID, startedAt: startedAt,
      durationMilliseconds: duration.milliseconds,
      setup: SetupSummary(
        name: settings.setup.rawValue, language: settings.language?.rawValue,
        detectedFrom: settings.detectedFrom),
      source: source, verdict: Verdict(judged),
      exitStatus: ExitStatus.of(judged, strict: options.strict, interrupted: interrupted),
      tracer: tracer, agent: await agent(interrupted ? nil : seen),
      delivery: DeliveryLadder(
        settings: settings, findings: findings, source: source, runID: runID,
        traffic: isCaptured ? try? await seen.traffic : nil
      ).delivery,
      exchanges: transfers, configuration: configuration, checks: findings,
      observations: (withObservations ? [Configured(settings).recorded].compactMap { $0 } : [])
        + recorded)
    report.onboarding = interrupted ? nil : await Onboarding(findings, seen)
    return report
  }

  private var tracer: TracerSummary {
    let language = settings.language ?? .python
    let logs = SettingsRegistry.standard("DD_LOGS_INJECTION", language.rawValue)
    let logInjection =
      settings.environment.text("DD_LOGS_INJECTION").map {
        ["true", "1", "structured"].contains(TracerValue.trimmingBlanks($0).lowercased())
      } ?? (logs == "true")
    return TracerSummary(
      enabled: settings.isOn("DD_TRACE_ENABLED", default: true),
      debug: settings.isOn("DD_TRACE_DEBUG", default: false), logInjection: logInjection,
      service: settings.service, env: settings.env, version: settings.version,
      tags: settings.environment.value("DD_TAGS").map { printable($0, limit: 400) })
  }

  /// The findings that decide: those that were asked for, where none of them came to an answer.
  private var judged: [Finding] {
    guard let named else { return findings }
    let asked = findings.filter { named.contains($0.id) }
    return asked.allSatisfy { $0.status == .skipped } && !findings.contains { $0.status == .failed }
      ? asked : findings
  }

  private var isCaptured: Bool { findings.contains { $0.group == "application" } }

  private func finding(_ id: CheckID) -> Finding? { findings.first { $0.id == id } }

  private func agent(_ seen: Observations?) async -> AgentSummary {
    let address = settings.agent
    guard settings.setup.usesAgent else {
      return AgentSummary(url: nil, mode: nil, version: nil, state: .notApplicable, error: nil)
    }
    let isAsked = findings.contains {
      $0.id == "agent.reachable" && [.passed, .failed].contains($0.status)
    }
    let info = isAsked ? try? await seen?.agentInfo : nil
    let version =
      info?.description?.version ?? info?.exchange.answer?.fields["Datadog-Agent-Version"]
    func summary(_ state: AgentSummary.State, _ error: String? = nil) -> AgentSummary {
      AgentSummary(
        url: printable(address.url, limit: 400), mode: address.endpoint?.mode, version: version,
        state: state, error: error)
    }
    // Where it passed, the tracer sends LLM Observability through the Agent.
    let proxies = finding("llmobs.mode")?.status == .passed
    if let failed = findings.first(where: {
      $0.status == .failed && ($0.group == "agent" || proxies && $0.id == "llmobs.span")
    }) {
      return summary(.failed, error(failed, info?.exchange))
    }
    if isCaptured, let traffic = try? await seen?.traffic, traffic.forwarding != nil,
      let refused = findings.first(where: {
        $0.status == .failed && DeliveryLadder.isRefusal($0, traffic)
      })
    {
      return summary(.failed, "\(printable(address.url, limit: 400)): \(refused.message)")
    }
    let answers = finding("agent.answers")?.status
    switch finding("agent.span")?.status {
    case .passed: return summary(.ok)
    // The user skipped the span: an Agent's answer to /info is the evidence that is left.
    case .skipped where (answers == .passed || answers == .warning) && isSpanSkipped:
      return summary(.ok)
    default: return summary(.notChecked)
    }
  }

  private var isSpanSkipped: Bool {
    let message = finding("agent.span")?.message ?? ""
    return message == Selection.skipped || message.hasPrefix(Selection.skippedByProject)
  }

  /// What was tried, where, and what came back.
  private func error(_ finding: Finding, _ exchange: Exchange?) -> String {
    let url = printable(settings.agent.url, limit: 400)
    switch finding.id {
    case "agent.address":
      return "Agent not reachable at \(url) (\(finding.message))"
    case "agent.reachable":
      return "Agent not reachable at \(url) (\(exchange?.fault?.message ?? finding.message))"
    default:
      let place = settings.agent.endpoint?.description ?? ""
      let message =
        finding.message.hasPrefix(place)
        ? "\(url)\(finding.message.dropFirst(place.count))" : "\(url): \(finding.message)"
      let answer = finding.evidence.first { $0.name == "answer" }?.measured ?? ""
      return answer.isEmpty || message.contains(answer) ? message : "\(message) (\(answer))"
    }
  }

  private var configuration: [ConfiguredValue] {
    let language = (settings.language ?? .python).rawValue
    let beaten = settings.environment.shadowed
    let lost = settings.agent.shadowed
    let winner = settings.agent.origin.first?.name
    return settings.environment.variables.map { variable in
      ConfiguredValue(
        name: printable(variable.name), value: variable.shown, origin: variable.origin,
        default: SettingsRegistry.standard(variable.name, language),
        secret: variable.secret != nil,
        shadowed: (variable.name == winner
          ? lost.map { "\($0.name)=\(printable($0.value))" } : [])
          + beaten.filter { $0.name == variable.name }.map { "\($0.shown) (\($0.origin))" })
    }
  }
}
