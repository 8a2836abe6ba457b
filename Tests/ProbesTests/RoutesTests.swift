import Configuration
import Diagnosis
import Foundation
import Testing
import Wire

@testable import Probes

/// Plain faults through our own sockets, with libcurl as the oracle.
@Suite struct RoutesTests {
  private let client = CurlClient()

  /// Where the two differ, ours tells more: it sees bytes that libcurl hides.
  private static let finer: [String: FailureClass] = ["closed in the status line": .protocol]

  @Test(arguments: PlainFault.plainFaults)
  func `both routes give a plain fault one class`(fault: PlainFault) async throws {
    let ours = try await fault.staged { endpoint, _ in
      await onThread {
        SocketRoute.perform(
          HTTPRequest("GET", "/info", host: endpoint.hostField), to: endpoint, retries: 0,
          until: Deadline(after: fault.patience)
        ).exchange
      }
    }
    let oracle = try await fault.staged { endpoint, _ in
      await client.perform(
        HTTPRequest("GET", "/info", host: endpoint.hostField), to: endpoint, CurlOptions(),
        until: Deadline(after: fault.patience))
    }
    let expected = Self.finer[fault.name] ?? oracle.fault?.failureClass
    #expect(ours.fault?.failureClass == expected, "\(ours.result), libcurl: \(oracle.result)")
    #expect(ours.answer?.status == oracle.answer?.status)
    #expect(ours.answer?.body == oracle.answer?.body)
    // However much comes, no more than the caps and one last read of it is taken in.
    let limits = HTTPLimits()
    #expect(ours.received <= limits.head + limits.body + limits.chunks + 1_048_576)
    #expect(oracle.received <= limits.head + limits.body + limits.chunks + 1_048_576)
  }

  @Test func `no fault stands twice in the table, and every class of a plain port is in it`() {
    let faults = PlainFault.plainFaults
    #expect(Set(faults.map(\.name)).count == faults.count)
    // By two routes each; TLS, proxies and datagrams have tables of their own.
    #expect(faults.count * 2 >= 60)
    #expect(
      Set(faults.compactMap(\.expected)) == [
        .refused, .timeout, .noSocket, .malformed, .reset, .closed, .protocol, .tooLarge,
      ])
  }

  @Test func `a refused connection is tried again, and inside the same time-out`() async throws {
    let exchange = try await PlainFault("closed port", .refused, at: .closedPort).staged {
      endpoint, _ in
      await onThread {
        SocketRoute.perform(
          HTTPRequest("GET", "/info", host: endpoint.hostField), to: endpoint, retries: 2,
          until: Deadline(after: .seconds(20))
        ).exchange
      }
    }
    #expect(exchange.tries == 3)
  }

  @Test func `a time-out is never tried again`() async throws {
    let exchange = try await PlainFault("silence", .timeout, [.hear(), .hold]).staged {
      endpoint, _ in
      await onThread {
        SocketRoute.perform(
          HTTPRequest("GET", "/info", host: endpoint.hostField), to: endpoint, retries: 2,
          until: Deadline(after: .milliseconds(200))
        ).exchange
      }
    }
    #expect(exchange.tries == 1)
    #expect(exchange.fault?.failureClass == .timeout)
  }
}
