import Glibc
import Synchronization
package import Wire

/// An Agent on loopback, a Datadog site, or OpenAI, that is healthy or wrong in one known way.
package final class StandInAgent: Sendable {
  /// What the stand-in passes for.
  package enum Role: Equatable, Sendable {
    case agent
    /// The API of a site over plain HTTP; nil takes every key but none.
    case site(keys: [String]?)
    /// OpenAI's API over plain HTTP, for a TLS front; a key that is not named is incorrect.
    case openAI(keys: [String: OpenAIKeyKind])
  }

  package struct Options: Sendable {
    package var role = Role.agent
    /// A numeric address, or `localhost` for 127.0.0.1.
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port: UInt16 = 0
    package var tcp = true
    /// The path of a Unix socket to listen on as well.
    package var socket: String?
    /// 0 takes any free UDP port, nil leaves DogStatsD off.
    package var dogStatsDPort: UInt16? = 0
    package var fault: AgentFault?
    package var version = "7.78.0"
    package var defaultEnvironment = "none"
    /// What the fault `filters` lists.
    package var filters = AgentFilters()
    package var identity = SiteIdentity()
    /// Whose name OpenAI's answers carry.
    package var organization = "org-standin"
    /// The application keys that a site takes; nil takes every one.
    package var appKeys: [String]?
    /// What a search for a test span comes to at a site; nil finds none.
    package var search: SpanSearch.Course?
    /// Whether an Agent shows its counters (`/debug/vars`), on this one port with all else.
    package var showsCounters = false
    /// The site that an Agent's counters name as its own.
    package var site = "datadoghq.com"
    /// Whether a site that refuses a key repeats it in its answer, its header and its reason.
    package var echoesKeys = false
    /// Seconds that a site's clock is ahead of ours.
    package var clockSkew = 0
    /// Bytes of a body that are read before the answer is 413.
    package var maxRequestBytes = 26_214_400
    package var connectionLimit = 256
    /// How many requests the log keeps; the oldest go first, and 0 keeps none.
    package var logLimit = 1_000
    /// Told of each request when its answer is ready; on the stand-in's own thread.
    package var onRequest: (@Sendable (Received) -> Void)?
    /// Shown each whole request before it is answered, keys and prompts included.
    package var inspect: (@Sendable (HTTPRequest) -> Void)?
    /// An Agent that takes LLM Observability's events as an intake does, too.
    package var takesEvents = false
    /// Everything is passed on to it, too; where it answers, that is the answer.
    package var relay: (any Relay)?

    package init() {}
  }

  /// The TCP port bound, 0 where there is none.
  package let port: UInt16
  package let socket: String?
  package let dogStatsDPort: UInt16?
  /// The value for `DD_TRACE_AGENT_URL`.
  package let url: String

  private struct Running {
    var stop: Descriptor
    var thread: pthread_t?
  }

  private let desk: Desk
  private let running: Mutex<Running?>
  private let socketFile: FileIdentity?

  /// Binds everything at once and serves it on a thread of its own.
  ///
  /// - Throws: `StandInError` where something can't be bound; nothing stays open then.
  package static func start(_ options: Options = Options()) throws(StandInError) -> StandInAgent {
    try StandInAgent(options)
  }

  private init(_ options: Options) throws(StandInError) {
    guard options.tcp || options.socket != nil else { throw .nothingToListenOn }
    let effect = options.fault?.effect
    let tcp =
      options.tcp
      ? try BoundSocket.bind(.stream, host: options.host, port: options.port) : nil
    let datagrams = try Self.dogStatsD(options, effect)
    let pipe = try makePipe()
    let unix: BoundSocket? = if let path = options.socket { try .bind(path: path) } else { nil }

    port = tcp?.port ?? 0
    socket = options.socket
    dogStatsDPort = datagrams?.port
    let host = options.host.contains(":") ? "[\(options.host)]" : options.host
    url = tcp.map { "http://\(host):\($0.port)" } ?? "unix://\(options.socket ?? "")"
    socketFile = options.socket.flatMap { FileIdentity($0) }
    desk = Self.desk(
      options, effect, port: tcp?.port ?? 0, dogStatsDPort: datagrams?.port ?? 0)

    var sockets = EventLoop.Sockets(
      stop: pipe.reading, wake: try WakeUp(), listeners: [], datagrams: datagrams?.descriptor)
    if let tcp { sockets.listeners.append((.tcp, tcp.descriptor)) }
    if let unix { sockets.listeners.append((.unix, unix.descriptor)) }
    running = Mutex(Running(stop: pipe.writing, thread: nil))
    // From here on `deinit` closes and removes whatever was bound.
    try listen([tcp, unix].compactMap { $0 }, effect)
    var limits = HTTPLimits()
    limits.body = max(0, options.maxRequestBytes)
    try run(sockets, limits: limits, connectionLimit: max(1, options.connectionLimit), effect)
  }

  deinit { stop() }

  /// Requests so far, the last `logLimit` of them.
  package var requests: [Received] { desk.requests }
  /// Requests so far, all of them.
  package var requestCount: Int { desk.traffic.requests }
  /// All that came so far, as counts.
  package var traffic: CapturedTraffic { desk.traffic }
  /// What came over DogStatsD so far.
  package var metrics: CapturedTraffic.Metrics { desk.traffic.metrics }
  /// Connections that are open, and requests that were passed on and wait for their answer.
  package var underWay: Int { desk.underWay }

  /// Closes everything that was opened and removes the socket's file; again does nothing.
  package func stop() {
    let thread: pthread_t?
    do {
      // The loop ends when the pipe's last writing end is closed, at the end of this scope.
      guard let ended = running.withLock({ $0.take() }) else { return }
      thread = ended.thread
    }
    if let thread {
      // A callback of ours may be what stops us.
      if pthread_equal(thread, pthread_self()) == 0 {
        pthread_join(thread, nil)
      } else {
        pthread_detach(thread)
      }
    }
    if let socket, let socketFile, FileIdentity(socket) == socketFile { unlink(socket) }
  }
}

extension StandInAgent {
  private static func dogStatsD(_ options: Options, _ effect: Effect?) throws(StandInError)
    -> BoundSocket?
  {
    guard options.role == .agent, let port = options.dogStatsDPort else { return nil }
    switch effect {
    case .refuse: return nil
    case .behavior(let behavior):
      if case .off = behavior.dogStatsD { return nil }
    case .connection, .answer, nil: break
    }
    return try BoundSocket.bind(.datagram, host: options.host, port: port)
  }

  private static func desk(
    _ options: Options, _ effect: Effect?, port: UInt16, dogStatsDPort: UInt16
  ) -> Desk {
    var behavior = AgentBehavior()
    if case .behavior(let changed) = effect { behavior = changed }
    switch options.role {
    case .site(let keys):
      let isRefused = options.fault == .keyRefused
      let site = SiteAnswers(
        knows: { key in
          guard !isRefused, let key else { return false }
          return keys?.contains(key) ?? true
        }, identity: options.identity, appKeys: options.appKeys,
        search: options.search.map(SpanSearch.init))
      let skew = options.clockSkew
      let echoesKeys = options.echoesKeys
      return Desk(options, effect: effect, delay: behavior.delay) { request, _ in
        var response = site.answer(request)
        if echoesKeys { response.echo(request) }
        response.fields.add("Date", HTTPDate.text(time(nil) + skew))
        return response
      }
    case .openAI(let keys):
      let service = OpenAIService(keys: keys, organization: options.organization)
      return Desk(options, effect: effect, delay: behavior.delay) { request, _ in
        service.answer(request)
      }
    case .agent:
      let subject = AgentInfo.Subject(
        version: options.version, environment: options.defaultEnvironment, port: port,
        socket: options.socket ?? "", dogStatsDPort: dogStatsDPort,
        maxRequestBytes: options.maxRequestBytes, filters: options.filters)
      let answers = AgentAnswers(
        AgentInfo(subject: subject, behavior: behavior), identity: options.identity)
      let takesEvents = options.takesEvents
      let counters = options.showsCounters ? AgentCounters(site: options.site) : nil
      return Desk(options, effect: effect, delay: behavior.delay) { request, traces in
        if takesEvents, path(of: request.target) == "/api/v2/llmobs" { return HTTPResponse(202) }
        return counters?.answer(request, traces) ?? answers.answer(request, traces)
      }
    }
  }

  /// A refused port stays bound without listening, so that nobody else takes it meanwhile.
  private func listen(_ bound: [BoundSocket], _ effect: Effect?) throws(StandInError) {
    if case .refuse = effect { return }
    for socket in bound { try socket.listen() }
  }

  private func run(
    _ sockets: EventLoop.Sockets, limits: HTTPLimits, connectionLimit: Int, _ effect: Effect?
  ) throws(StandInError) {
    var sockets = sockets
    let idle = sockets.listeners
    if case .refuse = effect { sockets.listeners = [] }
    let task = LoopTask(
      sockets: sockets, idle: idle.map(\.1), desk: desk, limits: limits,
      connectionLimit: connectionLimit)
    let thread = try task.start()
    running.withLock { $0?.thread = thread }
  }
}

/// What the thread takes with it: it holds the sockets, and never the stand-in itself.
private final class LoopTask: Sendable {
  private let sockets: EventLoop.Sockets
  /// Bound and kept, though nothing is served on them.
  private let idle: [Descriptor]
  private let desk: Desk
  private let limits: HTTPLimits
  private let connectionLimit: Int

  init(
    sockets: EventLoop.Sockets, idle: [Descriptor], desk: Desk, limits: HTTPLimits,
    connectionLimit: Int
  ) {
    self.sockets = sockets
    self.idle = idle
    self.desk = desk
    self.limits = limits
    self.connectionLimit = connectionLimit
  }

  func start() throws(StandInError) -> pthread_t {
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let task = Unmanaged<LoopTask>.fromOpaque(argument).takeRetainedValue()
        var loop = EventLoop(
          task.sockets, desk: task.desk, limits: task.limits,
          connectionLimit: task.connectionLimit)
        loop.run()
        return nil
      }, retained.toOpaque())
    guard code == 0 else {
      retained.release()
      throw .system("pthread_create", code)
    }
    return thread
  }
}
