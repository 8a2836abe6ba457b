import Wire

/// What became of a body of traces.
typealias TraceResult = Result<TracePayload, TracePayload.Malformed>

/// What an Agent answers: a pure function from a request to a response.
struct AgentAnswers: Sendable {
  private let info: AgentInfo
  private let behavior: AgentBehavior
  private let endpoints: [String]
  private let document: [UInt8]
  private let identity: SiteIdentity
  private let state: String

  init(_ info: AgentInfo, identity: SiteIdentity) {
    self.info = info
    self.identity = identity
    behavior = info.behavior
    endpoints = info.endpoints
    document = info.document.map { Array($0.text.utf8) } ?? []
    state = Self.digest(document)
  }

  /// The answer, or nil for silence.
  func answer(_ request: HTTPRequest, _ traces: TraceResult?) -> HTTPResponse? {
    switch behavior.receiver {
    case .agent, .lambdaExtension, .testAgent: marked(agent(request, traces), request)
    case .oldAgent: oldAgent(request, traces)
    case .otelCollector: collector(request, traces)
    }
  }

  private func agent(_ request: HTTPRequest, _ traces: TraceResult?)
    -> HTTPResponse?
  {
    let path = path(of: request.target)
    if path == "/info" { return HTTPResponse(200, fields: Self.plain, body: document) }
    guard endpoints.contains(where: { serves($0, path) }) else { return .notFound }
    if let traces { return spans(request, traces) }
    switch path {
    case _ where path.hasPrefix("/evp_proxy/"): return proxied(request, path)
    case "/v0.3/services", "/v0.4/services": return HTTPResponse(200, body: Array("OK\n".utf8))
    case "/v0.7/config", "/config/set": return .json(200, "{}")
    case _ where path.hasPrefix("/telemetry/proxy/"): return HTTPResponse(202)
    default: return HTTPResponse(200)
    }
  }

  private func serves(_ endpoint: String, _ path: String) -> Bool {
    endpoint.hasSuffix("/") ? path.hasPrefix(endpoint) : path == endpoint
  }

  // MARK: Spans

  private func spans(_ request: HTTPRequest, _ traces: TraceResult)
    -> HTTPResponse?
  {
    if case .silent = behavior.traces { return nil }
    if request.fields["Sec-Fetch-Site"]?.lowercased() == "cross-site" {
      return .error(403, "cross-site request rejected")
    }
    if case .answered(let answer) = behavior.traces { return refused(answer, request) }
    if case .failure(let malformed) = traces { return .error(400, malformed.reason) }
    return rates(request)
  }

  private func refused(_ answer: AgentBehavior.TraceAnswer, _ request: HTTPRequest)
    -> HTTPResponse
  {
    switch answer {
    case .malformed:
      .error(400, "msgp: attempted to decode type \"map\" with method for \"array\"")
    case .tooLarge: .error(413, "payload-too-large")
    case .mediaType:
      .error(415, "unsupported media type: \"\(request.fields["Content-Type"] ?? "")\"")
    case .noCPU: .json(429, "{\"rate_by_service\":{\"service:,env:\":1}}\n")
    case .failing: .error(500, "Internal Server Error")
    case .empty: .json(200, "{}")
    case .page: .html(200, title: "Welcome")
    }
  }

  private func rates(_ request: HTTPRequest) -> HTTPResponse {
    if path(of: request.target) == TracePayload.Version.v03.rawValue {
      return HTTPResponse(200, fields: Self.plain, body: Array("OK\n".utf8))
    }
    var response = HTTPResponse.json(200, "{\"rate_by_service\":{\"service:,env:\":1}}\n")
    // A client that names the version it has gets the rates only where they differ.
    if let version = request.fields["Datadog-Rates-Payload-Version"], !version.isEmpty {
      if version == Self.ratesVersion { response.body = Array("{}".utf8) }
      response.fields.add("Datadog-Rates-Payload-Version", Self.ratesVersion)
    }
    return response
  }

  // MARK: evp_proxy

  private func proxied(_ request: HTTPRequest, _ path: String) -> HTTPResponse? {
    let target = "/" + path.split(separator: "/").dropFirst(2).joined(separator: "/")
    if behavior.receiver == .lambdaExtension {
      // The extension forwards by the path alone, and knows the host itself.
      return SiteAnswers(knows: { _ in true }, identity: identity)
        .answer(request, path: target, key: nil)
    }
    if case .disabled = behavior.proxy {
      return .error(405, "EVPProxy is disabled: Has been disabled in config")
    }
    let subdomain = request.fields["X-Datadog-EVP-Subdomain"] ?? ""
    guard isHostPart(subdomain), isForwardable(target, also: "/_-+"),
      isForwardable(String(request.target.dropFirst(path.count)), also: "/_-+@?&=.:\"")
    else { return Self.badGateway }
    switch behavior.proxy {
    case .open, .missing, .disabled: return site(true).forwarded(request, subdomain, target)
    case .keyRefused: return site(false).forwarded(request, subdomain, target)
    case .noEgress: return Self.badGateway
    case .silent: return nil
    }
  }

  private func site(_ knowsKey: Bool) -> SiteAnswers {
    SiteAnswers(knows: { _ in knowsKey }, identity: identity)
  }

  private func isHostPart(_ subdomain: String) -> Bool {
    !subdomain.isEmpty && isForwardable(subdomain, also: "_-.")
  }

  private func isForwardable(_ text: String, also symbols: String) -> Bool {
    text.unicodeScalars.allSatisfy {
      $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || symbols.unicodeScalars.contains($0)
    }
  }

  // MARK: Others

  private func oldAgent(_ request: HTTPRequest, _ traces: TraceResult?)
    -> HTTPResponse?
  {
    guard let traces, endpoints.contains(path(of: request.target)) else { return .notFound }
    return spans(request, traces)
  }

  /// The receiver answers 200 to every path that it doesn't know, evp_proxy's among them.
  private func collector(_ request: HTTPRequest, _ traces: TraceResult?)
    -> HTTPResponse
  {
    let path = path(of: request.target)
    if path == "/info" { return HTTPResponse(200, fields: Self.plain, body: document) }
    guard let traces else { return HTTPResponse(200) }
    guard !request.body.isEmpty else { return .error(400, "Fake featuresdiscovery") }
    guard case .success = traces else { return .error(400, "Unable to unmarshal reqs") }
    guard path != TracePayload.Version.v03.rawValue else {
      return HTTPResponse(
        200, fields: HTTPFields([("Content-Type", "text/plain")]), body: [79, 75])
    }
    return .json(200, "{}")
  }

  /// Every answer but that of `/info` names the Agent's version and the state of its `/info`.
  private func marked(_ response: HTTPResponse?, _ request: HTTPRequest) -> HTTPResponse? {
    guard behavior.receiver == .agent, var response, path(of: request.target) != "/info" else {
      return response
    }
    response.fields.add("Datadog-Agent-Version", info.subject.version)
    response.fields.add("Datadog-Agent-State", state)
    return response
  }

  private static let plain = HTTPFields([("Content-Type", "text/plain; charset=utf-8")])
  /// Go's ReverseProxy writes the reason into the Agent's log, and no body.
  private static let badGateway = HTTPResponse(502)
  private static let ratesVersion = "stand-in-1"

  /// 64 hex digits that change with the document (FNV-1a from four bases; the Agent uses SHA-256).
  private static func digest(_ bytes: [UInt8]) -> String {
    (0..<4).map { (lane: UInt64) in
      var hash = 0xcbf2_9ce4_8422_2325 ^ lane
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
      let digits = String(hash, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension SiteAnswers {
  fileprivate func forwarded(_ request: HTTPRequest, _ subdomain: String, _ path: String)
    -> HTTPResponse
  {
    switch (subdomain, path) {
    case ("api", "/api/v2/llmobs"), ("llmobs-intake", "/api/v1/validate"),
      ("llmobs-intake", "/api/v2/validate"):
      .json(404, "{\"errors\":[\"Not found\"]}")
    case ("api", _), ("llmobs-intake", _): answer(request, path: path, key: nil)
    default: .json(404, "{\"errors\":[\"Not found\"]}")
    }
  }
}
