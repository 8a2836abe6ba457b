import Configuration
import Diagnosis
import Foundation
import TestServers
import Testing
import Wire

@testable import Probes

@Suite struct CurlTLSTests {
  private let client = CurlClient()

  private func get(
    _ endpoint: Endpoint, _ options: CurlOptions, patience: Duration = .seconds(20)
  ) async -> Exchange {
    await client.perform(
      HTTPRequest("GET", "/", host: endpoint.hostField), to: endpoint, options,
      until: Deadline(after: patience))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let manner: TLSFront.Manner
    let failureClass: FailureClass
    let message: String
    var trustsStranger = false
    var patience = Duration.seconds(20)

    var testDescription: String { manner.description }
  }

  @Test(arguments: [
    Case(
      manner: .init(.selfSigned, .echo), failureClass: .tlsUntrusted,
      message: "certificate is self-signed"),
    Case(manner: .init(.expired, .echo), failureClass: .tlsExpired, message: "certificate expired"),
    Case(
      manner: .init(.future, .echo), failureClass: .tlsExpired,
      message: "certificate is not valid yet"),
    Case(
      manner: .init(.other, .echo), failureClass: .tlsHostname,
      message: "certificate is for another name"),
    Case(
      manner: .echo, failureClass: .tlsUntrusted, message: "certificate's issuer is unknown",
      trustsStranger: true),
    Case(
      manner: .init(.good, .ssh), failureClass: .protocol,
      message: "not HTTP: it says SSH-2.0-OpenSSH_9.2p1"),
    Case(manner: .init(.good, .closes), failureClass: .closed, message: "closed before an answer"),
    Case(
      manner: .init(.good, .cutBody), failureClass: .closed, message: "closed in the answer's body"),
    Case(
      manner: .init(.good, .cutHead), failureClass: .protocol,
      message: "cut off in the answer's head"),
    Case(
      manner: .init(.good, .silent), failureClass: .timeout, message: "no answer to the request",
      patience: .milliseconds(1500)),
  ])
  func `each fault under TLS has its class and its words`(fault: Case) async throws {
    let ready = try TLSFront.shared.get()
    let endpoint = Endpoint.tls(host: "localhost", port: try TLSFront.port(fault.manner))
    let exchange = await get(
      endpoint,
      CurlOptions(caFile: fault.trustsStranger ? ready.stranger : ready.authority),
      patience: fault.patience)
    #expect(exchange.fault?.failureClass == fault.failureClass)
    #expect(exchange.fault?.message == fault.message)
  }

  @Test func `a certificate for another name is shown`() async throws {
    let ready = try TLSFront.shared.get()
    let exchange = await get(
      .tls(host: "localhost", port: try TLSFront.port(.init(.other, .echo))),
      CurlOptions(caFile: ready.authority))
    let lines = try #require(exchange.fault?.certificate)
    #expect(lines.contains("subject: CN = other.test"))
    #expect(lines.contains("issuer: O = dd-doctor tests, CN = dd-doctor-test-authority"))
    #expect(lines.contains("names: DNS:other.test"))
    #expect(lines.contains { $0.hasPrefix("not before: Jan  1 00:00:00 2020") })
    #expect(lines.contains { $0.hasPrefix("not after: Dec 31 00:00:00 2049") })
  }

  @Test func `a demanded client certificate is no network fault`() async throws {
    let ready = try TLSFront.shared.get()
    let exchange = await get(
      .tls(host: "localhost", port: try TLSFront.port(.init(.demanding, .echo))),
      CurlOptions(caFile: ready.authority))
    let failureClass = try #require(exchange.fault?.failureClass)
    // What arrives first, the alert or the reset, is the kernel's choice.
    #expect([.tlsProtocol, .reset].contains(failureClass), "\(exchange.result)")
  }

  @Test(
    arguments: [
      ("HTTP", [.hear(atLeast: 5), .say("HTTP/1.1 400 Bad Request\r\n\r\n")], .tlsProtocol),
      ("SSH", [.say("SSH-2.0-OpenSSH_9.2p1\r\n"), .hear(atLeast: 5)], .tlsProtocol),
      ("close", [.hear(atLeast: 512)], .closed),
      ("reset", [.hear(atLeast: 5), .reset], .reset),
      ("silence", [.hold], .timeout),
    ] as [(String, [FaultServer.Step], FailureClass)])
  func `a port that shakes no hands has its class`(
    name: String, script: [FaultServer.Step], expected: FailureClass
  ) async throws {
    let server = try FaultServer(script)
    let exchange = await get(
      .tls(host: "127.0.0.1", port: server.port), CurlOptions(),
      patience: expected == .timeout ? .milliseconds(300) : .seconds(20))
    #expect(exchange.fault?.failureClass == expected, "\(exchange.result)")
    withExtendedLifetime(server) {}
  }

  @Test func `a file of authorities that is not there is missing`() async throws {
    let exchange = await get(
      .tls(host: "localhost", port: try TLSFront.port(.echo)),
      CurlOptions(caFile: "/nonexistent/ca.pem"))
    #expect(exchange.fault?.failureClass == .missing)
    #expect(exchange.fault?.message == "no certificate authorities in /nonexistent/ca.pem")
  }

  @Test func `an answer over TLS comes with its phases and sizes`() async throws {
    let ready = try TLSFront.shared.get()
    let port = try TLSFront.port(.echo)
    var request = HTTPRequest(
      "POST", "/v1?q=1", host: "localhost:\(port)", fields: [("X-Empty", ""), ("X-One", "1")],
      body: Array("body".utf8))
    request.fields.add("Content-Type", "text/plain")
    let exchange = await client.perform(
      request, to: .tls(host: "localhost", port: port), CurlOptions(caFile: ready.authority),
      until: Deadline(after: .seconds(20)))
    let answer = try #require(exchange.answer)
    #expect(answer.line == "200 OK")
    #expect(
      answer.body.split(separator: "\r\n", omittingEmptySubsequences: false) == [
        "POST /v1?q=1 HTTP/1.1", "Host: localhost:\(port)", "X-Empty:", "X-One: 1",
        "Content-Type: text/plain", "Content-Length: 4", "", "body",
      ])
    #expect(exchange.url == "https://localhost:\(port)/v1?q=1")
    #expect(exchange.phases.connect != nil && exchange.phases.tls != nil)
    #expect(exchange.sent > 100 && exchange.received > answer.bodySize)
    #expect(exchange.attempts.last == .init(address: "127.0.0.1:\(port)", error: nil))
  }

  @Test func `connect-to leads elsewhere and the name is still verified`() async throws {
    let ready = try TLSFront.shared.get()
    let port = try TLSFront.port(.init(.other, .echo))
    let options = CurlOptions(
      caFile: ready.authority, connectTo: ["other.test:443:127.0.0.1:\(port)"])
    #expect(await get(.tls(host: "other.test", port: 443), options).answer?.status == 200)
    let wrong = CurlOptions(
      caFile: ready.authority, connectTo: ["third.test:443:127.0.0.1:\(port)"])
    let exchange = await get(.tls(host: "third.test", port: 443), wrong)
    #expect(exchange.fault?.failureClass == .tlsHostname)
  }
}
