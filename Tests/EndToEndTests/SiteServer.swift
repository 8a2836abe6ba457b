import Foundation
import StandIn
import Synchronization
import TestServers
import Wire

/// A stand-in site that knows some keys, with a log of what came and with which keys.
final class SiteServer: Sendable {
  struct Asked: Equatable, Sendable {
    let host: String
    let path: String
    let apiKey: String?
    let appKey: String?
    let body: String
    /// The values of all header fields.
    let fields: [String]
  }

  private final class Log: Sendable {
    let asked = Mutex<[Asked]>([])
  }

  private let site: StandInAgent
  private let log: Log

  init(keys: [String]?, _ change: (inout StandInAgent.Options) -> Void = { _ in }) throws {
    let log = Log()
    var options = StandInAgent.Options()
    options.role = .site(keys: keys)
    options.inspect = { request in
      let asked = Asked(
        host: request.host, path: request.target, apiKey: request.fields["DD-API-KEY"],
        appKey: request.fields["DD-APPLICATION-KEY"],
        body: String(decoding: request.body, as: UTF8.self),
        fields: request.fields.fields.map(\.value))
      log.asked.withLock { $0.append(asked) }
    }
    change(&options)
    site = try StandInAgent.start(options)
    self.log = log
  }

  var port: Int { Int(site.port) }
  var asked: [Asked] { log.asked.withLock { $0 } }

  /// The arguments that lead these hosts here, over TLS.
  func arguments(_ hosts: [String], _ manner: TLSFront.Manner = .good) throws -> [String] {
    let front = try TLSFront.shared.get()
    let port = try front.port(before: port, manner)
    return hosts.flatMap { ["--connect-to", "\($0):443:127.0.0.1:\(port)"] }
  }

  static func trusting() throws -> [String] {
    ["--cacert", try TLSFront.shared.get().authority]
  }
}
