import Diagnosis

/// The way of telemetry as a picture has it: stops, the links between them, and where it breaks.
struct Pipeline: Equatable, Sendable {
  struct Stop: Equatable, Sendable {
    var title: String
    var lines: [String]
    /// What became of it; nil beyond a break.
    var mark: Status?
  }

  struct Link: Equatable, Sendable {
    enum State: String, Equatable, Sendable {
      /// Telemetry was seen to pass.
      case proved
      /// It stops here.
      case broken
      /// Nobody could say.
      case unknown
      /// Beyond a break: nothing gets here.
      case dark
    }

    var state: State
    var label: String

    static let dark = Link(state: .dark, label: "")
  }

  /// In the order in which telemetry passes them, with one link fewer.
  var stops: [Stop]
  var links: [Link]
  /// What the application asks, where the run looked at it.
  var openAI: (stop: Stop, link: Link)?

  init(_ report: Report) {
    let reader = PipelineReader(report)
    switch report.setup.name {
    case "openai-api":
      stops = [reader.openAI, reader.site]
      links = [reader.openAILink("usage is readable")]
    case "llmobs-agentless":
      stops = [reader.application, reader.site]
      links = [reader.direct]
    default:
      stops = [reader.application, reader.agent, reader.site]
      links = [reader.toAgent, reader.onward]
    }
    if report.setup.name != "openai-api", reader.isOpenAIAsked {
      openAI = (reader.openAI, reader.openAILink("key is accepted"))
    }
  }

  static func == (left: Pipeline, right: Pipeline) -> Bool {
    left.stops == right.stops && left.links == right.links
      && left.openAI?.stop == right.openAI?.stop && left.openAI?.link == right.openAI?.link
  }

  /// The same in words, for those who can't see it.
  var description: String {
    var parts: [String] = []
    for (index, stop) in stops.enumerated() {
      parts.append("\(stop.title), \(stop.mark?.rawValue ?? "not reached")")
      guard index < links.count else { continue }
      parts.append(Self.words(links[index]))
    }
    if let openAI {
      parts.append("\(openAI.stop.title), \(openAI.stop.mark?.rawValue ?? "not reached")")
    }
    return "The way of telemetry: " + parts.joined(separator: "; ")
  }

  private static func words(_ link: Link) -> String {
    switch link.state {
    case .proved: "way proved: \(link.label)"
    case .broken: "way broken: \(link.label)"
    case .unknown: "way not proved: \(link.label)"
    case .dark: "nothing passes"
    }
  }
}

/// Reads stops and links out of a report.
private struct PipelineReader {
  let report: Report
  let isBeyondConfiguration: Bool

  init(_ report: Report) {
    self.report = report
    isBeyondConfiguration = !report.delivery.rungs.contains {
      $0.name == .configured && $0.status == .failed
    }
  }

  private func rung(_ name: Delivery.Rung) -> Delivery.RungStatus {
    report.delivery.rungs.first { $0.name == name }?.status ?? .unknown
  }

  /// The class of the first failure among these checks, else of the first there is.
  private func cause(_ ids: [CheckID]) -> String {
    let failed = report.checks.filter { $0.status == .failed }
    let cause = failed.first { ids.contains($0.id) } ?? failed.first
    return cause?.failureClass?.rawValue ?? "broken"
  }

  /// The worst in these groups; passed only where one of the checks that ask has passed.
  private func mark(_ groups: [String], provedBy asks: (CheckID) -> Bool) -> Status {
    let found = report.checks.filter { groups.contains($0.group) }
    let worstFirst: [Status] = [.failed, .unknown, .warning]
    if let worst = worstFirst.first(where: { status in found.contains { $0.status == status } }) {
      return worst
    }
    return found.contains { asks($0.id) && $0.status == .passed } ? .passed : .unknown
  }

  /// Whether a check reads from OpenAI what this setup is about: other checks read no answer.
  private func asksOpenAI(_ id: CheckID) -> Bool {
    report.setup.name == "openai-api"
      ? id.rawValue.hasPrefix("openai.usage.") || id == "openai.costs"
      : id == "openai.key.valid" || id == "openai.model-capabilities"
  }

  var isOpenAIAsked: Bool {
    report.checks.contains { asksOpenAI($0.id) && $0.status != .skipped }
  }

  var application: Pipeline.Stop {
    let tags = [report.tracer?.service, report.tracer?.env].compactMap { $0 }.joined(
      separator: " · ")
    return Pipeline.Stop(
      title: "Application",
      lines: [tags.isEmpty ? "no service name" : tags, report.setup.language ?? "any language"],
      mark: isBeyondConfiguration ? .passed : .failed)
  }

  var agent: Pipeline.Stop {
    let mark: Status? =
      switch (rung(.connected), rung(.accepted)) {
      case (.reached, .reached): rung(.counted) == .failed ? .failed : .passed
      case (.reached, .failed): .failed
      case (.reached, .unknown), (.reached, .notReached), (.reached, .notApplicable): .unknown
      case (.unknown, _), (.notApplicable, _): .unknown
      case (.failed, _), (.notReached, _): nil
      }
    let isLambda = report.setup.name == "llmobs-lambda"
    return Pipeline.Stop(
      title: isLambda ? "Extension" : "Agent",
      lines: [report.agent.url ?? "no address", report.agent.version ?? "version unknown"],
      mark: mark)
  }

  var site: Pipeline.Stop {
    let configured = report.configuration.first { $0.name == "DD_SITE" && !$0.value.isEmpty }
    let isAgentRoute = report.agent.state != .notApplicable
    let isOpenAI = report.setup.name == "openai-api"
    let mark: Status? =
      switch rung(.stored) {
      case .reached: .passed
      case .failed: .failed
      case .unknown where isBroken: nil
      case .unknown, .notApplicable: .unknown
      case .notReached: nil
      }
    return Pipeline.Stop(
      title: "Datadog",
      lines: [
        isAgentRoute ? "the Agent's own site" : configured?.value ?? "datadoghq.com",
        isOpenAI ? "reads them" : mark == .passed ? "stored" : "not seen there",
      ],
      mark: isOpenAI ? self.mark(["site", "datadog"]) { $0 == "datadog.key.valid" } : mark)
  }

  var openAI: Pipeline.Stop {
    let host = report.configuration.first { $0.name == "OPENAI_BASE_URL" }?.value
    return Pipeline.Stop(
      title: "OpenAI",
      lines: [
        host ?? "api.openai.com",
        report.setup.name == "openai-api" ? "usage and costs" : "what the application calls",
      ], mark: mark(["openai"], provedBy: asksOpenAI))
  }

  func openAILink(_ label: String) -> Pipeline.Link {
    let found = report.checks.filter { $0.group == "openai" }
    if let failed = found.first(where: { $0.status == .failed }) {
      return Pipeline.Link(state: .broken, label: failed.failureClass?.rawValue ?? "broken")
    }
    let answers = found.filter { asksOpenAI($0.id) }.map(\.status)
    let isProved = answers.contains(.passed) && !answers.contains(.unknown)
    return isProved
      ? Pipeline.Link(state: .proved, label: label)
      : Pipeline.Link(state: .unknown, label: "not proved")
  }

  private var isBroken: Bool {
    report.delivery.rungs.contains { $0.status == .failed || $0.status == .notReached }
  }

  var toAgent: Pipeline.Link {
    guard isBeyondConfiguration else { return .dark }
    switch rung(.connected) {
    case .reached:
      let isAccepted = rung(.accepted) == .reached
      return Pipeline.Link(state: .proved, label: isAccepted ? "span accepted" : "connected")
    case .failed, .notReached:
      return Pipeline.Link(
        state: .broken, label: cause(["agent.address", "agent.reachable", "agent.answers"]))
    case .unknown, .notApplicable: return Pipeline.Link(state: .unknown, label: "not asked")
    }
  }

  var onward: Pipeline.Link {
    switch rung(.forwarded) {
    case .reached: return Pipeline.Link(state: .proved, label: "forwarded")
    case .failed: return Pipeline.Link(state: .broken, label: cause(["agent.forwarding"]))
    case .notReached: return .dark
    case .unknown, .notApplicable:
      guard !isBroken else { return .dark }
      let way = report.checks.first { $0.id == "agent.forwarding" }
      return Pipeline.Link(
        state: .unknown, label: way?.status == .passed ? "way is open" : "not proved")
    }
  }

  /// Without an Agent: one link from the application to the site.
  var direct: Pipeline.Link {
    guard isBeyondConfiguration else { return .dark }
    let rungs = [rung(.connected), rung(.accepted)]
    if rungs.contains(.failed) || rungs.contains(.notReached) {
      return Pipeline.Link(state: .broken, label: cause([]))
    }
    return rungs.allSatisfy { $0 == .reached }
      ? Pipeline.Link(state: .proved, label: "span accepted")
      : Pipeline.Link(state: .unknown, label: "not proved")
  }
}
