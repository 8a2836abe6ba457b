import Synchronization
import Wire

/// An Agent's own counters at `/debug/vars`, by the language that a payload names.
///
/// A real one publishes once a minute, of that minute alone; this one whenever it is asked.
final class AgentCounters: Sendable {
  private let site: String
  private let spans = Mutex<[String: Int]>([:])

  init(site: String) {
    self.site = site
  }

  /// The counters where they are asked for; nil leaves the request to the Agent, counted.
  func answer(_ request: HTTPRequest, _ traces: TraceResult?) -> HTTPResponse? {
    if request.method == "GET", request.target == "/debug/vars" { return .json(200, document) }
    guard case .success(let traces) = traces else { return nil }
    spans.withLock { $0[request.fields["Datadog-Meta-Lang"] ?? "", default: 0] += traces.spans }
    return nil
  }

  private var document: String {
    let published = spans.withLock { spans in
      defer { spans = [:] }
      return spans
    }
    let receivers = published.sorted { $0.key < $1.key }.map { lang, count in
      #"{"Lang":"\#(printable(lang, limit: 40))","TracesReceived":\#(count),"#
        + #""SpansReceived":\#(count),"SpansDropped":0}"#
    }
    let shown = receivers.isEmpty ? "null" : "[\(receivers.joined(separator: ","))]"
    return
      #"{"version":{"Version":"7.78.0"},"config":{"Endpoints":[{"Host":"https://trace.agent.\#(site)"}]},"#
      + #""receiver":\#(shown)}"#
  }
}
