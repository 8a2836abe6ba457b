import Wire

/// What a Datadog site answers to the few requests that ask whether a key is good.
struct SiteAnswers: Sendable {
  /// Whether the site knows the key; nil where the request carries none.
  let knows: @Sendable (_ key: String?) -> Bool
  let identity: SiteIdentity
  /// The application keys that are good; nil takes every one.
  var appKeys: [String]?
  /// What a search for a test span comes to.
  var search: SpanSearch?

  func answer(_ request: HTTPRequest) -> HTTPResponse {
    answer(request, path: path(of: request.target), key: request.fields["DD-API-KEY"])
  }

  /// The answer at a host's path, as the Agent's evp_proxy asks for it with the Agent's own key.
  func answer(_ request: HTTPRequest, path: String, key: String?) -> HTTPResponse {
    switch (request.method, path) {
    case ("GET", "/api/v1/validate"):
      knows(key) ? .json(200, "{\"valid\":true}") : Self.forbidden
    case ("GET", "/api/v2/validate"):
      knows(key) ? .json(200, identity.document) : Self.forbidden
    case ("GET", "/api/v2/validate_keys"):
      knows(key) && knowsAppKey(request.fields["DD-APPLICATION-KEY"])
        ? .json(200, "{\"status\":\"ok\"}") : Self.forbidden
    case ("POST", "/api/v2/llmobs"),
      ("POST", "/api/intake/llm-obs/v1/trace/spans"),
      ("POST", "/api/intake/llm-obs/v1/eval-metric"),
      ("POST", "/api/intake/llm-obs/v2/eval-metric"):
      knows(key) ? HTTPResponse(202) : Self.forbidden
    case ("POST", "/api/v2/spans/events/search"),
      ("POST", "/api/v2/llm-obs/v1/spans/events/search"):
      knows(key) && knowsAppKey(request.fields["DD-APPLICATION-KEY"])
        ? search?.answer(request) ?? .json(200, "{\"data\":[]}") : Self.forbidden
    default:
      .json(404, "{\"errors\":[\"Not found\"]}")
    }
  }

  private func knowsAppKey(_ key: String?) -> Bool {
    guard let key else { return false }
    return appKeys?.contains(key) ?? true
  }

  static let forbidden = HTTPResponse.json(
    403, "{\"status\":\"error\",\"code\":403,\"errors\":[\"Forbidden\"]}")
}

extension HTTPResponse {
  /// Repeats a refused key wherever an answer can hold it, as a careless proxy does.
  mutating func echo(_ request: HTTPRequest) {
    guard status == 403, let key = request.fields["DD-API-KEY"] else { return }
    reason = "No \(key)"
    fields.add("X-Key", key)
    body = Array("{\"errors\":[\"unknown key \(key), so \(key.prefix(4))***\"]}".utf8)
  }
}

/// The organisation and key that a site names at `/api/v2/validate`.
package struct SiteIdentity: Equatable, Sendable {
  package var organization = "3ce2fcc8-0d5b-4c5b-8f4a-6d4b2f3e9a10"
  package var keyID = "5f0c2a44-6d5b-4a2f-9b1e-1c7c9c0a7e55"

  package init() {}

  var document: String {
    """
    {"data":{"id":"\(organization)","type":"validate_v2","attributes":{"valid":true,\
    "api_key_id":"\(keyID)","api_key_scopes":[]}}}
    """
  }
}

/// The path of a request target, without its query.
func path(of target: String) -> String {
  target.utf8.firstIndex(of: UInt8(ascii: "?")).map { String(target[..<$0]) } ?? target
}
