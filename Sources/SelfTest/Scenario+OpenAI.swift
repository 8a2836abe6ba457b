import Configuration
import Diagnosis
import Probes

extension Scenario {
  private static let projectKey = "OPENAI_API_KEY=sk-proj-selftest0Qm3xZtWv8Lr2T3BlbkFJselftest"
  private static let adminKey = "OPENAI_API_KEY=sk-admin-selftest0Qm3xZtWv8Lr2T3BlbkFJselftest"

  private static let usage: [CheckID] =
    OpenAIUsageFamily.allCases.map { CheckID("openai.usage.\($0.rawValue)") } + ["openai.costs"]

  /// OpenAI gives the same answer to whatever is asked.
  private static func answering(_ exchange: Exchange, organization: String? = nil) -> Answers {
    .recorded { _ in
      let subjects: [OpenAISubject] =
        [.models, .images, .responses, .costs]
        + OpenAIUsageFamily.allCases.map(OpenAISubject.usage)
      return subjects.map { subject in
        Recorded(
          OpenAIRequest(
            subject, host: "api.openai.com", port: 443, variable: "OPENAI_API_KEY",
            organization: organization, project: nil),
          OpenAIReply(exchange))
      }
    }
  }

  private static func refused(_ status: Int, _ code: String?, _ message: String = "no")
    -> Exchange
  {
    let code = code.map { "\"\($0)\"" } ?? "null"
    return .recorded(
      status,
      #"{"error":{"message":"\#(message)","type":"invalid_request_error","code":\#(code)}}"#)
  }

  static var openAI: [Scenario] {
    let page = Exchange.recorded(
      200, #"{"object":"page","data":[{"object":"bucket","results":[]}],"has_more":false}"#)
    return [
      Scenario(
        "usage is read by another provider's setup", ["OPENAI_BASE_URL=https://gateway.test/v1"],
        .openAIAPI, gives: [.warning: ["openai.provider"]]),
      Scenario(
        "OpenAI in the clear", ["OPENAI_BASE_URL=http://api.openai.com/v1"], .llmobsAgent,
        gives: [.failed: ["openai.provider"]]),
      Scenario("no key for usage", [], .openAIAPI, gives: [.failed: ["openai.key.present"]]),
      Scenario(
        "an empty key", ["OPENAI_API_KEY="],
        gives: [
          .warning: ["openai.key.present"],
          .skipped: ["openai.key.valid", "openai.organization"] + usage,
        ]),
      Scenario(
        "a key in quotes", ["OPENAI_API_KEY='sk-proj-x'"], gives: [.warning: ["openai.key.shape"]]),
      Scenario(
        "a project key that may call models", [projectKey], .llmobsAgent,
        by: answering(refused(400, "unknown_parameter")),
        gives: [
          .passed: [
            "openai.key.present", "openai.key.shape", "openai.key.valid", "openai.key.scope",
            "openai.model-capabilities", "openai.organization",
          ]
        ]),
      Scenario(
        "an admin key that reads usage", [adminKey], .openAIAPI, by: answering(page),
        gives: [.passed: ["openai.key.scope"] + usage]),
      Scenario(
        "an admin key in an application", [adminKey], .llmobsAgent,
        by: answering(refused(401, nil, "Missing scopes: model.request")),
        gives: [.warning: ["openai.key.scope"], .failed: ["openai.model-capabilities"]]),
      Scenario(
        "a project key where usage is read", [projectKey], .openAIAPI,
        by: answering(refused(403, nil, "Missing scopes: api.usage.read")),
        gives: [.failed: ["openai.key.scope"] + usage]),
      Scenario(
        "a key that OpenAI does not know", [projectKey], .llmobsAgent,
        by: answering(refused(401, "invalid_api_key")), gives: [.failed: ["openai.key.valid"]]),
      Scenario(
        "OpenAI asks for patience", [projectKey], .openAIAPI, by: answering(.recorded(429)),
        gives: [
          .unknown: ["openai.key.valid", "openai.key.scope", "openai.model-capabilities"] + usage
        ]),
      Scenario(
        "a key of another organization", [projectKey], .llmobsAgent,
        by: answering(refused(401, "mismatched_organization")),
        gives: [.failed: ["openai.organization"]]),
      Scenario(
        "an answer in another organization's name", [projectKey, "OPENAI_ORG_ID=org-1"],
        .llmobsAgent,
        by: answering(
          .recorded(200, "{}", fields: [("openai-organization", "org-2")]), organization: "org-1"),
        gives: [.warning: ["openai.organization"]]),
      Scenario(
        "nothing left to spend", [projectKey], .llmobsAgent,
        by: answering(refused(429, "insufficient_quota")),
        gives: [.warning: ["openai.model-capabilities"]]),
    ]
  }
}
