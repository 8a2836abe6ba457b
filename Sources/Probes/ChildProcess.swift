import Diagnosis
import Wire
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs a program of the machine with a deadline: nothing that it does can hold up a run.
package enum ChildProcess {
  /// The children that still run; each leads a process group of its own.
  private static let running = Guarded<Set<pid_t>>([])

  /// Ends what still runs, with everything that it started.
  package static func endAll() {
    running.withLock { groups in
      for group in groups { kill(-group, SIGKILL) }
    }
  }

  /// Runs a program to its end, or kills its process group when the time is over.
  ///
  /// It blocks: `onThread` is its place. Standard input is empty.
  static func run(
    _ program: String, _ arguments: [String], _ environment: ChildEnvironment,
    until deadline: Deadline
  ) -> ProgramAnswer {
    let said = run(program, arguments, environment, input: [], until: deadline)
    return said.answer(program)
  }

  /// What a program wrote, byte by byte.
  struct Output {
    var end: ProgramAnswer.End
    var output: [UInt8] = []
    var errors: [UInt8] = []

    func answer(_ program: String) -> ProgramAnswer {
      ProgramAnswer(program, end, output: Self.text(output), errors: Self.text(errors))
    }

    private static func text(_ bytes: [UInt8]) -> String {
      Redaction.redacted(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The same with a text on standard input, which the program may read or not.
  static func run(
    _ program: String, _ arguments: [String], _ environment: ChildEnvironment, input: [UInt8],
    until deadline: Deadline
  ) -> Output {
    let output: Pipe
    let errors: Pipe
    let feed: Feed?
    let child: pid_t
    do throws(SystemError) {
      output = try Pipe()
      errors = try Pipe()
      feed = input.isEmpty ? nil : try Feed(input)
      child = try spawn(program, arguments, environment, output, errors, feed)
    } catch {
      return Output(end: .notStarted(error.code, String(cString: strerror(error.code))))
    }
    output.closeWriting()
    errors.closeWriting()
    feed?.closeReading()
    let end = finish(child, [output, errors], feed, until: deadline)
    return Output(end: end, output: output.read, errors: errors.read)
  }

  private static func spawn(
    _ program: String, _ arguments: [String], _ environment: ChildEnvironment, _ output: Pipe,
    _ errors: Pipe, _ feed: Feed?
  ) throws(SystemError) -> pid_t {
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let feed {
      posix_spawn_file_actions_adddup2(&actions, feed.reading, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.writing, 2)
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Our own mask and ignored signals are none of the child's business.
    var none = sigset_t()
    sigemptyset(&none)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    var flags = Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
    #if canImport(Darwin)
      flags |= Int16(POSIX_SPAWN_CLOEXEC_DEFAULT)
    #endif
    posix_spawnattr_setflags(&attributes, flags)
    let words = ([program] + arguments).map { Array($0.utf8) }
    let (code, child) = withCStrings(words) { argv in
      withCStrings(environment.entries) { envp in
        // Started and noted at once: an end of all must not miss it.
        running.withLock { groups in
          var child: pid_t = 0
          let code = posix_spawn(&child, program, &actions, &attributes, argv, envp)
          if code == 0 { groups.insert(child) }
          return (code, child)
        }
      }
    }
    guard code == 0 else { throw SystemError(code) }
    return child
  }

  /// Reads both streams until the child has ended; kills what is left of its group.
  private static func finish(
    _ child: pid_t, _ pipes: [Pipe], _ feed: Feed?, until deadline: Deadline
  ) -> ProgramAnswer.End {
    while true {
      let open = pipes.filter { !$0.isAtEnd }
      var watched = open.map { pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0) }
      if let feed, feed.writing >= 0 {
        watched.append(pollfd(fd: feed.writing, events: Int16(POLLOUT), revents: 0))
      }
      // A grandchild may hold a pipe open for longer than its parent lives.
      let milliseconds = min(deadline.milliseconds, open.isEmpty ? 2 : 25)
      poll(&watched, nfds_t(watched.count), milliseconds)
      feed?.write()
      for pipe in open { pipe.take() }
      if pipes.contains(where: \.isOverfull) {
        end(child)
        return .saidTooMuch
      }
      if let status = ended(child) {
        for pipe in pipes { pipe.take() }
        return pipes.contains(where: \.isOverfull) ? .saidTooMuch : status
      }
      if deadline.hasPassed {
        end(child)
        return deadline.isRoundEnd ? .interrupted : .timedOut
      }
    }
  }

  /// How the child ended; nil while it runs.
  private static func ended(_ child: pid_t) -> ProgramAnswer.End? {
    running.withLock { groups in
      var status: Int32 = 0
      guard waitpid(child, &status, WNOHANG) != 0 else { return nil }
      kill(-child, SIGKILL)
      groups.remove(child)
      let signal = status & 0x7F
      return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
  }

  private static func end(_ child: pid_t) {
    running.withLock { groups in
      kill(-child, SIGKILL)
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0, errno == EINTR {}
      groups.remove(child)
    }
  }
}

/// Calls with a list of C strings that ends in nil.
func withCStrings<Value>(
  _ strings: [[UInt8]], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
) -> Value {
  var bytes: [CChar] = []
  var starts: [Int] = []
  for string in strings {
    starts.append(bytes.count)
    bytes += string.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
  }
  return bytes.withUnsafeMutableBufferPointer { buffer in
    body(starts.map { buffer.baseAddress?.advanced(by: $0) } + [nil])
  }
}

/// A pipe from a child, read without waiting and up to a limit.
private final class Pipe {
  let reading: Int32
  private(set) var writing: Int32
  private(set) var isAtEnd = false
  private(set) var isOverfull = false
  private var bytes: [UInt8] = []

  init() throws(SystemError) {
    (reading, writing) = try pipeEnds()
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
  }

  deinit {
    close(reading)
    closeWriting()
  }

  func closeWriting() {
    guard writing >= 0 else { return }
    close(writing)
    writing = -1
  }

  /// Takes what has arrived.
  func take() {
    while !isAtEnd, !isOverfull {
      var count = 0
      var code: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: 32 * 1024) { buffer, initialized in
        #if canImport(Glibc)
          count = Glibc.read(reading, buffer.baseAddress, buffer.count)
        #else
          count = Darwin.read(reading, buffer.baseAddress, buffer.count)
        #endif
        code = errno
        initialized = max(0, count)
      }
      if count < 0 {
        isAtEnd = code != EAGAIN && code != EINTR
        return
      }
      isAtEnd = count == 0
      bytes += chunk
      isOverfull = bytes.count > ProgramAnswer.outputLimit
    }
  }

  /// What has been taken, up to the limit.
  var read: [UInt8] { Array(bytes.prefix(ProgramAnswer.outputLimit)) }
}

/// A text on its way into a child, which may read it slowly or not at all.
private final class Feed {
  private(set) var reading: Int32
  private(set) var writing: Int32
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) throws(SystemError) {
    (reading, writing) = try pipeEnds()
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    rest = bytes[...]
    // A child that reads nothing must not end us; the signal goes to the thread that writes.
    var ignored = sigset_t()
    sigemptyset(&ignored)
    sigaddset(&ignored, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &ignored, nil)
  }

  deinit {
    closeReading()
    closeWriting()
  }

  func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  private func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  /// Gives what the child takes now; its end tells it that there is no more.
  func write() {
    while writing >= 0 {
      let (count, code) = rest.withUnsafeBytes { raw -> (Int, Int32) in
        #if canImport(Glibc)
          let count = Glibc.write(writing, raw.baseAddress, raw.count)
        #else
          let count = Darwin.write(writing, raw.baseAddress, raw.count)
        #endif
        return (count, errno)
      }
      if count < 0, code == EAGAIN || code == EINTR { return }
      rest = rest.dropFirst(max(0, count))
      if count < 0 || rest.isEmpty { closeWriting() }
    }
  }
}

private func pipeEnds() throws(SystemError) -> (reading: Int32, writing: Int32) {
  var ends: [Int32] = [-1, -1]
  guard pipe(&ends) == 0 else { throw SystemError(errno) }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}
