import StandIn
import TestServers

/// The rows of `SetupMatrixTests`.
enum SetupRows {
  struct Setup: CustomStringConvertible, Sendable {
    let name: String
    let language: String?
    var description: String { [name, language].compactMap { $0 }.joined(separator: " ") }
  }

  static let setups: [Setup] = [
    Setup(name: "openai-api", language: nil), Setup(name: "openai-api", language: "python"),
    Setup(name: "llmobs-agentless", language: "python"),
    Setup(name: "llmobs-agentless", language: "node"),
    Setup(name: "llmobs-agent", language: "python"),
    Setup(name: "llmobs-agent", language: "node"),
    Setup(name: "llmobs-lambda", language: "python"),
    Setup(name: "llmobs-lambda", language: "node"),
    Setup(name: "apm", language: "python"), Setup(name: "apm", language: "node"),
    Setup(name: "apm", language: "php"),
  ]

  struct Row: CustomStringConvertible, Sendable {
    let setup: String
    let language: String?
    let broken: SetupWorld.Change
    let check: String
    let verdict: (status: String, failureClass: String)
    /// Which of the remedies.
    var remedy = 0
    /// Warnings that say the same of another place.
    var echoes: [String] = []
    let mending: Mending

    var description: String {
      "\(setup) \(language ?? "any") \(broken): \(check) \(verdict.status) \(verdict.failureClass)"
    }
  }

  enum Mending: Sendable {
    /// The address is led to a good Agent: `<agent host>:8126` is where that one listens.
    case elsewhere
    /// The command is typed as it is printed, with these in place of its placeholders.
    case paste([String: String] = [:])
    /// Nothing can be typed here, or nobody is there who would do it: what it says is done.
    case hand(String, SetupWorld.Change)
  }

  static let all: [Row] = [
    [nil, "python"].flatMap(openAI), ["python", "node"].flatMap(agentless),
    ["python", "node"].flatMap(agent), ["python", "node"].flatMap(lambda),
    ["python", "node", "php"].flatMap(apm),
  ].flatMap { $0 }
}

// MARK: The rows

extension SetupRows {
  private typealias World = SetupWorld

  private static func row(
    _ setup: String, _ language: String?, _ broken: SetupWorld.Change, _ check: String,
    _ verdict: String, remedy: Int = 0, echoes: [String] = [], _ mending: Mending = .paste()
  ) -> Row {
    let words = verdict.split(separator: " ").map(String.init)
    return Row(
      setup: setup, language: language, broken: broken, check: check,
      verdict: (words.first ?? "", words.last ?? ""), remedy: remedy, echoes: echoes,
      mending: mending)
  }

  private static let keyFill = ["<api key>": World.key]
  private static let stale = "deadbeef112233445566778899aabbcc"
  private static let api = "api.us5.datadoghq.com"

  /// What is wrong with the Datadog key and the site wherever both are needed.
  private static func datadog(_ setup: String, _ language: String?) -> [Row] {
    let key: (String?) -> SetupWorld.Change = { .variable("DD_API_KEY", $0) }
    let site: (String) -> SetupWorld.Change = { .variable("DD_SITE", $0) }
    let values = ["environment.values"]
    return [
      row(setup, language, key(nil), "datadog.key.present", "failed missing", .paste(keyFill)),
      row(setup, language, key(""), "datadog.key.present", "failed missing", .paste(keyFill)),
      row(
        setup, language, key("<YOUR_API_KEY>"), "datadog.key.shape", "failed malformed",
        echoes: values, .paste(keyFill)),
      row(
        setup, language, key("\"\(World.key)\""), "datadog.key.shape", "failed malformed",
        echoes: values),
      row(
        setup, language, key("\(World.key)\n"), "datadog.key.shape", "failed malformed",
        echoes: values),
      row(
        setup, language, key(stale), "datadog.key.valid", "failed unauthorized", remedy: 1,
        .paste(keyFill)),
      row(
        setup, language, site("https://app.us5.datadoghq.com"), "site.known", "failed malformed"),
      row(setup, language, site("us5"), "site.known", "failed malformed"),
      row(
        setup, language, .host(api, .expired), "site.reachable", "failed tls.expired",
        .hand("openssl s_client", .host(api, nil))),
      row(
        setup, language, .host(api, .other), "site.reachable", "failed tls.hostname",
        .hand("openssl s_client", .host(api, nil))),
    ]
  }

  private static func openAI(_ language: String?) -> [Row] {
    let setup = "openai-api"
    let admin = ["<admin key>": World.openAIKey(.admin)]
    func key(
      _ kind: OpenAIKeyKind?, _ check: String, _ verdict: String, _ mending: Mending? = nil
    ) -> Row {
      row(
        setup, language, .variable("OPENAI_ADMIN_KEY", kind.map(World.openAIKey)), check, verdict,
        mending ?? .paste(admin))
    }
    let whole = SetupWorld.Change.variable("OPENAI_ADMIN_KEY", World.openAIKey(.admin))
    var rows = datadog(setup, language)
    rows += [
      key(nil, "openai.key.present", "failed missing"),
      key(.project, "openai.key.scope", "failed wrongKind"),
      key(.serviceAccount, "openai.key.scope", "failed wrongKind"),
      key(
        .restrictedAdmin, "openai.usage.audio_speeches", "failed missingScope",
        .hand("make an admin key", whole)),
      key(.deactivated, "openai.key.valid", "failed deactivated"),
    ]
    return rows
  }

  /// What an application's OpenAI key may lack.
  private static func applicationKey(_ setup: String, _ language: String) -> [Row] {
    let whole = World.openAIKey(.project)
    return [
      row(
        setup, language, .variable("OPENAI_API_KEY", World.openAIKey(.readOnly)),
        "openai.model-capabilities", "failed missingScope",
        .hand("Model capabilities = Request", .variable("OPENAI_API_KEY", whole))),
      row(
        setup, language, .variable("OPENAI_API_KEY", World.openAIKey(.deactivated)),
        "openai.key.valid", "failed deactivated", .paste(["<OpenAI key>": whole])),
      row(
        setup, language, .variable("OPENAI_API_KEY", whole + "x"), "openai.key.valid",
        "failed unauthorized", .paste(["<OpenAI key>": whole])),
      row(
        setup, language, .variable("OPENAI_ADMIN_KEY", World.openAIKey(.admin)),
        "openai.key.scope", "warning exposed"),
    ]
  }

  /// What keeps a tracer out of its language's runtime.
  private static func runtime(_ setup: String, _ language: String) -> [Row] {
    func file(_ name: String, _ text: String?, _ check: String, _ verdict: String) -> Row {
      row(setup, language, .file(name, text), check, verdict)
    }
    func page(_ text: String, _ check: String, _ verdict: String, _ says: String) -> Row {
      row(
        setup, language, .file("page", text), check, verdict,
        .hand(says, .file("page", World.phpPage)))
    }
    switch language {
    case "python":
      return [
        file("packages/ddtrace", "", "runtime.python.ddtrace", "failed notInstalled"),
        file("packages/openai", "0.27.8", "runtime.openai-sdk", "failed outdated"),
        row(
          setup, language, .file("Procfile", "web: python app.py\n"), "runtime.python.launch",
          "warning notLoaded",
          .hand("ddtrace-run", .file("Procfile", "web: ddtrace-run python app.py\n"))),
      ]
    case "node":
      let modules = #"{"type":"module","dependencies":{"dd-trace":"^6","openai":"^6"}}"#
      let (tracer, openAI) = ("dd-trace/package.json", "openai/package.json")
      return [
        file("node_modules/\(tracer)", nil, "runtime.node.dd-trace", "failed notInstalled"),
        file(
          "node_modules/\(openAI)", #"{"version":"2.0.0"}"#, "runtime.openai-sdk",
          "failed outdated"),
        file("package.json", modules, "runtime.node.init", "warning notLoaded"),
      ]
    default:
      let passed = "Diagnostic checks => passed"
      let failed = "Diagnostic checks => failed"
      return [
        file(
          "page", "Extension 'ddtrace' not present.\n", "runtime.php.extension",
          "failed notInstalled"),
        page(
          World.phpPage.replacing("enabled", with: "disabled"), "runtime.php.extension",
          "failed disabled", "php -i"),
        page(
          World.phpPage.replacing(passed, with: "open_basedir_sources_allowed => false\n\(failed)"),
          "runtime.php.diagnostics", "failed permission", "open_basedir"),
      ]
    }
  }

  /// What an Agent and the variables that lead to it may have.
  private static func agentSide(_ setup: String, _ language: String) -> [Row] {
    let isLLM = setup == "llmobs-agent"
    // With a key of its own, the tracer goes around an Agent that it does not find.
    let around = isLLM ? ["llmobs.mode"] : []
    func elsewhere(
      _ fault: AgentFault, _ check: String, _ verdict: String, remedy: Int = 1,
      _ more: [String] = []
    ) -> Row {
      row(
        setup, language, .agent(fault), check, verdict, remedy: remedy, echoes: more + around,
        .elsewhere)
    }
    func there(_ fault: AgentFault, _ check: String, _ verdict: String, _ says: String) -> Row {
      row(setup, language, .agent(fault), check, verdict, .hand(says, .agent(nil)))
    }
    return [
      elsewhere(
        .refused, "agent.reachable", "failed refused", remedy: 0,
        language == "python" ? [] : ["agent.dogstatsd"]),
      elsewhere(.silent, "agent.answers", "failed timeout"),
      elsewhere(.ssh, "agent.answers", "failed protocol"),
      elsewhere(.webPage, "agent.answers", "failed notAgent"),
      elsewhere(.notFound, "agent.answers", "failed notAgent"),
      there(.noTraces, "agent.traces", "failed unsupported", "DD_APM_ENABLED=true"),
      there(.spanRejected413, "agent.span", "failed tooLarge", "max_payload_size"),
      there(.spanRejected500, "agent.span", "failed http", "trace-agent.log"),
      there(.keyRefused, "agent.forwarding", "failed unauthorized", "a valid DD_API_KEY"),
      there(.noEgress, "agent.forwarding", "failed noEgress", "over TCP 443"),
      row(
        setup, language, .variable("DD_TRACE_AGENT_URL", "localhost:8126"), "agent.address",
        "failed malformed", echoes: around,
        .hand("DD_TRACE_AGENT_URL=http://localhost:8126", .variable("DD_TRACE_AGENT_URL", nil))),
    ]
  }

  /// What switches LLM Observability off, and what leaves it without a name.
  private static func switches(_ setup: String, _ language: String) -> [Row] {
    func variable(
      _ name: String, _ value: String?, _ check: String, _ verdict: String,
      echoes: [String] = []
    ) -> Row {
      row(setup, language, .variable(name, value), check, verdict, echoes: echoes)
    }
    let disabled = "environment.disabled"
    var rows = [
      variable("DD_LLMOBS_ENABLED", "0", disabled, "failed disabled"),
      variable("DD_TRACE_OPENAI_ENABLED", "false", disabled, "failed disabled"),
      variable("DD_LLMOBS_SAMPLE_RATE", "0", "environment.sampling", "failed sampledOut"),
    ]
    if language == "python" {
      rows += [
        variable("DD_LLMOBS_ENABLED", nil, "llmobs.enabled", "failed missing"),
        variable(
          "DD_LLMOBS_ENABLED", "yes", disabled, "failed disabled", echoes: ["environment.values"]),
        variable(
          "DD_TRACE_ENABLED", "", disabled, "failed disabled", echoes: ["environment.values"]),
      ]
      if setup != "llmobs-lambda" {
        // Newer releases take the program's name.
        rows.append(
          row(
            setup, language,
            .several([.file("packages/ddtrace", "3.5.1"), .variable("DD_LLMOBS_ML_APP", nil)]),
            "llmobs.app-name", "failed missing"))
      }
    } else {
      rows += [
        variable("DD_LLMOBS_ML_APP", nil, "llmobs.app-name", "failed missing"),
        row(
          setup, language, .variable("DD_TRACE_DISABLED_PLUGINS", "openai"), disabled,
          "failed disabled",
          .hand(
            "take openai out of DD_TRACE_DISABLED_PLUGINS",
            .variable("DD_TRACE_DISABLED_PLUGINS", nil))),
      ]
    }
    return rows
  }

  private static func agentless(_ language: String) -> [Row] {
    let setup = "llmobs-agentless"
    let mode = "DD_LLMOBS_AGENTLESS_ENABLED"
    let intake =
      language == "python"
      ? "trace.browser-intake-us5-datadoghq.com" : "llmobs-intake.us5.datadoghq.com"
    var rows = datadog(setup, language)
    rows += applicationKey(setup, language)
    rows += runtime(setup, language)
    rows += switches(setup, language)
    rows += [
      row(setup, language, .variable(mode, nil), "llmobs.mode", "failed missing"),
      row(setup, language, .variable(mode, "0"), "llmobs.mode", "failed disabled"),
      row(
        setup, language, .variable("DD_SITE", ""), "site.known", "failed missing",
        .paste(["datadoghq.com": World.site])),
      row(
        setup, language, .variable("DD_SITE", "ddog-gov.com"), "site.llmobs", "failed region",
        .hand("a commercial site", .variable("DD_SITE", World.site))),
      row(
        setup, language, .host(intake, .expired), "llmobs.egress", "failed tls.expired",
        .hand("openssl", .host(intake, nil))),
    ]
    return rows
  }

  private static func agent(_ language: String) -> [Row] {
    let setup = "llmobs-agent"
    let proxy = "DD_EVP_PROXY_CONFIG_ENABLED=true"
    var rows = agentSide(setup, language)
    rows += applicationKey(setup, language)
    rows += runtime(setup, language)
    rows += switches(setup, language)
    rows += [
      row(
        setup, language, .agent(.noEVPProxy), "agent.evp-proxy", "failed unsupported",
        echoes: ["llmobs.mode"], .hand(proxy, .agent(nil))),
      row(
        setup, language, .agent(.evpDisabled), "agent.evp-proxy", "failed disabled",
        .hand(proxy, .agent(nil))),
      row(
        setup, language, .variable("DD_API_KEY", stale), "datadog.key.valid",
        "warning unauthorized", remedy: 1, .paste(keyFill)),
    ]
    return rows
  }

  private static func lambda(_ language: String) -> [Row] {
    let setup = "llmobs-lambda"
    let handler = "DD_LAMBDA_HANDLER"
    let library =
      language == "python"
      ? "task/datadog_lambda/__init__.py" : "task/node_modules/datadog-lambda-js/package.json"
    let redirect = World.healthy(setup, language).variables["_HANDLER"]
    var rows = applicationKey(setup, language)
    rows += switches(setup, language)
    rows += [
      row(
        setup, language, .variable(handler, nil), "lambda.handler", "failed missing",
        .paste(["<module>.<function>": "app.handler"])),
      row(setup, language, .variable(handler, "app"), "lambda.handler", "failed malformed"),
      row(
        setup, language, .variable("_HANDLER", "app.handler"), "lambda.handler",
        "failed notLoaded",
        .hand("set the function's handler to", .variable("_HANDLER", redirect))
      ),
      row(
        setup, language, .file(library, nil), "lambda.layers", "failed notInstalled",
        .hand("add the layer", .file(library, "{}"))),
      row(
        setup, language, .variable("DD_API_KEY", nil), "datadog.key.present", "failed missing",
        .paste(keyFill)),
      row(
        setup, language, .variable("DD_API_KEY", stale), "datadog.key.valid",
        "failed unauthorized", remedy: 1, .paste(keyFill)),
      row(setup, language, .variable("DD_SITE", "us5"), "site.known", "failed malformed"),
    ]
    if language == "python" {
      rows.append(
        row(
          setup, language, .variable("DD_LLMOBS_AGENTLESS_ENABLED", nil),
          "lambda.extension", "failed notInstalled", remedy: 1))
    }
    return rows
  }

  private static func apm(_ language: String) -> [Row] {
    let setup = "apm"
    var rows = agentSide(setup, language)
    rows += runtime(setup, language)
    rows += [
      row(
        setup, language, .variable("DD_SERVICE", nil), "environment.tags", "warning missing"),
      row(setup, language, .variable("DD_ENV", nil), "environment.tags", "warning missing"),
      row(
        setup, language, .variable("DD_TRACE_ENABLED", "false"), "environment.disabled",
        "failed disabled"),
      row(
        setup, language, .variable("DD_TRACE_SAMPLING_RULES", #"[{"sample_rate":0}]"#),
        "environment.sampling", "failed sampledOut"),
    ]
    if language == "php" {
      rows.append(
        row(
          setup, language, .agent(.dogStatsDOff), "agent.dogstatsd", "warning disabled",
          .hand("DD_USE_DOGSTATSD=true", .agent(nil))))
    }
    return rows
  }
}
