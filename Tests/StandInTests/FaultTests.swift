import Testing
import Wire

@testable import StandIn

/// What a client sees of a fault: how the answers to `/info` and to a span begin.
struct FaultCase: CustomTestStringConvertible, Sendable {
  var fault: AgentFault
  var info: String
  var span: String
  /// Milliseconds after which silence counts as seen.
  var patience = 20_000

  init(_ fault: AgentFault, info: String, span: String? = nil, patience: Int = 20_000) {
    self.fault = fault
    self.info = info
    self.span = span ?? info
    self.patience = patience
  }

  var testDescription: String { fault.name }
}

private let agentInfo = #"200 {\n\t"version": "7.78.0",\n\t"git_commit""#
private let rates = #"200 {"rate_by_service":{"service:,env:":1}}\n"#
private let page = "<!DOCTYPE html>"

let faultCases: [FaultCase] = [
  .init(.refused, info: "refused"),
  .init(.silent, info: "silence", patience: 200),
  .init(.drip, info: "silence after H", patience: 100),
  .init(.reset, info: "reset"),
  .init(.resetOnAccept, info: "reset"),
  .init(.resetInBody, info: "reset in the body of a 200"),
  .init(.closed, info: "closed"),
  .init(.halfHead, info: #"closed after HTTP/1.1 200 OK"#),
  .init(.garbage, info: "notHTTP after "),
  .init(.ssh, info: #"notHTTP after SSH-2.0-OpenSSH_9.6\r\n"#),
  .init(.redis, info: "notHTTP after -ERR unknown command"),
  .init(.tls, info: #"notHTTP after \u{15}\u{3}\u{1}"#),
  .init(.http2Preface, info: #"notHTTP after \u{0}\u{0}\u{0}\u{4}"#),
  .init(.flood, info: "too large: body over"),
  .init(.endlessHeaders, info: "too large: head over"),
  .init(.endless100, info: "too large: over 16 interim answers"),
  .init(.badChunk, info: "malformed: chunk size 'zz'"),
  .init(.twoLengths, info: "malformed: two Content-Lengths"),
  .init(.gzipBody, info: #"200 \u{1f}"#),
  .init(.webPage, info: "200 \(page)", span: "501 \(page)"),
  .init(.notFound, info: "404 \(page)"),
  .init(.redirect, info: "302 "),
  .init(.unauthorized, info: "401 \(page)"),
  .init(.forbidden, info: "403 \(page)"),
  .init(.status500, info: "500 \(page)"),
  .init(.status502, info: "502 \(page)"),
  .init(.status503, info: "503 \(page)"),
  .init(.emptyJSON, info: "200 {}"),
  .init(.nullJSON, info: "200 null"),
  .init(.jsonArray, info: "200 []"),
  .init(.deepJSON, info: "200 [[[["),
  .init(.mistypedInfo, info: #"200 {\n\t"version": 7,\n\t"endpoints": 8126"#, span: rates),
  .init(.oldAgent, info: #"404 404 page not found\n"#, span: rates),
  .init(.lambdaExtension, info: #"200 {\n\t"endpoints": "#, span: rates),
  .init(.otelCollector, info: #"200 {\n\t"version": "datadogreceiver-"#, span: "200 {}"),
  .init(.testAgent, info: #"200 {\n\t"version": "test""#, span: rates),
  .init(.slow, info: agentInfo, span: rates),
  .init(.noTraces, info: agentInfo, span: #"404 404 page not found\n"#),
  .init(.spanRejected400, info: agentInfo, span: "400 msgp: attempted to decode"),
  .init(.spanRejected413, info: agentInfo, span: #"413 payload-too-large\n"#),
  .init(
    .spanRejected415, info: agentInfo, span: #"415 unsupported media type: "application/msgpack""#),
  .init(.spanRejected429, info: agentInfo, span: "429 {\"rate_by_service\""),
  .init(.spanRejected500, info: agentInfo, span: "500 "),
  .init(.spanEmptyAnswer, info: agentInfo, span: "200 {}"),
  .init(.spanHTML, info: agentInfo, span: "200 \(page)"),
  .init(.spanTimeout, info: agentInfo, span: "silence", patience: 500),
  .init(.filters, info: agentInfo, span: rates),
  .init(.sampledOut, info: agentInfo, span: rates),
  .init(.noMetaStructs, info: agentInfo, span: rates),
  .init(.keyRefused, info: agentInfo, span: rates),
  .init(.noEgress, info: agentInfo, span: rates),
  .init(.egressTimeout, info: agentInfo, span: rates),
  .init(.noEVPProxy, info: agentInfo, span: rates),
  .init(.evpDisabled, info: agentInfo, span: rates),
  .init(.dogStatsDOff, info: agentInfo, span: rates),
  .init(.dogStatsDPort, info: agentInfo, span: rates),
]

@Suite struct `A fault` {
  @Test(arguments: faultCases)
  func `shows a client what its name says`(row: FaultCase) throws {
    let agent = try StandInAgent.started { $0.fault = row.fault }
    let info = agent.seen(.info, within: row.patience).summary
    #expect(info.hasPrefix(row.info), "GET /info: \(info)")
    let span = agent.seen(.span, within: row.patience).summary
    #expect(span.hasPrefix(row.span), "PUT /v0.4/traces: \(span)")
  }

  @Test func `has a row in the table of what a client sees`() {
    #expect(faultCases.map(\.fault) == AgentFault.allCases)
  }

  @Test(arguments: AgentFault.allCases)
  func `has a kebab-case name and one sentence`(fault: AgentFault) {
    #expect(fault.name.allSatisfy { $0.isLowercase && $0.isASCII || $0.isNumber || $0 == "-" })
    #expect(AgentFault(rawValue: fault.name) == fault)
    #expect(!fault.summary.isEmpty && fault.summary.count <= 75 && !fault.summary.hasSuffix("."))
  }

  @Test(arguments: AgentFault.allCases)
  func `ends when the stand-in stops`(fault: AgentFault) throws {
    let agent = try StandInAgent.started { $0.fault = fault }
    let client = Client(port: agent.port)
    _ = client.send(HTTPRequest.info.bytes)
    agent.stop()
    #expect(Client(port: agent.port).exchange(.info).ending == .refused)
  }

  @Test func `redirect names another host`() throws {
    let agent = try StandInAgent.started { $0.fault = .redirect }
    #expect(agent.seen(.info).response?.fields["Location"] == "http://elsewhere.invalid/info")
  }

  @Test func `gzip-body says how it is compressed`() throws {
    let agent = try StandInAgent.started { $0.fault = .gzipBody }
    #expect(agent.seen(.info).response?.fields["Content-Encoding"] == "gzip")
  }

  @Test func `deep-json nests 513 levels and closes none`() throws {
    let agent = try StandInAgent.started { $0.fault = .deepJSON }
    let body = agent.seen(.info).response?.body
    #expect(body == [UInt8](repeating: UInt8(ascii: "["), count: 513))
  }

  @Test func `ssh greets before it is asked`() throws {
    let agent = try StandInAgent.started { $0.fault = .ssh }
    let client = Client(port: agent.port)
    #expect(client.receive().summary == #"notHTTP after SSH-2.0-OpenSSH_9.6\r\n"#)
  }

  @Test func `slow answers rightly, 300 ms late`() throws {
    guard case .behavior(let behavior) = AgentFault.slow.effect else {
      Issue.record("slow is no Agent's behavior")
      return
    }
    #expect(behavior.delay == 300)
  }

  @Test func `tls answers a hello with an alert`() throws {
    let agent = try StandInAgent.started { $0.fault = .tls }
    let client = Client(port: agent.port)
    #expect(client.send([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]))
    #expect(client.readAll() == [0x15, 3, 1, 0, 2, 2, 70])
  }
}

@Suite struct `What an Agent says of itself` {
  @Test(arguments: [
    (AgentFault.filters, #""reject": [\#n\#t\#t\#t"env:prod"\#n"#),
    (.filters, #""ignore_resources": [\#n\#t\#t"dd-doctor.*""#),
    (.sampledOut, #""target_tps": 0,"#), (.noMetaStructs, #""span_meta_structs": false"#),
    (.dogStatsDOff, #""statsd_port": 0,"#), (.dogStatsDPort, #""statsd_port": 9125,"#),
    (.evpDisabled, #""/evp_proxy/v2/""#), (.otelCollector, #""config": null"#),
    (.lambdaExtension, #""/evp_proxy/v2/api/v2/llmobs""#),
  ])
  func `holds what the fault is about`(fault: AgentFault, fragment: String) throws {
    #expect(try StandInAgent.started { $0.fault = fault }.info.contains(fragment))
  }

  @Test(arguments: [
    (AgentFault.noTraces, "/traces\""), (.noEVPProxy, "evp_proxy/"), (.otelCollector, "evp_proxy"),
    (.lambdaExtension, "version"), (.lambdaExtension, "config"), (.testAgent, "git_commit"),
  ])
  func `lacks what the fault takes away`(fault: AgentFault, fragment: String) throws {
    let info = try StandInAgent.started { $0.fault = fault }.info
    #expect(!info.isEmpty && !info.contains(fragment))
  }

  @Test func `lists the filters that the options give`() throws {
    let agent = try StandInAgent.started {
      $0.fault = .filters
      $0.filters = AgentFilters(require: ["team"], reject: [], ignoredResources: ["a\"b"])
    }
    #expect(
      agent.info.contains("\"filter_tags\": {\n\t\t\"require\": [\n\t\t\t\"team\"\n\t\t]\n\t}"))
    #expect(agent.info.contains(#""a\"b""#))
  }
}

@Suite struct `The Agent's way to Datadog` {
  @Test(arguments: [
    (nil, "200 {\"valid\":true}", "202 "),
    (AgentFault.keyRefused, "403 {\"status\":\"error\",\"code\":403", "403 {\"status\":\"error\""),
    (.noEgress, "502 ", "502 "), (.noEVPProxy, "404 404 page not found", "404 404 page"),
    (.evpDisabled, "405 EVPProxy is disabled: Has been", "405 EVPProxy is disabled: Has been"),
    (.oldAgent, "404 404 page not found", "404 404 page"),
    (.lambdaExtension, "404 404 page not found", "202 "), (.otelCollector, "200 ", "200 "),
    (.testAgent, "200 {\"valid\":true}", "202 "),
  ])
  func `is what the fault makes it`(fault: AgentFault?, key: String, llmObs: String) throws {
    let agent = try StandInAgent.started { $0.fault = fault }
    let seenKey = agent.seen(.keyCheck).summary
    #expect(seenKey.hasPrefix(key), "\(seenKey)")
    let seenLLMObs = agent.seen(.llmObs).summary
    #expect(seenLLMObs.hasPrefix(llmObs), "\(seenLLMObs)")
  }

  @Test func `is silent where the Agent waits for Datadog`() throws {
    let agent = try StandInAgent.started { $0.fault = .egressTimeout }
    #expect(agent.seen(.keyCheck, within: 200).summary == "silence")
  }

  @Test func `is a 502 without a body where there is no way`() throws {
    let agent = try StandInAgent.started { $0.fault = .noEgress }
    #expect(agent.seen(.keyCheck).response?.body == [])
  }

  @Test(arguments: [
    (HTTPRequest.proxied("api/v1/validate", subdomain: nil), 502),
    (.proxied("api/v1/validate", subdomain: "a/b"), 502),
    (.proxied("api/v1/vali%20date", subdomain: "api"), 502),
    (.proxied("api/v1/validate?a=%41", subdomain: "api"), 502),
    (.proxied("api/v1/validate?a=b", subdomain: "api"), 200),
    (.proxied("api/v2/validate", subdomain: "api"), 200),
    (.proxied("api/v1/other", subdomain: "api"), 404),
    (.proxied("api/v1/validate", subdomain: "llmobs-intake"), 404),
    (.proxied("api/v1/validate", subdomain: "elsewhere"), 404),
    (.proxied("api/intake/llm-obs/v2/eval-metric", method: "POST", subdomain: "api"), 202),
  ])
  func `takes the paths and hosts that evp_proxy takes`(request: HTTPRequest, status: Int) throws {
    #expect(try StandInAgent.started().seen(request).response?.status == status)
  }
}
