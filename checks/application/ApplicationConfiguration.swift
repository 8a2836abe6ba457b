import Configuration
package import Diagnosis
package import Probes
import Wire

/// What the tracer believes of its own settings, against what the environment says.
package struct ApplicationConfiguration: Check {
  package let about = About(
    id: .applicationConfiguration,
    title: "Tracer believes what was configured",
    explanation: """
      At its start a tracer reports every setting with its value and where that comes from: the \
      environment, a file of the fleet's, the application's own code, or the default. What the \
      environment says is only worth what the tracer makes of it: code wins over it, DD_TRACE_ENABLED=yes \
      is false to ddtrace, and a tracer that is off sends its telemetry and not one span.
      """,
    fix: "Set the value in the place that decides, or take it out of there.",
    docs: Docs.settings,
    needs: [.applicationInstrumented], statuses: [.passed, .warning, .failed, .skipped])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let traffic = try await seen.traffic
    let settings = seen.settings
    let telemetry = traffic.telemetry
    let proxied = (traffic.asksProxyForAgent ? settings.agentProxy : nil).map {
      Outcome.warning(.proxied($0, settings))
    }
    guard !telemetry.configuration.isEmpty else {
      let off = !settings.isOn("DD_INSTRUMENTATION_TELEMETRY_ENABLED", default: true)
      return proxied
        ?? .skipped(
          "what the tracer believes can't be read: "
            + (off
              ? "DD_INSTRUMENTATION_TELEMETRY_ENABLED is off"
              : "it reported no configuration while it was watched"))
    }
    let off = Self.switches(settings, traffic).compactMap { name, effect in
      telemetry.setting(name).flatMap {
        $0.value == "false" ? Problem.off($0, effect, settings) : nil
      }
    }
    let shadowed = telemetry.configuration.compactMap { Self.shadow($0, settings) }
    return .worst(
      off.map(Outcome.failed) + shadowed.map(Outcome.warning) + [proxied].compactMap { $0 },
      else: Self.passed(telemetry))
  }

  private static func switches(
    _ settings: Settings, _ traffic: CapturedTraffic
  ) -> [(String, String)] {
    var switches: [(String, String)] = []
    if traffic.isTracingOff {
      switches.append(("DD_TRACE_ENABLED", "it sends no span, and says nothing"))
    }
    if settings.setup == .apm, traffic.isOff("DD_APM_TRACING_ENABLED") {
      switches.append(("DD_APM_TRACING_ENABLED", "APM spans are not sent"))
    }
    // Code may switch it on later than the tracer reports: then events tell.
    if settings.setup.usesLLMObservability, traffic.events.isEmpty {
      switches.append(("DD_LLMOBS_ENABLED", "LLM Observability is off"))
    }
    return switches
  }

  /// A variable that is set, and a tracer that uses another value from a place that outranks it.
  private static func shadow(
    _ believed: CapturedTelemetry.Setting, _ settings: Settings
  ) -> Problem? {
    let decides = ["code", "fleet_stable_config", "remote_config"]
    guard decides.contains(believed.origin), let value = believed.value,
      let variable = settings.environment[believed.name], let text = variable.text,
      variable.isWhole, !text.isEmpty, text.lowercased() != value.lowercased()
    else { return nil }
    // `1` is what a tracer reports as `true`.
    switch (settings.boolean(believed.name), value) {
    case (.on, "true"), (.off, "false"): return nil
    case (.on, _), (.off, _), (.ignored, _), (nil, _): break
    }
    return .shadowed(believed, text)
  }

  private static func passed(_ telemetry: CapturedTelemetry) -> Outcome {
    let set = telemetry.configuration.filter { $0.origin == "code" && $0.name.hasPrefix("DD_") }
    let evidence = set.prefix(8).map { Evidence.believed($0, expected: "") }
    let read = telemetry.configuration.filter { $0.origin == "env_var" }.count
    return .passed(
      "it took \(counted(read, "setting")) from the environment"
        + (set.isEmpty ? "" : ", \(set.count) from code"), evidence: Array(evidence))
  }
}

extension Problem {
  fileprivate static func off(
    _ setting: CapturedTelemetry.Setting, _ effect: String, _ settings: Settings
  ) -> Problem {
    let text = settings.environment[setting.name]?.shown
    let whence =
      switch text {
      case let text? where text.lowercased() != "false":
        "\(setting.name) is '\(text)', which the tracer takes for false"
      case _?: "\(setting.name) is 'false'"
      case nil: "\(setting.name) is off"
      }
    let remedy: Remedy =
      switch (setting.origin, setting.name) {
      case ("code", _): .edit("switch it on where the code switches it off")
      case (_, "DD_LLMOBS_ENABLED"): .set(setting.name, to: "1")
      default: .unset(setting.name, "the default is on")
      }
    return Problem(
      "\(whence): \(effect)", class: .disabled,
      evidence: .believed(setting, expected: "true"), remedies: remedy)
  }

  fileprivate static func shadowed(
    _ setting: CapturedTelemetry.Setting, _ text: String
  ) -> Problem {
    let place =
      switch setting.origin {
      case "code": "the application's code"
      case "remote_config": "Remote Configuration"
      default: "a fleet-managed file"
      }
    return Problem(
      "\(setting.name) is '\(printable(text, limit: 100))' in the environment, and the tracer uses"
        + " '\(setting.value ?? "")' from \(place)", class: .conflict,
      evidence: .believed(setting, expected: "'\(printable(text, limit: 100))'"),
      remedies: .edit("set it in one place: \(place) wins over the environment"))
  }
}
