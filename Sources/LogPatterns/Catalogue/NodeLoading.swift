import Diagnosis

/// How dd-trace gets into a Node.js process, and what keeps it out.
extension Catalogue {
  static let nodeLoading: [Pattern] = [
    .failure(
      "node-openai-loaded-first", .node, "runtime.node.init", .notLoaded,
      [
        "Package {q}openai{q} was loaded before dd-trace",
        "was loaded before dd-trace, so the openai integration",
      ], [.anywhere],
      cause: "openai was loaded before the tracer, so no call of it is seen",
      docs: Docs.nodeTracer,
      fix: .command("node -r dd-trace/init app.js", "CommonJS"),
      .command("node --import dd-trace/initialize.mjs app.mjs", "ES modules")),
    .failure(
      "node-esm-clash", .node, "runtime.node.init", .incompatible,
      [
        "Identifier {q}${w} has already been declared",
        "dd-trace{*} does not provide an export named",
        "openai{*} does not provide an export named",
        "The requested module {q}dd-trace{*} does not provide an export named",
        "The requested module {q}openai{*} does not provide an export named",
      ], [.anywhere],
      cause: "the ES module loader of this dd-trace clashes with the openai package",
      docs: Docs.nodeTracer,
      fix: .command("npm install dd-trace@latest"),
      .command("node --import dd-trace/initialize.mjs app.mjs")),
    .failure(
      "node-not-installed", .node, "runtime.node.dd-trace", .notInstalled,
      [
        "Cannot find module {q}dd-trace", "Cannot find package {q}dd-trace",
        "Can't resolve {q}dd-trace", "Could not resolve {q}dd-trace",
        "Cannot find module {q}{w}dd-trace/init",
      ], [.anywhere],
      cause: "dd-trace is not in node_modules where the process starts",
      docs: Docs.nodeTracer, fix: .command("npm install dd-trace")),
    .failure(
      "node-incompatible-runtime", .node, "runtime.node.dd-trace", .incompatible,
      [
        "Aborting application instrumentation due to incompatible_runtime",
        "Found incompatible runtime Node.js {w}, Supported runtimes: ",
        "dd-trace cannot instrument ES modules on Node.js 20.0.0", "bad option: --import=dd-trace",
        "dd-trace/initialize.mjs is not allowed in NODE_OPTIONS",
      ], [.anywhere],
      cause: "this Node.js is none that the tracer supports: it stays out", docs: Docs.nodeTracer,
      fix: .advice("run a Node.js that this dd-trace supports, or another major of dd-trace")),
    .failure(
      "node-incompatible-openai", .node, "runtime.openai-sdk", .incompatible,
      ["Found incompatible integration version: openai@{w}"], [.anywhere],
      cause: "the tracer does not support this openai package", docs: Docs.openAI,
      fix: .command("npm install dd-trace@latest openai@latest")),
    .failure(
      "node-plugin-disabled", .node, "environment.disabled", .disabled,
      ["Plugin {q}openai{q} was disabled via configuration option"], [.anywhere],
      cause: "the tracer's OpenAI integration is switched off", docs: Docs.openAI,
      fix: .unset("DD_TRACE_DISABLED_PLUGINS"), .set("DD_TRACE_OPENAI_ENABLED", to: "true")),
    .failure(
      "node-bundler", .node, "runtime.node.init", .incompatible,
      [
        "Using --minify without --keep-names will break some dd-trace behavior",
        "optimization.minimize is not compatible with DatadogWebpackPlugin",
        "[dd-trace/webpack] Warning: Skipping ESM module {w}openai",
        "Can{q}t resolve {q}@datadog/native-{w}", "Can{q}t resolve {q}@datadog/pprof",
        "Can{q}t resolve {q}@datadog/libdatadog", "esbuild-wrapped {w} missing in list of hooks",
        "esbuild-wrapped {w} missing in list of instrumentations",
        "Can{q}t resolve {q}{w} in {q}{w}node_modules/dd-trace",
        "Could not resolve {q}@datadog/native-{w}",
        "Could not resolve {q}@datadog/pprof", "Could not resolve {q}@datadog/libdatadog",
        "No loader is configured for {q}.node{q} files: {*}@datadog/{w}",
      ], [.anywhere],
      cause: "a bundler takes openai in so that the tracer can't patch it",
      docs: Docs.nodeTracer,
      fix: .edit("mark dd-trace and openai as external in the bundler's configuration"),
      .edit("or use dd-trace's own plugin: dd-trace/esbuild, dd-trace/webpack")),
    .failure(
      "node-other-tracer", .node, "runtime.duplicates", .conflict,
      ["may cause conflicts with dd-trace{end}", "may cause conflicts with dd-trace."],
      [.anywhere],
      cause: "another monitoring library patches the same modules", docs: Docs.nodeTracer,
      fix: .edit("load one tracer alone")),
    .failure(
      "node-value-ignored", .node, "environment.values", .malformed,
      [
        "Invalid {w} input: {*} for {w} (source: {w}), picked default",
        "Invalid value: {*} for {w} (source: {w}), picked default",
        "Sample rate invalid: ", "Sample rate out of range between 0 and 1: ",
      ], [.with(["picked default", "Sample rate"])],
      cause: "a variable's value is not one that the tracer reads: its default holds",
      docs: Docs.settings, fix: .command("dd-doctor --language node --offline")),
    .failure(
      "node-unknown-option", .node, "environment.names", .misspelt,
      ["Unknown option {w} with value {w}"], [.with(["dd-trace", "tracer", "Unknown option"])],
      cause: "an option of tracer.init() is misspelt or gone", docs: Docs.nodeTracer,
      fix: .advice("compare it with the options of this dd-trace's version")),
    .failure(
      "node-not-initialised", .node, "runtime.node.init", .notLoaded,
      ["Error initializing tracer"],
      cause: "the tracer failed at start and is off", docs: Docs.nodeTracer,
      fix: .command("dd-doctor --language node --offline"),
      .advice("the error behind the line says why")),
    .failure(
      "node-url-malformed", .node, "agent.address", .malformed, ["dd-trace/{*}:{n}"],
      [.anywhere, .after("node-invalid-url-error", lines: 15)],
      cause: "dd-trace could not read a URL made of its settings: DD_TRACE_AGENT_URL, an empty"
        + " DD_AGENT_HOST, or a DD_SITE with https://",
      docs: Docs.settings,
      fix: .command("dd-doctor --language node --offline"),
      .set("DD_TRACE_AGENT_URL", to: "http://<agent host>:8126")),
    .failure(
      "node-invalid-url", .node, "agent.address", .malformed,
      ["Protocol {q}{w}:{q} not supported. Expected {q}http"], [.anywhere],
      cause: "the Agent's URL has no http://: its host is taken for a protocol",
      docs: Docs.settings,
      fix: .set("DD_TRACE_AGENT_URL", to: "http://<agent host>:8126")),
    .failure(
      "node-llmobs-absent", .node, "runtime.node.dd-trace", .outdated,
      [
        "llmobs.flush is not a function", "llmobs.trace is not a function",
        "llmobs.wrap is not a function", "llmobs.annotate is not a function",
        "annot read properties of undefined (reading {q}llmobs",
      ], [.anywhere],
      cause: "this dd-trace has no llmobs: it is older than 5.20, or was not initialised here",
      docs: Docs.llmObservability,
      fix: .command("npm install dd-trace@latest"),
      .edit("require('dd-trace').init() before .llmobs is used, or start with -r dd-trace/init")),
  ]
}
