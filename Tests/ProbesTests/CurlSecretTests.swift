import Configuration
import Diagnosis
import Foundation
import TestServers
import Testing
import Wire

@testable import Probes

@Suite struct CurlSecretTests {
  private let client = CurlClient()
  private let word = "swordfish-42"

  private func request(host: String) -> HTTPRequest {
    var request = HTTPRequest("GET", "/", host: host, fields: [("X-Open", "yes")])
    request.add("DD-API-KEY", Secret(Array(word.utf8)), for: "localhost")
    return request
  }

  private func perform(_ endpoint: Endpoint, _ options: CurlOptions) async -> Exchange {
    await client.perform(
      request(host: endpoint.hostField), to: endpoint, options,
      until: Deadline(after: .seconds(20)))
  }

  @Test(
    arguments: [nil, ("http", .none), ("https", .good)] as [(String, TLSFront.Manner.Certificate)?])
  func `a secret goes over TLS to the host that it is for`(
    proxy: (scheme: String, certificate: TLSFront.Manner.Certificate)?
  ) async throws {
    let ready = try TLSFront.shared.get()
    let way = try proxy.map {
      "\($0.scheme)://localhost:\(try TLSFront.port(.init($0.certificate, .tunnel)))"
    }
    let options = CurlOptions(proxy: way, caFile: ready.authority)
    let port = try TLSFront.port(.echo)
    let right = await perform(.tls(host: "localhost", port: port), options)
    #expect(right.answer?.body.contains("DD-API-KEY: \(word)") == true)
    let wrong = await perform(.tls(host: "127.0.0.1", port: port), options)
    #expect(wrong.answer?.body.contains("X-Open: yes") == true)
    #expect(wrong.answer?.body.contains(word) == false)
  }

  @Test func `a secret never goes over a plain connection`() async throws {
    let server = try FaultServer([.hear(), .say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")])
    let exchange = await perform(.tcp(host: "localhost", port: server.port), CurlOptions())
    #expect(exchange.answer?.status == 200)
    #expect(server.heardText.contains("X-Open: yes"))
    #expect(!server.heardText.contains(word))
  }

  @Test func `a secret never goes to a proxy, not even for a plain target`() async throws {
    let server = try FaultServer([.hear(), .say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")])
    let options = CurlOptions(proxy: "http://127.0.0.1:\(server.port)")
    _ = await perform(.tcp(host: "localhost", port: 80), options)
    _ = await perform(.tls(host: "localhost", port: 443), options)
    #expect(server.heardText.contains("GET http://localhost/ HTTP/1.1"))
    #expect(server.heardText.contains("CONNECT localhost:443 HTTP/1.1"))
    #expect(!server.heardText.contains(word))
    #expect(!server.heardText.dropFirst(server.heard[0].count).contains("X-Open"))
  }

  @Test(arguments: ["evil.test/", "localhost@evil.test", "evil.test#", "lo%63alhost", "a b", ""])
  func `a host that is no host is not asked`(host: String) async {
    let exchange = await perform(.tls(host: host, port: 443), CurlOptions())
    #expect(exchange.fault?.failureClass == .malformed)
  }

  @Test(arguments: ["\n", "\r\nX: y", "\0"])
  func `a secret that would split the request is not sent, nor shown`(tail: String) async {
    var request = HTTPRequest("GET", "/", host: "localhost")
    request.add("DD-API-KEY", Secret(Array((word + tail).utf8)), for: "localhost")
    let exchange = await client.perform(
      request, to: .tls(host: "localhost", port: 1), CurlOptions(),
      until: Deadline(after: .seconds(20)))
    #expect(exchange.fault?.failureClass == .malformed)
    #expect(exchange.fault?.message == "line end in the value of header field DD-API-KEY")
  }

  @Test(arguments: [("GET /x HTTP/1.1\r\nA:", "/"), ("GET", "/ HTTP/1.1\r\nX: y"), ("GET", "x")])
  func `a method or path that would split the request is not sent`(
    method: String, target: String
  ) async {
    let exchange = await client.perform(
      HTTPRequest(method, target, host: "localhost"), to: .tcp(host: "localhost", port: 1),
      CurlOptions(), until: Deadline(after: .seconds(20)))
    #expect(exchange.fault?.failureClass == .malformed)
  }
}
