import Foundation
import Testing

@testable import Configuration

/// What ddtrace 4.16.0 itself made of these variables (`config.trace_agent_url` and
/// `config.dogstatsd_url`), on a machine without the default sockets.
///
/// An end-to-end script reads the same file and asks the real ddtrace again.
private struct Row: Decodable, Sendable, CustomTestStringConvertible {
  let env: [String: String]
  /// Left out where ddtrace raised an error while it was imported.
  let url: String?
  let statsd: String?
  /// What decided, in the words of the report; of a row that fails, the variable at fault.
  let winner: String
  /// Whether no span can get there, so that `agent.address` fails.
  let fails: Bool
  /// Whether ddtrace raised an error while it was imported.
  let raises: Bool

  var testDescription: String {
    env.sorted { $0.key < $1.key }.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
  }

  static let all: [Row] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/agent-addresses-python.json")
    let data = (try? Data(contentsOf: file)) ?? Data()
    return (try? JSONDecoder().decode([Row].self, from: data)) ?? []
  }()
}

@Suite struct `Addresses as ddtrace resolves them` {
  @Test func `the table is there and holds both kinds of rows`() {
    #expect(Row.all.count > 100)
    #expect(Row.all.contains { $0.fails } && Row.all.contains { !$0.fails })
  }

  @Test(arguments: Row.all)
  fileprivate func `the trace URL is ddtrace's own`(row: Row) {
    let address = AgentAddress.resolve(environment(row.env), machine(), .python)
    if let url = row.url { #expect(address.url == url) }
    #expect((address.fault != nil) == row.fails)
    #expect((address.endpoint == nil) == row.fails)
    #expect((address.fault?.stopsApplication ?? false) == row.raises)
    #expect((address.fault?.variable ?? address.originText) == row.winner)
  }

  @Test(arguments: Row.all)
  fileprivate func `the DogStatsD URL is ddtrace's own`(row: Row) {
    guard let statsd = row.statsd else { return }
    let settings = Settings(environment(row.env), machine(), setup: .apm, language: .python)
    #expect(settings.dogStatsD.url == statsd)
    #expect(settings.dogStatsD.fault?.stopsApplication != true)
  }

  @Test(arguments: Row.all)
  fileprivate func `without a language the address is Python's`(row: Row) {
    let variables = environment(row.env)
    #expect(
      AgentAddress.resolve(variables, machine(), nil)
        == AgentAddress.resolve(variables, machine(), .python))
  }
}
