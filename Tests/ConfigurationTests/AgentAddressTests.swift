import Testing

@testable import Configuration

/// Variables on a machine, and where a tracer's spans go.
struct AddressRow: Sendable, CustomTestStringConvertible {
  let variables: [String: String]
  let hasSocket: Bool
  let url: String
  /// Nil where nothing can get there.
  let endpoint: Endpoint?
  let prefix: String
  /// What decided, as the report words it; of a fault, the variable.
  let winner: String
  let shadowed: [String]
  let note: Bool

  init(
    _ variables: [String: String], socket: Bool = false, _ url: String, _ endpoint: Endpoint?,
    prefix: String = "", by winner: String, over shadowed: [String] = [], note: Bool = false
  ) {
    self.variables = variables
    hasSocket = socket
    self.url = url
    self.endpoint = endpoint
    self.prefix = prefix
    self.winner = winner
    self.shadowed = shadowed
    self.note = note
  }

  var testDescription: String {
    variables.sorted { $0.key < $1.key }.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
      + (hasSocket ? " +socket" : "")
  }

  func holds(for language: Language) {
    let address = AgentAddress.resolve(environment(variables), machine(traces: hasSocket), language)
    #expect(address.url == url)
    #expect(address.endpoint == endpoint)
    #expect(address.prefix == prefix)
    #expect((address.fault?.variable ?? address.originText) == winner)
    #expect((address.fault == nil) == (endpoint != nil))
    #expect(address.shadowed.map(\.name) == shadowed)
    #expect(address.notes.isEmpty == !note)
  }
}

private let socketURL = "unix:///var/run/datadog/apm.socket"
private let socketPath = Endpoint.unix(path: "/var/run/datadog/apm.socket")
private let bySocket = "the default socket, which exists"
private let url = "DD_TRACE_AGENT_URL"
private let host = "DD_AGENT_HOST"
private let port = "DD_TRACE_AGENT_PORT"
private let legacyHost = "DD_TRACE_AGENT_HOSTNAME"

@Suite struct `Addresses of the Agent by language` {
  // Each row was tried with ddtrace 4.16.0, its look at the socket answered as said here.
  static let python = [
    AddressRow([:], socket: true, socketURL, socketPath, by: bySocket),
    AddressRow([legacyHost: ""], socket: true, socketURL, socketPath, by: bySocket),
    AddressRow(
      [port: "0"], socket: true, socketURL, socketPath, by: bySocket, over: [port]),
    AddressRow([url: ""], socket: true, socketURL, socketPath, by: bySocket),
    AddressRow(
      [host: ""], socket: true, "http://localhost:8126", .tcp(host: "localhost", port: 8126),
      by: "default"),
    AddressRow(
      ["DD_AGENT_PORT": "0"], socket: true, "http://localhost:8126",
      .tcp(host: "localhost", port: 8126), by: "default", over: ["DD_AGENT_PORT"]),
    AddressRow(
      [port: "8126"], socket: true, "http://localhost:8126", .tcp(host: "localhost", port: 8126),
      by: port),
    AddressRow(
      [host: "a"], socket: true, "http://a:8126", .tcp(host: "a", port: 8126), by: host),
    AddressRow(
      [url: "http://h:1", legacyHost: "t", host: "a", port: "2", "DD_AGENT_PORT": "3"],
      "http://h:1", .tcp(host: "h", port: 1), by: url,
      over: [legacyHost, host, port, "DD_AGENT_PORT"]),
    AddressRow(
      [host: "a", legacyHost: "b"], "http://b:8126", .tcp(host: "b", port: 8126), by: legacyHost,
      over: [host]),
    AddressRow(
      ["DD_AGENT_PORT": "2", port: "1"], "http://localhost:1", .tcp(host: "localhost", port: 1),
      by: port, over: ["DD_AGENT_PORT"]),
    AddressRow([host: "::1"], "http://[::1]:8126", .tcp(host: "::1", port: 8126), by: host),
    AddressRow([host: "[::1]"], "http://[::1]:8126", .tcp(host: "::1", port: 8126), by: host),
    AddressRow(
      [url: "http://gw:8126/datadog/"], "http://gw:8126/datadog/", .tcp(host: "gw", port: 8126),
      prefix: "/datadog", by: url),
    AddressRow([url: "https://gw"], "https://gw", .tls(host: "gw", port: 443), by: url),
    AddressRow([url: "http://gw"], "http://gw", .tcp(host: "gw", port: 80), by: url, note: true),
    AddressRow(
      [url: "http://gw/datadog"], "http://gw/datadog", .tcp(host: "gw", port: 80),
      prefix: "/datadog", by: url),
    AddressRow(
      [url: "unix:///x/a.sock"], "unix:///x/a.sock", .unix(path: "/x/a.sock"), by: url),
    AddressRow(
      [url: "unix://var/run/a.sock"], "unix://var/run/a.sock", .unix(path: "/run/a.sock"),
      by: url, note: true),
    AddressRow([url: "http://h:99999"], "http://h:99999", nil, by: url),
  ]

  @Test(arguments: python)
  func `Python's, with sockets, prefixes and what was shadowed`(row: AddressRow) {
    row.holds(for: .python)
  }

  // From packages/dd-trace/src/config; what `URL` and `format` do was tried with Node 20.
  static let node = [
    AddressRow(
      [:], "http://127.0.0.1:8126", .tcp(host: "127.0.0.1", port: 8126), by: "default"),
    AddressRow([:], socket: true, socketURL, socketPath, by: bySocket),
    AddressRow(
      [port: "abc"], socket: true, socketURL, socketPath, by: bySocket,
      over: [port], note: true),
    AddressRow(
      [port: "9126"], socket: true, "http://127.0.0.1:9126", .tcp(host: "127.0.0.1", port: 9126),
      by: port),
    AddressRow([host: "a"], socket: true, "http://a:8126", .tcp(host: "a", port: 8126), by: host),
    AddressRow(
      [host: "a", legacyHost: "b"], "http://a:8126", .tcp(host: "a", port: 8126), by: host,
      over: [legacyHost]),
    AddressRow([legacyHost: "b"], "http://b:8126", .tcp(host: "b", port: 8126), by: legacyHost),
    AddressRow(
      ["DD_AGENT_PORT": "9"], "http://127.0.0.1:8126", .tcp(host: "127.0.0.1", port: 8126),
      by: "default"),
    AddressRow(
      ["DD_TRACE_URL": "http://h:1"], "http://h:1", .tcp(host: "h", port: 1), by: "DD_TRACE_URL"),
    AddressRow(
      [url: "http://h:1", "DD_TRACE_URL": "http://x:2", host: "a", port: "3"], "http://h:1",
      .tcp(host: "h", port: 1), by: url, over: ["DD_TRACE_URL", host, port]),
    AddressRow(
      [url: "", host: "a"], "http://a:8126", .tcp(host: "a", port: 8126), by: host),
    AddressRow(
      [url: "http://gw:1/datadog/"], "http://gw:1/datadog/", .tcp(host: "gw", port: 1), by: url,
      note: true),
    AddressRow([host: "::1"], "http://[::1]:8126", .tcp(host: "::1", port: 8126), by: host),
    AddressRow([host: "[::1]"], "http://[::1]:8126", .tcp(host: "::1", port: 8126), by: host),
    AddressRow([port: " 1 "], "http://127.0.0.1:1", .tcp(host: "127.0.0.1", port: 1), by: port),
    AddressRow(
      [port: "abc"], "http://127.0.0.1:8126", .tcp(host: "127.0.0.1", port: 8126), by: "default",
      over: [port], note: true),
    AddressRow(
      [url: " http://h:8126\r"], " http://h:8126\r", .tcp(host: "h", port: 8126), by: url),
    AddressRow([url: "http:/h:8126"], "http:/h:8126", .tcp(host: "h", port: 8126), by: url),
    AddressRow([url: "unix:///x.sock"], "unix:///x.sock", .unix(path: "/x.sock"), by: url),
    AddressRow([url: "unix:/x.sock"], "unix:/x.sock", .unix(path: "/x.sock"), by: url),
    AddressRow([url: "https://h:8443"], "https://h:8443", .tls(host: "h", port: 8443), by: url),
    AddressRow([host: ""], "http://:8126", nil, by: host),
    AddressRow([port: ""], "http://127.0.0.1/", nil, by: port),
    AddressRow([port: "0"], "http://127.0.0.1/", nil, by: port),
    AddressRow([port: "99999"], "http://127.0.0.1:99999", nil, by: port),
    AddressRow([host: "h:1"], "http://[h:1]:8126", nil, by: host),
    AddressRow([host: "fe80::1%eth0"], "http://[fe80::1%eth0]:8126", nil, by: host),
    AddressRow([host: "\"h\""], "http://\"h\":8126", nil, by: host),
    AddressRow([url: "localhost:8126"], "localhost:8126", nil, by: url),
    AddressRow([url: "\"http://h:1\""], "\"http://h:1\"", nil, by: url),
    AddressRow([url: "http://"], "http://", nil, by: url),
    AddressRow([url: "http://h:99999"], "http://h:99999", nil, by: url),
    AddressRow([url: "http://::1:8126"], "http://::1:8126", nil, by: url),
    AddressRow([url: "unix://"], "unix://", nil, by: url),
  ]

  @Test(arguments: node)
  func `Node's`(row: AddressRow) { row.holds(for: .node) }

  // From ext/endpoints.c.
  static let php = [
    AddressRow(
      [:], "http://localhost:8126", .tcp(host: "localhost", port: 8126), by: "default"),
    AddressRow([:], socket: true, socketURL, socketPath, by: bySocket),
    AddressRow([port: "9126"], socket: true, socketURL, socketPath, by: bySocket, over: [port]),
    AddressRow(
      [port: "9126"], "http://localhost:9126", .tcp(host: "localhost", port: 9126), by: port),
    AddressRow([host: ""], socket: true, socketURL, socketPath, by: bySocket),
    AddressRow([host: "a"], socket: true, "http://a:8126", .tcp(host: "a", port: 8126), by: host),
    AddressRow(
      [host: "a", port: "1"], "http://a:1", .tcp(host: "a", port: 1), by: "\(host) and \(port)"),
    AddressRow(
      [legacyHost: "b"], "http://localhost:8126", .tcp(host: "localhost", port: 8126),
      by: "default"),
    AddressRow(
      [host: "unix:///x.sock"], "unix:///x.sock", .unix(path: "/x.sock"), by: host),
    AddressRow(
      [url: "http://h:1", host: "a", port: "2"], "http://h:1", .tcp(host: "h", port: 1), by: url,
      over: [host, port]),
    AddressRow([url: "", host: "a"], "http://a:8126", .tcp(host: "a", port: 8126), by: host),
    AddressRow([host: "::1"], "http://[::1]:8126", .tcp(host: "::1", port: 8126), by: host),
    AddressRow(
      [port: "0"], "http://localhost:8126", .tcp(host: "localhost", port: 8126), by: "default",
      over: [port], note: true),
    AddressRow(
      [port: "99999"], "http://localhost:8126", .tcp(host: "localhost", port: 8126),
      by: "default", over: [port], note: true),
    AddressRow(
      [port: "abc"], "http://localhost:8126", .tcp(host: "localhost", port: 8126), by: "default",
      over: [port], note: true),
    AddressRow(
      [port: ""], "http://localhost:8126", .tcp(host: "localhost", port: 8126), by: "default"),
    AddressRow([host: "[::1]"], "http://[[::1]]:8126", nil, by: host),
    AddressRow([host: "h:1"], "http://[h:1]:8126", nil, by: host),
    AddressRow([host: "http://h"], "http://[http://h]:8126", nil, by: host),
    AddressRow([host: "unix://"], "http://[unix://]:8126", nil, by: host),
    AddressRow([url: "localhost:8126"], "localhost:8126", nil, by: url),
    AddressRow([url: "/x.sock"], "/x.sock", nil, by: url),
    AddressRow([url: "http://"], "http://", nil, by: url),
    AddressRow([url: "http://h:99999"], "http://h:99999", nil, by: url),
  ]

  @Test(arguments: php)
  func `PHP's`(row: AddressRow) { row.holds(for: .php) }

  @Test(arguments: Language.allCases)
  func `a password in the URL is never in the address`(language: Language) {
    let address = AgentAddress.resolve(
      environment([url: "http://user:hunter2@h:8126"]), machine(), language)
    #expect(address.endpoint == .tcp(host: "h", port: 8126))
    #expect(!"\(address)".contains("hunter2"))
  }

  @Test func `localhost and 127.0.0.1 lead to one place, another prefix to another`() {
    let addresses = Language.allCases.map { AgentAddress.resolve(environment([:]), machine(), $0) }
    #expect(addresses.allSatisfy { $0.leadsWhere(addresses[0]) })
    let gateway = environment([url: "http://gw:1/datadog"])
    let python = AgentAddress.resolve(gateway, machine(), .python)
    #expect(!python.leadsWhere(AgentAddress.resolve(gateway, machine(), .node)))
  }
}

@Suite struct `Hosts` {
  @Test(arguments: [
    "::", "::1", "1::", "2001:db8::5", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1", "fe80::1%eth0",
    "1:2:3:4:5:6:10.0.0.1", "ABCD::ef",
  ])
  func `an IPv6 address is one`(text: String) { #expect(HostText.isIPv6(text)) }

  @Test(arguments: [
    "", ":", ":::", "1:2:3", "1::2::3", "12345::", "g::1", "1:2:3:4:5:6:7:8:9", "h:8126",
    "::10.0.0", "::10.0.0.256", "::1%", "[::1]", "10.0.0.1", "1:2:3:4:5:6:7::8:9", "::01.2.3.4",
  ])
  func `what only looks like one is none`(text: String) { #expect(!HostText.isIPv6(text)) }
}
