import Wire

/// What OpenAI answers to the few requests that ask what a key may do; it runs nothing.
struct OpenAIService: Sendable {
  let keys: [String: OpenAIKeyKind]
  /// What the answers name in their header.
  let organization: String

  func answer(_ request: HTTPRequest) -> HTTPResponse {
    let path = path(of: request.target)
    guard let key = bearer(request) else { return OpenAIRefusal.noKey.response }
    guard let kind = keys[key] else { return OpenAIRefusal.incorrect(key).response }
    if let refusal = kind.refusal { return refusal.response }
    guard let asked = OpenAIPath(request.method, path) else {
      return OpenAIRefusal.unknownPath(request.method, path).response
    }
    if let scope = kind.lacks(asked) { return OpenAIRefusal.lacks(scope).response }
    var response = granted(asked, kind, request)
    response.fields.add("openai-organization", organization)
    response.fields.add("openai-version", "2020-10-01")
    return response
  }

  private func granted(_ path: OpenAIPath, _ kind: OpenAIKeyKind, _ request: HTTPRequest)
    -> HTTPResponse
  {
    switch path {
    case .models: .json(200, #"{"object":"list","data":[{"id":"gpt-4o-mini","object":"model"}]}"#)
    case .images, .responses:
      kind == .quota ? OpenAIRefusal.quota.response : OpenAIRefusal.cannotRun.response
    case .usage(let family): page(family, request)
    case .costs: page("costs", request)
    }
  }

  /// A page with one bucket; nobody talks to the stand-in's models, so only completions has data.
  private func page(_ name: String, _ request: HTTPRequest) -> HTTPResponse {
    guard request.target.contains("start_time=") else {
      return OpenAIRefusal(
        status: 400, code: "missing_required_parameter",
        message: "Missing required parameter: 'start_time'."
      ).response
    }
    let results =
      name == "completions"
      ? #"{"object":"organization.usage.completions.result","input_tokens":1000}"# : ""
    return .json(
      200,
      #"{"object":"page","data":[{"object":"bucket","start_time":0,"end_time":86400,"#
        + #""results":[\#(results)]}],"has_more":false,"next_page":null}"#)
  }

  private func bearer(_ request: HTTPRequest) -> String? {
    guard let value = request.fields["Authorization"], value.hasPrefix("Bearer ") else {
      return nil
    }
    let key = value.dropFirst("Bearer ".count)
    return key.isEmpty ? nil : String(key)
  }

  /// Whether OpenAI would have run the request and charged for it, judged on the strict side.
  static func couldCost(_ request: HTTPRequest) -> Bool {
    guard request.method == "POST", request.target.hasPrefix("/v1/") else { return false }
    let body = String(decoding: request.body, as: UTF8.self)
    guard body.hasPrefix("{") else { return !body.isEmpty }
    return ["model", "prompt", "input", "messages", "file"].contains { body.contains("\"\($0)\"") }
  }
}
