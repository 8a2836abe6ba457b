import Configuration
import Diagnosis
import Foundation
import Testing

@testable import Probes

/// What a plain port can do to a request, and the class that it has by either route.
struct PlainFault: Sendable, CustomTestStringConvertible {
  enum Place: Sendable {
    case port, closedPort, fullBacklog
    case unix, noSocket, socketIsAFile, staleSocket, datagramSocket, longPath
  }

  let name: String
  let place: Place
  let script: [FaultServer.Step]
  /// Nil where an answer is expected.
  let expected: FailureClass?
  let status: Int?

  init(
    _ name: String, _ expected: FailureClass?, status: Int? = nil, at place: Place = .port,
    _ script: [FaultServer.Step] = []
  ) {
    self.name = name
    self.place = place
    self.script = script
    self.expected = expected
    self.status = status
  }

  var testDescription: String { name }

  /// How long to wait: a moment where silence is the point, and long where it is not.
  var patience: Duration { expected == .timeout ? .milliseconds(300) : .seconds(20) }

  /// Runs a body while the fault stands at an endpoint.
  func staged<Result>(
    _ body: (Endpoint, FaultServer?) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dd-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "s").path
    var held: [Int32] = []
    defer { for descriptor in held { close(descriptor) } }
    var server: FaultServer?
    let endpoint: Endpoint
    switch place {
    case .port:
      let started = try FaultServer(script)
      server = started
      endpoint = .tcp(host: "127.0.0.1", port: started.port)
    case .closedPort:
      held.append(try FaultServer.boundToLoopback())
      endpoint = .tcp(host: "127.0.0.1", port: try FaultServer.port(of: held[0]))
    case .fullBacklog:
      held = try FaultServer.fullListener()
      endpoint = .tcp(host: "127.0.0.1", port: try FaultServer.port(of: held[0]))
    case .unix:
      server = try FaultServer(script, at: path)
      endpoint = .unix(path: path)
    case .noSocket:
      endpoint = .unix(path: path)
    case .socketIsAFile:
      try Data().write(to: folder.appending(path: "s"))
      endpoint = .unix(path: path)
    case .staleSocket:
      close(try FaultServer.unixListener(at: path))
      endpoint = .unix(path: path)
    case .datagramSocket:
      held.append(try FaultServer.unixListener(at: path, takesDatagrams: true))
      endpoint = .unix(path: path)
    case .longPath:
      endpoint = .unix(path: "/tmp/" + String(repeating: "x", count: 110))
    }
    let result = try await body(endpoint, server)
    withExtendedLifetime(server) {}
    return result
  }
}

extension PlainFault {
  static let plainFaults: [PlainFault] =
    connecting + closing + silent + foreign + malformed
    + endless + fine

  private static let ok = "HTTP/1.1 200 OK\r\n"
  private static let chunked = ok + "Transfer-Encoding: chunked\r\n\r\n"

  private static let connecting = [
    PlainFault("closed port", .refused, at: .closedPort),
    PlainFault("full backlog", .timeout, at: .fullBacklog),
    PlainFault("no Unix socket", .noSocket, at: .noSocket),
    PlainFault("a file where the socket should be", .refused, at: .socketIsAFile),
    PlainFault("stale Unix socket", .refused, at: .staleSocket),
    PlainFault("datagram Unix socket", .noSocket, at: .datagramSocket),
    PlainFault("Unix path too long", .malformed, at: .longPath),
  ]

  private static let closing = [
    PlainFault("reset after the request", .reset, [.hear(), .reset]),
    PlainFault("reset in the head", .reset, [.hear(), .say(ok), .reset]),
    PlainFault("closed before any byte", .closed, [.hear()]),
    PlainFault("closed before any byte on a Unix socket", .closed, at: .unix, [.hear()]),
    PlainFault("closed in the head", .protocol, [.hear(), .say(ok + "Content-Le")]),
    PlainFault("closed in the status line", .closed, [.hear(), .say("HTTP/1.1 2")]),
    PlainFault(
      "closed in the body", .closed, status: 200,
      [.hear(), .say(ok + "Content-Length: 10\r\n\r\nabc")]),
    PlainFault("closed in a chunk", .closed, status: 200, [.hear(), .say(chunked + "a\r\nabc")]),
    PlainFault(
      "closed between chunks", .closed, status: 200, [.hear(), .say(chunked + "1\r\na\r\n")]),
  ]

  private static let silent = [
    PlainFault("silence", .timeout, [.hear(), .hold]),
    PlainFault("silence on a Unix socket", .timeout, at: .unix, [.hear(), .hold]),
    PlainFault(
      "100 Continue and no more", .timeout, status: 100,
      [.hear(), .say("HTTP/1.1 100 Continue\r\n\r\n"), .hold]),
    PlainFault("silence in the head", .timeout, status: 200, [.hear(), .say(ok), .hold]),
    PlainFault(
      "silence in the body", .timeout, status: 200,
      [.hear(), .say(ok + "Content-Length: 10\r\n\r\nabc"), .hold]),
    PlainFault("drip", .timeout, [.hear(), .drip(ok + "Content-Length: 2\r\n\r\nok")]),
  ]

  private static let foreign = [
    PlainFault("SSH", .protocol, [.say("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"), .hold]),
    PlainFault("Redis", .protocol, [.hear(), .say("-ERR unknown command 'GET'\r\n"), .hold]),
    PlainFault("MySQL", .protocol, [.say([74, 0, 0, 0, 10] + Array("8.0.36\0".utf8)), .hold]),
    PlainFault(
      "HTTP/2", .protocol, [.say([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]), .hold]),
    PlainFault("TLS alert", .protocol, [.hear(), .say([0x15, 3, 1, 0, 2, 2, 70])]),
    PlainFault("ICY", .protocol, [.hear(), .say("ICY 200 OK\r\n\r\n"), .hold]),
    PlainFault("garbage", .protocol, [.hear(), .say([0xFF, 0, 0xFE, 1, 0x0A, 0x80]), .hold]),
    PlainFault("greeting and close", .protocol, [.hear(), .say("+OK ready\r\n")]),
  ]

  private static let malformed = [
    PlainFault("status abc", .protocol, [.hear(), .say("HTTP/1.1 abc\r\n\r\n"), .hold]),
    PlainFault(
      "status of two digits", .protocol, [.hear(), .say("HTTP/1.1 20 OK\r\n\r\n"), .hold]),
    PlainFault("NUL in a header", .protocol, [.hear(), .say(ok + "A: \0b\r\n\r\n"), .hold]),
    PlainFault(
      "bad Content-Length", .protocol, [.hear(), .say(ok + "Content-Length: ten\r\n\r\n"), .hold]),
    PlainFault(
      "two Content-Lengths", .protocol,
      [.hear(), .say(ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc")]),
    PlainFault("bad chunk size", .protocol, [.hear(), .say(chunked + "xyz\r\nabc\r\n"), .hold]),
  ]

  private static let endless = [
    PlainFault(
      "endless body", .tooLarge, [.hear(), .say(ok + "\r\n"), .sayForever(much("0123456789"))]),
    PlainFault(
      "endless chunks", .tooLarge, [.hear(), .say(chunked), .sayForever(much("4\r\nabcd\r\n"))]),
    PlainFault(
      "endless header lines", .tooLarge, [.hear(), .say(ok), .sayForever(much("A: b\r\n"))]),
    PlainFault(
      "an endless header line", .tooLarge, [.hear(), .say(ok + "A: "), .sayForever(much("abc"))]),
    PlainFault(
      "endless interim answers", .tooLarge,
      [.hear(), .sayForever("HTTP/1.1 100 Continue\r\n\r\n")]),
  ]

  private static func much(_ text: String) -> String { String(repeating: text, count: 4000) }

  private static let fine = [
    PlainFault("302", nil, status: 302, [.hear(), .say(redirect), .hold]),
    PlainFault("gzip", nil, status: 200, [.hear(), .say(gzip), .hold]),
    PlainFault("204", nil, status: 204, [.hear(), .say("HTTP/1.1 204 No Content\r\n\r\n"), .hold]),
    PlainFault("until close", nil, status: 200, [.hear(), .say("HTTP/1.0 200 OK\r\n\r\nabc")]),
    PlainFault(
      "two equal Content-Lengths", nil, status: 200,
      [.hear(), .say(ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok"), .hold]),
    PlainFault(
      "interim answer first", nil, status: 200,
      [
        .hear(), .say("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\(ok)Content-Length: 0\r\n\r\n"),
        .hold,
      ]),
    PlainFault(
      "trailers", nil, status: 200,
      [.hear(), .say(chunked + "2\r\nok\r\n0\r\nExpires: never\r\n\r\n"), .hold]),
    PlainFault(
      "a Unix socket", nil, status: 200, at: .unix,
      [.hear(), .say(ok + "Content-Length: 2\r\n\r\nok"), .hold]),
  ]

  private static let redirect =
    "HTTP/1.1 302 Found\r\nLocation: http://elsewhere.test/\r\nContent-Length: 0\r\n\r\n"
  private static let gzip =
    ok + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u{1F}\u{8}ab"
}
