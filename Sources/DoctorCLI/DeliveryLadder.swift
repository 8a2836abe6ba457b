import Configuration
import Diagnosis
import Wire

/// How far telemetry was proved to get, read from the findings.
struct DeliveryLadder {
  let settings: Settings
  let findings: [Finding]
  let source: Source
  let runID: String
  /// What an application was seen to send; nil where none was watched.
  var traffic: CapturedTraffic?

  var delivery: Delivery {
    if let traffic { return Delivery(captured(traffic)) }
    return switch settings.setup {
    case .llmobsAgent, .apm: Delivery([configured] + throughAgent)
    case .llmobsAgentless, .llmobsLambda: Delivery([configured] + straight)
    case .openAIAPI: Delivery([configured] + fetched)
    }
  }

  private var isDemo: Bool { source.kind == "demo" }

  private func finding(_ id: CheckID) -> Finding? { findings.first { $0.id == id } }

  // MARK: What is configured

  private var configured: Delivery.Step {
    let judging = findings.filter {
      ["environment", "lambda", "kubernetes", "docker", "ecs"].contains($0.group)
        || Self.configuring.contains($0.id)
    }
    if let failed = judging.first(where: { $0.status == .failed }) {
      return .init(.configured, .failed, failed.message)
    }
    return judging.allSatisfy { $0.status == .skipped }
      ? .init(.configured, .unknown, "not judged")
      : .init(.configured, .reached, "nothing in the configuration stops it")
  }

  /// Checks of other groups that judge the configuration alone.
  private static let configuring: Set<CheckID> = [
    "agent.address", "agent.site", "datadog.key.present", "datadog.key.shape", "site.known",
    "site.llmobs",
    "llmobs.enabled", "llmobs.app-name", "llmobs.mode", "openai.key.present",
  ]

  // MARK: What an application sends

  private func captured(_ traffic: CapturedTraffic) -> [Delivery.Step] {
    let sent = [finding("application.openai-span"), finding("application.llmobs-span")]
      .compactMap { $0 }.first { $0.status == .passed }
    let failed = findings.first { $0.status == .failed && !Self.isRefusal($0, traffic) }
    let configured: Delivery.Step =
      if let failed {
        .init(.configured, .failed, failed.message)
      } else if findings.contains(where: { Self.isRefusal($0, traffic) }) {
        .init(
          .configured, .reached, "the application's own tracer sent what the Agent did not take")
      } else if let sent {
        .init(.configured, .reached, "the application's own tracer sent \(sent.message)")
      } else {
        .init(.configured, .unknown, "nothing of OpenAI's came")
      }
    let none = "a stand-in took the Agent's place: dd-doctor span asks the real one"
    let rest = "not asked: dd-doctor span --verify does"
    guard let forwarding = traffic.forwarding else {
      return [configured, .init(.connected, .unknown, none), .init(.accepted, .unknown, none)]
        + [.counted, .forwarded, .stored].map { .init($0, .unknown, rest) }
    }
    return [configured] + forwarded(forwarding, traffic)
      + [.counted, .forwarded, .stored].map { .init($0, .unknown, rest) }
  }

  /// What came is in doubt only for what the Agent behind the stand-in said: that stands further
  /// down.
  static func isRefusal(_ finding: Finding, _ traffic: CapturedTraffic) -> Bool {
    guard finding.status == .failed || finding.status == .unknown else { return false }
    return finding.id == "application.openai-span" && !traffic.openAI.isEmpty
      || finding.id == "application.llmobs-span" && !traffic.events.isEmpty
  }

  private func forwarded(
    _ forwarding: CapturedForwarding, _ traffic: CapturedTraffic
  ) -> [Delivery.Step] {
    guard forwarding.answered > 0 else {
      let why = forwarding.fault ?? "nothing was passed on"
      return [
        .init(
          .connected, forwarding.fault == nil ? .unknown : .failed, "\(forwarding.url): \(why)"),
        .init(.accepted, forwarding.fault == nil ? .unknown : .notReached, why),
      ]
    }
    let statuses = traffic.endpoints.filter { $0.path.hasSuffix("/traces") }.map(\.statuses)
      .reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    let accepted: Delivery.Step =
      // 0 stands for no answer.
      if let refused = statuses.keys.filter({ $0 > 0 && !(200..<300).contains($0) }).min() {
        .init(.accepted, .failed, "the Agent answered \(refused) to traces")
      } else if let lost = statuses[0] {
        .init(
          .accepted, statuses.count == 1 ? .failed : .unknown,
          "\(lost) of \(statuses.values.reduce(0, +)) requests with traces got no answer: "
            + (forwarding.fault ?? "no reason is known"))
      } else if statuses.isEmpty {
        .init(.accepted, .unknown, "no traces were passed on")
      } else {
        .init(.accepted, .reached, "the Agent took the application's traces")
      }
    return [
      .init(
        .connected, .reached,
        "\(forwarding.url) answered \(forwarding.answered) requests that were passed on"
          + (forwarding.datagramFault.map { "; no metric was passed on: \($0)" } ?? "")),
      accepted,
    ]
  }

  // MARK: Through an Agent

  private var throughAgent: [Delivery.Step] {
    let first = [step(.connected, "agent.answers"), step(.accepted, "agent.span")]
    let forwarded = forwarded
    guard configured.status != .failed, first.allSatisfy({ $0.status == .reached }) else {
      let rest = below(first, [.counted, .forwarded, .stored])
      // The Agent's own way out can be known without a span.
      return first + (rest[1].status == .unknown ? [rest[0], forwarded, rest[2]] : rest)
    }
    let stored = stored(
      isBelowFailure: forwarded.status == .failed || forwarded.status == .notReached)
    return first + [proved(counted, by: stored), proved(forwarded, by: stored), stored]
  }

  private var counted: Delivery.Step {
    finding("delivery.counted") == nil
      ? .init(.counted, .unknown, "not asked: dd-doctor span --verify, on the Agent's host")
      : step(.counted, "delivery.counted")
  }

  /// What was found at the end of the way has passed the rungs that nobody could read.
  private func proved(_ step: Delivery.Step, by stored: Delivery.Step) -> Delivery.Step {
    guard step.status == .unknown, stored.status == .reached else { return step }
    return .init(step.name, .reached, "what is stored has passed here")
  }

  private var forwarded: Delivery.Step {
    let asked = [finding("agent.forwarding"), finding("llmobs.span")].compactMap { $0 }
    if let failed = asked.first(where: { $0.status == .failed }) {
      return .init(.forwarded, .failed, failed.message)
    }
    // What the intake answers to the LLM Observability span, the Agent hands back.
    if let span = finding("llmobs.span"), span.status == .passed,
      span.evidence.contains(where: { $0.name == "intake" })
    {
      return .init(.forwarded, .reached, "LLM Observability's intake: \(span.message)")
    }
    if let span = finding("llmobs.span"), span.status == .blocked {
      return .init(.forwarded, .notReached, span.message)
    }
    // A good key and an open way are no receipt of the span itself.
    if isDemo { return .init(.forwarded, .unknown, "the stand-in plays the site's part, too") }
    let told = [finding("agent.forwarding"), finding("llmobs.span")].compactMap { $0 }
    let reason = told.first { $0.status != .skipped } ?? told.first
    return .init(.forwarded, .unknown, reason?.message ?? "not asked")
  }

  // MARK: Straight to the site

  private var straight: [Delivery.Step] {
    let accepted = step(.accepted, "llmobs.span")
    let first = [connectedToSite, accepted]
    let counted = Delivery.Step(.counted, .notApplicable, "no Agent in this setup")
    guard configured.status == .reached, first.allSatisfy({ $0.status == .reached }) else {
      let rest = below(first, [.forwarded, .stored])
      return first + [counted] + rest
    }
    return first + [
      counted, .init(.forwarded, .reached, "the intake itself answered"),
      stored(isBelowFailure: false),
    ]
  }

  private var connectedToSite: Delivery.Step {
    let site = step(.connected, "site.reachable")
    guard site.status == .reached, let egress = finding("llmobs.egress"),
      egress.status == .failed
    else { return site }
    return .init(.connected, .failed, egress.message)
  }

  // MARK: Fetched by Datadog

  /// Datadog's crawler asks OpenAI by itself: nothing of ours is on that way.
  private var fetched: [Delivery.Step] {
    let key = step(.connected, "openai.key.valid")
    let none = "Datadog's crawler fetches it from OpenAI: nothing is sent from here"
    let crawler = finding("openai.crawler")?.message ?? "can't be seen from here"
    return [
      key, .init(.accepted, .notApplicable, none), .init(.counted, .notApplicable, none),
      .init(.forwarded, .notApplicable, none),
      key.status == .reached
        ? .init(.stored, .unknown, crawler) : below([key], [.stored])[0],
    ]
  }

  // MARK: Rungs

  private func step(_ rung: Delivery.Rung, _ id: CheckID) -> Delivery.Step {
    guard let finding = finding(id) else { return .init(rung, .unknown, "not asked") }
    return switch finding.status {
    case .passed, .warning: .init(rung, .reached, finding.message)
    case .failed: .init(rung, .failed, finding.message)
    // What can't be connected to fails this rung, not one below it.
    case .blocked where rung == .connected: .init(rung, .failed, cause(of: finding))
    case .blocked: .init(rung, .notReached, finding.message)
    case .unknown, .skipped: .init(rung, .unknown, finding.message)
    }
  }

  private func cause(of finding: Finding) -> String {
    finding.blockedBy.flatMap { self.finding($0)?.message } ?? finding.message
  }

  private func below(_ steps: [Delivery.Step], _ rest: [Delivery.Rung]) -> [Delivery.Step] {
    let isBroken = ([configured] + steps).contains {
      $0.status == .failed || $0.status == .notReached
    }
    return rest.map {
      .init(
        $0, isBroken ? .notReached : .unknown, isBroken ? "below a failed rung" : "not asked")
    }
  }

  private func stored(isBelowFailure: Bool) -> Delivery.Step {
    let found = ["delivery.stored", "delivery.llmobs-stored"].compactMap { finding($0) }
      .filter { $0.status != .skipped || !isInapplicable($0) }
    if !found.isEmpty, found.allSatisfy({ $0.status == .passed }) {
      return .init(.stored, .reached, found.map(\.message).joined(separator: "; "))
    }
    if isBelowFailure { return .init(.stored, .notReached, "below a failed rung") }
    let open = found.first { $0.status != .passed }
    return .init(.stored, .unknown, open?.message ?? whereToLook)
  }

  /// Whether nothing was sent that could be stored there.
  private func isInapplicable(_ finding: Finding) -> Bool {
    finding.id == "delivery.llmobs-stored" && self.finding("llmobs.span")?.status == .skipped
  }

  private var whereToLook: String {
    if isDemo { return "the stand-in keeps what it is sent" }
    guard let host = settings.site.site?.appHost else {
      return "look for dd_doctor.run_id:\(runID) on the site that the data goes to"
    }
    let traces = "https://\(host)/apm/traces?query=service:dd-doctor%20@dd_doctor.run_id:\(runID)"
    let spans = "https://\(host)/llm/traces?query=@ml_app:dd-doctor%20dd_doctor.run_id:\(runID)"
    let look = settings.setup.usesLLMObservability ? spans : traces
    return "look for it: \(look)" + (settings.usesOwnKey ? "" : " (on the Agent's own site)")
  }
}
