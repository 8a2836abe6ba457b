import Diagnosis

/// LLM Observability in ddtrace.
extension Catalogue {
  static let pythonLLMObs: [Pattern] = [
    .failure(
      "python-llmobs-key", .python, "datadog.key.present", .missing,
      [
        "DD_API_KEY is required for sending LLMObs data",
        "A Datadog API key is required for sending data to LLM Observability in agentless mode",
      ],
      cause: "LLM Observability went agentless (asked for, or no Agent with evp_proxy was found)"
        + " and there is no Datadog API key",
      docs: Docs.llmObservability,
      fix: .command("dd-doctor --only 'llmobs.*,agent.*'", "tells which mode, and why"),
      .set("DD_API_KEY", to: "<api key>", "for agentless mode"),
      .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "false", "where an Agent is there")),
    .failure(
      "python-llmobs-app-name", .python, "llmobs.app-name", .missing,
      [
        "DD_LLMOBS_ML_APP is required for sending LLMObs data",
        "DD_LLMOBS_APP_NAME is required for sending LLMObs data",
      ],
      cause: "this ddtrace sends no LLM Observability data without the application's name",
      docs: Docs.llmObservability,
      fix: .set("DD_LLMOBS_ML_APP", to: "<app>"),
      .command("python -m pip install --upgrade ddtrace")),
    .failure(
      "python-llmobs-refused", .python, "datadog.key.valid", .unauthorized,
      [
        "failed to send {n} LLMObs {*}got response code 403",
        "failed to send {n} LLMObs {*}got response code 401",
      ],
      cause: "the key and the site do not belong together, or the key is revoked",
      docs: Docs.keys,
      fix: .command("dd-doctor --only 'datadog.*,site.*' --find-site"),
      .set("DD_SITE", to: "<site of the key>")),
    .failure(
      "python-llmobs-no-proxy", .python, "agent.evp-proxy", .unsupported,
      [
        "failed to send {n} LLMObs {*}got response code 404",
        "failed to send {n} LLMObs {*}got response code 405",
        "failed to send {n} LLMObs {*}got response code 502",
      ],
      cause: "the Agent has no evp_proxy (404), has it switched off (405) or gets nowhere (502)",
      docs: Docs.llmObservability,
      fix: .command("dd-doctor --only agent.evp-proxy,agent.forwarding"),
      .set("DD_LLMOBS_AGENTLESS_ENABLED", to: "true", "with DD_API_KEY and DD_SITE")),
    .failure(
      "python-llmobs-not-sent", .python, "llmobs.span", .notSent,
      ["failed to send {n} LLMObs {w} events to ", "failed to send {n} LLMObs events to "],
      [.yields(["python-llmobs-refused", "python-llmobs-no-proxy"])],
      cause: "LLM Observability spans were made and lost on the way",
      docs: Docs.llmObservability,
      fix: .command("dd-doctor --only 'llmobs.*,agent.*'")),
    .failure(
      "llmobs-buffer-full", .application, "llmobs.span", .notSent,
      [
        "event buffer full (limit is {n}), dropping event"
      ], [.anywhere, .with(["LLMObs"])],
      cause: "LLM Observability events come faster than they are taken",
      docs: Docs.llmObservability,
      fix: .command("dd-doctor --only 'llmobs.*'"), .advice("flush more often: LLMObs.flush()")),
    .failure(
      "python-llmobs-malformed", .python, "llmobs.span", .malformed,
      [
        "failed to encode {n} LLMObs span events",
        "Error generating LLMObs span event for span ",
        "Error preparing LLMObs span event for span ",
      ],
      cause: "an event holds something that can't be serialised", docs: Docs.llmObservability,
      fix: .advice("annotate spans with plain text, numbers and JSON-ready values alone")),
    .failure(
      "python-llmobs-order", .python, "runtime.python.launch", .notLoaded,
      ["LLMObs.enable() called after {w} was imported but before it was patched"],
      cause: "the library was imported before the tracer could patch it",
      docs: Docs.llmObservability,
      fix: .command("ddtrace-run python app.py"),
      .edit("call LLMObs.enable() before the first import of openai or litellm")),
    .failure(
      "python-llmobs-vetoed", .python, "llmobs.enabled", .disabled,
      [
        "LLMObs.enable() called when DD_LLMOBS_ENABLED is set to false or 0",
        "Span started with LLMObs disabled. If using ddtrace-run, ensure",
        "flushing when LLMObs is disabled. No spans",
        "LLMObs is not enabled. Ensure LLM Observability is enabled",
        "LLMObs.{w} called when LLMObs is not enabled", "LLMObs.{w} called when LLMObs is disabled",
      ],
      cause: "LLM Observability is off", docs: Docs.llmObservability,
      fix: .set("DD_LLMOBS_ENABLED", to: "1", "Python reads 1 and true alone")),
    .failure(
      "python-llmobs-not-started", .python, "llmobs.enabled", .notLoaded,
      ["Failed to start product {q}llmobs{q}", "Product {q}llmobs{q} won{q}t start because"],
      cause: "LLM Observability did not start, and the application runs without it: the exception"
        + " under the line says why",
      docs: Docs.llmObservability, fix: .command("dd-doctor --only 'llmobs.*,datadog.*'")),
    .failure(
      "llmobs-intake-status", .application, "llmobs.span", .http,
      [
        "Client error {q}{n} {*}for url{*}intake/llm-obs",
        "Server error {q}{n} {*}for url{*}intake/llm-obs",
        "Client error {q}{n} {*}for url{*}api/v2/llmobs",
      ], [.anywhere],
      cause: "Datadog's LLM Observability intake refused the spans. 400: their shape; 403: the key"
        + " or its site; 400 means that the key was taken",
      docs: Docs.llmObservability,
      fix: .command("dd-doctor --only llmobs.span,datadog.key.valid"),
      .advice("upgrade the library that builds the spans")),
  ]
}
