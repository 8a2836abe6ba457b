import Configuration
import Diagnosis
import Probes
import StandIn
import Wire
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `agent`: the stand-in Agent by itself, a line a request, until Ctrl-C; then what it made of them.
enum AgentCommand {
  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    // Where another format is asked for, standard output holds nothing else.
    let lines = options.format == nil || options.output != nil ? STDOUT_FILENO : STDERR_FILENO
    let start = CaptureReport.Start()
    let agent = try standIn(options, lines)
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
    let traffic = agent.traffic
    Output.warn(
      "\(traffic.requests) requests, \(traffic.spans) spans, \(traffic.metrics.datagrams) datagrams"
    )
    // Nobody came: there is nothing to judge, and nothing wrong with that.
    guard traffic.requests > 0 else { return ExitStatus.success }
    return try await CaptureReport(
      CaptureReport.settings(traffic, options), traffic, options,
      source: Source(kind: "capture", name: "stand-in Agent"), start, loop
    ).write()
  }

  private static func standIn(_ options: Options, _ lines: Int32) throws -> StandInAgent {
    var standIn = StandInAgent.Options()
    standIn.port = options.port ?? 8126
    standIn.socket = options.socket
    // Whoever asks it is told who answers.
    standIn.version += "-dd-doctor-stand-in"
    standIn.fault = try DemoCommand.fault(options.fault)
    standIn.dogStatsDPort = standIn.port == 8126 ? 8125 : 0
    standIn.logLimit = 0
    standIn.takesEvents = true
    standIn.onRequest = { request in try? Output.write(request.summary + "\n", to: lines) }
    do {
      return try StandInAgent.start(standIn)
    } catch {
      throw UsageError("the stand-in Agent can't start: \(error); try --port 0")
    }
  }
}
