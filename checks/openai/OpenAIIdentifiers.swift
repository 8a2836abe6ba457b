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
