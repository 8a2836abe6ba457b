import Diagnosis
import Testing

@testable import Probes

@Suite struct OpenAIAnswerTests {
  /// An answer as it was seen in the field, or as its sources describe it.
  struct Seen: Sendable, CustomTestStringConvertible {
    let status: Int
    var code = "null"
    var type = "invalid_request_error"
    let message: String
    let answer: OpenAIAnswer

    var testDescription: String { "\(status) \(code) \(message.prefix(40))" }

    var body: String {
      let code = code == "null" ? "null" : "\"\(code)\""
      return """
        {"error":{"message":"\(message)","type":"\(type)","param":null,"code":\(code)}}
        """
    }
  }

  private static func lacking(_ scopes: String) -> String {
    "You have insufficient permissions for this operation. Missing scopes: \(scopes). Check that"
      + " you have the correct role in your organization (Reader, Writer, Owner) and project"
      + " (Member, Owner), and if you're using a restricted API key, that it has the necessary"
      + " scopes."
  }

  static let seen = [
    Seen(
      status: 401, code: "invalid_api_key",
      message: "Incorrect API key provided: <not-a-r****key>. You can find your API key at"
        + " https://platform.openai.com/account/api-keys.", answer: .invalidKey),
    Seen(
      status: 401, message: lacking("model.request"), answer: .missingScopes(["model.request"])),
    Seen(
      status: 401, message: lacking("api.responses.write"),
      answer: .missingScopes(["api.responses.write"])),
    Seen(
      status: 403, type: "server_error", message: lacking("api.usage.read"),
      answer: .missingScopes(["api.usage.read"])),
    Seen(
      status: 401, message: lacking("api.management.read"),
      answer: .missingScopes(["api.management.read"])),
    Seen(
      status: 403, message: "…Missing scopes: api.model.read. Check that you have the correct role",
      answer: .missingScopes(["api.model.read"])),
    Seen(
      status: 401, message: "Missing scopes: api.responses.read, api.responses.write",
      answer: .missingScopes(["api.responses.read", "api.responses.write"])),
    Seen(
      status: 403,
      message: "Your request to GET /v1/dashboard/billing/usage must be made with a session key"
        + " (that is, it can only be made from the browser). You made it with the following key"
        + " type: secret.", answer: .sessionKey),
    Seen(
      status: 401, code: "mismatched_organization",
      message: "OpenAI-Organization header should match organization for API key",
      answer: .organization(code: "mismatched_organization")),
    Seen(
      status: 401, code: "no_organization",
      message: "You must be a member of an organization to use the API.",
      answer: .organization(code: "no_organization")),
    Seen(
      status: 401, code: "invalid_organization", message: "",
      answer: .organization(code: "invalid_organization")),
    Seen(
      status: 400, message: "no such organization : null",
      answer: .organization(code: "invalid_organization")),
    Seen(
      status: 401, code: "account_deactivated",
      message: "This key is associated with a deactivated account.", answer: .deactivated),
    Seen(
      status: 403, code: "unsupported_country_region_territory", type: "request_forbidden",
      message: "Country, region, or territory not supported", answer: .region),
    Seen(
      status: 403, code: "model_not_found",
      message: "Project `proj_x` does not have access to model `gpt-4o-mini`",
      answer: .modelNotAllowed),
    Seen(
      status: 403, message: "Your organization must be verified to use the model gpt-image-1.",
      answer: .organizationNotVerified),
    Seen(
      status: 429, code: "insufficient_quota", type: "insufficient_quota",
      message: "You exceeded your current quota, please check your plan and billing details.",
      answer: .quota),
    Seen(
      status: 429, type: "insufficient_quota", message: "You exceeded your current quota",
      answer: .quota),
    Seen(
      status: 401, code: "ip_not_authorized", message: "IP not authorized", answer: .ipNotAllowed),
    Seen(
      status: 401, message: "Your request IP does not match the configured IP allowlist",
      answer: .ipNotAllowed),
    Seen(
      status: 401, code: "incorrect_hostname",
      message: "…Please make your request to us.api.openai.com…",
      answer: .wrongHost("us.api.openai.com")),
    Seen(
      status: 401, code: "incorrect_hostname",
      message: "Please make your request to eu.api.openai.com.",
      answer: .wrongHost("eu.api.openai.com")),
    Seen(
      status: 401, code: "incorrect_hostname", message: "Please use another host",
      answer: .wrongHost(nil)),
    Seen(
      status: 400, code: "unknown_parameter", message: "Unknown parameter: 'speed'.",
      answer: .rejected),
    Seen(status: 401, message: "You didn't provide an API key.", answer: .unauthorized),
    Seen(status: 403, message: "Forbidden", answer: .forbidden),
    Seen(status: 429, code: "rate_limit_exceeded", message: "Rate limit", answer: .throttled),
    Seen(status: 503, type: "server_error", message: "overloaded", answer: .unavailable),
    Seen(status: 404, message: "Invalid URL (GET /models)", answer: .unexpected),
  ]

  @Test(arguments: seen)
  func `each answer that was seen has its meaning`(seen: Seen) {
    #expect(OpenAIAnswer(status: seen.status, body: seen.body) == seen.answer)
  }

  @Test(arguments: [
    (200, #"{"object":"list","data":[]}"#, OpenAIAnswer.success), (200, "{}", .success),
    (200, "<html>sign in</html>", .unexpected), (200, "", .unexpected), (200, "[]", .unexpected),
    (302, "", .unexpected), (400, "<html>blocked</html>", .unexpected),
    (401, "<html>proxy</html>", .unexpected), (403, "Sorry, you have been blocked", .unexpected),
    (429, "", .throttled), (500, "", .unavailable), (502, "<html></html>", .unavailable),
    (401, #"{"error":"Missing scopes: api.usage.read"}"#, .missingScopes(["api.usage.read"])),
    (401, #"{"error":{"message":null,"code":401}}"#, .unauthorized),
    (403, #"{"error":{"message":"x Missing scopes: "}}"#, .forbidden),
    (401, #"{"error":{}}"#, .unauthorized), (401, #"{"detail":"no"}"#, .unexpected),
    (401, String(repeating: "[", count: 513), .unexpected),
    (200, String(repeating: #"{"a":"#, count: 600), .unexpected),
  ])
  func `what is none of OpenAI's words proves nothing of the key`(
    status: Int, body: String, answer: OpenAIAnswer
  ) {
    #expect(OpenAIAnswer(status: status, body: body) == answer)
  }

  @Test func `what proves the key known, and what leaves all open`() {
    let known = Self.seen.filter { $0.answer.knowsKey }.map(\.answer)
    #expect(known.contains(.missingScopes(["model.request"])) && known.contains(.rejected))
    let refused: [OpenAIAnswer] = [
      .invalidKey, .deactivated, .region, .ipNotAllowed, .wrongHost(nil), .unauthorized, .forbidden,
    ]
    #expect(refused.allSatisfy { !$0.knowsKey && !$0.isUntold })
    let open: [OpenAIAnswer] = [
      .throttled, .unavailable, .unexpected, .unreached(Fault(.dns, "x")),
    ]
    #expect(open.allSatisfy { !$0.knowsKey && $0.isUntold })
  }

  @Test(arguments: [
    (#"{"object":"page","data":[]}"#, 0), (#"{"data":[{"results":[]},{"results":[{},{}]}]}"#, 2),
    (#"{"data":[{}]}"#, 0), ("{}", nil), (#"{"data":3}"#, nil), ("", nil),
  ])
  func `a page of usage is counted`(body: String, count: Int?) {
    #expect(OpenAIError.resultCount(body) == count)
  }
}
