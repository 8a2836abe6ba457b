package import Configuration
import Diagnosis
package import Wire

/// What several of these checks read from the traffic.
extension CapturedTraffic {
  /// Whether any tracer said anything, were it only a question for `/info`.
  var hasSpoken: Bool { requests > 0 }

  var hasTelemetry: Bool { !telemetry.messages.isEmpty }

  /// OpenAI's spans and events, all of them.
  var openAICount: Int { openAI.reduce(0) { $0 + $1.count } }
  var eventCount: Int { events.reduce(0) { $0 + $1.count } }

  /// The language of the tracer that spoke.
  package var language: Language? {
    tracers.lazy.compactMap { Self.languages[$0.language.lowercased()] }.first
  }

  /// Whether a tracer that spoke would ask a proxy for its Agent; here the stand-in was excepted.
  var asksProxyForAgent: Bool {
    tracers.contains {
      $0.language == "python"
        && $0.version.flatMap(PackageVersion.init)?.asksProxyForAgent ?? false
    }
  }

  /// The tracer itself says that it traces nothing.
  var isTracingOff: Bool { isOff("DD_TRACE_ENABLED") }

  /// A tracer says that a switch is off, and no span says otherwise: of several processes each has
  /// its own, and the last to start is believed.
  func isOff(_ name: String) -> Bool {
    spans == 0 && telemetry.setting(name)?.value == "false"
  }

  /// APM is off, and LLM Observability goes by itself.
  func isAPMOff(_ settings: Settings) -> Bool {
    isOff("DD_APM_TRACING_ENABLED")
      || !settings.isOn("DD_APM_TRACING_ENABLED", default: true)
  }

  /// The application loaded OpenAI's library, or was seen to call it.
  var usesOpenAI: Bool {
    callsSeen > 0 || telemetry.dependencies.contains { $0.name.hasPrefix("openai") }
  }

  /// The tracer lists what it instruments, and OpenAI's library is not in it though it is used.
  var leavesOpenAIOut: Bool {
    guard openAICount == 0, eventCount == 0, usesOpenAI, !isTracingOff else { return false }
    return telemetry.integrations.isEmpty && (telemetry.integrationCount > 0 || callsSeen > 0)
  }

  /// Why some of what came could not be read; nil where all of it was.
  var unreadReason: String? {
    unread.keys.min().map { "not all that came could be read (\($0))" }
  }

  /// Why nothing of OpenAI's may have come, where no check knows.
  var guess: String {
    unreadReason
      ?? "the application may not have called OpenAI while it was watched, or did so in a process"
      + " of its own that ended before it sent"
  }

  /// It ended in another way than by our own doing, and its tracer never got to send.
  var endedUnsent: Bool {
    guard traces == 0, eventCount == 0, unread.isEmpty, !isTracingOff, !telemetry.hasClosed,
      let command, !command.wasStopped
    else { return false }
    return telemetry.hasStarted || command.signal != nil
  }

  /// Why no span of OpenAI's came, where another check knows: it fails, and says what to do.
  var silence: (String, FailureClass)? {
    if isTracingOff { return ("the tracer is off", .disabled) }
    if endedUnsent { return ("the application ended before its tracer sent anything", .notSent) }
    if leavesOpenAIOut { return ("the tracer leaves openai out", .disabled) }
    if let openAI = telemetry.integrations.first(where: \.isBroken) {
      return ("\(openAI.name)'s integration does not work", .incompatible)
    }
    return nil
  }

  /// What the Agent that all was passed on to made of what came to some endpoints: nil where it took
  /// all of it, or nothing was to be passed on.
  func refusal(of what: String, where matches: (Endpoint) -> Bool) -> Outcome? {
    guard let forwarding else { return nil }
    let statuses = endpoints.filter(matches).map(\.statuses)
      .reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    let taken = statuses.filter { (200..<300).contains($0.key) }.values.reduce(0, +)
    let all = statuses.values.reduce(0, +)
    guard taken < all else { return nil }
    let refusals = statuses.keys.filter { !(200..<300).contains($0) }.sorted()
    // 0 stands for no answer.
    let (why, failureClass): (String, FailureClass) =
      if let least = refusals.first(where: { $0 > 0 }) {
        ("the Agent answered \(least)", .http)
      } else {
        ("\(forwarding.url): \(forwarding.fault ?? "no answer")", .notSent)
      }
    return taken == 0
      ? .failed(.refused("\(what) came, and the Agent took none of it: \(why)", failureClass, self))
      : .unknown(
        .refused(
          "\(what) came, and the Agent took \(taken) of \(all) requests: \(why)", failureClass,
          self))
  }

  private static let languages: [String: Language] = [
    "python": .python, "nodejs": .node, "javascript": .node, "php": .php,
  ]
}

extension Problem {
  /// The application sent something, and the Agent behind the stand-in did not take it.
  fileprivate static func refused(
    _ message: String, _ failureClass: FailureClass, _ traffic: CapturedTraffic
  ) -> Problem {
    let answers = traffic.endpoints.flatMap(\.statuses).filter { !(200..<300).contains($0.key) }
    let words = answers.map { $0.key == 0 ? "no answer" : "\($0.key)" }
    return Problem(
      message, class: failureClass, evidence: .captured(traffic),
      Evidence(
        "forwarded", measured: listed(words), expected: "an answer of 2xx",
        source: "the Agent that everything was passed on to"),
      remedies: .command("dd-doctor --only agent", "asks the Agent itself"))
  }
}

extension CapturedTelemetry.Integration {
  var isBroken: Bool { error != nil || compatible == false || enabled == false }

  /// `openai 2.8.1`.
  var words: String { version.map { "\(name) \($0)" } ?? name }
}

extension Evidence {
  /// How much came, and how the command ended.
  static func captured(_ traffic: CapturedTraffic) -> Evidence {
    var measured =
      [(traffic.requests, "request"), (traffic.traces, "trace"), (traffic.spans, "span")]
      .map(counted).joined(separator: ", ")
    if let command = traffic.command { measured += "; \(command.name): \(command.end)" }
    return Evidence("captured", measured: measured, source: "the stand-in Agent")
  }

  /// A setting as the tracer reports it.
  static func believed(_ setting: CapturedTelemetry.Setting, expected: String) -> Evidence {
    Evidence(
      setting.name, measured: "'\(setting.value ?? "")', from \(setting.origin)",
      expected: expected, source: "the tracer's own telemetry")
  }
}

/// `1 span`, `3 spans`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

/// Names, each once, in order, and how many more there are.
func listed(_ names: [String], atMost limit: Int = 3) -> String {
  var seen: Set<String> = []
  let names = names.filter { !$0.isEmpty && seen.insert($0).inserted }.sorted()
  let more = names.count > limit ? " and \(names.count - limit) more" : ""
  return names.prefix(limit).joined(separator: ", ") + more
}
