package import Wire

/// Which service the application's OpenAI client talks to, and which variable says so.
package struct OpenAIProvider: Equatable, Sendable {
  package enum Service: Equatable, Sendable {
    /// OpenAI itself, at one of its own hosts.
    case openAI(host: String, port: Int)
    /// Azure OpenAI, whose keys, usage and hosts are its own.
    case azure
    /// Another host that speaks OpenAI's protocol, with its product's name where something tells.
    case gateway(host: String, name: String?)
    /// An address that no client can use, or to which no key may go.
    case unusable(Flaw)
  }

  /// What is wrong with a base URL.
  package enum Flaw: Equatable, Sendable {
    case noScheme, notHTTP, noHost, port, quoted
    /// OpenAI's host without TLS: a key would go there in the clear.
    case plain(host: String)
    /// OpenAI's host with another path than `/v1`, under which its API is.
    case path(host: String, path: String)
  }

  package let service: Service
  /// The variable that decided; nil where nothing is set and the clients' default holds.
  package let variable: String?
  /// The base URL for showing, without a password; nil where none decided.
  package let url: String?
  /// Whether OPENAI_BASE_URL is there and empty, which the Python client takes for an address.
  package let hasEmptyURL: Bool

  package static let standardHost = "api.openai.com"

  /// OpenAI's hosts: the first one, and those of the regions (openai-python 3.54).
  package static let hosts: Set<String> = Set(
    ["us", "eu", "ae", "au", "in", "jp"].map { "\($0).\(standardHost)" } + [standardHost])

  /// Where keys may be sent to; nil for another provider, and for an address that can't be used.
  package var endpoint: Endpoint? {
    guard case .openAI(let host, let port) = service else { return nil }
    return .tls(host: host, port: port)
  }

  /// As the report names it.
  package var words: String {
    switch service {
    case .openAI(let host, let port): "OpenAI at \(host)\(port == 443 ? "" : ":\(port)")"
    case .azure: "Azure OpenAI"
    case .gateway(let host, let name?): "\(name) at \(host)"
    case .gateway(let host, nil): "another provider at \(host)"
    case .unusable: "no usable address"
    }
  }
}

extension OpenAIProvider {
  /// The provider that an environment's variables name.
  ///
  /// OPENAI_BASE_URL decides before its older name; an OpenAI host in it before Azure's variables.
  package static func resolve(_ environment: Environment, _ language: Language?) -> OpenAIProvider {
    let hasEmptyURL = environment.text("OPENAI_BASE_URL").map { trimmed($0).isEmpty } ?? false
    func provider(_ service: Service, _ variable: String?, _ url: String? = nil) -> OpenAIProvider {
      OpenAIProvider(service: service, variable: variable, url: url, hasEmptyURL: hasEmptyURL)
    }
    for name in ["OPENAI_BASE_URL", "OPENAI_API_BASE"] {
      let text = trimmed(environment.text(name) ?? "")
      if !text.isEmpty {
        return provider(service(text, environment, language), name, printable(text, limit: 200))
      }
    }
    if trimmed(environment.text("OPENAI_API_TYPE") ?? "").lowercased().hasPrefix("azure") {
      return provider(.azure, "OPENAI_API_TYPE")
    }
    let azure = environment.variables.filter { variable in
      variable.name.hasPrefix("AZURE_OPENAI_") && !variable.isEmpty
    }
    if let first = azure.first(where: { $0.name == "AZURE_OPENAI_ENDPOINT" }) ?? azure.first {
      return provider(.azure, first.name)
    }
    if environment["OPENAI_API_KEY"]?.secret?.kind == .openRouter {
      return provider(.gateway(host: "openrouter.ai", name: "OpenRouter"), "OPENAI_API_KEY")
    }
    return provider(.openAI(host: standardHost, port: 443), nil)
  }

  private static func service(
    _ text: String, _ environment: Environment, _ language: Language?
  ) -> Service {
    if let first = text.first, "\"'`".contains(first) { return .unusable(.quoted) }
    var parts = URLParts(text)
    if !text.contains("://") {
      // openai-php takes a bare `host/path`; `localhost:4000` would else pass for a scheme.
      guard language == .php else { return .unusable(.noScheme) }
      parts = URLParts("https://" + text)
    }
    guard ["http", "https"].contains(parts.scheme) else { return .unusable(.notHTTP) }
    let host = parts.host.lowercased()
    guard !host.isEmpty else { return .unusable(.noHost) }
    let port = parts.port.map { Int($0) } ?? (parts.scheme == "https" ? 443 : 80)
    guard let port, (1...65535).contains(port) else { return .unusable(.port) }
    guard hosts.contains(host) else { return other(host, port, environment) }
    guard parts.scheme == "https" else { return .unusable(.plain(host: host)) }
    guard ["/v1", "/v1/"].contains(parts.path) else {
      return .unusable(.path(host: host, path: printable(parts.path, limit: 80)))
    }
    return .openAI(host: host, port: port)
  }

  private static func other(_ host: String, _ port: Int, _ environment: Environment) -> Service {
    let azure = [".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com"]
    if azure.contains(where: host.hasSuffix) { return .azure }
    let isRouter = environment["OPENAI_API_KEY"]?.secret?.kind == .openRouter
    let shown = [80, 443].contains(port) ? bracketed(host) : "\(bracketed(host)):\(port)"
    return .gateway(
      host: printable(shown, limit: 100),
      name: product(host, port) ?? (isRouter ? "OpenRouter" : nil))
  }

  /// The product that a host or its usual port tells.
  private static func product(_ host: String, _ port: Int) -> String? {
    let known = [
      ("openrouter.ai", "OpenRouter"), ("portkey", "Portkey"), ("litellm", "LiteLLM"),
      ("vllm", "vLLM"), ("ollama", "Ollama"), ("helicone", "Helicone"),
      ("gateway.ai.cloudflare.com", "Cloudflare AI Gateway"), ("groq.com", "Groq"),
      ("together.xyz", "Together AI"), ("deepseek.com", "DeepSeek"), ("mistral.ai", "Mistral"),
      ("fireworks.ai", "Fireworks AI"), ("googleapis.com", "Google"),
    ]
    if let named = known.first(where: { host.contains($0.0) }) { return named.1 }
    guard ["localhost", "127.0.0.1", "::1"].contains(host) else { return nil }
    return switch port {
    case 4000: "LiteLLM, by its usual port,"
    case 8000: "vLLM, by its usual port,"
    case 8787: "Portkey, by its usual port,"
    case 11434: "Ollama, by its usual port,"
    default: nil
    }
  }

  private static func trimmed(_ text: String) -> String { TracerValue.trimmingBlanks(text) }
}

extension Settings {
  package var openAI: OpenAIProvider { OpenAIProvider.resolve(environment, language) }

  /// The key that this setup needs: usage is read with OPENAI_ADMIN_KEY where that is set, models
  /// are called with OPENAI_API_KEY. It may be empty; nil where neither is there.
  package var openAIKey: Variable? {
    let names =
      setup == .openAIAPI
      ? ["OPENAI_ADMIN_KEY", "OPENAI_API_KEY"] : ["OPENAI_API_KEY", "OPENAI_ADMIN_KEY"]
    let set = names.compactMap { environment[$0] }
    return set.first { !$0.isEmpty } ?? set.first
  }
}

extension SecretTraits.Kind {
  /// Whether a value of this kind may be sent to OpenAI: another service's key never is.
  package var isForOpenAI: Bool {
    switch self {
    case .openAIAdmin, .openAIProject, .openAIServiceAccount, .openAIUser, .other: true
    case .datadogAPIKey, .datadogAppKey, .datadogToken, .openRouter, .foreign, .url, .empty: false
    }
  }
}
