import Foundation
import StandIn
import Testing

/// Against the real things: Datadog's test agent, its tracer, and what else listens on ports.
///
/// DD_DOCTOR_PEERS names a virtual environment with ddapm-test-agent, ddtrace and jsonschema;
/// `.ci/run` makes one and counts these tests.
@Suite(.enabled(if: Peers.folder != nil, "DD_DOCTOR_PEERS is not set"))
struct PeersTests {
  @Test func `the real test agent is None, and holds the span with the report's run id`() throws {
    // Its three ports must differ on the command line: the OTLP ones come from the kernel's pool.
    let free = try (0..<2).map { _ in try StandInAgent.start() }
    let spare = free.map { String($0.port) }
    for holder in free { holder.stop() }
    let peer = try Peer(
      "ddapm-test-agent",
      ["--port", "0", "--otlp-http-port", spare[0], "--otlp-grpc-port", spare[1]])
    // It listens for OTLP too: the port that answers as an Agent is the one.
    let url = try #require(
      try peer.ports(3).map { "http://127.0.0.1:\($0)" }.first { url in
        try Doctor.run(["--only", "agent.answers"], ["DD_TRACE_AGENT_URL": url]).status == 0
      })
    let variables = ["DD_TRACE_AGENT_URL": url, "DD_SERVICE": "shop", "DD_ENV": "prod"]
    let info = try Doctor.run(["--info"], variables)
    #expect(info.agentErrorLine == "    Agent error: None")
    #expect(info.status == 0)
    let run = try Doctor.run(["--format", "json"], variables)
    let id = try #require(try run.report()["runID"] as? String)
    let stored = try Doctor.shell("curl -s \(url)/test/traces").output
    let traces = try #require(
      try JSONSerialization.jsonObject(with: Data(stored.utf8)) as? [[[String: Any]]])
    let span = try #require(
      traces.flatMap { $0 }.first {
        ($0["meta"] as? [String: Any])?["dd_doctor.run_id"] as? String == id
      })
    #expect(span["name"] as? String == "openai.request")
    #expect(span["service"] as? String == "dd-doctor")
    #expect(span["type"] as? String == "openai")
  }

  @Test func `Python's own web server is no Agent, which ddtrace calls None`() throws {
    let peer = try Peer("python3", ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"])
    let url = "http://127.0.0.1:\(try peer.ports(1)[0])"
    let ours = try Doctor.run(["--info"], ["DD_TRACE_AGENT_URL": url])
    #expect(ours.status == 1)
    let line = try #require(ours.agentErrorLine)
    #expect(line.contains(url) && line.contains("404"), "\(line)")
    let theirs = try Doctor.child(
      Peers.program("ddtrace-run"), ["--info"], ["DD_TRACE_AGENT_URL": url, "HOME": "/tmp"])
    #expect(theirs.output.contains("Agent error") && theirs.output.contains("None"))
    #expect(theirs.status == 0)
  }

  @Test func `every report validates against the schema`() throws {
    let scratch = try Scratch()
    try Data("localhost:1\nhost:99999\n".utf8).write(to: URL(filePath: scratch.path("agents")))
    for name in ["one", "other"] {
      _ = try Doctor.run(["demo", "--format", "json", "-o", scratch.path(name)])
    }
    for (schema, arguments) in [
      ("report", ["demo"]), ("report", ["demo", "--fault", "refused"]),
      ("report", ["demo", "--fault", "key-refused"]),
      ("report", ["demo", "--fault", "egress-timeout", "--timeout", "200ms"]),
      ("report", ["--offline"]), ("report", ["--setup", "openai-api", "--offline"]),
      ("fleet", ["fleet", "--agents", scratch.path("agents")]),
      ("merge", ["merge", scratch.path("one"), scratch.path("other"), scratch.path("one")]),
    ] {
      try Data(try Doctor.run(["schema", schema]).output.utf8).write(
        to: URL(filePath: scratch.path("schema.json")))
      let run = try Doctor.run(arguments + ["--format", "json"])
      try Data(run.output.utf8).write(to: scratch.folder.appending(path: "report.json"))
      let script = """
        import json, jsonschema, sys
        schema, report = (json.load(open(p)) for p in sys.argv[1:])
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.Draft202012Validator(schema).validate(report)
        """
      let verdict = try Doctor.child(
        Peers.program("python"),
        ["-c", script, scratch.path("schema.json"), scratch.path("report.json")], [:])
      #expect(verdict.status == 0, "\(arguments): \(verdict.errors)")
    }
  }
}

/// Where the real things are.
enum Peers {
  static let folder = ProcessInfo.processInfo.environment["DD_DOCTOR_PEERS"]

  static func program(_ name: String) -> URL {
    URL(fileURLWithPath: "\(folder ?? "")/bin/\(name)")
  }
}

/// A program that listens on a free port and says which, ended with the test.
final class Peer {
  private let process = Process()
  private let scratch: Scratch

  init(_ name: String, _ arguments: [String]) throws {
    scratch = try Scratch()
    process.executableURL = Peers.program(name)
    process.arguments = arguments
    process.currentDirectoryURL = scratch.folder
    process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": scratch.folder.path]
    process.standardOutput = try scratch.file("output")
    process.standardError = try scratch.file("errors")
    try process.run()
  }

  deinit {
    // A test's children inherit a mask that blocks SIGTERM.
    kill(process.processIdentifier, SIGKILL)
  }

  /// The ports that it listens on, as the kernel tells, once there are as many.
  func ports(_ count: Int) throws -> [Int] {
    for _ in 0..<2_000 {
      let ports = try Self.listening(process.processIdentifier)
      if ports.count >= count { return ports }
      poll(nil, 0, 10)
    }
    let errors = try scratch.text("errors")
    return try #require(nil as [Int]?, "it does not listen: \(errors)")
  }

  /// The TCP ports on which a process listens: its sockets' inodes in /proc/net/tcp.
  private static func listening(_ pid: Int32) throws -> [Int] {
    let folder = "/proc/\(pid)/fd"
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let links = descriptors.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
    }
    return try ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { table -> [Int] in
      // A file of /proc has no size to go by: it is read to its end.
      let data = try FileHandle(forReadingFrom: URL(fileURLWithPath: table)).readToEnd() ?? Data()
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
      return lines.dropFirst().compactMap { line in
        let columns = line.split(separator: " ")
        guard columns.count > 9, columns[3] == "0A", links.contains("socket:[\(columns[9])]") else {
          return nil
        }
        return columns[1].split(separator: ":").last.flatMap { Int($0, radix: 16) }
      }
    }
  }
}
