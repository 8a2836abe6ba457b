import Foundation
import StandIn
import Synchronization
import Testing
import Wire

private func temporaryPath() -> String {
  "/tmp/dd-doctor-test-\(UInt64.random(in: .min ... .max)).socket"
}

@Suite struct `A connection` {
  @Test func `serves one request after the other`() throws {
    let agent = try StandInAgent.started()
    let client = Client(port: agent.port)
    for _ in 0..<3 {
      #expect(client.exchange(.info).response?.status == 200)
      #expect(client.exchange(.span).response?.status == 200)
    }
    #expect(agent.requestCount == 6)
  }

  @Test func `answers pipelined requests in order`() throws {
    let agent = try StandInAgent.started()
    let client = Client(port: agent.port)
    #expect(
      client.send(
        HTTPRequest.info.bytes + HTTPRequest.get("/nowhere").bytes + HTTPRequest.span.bytes))
    #expect((0..<3).map { _ in client.receive().response?.status } == [200, 404, 200])
  }

  @Test func `takes a request in single bytes`() throws {
    let agent = try StandInAgent.started()
    let client = Client(port: agent.port)
    for byte in HTTPRequest.span.bytes { #expect(client.send([byte])) }
    #expect(client.receive().response?.status == 200)
  }

  @Test func `takes a chunked body`() throws {
    let agent = try StandInAgent.started()
    let client = Client(port: agent.port)
    let head = """
      POST /v0.4/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/msgpack\r
      Transfer-Encoding: chunked\r\n\r\n1\r\n
      """
    #expect(client.send(Array(head.utf8) + [0x90] + Array("\r\n0\r\n\r\n".utf8)))
    #expect(client.receive().response?.status == 200)
  }

  @Test func `is told to continue before a body`() throws {
    let agent = try StandInAgent.started()
    let client = Client(port: agent.port)
    let head = """
      PUT /v0.4/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/msgpack\r
      Content-Length: 1\r\nExpect: 100-continue\r\n\r\n
      """
    #expect(client.send(Array(head.utf8)))
    let go = client.readSome(until: Client.now + 20_000) ?? []
    #expect(String(decoding: go, as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
    #expect(client.send([0x90]))
    #expect(client.receive().response?.status == 200)
  }

  @Test(arguments: [
    "GET /info HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "GET /info HTTP/1.0\r\nHost: a\r\n\r\n",
  ])
  func `is closed behind the answer where the client asks for it`(request: String) throws {
    let agent = try StandInAgent.started()
    let client = Client(port: agent.port)
    #expect(client.send(Array(request.utf8)))
    let response = client.receive().response
    #expect(response?.status == 200 && response?.fields["Connection"] == "close")
    #expect(client.receive().summary == "closed")
  }

  @Test func `gets its answer after the client has ended its side`() throws {
    let agent = try StandInAgent.started { $0.fault = .slow }
    let client = Client(port: agent.port)
    #expect(client.send(HTTPRequest.info.bytes))
    client.finishSending()
    #expect(client.receive().response?.status == 200)
    #expect(client.receive().summary == "closed")
  }

  @Test func `answers HEAD without a body`() throws {
    let agent = try StandInAgent.started()
    let client = Client(port: agent.port)
    let head = HTTPRequest("HEAD", "/info", host: "a")
    #expect(client.exchange(head).response?.body == [])
    #expect(client.exchange(.info).response?.status == 200)
  }

  @Test(arguments: [
    ("\u{16}\u{3}\u{1}", 400), ("nonsense\r\n\r\n", 400), ("GET /info\r\n\r\n", 400),
    ("GET /info HTTP/1.1\r\nno colon\r\n\r\n", 400),
    ("PUT / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ("GET /" + String(repeating: "a", count: 70_000), 431),
    ("PUT /v0.4/traces HTTP/1.1\r\nContent-Length: 1001\r\n\r\n", 413),
    (
      "PUT /v0.4/traces HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "3e9\r\n" + String(repeating: "a", count: 1001), 413
    ),
  ])
  func `is refused and closed when it sends no request`(text: String, status: Int) throws {
    let agent = try StandInAgent.started { $0.maxRequestBytes = 1_000 }
    let client = Client(port: agent.port)
    #expect(client.send(Array(text.utf8)))
    let response = client.receive().response
    #expect(response?.status == status && response?.fields["Connection"] == "close")
    #expect(client.receive().summary == "closed")
    #expect(agent.requests.map(\.status) == [status])
  }

  @Test func `reads the refusal though it goes on sending`() throws {
    let agent = try StandInAgent.started { $0.maxRequestBytes = 1_000 }
    var request = HTTPRequest.span
    request.body = [UInt8](repeating: 0x90, count: 3_000_000)
    #expect(agent.seen(request).summary == #"413 payload-too-large\n"#)
  }

  @Test func `takes a body of the greatest size`() throws {
    let agent = try StandInAgent.started { $0.maxRequestBytes = 200_000 }
    let request = HTTPRequest(
      "POST", "/v0.6/stats", host: "a", body: [UInt8](repeating: 1, count: 200_000))
    #expect(agent.seen(request).response?.status == 200)
    #expect(agent.requests.first?.bodySize == 200_000)
  }

  @Test func `waits for a place where all are taken`() throws {
    let agent = try StandInAgent.started { $0.connectionLimit = 2 }
    var clients = [Client(port: agent.port), Client(port: agent.port)]
    for client in clients { #expect(client.exchange(.info).response?.status == 200) }
    let third = Client(port: agent.port)
    #expect(third.send(HTTPRequest.info.bytes))
    #expect(third.receive(within: 100).summary == "silence")
    clients.removeLast()
    #expect(third.receive().response?.status == 200)
  }

  @Test func `doesn't keep another waiting`() throws {
    let agent = try StandInAgent.started { $0.fault = .egressTimeout }
    let waiting = Client(port: agent.port)
    #expect(waiting.send(HTTPRequest.keyCheck.bytes))
    #expect(agent.seen(.info).response?.status == 200)
    #expect(waiting.receive(within: 0).summary == "silence")
  }

  @Test func `leaves a log of bounded length`() throws {
    let agent = try StandInAgent.started { $0.logLimit = 3 }
    let client = Client(port: agent.port)
    for number in 0..<5 { _ = client.exchange(.get("/\(number)")) }
    #expect(agent.requests.map(\.target) == ["/2", "/3", "/4"])
    #expect(agent.requestCount == 5)
  }
}

@Suite struct `A Unix socket` {
  @Test func `serves the same Agent`() throws {
    let path = temporaryPath()
    let agent = try StandInAgent.started {
      $0.socket = path
      $0.tcp = false
    }
    #expect(agent.url == "unix://\(path)" && agent.port == 0)
    let client = Client(path: path)
    #expect(client.exchange(.info).response?.status == 200)
    #expect(client.exchange(.span).response?.status == 200)
    #expect(agent.requests.map(\.transport) == [.unix, .unix])
  }

  @Test func `is gone when the stand-in stops, and can be bound again`() throws {
    let path = temporaryPath()
    for _ in 0..<2 {
      let agent = try StandInAgent.started { $0.socket = path }
      #expect(Client(path: path).exchange(.info).response?.status == 200)
      agent.stop()
      #expect(Client(path: path).exchange(.info).summary == "refused")
    }
  }

  @Test func `refuses where the fault says so`() throws {
    let path = temporaryPath()
    let agent = try StandInAgent.started {
      $0.socket = path
      $0.fault = .refused
    }
    #expect(Client(path: path).exchange(.info).summary == "refused")
    agent.stop()
  }

  @Test func `that another stand-in serves is in use`() throws {
    let path = temporaryPath()
    let agent = try StandInAgent.started { $0.socket = path }
    #expect(throws: StandInError.inUse(path)) { try StandInAgent.started { $0.socket = path } }
    #expect(Client(path: path).exchange(.info).response?.status == 200)
    agent.stop()
  }

  @Test(arguments: ["", String(repeating: "a", count: 108)])
  func `has a path that fits`(path: String) {
    #expect(throws: StandInError.path(path)) { try StandInAgent.started { $0.socket = path } }
  }
}

@Suite struct `A stand-in` {
  @Test func `stops twice without harm`() throws {
    let agent = try StandInAgent.started()
    agent.stop()
    agent.stop()
    #expect(agent.seen(.info).ending == .refused)
  }

  @Test func `stops when it is let go`() throws {
    var agent: StandInAgent? = try StandInAgent.started()
    let port = try #require(agent?.port)
    agent = nil
    #expect(Client(port: port).exchange(.info).ending == .refused)
  }

  @Test func `may be stopped by its own callback`() throws {
    let box = Mutex<StandInAgent?>(nil)
    let agent = try StandInAgent.started {
      $0.onRequest = { _ in box.withLock { $0 }?.stop() }
    }
    box.withLock { $0 = agent }
    let client = Client(port: agent.port)
    _ = client.send(HTTPRequest.info.bytes)
    #expect([.complete, .closed, .reset].contains(client.receive().ending))
    #expect([.closed, .reset].contains(client.receive().ending))
    box.withLock { $0 = nil }
  }

  @Test func `ends its connections when it stops`() throws {
    let agent = try StandInAgent.started()
    let client = Client(port: agent.port)
    #expect(client.exchange(.info).response?.status == 200)
    agent.stop()
    #expect(client.receive().summary == "closed")
  }

  @Test func `can't have a port that is taken`() throws {
    let agent = try StandInAgent.started()
    #expect(throws: StandInError.inUse("127.0.0.1:\(agent.port)")) {
      try StandInAgent.started { $0.port = agent.port }
    }
  }

  @Test func `needs an address and something to listen on`() {
    #expect(throws: StandInError.address("example.com")) {
      try StandInAgent.started { $0.host = "example.com" }
    }
    #expect(throws: StandInError.nothingToListenOn) { try StandInAgent.started { $0.tcp = false } }
  }

  @Test(arguments: [("127.0.0.1", "http://127.0.0.1:"), ("localhost", "http://localhost:")])
  func `has a URL for tracers`(host: String, prefix: String) throws {
    let agent = try StandInAgent.started { $0.host = host }
    #expect(agent.url == "\(prefix)\(agent.port)")
    #expect(agent.seen(.info).response?.status == 200)
  }

  /// The kernel lists a Unix socket for as long as a descriptor holds it.
  @Test func `leaves no descriptor behind`() throws {
    var paths: [String] = []
    for _ in 0..<20 {
      let path = temporaryPath()
      let agent = try StandInAgent.started { $0.socket = path }
      #expect(agent.seen(.info).response?.status == 200)
      agent.stop()
      paths.append(path)
    }
    let table = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/net/unix")).readToEnd()
    let held = String(decoding: table ?? Data(), as: UTF8.self)
    #expect(!paths.contains { held.contains($0) })
  }
}
