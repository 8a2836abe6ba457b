import StandIn
import Synchronization
import Testing
import Wire

@Suite struct `A healthy Agent` {
  @Test func `tells its own addresses at info`() throws {
    let path = "/tmp/dd-doctor-test-\(UInt64.random(in: .min ... .max)).socket"
    let agent = try StandInAgent.started {
      $0.socket = path
      $0.version = "7.50.1"
      $0.defaultEnvironment = "staging"
    }
    let info = agent.info
    #expect(info.contains("\"receiver_port\": \(agent.port),"))
    #expect(info.contains("\"receiver_socket\": \"\(path)\","))
    #expect(info.contains("\"statsd_port\": \(agent.dogStatsDPort ?? 0),"))
    #expect(info.contains("\"version\": \"7.50.1\""))
    #expect(info.contains("\"default_env\": \"staging\""))
    #expect(info.contains("\"/v0.4/traces\"") && info.contains("\"/evp_proxy/v2/\""))
  }

  @Test func `names itself in every answer but info's`() throws {
    let agent = try StandInAgent.started()
    let info = agent.seen(.info).response
    let span = agent.seen(.span).response
    #expect(info?.status == 200 && info?.fields["Datadog-Agent-Version"] == nil)
    #expect(span?.fields["Datadog-Agent-Version"] == "7.78.0")
    #expect(span?.fields["Datadog-Agent-State"]?.count == 64)
    let unknown = agent.seen(.get("/nowhere")).response
    #expect(unknown?.status == 404 && unknown?.fields["Datadog-Agent-Version"] == "7.78.0")
  }

  @Test(arguments: [
    ("/", 404), ("/nowhere", 404), ("/v0.9/traces", 404), ("/v0.6/stats", 200),
    ("/telemetry/proxy/api/v2/apmtelemetry", 202), ("/v0.7/config", 200), ("/tracer_flare/v1", 200),
    ("/profiling/v1/input", 200), ("/debugger/v1/input", 200), ("/symdb/v1/input", 200),
    ("/dogstatsd/v2/proxy", 200), ("/v0.4/services", 200),
  ])
  func `serves the paths of a recent Agent`(path: String, status: Int) throws {
    let request = HTTPRequest("POST", path, host: "localhost", body: [0x80])
    #expect(try StandInAgent.started().seen(request).response?.status == status)
  }

  @Test(arguments: ["/v0.3/traces", "/v0.4/traces"], ["PUT", "POST"])
  func `takes a span and logs what it may keep`(path: String, method: String) throws {
    let agent = try StandInAgent.started()
    var request = HTTPRequest.span
    request.method = method
    request.target = path
    let body = path == "/v0.3/traces" ? #"200 OK\n"# : #"200 {"rate_by_service":{"#
    #expect(agent.seen(request).summary.hasPrefix(body))
    let received = try #require(agent.requests.first)
    let span = try #require(received.spans.first)
    #expect(received.status == 200 && received.spanCount == 1 && received.traceCount == 1)
    #expect(span.name == "openai.request" && span.service == "dd-doctor" && span.type == "openai")
    #expect(span.resource == "dd-doctor preflight" && span.runID == "run-1")
    #expect(span.environment == "test" && span.samplingPriority == 2)
    #expect(span.event == nil)
  }

  @Test func `reads spans of version 0_5 by their table`() throws {
    var writer = MessagePackWriter()
    writer.array(2)
    let table = [
      "", "shop", "openai.request", "createChatCompletion", "openai", "env", "prod", "_p",
    ]
    writer.array(table.count)
    table.forEach { writer.string($0) }
    writer.array(1)
    writer.array(1)
    writer.array(12)
    for value in [1, 2, 3, 11, 12, 0, 1_000, 5, 0] { writer.unsigned(UInt64(value)) }
    writer.map(1)
    writer.unsigned(5)
    writer.unsigned(6)
    writer.map(1)
    writer.unsigned(7)
    writer.double(1)
    writer.unsigned(4)
    let agent = try StandInAgent.started()
    let request = HTTPRequest("POST", "/v0.5/traces", host: "localhost", body: writer.bytes)
    #expect(agent.seen(request).response?.status == 200)
    let span = try #require(agent.requests.first?.spans.first)
    #expect(span.service == "shop" && span.name == "openai.request" && span.type == "openai")
    #expect(span.resource == "createChatCompletion" && span.environment == "prod")
    #expect(span.samplingPriority == nil)
  }

  @Test(arguments: [
    ("/v0.4/traces", "application/msgpack", [UInt8](), 400),
    ("/v0.4/traces", "application/msgpack", [0x91], 400),
    ("/v0.4/traces", "application/msgpack", [0x80], 400),
    ("/v0.4/traces", "application/msgpack", [0x91, 0x91, 0x01], 400),
    ("/v0.4/traces", "application/msgpack", [0xC1], 400),
    ("/v0.4/traces", "application/msgpack", [0x90], 200),
    ("/v0.4/traces", "application/json", Array("[]".utf8), 200),
    ("/v0.4/traces", "application/json", Array("nonsense".utf8), 400),
    ("/v0.4/traces", "", Array("[]\n".utf8), 200),
    ("/v0.5/traces", "application/msgpack", [0x92, 0x90, 0x90], 200),
    ("/v0.5/traces", "application/msgpack", [0x90], 400),
    ("/v0.5/traces", "application/msgpack", [0x92, 0x90, 0x91, 0x91, 0x90], 400),
    ("/v0.7/traces", "application/msgpack", [0x80], 200),
    ("/v0.7/traces", "application/msgpack", [0x90], 400),
  ])
  func `answers 400 to what is no trace payload`(
    path: String, type: String, body: [UInt8], status: Int
  ) throws {
    let fields = type.isEmpty ? [] : [("Content-Type", type)]
    let request = HTTPRequest("POST", path, host: "localhost", fields: fields, body: body)
    #expect(try StandInAgent.started().seen(request).response?.status == status)
  }

  @Test func `leaves out the rates that a client has`() throws {
    let agent = try StandInAgent.started()
    var request = HTTPRequest.span
    request.fields.add("Datadog-Rates-Payload-Version", "none")
    let version = agent.seen(request).response?.fields["Datadog-Rates-Payload-Version"]
    request.fields.fields.removeLast()
    request.fields.add("Datadog-Rates-Payload-Version", try #require(version))
    #expect(agent.seen(request).summary == "200 {}")
  }

  @Test func `keeps no key, prompt or URL password in its log`() throws {
    let key = "0123456789abcdef0123456789abcdef"
    let lines = Mutex<[String]>([])
    let agent = try StandInAgent.started {
      $0.onRequest = { received in lines.withLock { $0.append(received.summary) } }
    }
    var request = HTTPRequest.llmObs
    request.body = Array("[{\"prompt\":\"tell me a secret\"}]".utf8)
    request.fields.add("DD-API-KEY", key)
    request.fields.add("User-Agent", "x \(key)")
    request.target += "?api_key=\(key)&next=http://me:hunter2@host/"
    _ = agent.seen(request)
    let log = "\(agent.requests) \(lines.withLock { $0 })"
    #expect(agent.requests.first?.fieldNames.contains("DD-API-KEY") == true)
    for secret in [key, "hunter2", "tell me"] { #expect(!log.contains(secret)) }
  }

  @Test func `shows each whole request to an inspector`() throws {
    let bodies = Mutex<[[UInt8]]>([])
    let agent = try StandInAgent.started {
      $0.inspect = { request in bodies.withLock { $0.append(request.body) } }
    }
    _ = agent.seen(.span)
    #expect(bodies.withLock { $0 } == [HTTPRequest.span.body])
  }

  @Test func `counts what comes over DogStatsD`() throws {
    let agent = try StandInAgent.started()
    let port = try #require(agent.dogStatsDPort)
    #expect(Client.sendDatagram(Array("a.b:1|c\nc.d:2|g|#k:v".utf8), to: port))
    #expect(Client.sendDatagram(Array("a.b:1|c".utf8), to: port))
    // A datagram that was sent before a request is counted before its answer.
    _ = agent.seen(.info)
    let metrics = agent.metrics
    #expect(metrics.datagrams == 2 && metrics.bytes == 27 && metrics.names == ["a.b", "c.d"])
  }

  @Test(arguments: [AgentFault.dogStatsDOff, .refused])
  func `has no DogStatsD where the fault takes it`(fault: AgentFault) throws {
    #expect(try StandInAgent.started { $0.fault = fault }.dogStatsDPort == nil)
  }
}

@Suite struct `A stand-in for a site` {
  private let key = "0123456789abcdef0123456789abcdef"

  @Test(
    arguments: [
      (nil, "0123456789abcdef0123456789abcdef", nil, 200), (nil, nil, nil, 403),
      (["other"], "0123456789abcdef0123456789abcdef", nil, 403),
      (["other"], "other", nil, 200), (nil, "other", AgentFault.keyRefused, 403),
    ] as [([String]?, String?, AgentFault?, Int)])
  func `knows the keys that it is told`(
    keys: [String]?, key: String?, fault: AgentFault?, status: Int
  ) throws {
    let site = try StandInAgent.started {
      $0.role = .site(keys: keys)
      $0.fault = fault
    }
    let fields = key.map { [("DD-API-KEY", $0)] } ?? []
    #expect(site.seen(.get("/api/v1/validate", fields)).response?.status == status)
    #expect(site.seen(.get("/api/v2/validate", fields)).response?.status == status)
    let span = HTTPRequest(
      "POST", "/api/intake/llm-obs/v1/trace/spans", host: "localhost", fields: fields, body: [91])
    #expect(site.seen(span).response?.status == (status == 200 ? 202 : status))
  }

  @Test func `names its organisation, and is no Agent`() throws {
    let site = try StandInAgent.started {
      $0.role = .site(keys: nil)
      $0.identity.organization = "org-1"
    }
    let body = site.seen(.get("/api/v2/validate", [("DD-API-KEY", key)])).response?.body ?? []
    #expect(String(decoding: body, as: UTF8.self).contains(#""id":"org-1""#))
    #expect(site.seen(.info).response?.status == 404)
    #expect(site.dogStatsDPort == nil)
  }
}
