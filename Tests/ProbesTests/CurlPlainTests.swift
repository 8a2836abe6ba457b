import Configuration
import Diagnosis
import Foundation
import Testing
import Wire

@testable import Probes

@Suite struct CurlPlainTests {
  private let client = CurlClient()

  @Test(arguments: PlainFault.plainFaults)
  func `each fault of a plain port has its class`(fault: PlainFault) async throws {
    try await fault.staged { endpoint, _ in
      let exchange = await client.perform(
        HTTPRequest("GET", "/info", host: endpoint.hostField), to: endpoint, CurlOptions(),
        until: Deadline(after: fault.patience))
      #expect(exchange.fault?.failureClass == fault.expected, "\(exchange.result)")
      if let status = fault.status {
        #expect((exchange.answer?.status ?? exchange.fault?.status) == status)
      }
    }
  }

  @Test func `a name that nobody has is a fault of dns`() async {
    let exchange = await client.perform(
      HTTPRequest("GET", "/", host: "x"), to: .tcp(host: "no-such-host.invalid", port: 80),
      CurlOptions(), until: Deadline(after: .seconds(5)))
    #expect(exchange.fault?.failureClass == .dns)
  }
}
