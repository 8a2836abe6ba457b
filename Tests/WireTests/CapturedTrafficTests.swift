import Foundation
import StandIn
import Testing
import Wire

@Suite struct `Captured traffic` {
  /// What is made of some requests, as a stand-in passes them on.
  static func captured(_ requests: [HTTPRequest]) -> CapturedTraffic {
    var traffic = CapturedTraffic()
    var texts = KnownTexts()
    for request in requests {
      if let version = TracePayload.Version(rawValue: request.target) {
        _ = traffic.read(request, version, &texts)
      }
      traffic.note(request, path: request.target, status: 200)
    }
    return traffic
  }

  @Test(arguments: RecordedTracer.allCases, [TracePayload.Version.v03, .v04, .v05])
  func `has a call of each language's tracer in each version`(
    tracer: RecordedTracer, version: TracePayload.Version
  ) throws {
    let traffic = Self.captured([tracer.traces(version: version)])
    let call = try #require(traffic.openAI.first)
    #expect(call.resource == "createChatCompletion" && call.model == "gpt-4o-mini")
    #expect(call.service == "shop" && call.environment == "prod" && call.priority == 1)
    #expect(traffic.traces == 1 && traffic.spans == 2 && traffic.callsSeen == 1)
    #expect(traffic.payloads.map(\.version) == [version.name])
    #expect(traffic.tracers.map(\.language) == [tracer == .node ? "nodejs" : tracer.rawValue])
  }

  @Test(arguments: [-1, 0, 1, -128], [true, false])
  func `takes the priority that spans lack from their chunk`(priority: Int64, isFirst: Bool) {
    var spans = RecordedTracer.python.spans()
    for index in spans.indices { spans[index].metrics = [] }
    // One list of one trace, without the list around it.
    let list = Array(RecordedSpan.spelled(spans).dropFirst())
    var parts = [MessagePackWriter(), MessagePackWriter()]
    parts[0].string("priority")
    parts[0].signed(priority)
    parts[1].string("spans")
    if !isFirst { parts.reverse() }
    var head = MessagePackWriter()
    head.map(1)
    head.string("chunks")
    head.array(1)
    head.map(2)
    let body =
      head.bytes
      + (isFirst
        ? parts[0].bytes + parts[1].bytes + list
        : parts[0].bytes + list + parts[1].bytes)
    let traffic = Self.captured(
      [HTTPRequest("POST", "/v0.7/traces", host: "localhost", body: body)])
    #expect(traffic.openAI.map(\.priority) == [priority == -128 ? nil : Double(priority)])
    let isDropped = priority == -1 || priority == 0
    #expect(traffic.droppedTraces == (isDropped ? 1 : 0) && traffic.traces == 1)
    #expect(traffic.keptTraces == (isDropped ? 0 : 1) && traffic.unread.isEmpty)
  }

  @Test func `counts what rides in a span and what comes by itself, and keeps no word of it`()
    throws
  {
    let spans = RecordedTracer.python.spans(observes: 1, event: RecordedSpan.event)
    let traffic = Self.captured(
      [RecordedTracer.python.traces(spans), RecordedTracer.node.event])
    #expect(traffic.events.map(\.carrier) == [.span, .proxy])
    for event in traffic.events {
      #expect(event.kind == "llm" && event.model == "gpt-4o-mini" && event.application == "shop")
      #expect(event.integration == "openai" && event.count == 1 && event.errors == 0)
      #expect(event.messages == 2 && event.characters == 2 * RecordedTracer.canary.count)
    }
    let written = String(decoding: try JSONEncoder().encode(traffic), as: UTF8.self)
    for text in ["\(traffic)", written] {
      #expect(!text.contains("canary") && !text.contains("sings"))
    }
  }

  @Test func `keeps what the tracer was started with, not what it says at its end`() {
    let python = RecordedTracer.python
    let late = python.telemetry([("DD_LLMOBS_ENABLED", "true", "env_var")])
    var closing = late[1]
    closing.body = Array(
      String(decoding: late[1].body, as: UTF8.self).replacingOccurrences(
        of: "instrumentation_source", with: "DD_LLMOBS_ENABLED"
      ).replacingOccurrences(of: "cmd_line", with: "false").utf8)
    let telemetry = Self.captured(late + [closing]).telemetry
    #expect(telemetry.setting("DD_LLMOBS_ENABLED")?.value == "true")
    #expect(telemetry.instrumentationSource == "cmd_line" && telemetry.hasClosed)
    #expect(telemetry.integrations.map(\.version) == ["2.8.1"])
    #expect(telemetry.service == "shop" && telemetry.unread == 0)
  }

  @Test func `believes code that switches a setting on after the start`() throws {
    let start = RecordedTracer.python.telemetry([("DD_LLMOBS_ENABLED", "false", "default")])
    var later = start[1]
    later.body = Array(
      String(decoding: later.body, as: UTF8.self).replacingOccurrences(
        of: "instrumentation_source", with: "DD_LLMOBS_ENABLED"
      ).replacingOccurrences(of: "cmd_line", with: "true").utf8)
    let setting = try #require(
      Self.captured([start[0], later]).telemetry.setting("DD_LLMOBS_ENABLED"))
    #expect(setting.value == "true" && setting.origin == "code")
  }

  @Test func `keeps no value of a setting that is not judged`() {
    let settings = [
      (name: "DD_MY_OWN", value: "a prompt", origin: "code"),
      (name: "DD_QUIET", value: "x", origin: "default"),
    ]
    let telemetry = Self.captured(RecordedTracer.python.telemetry(settings)).telemetry
    #expect(telemetry.setting("DD_MY_OWN")?.value == nil)
    #expect(telemetry.setting("DD_MY_OWN")?.origin == "code")
    #expect(telemetry.setting("DD_QUIET") == nil)
  }

  @Test func `says what it could not read`() {
    let python = RecordedTracer.python
    var compressed = python.traces()
    compressed.fields.add("Content-Encoding", "gzip")
    var packed = python.event
    packed.fields.add("Content-Encoding", "gzip")
    var broken = python.traces()
    broken.body.removeLast()
    let new = HTTPRequest("POST", "/v1.0/traces", host: "localhost", body: [0x90])
    var noise = python.telemetry()[0]
    noise.body = [UInt8](repeating: UInt8(ascii: "["), count: 513)
    let traffic = Self.captured([compressed, packed, broken, new, noise])
    #expect(traffic.requests == 5 && traffic.spans == 0 && traffic.telemetry.unread == 1)
    #expect(
      traffic.unread == [
        "compressed traces": 1, "compressed LLM Observability events": 1, "traces: truncated": 1,
        "traces of version 1.0": 1,
      ])
    #expect(traffic.payloads.contains { $0.version == "v1.0" && $0.count == 1 })
  }

  @Test func `stays small whatever comes, and loses no count`() {
    var traffic = CapturedTraffic()
    var texts = KnownTexts()
    for number in 0..<2_000 {
      let spans = RecordedTracer.node.spans(resource: "operation\(number)")
      var request = RecordedTracer.node.traces(spans)
      _ = traffic.read(request, .v04, &texts)
      request.target = "/path/\(number)"
      traffic.note(request, path: request.target, status: 200)
      traffic.note(datagram: Array("metric\(number):1|c\nother:2|c\n".utf8))
    }
    #expect(traffic.requests == 2_000 && traffic.spans == 4_000 && traffic.traces == 2_000)
    #expect(traffic.openAI.count == 100 && traffic.endpoints.count == 100)
    #expect(traffic.openAI.reduce(0) { $0 + $1.count } == 2_000)
    #expect(traffic.endpoints.reduce(0) { $0 + $1.count } == 2_000)
    #expect(traffic.metrics.names.count == 100 && traffic.metrics.lines == 4_000)
  }

  @Test func `refuses every damaged payload with a class, and never traps`() {
    for version in [TracePayload.Version.v04, .v05] {
      let spans = RecordedTracer.python.spans(observes: 1, event: RecordedSpan.event)
      let request = RecordedTracer.python.traces(spans, version: version)
      var classes: Set<String> = []
      var texts = KnownTexts()
      for place in request.body.indices {
        var cut = request
        cut.body = Array(request.body[..<place])
        if case .failure(let malformed) = TracePayload.read(cut, version, &texts, { _ in }) {
          classes.insert(malformed.kind)
        }
        for value: UInt8 in [0xC1, 0xDD, 0xDF, 0xFF, 0x91] {
          var changed = request
          changed.body[place] = value
          if case .failure(let malformed) = TracePayload.read(changed, version, &texts, { _ in }) {
            classes.insert(malformed.kind)
          }
        }
      }
      #expect(classes.isSuperset(of: ["truncated", "reserved", "unexpected", "trailing"]))
    }
  }

  @Test func `survives priorities that are no numbers`() throws {
    for number in [Double.nan, .infinity, -.infinity, 1e300] {
      let traffic = Self.captured(
        [RecordedTracer.node.traces(RecordedTracer.node.spans(priority: number))])
      #expect(try JSONEncoder().encode(traffic).count > 0)
    }
  }
}
