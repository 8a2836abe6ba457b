import Synchronization
import Wire

/// How a site answers who searches for a test span: at once, late by count, never, or not at all.
package final class SpanSearch: Sendable {
  package enum Course: Equatable, Sendable {
    /// From this search on the span is there; 1 is at once.
    case found(onSearch: Int)
    case never
    case forbidden
    /// Asked too often, this many times, with a `Retry-After` in seconds; then the span is there.
    case throttled(times: Int, retryAfter: Int)
    /// Any other answer, with this body.
    case answered(Int, String)
  }

  private let course: Course
  private let searches = Mutex(0)

  init(_ course: Course) {
    self.course = course
  }

  func answer(_ request: HTTPRequest) -> HTTPResponse {
    let count = searches.withLock {
      $0 += 1
      return $0
    }
    switch course {
    case .found(let search): return count >= search ? Self.hit(request) : Self.nothing
    case .never: return Self.nothing
    case .forbidden: return .json(403, #"{"errors":["Forbidden"]}"#)
    case .throttled(let times, let seconds):
      guard count <= times else { return Self.hit(request) }
      var response = HTTPResponse.json(429, #"{"errors":["Too many requests"]}"#)
      response.fields.add("Retry-After", String(seconds))
      return response
    case .answered(let status, let body): return .json(status, body)
    }
  }

  private static let nothing = HTTPResponse.json(200, #"{"data":[],"meta":{"status":"done"}}"#)

  /// One span that bears the run id that was searched for.
  private static func hit(_ request: HTTPRequest) -> HTTPResponse {
    let body = String(decoding: request.body, as: UTF8.self)
    let id =
      body.firstMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/)
      .map { String($0.output) } ?? ""
    return .json(
      200,
      #"{"data":[{"id":"AA","type":"spans","attributes":{"service":"dd-doctor","#
        + #""custom":{"dd_doctor":{"run_id":"\#(id)"}}}}],"meta":{"status":"done"}}"#)
  }
}
