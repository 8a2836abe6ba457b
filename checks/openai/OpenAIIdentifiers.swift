package import Diagnosis
package import Probes

extension CheckID {
  package static let openAIProvider: CheckID = "openai.provider"
  package static let openAIKeyPresent: CheckID = "openai.key.present"
  package static let openAIKeyValid: CheckID = "openai.key.valid"
  package static let openAIKeyScope: CheckID = "openai.key.scope"
  package static let openAIOrganization: CheckID = "openai.organization"

  package static func openAIUsage(_ family: OpenAIUsageFamily) -> CheckID {
    CheckID("openai.usage.\(family.rawValue)")
  }
}

/// OpenAI's own pages.
enum OpenAIPages {
  static let apiKeys = "https://platform.openai.com/api-keys"
  static let adminKeys = "https://platform.openai.com/settings/organization/admin-keys"
  static let billing = "https://platform.openai.com/settings/organization/billing/overview"
  static let organization = "https://platform.openai.com/settings/organization/general"
  static let allowList =
    "https://platform.openai.com/settings/organization/security/ip-allowlist"
  static let countries = "https://platform.openai.com/docs/supported-countries"
  static let errors = "https://platform.openai.com/docs/guides/error-codes/api-errors"
  static let clients = "https://platform.openai.com/docs/libraries"
}
