import Configuration
import Diagnosis
import Foundation
import Testing

@testable import Probes

/// What can become of a datagram on its way to DogStatsD.
@Suite struct DatagramTests {
  enum Place: String, CaseIterable, Sendable {
    case listening, refused, noSocket, stale, notASocket, noName

    var expected: FailureClass? {
      switch self {
      case .listening: nil
      case .refused, .stale, .notASocket: .refused
      case .noSocket: .noSocket
      case .noName: .dns
      }
    }
  }

  @Test(arguments: Place.allCases) func `each fault of a datagram has its class`(place: Place)
    async throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dd-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "dsd.socket").path
    var held: Int32 = -1
    defer { if held >= 0 { close(held) } }
    var url = "unix://\(path)"
    switch place {
    case .listening: held = try FaultServer.unixListener(at: path, takesDatagrams: true)
    case .stale: close(try FaultServer.unixListener(at: path, takesDatagrams: true))
    case .notASocket: try Data().write(to: folder.appending(path: "dsd.socket"))
    case .noSocket: break
    case .noName: url = "udp://no-such-host.invalid:8125"
    case .refused:
      let deaf = try Self.deafPort()
      held = deaf.descriptor
      url = "udp://127.0.0.1:\(deaf.port)"
    }
    let environment = Environment.reading([Array("DD_DOGSTATSD_URL=\(url)".utf8)]).environment
    let settings = Settings(environment, HostFacts(), setup: .apm, language: .python)
    let answer = await onThread {
      DatagramRoute.send(
        Array("dd_doctor.test:1|c".utf8), to: settings.dogStatsD,
        until: Deadline(after: .seconds(20)))
    }
    #expect(answer.fault?.failureClass == place.expected, "\(String(describing: answer.fault))")
  }

  /// A UDP port that is ours and takes nothing from us: its socket hears itself alone.
  private static func deafPort() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    try #require(descriptor >= 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        bind(descriptor, raw, size) == 0 && getsockname(descriptor, raw, &size) == 0
      }
    }
    let port = Int(in_port_t(bigEndian: address.sin_port))
    // Connected to itself, it is deaf to everyone else; the kernel refuses them in its name.
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
        connect(descriptor, raw, size) == 0
      }
    }
    try #require(bound && connected)
    return (descriptor, port)
  }
}
