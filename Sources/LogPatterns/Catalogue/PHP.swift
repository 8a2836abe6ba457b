import Diagnosis

/// dd-trace-php, its page in phpinfo and its sidecar.
extension Catalogue {
  static let php: [Pattern] = [
    .failure(
      "php-agent-error", .php, "agent.reachable", .refused,
      [
        "DATADOG TRACER DIAGNOSTICS - agent_error: {w}", "agent_error => {w}",
        "[bgs] curl_easy_perform() failed: {w}",
      ], [.without(["agent_error => null", "agent_error => no value"])],
      cause: "PHP's tracer can't reach the Agent", docs: Docs.connection,
      fix: .command("dd-doctor --language php --only 'agent.*'"),
      .set("DD_AGENT_HOST", to: "<agent host>", "in the FPM pool: env[DD_AGENT_HOST] = …")),
    .failure(
      "php-diagnostics-failed", .php, "runtime.php.diagnostics", .notLoaded,
      ["Diagnostic checks => failed"],
      cause: "phpinfo's diagnostics failed: the rows above it say which. One deprecated variable"
        + " is enough; it need not be the Agent",
      docs: Docs.phpTracer,
      fix: .command("php --ri ddtrace", "as the web server's user; FPM has its own phpinfo()"),
      .command("dd-doctor --language php")),
    .failure(
      "php-diagnostic", .php, "runtime.php.diagnostics", .notLoaded,
      [
        "DATADOG TRACER DIAGNOSTICS - {w}",
        "datadog.trace.sources_path_reachable => false",
        "request_init_hook_reachable => false", "open_basedir_sources_allowed => false",
        "open_basedir_init_hook_allowed => false", "opcache_file_cache_set => {w}",
      ], [.yields(["php-agent-error"])],
      cause: "PHP's tracer names what stops it: its own files are out of reach, or a setting",
      docs: Docs.phpTracer,
      fix: .edit("add the tracer's folder to open_basedir; unset DD_TRACE_SOURCES_PATH"),
      .command("php --ri ddtrace")),
    .failure(
      "php-tracing-disabled", .php, "environment.disabled", .disabled,
      [
        "Datadog tracing support => disabled",
        "Traces are dropped by PID {n} because tracing is disabled",
      ],
      cause: "the extension is loaded and tracing is switched off", docs: Docs.phpTracer,
      fix: .set("DD_TRACE_ENABLED", to: "true"),
      .set("DD_TRACE_CLI_ENABLED", to: "true", "for the command line")),
    .failure(
      "php-not-loadable", .php, "runtime.php.extension", .incompatible,
      [
        "Unable to load dynamic library {q}{*}ddtrace{*}(tried: ",
        "PHP Startup: ddtrace: Unable to initialize module", "Error relocating {w}ddtrace.so: {w}",
        "Error loading shared library {w}: {*}(needed by {*}ddtrace.so",
      ], [.anywhere],
      cause: "ddtrace.so is missing, or was built for another PHP, thread safety or C library",
      docs: Docs.phpTracer,
      fix: .command("php datadog-setup.php --php-bin=all", "installs what fits this PHP")),
    .failure(
      "php-not-present", .php, "runtime.php.extension", .notInstalled,
      [
        "Extension {q}ddtrace{q} not present", "Class {q}DDTrace\\GlobalTracer{q} not found",
        "Call to undefined function DDTrace\\{w}",
      ],
      cause: "this PHP has not loaded the extension", docs: Docs.phpTracer,
      fix: .command("php datadog-setup.php --php-bin=all"),
      .command("php --ini", "shows which files this PHP reads")),
    .failure(
      "php-incompatible", .php, "runtime.php.extension", .incompatible,
      [
        "Found incompatible Xdebug version {w}", "Found incompatible ionCube Loader extension",
        "Found incompatible extension(s); disabling conflicting functionality",
        "Incompatible SAPI detected {q}{w}; disabling ddtrace",
      ], [.anywhere],
      cause: "the tracer stays out beside this extension or in this SAPI", docs: Docs.phpTracer,
      fix: .edit("remove or upgrade the other extension; use FPM, Apache's module or the CLI")),
    .failure(
      "php-url-malformed", .php, "agent.address", .malformed,
      ["Invalid DD_TRACE_AGENT_URL: {w}. A proper agent URL must be"], [.anywhere],
      cause: "the Agent's URL is malformed", docs: Docs.settings,
      fix: .set("DD_TRACE_AGENT_URL", to: "http://<agent host>:8126")),
    .failure(
      "php-sidecar-send", .php, "agent.reachable", .notSent,
      ["Error sending trace: {w}"],
      cause: "PHP's sidecar could not hand traces to the Agent", docs: Docs.connection,
      fix: .command("dd-doctor --language php --only 'agent.*'")),
    .failure(
      "php-sidecar-missing", .php, "runtime.php.extension", .notLoaded,
      [
        "Both subprocess and thread connections failed, sidecar unavailable",
        "[ddtrace]{*}Failed starting the sidecar",
      ], [.anywhere],
      cause: "the tracer's sidecar could not be started, so nothing is sent",
      docs: Docs.phpTracer,
      fix: .command("php datadog-setup.php --php-bin=all"),
      .advice("let PHP start processes: no seccomp or noexec on its temporary folder")),
    .failure(
      "php-not-flushed", .php, "agent.traces", .notSent,
      [
        "Unable to flush the tracer", "Unable to send payload to background sender's buffer",
        "[bgs] no curl session - dropping the current stack",
        "Agent request payload of {n} bytes exceeds configured {n} byte limit; dropping",
      ],
      cause: "PHP's tracer dropped traces before they were sent", docs: Docs.connection,
      fix: .command("dd-doctor --language php --only 'agent.*'")),
    .failure(
      "php-sources-broken", .php, "runtime.php.extension", .notLoaded,
      ["Error loading deferred integration {w}: Class not loaded and not autoloadable"],
      cause: "the tracer's own PHP files can't be read", docs: Docs.phpTracer,
      fix: .unset("DD_TRACE_SOURCES_PATH"), .command("php datadog-setup.php --php-bin=all")),
    .failure(
      "php-dogstatsd", .php, "agent.dogstatsd", .refused,
      [
        "Dogstatsd client failed looking up {w}", "Dogstatsd client failed opening socket to {w}",
        "Dogstatsd client encountered an invalid ",
      ],
      cause: "metrics do not reach DogStatsD: its URL is malformed or its host unknown",
      docs: Docs.dogStatsD, fix: .set("DD_DOGSTATSD_URL", to: "udp://<agent host>:8125")),
    .failure(
      "php-deprecated-name", .php, "environment.conflicts", .deprecated,
      ["is deprecated, use DD_{w} instead."], [.anywhere, .with(["DD_"])],
      cause: "a variable has a new name; the old one alone makes phpinfo's diagnostics fail",
      docs: Docs.phpTracer, fix: .command("dd-doctor --language php --offline")),
    .failure(
      "php-loaded-twice", .php, "runtime.duplicates", .conflict,
      ["Module {q}ddtrace{q} is already loaded"], [.anywhere],
      cause: "two ini files load ddtrace", docs: Docs.phpTracer,
      fix: .command("grep -rl ddtrace \"$(php -r 'echo PHP_CONFIG_FILE_SCAN_DIR;')\""),
      .edit("keep 98-ddtrace.ini and take the other extension=ddtrace.so away")),
  ]
}
