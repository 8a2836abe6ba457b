/// What keys of other services begin with: it tells what a value is, hides it, and keeps it here.
struct ForeignKey: Sendable {
  let prefix: String
  /// In words, as `GitHub token`.
  let name: String
  var kind: SecretTraits.Kind = .foreign
  /// Bytes from which on it is a key in running text, where it may be a word like any other.
  var length = 20
  /// Whether nothing but letters and digits follows the prefix.
  var isPlain = false

  /// The service's key that a whole value looks like.
  static func looking(like value: ArraySlice<UInt8>) -> ForeignKey? {
    table.first { value.starts(with: $0.prefix.utf8) }
  }

  /// Whether a word of a text is such a key.
  static func isKey(_ word: ArraySlice<UInt8>) -> Bool {
    table.contains { entry in
      word.count >= entry.length && word.starts(with: entry.prefix.utf8)
        && (!entry.isPlain || word.dropFirst(entry.prefix.utf8.count).allSatisfy(isAlphanumeric))
    }
  }

  /// Whether dots belong to the key that begins here.
  static func hasDots(_ text: ArraySlice<UInt8>) -> Bool {
    ["eyJ", "SG.", "ya29."].contains { text.starts(with: $0.utf8) }
  }

  /// A prefix stands before every shorter one that it begins with.
  private static let table = [
    ForeignKey(prefix: "sk-or-", name: "OpenRouter key", kind: .openRouter),
    ForeignKey(prefix: "sk-ant-", name: "Anthropic key"),
    ForeignKey(prefix: "sk-lf-", name: "Langfuse key"),
    ForeignKey(prefix: "sk-helicone-", name: "Helicone key"),
    ForeignKey(prefix: "sk-litellm-", name: "LiteLLM key"),
    ForeignKey(prefix: "sk-kimi-", name: "Kimi key"),
    ForeignKey(prefix: "sk_live_", name: "Stripe key"),
    ForeignKey(prefix: "sk_test_", name: "Stripe key"),
    ForeignKey(prefix: "rk_live_", name: "Stripe key"),
    ForeignKey(prefix: "github_pat_", name: "GitHub token"),
    ForeignKey(prefix: "ghp_", name: "GitHub token"),
    ForeignKey(prefix: "gho_", name: "GitHub token"),
    ForeignKey(prefix: "ghu_", name: "GitHub token"),
    ForeignKey(prefix: "ghs_", name: "GitHub token"),
    ForeignKey(prefix: "ghr_", name: "GitHub token"),
    ForeignKey(prefix: "glpat-", name: "GitLab token"),
    ForeignKey(prefix: "gldt-", name: "GitLab token"),
    ForeignKey(prefix: "glrt-", name: "GitLab token"),
    ForeignKey(prefix: "xoxa-", name: "Slack token"),
    ForeignKey(prefix: "xoxb-", name: "Slack token"),
    ForeignKey(prefix: "xoxe-", name: "Slack token"),
    ForeignKey(prefix: "xoxp-", name: "Slack token"),
    ForeignKey(prefix: "xoxr-", name: "Slack token"),
    ForeignKey(prefix: "xoxs-", name: "Slack token"),
    ForeignKey(prefix: "xapp-", name: "Slack token"),
    ForeignKey(prefix: "AKIA", name: "AWS access key", isPlain: true),
    ForeignKey(prefix: "ASIA", name: "AWS access key", isPlain: true),
    ForeignKey(prefix: "AIza", name: "Google key", length: 35),
    ForeignKey(prefix: "ya29.", name: "Google token"),
    ForeignKey(prefix: "hf_", name: "Hugging Face token", isPlain: true),
    ForeignKey(prefix: "gsk_", name: "Groq key", isPlain: true),
    ForeignKey(prefix: "xai-", name: "Grok key", length: 40, isPlain: true),
    ForeignKey(prefix: "pplx-", name: "Perplexity key", length: 40, isPlain: true),
    ForeignKey(prefix: "nvapi-", name: "NVIDIA key", length: 40),
    ForeignKey(prefix: "r8_", name: "Replicate token", length: 30, isPlain: true),
    ForeignKey(prefix: "lsv2_", name: "LangSmith key", length: 30),
    ForeignKey(prefix: "npm_", name: "npm token", length: 30, isPlain: true),
    ForeignKey(prefix: "pypi-", name: "PyPI token", length: 60),
    ForeignKey(prefix: "dckr_pat_", name: "Docker token"),
    ForeignKey(prefix: "dop_v1_", name: "DigitalOcean token"),
    ForeignKey(prefix: "glsa_", name: "Grafana token", length: 30),
    ForeignKey(prefix: "NRAK-", name: "New Relic key"),
    ForeignKey(prefix: "sntry", name: "Sentry token", length: 40),
    ForeignKey(prefix: "SG.", name: "SendGrid key", length: 40),
    ForeignKey(prefix: "-----BEGIN", name: "private key", length: 40),
    ForeignKey(prefix: "eyJ", name: "JSON web token", length: 30),
  ]
}
