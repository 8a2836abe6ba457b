import Foundation
import Testing

@testable import Configuration

@Suite struct `Settings registry` {
  static let all = Array(SettingsRegistry.names)

  @Test func `names are sorted by their bytes and stand once`() {
    #expect(Self.all.count > 7_000)
    for (one, next) in zip(Self.all, Self.all.dropFirst()) {
      #expect(one.utf8.lexicographicallyPrecedes(next.utf8), "\(one) \(next)")
    }
  }

  @Test func `every name of the data is found`() {
    for name in Self.all {
      #expect(SettingsRegistry.entry(name)?.name == name)
    }
  }

  @Test(arguments: [
    "", "_", "DD", "DD_SERVIC", "DD_SERVICE_", "dd_service", "DD_SERVICE\tA", "DD_SERVICE\n",
    "\u{0}",
    "ZZZ", "AAA", "DD_ÄÖÜ", "\n", "\t",
  ])
  func `what is no name is not found`(name: String) {
    #expect(SettingsRegistry.entry(name) == nil)
    #expect(!SettingsRegistry.contains(name))
  }

  @Test func `every entry has readers that are spelt out, the tracers first`() {
    for name in Self.all {
      guard let entry = SettingsRegistry.entry(name) else { continue }
      #expect(!entry.readers.isEmpty, "\(name)")
      #expect(entry.readers.allSatisfy { $0.count > 1 }, "\(name)")
      #expect(Set(entry.types.keys).isSubset(of: entry.readers), "\(name)")
      #expect(Set(entry.defaults.keys).isSubset(of: entry.types.keys), "\(name)")
    }
    #expect(SettingsRegistry.entry("DD_SERVICE")?.readers.prefix(3) == ["python", "node", "php"])
  }

  @Test func `every alias is a name that leads to its canonical name`() {
    for name in Self.all {
      guard let entry = SettingsRegistry.entry(name) else { continue }
      for alias in entry.aliases {
        #expect(SettingsRegistry.contains(alias), "\(name): \(alias)")
      }
      if let canonical = entry.aliasOf {
        #expect(SettingsRegistry.entry(canonical)?.aliases.contains(name) == true, "\(name)")
      }
    }
  }

  @Test func `every successor of a deprecated name is known`() {
    for name in Self.all {
      guard let entry = SettingsRegistry.entry(name), let next = entry.deprecatedFor else {
        continue
      }
      #expect(entry.isDeprecated)
      #expect(SettingsRegistry.contains(next), "\(name): \(next)")
    }
  }

  @Test func `an entry carries types, defaults and other names by language`() {
    let host = SettingsRegistry.entry("DD_AGENT_HOST")
    #expect(host?.types == ["python": .string, "node": .string, "php": .string])
    #expect(host?.defaults == ["node": "127.0.0.1", "php": "localhost"])
    #expect(host?.aliases == ["DD_TRACE_AGENT_HOSTNAME"])
    #expect(SettingsRegistry.entry("DD_SERVICE")?.defaults == ["php": ""])
    #expect(SettingsRegistry.entry("DD_SERVICE_NAME")?.aliasOf == "DD_SERVICE")
    #expect(SettingsRegistry.entry("DD_SERVICE_NAME")?.types == ["node": .string])
    #expect(SettingsRegistry.entry("DD_TRACE_ENABLED")?.types["python"] == .boolean)
  }

  @Test(arguments: [
    "DD_API_KEY", "DATADOG_API_KEY", "DD_APP_KEY", "OPENAI_API_KEY", "OPENAI_ADMIN_KEY",
    "OTEL_EXPORTER_OTLP_HEADERS",
  ])
  func `a secret is a secret, its alias too`(name: String) {
    #expect(SettingsRegistry.entry(name)?.isSecret == true)
  }

  @Test(arguments: [
    ("DATADOG_TAGS", "DD_TAGS"), ("DATADOG_TRACE_AGENT_HOSTNAME", "DD_AGENT_HOST"),
    ("DD_APM_MAX_TPS", "DD_APM_TARGET_TPS"),
    ("DD_TRACE_EXPERIMENTAL_RUNTIME_ID_ENABLED", "DD_RUNTIME_METRICS_RUNTIME_ID_ENABLED"),
  ])
  func `a deprecated name says what replaces it`(name: String, successor: String) {
    #expect(SettingsRegistry.entry(name)?.deprecatedFor == successor)
    #expect(SettingsRegistry.entry(name)?.isDeprecated == true)
  }
}

@Suite struct `Foreign names` {
  @Test(arguments: [
    "DATADOG_AGENT_SERVICE_HOST", "DATADOG_AGENT_SERVICE_PORT", "DATADOG_AGENT_PORT",
    "DATADOG_AGENT_SERVICE_PORT_TRACEPORT", "DD_AGENT_PORT_8126_TCP_ADDR", "DD_AGENT_PORT_8126_TCP",
    "DD_AGENT_PORT_8125_UDP_PROTO", "DD_AGENT_SERVICE_HOST", "OPENAI_PROXY_SERVICE_PORT",
    "OTEL_COLLECTOR_PORT_4317_TCP_PORT", "OTEL_COLLECTOR_PORT", "DD_DOCTOR_SHARED",
    "DD_DOCTOR_TIMEOUT", "DD_TRACE_MYFRAMEWORK_ENABLED", "DD_TRACE_MYFRAMEWORK_ANALYTICS_ENABLED",
    "DD_MYFRAMEWORK_SERVICE", "DD_MYFRAMEWORK_DISTRIBUTED_TRACING", "DD_INTEGRATION_FOO_ENABLED",
  ])
  func `service links, our own and integrations' names are foreign and no slips`(name: String) {
    #expect(SettingsRegistry.isForeign(name))
    #expect(SettingsRegistry.nearest(to: name) == nil)
  }

  @Test(arguments: [
    "DD_AGENT_PORT", "DD_TRACE_AGENT_PORT", "DD_SERVICE", "DD_OPENAI_SERVICE", "DD_TRACE_ENABLED",
    "DD_TRACE_OPENIA_ENABLED", "DD_TRACE_OPENAI_ENABLE", "DD_AGENT_PROT", "DD_AGNET_PORT",
    "DD_MYAPP_TOKEN", "DD_TRACE__ENABLED", "DD__SERVICE", "",
  ])
  func `settings and slips of settings are not foreign`(name: String) {
    #expect(!SettingsRegistry.isForeign(name))
  }
}

@Suite struct `Nearest name` {
  /// The name that is meant, then slips of it.
  static let slips = """
    DD_AGENT_HOST: DD_AGNET_HOST DD_AGENTHOST DD_AGENT_HOSTNAME DD_AGENT_HSOT DD_AGENT_HOSTS
      DD_AGENTS_HOST
    DD_API_KEY: DD_APIKEY DD-API-KEY
    DD_APM_TRACING_ENABLED: DD_APM_TRACING_ENABLE DD_APM_TRACE_ENABLED
    DD_APPSEC_ENABLED: DD_APPSEC_ENABLE
    DD_DOGSTATSD_HOST: DD_DOGSTATDS_HOST
    DD_DOGSTATSD_PORT: DD_DOGSTATD_PORT DD_DOGSTATSD_PROT
    DD_DOGSTATSD_URL: DD_DOGSTATSD_ULR
    DD_ENV: Dd_Env DD__ENV DD_ENVIRONMENT DD_EVN
    DD_INSTRUMENTATION_TELEMETRY_ENABLED: DD_INSTRUMENTATION_TELEMTRY_ENABLED
      DD_INSTRUMENTATION_TELEMETRY_ENABLE
    DD_LLMOBS_AGENTLESS_ENABLED: DD_LLMOBS_AGENTLESS_ENABLE DD_LLMOBS_AGENT_LESS_ENABLED
      DD_LLMOBS_AGENTLES_ENABLED DD_LLMOBS_AGENTLES_ENABLE
    DD_LLMOBS_ENABLED: DATADOG_LLMOBS_ENABLED DD_LLM_OBS_ENABLED DD_LLMOBS_ENABLE DD_LLMOB_ENABLED
      DD_LLMBOS_ENABLED
    DD_LLMOBS_ML_APP: DD_LLMOBS_MLAPP DD_LLMOBS_APP_NAME DD_LLM_OBS_ML_APP
    DD_LLMOBS_SAMPLE_RATE: DD_LLMOBS_SAMPLERATE
    DD_LOGS_INJECTION: DD_LOG_INJECTION DD_LOGS_INJECTON
    DD_OPENAI_SERVICE: DD_OPENAI_SEVICE
    DD_PROFILING_ENABLED: DD_PROFILNG_ENABLED
    DD_REMOTE_CONFIGURATION_ENABLED: DD_REMOTE_CONFIGURATON_ENABLED
    DD_RUNTIME_METRICS_ENABLED: DD_RUNTIME_METRIC_ENABLED
    DD_SERVICE: DD_SERIVCE DD_SERVCE DD_SERVICES dd_service DD-SERVICE
    DD_SITE: DD_SIET DD_STIE DD_SITES dd_site
    DD_TAGS: DD_TAG DD_TASG
    DD_TRACE_AGENT_PORT: DD_TRACE_AGENT_PROT DD_TRACE_AGENT_POTR
    DD_TRACE_AGENT_URL: DD_TRACE_AGENT_ULR DD_TRACE_AGENT_URI DD_TRACE_AGNET_URL
      DD_TARCE_AGENT_URL DD_TRACE_AGENTURL
    DD_TRACE_ANTHROPIC_ENABLED: DD_TRACE_ANTROPIC_ENABLED
    DD_TRACE_DEBUG: DD_TRACE_DEBUGG DD_TRACE_DEUBG
    DD_TRACE_ENABLED: DD_TRACE_ENABLE DD_TRACE_ENABELD DD_TRACES_ENABLED DD_TRACE_ENALBED
    DD_TRACE_OPENAI_ENABLED: DD_TRACE_OPENAI_ENABLE DD_TRACE_OPENIA_ENABLED
      DD_TRACE_OPEN_AI_ENABLED
    DD_TRACE_PROPAGATION_STYLE: DD_TRACE_PROPOGATION_STYLE DD_TRACE_PROPAGATION_STLYE
    DD_TRACE_RATE_LIMIT: DD_TRACE_RATELIMIT
    DD_TRACE_SAMPLE_RATE: DD_TRACE_SAMPLE_RATES
    DD_TRACE_SAMPLING_RULES: DD_TRACE_SAMPLING_RULE DD_TRACE_SAMPLNG_RULES
    DD_TRACE_STARTUP_LOGS: DD_TRACE_STARTUP_LOG DD_TRACE_START_UP_LOGS
    DD_VERSION: DD_VERSOIN DD_VERISON DD_VERSION_
    OPENAI_API_KEY: OPENAI_APIKEY OPENAI_KEY OPENIA_API_KEY OPEN_AI_API_KEY openai_api_key
    OPENAI_BASE_URL: OPENAI_BASEURL OPENAI_BASE_ULR OPENAI_BAES_URL
    OPENAI_ORG_ID: OPENAI_ORG OPENAI_ORGID
    OPENAI_PROJECT_ID: OPENAI_PROJECTID OPENAI_PROJET_ID
    OTEL_EXPORTER_OTLP_ENDPOINT: OTEL_EXPORTER_OLTP_ENDPOINT OTEL_EXPORTER_OTLP_ENDPONT
    OTEL_EXPORTER_OTLP_HEADERS: OTEL_EXPORTER_OTLP_HEADER
    OTEL_EXPORTER_OTLP_PROTOCOL: OTEL_EXPORTER_OTLP_PROTOCL
    OTEL_RESOURCE_ATTRIBUTES: OTEL_RESOURCE_ATTRIBUTE
    OTEL_SERVICE_NAME: OTEL_SERVICENAME
    """

  /// Names that applications, deployments and other products use, many seen in public code.
  static let others = """
    DD_MYAPP_TOKEN DD_TEAM_NAME DD_SIZE DD_SUITE DD_LITE DD_TEAM DD_ENVOY DD_TEST DD_SERVER
    DD_SERVICE_URL DD_VERBOSE DD_CLIENT_ID DD_HOSTS DD_HOME DD_USER DD_PASSWORD DD_TOKEN DD_SECRET
    DD_DEBUG DD_MODE DD_OWNER DD_TIER DD_TAGGER DD_REGION DD_CLUSTER DD_NAMESPACE DD_DEPLOYMENT
    DD_APP_NAME DD_APP DD_SITE_ID DD_DASHBOARD_ID DD_MONITOR_ID DD_CLIENT_TOKEN DD_FORWARDER_ARN
    DD_LAMBDA_LAYER_VERSION DD_COMMIT_SHA DD_BUILD DD_FLAGS DD_STAGE DD_SERVICE_TIER
    DD_SERVICE_OWNER DD_ENV_NAME DD_INGEST_URL DD_PROXY DD_TRACE_MYFRAMEWORK_ENABLED
    DD_TRACE_RACK2_ENABLED DD_MYDB_SERVICE OPENAI_MODEL OPENAI_TEMPERATURE OPENAI_MAX_TOKENS
    OPENAI_EMBEDDINGS_MODEL OPENAI_ASSISTANT_ID OPENAI_DEPLOYMENT OPENAI_ENDPOINT OPENAI_API_HOST
    OPENAI_STREAM OPENAI_ENGINE OPENAI_API_KEY_2 OPENAI_API_KEY_PROD OPENAI_USER
    OPENAI_FALLBACK_API_KEY OPENAI_PROMPT OTEL_COLLECTOR_URL OTEL_HOST OTEL_ENDPOINTS OTEL_ENABLED
    OTEL_DEBUG OTEL_SERVICE_VERSION OTEL_COLLECTOR_HOST DATADOG_TOKEN DATADOG_ENABLED DD_APM_FOO
    DD_TRACE_FOO DD_OPENAI_LOGS DD_METRIC_PREFIX DD_NAME DD_ID DD_KEYS DD_PATH DD_CODE DD_LEVEL
    DD_PORTS DD_STATS DD_STATSD_PREFIX DD_ACCOUNT DD_ORG DD_CONFIG DD_CONFIGS DD_STORAGE DD_TRACER
    DD_TRACING DD_SITEMAP DD_SITE_URL DD_RELEASE DD_BRANCH DD_DOMAIN DD_DOMAINS DD_TAGS_EXTRA
    DD_AGENT_NAME DD_AGENT_IP DD_AGENT_TOKEN DD_AGENT_KEY DD_APP_KEYS_FILE OPENAI_API_KEYS
    DD_API_KEYS DD_APIKEYS OPENAPI_API_KEY DD_CONTEXT DD_TRACE_PREDISX_ENABLED
    DD_TRACE_FLASKY_ENABLED DD_AGENCY_HOST DD_ENVS_FILE OPENAI_BASE_MODEL OPENAI_PROJECTS
    OPENAI_ORGS OPENAI_BASE_URLS DD_LOGS_PATH DD_TRACE_LLM_ENABLED DD_TRACE_OPENAI_SERVICE
    DD_TRACE_GEMINI_ENABLED OPENAI_MODEL_ID OPENAI_REALTIME_MODEL DD_FLOW_SOURCE_ROOT
    DD_TESTS_API_KEY DD_TESTS_APP_KEY DD_TASKS_REPO DD_CLIENTTOKEN DD_APPLICATIONID
    DD_INSTRUMENTER_VERSION DD_SLS_REMOTE_INSTRUMENTER_VERSION DD_PRIVATE_TOKEN DD_TRANFILE
    DD_CARDXREF DD_TRANTYPE DD_DATEPARM DD_AGENT_EXPECTED_VERSION DD_STATE DD_TRACER_FOLDER
    DD_BEARER_TOKEN DD_COLLISION_TEST_RUN DD_METRICS_AGENT_PORT DD_STATIC_ANALYSIS_API_KEY
    DD_APPLICATION_ID DATADOG_KEY DATADOG_HOSTNAME OTEL_ENABLE_TRACING OPENAI_ERP_AI_MODEL
    OPENAI_IMAGE_MODEL OPENAI_IMAGE_SIZE OPENAI_IMAGE_QUALITY OPENAI_IMAGE_FORMAT
    OPENAI_IMAGE_COMPRESSION OPENAI_SECRET_NAME OPENAI_API_TOKEN OPENAI_SYSTEM_PROMPT
    OPENAI_EMBEDDING_MODEL OPENAI_API_URL OPENAI_API_BASE_URL OPENAI_API_BASE_URLS
    OPENAI_PROXY_URL OPENAI_CHAT_MODEL OPENAI_TTS_MODEL OPENAI_VOICE OPENAI_WHISPER_MODEL
    OPENAI_VECTOR_STORE_ID OPENAI_API_TIMEOUT OPENAI_RETRIES OPENAI_ENABLED OPENAI_RESPONSE_MODEL
    OPENAI_MODELS OPENAI_MODEL_LIST OPENAI_EMBEDDING_MODEL_NAME DD_LOG_SOURCE DD_LOGGER DD_LOGS
    DD_LOGGING_ENABLED DD_STATSD_PORT DD_STATSD_ADDR DD_LLM_MODEL DD_LLM_ENABLED DD_EVAL_ENABLED
    DD_APM_HOST DD_APM_PORT DD_APM_URL DD_TRACE_HOST DD_TRACE_PORT DD_PROFILER DD_PROFILE
    DD_AGENT_VERSION DD_AGENT_IMAGE DD_AGENT_ENABLED DD_SERVICE_ENV DD_API_HOST DD_API
    DD_DD_API_KEY DD_APP_ID DD_HOST_IP DD_NAMES DD_TAG_TEAM DD_DATABASE_URL DD_DATABASE_HOST
    DD_SECRET_KEY DD_ADMIN_PASSWORD DD_CELERY_BROKER_URL DD_ALLOWED_HOSTS DD_CSRF_COOKIE_SECURE
    DD_DATABASE_ENGINE DD_INITIALIZE DD_SOCIAL_AUTH_GOOGLE_OAUTH2_ENABLED DD_UWSGI_MODE
    DD_TIME_ZONE DD_LANG DD_WTF DD_SITE_ENGINEERING DD_DEBUG_TOOLBAR DD_TRACK_MIGRATIONS
    DD_SESSION_COOKIE_SECURE DD_EMAIL_URL DD_TEST_DATABASE_NAME DD_DATABASE_USER
    DD_CREDENTIAL_AES_256_KEY DD_PORT_SCAN_CONTACT_EMAIL DD_EDITABLE_MITIGATED_DATA
    DD_FEATURE_FINDING_GROUPS DD_HASHCODE_FIELDS_PER_SCANNER DD_MAX_REQRESP_FROM_API DD_MEDIA_URL
    DD_STATIC_ROOT DD_TEAMS DD_VERSIONING DD_SERVICE_ACCOUNT DD_SERVICES_FILE
    DD_DUPLICATE_CLUSTER_CASCADE_DELETE
    """

  static func words(_ text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  @Test func `slips of the names that matter most are caught`() {
    var (meant, caught, total) = ("", 0, 0)
    for word in Self.words(Self.slips) {
      guard !word.hasSuffix(":") else {
        meant = String(word.dropLast())
        #expect(SettingsRegistry.contains(meant), "\(meant)")
        continue
      }
      let found = SettingsRegistry.nearest(to: word)
      #expect(found == meant || found == nil, "\(word) is taken for \(found ?? "")")
      #expect(!SettingsRegistry.contains(word), "\(word)")
      (caught, total) = (caught + (found == meant ? 1 : 0), total + 1)
    }
    #expect(total >= 60)
    #expect(caught * 100 >= total * 95, "\(caught) of \(total)")
  }

  @Test func `names of others are left alone`() {
    for word in Self.words(Self.others) {
      let found = SettingsRegistry.nearest(to: word)
      #expect(found == nil, "\(word) is taken for \(found ?? "")")
    }
  }

  @Test func `known names are left alone`() {
    for name in SettingsRegistry.names {
      #expect(SettingsRegistry.nearest(to: name) == nil)
    }
  }

  @Test(arguments: [
    "", "D", "DD_", "____", "DD_ÄÖÜ", "\u{0}\u{0}\u{0}\u{0}",
    String(repeating: "DD_", count: 1_000),
    "DD_SERVICE\n", "=DD_SERVICE",
  ])
  func `anything may be asked`(name: String) {
    _ = SettingsRegistry.nearest(to: name)
    _ = SettingsRegistry.isForeign(name)
  }

  @Test func `confusions are unknown names that mean known ones`() {
    for (name, meant) in SettingsRegistry.confusions {
      #expect(!SettingsRegistry.contains(name), "\(name)")
      #expect(SettingsRegistry.contains(meant), "\(meant)")
      #expect(SettingsRegistry.nearest(to: name) == meant)
    }
  }

  @Test func `few known names would be accused if they were not known`() {
    let tracers = SettingsRegistry.names.filter { name in
      SettingsRegistry.entry(name).map {
        $0.readers.contains { ["python", "node", "php"].contains($0) }
      }
        ?? false
    }
    let accused = tracers.filter { SettingsRegistry.nearest(to: $0, leavingOut: $0) != nil }
    #expect(accused.count * 100 < tracers.count * 2, "\(accused.count) of \(tracers.count)")
  }
}

@Suite(.enabled(if: SharedSettings.folder != nil))
struct `Settings of the shared folder` {
  @Test(arguments: ["python", "node", "php"])
  func `every name, type and default of a tracer is carried over`(language: String) throws {
    let data = try SharedSettings.read(language)
    let settings = try #require(data["supportedConfigurations"] as? [String: [[String: Any]]])
    for (name, rows) in settings {
      let row = try #require(rows.first)
      let entry = try #require(SettingsRegistry.entry(name), "\(name)")
      #expect(entry.readers.contains(language))
      #expect(entry.types[language]?.rawValue == row["type"] as? String)
      #expect(entry.defaults[language] == row["default"] as? String, "\(name)")
      for alias in row["aliases"] as? [String] ?? [] {
        #expect(SettingsRegistry.entry(alias)?.readers.contains(language) == true, "\(alias)")
      }
      if row["sensitive"] as? Bool == true { #expect(entry.isSecret, "\(name)") }
    }
  }

  @Test func `every other name is carried over with its readers`() throws {
    let names = try #require(SharedSettings.read("others")["names"] as? [String: [String: Any]])
    for (name, row) in names {
      let entry = try #require(SettingsRegistry.entry(name), "\(name)")
      #expect(Set(row["readBy"] as? [String] ?? []).isSubset(of: entry.readers), "\(name)")
      if row["secret"] as? Bool == true { #expect(entry.isSecret, "\(name)") }
      if let next = row["deprecatedFor"] as? String { #expect(entry.deprecatedFor == next) }
    }
  }
}

enum SharedSettings {
  /// The folder of the JSON files, from the environment: the repository does not hold them.
  static var folder: String? {
    ProcessInfo.processInfo.environment["DD_DOCTOR_SHARED"].map { $0 + "/data/settings" }
  }

  static func read(_ name: String) throws -> [String: Any] {
    let file = URL(fileURLWithPath: (folder ?? "") + "/\(name).json")
    return try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
  }
}
