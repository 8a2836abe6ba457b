import Configuration
package import Diagnosis
import Wire

/// A family of usage that Datadog's OpenAI integration collects.
package enum OpenAIUsageFamily: String, CaseIterable, Sendable {
  case audioSpeeches = "audio_speeches"
  case audioTranscriptions = "audio_transcriptions"
  case codeInterpreterSessions = "code_interpreter_sessions"
  case completions, embeddings, images, moderations
  case vectorStores = "vector_stores"
}

/// What is asked of OpenAI: each of it free, the bodies such that they can't run.
package enum OpenAISubject: Equatable, Sendable {
  /// `GET /v1/models`.
  case models
  /// `POST /v1/images/generations` without a prompt.
  case images
  /// `POST /v1/responses` without a model.
  case responses
  /// Of the last 24 hours, one bucket.
  case usage(OpenAIUsageFamily)
  case costs

  package var name: String {
    switch self {
    case .models: "models"
    case .images: "images"
    case .responses: "responses"
    case .usage(let family): "usage.\(family.rawValue)"
    case .costs: "costs"
    }
  }

  package var method: String { isPost ? "POST" : "GET" }

  package var path: String {
    switch self {
    case .models: "/v1/models"
    case .images: "/v1/images/generations"
    case .responses: "/v1/responses"
    case .usage(let family): "/v1/organization/usage/\(family.rawValue)"
    case .costs: "/v1/organization/costs"
    }
  }

  private var isPost: Bool {
    switch self {
    case .images, .responses: true
    case .models, .usage, .costs: false
    }
  }

  /// The path and its query; only usage and costs have a time in theirs.
  fileprivate func target(seconds now: Int64) -> String {
    switch self {
    case .models, .images, .responses: path
    case .usage, .costs: "\(path)?start_time=\(now - 86_400)&limit=1"
    }
  }

  /// An unknown parameter and nothing that is required: OpenAI checks the scope, then refuses it.
  fileprivate var body: [UInt8] { isPost ? Array(#"{"speed":1}"#.utf8) : [] }
}

/// One request to OpenAI with one of the configured keys.
package struct OpenAIRequest: Question {
  private let subject: OpenAISubject
  private let host: String
  private let port: Int
  /// The variable that holds the key.
  private let variable: String
  private let organization: String?
  private let project: String?

  package init(
    _ subject: OpenAISubject, host: String, port: Int, variable: String, organization: String?,
    project: String?
  ) {
    self.subject = subject
    self.host = host
    self.port = port
    self.variable = variable
    self.organization = organization
    self.project = project
  }

  package var key: String {
    "openai.\(subject.name) \(Endpoint.tls(host: host, port: port).url("")) \(variable)"
  }

  package func ask(_ world: World) async -> OpenAIReply {
    let endpoint = Endpoint.tls(host: host, port: port)
    guard let secret = world.credentials[variable] else {
      let fault = Fault(.missing, "\(variable) is not at hand")
      return OpenAIReply(
        Exchange(
          method: subject.method, url: endpoint.url(subject.path), result: .failed(fault)))
    }
    var request = HTTPRequest(
      subject.method, subject.target(seconds: WallClock.nanoseconds() / 1_000_000_000),
      host: port == 443 ? host : endpoint.hostField,
      fields: [("Accept", "application/json"), ("User-Agent", "dd-doctor/\(world.version)")],
      body: subject.body)
    if !subject.body.isEmpty { request.fields.add("Content-Type", "application/json") }
    if let organization { request.fields.add("OpenAI-Organization", organization) }
    if let project { request.fields.add("OpenAI-Project", project) }
    request.add("Authorization", prefix: "Bearer ", secret, for: host)
    return OpenAIReply(await world.askOpenAI(request, at: endpoint))
  }

  package func transfers(_ answer: OpenAIReply) -> [Transfer] {
    [answer.exchange.transfer("openai.\(subject.name)")]
  }
}

extension World {
  /// The one place from which a request leaves for OpenAI.
  fileprivate func askOpenAI(_ request: HTTPRequest, at endpoint: Endpoint) async -> Exchange {
    await secureExchange(request, with: endpoint)
  }
}

/// An answer of OpenAI's, without the data of the organization that asked.
package struct OpenAIReply: Codable, Equatable, Sendable {
  /// With the fields that are judged, and the body of a refusal alone.
  package let exchange: Exchange
  /// Results on a page of usage or costs; nil where the answer is none.
  package let resultCount: Int?

  package init(_ exchange: Exchange) {
    var exchange = exchange
    resultCount = exchange.answer.flatMap { answer in
      answer.isSuccess ? OpenAIError.resultCount(answer.body) : nil
    }
    if var answer = exchange.answer {
      answer.fields = HTTPFields(
        answer.fields.fields.filter { Self.kept.contains($0.name.lowercased()) }.map {
          ($0.name, $0.value)
        })
      // Models and usage are the organization's own; that it is a JSON object is enough.
      if answer.isSuccess, OpenAIError.isObject(answer.body) { answer.body = "{}" }
      exchange.result = .answered(answer)
    }
    self.exchange = exchange
  }

  /// What it says of the key.
  package var answer: OpenAIAnswer {
    switch exchange.result {
    case .failed(let fault): .unreached(fault)
    case .answered(let answer): OpenAIAnswer(status: answer.status, body: answer.body)
    }
  }

  /// The organization that answered, as its slug or id.
  package var organization: String? { exchange.answer?.fields["openai-organization"] }

  package var project: String? { exchange.answer?.fields["openai-project"] }

  /// Status and OpenAI's own words, for evidence.
  package var summary: String {
    guard let answer = exchange.answer else { return exchange.fault?.message ?? "no answer" }
    guard let error = OpenAIError(answer.body) else { return answer.summary }
    let code = error.code.map { " \($0)" } ?? ""
    return printable("\(answer.line)\(code): \(error.message)", limit: 160)
  }

  /// The URL without its query, which has a time in it.
  package var place: String {
    "\(exchange.method) \(exchange.url.prefix { $0 != "?" })"
  }

  private static let kept: Set<String> = [
    "openai-organization", "openai-project", "openai-version", "x-request-id", "retry-after",
    "content-type", "date", "server", "www-authenticate",
  ]
}

extension Observations {
  package var openAIModels: OpenAIReply? {
    get async throws { try await openAI(.models) }
  }

  /// What OpenAI answers to a subject; nil where no key may be sent to the provider.
  package func openAI(_ subject: OpenAISubject) async throws -> OpenAIReply? {
    guard let request = request(subject) else { return nil }
    return try await answer(request)
  }

  /// Begins to ask OpenAI for a subject.
  package func begin(openAI subject: OpenAISubject) {
    guard let request = request(subject) else { return }
    begin(request)
  }

  private func request(_ subject: OpenAISubject) -> OpenAIRequest? {
    guard case .openAI(let host, let port) = settings.openAI.service,
      let key = settings.openAIKey, let kind = key.secret?.kind, kind.isForOpenAI
    else { return nil }
    return OpenAIRequest(
      subject, host: host, port: port, variable: key.name,
      organization: settings.environment.value("OPENAI_ORG_ID"),
      project: settings.environment.value("OPENAI_PROJECT_ID"))
  }
}
