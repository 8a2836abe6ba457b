import Diagnosis

/// What OpenAI answers when it refuses a call.
extension Catalogue {
  static let openAI: [Pattern] = [
    .failure(
      "openai-missing-admin-scope", .openai, "openai.key.scope", .wrongKind,
      [
        "Missing scopes: api.usage", "Missing scopes: api.management",
        "Missing scopes: {w}api.usage", "Missing scopes: {*} api.usage",
        "must be made with a session key", "with the following key type: {w}",
        "equires an admin API key", "API credit balance error: HTTP 40",
        "OpenAI {*}usage{*}HTTP 401", "OpenAI {*}usage{*}HTTP 403", "OpenAI {*}costs{*}HTTP 401",
      ], [.anywhere],
      cause: "usage, costs and management need an organization's admin key with that scope; a"
        + " project or service-account key is refused",
      docs: OpenAIPages.errors,
      fix: .advice("make an admin key: platform.openai.com/settings/organization/admin-keys"),
      .command("dd-doctor --setup openai-api")),
    .failure(
      "openai-missing-scope", .openai, "openai.model-capabilities", .missingScope,
      [
        "Missing scopes: {w}", "You have insufficient permissions for this operation",
        "insufficient_permissions{q}",
      ], [.anywhere, .yields(["openai-missing-admin-scope"])],
      cause: "the key may not do this: a restricted key without Request on Model capabilities, a"
        + " role in the project that is too low, or a login that asked for too little",
      docs: OpenAIPages.errors,
      fix: .advice("give the key Request on Model capabilities: platform.openai.com/api-keys"),
      .command("dd-doctor --only 'openai.*'")),
    .failure(
      "openai-wrong-organization", .openai, "openai.organization", .wrongOrganization,
      [
        "OpenAI-Organization header should match organization for API key",
        "code{q}:{q}mismatched_organization", "code{q}:{q}no_organization",
        "code{q}:{q}invalid_organization", "o such organization: org-", "o such organization : {w}",
        "OpenAIException - No such organization",
        "You must be a member of an organization to use the API", "code{q}:{q}mismatched_project",
        "OpenAI-Project header should match project for API key",
      ], [.anywhere],
      cause: "the key does not belong to the organization or project that the call names, or is"
        + " an old user key of nobody's organization",
      docs: OpenAIPages.errors,
      fix: .unset("OPENAI_ORG_ID"), .unset("OPENAI_PROJECT_ID"),
      .advice("make a new project key: platform.openai.com/api-keys")),
    .failure(
      "openai-region", .openai, "openai.key.valid", .region,
      [
        "Country, region, or territory not supported",
        "services are not available in your country",
        "code{q}:{q}unsupported_country_region_territory",
      ], [.anywhere],
      cause: "OpenAI does not serve the country that this host's address belongs to",
      docs: OpenAIPages.errors,
      fix: .advice("send the calls from a supported region, or through a proxy there")),
    .failure(
      "openai-deactivated", .openai, "openai.key.valid", .deactivated,
      [
        "associated with a deactivated account",
        "associated with this API key has been deactivated",
        "code{q}:{q}account_deactivated",
        "Your access was terminated due to violation of our policies",
        "The project you are requesting has been archived and is no longer accessible",
      ], [.anywhere],
      cause: "the account, project or key is deactivated", docs: OpenAIPages.errors,
      fix: .advice("use a key of another account, or ask help.openai.com")),
    .failure(
      "openai-quota", .openai, "openai.model-capabilities", .quota,
      [
        "You exceeded your current quota", "code{q}:{q}insufficient_quota",
        "type{q}:{q}insufficient_quota", "code{q}:{q}billing_hard_limit_reached",
        "Billing hard limit has been reached", "code{q}:{q}billing_not_active",
        "Your account is not active, please check your billing details",
      ], [.anywhere],
      cause: "the organization has no credit left: calls fail, and their spans say so",
      docs: OpenAIPages.errors,
      fix: .advice("add credit: platform.openai.com/settings/organization/billing")),
    .failure(
      "openai-model-access", .openai, "openai.model-capabilities", .forbidden,
      [
        "does not have access to model {w}", "code{q}:{q}model_not_found",
        "model{*}does not exist or you do not have access to it",
        "Your organization must be verified to ", "You are not allowed to sample from this model",
        "The model `{w} does not exist", "The model: `{w} does not exist",
      ], [.anywhere],
      cause: "the project may not use this model, or it does not exist",
      docs: OpenAIPages.errors,
      fix: .advice("allow the model: platform.openai.com/settings (project, Limits)"),
      .command("dd-doctor --only openai.model-capabilities")),
    .failure(
      "openai-wrong-host", .openai, "openai.key.valid", .wrongHost,
      ["code{q}:{q}incorrect_hostname"], [.anywhere],
      cause: "the project's data lives in another region: its host is another one",
      docs: OpenAIPages.errors,
      fix: .set("OPENAI_BASE_URL", to: "https://eu.api.openai.com/v1", "the host in the answer")),
    .failure(
      "openai-ip", .openai, "openai.key.valid", .ipNotAllowed,
      [
        "code{q}:{q}ip_not_authorized", "Your IP address is not ",
        "IP address is not on the allowlist",
      ], [.anywhere, .with(["openai", "OpenAI", "ip_not_authorized", "organization", "project"])],
      cause: "the organization or project lets only listed addresses in",
      docs: OpenAIPages.errors,
      fix: .advice("add this host's address to the IP allowlist of the organization")),
    .failure(
      "openai-key-missing", .openai, "openai.key.present", .missing,
      [
        "You need to provide your API key in an Authorization header",
        "Missing bearer or basic authentication in header",
      ], [.anywhere],
      cause: "the call was sent without a key", docs: OpenAIPages.apiKeys,
      fix: .set("OPENAI_API_KEY", to: "<project key>")),
    .failure(
      "openai-key-refused", .openai, "openai.key.valid", .unauthorized,
      [
        "Incorrect API key provided", "code{q}:{q}invalid_api_key", "Invalid API key provided",
        "INVALID_API_KEY", "error{q}:{q}invalid_api_key",
      ],
      [.anywhere, .yields(["openai-wrong-organization", "openai-deactivated"])],
      cause: "OpenAI does not know the key: revoked, cut off, in quotes, or something else pasted"
        + " in its place",
      docs: OpenAIPages.errors,
      fix: .command("dd-doctor --only 'openai.key.*'", "quotes, blanks and kinds are named"),
      .set("OPENAI_API_KEY", to: "<project key>")),
    .failure(
      "openai-rate-limit", .openai, "openai.model-capabilities", .throttled,
      [
        "Rate limit reached for {w}", "code{q}:{q}rate_limit_exceeded",
        "RateLimitError: Error code: 429", "RateLimitError: 429 ",
        "Request failed with status code 429{*}openai.com", "RateLimitError: OpenAIException",
      ],
      [
        .anywhere, .yields(["openai-quota"]),
        .with(["openai", "OpenAI", "RateLimitError", "gpt", "code"]),
        .without(["anthropic", "groq", "mistral", "cohere"]),
      ],
      cause: "calls come faster than the organization's limit; telemetry still flows",
      docs: OpenAIPages.errors, fix: .advice("slow the calls down, or raise the limit")),
    .failure(
      "openai-azure-refused", .openai, "openai.provider", .unauthorized,
      [
        "Access denied due to invalid subscription key or wrong API endpoint",
        "Access denied due to Virtual Network/Firewall rules",
        "The API deployment for this resource does not exist",
        "lacks the required data action {*}/accounts/OpenAI/",
      ], [.anywhere, .without(["speech", "translator", "vision", "/face/"])],
      cause: "Azure OpenAI refuses the call: the key is another resource's, the deployment's name"
        + " is wrong, or its network rules keep this host out",
      docs: Docs.openAI,
      fix: .set("AZURE_OPENAI_ENDPOINT", to: "https://<resource>.openai.azure.com"),
      .set("AZURE_OPENAI_API_KEY", to: "<the resource's key>"),
      .advice("the model is the deployment's name in Azure, not the model's")),
  ]

  static let openAIRefusals = [
    "openai-missing-admin-scope", "openai-missing-scope", "openai-wrong-organization",
    "openai-region", "openai-deactivated", "openai-quota", "openai-model-access",
    "openai-wrong-host", "openai-ip", "openai-key-missing", "openai-key-refused",
    "openai-rate-limit", "openai-azure-refused",
  ]
}
