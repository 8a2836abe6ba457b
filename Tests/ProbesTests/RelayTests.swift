import Configuration
import Diagnosis
import Foundation
import Testing
import Wire

@testable import Probes

/// What a relay does with metrics, on which nobody may wait.
@Suite struct `A relay to the Agent` {
  private func relay(_ variables: [String: String]) throws -> AgentRelay {
    let settings = Settings(
      Environment.reading(variables.map { Array("\($0.key)=\($0.value)".utf8) }).environment,
      HostFacts(), setup: .apm, language: .python)
    return try #require(AgentRelay(settings, timeout: .seconds(1), tls: TLSOptions()))
  }

  @Test(arguments: [
    ["DD_DOGSTATSD_HOST": "agent.invalid"], ["DD_DOGSTATSD_URL": "unix:///no/such/dsd.socket"],
  ])
  func `knows before the first datagram that none can be passed on`(variables: [String: String])
    throws
  {
    let relay = try relay(variables)
    let fault = try #require(relay.outcome.datagramFault)
    #expect(fault.contains("agent.invalid") || fault.contains("no such socket"), "\(fault)")
    relay.pass(datagram: Array("a.b:1|c".utf8))
    #expect(relay.outcome.datagramFault == fault)
  }

  @Test(arguments: [Socket.datagram, Socket.stream])
  func `passes datagrams on, one by one and each whole`(type: Int32) throws {
    let scratch = FileManager.default.temporaryDirectory.appending(
      path: UUID().uuidString.prefix(8).lowercased())
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let path = scratch.appending(path: "dsd.socket").path
    let listener = try Socket.make(family: AF_UNIX, type: type)
    let address = try #require(Socket.unixAddress(path))
    let bound = address.withUnsafeBytes { raw in
      raw.bindMemory(to: sockaddr.self).baseAddress.map {
        bind(listener.descriptor, $0, socklen_t(raw.count))
      }
    }
    try #require(bound == 0)
    if type == Socket.stream { try #require(listen(listener.descriptor, 1) == 0) }
    let relay = try relay(["DD_DOGSTATSD_URL": "unix://\(path)"])
    #expect(relay.outcome.datagramFault == nil)
    let peer =
      type == Socket.stream ? accept(listener.descriptor, nil, nil) : dup(listener.descriptor)
    defer { close(peer) }
    for text in ["a.b:1|c", "c.d:2|c"] {
      relay.pass(datagram: Array(text.utf8))
      var bytes = [UInt8](repeating: 0, count: 64)
      let count = recv(peer, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      // Of a stream each message has a length before it.
      let length: [UInt8] = type == Socket.stream ? [UInt8(text.utf8.count), 0, 0, 0] : []
      #expect(Array(bytes.prefix(max(0, count))) == length + Array(text.utf8))
    }
  }
}
