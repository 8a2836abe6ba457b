import Configuration
package import Diagnosis
package import Probes

/// Which provider the application's OpenAI client talks to, and whether its address can be used.
package struct OpenAIProviderNamed: Check {
  package let about = About(
    id: .openAIProvider,
    title: "Provider is known and its address usable",
    explanation: """
      OPENAI_BASE_URL, OPENAI_API_BASE and AZURE_OPENAI_* send an OpenAI client elsewhere: to one \
      of OpenAI's regions, to Azure, to a gateway. OpenAI's own key checks apply to OpenAI alone, \
      and no key is sent anywhere else, nor over http.
      """,
    fix: "Set OPENAI_BASE_URL to https://api.openai.com/v1 or a region's host, or unset it.",
    docs: OpenAIPages.clients,
    statuses: [.passed, .warning, .failed],
    needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let provider = seen.settings.openAI
    switch provider.service {
    case .unusable(let flaw): return .failed(.unusable(provider, flaw, seen.settings))
    case .azure, .gateway:
      if seen.settings.setup == .openAIAPI { return .warning(.noUsageThere(provider)) }
      return .passed(
        "\(provider.words) (\(provider.variable ?? "default")); OpenAI's key checks do not apply")
    case .openAI:
      if provider.hasEmptyURL, seen.settings.language == .python { return .warning(.emptyURL) }
      return .passed("\(provider.words) (\(provider.variable ?? "default"))")
    }
  }
}

extension Problem {
  fileprivate static func unusable(
    _ provider: OpenAIProvider, _ flaw: OpenAIProvider.Flaw, _ settings: Settings
  ) -> Problem {
    let variable = provider.variable ?? "OPENAI_BASE_URL"
    let url = provider.url ?? ""
    let standard = "https://\(OpenAIProvider.standardHost)/v1"
    let (reason, better) =
      switch flaw {
      case .noScheme: ("has no scheme", "https://\(url)")
      case .notHTTP: ("is no https URL", standard)
      case .noHost: ("has no host", standard)
      case .port: ("has no usable port", standard)
      case .quoted: ("has quotes in it", String(url.filter { !"\"'`".contains($0) }))
      case .plain(let host):
        ("leads to OpenAI over http: the key would travel in the clear", "https://\(host)/v1")
      case .path(let host, let path):
        (
          "leads to \(path.isEmpty ? "/" : path), and OpenAI's API is under /v1",
          "https://\(host)/v1"
        )
      }
    let isFromText = flaw == .noScheme || flaw == .quoted
    let failureClass: FailureClass = if case .plain = flaw { .exposed } else { .malformed }
    return Problem(
      "\(variable) \(reason)", class: failureClass,
      evidence: Evidence(
        variable, measured: "'\(url)'", expected: "a URL such as \(standard)",
        source: "the variable's text; nothing was sent"),
      remedies: .set(
        variable, to: better, of: isFromText ? settings.environment[variable] : nil))
  }

  fileprivate static func noUsageThere(_ provider: OpenAIProvider) -> Problem {
    let variable = provider.variable ?? "OPENAI_BASE_URL"
    return Problem(
      "Datadog's OpenAI integration reads usage at OpenAI alone, and this is \(provider.words)",
      class: .unsupported,
      evidence: Evidence(
        variable, measured: provider.url ?? "set",
        expected: "one of OpenAI's own hosts", source: "environment; no key was sent"),
      remedies: .set(
        "OPENAI_BASE_URL", to: "https://\(OpenAIProvider.standardHost)/v1",
        "to check an OpenAI key all the same"),
      .advice("Azure OpenAI has an integration of its own; a gateway's usage is its own to report"))
  }

  fileprivate static var emptyURL: Problem {
    Problem(
      "OPENAI_BASE_URL is empty, which the Python client takes for an address", class: .malformed,
      evidence: Evidence(
        "OPENAI_BASE_URL", measured: "''", expected: "a URL, or unset", source: "openai-python"),
      remedies: .unset("OPENAI_BASE_URL"))
  }
}
