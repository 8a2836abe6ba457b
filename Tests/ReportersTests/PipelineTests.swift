import Diagnosis
import Testing

@testable import Reporters

@Suite struct `The picture breaks where telemetry does` {
  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let setup: String
    let rungs: [Delivery.RungStatus]
    let links: [Pipeline.Link.State]
    let marks: [Status?]
    let sentence: String

    init(
      _ name: String, setup: String = "apm", _ rungs: [Delivery.RungStatus],
      _ links: [Pipeline.Link.State], _ marks: [Status?], _ sentence: String
    ) {
      testDescription = name
      self.setup = setup
      self.rungs = rungs
      self.links = links
      self.marks = marks
      self.sentence = sentence
    }

    static let all = [
      Way(
        "as far as it can be proved", [.reached, .reached, .reached, .unknown, .unknown, .unknown],
        [.proved, .unknown], [.passed, .passed, .unknown], "The Agent takes spans"),
      Way(
        "to the end", [.reached, .reached, .reached, .reached, .reached, .reached],
        [.proved, .proved], [.passed, .passed, .passed], "Spans are stored in Datadog"),
      Way(
        "stopped by the configuration",
        [.failed, .notReached, .notReached, .notReached, .notReached, .notReached],
        [.dark, .dark], [.failed, nil, nil], "Stopped by its own configuration"),
      Way(
        "no Agent", [.reached, .failed, .notReached, .notReached, .notReached, .notReached],
        [.broken, .dark], [.passed, nil, nil], "Nothing gets to the Agent"),
      Way(
        "an Agent that takes no spans",
        [.reached, .reached, .failed, .notReached, .notReached, .notReached],
        [.proved, .dark], [.passed, .failed, nil], "The Agent does not take spans"),
      Way(
        "an Agent whose key is refused",
        [.reached, .reached, .reached, .unknown, .failed, .notReached],
        [.proved, .broken], [.passed, .passed, nil], "Spans reach the Agent and go no further"),
      Way(
        "nothing asked", [.reached, .unknown, .unknown, .unknown, .unknown, .unknown],
        [.unknown, .unknown], [.passed, .unknown, .unknown], "The configuration is sound"),
      Way(
        "agentless, refused", setup: "llmobs-agentless",
        [.reached, .reached, .failed, .notApplicable, .notReached, .notReached],
        [.broken], [.passed, nil], "Datadog does not take spans"),
      Way(
        "agentless, taken", setup: "llmobs-agentless",
        [.reached, .reached, .reached, .notApplicable, .unknown, .unknown],
        [.proved], [.passed, .unknown], "Datadog takes spans"),
    ]
  }

  @Test(arguments: Way.all)
  func `stops, links and the sentence say the same`(way: Way) {
    let isFailed = way.rungs.contains(.failed)
    let checks = isFailed ? FormatReports.failing.checks : FormatReports.healthy.checks
    let hasAgent = way.setup == "apm"
    let report = FormatReports.report(
      checks: checks, rungs: way.rungs, setup: way.setup,
      agent: AgentSummary(
        url: nil, mode: nil, version: nil, state: hasAgent ? .ok : .notApplicable, error: nil))
    let pipeline = Pipeline(report)
    #expect(pipeline.links.map(\.state) == way.links)
    #expect(pipeline.stops.map(\.mark) == way.marks)
    #expect(pipeline.openAI == nil)
    #expect(VerdictSentence.of(report) == way.sentence)
  }

  @Test func `OpenAI leads to Datadog where its usage is read, else the application asks it`() {
    let check = FormatReports.passed("openai.key.valid", "Key is valid", "accepted")
    let read = FormatReports.passed("openai.usage.images", "Usage is readable", "no use yet")
    let usage = FormatReports.report(checks: [check, read], rungs: [], setup: "openai-api")
    #expect(Pipeline(usage).stops.map(\.title) == ["OpenAI", "Datadog"])
    #expect(Pipeline(usage).links.map(\.state) == [.proved])
    let proved = FormatReports.report(
      checks: [check], rungs: [.reached, .reached, .reached], setup: "openai-api")
    #expect(VerdictSentence.of(proved) == "The usage at OpenAI can be read")
    let apm = FormatReports.report(checks: [check], rungs: [], setup: "apm")
    #expect(Pipeline(apm).openAI?.link.state == .proved)
    #expect(Pipeline(apm).openAI?.stop.mark == .passed)
    // A key that was accepted says nothing of usage, a provider's name nothing of a key.
    let unread = FormatReports.report(checks: [check], rungs: [], setup: "openai-api")
    #expect(Pipeline(unread).links.map(\.state) == [.unknown])
    #expect(Pipeline(unread).stops.map(\.mark) == [.unknown, .unknown])
    let named = FormatReports.passed("openai.provider", "Provider is OpenAI", "OpenAI")
    #expect(Pipeline(FormatReports.report(checks: [named], rungs: [])).openAI == nil)
    let skipped = FormatReports.skipped("openai.key.valid", "Key is valid", "another provider")
    #expect(Pipeline(FormatReports.report(checks: [skipped], rungs: [])).openAI == nil)
  }

  @Test(arguments: [
    (0, 2, "0"), (0.004, 2, "0"), (-0.004, 2, "0"), (0.25, 2, "0.25"), (2, 2, "2"),
    (12.5, 3, "12.5"), (0.05, 1, "0.1"), (-1.5, 1, "-1.5"), (100, 0, "100"),
    (.infinity, 2, "0"), (.nan, 2, "0"), (1e300, 2, "0"),
  ])
  func `a number is short and never a trap`(value: Double, places: Int, text: String) {
    #expect(decimal(value, places: places) == text)
  }
}
