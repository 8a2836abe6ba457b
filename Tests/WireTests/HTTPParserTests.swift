import Testing
import Wire

/// Feeds a whole answer, all at once or a byte at a time, and says what came of it.
private func parsed(
  _ bytes: [UInt8], toHEAD: Bool = false, limits: HTTPLimits = HTTPLimits(), piece: Int = .max,
  closes: Bool = false
) throws(HTTPSyntaxError) -> HTTPResponseParser {
  var parser = HTTPResponseParser(toHEAD: toHEAD, limits: limits)
  var rest = bytes[...]
  while !rest.isEmpty {
    try parser.feed(rest.prefix(piece))
    rest = rest.dropFirst(piece)
  }
  if closes { _ = parser.close() }
  return parser
}

private func parsed(
  _ text: String, toHEAD: Bool = false, limits: HTTPLimits = HTTPLimits(), piece: Int = .max,
  closes: Bool = false
) throws(HTTPSyntaxError) -> HTTPResponseParser {
  try parsed(
    Array(text.utf8), toHEAD: toHEAD, limits: limits, piece: piece, closes: closes)
}

private func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
  var limits = HTTPLimits()
  change(&limits)
  return limits
}

@Suite struct `An answer` {
  @Test(
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"),
      ("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "hello"),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
        "hello"
      ),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: trailer\r\n\r\n",
        "hello"
      ),
      ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""),
      ("HTTP/1.1 200\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n!", "!"),
      (
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 P\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!",
        "!"
      ),
    ], [Int.max, 1, 2, 7])
  func `is the same however it is cut up`(message: (String, String), piece: Int) throws {
    let parser = try parsed(message.0, piece: piece)
    #expect(parser.response?.status == 200)
    #expect(parser.response.map { String(decoding: $0.body, as: UTF8.self) } == message.1)
    #expect(parser.keepsAlive)
  }

  @Test func `without a length ends when the peer closes`() throws {
    let text = "HTTP/1.1 200 OK\r\n\r\nhello"
    #expect(try parsed(text).response == nil)
    let parser = try parsed(text, closes: true)
    #expect(parser.response?.body == Array("hello".utf8))
    #expect(!parser.keepsAlive)
  }

  @Test(arguments: [
    "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
  ])
  func `that breaks off is none, even when the peer closes`(text: String) throws {
    #expect(try parsed(text, closes: true).response == nil)
  }

  @Test(arguments: ["HTTP/1.1 204 No\r\n\r\n", "HTTP/1.1 304 Not\r\nContent-Length: 9\r\n\r\n"])
  func `of a status without a body has none`(text: String) throws {
    #expect(try parsed(text).response?.body == [])
  }

  @Test func `to HEAD has no body whatever its length`() throws {
    let text = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
    #expect(try parsed(text, toHEAD: true).response?.status == 200)
    #expect(try parsed(text).response == nil)
  }

  @Test(arguments: [
    "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore",
  ])
  func `doesn't keep the connection`(text: String) throws {
    let parser = try parsed(text)
    #expect(parser.response != nil && !parser.keepsAlive)
  }

  @Test func `joins a folded field`() throws {
    let text = "HTTP/1.1 200 OK\r\nX-A: one\r\n  two\r\n\tthree\r\nContent-Length: 0\r\n\r\n"
    #expect(try parsed(text, piece: 1).response?.fields["x-a"] == "one two three")
  }

  @Test func `keeps fields in order and trims their values`() throws {
    let text = "HTTP/1.1 200 OK\r\nB:  1 \r\nA:\r\nb: 2\t\r\nContent-Length: 0\r\n\r\n"
    let fields = try #require(try parsed(text).response?.fields)
    #expect(fields.fields.map(\.name) == ["B", "A", "b", "Content-Length"])
    #expect(fields.all("B") == ["1", "2"] && fields["a"] == "")
  }

  @Test func `shows what arrived of its body`() throws {
    let parser = try parsed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell")
    #expect(parser.partial?.body == Array("hell".utf8) && parser.response == nil)
  }
}

@Suite struct `What is no answer` {
  @Test(arguments: ["SSH-2.0-OpenSSH_9.6\r\n", "-ERR unknown", "\u{15}\u{3}\u{1}", "220 smtp", "x"])
  func `is told at its first byte`(text: String) {
    var parser = HTTPResponseParser()
    let first = Array(text.utf8.prefix(1))
    #expect(throws: HTTPSyntaxError.notHTTP(first)) { try parser.feed(first) }
  }

  @Test func `is told when it stops being HTTP`() throws {
    var parser = HTTPResponseParser()
    try parser.feed("HTT".utf8)
    #expect(parser.heard == Array("HTT".utf8))
    #expect(throws: HTTPSyntaxError.notHTTP(Array("HTTX".utf8))) { try parser.feed("X".utf8) }
  }

  @Test(
    arguments: [
      "HTTP/1.1 abc\r\n", "HTTP/1.1 99 Low\r\n", "HTTP/1.1 1000 High\r\n", "HTTP/1.1 +20 Plus\r\n",
      "HTTP/2 200\r\n", "HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n",
      "HTTP/1.1 200 OK\r\n: empty\r\n", "HTTP/1.1 200 OK\r\n folded: first\r\n",
      "HTTP/1.1 200 OK\r\nA: \0\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-0\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n123456789\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    ], [Int.max, 1])
  func `is malformed`(text: String, piece: Int) {
    do {
      _ = try parsed(text, piece: piece)
      Issue.record("taken")
    } catch {
      guard case .malformed = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}

@Suite struct `A limit` {
  @Test(arguments: [Int.max, 1])
  func `holds for the head, with line ends and without`(piece: Int) {
    let limits = limits { $0.head = 100 }
    let error = HTTPSyntaxError.tooLarge("head over 100 bytes")
    let long = "HTTP/1.1 200 OK\r\nA: \(String(repeating: "a", count: 100))"
    #expect(throws: error) { try parsed(long, limits: limits, piece: piece) }
    let many = "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 20)
    #expect(throws: error) { try parsed(many, limits: limits, piece: piece) }
  }

  @Test(arguments: [Int.max, 1])
  func `lets a head and a body of that size pass`(piece: Int) throws {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"
    let limits = limits {
      $0.head = head.utf8.count
      $0.body = 20
    }
    let text = head + String(repeating: "b", count: 20)
    #expect(try parsed(text, limits: limits, piece: piece).response?.body.count == 20)
  }

  @Test func `of the head doesn't count against chunk sizes`() throws {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    let limits = limits { $0.head = head.utf8.count }
    let text = head + "000001\r\n!\r\n0\r\n\r\n"
    #expect(try parsed(text, limits: limits, piece: 1).response?.body == Array("!".utf8))
  }

  @Test func `of the head holds for trailers and for a chunk size without an end`() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    let limits = limits { $0.head = head.utf8.count }
    for rest in [
      String(repeating: "0", count: 200), "0\r\n" + String(repeating: "A: b\r\n", count: 40),
    ] {
      #expect(throws: HTTPSyntaxError.tooLarge("head over \(limits.head) bytes")) {
        try parsed(head + rest, limits: limits)
      }
    }
  }

  @Test(arguments: [
    "Content-Length: 21\r\n\r\n", "\r\n", "Transfer-Encoding: chunked\r\n\r\n15\r\n",
  ])
  func `holds for the body however it is framed`(framing: String) {
    let text = "HTTP/1.1 200 OK\r\n\(framing)\(String(repeating: "b", count: 21))"
    #expect(throws: HTTPSyntaxError.tooLarge("body over 20 bytes")) {
      try parsed(text, limits: limits { $0.body = 20 })
    }
  }

  @Test func `holds for interim answers`() throws {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n"
    let last = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    #expect(try parsed(String(repeating: interim, count: 16) + last).response?.status == 200)
    #expect(throws: HTTPSyntaxError.tooLarge("over 16 interim answers")) {
      try parsed(String(repeating: interim, count: 17))
    }
  }

  @Test func `refuses a request by its Content-Length alone`() {
    var parser = HTTPRequestParser(limits: limits { $0.body = 20 })
    #expect(throws: HTTPSyntaxError.tooLarge("body over 20 bytes")) {
      try parser.feed("PUT /a HTTP/1.1\r\nContent-Length: 21\r\n\r\n".utf8)
    }
    #expect(parser.partial?.target == "/a")
  }
}

@Suite struct `A request` {
  @Test(arguments: [Int.max, 1, 3])
  func `is read back as it was written, one after the other`(piece: Int) throws {
    let first = HTTPRequest(
      "PUT", "/v0.4/traces?a=b", host: "h:1", fields: [("X-A", "b")], body: [0, 1, 255])
    let second = HTTPRequest("GET", "/info", host: "h")
    var parser = HTTPRequestParser()
    var taken: [HTTPRequest] = []
    var rest = (first.bytes + second.bytes)[...]
    while !rest.isEmpty {
      try parser.feed(rest.prefix(piece))
      rest = rest.dropFirst(piece)
      while let request = try parser.take() { taken.append(request) }
    }
    #expect(taken.map(\.method) == ["PUT", "GET"] && taken.map(\.host) == ["h:1", "h"])
    #expect(taken.map(\.target) == ["/v0.4/traces?a=b", "/info"])
    #expect(taken.first?.body == [0, 1, 255] && taken.first?.fields["x-a"] == "b")
    #expect(parser.keepsAlive)
  }

  @Test func `that expects to continue says so until its body is there`() throws {
    var parser = HTTPRequestParser()
    try parser.feed("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n".utf8)
    #expect(!parser.expectsContinue)
    try parser.feed("\r\n".utf8)
    #expect(parser.expectsContinue)
    try parser.feed("!".utf8)
    #expect(!parser.expectsContinue)
  }

  @Test(arguments: [
    "\u{16}", "\u{0}", "(", "GET\r\n", "GET /\r\n", "GET  HTTP/1.1\r\n", " / HTTP/1.1\r\n",
    "PRI * HTTP/2.0\r\n", "GET / HTTP/3\r\n",
  ])
  func `is none without a method, a target and a version`(text: String) {
    var parser = HTTPRequestParser()
    #expect(throws: HTTPSyntaxError.self) { try parser.feed(text.utf8) }
  }

  @Test func `may follow an empty line`() throws {
    var parser = HTTPRequestParser()
    try parser.feed("\r\nGET / HTTP/1.0\r\n\r\n".utf8)
    #expect(try parser.take()?.target == "/")
    #expect(!parser.keepsAlive)
  }
}

@Suite struct `A written answer` {
  @Test func `is read back as it was written`() throws {
    let response = HTTPResponse(
      202, reason: "Accepted", fields: HTTPFields([("X-A", "b")]), body: [1, 2, 3])
    let parser = try parsed(response.bytes())
    #expect(parser.response?.status == 202 && parser.response?.body == [1, 2, 3])
    #expect(parser.response?.fields["x-a"] == "b" && parser.keepsAlive)
    #expect(try parsed(response.bytes(isClosing: true)).keepsAlive == false)
  }

  @Test func `to HEAD or without a body has only a head`() throws {
    let bytes = HTTPResponse(200, body: [1]).bytes(toHEAD: true)
    #expect(
      String(decoding: bytes, as: UTF8.self) == "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n")
    let none = HTTPResponse(204, reason: "No Content", body: [1]).bytes()
    #expect(String(decoding: none, as: UTF8.self) == "HTTP/1.1 204 No Content\r\n\r\n")
  }
}
