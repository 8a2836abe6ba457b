import Wire

/// A kind of key at the stand-in for OpenAI; a key that it does not know is incorrect.
package enum OpenAIKeyKind: String, CaseIterable, Sendable {
  case admin
  /// An admin key without `api.usage.read`.
  case restrictedAdmin = "restricted-admin"
  case project
  case serviceAccount = "service-account"
  /// A restricted key with Model capabilities = Request, and nothing else.
  case restricted
  /// A restricted key that may not use /v1/responses.
  case partlyRestricted = "partly-restricted"
  case readOnly = "read-only"
  case wrongOrganization = "wrong-organization"
  case noOrganization = "no-organization"
  case deactivated
  /// Asked from a country that is not served.
  case region
  /// A project whose data lives in the United States.
  case residency
  case ipNotAllowed = "ip-not-allowed"
  /// Nothing left to spend.
  case quota
  case throttled
  case overloaded

  /// Every name, for a message about one that is none of them.
  package static var names: [String] { allCases.map(\.rawValue) }

  var isAdmin: Bool { self == .admin || self == .restrictedAdmin }

  /// What every request gets, wherever it goes; nil where it depends on the path.
  var refusal: OpenAIRefusal? {
    switch self {
    case .admin, .restrictedAdmin, .project, .serviceAccount, .restricted, .partlyRestricted,
      .readOnly, .quota:
      nil
    case .wrongOrganization: .wrongOrganization
    case .noOrganization: .noOrganization
    case .deactivated: .deactivated
    case .region: .region
    case .residency: .residency
    case .ipNotAllowed: .ipNotAllowed
    case .throttled: .throttled
    case .overloaded: .overloaded
    }
  }

  /// The scope of a path that the key lacks.
  func lacks(_ path: OpenAIPath) -> String? {
    switch path {
    case .models:
      isAdmin || self == .restricted ? "api.model.read" : nil
    case .images:
      isAdmin || self == .readOnly ? "model.request" : nil
    case .responses:
      isAdmin || self == .readOnly || self == .partlyRestricted ? "api.responses.write" : nil
    case .usage, .costs:
      self == .admin ? nil : "api.usage.read"
    }
  }
}

/// The paths of OpenAI's that the stand-in knows.
enum OpenAIPath: Equatable {
  case models, images, responses, usage(String), costs

  init?(_ method: String, _ path: String) {
    let usage = "/v1/organization/usage/"
    switch (method, path) {
    case ("GET", "/v1/models"): self = .models
    case ("POST", "/v1/images/generations"): self = .images
    case ("POST", "/v1/responses"): self = .responses
    case ("GET", "/v1/organization/costs"): self = .costs
    case ("GET", _) where path.hasPrefix(usage):
      let family = String(path.dropFirst(usage.count))
      guard Self.families.contains(family) else { return nil }
      self = .usage(family)
    default: return nil
    }
  }

  private static let families: Set<String> = [
    "audio_speeches", "audio_transcriptions", "code_interpreter_sessions", "completions",
    "embeddings", "images", "moderations", "vector_stores",
  ]
}

/// A refusal in OpenAI's own form.
struct OpenAIRefusal: Equatable, Sendable {
  var status: Int
  var code: String?
  var type = "invalid_request_error"
  var message: String

  var response: HTTPResponse {
    let body = OrderedJSON.object([
      (
        "error",
        .object([
          ("message", .string(message)), ("type", .string(type)), ("param", .null),
          ("code", code.map(OrderedJSON.string) ?? .null),
        ])
      )
    ])
    return .json(status, body.text)
  }
}

// The texts are those of recorded answers and public threads.
extension OpenAIRefusal {
  static let wrongOrganization = OpenAIRefusal(
    status: 401, code: "mismatched_organization",
    message: "OpenAI-Organization header should match organization for API key")
  static let noOrganization = OpenAIRefusal(
    status: 401, code: "no_organization",
    message: "You must be a member of an organization to use the API. Please contact us through"
      + " our help center at help.openai.com.")
  static let deactivated = OpenAIRefusal(
    status: 401, code: "account_deactivated",
    message: "The OpenAI account associated with this API key has been deactivated.")
  static let region = OpenAIRefusal(
    status: 403, code: "unsupported_country_region_territory", type: "request_forbidden",
    message: "Country, region, or territory not supported")
  static let residency = OpenAIRefusal(
    status: 401, code: "incorrect_hostname",
    message: "This project has data residency. Please make your request to us.api.openai.com.")
  static let ipNotAllowed = OpenAIRefusal(
    status: 401, code: "ip_not_authorized", message: "IP not authorized")
  static let quota = OpenAIRefusal(
    status: 429, code: "insufficient_quota", type: "insufficient_quota",
    message: "You exceeded your current quota, please check your plan and billing details.")
  static let throttled = OpenAIRefusal(
    status: 429, code: "rate_limit_exceeded", type: "requests",
    message: "Rate limit reached for requests")
  static let overloaded = OpenAIRefusal(
    status: 503, code: nil, type: "server_error",
    message: "The engine is currently overloaded, please try again later")
  static let cannotRun = OpenAIRefusal(
    status: 400, code: "unknown_parameter", message: "Unknown parameter: 'speed'.")
  static let noKey = OpenAIRefusal(
    status: 401, code: nil, message: "You didn't provide an API key.")

  /// A key that is not known is repeated with asterisks in its middle.
  static func incorrect(_ key: String) -> OpenAIRefusal {
    let masked = "\(key.prefix(8))****\(key.suffix(4))"
    return OpenAIRefusal(
      status: 401, code: "invalid_api_key",
      message: "Incorrect API key provided: \(masked). You can find your API key at"
        + " https://platform.openai.com/account/api-keys.")
  }

  static func lacks(_ scope: String) -> OpenAIRefusal {
    OpenAIRefusal(
      status: 401, code: nil,
      message: "You have insufficient permissions for this operation. Missing scopes: \(scope)."
        + " Check that you have the correct role in your organization (Reader, Writer, Owner) and"
        + " project (Member, Owner), and if you're using a restricted API key, that it has the"
        + " necessary scopes.")
  }

  static func unknownPath(_ method: String, _ path: String) -> OpenAIRefusal {
    OpenAIRefusal(status: 404, code: nil, message: "Invalid URL (\(method) \(path))")
  }
}
