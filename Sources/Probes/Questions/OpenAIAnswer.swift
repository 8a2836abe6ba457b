import Diagnosis
import FoundationEssentials
import Wire

/// What OpenAI's answer says of the key that asked; statuses alone mislead, so texts come first.
package enum OpenAIAnswer: Equatable, Sendable {
  /// No answer.
  case unreached(Fault)
  case success
  /// It read the request and turned it down, as it does with a body that can't run.
  case rejected
  case invalidKey, deactivated, region, ipNotAllowed, quota
  /// The key and the organization or project that was named do not belong together.
  case organization(code: String)
  /// The project's data lives elsewhere; the host is the one that the answer names.
  case wrongHost(String?)
  case missingScopes([String])
  /// Only a browser's session may ask this.
  case sessionKey
  case modelNotAllowed, organizationNotVerified
  /// 401 or 403 without a reason that is known.
  case unauthorized, forbidden
  case throttled
  /// 5xx.
  case unavailable
  /// Not OpenAI's own words: a page of something in between, or a status that it has no use for.
  case unexpected

  /// Whether it proves that OpenAI knows the key, whatever the key may not do.
  package var knowsKey: Bool {
    switch self {
    case .success, .rejected, .quota, .organization, .missingScopes, .sessionKey, .modelNotAllowed,
      .organizationNotVerified:
      true
    case .unreached, .invalidKey, .deactivated, .region, .ipNotAllowed, .wrongHost, .unauthorized,
      .forbidden, .throttled, .unavailable, .unexpected:
      false
    }
  }

  /// Whether it leaves open what it was asked for.
  package var isUntold: Bool {
    switch self {
    case .unreached, .throttled, .unavailable, .unexpected: true
    case .success, .rejected, .invalidKey, .deactivated, .region, .ipNotAllowed, .quota,
      .organization, .wrongHost, .missingScopes, .sessionKey, .modelNotAllowed,
      .organizationNotVerified, .unauthorized, .forbidden:
      false
    }
  }
}

extension OpenAIAnswer {
  /// The classifier: OpenAI's code, then its words, then the bare status.
  package init(status: Int, body: String) {
    guard !(200..<300).contains(status) else {
      self = OpenAIError.isObject(body) ? .success : .unexpected
      return
    }
    guard let error = OpenAIError(body) else {
      // A page or nothing: something between us and OpenAI, or an edge that is overloaded.
      self = status == 429 ? .throttled : status >= 500 ? .unavailable : .unexpected
      return
    }
    self = Self.coded(error) ?? Self.worded(error.message) ?? Self.bare(status)
  }

  private static func coded(_ error: OpenAIError) -> OpenAIAnswer? {
    switch error.code ?? "" {
    case "invalid_api_key": .invalidKey
    case "mismatched_organization", "no_organization", "invalid_organization",
      "mismatched_project", "invalid_project":
      .organization(code: error.code ?? "")
    case "account_deactivated": .deactivated
    case "unsupported_country_region_territory": .region
    case "incorrect_hostname": .wrongHost(host(in: error.message))
    case "ip_not_authorized": .ipNotAllowed
    case "model_not_found": .modelNotAllowed
    case "insufficient_quota", "billing_not_active", "billing_hard_limit_reached": .quota
    default: error.type == "insufficient_quota" ? .quota : nil
    }
  }

  private static func worded(_ message: String) -> OpenAIAnswer? {
    let scopes = scopes(in: message)
    if !scopes.isEmpty { return .missingScopes(scopes) }
    let lower = message.lowercased()
    if lower.contains("must be made with a session key") { return .sessionKey }
    if lower.contains("must be verified to use") { return .organizationNotVerified }
    if ["ip not authorized", "ip allowlist", "ip address is not"].contains(where: lower.contains) {
      return .ipNotAllowed
    }
    if lower.hasPrefix("no such organization") || lower.hasPrefix("openai-organization header") {
      return .organization(code: "invalid_organization")
    }
    return nil
  }

  private static func bare(_ status: Int) -> OpenAIAnswer {
    switch status {
    case 400, 422: .rejected
    case 401: .unauthorized
    case 403: .forbidden
    case 429: .throttled
    case 500...: .unavailable
    default: .unexpected
    }
  }

  /// The names behind `Missing scopes: `, as `api.responses.read, api.responses.write`.
  private static func scopes(in message: String) -> [String] {
    let mark = "Missing scopes: "
    guard let start = message.ranges(of: mark).first?.upperBound else { return [] }
    var scopes: [String] = []
    for part in message[start...].split(separator: ", ", omittingEmptySubsequences: false) {
      let name = part.prefix { $0.isASCII && ($0.isLowercase || $0.isNumber || "_.".contains($0)) }
      let scope = name.hasSuffix(".") ? name.dropLast() : name
      if !scope.isEmpty { scopes.append(String(scope)) }
      guard name.count == part.count else { break }
    }
    return scopes
  }

  /// A regional host that a text names.
  private static func host(in message: String) -> String? {
    message.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-")) }
      .map { $0.hasSuffix(".") ? String($0.dropLast()) : String($0) }
      .first { $0.hasSuffix(".api.openai.com") }
  }
}

/// The body of an answer in which OpenAI turns something down.
package struct OpenAIError: Equatable, Sendable {
  package var message: String
  package var type: String?
  package var code: String?

  /// Nil where the body is not OpenAI's.
  package init?(_ body: String) {
    guard let document = Self.decoded(Document.self, body) else { return nil }
    switch document.error {
    case .text(let text): self.init(message: text, type: nil, code: nil)
    case .fields(let fields):
      self.init(
        message: fields.message?.text ?? "", type: fields.type?.text, code: fields.code?.text)
    }
  }

  private init(message: String, type: String?, code: String?) {
    self.message = message
    self.type = type
    self.code = code
  }

  /// Whether a body is a JSON object at all.
  static func isObject(_ body: String) -> Bool { decoded(Anything.self, body) != nil }

  /// What a page of usage or costs holds; nil where it is none.
  static func resultCount(_ body: String) -> Int? {
    decoded(Page.self, body)?.data.reduce(0) { $0 + ($1.results?.count ?? 0) }
  }

  private static func decoded<Value: Decodable>(_ type: Value.Type, _ body: String) -> Value? {
    // The line end keeps JSONDecoder from a trap on brackets that never close.
    try? JSONDecoder().decode(type, from: Data((body + "\n").utf8))
  }

  private struct Anything: Decodable {
    init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: Name.self) }
  }

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int?
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Page: Decodable {
    struct Bucket: Decodable {
      var results: [Anything]?
    }
    var data: [Bucket]
  }

  private struct Document: Decodable {
    var error: Content
  }

  private enum Content: Decodable {
    case text(String)
    case fields(Fields)

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        self = .text(text)
      } else {
        self = .fields(try Fields(from: decoder))
      }
    }
  }

  private struct Fields: Decodable {
    var message: Lenient?
    var type: Lenient?
    var code: Lenient?
  }

  /// A code is a string, a number or null.
  private struct Lenient: Decodable {
    var text: String?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text =
        (try? container.decode(String.self)) ?? (try? container.decode(Int.self)).map(String.init)
    }
  }
}
