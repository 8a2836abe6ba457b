import Checks
import Configuration
import Diagnosis
import Foundation
import Probes
import StandIn
import TestServers
import Wire

/// A run of the OpenAI checks against stand-ins under the real names, and what the servers heard.
struct OpenAIRun {
  var findings: [Finding] = []
  /// What came to OpenAI's hosts.
  var heard: [Received] = []
  /// What came to every other host: gateways, Azure, plain HTTP.
  var heardElsewhere: [Received] = []
  var recorded: [Recorded] = []
  var transfers: [Transfer] = []
  var settings: Settings

  struct Options {
    var language = Language.python
    /// What OpenAI's answers name as their organization.
    var organization = "org-standin"
    var trustsAuthority = true
    /// OpenAI's names lead to a port at which nobody listens.
    var isUnreachable = false
  }

  init(
    _ entries: [String], _ setup: Setup, keys: [String: OpenAIKeyKind] = [:],
    _ options: Options = Options()
  ) async throws {
    let front = try TLSFront.shared.get()
    var standIn = StandInAgent.Options()
    standIn.role = .openAI(keys: keys)
    standIn.organization = options.organization
    let elsewhere = try StandInAgent.start(standIn)
    // Bound and not listening, so that nobody else takes the port meanwhile.
    standIn.fault = options.isUnreachable ? .refused : nil
    let openAI = try StandInAgent.start(standIn)
    defer {
      openAI.stop()
      elsewhere.stop()
    }
    let entries = entries.map { $0.replacing("{elsewhere}", with: elsewhere.url) }
    let (environment, credentials) = Environment.reading(entries.map { Array($0.utf8) })
    settings = Settings(environment, HostFacts(), setup: setup, language: options.language)
    let right = options.isUnreachable ? Int(openAI.port) : try front.port(before: Int(openAI.port))
    let wrong = try front.port(before: Int(elsewhere.port))
    var tls = TLSOptions(caFile: options.trustsAuthority ? front.authority : nil)
    tls.connectTo = OpenAIProvider.hosts.map { "\($0):443:127.0.0.1:\(right)" }
    // Whatever else is asked, on any port, comes to the other one.
    tls.connectTo.append("::127.0.0.1:\(wrong)")
    let world = World(
      credentials: credentials, runID: "0", version: "test", timeout: .seconds(30),
      deadline: .seconds(600), tls: tls)
    let seen = Observations(settings, world: world)
    findings = await Runner(Self.checks(setup)).run(seen)
    recorded = await seen.recorded()
    transfers = await seen.transfers()
    heard = openAI.requests
    heardElsewhere = elsewhere.requests
  }

  /// The findings of today's checks over the answers of this run.
  func playedBack() async -> [Finding] {
    await Runner(Self.checks(settings.setup)).run(Observations(settings, recorded: recorded))
  }

  /// All that stands in a report, as text.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      return try [
        encoder.encode(findings), encoder.encode(recorded), encoder.encode(transfers),
        encoder.encode(settings.environment),
      ].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }
  }

  func finding(_ id: CheckID) -> Finding? { findings.first { $0.id == id } }

  /// What did not pass, one a line: `key.scope failed wrongKind`, `costs blocked by key.scope`.
  ///
  /// The crawler, which never passes, is left out, and families that say the same are one line.
  var summary: [String] {
    var lines: [String] = []
    for finding in findings where finding.status != .passed && finding.id != "openai.crawler" {
      var words = finding.status.rawValue
      if let root = finding.blockedBy {
        words += " by \(Self.short(root))"
      }
      if let failureClass = finding.failureClass { words += " \(failureClass.rawValue)" }
      let name = Self.short(finding.id)
      let isSister =
        name.hasPrefix("usage.") && name != "usage.audio_speeches"
      let line = "\(isSister ? "usage.others" : name) \(words)"
      if lines.last != line { lines.append(line) }
    }
    return lines
  }

  private static func short(_ id: CheckID) -> String {
    String(id.rawValue.dropFirst("openai.".count))
  }

  private static func checks(_ setup: Setup) -> [any Check<Observations>] {
    Suite<Observations>.of(setup).checks.filter { $0.about.id.group == "openai" }
  }
}
