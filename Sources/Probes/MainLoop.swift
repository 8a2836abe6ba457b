import Diagnosis
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs all tasks of a run on the thread that waits anyway, with its signals and timers.
///
/// The default executor starts a pool of threads, which costs a short run more than its checks.
package final class MainLoop: TaskExecutor {
  /// Names a timer, so that it can be called off.
  package struct TimerID: Hashable, Sendable {
    fileprivate let number: Int
  }

  private struct Timer {
    let id: TimerID
    let due: ContinuousClock.Instant
    let fire: @Sendable () -> Void
  }

  private struct State {
    var jobs: [UnownedJob] = []
    var timers: [Timer] = []
    var timerCount = 0
    var watched: [(descriptor: Int32, ready: @Sendable () -> Void)] = []
    var isAsleep = false
  }

  private let state = Guarded(State())
  private let pipe: WakePipe

  /// - Throws: a `Fault` where the system has no descriptor left.
  package init() throws {
    pipe = try WakePipe.make()
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isAsleep = state.withLock { state in
      state.jobs.append(job)
      return state.isAsleep
    }
    if isAsleep { pipe.wake() }
  }

  /// Calls back once, from this loop, when the time has passed.
  @discardableResult
  package func after(_ delay: Duration, _ fire: @escaping @Sendable () -> Void) -> TimerID {
    state.withLock { state in
      state.timerCount += 1
      let id = TimerID(number: state.timerCount)
      state.timers.append(Timer(id: id, due: ContinuousClock.now + delay, fire: fire))
      return id
    }
  }

  package func cancel(_ timer: TimerID) {
    state.withLock { $0.timers.removeAll { $0.id == timer } }
  }

  /// Calls back once, from this loop, when the descriptor can be read.
  package func whenReadable(_ descriptor: Int32, _ ready: @escaping @Sendable () -> Void) {
    state.withLock { $0.watched.append((descriptor, ready)) }
  }

  /// Suspends the calling task and nothing else.
  package func pause(_ delay: Duration) async {
    await withCheckedContinuation { continuation in
      after(delay) { continuation.resume() }
    }
  }

  /// Runs jobs as they come; what ends the process is one of them.
  package func run() -> Never {
    while true {
      let jobs = state.withLock { state in
        defer { state.jobs.removeAll(keepingCapacity: true) }
        return state.jobs
      }
      for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
      if jobs.isEmpty { waitForMore() }
    }
  }

  /// Waits for a job, a timer or a descriptor.
  private func waitForMore() {
    let (due, watched) = state.withLock { state in
      state.isAsleep = state.jobs.isEmpty
      return (state.isAsleep ? state.timers.map(\.due).min() : .now, state.watched)
    }
    let left = due.map { ContinuousClock.now.duration(to: $0).milliseconds }
    var polled = ([pipe.descriptor] + watched.map(\.descriptor)).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    poll(&polled, nfds_t(polled.count), left.map { Int32(max(0, $0.rounded(.up))) } ?? -1)
    if polled[0].revents != 0 { pipe.drain() }
    let ready = Set(polled.dropFirst().filter { $0.revents != 0 }.map(\.fd))
    let now = ContinuousClock.now
    let fired = state.withLock { state in
      state.isAsleep = false
      let fired =
        state.timers.filter { $0.due <= now }.map(\.fire)
        + state.watched.filter { ready.contains($0.descriptor) }.map(\.ready)
      state.timers.removeAll { $0.due <= now }
      state.watched.removeAll { ready.contains($0.descriptor) }
      return fired
    }
    for fire in fired { fire() }
  }
}
