import Diagnosis

/// ddtrace at start: launcher, settings, patches.
extension Catalogue {
  static let pythonStartup: [Pattern] = [
    .failure(
      "python-url-malformed", .python, "agent.address", .malformed,
      [
        "Unsupported protocol {*} in intake URL {*}. Must be one of: http, https, unix",
        "Invalid hostname in intake URL ", "Invalid file path in intake URL ",
      ], [.without(["intake URL %", "intake URL {", "URL '%", "URL '{"])],
      cause: "the Agent's URL is malformed, and under ddtrace-run the application does not start",
      docs: Docs.settings,
      fix: .set("DD_TRACE_AGENT_URL", to: "http://<agent host>:8126", "no quotes, with http://"),
      .command("dd-doctor --offline")),
    .failure(
      "python-number-malformed", .python, "environment.values", .malformed,
      [
        "TypeError: cannot cast {*} to typing.Optional[int]",
        "cannot cast {*} to typing.Optional[int]", "cannot cast {*} to <class {q}float{q}>",
        "cannot cast {*} to <class {q}int{q}>",
      ], [.without(["cast %", "cast {"])],
      cause: "a DD_ variable that wants a number holds none, and the application does not start",
      docs: Docs.settings,
      fix: .command("dd-doctor --offline", "names the variable"),
      .unset("DD_TRACE_AGENT_PORT", "where it is empty")),
    .failure(
      "python-float-malformed", .python, "environment.values", .malformed,
      ["could not convert string to float: {q}{w}"], [.after("python-ddtrace-frame", lines: 12)],
      cause: "a DD_ variable that wants a number holds none, and the application does not start",
      docs: Docs.settings, fix: .command("dd-doctor --offline", "names the variable")),
    .failure(
      "python-not-importable", .python, "runtime.python.launch", .notInstalled,
      ["No module named {q}ddtrace{q}{end}", "No module named {q}ddtrace.{w}"], [.anywhere],
      cause: "ddtrace-run started an interpreter that has no ddtrace: another virtual environment",
      docs: Docs.pythonTracer,
      fix: .command("python -m pip install ddtrace", "with the application's own interpreter"),
      .command("python -m ddtrace.commands.ddtrace_run python app.py")),
    .failure(
      "python-sitecustomize", .python, "runtime.python.launch", .notLoaded,
      ["Error in sitecustomize; set PYTHONVERBOSE for traceback:"],
      cause: "the tracer's start-up file failed: the application runs without it",
      docs: Docs.pythonTracer,
      fix: .command("python -c 'import ddtrace'", "with the application's own interpreter")),
    .failure(
      "python-launcher", .python, "runtime.python.launch", .notLoaded,
      [
        "ddtrace-run: failed to bootstrap: args ",
        "ddtrace-run: permission error while launching ", "ddtrace-run: error launching ",
        "ddtrace-run has known compatibility issues with uWSGI",
      ],
      cause: "ddtrace-run could not start the command, or should not", docs: Docs.pythonTracer,
      fix: .command("ddtrace-run python app.py"),
      .advice("under uWSGI use import=ddtrace.auto, enable-threads and lazy-apps instead")),
    .failure(
      "python-command-missing", .python, "runtime.python.launch", .notInstalled,
      [
        "ddtrace-run: command not found", "ddtrace-run: not found",
        "exec: {q}ddtrace-run{q}: executable file not found",
        "ddtrace-run: no such file or directory",
      ],
      cause: "ddtrace is not installed where the application starts",
      docs: Docs.pythonTracer,
      fix: .command("python -m pip install ddtrace", "in the application's environment or image")),
    .failure(
      "python-not-configured", .python, "runtime.python.ddtrace", .notLoaded,
      [
        "error configuring Datadog tracing", "error bootstrapping Datadog tracing",
        "cannot import name {q}LLMObs{q}", "ddtrace/{*}cannot open shared object file",
        "ddtrace/{*}version {q}GLIBC_{w} not found", "ddtrace/{*}undefined symbol: {w}",
        "ddtrace{*}_native{*}: cannot allocate memory in static TLS block",
      ], [.anywhere],
      cause: "the tracer failed at start: the exception says why; too old, or built for another"
        + " C library",
      docs: Docs.pythonTracer, fix: .command("python -c 'import ddtrace.auto'")),
    .failure(
      "python-uwsgi", .python, "runtime.python.launch", .notLoaded,
      ["uWSGI configuration error", "uWSGI configuration deprecation warning"], [.anywhere],
      cause: "uWSGI is not set up for the tracer's threads", docs: Docs.pythonTracer,
      fix: .edit("in uwsgi.ini: enable-threads = true, lazy-apps = true, import = ddtrace.auto")),
    .failure(
      "python-openai-version", .python, "runtime.openai-sdk", .incompatible,
      [
        "openai version {w} is not supported, please upgrade to openai version",
        "failed to enable ddtrace support for openai",
        "failed to import ddtrace module {q}ddtrace.contrib.{*}openai",
      ], [.anywhere],
      cause: "this openai package is too old or unknown to the tracer: no span is made",
      docs: Docs.openAI, fix: .command("python -m pip install --upgrade openai ddtrace")),
    .failure(
      "python-integration-failed", .python, "runtime.python.ddtrace", .notLoaded,
      ["failed to enable ddtrace support for {w}: "], [.yields(["python-openai-version"])],
      cause: "one integration is not armed; unless it is openai, OpenAI spans still come",
      docs: Docs.pythonTracer, fix: .command("python -m pip install --upgrade ddtrace")),
    .failure(
      "python-sampling-rules", .python, "environment.sampling", .malformed,
      ["Failed to apply all sampling rules. Rules="],
      cause: "DD_TRACE_SAMPLING_RULES is no JSON that the tracer reads; the rules do not hold",
      docs: Docs.sampling,
      fix: .set("DD_TRACE_SAMPLING_RULES", to: "[{\"sample_rate\":1.0}]")),
    .failure(
      "python-value-ignored", .python, "environment.values", .malformed,
      [
        "Invalid log injection state {*}. Expected ",
        "Port number provided in DD_DOGSTATSD_PORT env var is not an integer: ",
        "is not supported by ddtrace, this configuration will be ignored",
        "Invalid LLMObs sample rate ({w} outside valid range",
        "Unsupported api version: {q}{w}. The supported versions are",
        "Unable to parse DD_SPAN_SAMPLING_RULES=", "DD_TRACE_LOG_LEVEL is invalid (",
        "Unknown DD_TRACE_PROPAGATION_STYLE: {q}{w}",
        "Setting DD_TRACE_API_VERSION to {q}{w} is not supported",
        "Invalid LLMObs sample rate argument ({w}",
        "No sample_rate provided for sampling rule: {",
        "Invalid value {*} provided for DD_{w}, only ",
      ], [.anywhere, .without(["state '%", "rate (%", "argument (%", "STYLE: {", "STYLE: %"])],
      cause: "a variable's value is not one that the tracer reads, so it is ignored",
      docs: Docs.settings, fix: .command("dd-doctor --offline", "names it and what it may be")),
    .failure(
      "python-agentless-key", .python, "datadog.key.present", .missing,
      ["DD_AGENTLESS_ENABLED is set but DD_API_KEY is not"],
      cause: "agentless mode needs Datadog's API key, and there is none", docs: Docs.keys,
      fix: .set("DD_API_KEY", to: "<api key>"), .unset("DD_AGENTLESS_ENABLED")),
    .failure(
      "python-site", .python, "site.known", .malformed,
      [
        "Datadog site {q}{w} is not explicitly supported for agentless tracing",
        "invalid remote config site {q}", "DD_SITE is required for sending LLMObs data",
      ], [.without(["site '{", "site '%", "site %", "{site"])],
      cause: "DD_SITE is empty, malformed or unknown", docs: Docs.sites,
      fix: .set("DD_SITE", to: "datadoghq.com", "the bare host, no https://, no app.")),
    .failure(
      "info-tags", .python, "environment.tags", .missing,
      ["WARNING SERVICE NOT SET: ", "WARNING ENV NOT SET: "],
      cause: "telemetry has no service or env of its own by which you would find it",
      docs: Docs.tagging,
      fix: .set("DD_SERVICE", to: "<service>"), .set("DD_ENV", to: "<env>")),
    .failure(
      "tracer-disabled", .application, "environment.disabled", .disabled,
      [
        "DATADOG TRACER CONFIGURATION{*}'ddtrace_enabled': False",
        "DATADOG TRACER CONFIGURATION{*}\"enabled\":false",
        "DATADOG TRACER CONFIGURATION{*}\"enabled\": false",
      ], [.atAnyLevel],
      cause: "the tracer is loaded and switched off", docs: Docs.settings,
      fix: .set("DD_TRACE_ENABLED", to: "true", "Python reads 1 and true alone")),
    .failure(
      "openai-integration-off", .python, "environment.disabled", .disabled,
      ["DATADOG TRACER CONFIGURATION{*}'openai': {'enabled': False"], [.atAnyLevel],
      cause: "the tracer's OpenAI integration is switched off", docs: Docs.openAI,
      fix: .set("DD_TRACE_OPENAI_ENABLED", to: "true"),
      .advice("take openai out of DD_PATCH_MODULES")),
    .failure(
      "python-not-installable", .python, "runtime.python.ddtrace", .incompatible,
      [
        "Could not find a version that satisfies the requirement ddtrace",
        "No matching distribution found for ddtrace", "Failed building wheel for ddtrace",
        "Failed to build ddtrace",
      ], [.anywhere],
      cause: "pip finds no ddtrace for this Python, machine or C library, or can't build one",
      docs: Docs.pythonTracer,
      fix: .command("python -m pip install --upgrade pip ddtrace"),
      .advice(
        "take a Python and a base image that ddtrace has wheels for: pypi.org/project/ddtrace")
    ),
    .failure(
      "python-api-mismatch", .python, "runtime.python.ddtrace", .outdated,
      [
        "module 'ddtrace' has no attribute",
        "cannot import name 'tracer' from 'ddtrace'",
        "cannot import name 'patch_all' from 'ddtrace'",
        "partially initialized module 'ddtrace'",
      ], [.anywhere],
      cause: "the code asks for what this ddtrace does not have, or a file of one's own named"
        + " ddtrace.py stands in its way",
      docs: Docs.pythonTracer,
      fix: .command("python -c 'import ddtrace; print(ddtrace.__file__, ddtrace.__version__)'"),
      .edit("start with ddtrace-run, or import ddtrace.auto, in place of patch_all()")),
    .failure(
      "python-gevent", .python, "runtime.python.launch", .notLoaded,
      ["Loading ddtrace after gevent.monkey.patch_all() is not supported"], [.anywhere],
      cause: "gevent patched the process before ddtrace was loaded", docs: Docs.pythonTracer,
      fix: .command("ddtrace-run python app.py"),
      .edit("import ddtrace.auto before gevent.monkey.patch_all()")),
    .failure(
      "python-two-tracers", .python, "runtime.duplicates", .conflict,
      ["Initializing multiple Tracer instances is not supported"], [.anywhere],
      cause: "the code makes a second Tracer; only ddtrace.trace.tracer sends",
      docs: Docs.pythonTracer, fix: .edit("use ddtrace.trace.tracer in place of Tracer()")),
  ]
}
