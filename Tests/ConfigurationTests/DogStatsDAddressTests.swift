import Testing

@testable import Configuration

/// Variables, and where a tracer's metrics go.
struct MetricsRow: Sendable, CustomTestStringConvertible {
  let language: Language
  let variables: [String: String]
  let hasSocket: Bool
  let target: DogStatsDAddress.Target?
  /// What decided, or the variable at fault.
  let winner: String
  let stops: Bool

  init(
    _ language: Language, _ variables: [String: String], socket: Bool = false,
    _ target: DogStatsDAddress.Target?, by winner: String, stops: Bool = false
  ) {
    self.language = language
    self.variables = variables
    hasSocket = socket
    self.target = target
    self.winner = winner
    self.stops = stops
  }

  var testDescription: String {
    "\(language) "
      + variables.sorted { $0.key < $1.key }.map { "\($0.key)='\($0.value)'" }
      .joined(separator: " ") + (hasSocket ? " +socket" : "")
  }
}

private let url = "DD_DOGSTATSD_URL"
private let host = "DD_DOGSTATSD_HOST"
private let port = "DD_DOGSTATSD_PORT"
private let agentHost = "DD_AGENT_HOST"
private let tracePort = "DD_TRACE_AGENT_PORT"
private let traceURL = "DD_TRACE_AGENT_URL"

private let socket = DogStatsDAddress.Target.unix(path: "/var/run/datadog/dsd.socket")

private func udp(_ host: String, _ port: Int = 8125) -> DogStatsDAddress.Target {
  .udp(host: host, port: port)
}

@Suite struct `DogStatsD addresses` {
  static let rows =
    python + [
      // dd-trace-js: the Agent's host, never its URL's unless that host is set and empty.
      MetricsRow(.node, [:], udp("127.0.0.1"), by: "default"),
      MetricsRow(.node, [:], socket: true, udp("127.0.0.1"), by: "default"),
      MetricsRow(.node, [url: "udp://m:1"], udp("127.0.0.1"), by: "default"),
      MetricsRow(.node, [agentHost: "a"], udp("a"), by: agentHost),
      MetricsRow(.node, [host: "m", agentHost: "a"], udp("m"), by: host),
      MetricsRow(.node, ["DD_DOGSTATSD_HOSTNAME": "m"], udp("m"), by: "DD_DOGSTATSD_HOSTNAME"),
      MetricsRow(.node, [traceURL: "http://h:1"], udp("127.0.0.1"), by: "default"),
      MetricsRow(.node, [traceURL: "http://h:1", agentHost: ""], udp("h"), by: traceURL),
      MetricsRow(.node, [port: "9125"], udp("127.0.0.1", 9125), by: port),
      MetricsRow(.node, [port: "abc"], udp("127.0.0.1"), by: "default"),
      MetricsRow(.node, [port: ""], udp("127.0.0.1"), by: "default"),
      MetricsRow(.node, [host: "m:1"], nil, by: host),
      MetricsRow(.node, [port: "99999"], nil, by: port),
      // dd-trace-php, ext/endpoints.c.
      MetricsRow(.php, [:], udp("localhost"), by: "default"),
      MetricsRow(.php, [:], socket: true, socket, by: "socket"),
      MetricsRow(.php, [port: "9125"], socket: true, socket, by: "socket"),
      MetricsRow(.php, [port: "9125"], udp("localhost"), by: "default"),
      MetricsRow(.php, [tracePort: "9126"], udp("localhost", 9126), by: tracePort),
      MetricsRow(.php, [host: "m", port: "9125"], udp("m", 9125), by: "\(host) \(port)"),
      MetricsRow(.php, [agentHost: "a"], socket: true, udp("a"), by: agentHost),
      MetricsRow(.php, [host: "::1"], udp("::1"), by: host),
      MetricsRow(.php, [host: "unix:///d.sock"], .unix(path: "/d.sock"), by: host),
      MetricsRow(.php, [url: "udp://m:1", host: "x"], udp("m", 1), by: url),
      MetricsRow(.php, [url: "http://m:1"], udp("m", 1), by: url),
      MetricsRow(.php, [url: "unix:///d.sock"], .unix(path: "/d.sock"), by: url),
      MetricsRow(.php, [url: "m:1"], nil, by: url),
      MetricsRow(.php, [url: "udp://m:99999"], nil, by: url),
    ]

  // Tried with ddtrace 4.16.0: what stops it raises an error while it is imported.
  static let python = [
    MetricsRow(.python, [:], udp("localhost"), by: "default"),
    MetricsRow(.python, [:], socket: true, socket, by: "socket"),
    MetricsRow(.python, [agentHost: ""], socket: true, udp("localhost"), by: "default"),
    MetricsRow(.python, [port: "0"], socket: true, socket, by: "socket"),
    MetricsRow(.python, [agentHost: "a"], udp("a"), by: agentHost),
    MetricsRow(
      .python, ["DD_AGENT_PORT": "8126"], udp("localhost", 8126), by: "DD_AGENT_PORT"),
    MetricsRow(
      .python, [host: "c", port: "3", agentHost: "a", "DD_AGENT_PORT": "2"], udp("c", 3),
      by: "\(host) \(port)"),
    MetricsRow(.python, [host: "::1"], udp("::1"), by: host),
    MetricsRow(.python, [host: "[::1]"], udp("::1"), by: host),
    MetricsRow(.python, [url: "udp://m"], udp("m"), by: url),
    MetricsRow(.python, [url: "m:9125"], udp("m", 9125), by: url),
    MetricsRow(.python, [url: "/d.sock"], .unix(path: "/d.sock"), by: url),
    MetricsRow(.python, [url: "unix:///d.sock"], .unix(path: "/d.sock"), by: url),
    MetricsRow(.python, [url: "unix://"], nil, by: url),
    MetricsRow(.python, [url: "udp:///x"], nil, by: url),
    MetricsRow(.python, [host: " m "], nil, by: host),
    MetricsRow(.python, [host: "http://m"], nil, by: host),
    MetricsRow(.python, [url: "http://h:8125"], nil, by: url, stops: true),
    MetricsRow(.python, [url: "\"udp://m:8125\""], nil, by: url, stops: true),
    MetricsRow(.python, [url: "unixgram:///d.sock"], nil, by: url, stops: true),
    MetricsRow(.python, [url: "udp://m:abc"], nil, by: url, stops: true),
    MetricsRow(.python, [url: "m:70000"], nil, by: url, stops: true),
    MetricsRow(.python, [host: "m:8125"], nil, by: host, stops: true),
    MetricsRow(.python, [host: "[::1"], nil, by: host, stops: true),
    MetricsRow(.python, [agentHost: "h:1"], nil, by: agentHost, stops: true),
    MetricsRow(.python, [port: "abc"], nil, by: port, stops: true),
    MetricsRow(.python, [port: ""], nil, by: port, stops: true),
    MetricsRow(.python, [port: "99999"], nil, by: port, stops: true),
    MetricsRow(.python, [port: "-1"], nil, by: port, stops: true),
    MetricsRow(.python, ["DD_AGENT_PORT": "99999"], nil, by: "DD_AGENT_PORT", stops: true),
    MetricsRow(.python, [url: "udp://m:1", port: "abc"], nil, by: port, stops: true),
  ]

  @Test(arguments: rows)
  func `metrics go where the tracer sends them`(row: MetricsRow) {
    let settings = Settings(
      environment(row.variables), machine(metrics: row.hasSocket), setup: .apm,
      language: row.language)
    let address = settings.dogStatsD
    #expect(address.target == row.target)
    #expect((address.fault == nil) == (row.target != nil))
    #expect((address.fault?.stopsApplication ?? false) == row.stops)
    let names = address.origin.map { $0.name }.joined(separator: " ")
    #expect((address.fault?.variable ?? names) == row.winner)
  }
}
