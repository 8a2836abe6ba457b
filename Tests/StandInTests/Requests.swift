import StandIn
import Wire

extension HTTPRequest {
  static func get(_ target: String, _ fields: [(String, String)] = []) -> HTTPRequest {
    HTTPRequest("GET", target, host: "localhost", fields: fields)
  }

  static let info = get("/info")

  static let span = HTTPRequest(
    "PUT", "/v0.4/traces", host: "localhost",
    fields: TestSpan.fields(traceCount: 1, version: "0.1"), body: TestSpan.sample.payload)

  static func proxied(
    _ path: String, method: String = "GET", subdomain: String?, body: String = ""
  ) -> HTTPRequest {
    HTTPRequest(
      method, "/evp_proxy/v2/" + path, host: "localhost",
      fields: subdomain.map { [("X-Datadog-EVP-Subdomain", $0)] } ?? [], body: Array(body.utf8))
  }

  static let keyCheck = proxied("api/v1/validate", subdomain: "api")
  static let llmObs = proxied(
    "api/v2/llmobs", method: "POST", subdomain: "llmobs-intake", body: "[{\"spans\":[]}]")
}

extension TestSpan {
  static let sample = TestSpan(
    runID: "run-1", environment: "test", start: 1_700_000_000_000_000_000, traceID: 7, spanID: 9)
}

extension StandInAgent {
  static func started(_ change: (inout Options) -> Void = { _ in }) throws -> StandInAgent {
    var options = Options()
    change(&options)
    return try start(options)
  }

  /// What one client sees that sends one request on a connection of its own.
  func seen(_ request: HTTPRequest, within milliseconds: Int = 20_000) -> Client.Seen {
    Client(port: port).exchange(request, within: milliseconds)
  }

  /// The `/info` document as text.
  var info: String { String(decoding: seen(.info).response?.body ?? [], as: UTF8.self) }
}
