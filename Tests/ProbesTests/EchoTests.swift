import Configuration
import Diagnosis
import TestServers
import Testing
import Wire

@testable import Probes

/// Servers that repeat what they heard.
@Suite struct EchoTests {
  private let key = "my_Very-secret.key+42xyz"
  private let other = "another-secret-of-ours-77"

  private func world(caFile: String? = nil) -> World {
    World(
      credentials: Credentials([
        "DD_API_KEY": Secret(Array(key.utf8)), "OPENAI_API_KEY": Secret(Array(other.utf8)),
      ]), runID: "0", version: "test", timeout: .seconds(20), tls: TLSOptions(caFile: caFile))
  }

  @Test func `over TLS are cleaned of what was sent, and of what is secret besides`() async throws {
    let ready = try TLSFront.shared.get()
    var request = HTTPRequest(
      "GET", "/", host: "localhost", fields: [("X-Other", other), ("X-Masked", "my_V****2xyz")])
    request.add("DD-API-KEY", Secret(Array(key.utf8)), for: "localhost")
    let exchange = await world(caFile: ready.authority).secureExchange(
      request, with: .tls(host: "localhost", port: try TLSFront.port(.echo)))
    let body = try #require(exchange.answer?.body)
    #expect(body.contains("DD-API-KEY: [secret/24/"), "\(body)")
    #expect(body.contains("X-Other: [secret/25/") && body.contains("X-Masked: ****\r\n"))
  }

  @Test(arguments: [
    "HTTP/1.1 403 no {key}\r\nX-{key}: {key}\r\nContent-Length: 24\r\n\r\n{key}",
    "SSH-2.0-{key}\r\n", "HTTP/1.1 200 OK\r\nX: {key\r\n",
  ])
  func `over plain HTTP are cleaned in every part`(text: String) async throws {
    let server = try FaultServer([.hear(), .say(text.replacing("{key}", with: key))])
    let exchange = await world().exchange(
      HTTPRequest("GET", "/", host: "localhost"),
      with: .tcp(host: "127.0.0.1", port: server.port), keeping: false)
    var shown = ""
    dump(exchange, to: &shown)
    #expect(!shown.contains("my_Very"), "\(shown)")
  }
}
