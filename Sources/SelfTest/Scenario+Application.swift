import Configuration
import Diagnosis
import Probes
import StandIn
import Wire

extension Scenario {
  private static let tracer = RecordedTracer.python
  private static let named = ["DD_SERVICE=shop", "DD_ENV=prod"]
  private static let off = [(name: "DD_TRACE_ENABLED", value: "false", origin: "env_var")]

  /// What an application sent that was watched until it ended so.
  private static func watched(
    _ requests: [HTTPRequest], by name: String = "app", status: Int32? = 0, signal: Int32? = nil
  ) -> Answers {
    var traffic = CapturedTraffic()
    var texts = KnownTexts()
    for request in requests {
      if let version = TracePayload.Version(rawValue: request.target) {
        _ = traffic.read(request, version, &texts)
      }
      traffic.note(request, path: request.target, status: 200)
    }
    traffic.offersProxy = true
    traffic.command = CapturedCommand(
      name: name, exitStatus: status, signal: signal, wasStopped: false)
    let seen = traffic
    return .recorded { _ in [Recorded(ApplicationTraffic(), seen)] }
  }

  static var application: [Scenario] {
    let healthy = [tracer.traces()] + tracer.telemetry()
    let asked = [HTTPRequest("GET", "/info", host: "localhost")]
    let started = Array(tracer.telemetry(closes: false).prefix(1))
    let leftOut =
      [tracer.traces([.toOpenAI])]
      + tracer.telemetry(integrations: [#"{"name":"httpx","enabled":true}"#])
    var other = asked
    other[0].fields = HTTPFields([
      ("Datadog-Meta-Lang", "python"), ("Datadog-Meta-Tracer-Version", "3.0.0"),
    ])
    return [
      Scenario(
        "an application that is traced", named, by: watched(healthy + [tracer.event]),
        gives: [
          .passed: [
            "application.instrumented", "application.tracer", "application.configuration",
            "application.flush", "application.integration", "application.openai-span",
            "application.llmobs-span", "application.tags", "application.sampling",
          ]
        ]),
      Scenario(
        "nothing came", named, by: watched([]), gives: [.failed: ["application.instrumented"]]),
      Scenario(
        "nothing came out of a container", named, by: watched([], by: "docker"),
        gives: [.unknown: ["application.instrumented"]]),
      Scenario(
        "a question and no more", named, by: watched(asked),
        gives: [
          .skipped: ["application.tracer"],
          .unknown: ["application.flush", "application.integration"],
        ]),
      Scenario(
        "two tracers came", named, by: watched(healthy + other),
        gives: [.warning: ["application.tracer"]]),
      Scenario(
        "telemetry is off", named + ["DD_INSTRUMENTATION_TELEMETRY_ENABLED=false"],
        by: watched([tracer.traces()]),
        gives: [.skipped: ["application.configuration", "application.llmobs-span"]]),
      Scenario(
        "a service set in code", named,
        by: watched(
          [tracer.traces()] + tracer.telemetry([("DD_SERVICE", "checkout", "code")])),
        gives: [.warning: ["application.configuration"]]),
      Scenario(
        "the tracer takes itself for off", named,
        by: watched(tracer.telemetry(off, integrations: [])),
        gives: [
          .failed: ["application.configuration"],
          .skipped: ["application.integration", "application.flush"],
        ]),
      Scenario(
        "killed before it sent", named, by: watched(started, status: nil, signal: 9),
        gives: [.failed: ["application.flush"]]),
      Scenario(
        "killed after it sent", named, by: watched([tracer.traces()], status: nil, signal: 9),
        gives: [.warning: ["application.flush"]]),
      Scenario(
        "openai is left out", named, by: watched(leftOut),
        gives: [.failed: ["application.integration", "application.openai-span"]]),
      Scenario(
        "no call was made", named, .llmobsAgent, by: watched(tracer.telemetry()),
        gives: [
          .unknown: ["application.openai-span", "application.llmobs-span"],
          .skipped: ["application.tags", "application.sampling"],
        ]),
      Scenario(
        "APM is off", named + ["DD_APM_TRACING_ENABLED=false"], .llmobsAgent,
        by: watched([tracer.event] + tracer.telemetry()),
        gives: [.skipped: ["application.openai-span"]]),
      Scenario(
        "LLM Observability is off in the spans", named, .llmobsAgent,
        by: watched([tracer.traces(tracer.spans(observes: 0))]),
        gives: [.failed: ["application.llmobs-span"]]),
      Scenario(
        "another service than configured", ["DD_SERVICE=checkout", "DD_ENV=prod"],
        by: watched(healthy), gives: [.warning: ["application.tags"]]),
      Scenario(
        "every trace is dropped", named, by: watched([tracer.traces(tracer.spans(priority: -1))]),
        gives: [.failed: ["application.sampling"]]),
      Scenario(
        "traces are dropped beside LLM Observability", named, .llmobsAgent,
        by: watched([tracer.traces(tracer.spans(priority: -1))]),
        gives: [.warning: ["application.sampling"]]),
    ]
  }
}
