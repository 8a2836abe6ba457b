import StandIn
import Testing
import Wire

@Suite struct `Stand-in OpenAI` {
  @Test func `the log says what was asked, what it could cost, and never the key`() throws {
    let key = "sk-proj-canary0Qm3xZtWv8Lr2T3BlbkFJcanary"
    var options = StandInAgent.Options()
    options.role = .openAI(keys: [key: .project])
    let standIn = try StandInAgent.start(options)
    defer { standIn.stop() }
    let bodies = [
      #"{"speed":1}"#, #"{"model":"gpt-4o-mini","input":"hello"}"#, "", "not JSON",
    ]
    for body in bodies {
      let seen = standIn.seen(
        HTTPRequest(
          "POST", "/v1/responses", host: "api.openai.com",
          fields: [("Authorization", "Bearer \(key)")], body: Array(body.utf8)))
      #expect(seen.response?.status == 400)
    }
    #expect(standIn.requests.map(\.couldCost) == [false, true, false, true])
    #expect(standIn.requests.map(\.bodySize) == bodies.map(\.utf8.count))
    #expect(standIn.requests.allSatisfy { $0.fieldNames.contains("Authorization") })
    #expect(!"\(standIn.requests)".contains("canary"))
  }

  @Test func `a key that is not named is incorrect, and masked`() throws {
    var options = StandInAgent.Options()
    options.role = .openAI(keys: [:])
    let standIn = try StandInAgent.start(options)
    defer { standIn.stop() }
    let seen = standIn.seen(
      HTTPRequest(
        "GET", "/v1/models", host: "api.openai.com",
        fields: [("Authorization", "Bearer sk-proj-canary0Qm3xZtWv8Lr2")]))
    let response = try #require(seen.response)
    let body = String(decoding: response.body, as: UTF8.self)
    #expect(response.status == 401)
    #expect(body.contains("invalid_api_key") && body.contains("sk-proj-****8Lr2"))
  }
}
