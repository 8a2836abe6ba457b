import Wire

/// How a fault comes about: on the connection, in every answer, or in how the Agent behaves.
enum Effect: Sendable {
  case refuse
  /// When a connection opens, and after each request on it.
  case connection(opened: [Step], request: [Step])
  /// The same kind of answer to everything.
  case answer(@Sendable (_ method: String, _ target: String) -> HTTPResponse)
  case behavior(AgentBehavior)
}

extension AgentFault {
  var effect: Effect {
    switch self {
    case .refused: .refuse
    case .silent: .connection(opened: [], request: [.hold])
    case .drip:
      .connection(
        opened: [],
        request: "HTTP/1.1 200 OK\r\n".utf8.flatMap { [.send([$0]), .pause(milliseconds: 200)] }
          + [.drip(Array("X-Drip: 1\r\n".utf8), milliseconds: 200)])
    case .reset: .connection(opened: [], request: [.reset])
    case .resetOnAccept: .connection(opened: [.reset], request: [])
    case .resetInBody:
      .connection(
        opened: [],
        request: [
          .send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"endpoints\":["),
          .pause(milliseconds: 10), .reset,
        ])
    case .closed: .connection(opened: [], request: [.close])
    case .halfHead:
      .connection(opened: [], request: [.send("HTTP/1.1 200 OK\r\nContent-Ty"), .close])
    case .garbage:
      .connection(opened: [], request: [.send((0..<64).map { $0 &* 37 ^ 0xA5 }), .close])
    case .ssh:
      .connection(
        opened: [.send("SSH-2.0-OpenSSH_9.6\r\n")],
        request: [.send("Invalid SSH identification string.\r\n"), .close])
    case .redis:
      .connection(opened: [], request: [.send("-ERR unknown command 'GET'\r\n"), .close])
    case .tls:
      // A fatal alert, protocol_version (RFC 8446, 6.2).
      .connection(opened: [], request: [.send([0x15, 3, 1, 0, 2, 2, 70]), .close])
    case .http2Preface:
      // An empty SETTINGS frame and a GOAWAY with PROTOCOL_ERROR (RFC 9113, 6.5 and 6.8).
      .connection(
        opened: [],
        request: [
          .send([0, 0, 0, 4, 0, 0, 0, 0, 0]),
          .send([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), .close,
        ])
    case .flood:
      .connection(
        opened: [],
        request: [
          .send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"),
          .flood([UInt8](repeating: UInt8(ascii: " "), count: 16384)),
        ])
    case .endlessHeaders:
      .connection(
        opened: [],
        request: [
          .send("HTTP/1.1 200 OK\r\n"), .flood(Array("X-Flood: aaaaaaaaaaaaaaaa\r\n".utf8)),
        ])
    case .endless100:
      .connection(opened: [], request: [.flood(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))])
    case .badChunk:
      .connection(
        opened: [],
        request: [
          .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"), .hold,
        ])
    case .twoLengths:
      .connection(
        opened: [],
        request: [
          .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}   "), .hold,
        ])
    case .gzipBody:
      .answer { _, _ in
        HTTPResponse(
          200,
          fields: HTTPFields([("Content-Type", "application/json"), ("Content-Encoding", "gzip")]),
          body: compressedInfo)
      }
    case .webPage:
      .answer { method, _ in
        method == "GET" || method == "HEAD"
          ? .html(200, title: "Welcome") : .html(501, title: "Unsupported method ('\(method)')")
      }
    case .notFound: .answer { _, _ in .html(404, title: "404 Not Found") }
    case .redirect:
      .answer { _, target in
        HTTPResponse(302, fields: HTTPFields([("Location", "http://elsewhere.invalid\(target)")]))
      }
    case .unauthorized: .answer { _, _ in .html(401, title: "401 Authorization Required") }
    case .forbidden: .answer { _, _ in .html(403, title: "403 Forbidden") }
    case .status500: .answer { _, _ in .html(500, title: "500 Internal Server Error") }
    case .status502: .answer { _, _ in .html(502, title: "502 Bad Gateway") }
    case .status503: .answer { _, _ in .html(503, title: "503 Service Temporarily Unavailable") }
    case .emptyJSON: .answer { _, _ in .json(200, "{}") }
    case .nullJSON: .answer { _, _ in .json(200, "null") }
    case .jsonArray: .answer { _, _ in .json(200, "[]") }
    case .deepJSON: .answer { _, _ in .json(200, String(repeating: "[", count: 513)) }
    case .mistypedInfo: .behavior(AgentBehavior { $0.hasMistypedInfo = true })
    case .oldAgent: .behavior(AgentBehavior { $0.receiver = .oldAgent })
    case .lambdaExtension: .behavior(AgentBehavior { $0.receiver = .lambdaExtension })
    case .otelCollector: .behavior(AgentBehavior { $0.receiver = .otelCollector })
    case .testAgent: .behavior(AgentBehavior { $0.receiver = .testAgent })
    case .slow: .behavior(AgentBehavior { $0.delay = 300 })
    case .noTraces: .behavior(AgentBehavior { $0.traces = .missing })
    case .spanRejected400: .behavior(AgentBehavior { $0.traces = .answered(.malformed) })
    case .spanRejected413: .behavior(AgentBehavior { $0.traces = .answered(.tooLarge) })
    case .spanRejected415: .behavior(AgentBehavior { $0.traces = .answered(.mediaType) })
    case .spanRejected429: .behavior(AgentBehavior { $0.traces = .answered(.noCPU) })
    case .spanRejected500: .behavior(AgentBehavior { $0.traces = .answered(.failing) })
    case .spanEmptyAnswer: .behavior(AgentBehavior { $0.traces = .answered(.empty) })
    case .spanHTML: .behavior(AgentBehavior { $0.traces = .answered(.page) })
    case .spanTimeout: .behavior(AgentBehavior { $0.traces = .silent })
    case .filters: .behavior(AgentBehavior { $0.hasFilters = true })
    case .sampledOut: .behavior(AgentBehavior { $0.targetTPS = 0 })
    case .noMetaStructs: .behavior(AgentBehavior { $0.spanMetaStructs = false })
    case .keyRefused: .behavior(AgentBehavior { $0.proxy = .keyRefused })
    case .noEgress: .behavior(AgentBehavior { $0.proxy = .noEgress })
    case .egressTimeout: .behavior(AgentBehavior { $0.proxy = .silent })
    case .noEVPProxy: .behavior(AgentBehavior { $0.proxy = .missing })
    case .evpDisabled: .behavior(AgentBehavior { $0.proxy = .disabled })
    case .dogStatsDOff: .behavior(AgentBehavior { $0.dogStatsD = .off })
    case .dogStatsDPort: .behavior(AgentBehavior { $0.dogStatsD = .saysPort(9125) })
    }
  }
}

/// `{"endpoints":["/v0.4/traces"]}` in gzip.
private let compressedInfo: [UInt8] = [
  31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 205, 75, 41, 200, 207, 204, 43, 41, 86, 178, 138,
  86, 210, 47, 51, 208, 51, 209, 47, 41, 74, 76, 78, 45, 86, 138, 173, 5, 0, 53, 53, 54, 15, 30, 0,
  0, 0,
]
