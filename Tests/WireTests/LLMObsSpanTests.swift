import Foundation
import Testing
import Wire

@Suite struct LLMObsSpanTests {
  private let span = LLMObsSpan(
    runID: "run-1", environment: "a\"b\\\n", start: 1_795_608_000_000_000_000, traceID: 0,
    spanID: 7)

  private func object(_ bytes: [UInt8]) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(bytes))
  }

  @Test func `the form for a site is the documented one`() throws {
    let body = try #require(try object(span.intakePayload) as? [String: Any])
    let data = try #require(body["data"] as? [String: Any])
    #expect(data["type"] as? String == "span")
    let attributes = try #require(data["attributes"] as? [String: Any])
    #expect(attributes["ml_app"] as? String == "dd-doctor")
    let tags = try #require(attributes["tags"] as? [String])
    #expect(tags.contains("dd_doctor.run_id:run-1") && tags.contains("env:a\"b\\\n"))
    let spans = try #require(attributes["spans"] as? [[String: Any]])
    #expect(spans.count == 1)
    #expect(spans[0]["parent_id"] as? String == "undefined")
    #expect(spans[0]["trace_id"] as? String == "1", "an id is never 0")
    #expect(spans[0]["start_ns"] as? Int == 1_795_608_000_000_000_000)
    #expect(spans[0]["meta"] as? [String: String] == ["kind": "task"])
  }

  @Test func `the form for an Agent is a tracer's`() throws {
    let events = try #require(
      try object(span.tracerPayload(version: "0.1")) as? [[String: Any]])
    #expect(events.count == 1)
    #expect(events[0]["event_type"] as? String == "span")
    #expect(events[0]["_dd.stage"] as? String == "raw")
    let spans = try #require(events[0]["spans"] as? [[String: Any]])
    #expect(spans[0]["meta"] as? [String: String] == ["span.kind": "task"])
    let tags = try #require(spans[0]["tags"] as? [String])
    #expect(tags.contains("ml_app:dd-doctor") && tags.contains("dd_doctor.run_id:run-1"))
  }
}
