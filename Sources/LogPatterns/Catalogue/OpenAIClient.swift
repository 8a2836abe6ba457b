import Diagnosis

/// What OpenAI's client libraries say, and bare statuses.
extension Catalogue {
  static let openAIClient: [Pattern] = [
    .failure(
      "openai-client-key-missing", .openai, "openai.key.present", .missing,
      [
        "The api_key client option must be set either by passing api_key",
        "No API key provided. You can set your API key in code using",
        "OPENAI_API_KEY environment variable is missing or empty",
        "OpenAIError: Missing credentials. Please pass",
        "Missing credentials. Please pass an {q}apiKey",
      ], [.anywhere],
      cause: "the OpenAI client finds no key and makes no call", docs: OpenAIPages.apiKeys,
      fix: .set("OPENAI_API_KEY", to: "<project key>", "where the application is started"),
      .advice("a .env file counts only where something loads it")),
    .failure(
      "openai-key-malformed", .openai, "environment.values", .malformed,
      [
        "Illegal header value b{q}Bearer", "Invalid character in header content [{q}",
        "reserved character(s), or return character(s) in header value: {q}Bearer",
        "Headers.append: {q}Bearer", "Header value must be str or bytes",
        "nvalid authorization header{*}server_error",
      ],
      [
        .anywhere,
        .with(["Bearer", "uthorization", "header value: None", "Header value must"]),
      ],
      cause: "the key holds a line end, a blank, a quote or another character that no header may"
        + " hold; or it is empty",
      docs: OpenAIPages.apiKeys,
      fix: .command("dd-doctor --only 'environment.values,openai.key.*'"),
      .command("printf %s \"$OPENAI_API_KEY\" | od -c | tail -2", "shows what stands at its end")),
    .failure(
      "openai-azure", .openai, "openai.provider", .missing,
      [
        "arguments, or the {q}AZURE_OPENAI_ENDPOINT{q} environment variable",
        "argument or the {q}OPENAI_API_VERSION{q} environment variable",
        "OPENAI_API_VERSION environment variable is missing or empty",
        "endpoint}} and {{api-version}}", "resource not found{*}openai.azure.com",
      ], [.anywhere],
      cause: "Azure OpenAI is not fully configured", docs: Docs.openAI,
      fix: .set("AZURE_OPENAI_ENDPOINT", to: "https://<resource>.openai.azure.com"),
      .set("OPENAI_API_VERSION", to: "<api version>")),
    .failure(
      "openai-sdk-mismatch", .openai, "runtime.openai-sdk", .incompatible,
      [
        "but this is no longer supported in openai>=1.0.0",
        "module {q}openai{q} has no attribute ", "_thenUnwrap is not a function",
        "cannot import name {q}OpenAI{q} from {q}openai",
        "got an unexpected keyword argument {q}proxies", "No module named {q}openai{q}{end}",
        "Cannot find module {q}openai{q}{end}", "Cannot find package {q}openai{q}",
        "looks like you're running in a browser-like environment",
        "openai.lib._old_api.APIRemovedInV1",
      ], [.anywhere],
      cause: "the openai package is missing, or its version does not fit the code",
      docs: Docs.openAI,
      fix: .command("python -m pip install --upgrade openai"),
      .command("npm install openai@latest")),
    .failure(
      "openai-connection", .openai, "openai.key.valid", .noEgress,
      [
        "openai.APIConnectionError: Connection error", "APIConnectionError: Connection error",
        "openai.APITimeoutError: Request timed out", "APITimeoutError: Request timed out",
        "APIConnectionTimeoutError: Request timed out", "APIConnectionError: OpenAIException",
        "getaddrinfo ENOTFOUND api.openai.com", "Could not resolve host: api.openai.com",
        "HTTPSConnectionPool(host={q}api.openai.com{q}, port=443)",
        "request to https://api.openai.com/{*} failed, reason: {w}",
        "attempted address: api.openai.com:443", "attempted addresses: {*}api.openai.com",
        "getaddrinfo EAI_AGAIN api.openai.com", "Error communicating with OpenAI: {w}",
        "lookup api.openai.com{*}no such host", "lookup api.openai.com{*}i/o timeout",
      ], [.anywhere],
      cause: "the call did not reach OpenAI: DNS, a firewall, a proxy, or OPENAI_BASE_URL",
      docs: OpenAIPages.errors,
      fix: .command("dd-doctor --only openai.key.valid"),
      .command("curl -sS -o /dev/null -w '%{http_code}\\n' https://api.openai.com/v1/models")),
    .failure(
      "openai-unauthorized", .openai, "openai.key.valid", .unauthorized,
      [
        "AuthenticationError: Error code: 401", "AuthenticationError: 401 ",
        "Error code: 401 - {'error'", "Error code: 401 - {\"error\"",
        "openai.com/{*} {q}HTTP/1.1 401 Unauthorized",
        "401 Client Error: Unauthorized for url: https://api.openai.com",
        "OpenAI {*}HTTP 401", "AuthenticationError: OpenAIException",
        "Request failed with status code 401", "HTTP/1.1 401 Unauthorized",
        "openai.error.AuthenticationError: {w}",
      ],
      [
        .anywhere,
        .yields(openAIRefusals + ["openai-client-key-missing", "openai-key-malformed"]),
        .with(["openai", "OpenAI", "OPENAI", "AuthenticationError", "Error code: 401 - {"]),
        .without(["datadoghq", "anthropic", "groq", "mistral", "cohere"]),
      ],
      cause: "OpenAI answered 401 and the line does not say why: the key, or an organization or"
        + " project header that the application sends",
      docs: OpenAIPages.errors,
      fix: .command("dd-doctor --only 'openai.*'"),
      .unset("OPENAI_ORG_ID", "where the header is not the key's organization")),
    .failure(
      "http-401-alone", .openai, "openai.key.valid", .unauthorized, ["HTTP 401"], [.alone],
      cause: "something answered 401 and no more is said: of OpenAI it means the key, or an"
        + " organization or project header that the application sends",
      docs: OpenAIPages.errors,
      fix: .command("dd-doctor --only 'openai.*,datadog.key.*'"),
      .unset("OPENAI_ORG_ID", "where the header is not the key's organization")),
    .failure(
      "openai-forbidden", .openai, "openai.model-capabilities", .forbidden,
      [
        "PermissionDeniedError: Error code: 403", "PermissionDeniedError: 403 ",
        "openai.com/{*} {q}HTTP/1.1 403 Forbidden",
        "403 Client Error: Forbidden for url: https://api.openai.com",
        "code{q}:{q}request_forbidden", "type{q}:{q}request_forbidden",
      ],
      [
        .anywhere, .yields(openAIRefusals),
        .without(["anthropic", "groq", "mistral", "cohere"]),
      ],
      cause: "OpenAI forbids this call: the project, its limits or the region",
      docs: OpenAIPages.errors, fix: .command("dd-doctor --only 'openai.*'")),
    .failure(
      "openai-call-failed", .openai, "openai.model-capabilities", .http,
      [
        "openai.NotFoundError: Error code: 404", "openai.BadRequestError: Error code: 400",
        "openai.ConflictError: Error code: 409", "openai.UnprocessableEntityError: Error code: 422",
        "openai.InternalServerError: Error code: 5",
        "openai.InternalServerError: Error code: {n}",
        "The server had an error while processing your request",
        "openai.error.ServiceUnavailableError: {w}",
        "The engine is currently overloaded, please try again later",
        "BadRequestError: 400 Unsupported {w}: {*} with this model",
        "BadRequestError: 400 {*}maximum context length is {n} tokens",
        "BadRequestError: 400 Invalid schema for response_format",
      ],
      [
        .anywhere, .yields(openAIRefusals),
        .without(["anthropic", "groq", "mistral", "cohere"]),
      ],
      cause: "the call itself failed: that is the application's or OpenAI's, its span arrives",
      docs: OpenAIPages.errors, fix: .advice("read the answer's message in the line")),
    .failure(
      "openai-sdk-shadowed", .openai, "runtime.openai-sdk", .conflict,
      ["partially initialized module 'openai'"], [.anywhere],
      cause: "a file of the application's own named openai.py is found in the SDK's place",
      docs: Docs.openAI,
      fix: .command("python -c 'import openai; print(openai.__file__)'"),
      .edit("rename openai.py")),
  ]
}
