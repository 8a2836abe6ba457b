import Configuration
import Diagnosis
import Foundation
import TestServers
import Testing
import Wire

@testable import Probes

@Suite struct CurlProxyTests {
  private let client = CurlClient()

  private func get(
    _ endpoint: Endpoint, _ options: CurlOptions, patience: Duration = .seconds(20)
  ) async -> Exchange {
    await client.perform(
      HTTPRequest("GET", "/", host: endpoint.hostField), to: endpoint, options,
      until: Deadline(after: patience))
  }

  @Test(arguments: [407, 403, 502])
  func `a proxy that refuses CONNECT is named with its status`(status: Int) async throws {
    let server = try FaultServer([
      .hear(), .say("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n"), .hold,
    ])
    let exchange = await get(
      .tls(host: "intake.test", port: 443),
      CurlOptions(proxy: "http://user:pass@127.0.0.1:\(server.port)"))
    #expect(
      exchange.fault == Fault(.proxy, "proxy answered \(status) to CONNECT", status: status))
    #expect(server.heardText.hasPrefix("CONNECT intake.test:443 HTTP/1.1\r\n"))
  }

  @Test(
    arguments: [
      ("closes", [.hear()], "proxy: closed before an answer"),
      ("resets", [.hear(), .reset], "proxy: connection reset before an answer"),
      ("is silent", [.hear(), .hold], "proxy: no answer to CONNECT"),
      (
        "is SSH", [.say("SSH-2.0-OpenSSH_9.2p1\r\n"), .hear()], "proxy: closed before an answer"
      ),
    ] as [(String, [FaultServer.Step], String)])
  func `a proxy that opens no way is to blame`(
    name: String, script: [FaultServer.Step], message: String
  ) async throws {
    let server = try FaultServer(script)
    let exchange = await get(
      .tls(host: "intake.test", port: 443), CurlOptions(proxy: "127.0.0.1:\(server.port)"),
      patience: name == "is silent" ? .milliseconds(300) : .seconds(20))
    #expect(exchange.fault?.failureClass == .proxy)
    #expect(exchange.fault?.message == message)
    withExtendedLifetime(server) {}
  }

  @Test(arguments: ["http", "socks5h"])
  func `a proxy that is not there is to blame`(scheme: String) async throws {
    let bound = try FaultServer.boundToLoopback()
    defer { close(bound) }
    let port = try FaultServer.port(of: bound)
    let exchange = await get(
      .tls(host: "intake.test", port: 443), CurlOptions(proxy: "\(scheme)://127.0.0.1:\(port)"))
    #expect(exchange.fault?.failureClass == .proxy)
    #expect(exchange.fault?.message == "proxy: connection refused")
    let plain = await get(
      .tcp(host: "agent.test", port: 80), CurlOptions(proxy: "\(scheme)://127.0.0.1:\(port)"))
    #expect(plain.fault?.failureClass == .proxy)
  }

  @Test func `a proxy of an unknown name or scheme is to blame`() async {
    let target = Endpoint.tls(host: "intake.test", port: 443)
    let unknown = await get(target, CurlOptions(proxy: "http://no-such-proxy.invalid:3128"))
    #expect(unknown.fault?.failureClass == .proxy)
    #expect(unknown.fault?.message == "proxy: name not found")
    let odd = await get(target, CurlOptions(proxy: "gopher://user:hunter2@127.0.0.1:1"))
    #expect(odd.fault?.failureClass == .proxy)
    #expect(odd.fault?.message.contains("hunter2") == false)
  }

  @Test func `a silent proxy at the round's end is interrupted`() async throws {
    let server = try FaultServer([.hear(), .hold])
    let exchange = await client.perform(
      HTTPRequest("GET", "/", host: "intake.test"), to: .tls(host: "intake.test", port: 443),
      CurlOptions(proxy: "127.0.0.1:\(server.port)"),
      until: Deadline(after: .seconds(20), atMost: .now + .milliseconds(300)))
    #expect(exchange.fault?.failureClass == .interrupted)
    withExtendedLifetime(server) {}
  }

  @Test(arguments: [("http", .none), ("https", .good)] as [(String, TLSFront.Manner.Certificate)])
  func `behind a proxy that works the target's faults are the target's`(
    scheme: String, certificate: TLSFront.Manner.Certificate
  ) async throws {
    let ready = try TLSFront.shared.get()
    let options = CurlOptions(
      proxy: "\(scheme)://localhost:\(try TLSFront.port(.init(certificate, .tunnel)))",
      caFile: ready.authority)
    func result(_ manner: TLSFront.Manner) async throws -> Exchange {
      await get(.tls(host: "localhost", port: try TLSFront.port(manner)), options)
    }
    #expect(try await result(.echo).answer?.status == 200)
    let expired = try await result(.init(.expired, .echo))
    #expect(expired.fault?.failureClass == .tlsExpired, "\(expired.result)")
    #expect(try await result(.init(.other, .echo)).fault?.failureClass == .tlsHostname)
    #expect(try await result(.init(.good, .closes)).fault?.failureClass == .closed)
    #expect(try await result(.init(.good, .cutBody)).fault?.failureClass == .closed)
  }

  @Test(
    arguments: [
      ([.say([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]), .hear(atLeast: 512)], .closed),
      ([.say([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]), .hold], .timeout),
      ([.say([5, 5, 0, 1, 0, 0, 0, 0, 0, 0]), .hold], .proxy),
      ([.hold], .proxy),
    ] as [([FaultServer.Step], FailureClass)])
  func `a SOCKS proxy is to blame until it grants the way`(
    answer: [FaultServer.Step], expected: FailureClass
  ) async throws {
    let server = try FaultServer(
      [.hear(atLeast: 3), .say([5, 0]), .hear(atLeast: 18)] + answer)
    let exchange = await get(
      .tls(host: "intake.test", port: 443),
      CurlOptions(proxy: "socks5h://127.0.0.1:\(server.port)"),
      patience: expected == .closed ? .seconds(20) : .milliseconds(500))
    #expect(exchange.fault?.failureClass == expected, "\(exchange.result)")
    withExtendedLifetime(server) {}
  }

  @Test func `a proxy with an expired certificate is to blame`() async throws {
    let ready = try TLSFront.shared.get()
    let exchange = await get(
      .tls(host: "localhost", port: try TLSFront.port(.echo)),
      CurlOptions(
        proxy: "https://localhost:\(try TLSFront.port(.init(.expired, .tunnel)))",
        caFile: ready.authority))
    #expect(exchange.fault?.failureClass == .proxy)
    #expect(exchange.fault?.message == "proxy: certificate expired")
  }
}
