import Configuration
import Diagnosis
import Foundation
import Testing
import Wire

@testable import Probes

@Suite struct CurlClientTests {
  private static let fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

  @Test(arguments: [
    ("libcurl-that-is-not-there.so.9", "cannot open shared object file"),
    ("libc.so.6", "libc.so.6: has no curl_easy_init"),
  ])
  func `a library that can't be loaded is reported`(library: String, reason: String) async {
    let client = CurlClient(library: library)
    for _ in 0..<2 {
      let exchange = await client.perform(
        HTTPRequest("GET", "/", host: "localhost"), to: .tcp(host: "localhost", port: 1),
        CurlOptions(), until: Deadline(after: .seconds(20)))
      #expect(exchange.fault?.failureClass == .notInstalled)
      #expect(exchange.fault?.message.contains(library) == true)
      #expect(exchange.fault?.message.contains(reason) == true)
    }
  }

  @Test func `many requests at once are each answered, whether cancelled or not`() async throws {
    let client = CurlClient()
    let good = try FaultServer([.hear(), .say(Self.fine)])
    let silent = try FaultServer([.hear(), .hold])
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask {
          let isCancelled = number % 10 == 0
          let port = isCancelled ? silent.port : good.port
          let task = Task {
            await client.perform(
              HTTPRequest("GET", "/\(number)", host: "localhost"),
              to: .tcp(host: "127.0.0.1", port: port), CurlOptions(),
              until: Deadline(after: .seconds(60)))
          }
          if isCancelled { task.cancel() }
          let exchange = await task.value
          if isCancelled {
            #expect(exchange.fault == Fault(.interrupted, "cancelled"))
          } else {
            #expect(exchange.answer?.body == "ok")
          }
        }
      }
    }
  }

  @Test func `a cancelled request ends while it is under way`() async throws {
    let client = CurlClient()
    let server = try FaultServer([.hear(), .hold])
    let task = Task {
      await client.perform(
        HTTPRequest("GET", "/", host: "localhost"), to: .tcp(host: "127.0.0.1", port: server.port),
        CurlOptions(), until: Deadline(after: .seconds(60)))
    }
    while !server.heardText.hasSuffix("\r\n\r\n") { await Task.yield() }
    task.cancel()
    #expect(await task.value.fault == Fault(.interrupted, "cancelled"))
  }

  @Test func `no time left is no request`() async throws {
    let server = try FaultServer([.hear(), .say(Self.fine)])
    let exchange = await CurlClient().perform(
      HTTPRequest("GET", "/", host: "localhost"), to: .tcp(host: "127.0.0.1", port: server.port),
      CurlOptions(), until: Deadline(after: .zero))
    #expect(exchange.fault?.failureClass == .timeout)
    #expect(server.heard.isEmpty)
  }

  @Test func `HEAD has a head and no body`() async throws {
    let server = try FaultServer([.hear(), .say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")])
    let exchange = await CurlClient().perform(
      HTTPRequest("HEAD", "/", host: "localhost"), to: .tcp(host: "127.0.0.1", port: server.port),
      CurlOptions(), until: Deadline(after: .seconds(20)))
    #expect(exchange.answer?.fields["content-length"] == "9")
    #expect(server.heardText == "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")
  }

  @Test func `a request without a body says that it has none`() async throws {
    let server = try FaultServer([.hear(), .say(Self.fine)])
    let exchange = await CurlClient().perform(
      HTTPRequest("PUT", "/v0.4/traces", host: "localhost"),
      to: .tcp(host: "127.0.0.1", port: server.port), CurlOptions(),
      until: Deadline(after: .seconds(20)))
    #expect(exchange.answer?.status == 200)
    #expect(
      server.heardText
        == "PUT /v0.4/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
  }

  @Test func `a connection that is let go is no refusal of the one that is made`() {
    var attempts = CurlAttempts()
    attempts.read("TLSv1.3 (OUT), TLS alert, close notify (256):")
    #expect(attempts.alert == nil)
    attempts.read("TLSv1.3 (OUT), TLS alert, certificate expired (557):")
    attempts.read("TLSv1.3 (OUT), TLS alert, close notify (256):")
    #expect(attempts.alert == "certificate expired")
  }

  @Test func `each address of a name is an attempt with its reason`() {
    var attempts = CurlAttempts()
    attempts.read("  Trying [::1]:8126...\n")
    attempts.read("connect to ::1 port 8126 failed: Connection refused\n")
    attempts.read("  Trying 10.0.0.1:8126...\n")
    attempts.read("connect to 10.0.0.1 port 8126 from 10.0.0.2 port 9 failed: No route to host\n")
    attempts.read("  Trying [fd00::1]:8126...\n")
    attempts.read("Immediate connect fail for fd00::1: Network is unreachable\n")
    attempts.read("  Trying 10.0.0.3:8126...\n")
    attempts.read("  Trying 127.0.0.1:8126...\n")
    attempts.connect("127.0.0.1:8126")
    #expect(
      attempts.attempts.map(\.address) == [
        "[::1]:8126", "10.0.0.1:8126", "[fd00::1]:8126", "10.0.0.3:8126", "127.0.0.1:8126",
      ])
    #expect(
      attempts.attempts.map(\.error) == [
        "connection refused", "no route to host", "network is unreachable", "no answer", nil,
      ])
  }
}
