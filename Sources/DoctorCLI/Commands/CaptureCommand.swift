import Checks
import Configuration
import Diagnosis
import FoundationEssentials
import Probes
import StandIn
import Wire
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `capture -- CMD`: runs the command against a stand-in Agent, and judges what its tracer sent.
enum CaptureCommand {
  static func run(_ operands: Int, _ options: Options, _ loop: MainLoop) async throws -> Int32 {
    var options = options
    // Standard output is the command's.
    options.isPreflight = true
    let start = CaptureReport.Start()
    let configuration = HostProbe.configuration()
    let (settings, credentials) = configuration.settings(
      setup: options.setup, language: options.language)
    Output.guards(credentials)
    _ = try Selection(.application, options, all: .everything)
    let relay = try options.forwards ? relay(settings, options) : nil
    let agent = try standIn(options, relay)
    defer { agent.stop() }
    let words = words(operands)
    let name = words.first.map { printable(Redaction.redacted(baseName($0)), limit: 60) } ?? ""
    let command: ForegroundCommand
    do throws(ForegroundCommand.Failure) {
      command = try ForegroundCommand.start(words, WatchedEnvironment(settings, agent).entries)
    } catch {
      Output.warn("dd-doctor: \(name): \(String(cString: strerror(error.code)))")
      return error.code == ENOENT ? 127 : 126
    }
    let (end, wasStopped) = await watch(command, options.watch, loop)
    await settle(agent, settings.language, loop)
    var traffic = agent.traffic
    traffic.command = CapturedCommand(name, end, wasStopped: wasStopped)
    traffic.forwarding = relay?.outcome
    let status = try await CaptureReport(
      self.settings(settings, configuration, traffic, words, options), traffic, options,
      source: Source(kind: "capture", name: name), start, loop
    ).write(interrupted: end == nil)
    // What --for ended says nothing by how it ended.
    guard let end, end.status != 0, !(wasStopped && options.watch != nil) else { return status }
    return end.status
  }

  private static func standIn(_ options: Options, _ relay: AgentRelay?) throws -> StandInAgent {
    var standIn = StandInAgent.Options()
    standIn.socket = options.socket
    standIn.fault = try DemoCommand.fault(options.fault)
    standIn.logLimit = 0
    standIn.takesEvents = true
    standIn.relay = relay
    do {
      return try StandInAgent.start(standIn)
    } catch {
      throw UsageError("the stand-in Agent can't start: \(error)")
    }
  }

  private static func relay(_ settings: Settings, _ options: Options) throws -> AgentRelay {
    let tls = TLSOptions(settings, caFile: options.caFile, connectTo: options.connectTo)
    guard let relay = AgentRelay(settings, timeout: options.timeout, tls: tls) else {
      throw UsageError("--forward: nothing can be sent to \(printable(settings.agent.url))")
    }
    return relay
  }

  /// Where the configuration names no language, the tracer that spoke does, or else the command.
  private static func settings(
    _ settings: Settings, _ configuration: ProcessConfiguration, _ traffic: CapturedTraffic,
    _ words: [[UInt8]], _ options: Options
  ) -> Settings {
    let text = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    let command = LaunchCommand(file: "", text: text).language
    guard settings.language == nil, let language = traffic.language ?? command else {
      return settings
    }
    let source = traffic.language == nil ? "the command" : "the tracer that spoke"
    return Settings(
      configuration.environment, configuration.host, setup: options.setup, language: language,
      detectedFrom: settings.detectedFrom + [source])
  }

  /// The words of the command, byte by byte.
  private static func words(_ count: Int) -> [[UInt8]] {
    let all = Int(CommandLine.argc)
    return (max(0, all - count)..<all).compactMap { index in
      CommandLine.unsafeArgv[index].map { word in
        Array(UnsafeRawBufferPointer(start: word, count: strlen(word)))
      }
    }
  }

  private static func baseName(_ path: [UInt8]) -> String {
    String(decoding: path.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
  }

  private enum Happening: Sendable {
    case ended(ForegroundCommand.End)
    case timeIsUp, graceIsOver, interruptedAgain
  }

  /// Waits for the command's end, or brings it about; nil where it still runs.
  private static func watch(
    _ command: ForegroundCommand, _ limit: Duration?, _ loop: MainLoop
  ) async -> (end: ForegroundCommand.End?, wasStopped: Bool) {
    let (happenings, happens) = AsyncStream<Happening>.makeStream()
    command.receiveSignals(loop) { happens.yield(.interruptedAgain) }
    Task(executorPreference: loop) { happens.yield(.ended(await command.end())) }
    if let limit { loop.after(limit) { happens.yield(.timeIsUp) } }
    var wasStopped = false
    for await happening in happenings {
      switch happening {
      case .ended(let end): return (end, wasStopped || Interrupts.hasCome)
      case .interruptedAgain:
        Output.warn("dd-doctor: the command is left running; its tracer has no Agent any more")
        return (nil, true)
      case .timeIsUp:
        wasStopped = true
        command.send(SIGTERM)
        loop.after(.seconds(10)) { happens.yield(.graceIsOver) }
      case .graceIsOver: command.send(SIGKILL)
      }
    }
    return (nil, wasStopped)
  }

  /// Lets what was sent before the end arrive: until every connection is closed, or silent.
  ///
  /// PHP sends from a process of its own, which outlives the command by its flush interval.
  private static func settle(
    _ agent: StandInAgent, _ language: Language?, _ loop: MainLoop
  ) async {
    let start = ContinuousClock.now
    var quietSince = start
    var seen = agent.traffic.requests
    while ContinuousClock.now - start < .seconds(8) {
      await loop.pause(.milliseconds(20))
      let traffic = agent.traffic
      let requests = traffic.requests
      if requests != seen { (seen, quietSince) = (requests, .now) }
      let quiet = ContinuousClock.now - quietSince
      let patience: Duration =
        (language ?? traffic.language) == .php && traffic.traces == 0
        ? .seconds(3) : agent.underWay == 0 ? .milliseconds(40) : .milliseconds(500)
      if quiet >= patience { return }
    }
  }
}

extension CapturedCommand {
  fileprivate init(_ name: String, _ end: ForegroundCommand.End?, wasStopped: Bool) {
    self.init(name: name, exitStatus: nil, signal: nil, wasStopped: wasStopped)
    switch end {
    case .exited(let status): exitStatus = status
    case .signalled(let number): signal = number
    case nil: break
    }
  }
}

/// The variables of a command that is watched: our own, with the Agent's addresses changed.
struct WatchedEnvironment {
  let entries: [[UInt8]]

  init(_ settings: Settings, _ agent: StandInAgent) {
    var changed = [
      ("DD_TRACE_AGENT_URL", agent.socket.map { "unix://\($0)" } ?? agent.url)
    ]
    if let port = agent.dogStatsDPort {
      changed += [
        ("DD_DOGSTATSD_URL", "udp://127.0.0.1:\(port)"), ("DD_DOGSTATSD_HOST", "127.0.0.1"),
        ("DD_DOGSTATSD_PORT", "\(port)"),
      ]
    }
    if case .agentless = settings.llmObservabilityDecision, settings.setup.usesLLMObservability {
      // Without an Agent the events would go to the site: ddtrace's name for it, and dd-trace's.
      changed += [
        ("DD_LLMOBS_OVERRIDE_ORIGIN", agent.url), ("_DD_LLMOBS_OVERRIDE_ORIGIN", agent.url),
      ]
    }
    changed += Self.exceptions(settings.environment)
    let names = Set(changed.map(\.0))
    entries =
      HostProbe.processEnvironment().filter { entry in
        !names.contains(
          String(decoding: entry.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self))
      } + changed.map { Array("\($0.0)=\($0.1)".utf8) }
  }

  /// The stand-in is reached directly by a tracer that asks a proxy for its Agent, as ddtrace does
  /// since 4.15; both names are set, for programs differ in which they take.
  private static func exceptions(_ environment: Environment) -> [(String, String)] {
    let proxies = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
    guard proxies.contains(where: environment.has) else { return [] }
    let names = ["no_proxy", "NO_PROXY"]
    return names.map { name in
      let others = ([name] + names).lazy.compactMap(environment.value).first
      return (name, others.map { $0 == "*" ? $0 : "\($0),127.0.0.1" } ?? "127.0.0.1")
    }
  }
}

/// `Probes` knows no stand-in, and the stand-in no Agent: here they meet.
extension AgentRelay: Relay {}
