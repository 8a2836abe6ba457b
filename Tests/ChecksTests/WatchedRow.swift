import Configuration
import Diagnosis
import Probes
import StandIn
import Testing
import Wire

@testable import Checks

/// An application that was watched, and what one check makes of it.
struct WatchedRow: Sendable, CustomTestStringConvertible {
  var check: CheckID
  var name: String
  var variables: [String: String] = ["DD_SERVICE": "shop", "DD_ENV": "prod"]
  var setup = Setup.apm
  var requests: [HTTPRequest] = []
  var command: CapturedCommand? = .init(
    name: "app", exitStatus: 0, signal: nil, wasStopped: false)
  var offersProxy: Bool? = true
  /// 0 is none.
  var answer = 200
  var answersFirstAlone = false
  var forwarding: CapturedForwarding?
  var status: Status
  var failureClass: FailureClass?
  var says = ""
  var remedy = ""

  var testDescription: String { "\(check): \(name)" }

  init(
    _ check: CheckID, _ name: String, is status: Status, _ failureClass: FailureClass? = nil,
    says: String = "", remedy: String = "", from requests: [HTTPRequest] = Self.healthy,
    _ change: (inout WatchedRow) -> Void = { _ in }
  ) {
    self.check = check
    self.name = name
    self.status = status
    self.failureClass = failureClass
    self.says = says
    self.remedy = remedy
    self.requests = requests
    change(&self)
  }

  static let python = RecordedTracer.python
  static let healthy = [python.traces()] + python.telemetry()

  var traffic: CapturedTraffic {
    var traffic = CapturedTraffic()
    var texts = KnownTexts()
    for request in requests {
      if let version = TracePayload.Version(rawValue: request.target) {
        _ = traffic.read(request, version, &texts)
      }
      let isFirst = traffic.requests == 0 || !answersFirstAlone
      traffic.note(
        request, path: request.target, status: answer == 0 || !isFirst ? nil : answer)
    }
    traffic.command = command
    traffic.offersProxy = offersProxy
    traffic.forwarding = forwarding
    return traffic
  }

  var seen: Observations {
    let settings = Settings(
      CheckRow.environment(variables), HostFacts(), setup: setup, language: .python)
    return Observations(
      settings, recorded: [Recorded(ApplicationTraffic(), traffic)].compactMap { $0 })
  }
}

extension WatchedRow {
  static let all: [WatchedRow] = [
    WatchedRow("application.instrumented", "a tracer", is: .passed),
    WatchedRow(
      "application.instrumented", "none in a container", is: .unknown, .notSent,
      says: "docker hands no variables on", remedy: "behind docker", from: []
    ) { $0.command = .init(name: "docker", exitStatus: 0, signal: nil, wasStopped: false) },
    WatchedRow(
      "application.instrumented", "none", is: .failed, .notLoaded, says: "while app ran",
      remedy: "ddtrace-run", from: []),
    WatchedRow("application.tracer", "one", is: .passed, says: "4.16.0 on 3.11.7, started on the"),
    WatchedRow(
      "application.tracer", "none that names itself", is: .skipped,
      from: [HTTPRequest("GET", "/info", host: "localhost")]),
    WatchedRow("application.tracer", "two versions", is: .warning, .conflict, says: "3.0.0") {
      var other = python.traces()
      other.fields = HTTPFields([
        ("Datadog-Meta-Lang", "python"), ("Datadog-Meta-Tracer-Version", "3.0.0"),
      ])
      $0.requests.append(other)
    },
    WatchedRow("application.tracer", "a request without its version", is: .passed) {
      var unversioned = HTTPRequest("GET", "/info", host: "localhost")
      unversioned.fields = HTTPFields([("Datadog-Meta-Lang", "python")])
      $0.requests.insert(unversioned, at: 0)
    },
    WatchedRow(
      "application.tracer", "two versions behind one that names none", is: .warning, .conflict
    ) {
      for version in ["3.0.0", "4.16.0", nil] {
        var request = HTTPRequest("GET", "/info", host: "localhost")
        request.fields = HTTPFields([("Datadog-Meta-Lang", "python")])
        if let version { request.fields.add("Datadog-Meta-Tracer-Version", version) }
        $0.requests.insert(request, at: 0)
      }
    },
    WatchedRow("application.configuration", "as the environment says", is: .passed),
    WatchedRow(
      "application.configuration", "telemetry off", is: .skipped,
      says: "DD_INSTRUMENTATION_TELEMETRY_ENABLED is off", from: [python.traces()]
    ) { $0.variables["DD_INSTRUMENTATION_TELEMETRY_ENABLED"] = "false" },
    WatchedRow(
      "application.configuration", "tracing off", is: .failed, .disabled,
      says: "'yes', which the tracer takes for false", remedy: "DD_TRACE_ENABLED",
      from: python.telemetry([("DD_TRACE_ENABLED", "false", "env_var")])
    ) { $0.variables["DD_TRACE_ENABLED"] = "yes" },
    WatchedRow(
      "application.configuration", "APM tracing off", is: .failed, .disabled,
      remedy: "DD_APM_TRACING_ENABLED",
      from: python.telemetry([("DD_APM_TRACING_ENABLED", "false", "env_var")])),
    WatchedRow(
      "application.configuration", "a process without tracing beside one that sends spans",
      is: .passed,
      from: healthy
        + python.telemetry([
          ("DD_TRACE_ENABLED", "false", "env_var"), ("DD_APM_TRACING_ENABLED", "false", "env_var"),
        ])),
    WatchedRow(
      "application.flush", "a process without tracing beside one that sends spans", is: .passed,
      says: "it sent 1 trace",
      from: healthy + python.telemetry([("DD_TRACE_ENABLED", "false", "env_var")])),
    WatchedRow(
      "application.configuration", "a proxy before the Agent, which ddtrace 4.16 asks",
      is: .warning, .proxy, says: "HTTP_PROXY stands before http://localhost:8126",
      remedy: "export NO_PROXY=other.test,localhost"
    ) { $0.variables.merge(["HTTP_PROXY": "http://p:3128", "NO_PROXY": "other.test"]) { $1 } },
    WatchedRow(
      "application.configuration", "a proxy that NO_PROXY takes away", is: .passed
    ) { $0.variables.merge(["HTTP_PROXY": "http://p:3128", "NO_PROXY": "localhost"]) { $1 } },
    WatchedRow(
      "application.configuration", "a proxy that dd-trace does not ask", is: .skipped,
      from: [RecordedTracer.node.traces()]
    ) { $0.variables["HTTP_PROXY"] = "http://p:3128" },
    WatchedRow(
      "application.configuration", "a service set in code", is: .warning, .conflict,
      says: "uses 'checkout' from the application's code",
      from: python.telemetry([("DD_SERVICE", "checkout", "code")])),
    WatchedRow(
      "application.configuration", "the same value in code", is: .passed, says: "1 from code",
      from: python.telemetry([("DD_SERVICE", "shop", "code")])),
    WatchedRow(
      "application.configuration", "the same value in other words", is: .passed,
      from: python.telemetry([("DD_LLMOBS_ENABLED", "true", "code")])
    ) { $0.variables["DD_LLMOBS_ENABLED"] = "1" },
    WatchedRow(
      "application.configuration", "LLM Observability that reads as off", is: .failed, .disabled,
      remedy: "DD_LLMOBS_ENABLED",
      from: python.telemetry([("DD_LLMOBS_ENABLED", "false", "env_var")])
    ) {
      $0.setup = .llmobsAgent
      $0.variables["DD_LLMOBS_ENABLED"] = "yes"
    },
    WatchedRow("application.flush", "sent and closed", is: .passed, says: "exit status 0"),
    WatchedRow(
      "application.flush", "killed before it sent", is: .failed, .notSent, says: "signal 9",
      remedy: "flush", from: Array(python.telemetry(closes: false).prefix(1))
    ) { $0.command = CapturedCommand(name: "app", exitStatus: nil, signal: 9, wasStopped: false) },
    WatchedRow(
      "application.flush", "os._exit before it sent", is: .failed, .notSent, says: "status 3",
      from: Array(python.telemetry(closes: false).prefix(1))
    ) { $0.command = CapturedCommand(name: "app", exitStatus: 3, signal: nil, wasStopped: false) },
    WatchedRow(
      "application.flush", "killed after it sent", is: .warning, .notSent, from: [python.traces()]
    ) { $0.command = CapturedCommand(name: "app", exitStatus: nil, signal: 9, wasStopped: false) },
    WatchedRow(
      "application.flush", "ended by --for before it sent", is: .skipped,
      from: Array(python.telemetry(closes: false).prefix(1))
    ) { $0.command = CapturedCommand(name: "app", exitStatus: nil, signal: 15, wasStopped: true) },
    WatchedRow(
      "application.flush", "closed with nothing to send", is: .passed, from: python.telemetry()),
    WatchedRow(
      "application.flush", "silent, and no telemetry to tell why", is: .unknown, .notSent,
      from: [HTTPRequest("GET", "/info", host: "localhost")]),
    WatchedRow(
      "application.flush", "killed after traces that can't be read", is: .unknown, .notSent,
      says: "compressed traces", from: unreadable
    ) { $0.command = CapturedCommand(name: "app", exitStatus: nil, signal: 9, wasStopped: false) },
    WatchedRow(
      "application.flush", "closed after traces that can't be read", is: .unknown, .notSent,
      says: "compressed traces", from: unreadable + python.telemetry()),
    WatchedRow(
      "application.flush", "traces in JSON", is: .unknown, .notSent, says: "traces in JSON",
      from: [inJSON(#"[[{"name":"a"}]]"#)] + python.telemetry(closes: false)),
    WatchedRow(
      "application.flush", "PHP's question at its start is no trace", is: .failed, .notSent,
      from: [inJSON("[ ]\n")] + python.telemetry(closes: false)),
    WatchedRow("application.flush", "nobody's command", is: .skipped) { $0.command = nil },
    WatchedRow("application.integration", "instrumented", is: .passed, says: "openai 2.8.1"),
    WatchedRow(
      "application.integration", "spans alone", is: .passed, from: [python.traces()]),
    WatchedRow(
      "application.integration", "switched off by its name", is: .failed, .disabled,
      remedy: "DD_TRACE_OPENAI_ENABLED", from: leftOut
    ) { $0.variables["DD_TRACE_OPENAI_ENABLED"] = "false" },
    WatchedRow(
      "application.integration", "switched off by a list", is: .failed, .disabled,
      remedy: "DD_PATCH_MODULES", from: leftOut
    ) { $0.variables["DD_PATCH_MODULES"] = "openai:false" },
    WatchedRow(
      "application.integration", "loaded too late", is: .failed, .notLoaded, says: "uses openai",
      from: leftOut),
    WatchedRow(
      "application.integration", "an error of its own", is: .failed, .incompatible,
      says: "0.27 is too old",
      from: python.telemetry(integrations: [
        #"{"name":"openai","version":"0.27.0","enabled":true,"error":"0.27 is too old"}"#
      ])),
    WatchedRow(
      "application.integration", "openai never used", is: .unknown, .notLoaded,
      from: [HTTPRequest("GET", "/info", host: "localhost")]),
    WatchedRow(
      "application.integration", "tracing off", is: .skipped,
      from: python.telemetry([("DD_TRACE_ENABLED", "false", "env_var")], integrations: [])),
    WatchedRow(
      "application.openai-span", "one", is: .passed,
      says: "1 openai.request span: createChatCompletion with gpt-4o-mini"),
    WatchedRow(
      "application.openai-span", "APM off", is: .skipped, from: [python.event] + python.telemetry()
    ) {
      $0.setup = .llmobsAgent
      $0.variables["DD_APM_TRACING_ENABLED"] = "false"
    },
    WatchedRow(
      "application.openai-span", "openai left out", is: .failed, .disabled, from: leftOut),
    WatchedRow(
      "application.openai-span", "no call", is: .unknown, .notSent, from: python.telemetry()),
    WatchedRow(
      "application.openai-span", "traces that can't be read", is: .unknown, .notSent,
      says: "compressed traces", from: unreadable),
    WatchedRow(
      "application.llmobs-span", "traces that can't be read", is: .unknown, .notSent,
      says: "compressed traces", from: unreadable
    ) { $0.setup = .llmobsAgent },
    WatchedRow(
      "application.openai-span", "an Agent that takes no span", is: .failed, .http,
      says: "the Agent answered 403", remedy: "dd-doctor --only agent"
    ) {
      $0.answer = 403
      $0.forwarding = CapturedForwarding(url: "http://agent:8126", answered: 4)
    },
    WatchedRow(
      "application.openai-span", "an Agent that is not there", is: .failed, .notSent,
      says: "took none of it: http://agent:8126: connection refused"
    ) {
      $0.answer = 0
      $0.forwarding = CapturedForwarding(
        url: "http://agent:8126", unanswered: 4, fault: "connection refused")
    },
    WatchedRow("application.openai-span", "an Agent that takes them", is: .passed) {
      $0.forwarding = CapturedForwarding(
        url: "http://agent:8126", answered: 3, unanswered: 1, fault: "connection refused")
    },
    WatchedRow(
      "application.openai-span", "an Agent that takes some of them", is: .unknown, .notSent,
      says: "took 1 of 2 requests: http://agent:8126: no answer", from: healthy + healthy
    ) {
      $0.answersFirstAlone = true
      $0.forwarding = CapturedForwarding(
        url: "http://agent:8126", answered: 3, unanswered: 1, fault: "no answer")
    },
    WatchedRow("application.openai-span", "refused by the stand-in alone", is: .passed) {
      $0.answer = 403
    },
    WatchedRow(
      "application.llmobs-span", "an Agent that takes no event", is: .failed, .http,
      says: "the Agent answered 502", from: [python.event]
    ) {
      $0.answer = 502
      $0.forwarding = CapturedForwarding(url: "http://agent:8126", answered: 1)
    },
    WatchedRow(
      "application.llmobs-span", "an Agent that is not there", is: .failed, .notSent,
      says: "connection refused", from: [python.event]
    ) {
      $0.answer = 0
      $0.forwarding = CapturedForwarding(
        url: "http://agent:8126", unanswered: 1, fault: "connection refused")
    },
    WatchedRow(
      "application.llmobs-span", "no way out of the stand-in", is: .passed, from: [python.event]
    ) { $0.answer = 502 },
    WatchedRow(
      "application.llmobs-span", "in a span", is: .passed,
      says: "1 event inside APM spans: llm of shop with gpt-4o-mini",
      from: [python.traces(python.spans(observes: 1, event: RecordedSpan.event))]),
    WatchedRow(
      "application.llmobs-span", "through evp_proxy", is: .passed, says: "through evp_proxy",
      from: [python.event]),
    WatchedRow("application.llmobs-span", "not wanted", is: .skipped),
    WatchedRow("application.llmobs-span", "PHP", is: .skipped, from: [RecordedTracer.php.traces()])
    {
      $0.setup = .llmobsAgent
    },
    WatchedRow(
      "application.llmobs-span", "off", is: .failed, .disabled, remedy: "DD_LLMOBS_ENABLED",
      from: [python.traces(python.spans(observes: 0))]
    ) { $0.setup = .llmobsAgent },
    WatchedRow(
      "application.llmobs-span", "an Agent without evp_proxy", is: .failed, .unsupported,
      says: "offers no evp_proxy", from: [python.traces(python.spans(observes: 0))]
    ) {
      $0.setup = .llmobsAgent
      $0.offersProxy = false
    },
    WatchedRow(
      "application.llmobs-span", "no call", is: .unknown, .notSent, from: python.telemetry()
    ) {
      $0.setup = .llmobsAgent
    },
    WatchedRow("application.tags", "as configured", is: .passed, says: "service shop, env prod"),
    WatchedRow("application.tags", "another service", is: .warning, .conflict, says: "shop") {
      $0.variables["DD_SERVICE"] = "checkout"
    },
    WatchedRow("application.tags", "a service of the integration's", is: .passed) {
      $0.variables["DD_SERVICE"] = "checkout"
      $0.variables["DD_OPENAI_SERVICE"] = "shop"
    },
    WatchedRow("application.tags", "a made-up service", is: .warning, .missing, says: "'shop'") {
      $0.variables = ["DD_ENV": "prod"]
    },
    WatchedRow("application.tags", "another env", is: .warning, .conflict, says: "env prod") {
      $0.variables["DD_ENV"] = "staging"
    },
    WatchedRow("application.tags", "nothing to look at", is: .skipped, from: python.telemetry()),
    WatchedRow("application.sampling", "kept", is: .passed),
    WatchedRow(
      "application.sampling", "dropped", is: .failed, .sampledOut,
      remedy: "DD_TRACE_SAMPLING_RULES", from: [python.traces(python.spans(priority: -1))]
    ) { $0.variables["DD_TRACE_SAMPLING_RULES"] = "[]" },
    WatchedRow(
      "application.sampling", "dropped beside LLM Observability", is: .warning, .sampledOut,
      from: [python.traces(python.spans(priority: -1))]
    ) { $0.setup = .llmobsAgent },
    WatchedRow(
      "application.sampling", "some kept", is: .passed, says: "keeps 1 of 2",
      from: [python.traces(python.spans(priority: 0)), python.traces()]),
    WatchedRow(
      "application.sampling", "nothing to look at", is: .skipped, from: python.telemetry()),
  ]

  /// An application that started, sent what nobody can read, and never closed.
  private static var unreadable: [HTTPRequest] {
    var packed = python.traces()
    packed.fields.add("Content-Encoding", "gzip")
    return [packed] + python.telemetry(integrations: [], closes: false)
  }

  private static func inJSON(_ body: String) -> HTTPRequest {
    HTTPRequest(
      "POST", "/v0.4/traces", host: "localhost", fields: [("Content-Type", "application/json")],
      body: Array(body.utf8))
  }

  /// The library is used, and the tracer lists others alone.
  private static let leftOut =
    [python.traces([.toOpenAI])]
    + python.telemetry(integrations: [#"{"name":"httpx","enabled":true}"#])
}
