import Configuration
import Diagnosis
import Probes
import StandIn
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `demo`: the whole way against a stand-in Agent in this process; nothing leaves the machine.
enum DemoCommand {
  /// The names of the faults, for the help.
  static var faults: [String] {
    let width = (AgentFault.allCases.map(\.name.count).max() ?? 0) + 2
    return AgentFault.allCases.map { fault in
      "  " + fault.name + String(repeating: " ", count: width - fault.name.count) + fault.summary
    }
  }

  static var faultNames: [String] { AgentFault.allCases.map(\.name) }

  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    var standIn = StandInAgent.Options()
    standIn.fault = try fault(options.fault)
    let agent = try StandInAgent.start(standIn)
    defer { agent.stop() }
    Output.warn(
      "demo: a stand-in Agent at \(agent.url)"
        + (standIn.fault.map { ", which \($0.summary)" } ?? "") + "; nothing leaves this machine")
    var entries = [
      "DD_TRACE_AGENT_URL=\(agent.url)", "DD_SERVICE=shop", "DD_ENV=prod", "DD_VERSION=1.0",
    ]
    if let port = agent.dogStatsDPort { entries.append("DD_DOGSTATSD_URL=udp://127.0.0.1:\(port)") }
    let (environment, credentials) = Environment.reading(
      entries.map { Array($0.utf8) }, origin: "demo")
    let settings = Settings(
      environment, HostFacts(), setup: .apm, language: options.language ?? .python,
      detectedFrom: ["the demo's own settings"])
    return try await CheckRun(
      settings, credentials, options, loop, source: Source(kind: "demo", name: "stand-in Agent")
    ).perform()
  }

  static func fault(_ name: String?) throws -> AgentFault? {
    guard let name else { return nil }
    guard let fault = AgentFault(rawValue: name) else {
      throw UsageError(unknown: "fault", name, among: AgentFault.allCases.map(\.name))
    }
    return fault
  }
}

/// `agent`: the stand-in Agent by itself, a line a request, until Ctrl-C.
enum AgentCommand {
  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    var standIn = StandInAgent.Options()
    standIn.port = options.port ?? 8126
    standIn.socket = options.socket
    standIn.fault = try DemoCommand.fault(options.fault)
    standIn.dogStatsDPort = standIn.port == 8126 ? 8125 : 0
    standIn.onRequest = { request in try? Output.write(request.summary + "\n", to: STDOUT_FILENO) }
    let agent: StandInAgent
    do {
      agent = try StandInAgent.start(standIn)
    } catch {
      throw UsageError("the stand-in Agent can't start: \(error); try --port 0")
    }
    defer { agent.stop() }
    var places = [agent.url]
    if let socket = agent.socket { places.append("unix://\(socket)") }
    if let port = agent.dogStatsDPort { places.append("udp://127.0.0.1:\(port)") }
    Output.warn("stand-in Agent at \(places.joined(separator: ", ")); Ctrl-C ends it")
    let events = EventStream()
    Signals.watch(events, loop)
    for await event in events.events {
      if case .stop = event { break }
    }
    let spans = agent.requests.reduce(0) { $0 + $1.spanCount }
    Output.warn(
      "\(agent.requestCount) requests, \(spans) spans, \(agent.metrics.datagrams) datagrams")
    return ExitStatus.success
  }
}
