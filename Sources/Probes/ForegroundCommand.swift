import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A command of the user's that runs in our place: its streams, its terminal and its signals are
/// ours.
package struct ForegroundCommand: Sendable {
  /// How it ended.
  package enum End: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)

    /// As a shell puts it.
    package var status: Int32 {
      switch self {
      case .exited(let status): status
      case .signalled(let number): 128 + number
      }
    }
  }

  package let child: Int32

  /// Why a command could not be started: an errno.
  package struct Failure: Error, Equatable {
    package let code: Int32
  }

  /// Starts a program, looked for on PATH, with these words and no other variables than these.
  ///
  /// - Parameters:
  ///   - words: the program and its arguments, byte by byte.
  ///   - environment: `NAME=value`, byte by byte.
  /// - Throws: `Failure` where it can't be started.
  /// - Returns: the command, which runs.
  package static func start(
    _ words: [[UInt8]], _ environment: [[UInt8]]
  ) throws(Failure) -> ForegroundCommand {
    guard let program = words.first else { throw Failure(code: ENOENT) }
    #if canImport(Glibc)
      var attributes = posix_spawnattr_t()
    #else
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What we block and ignore is none of its business.
    var none = sigset_t()
    sigemptyset(&none)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let (code, child) = withCStrings([program]) { name in
      withCStrings(words) { argv in
        withCStrings(environment) { envp in
          var child: pid_t = 0
          guard let name = name.first ?? nil else { return (ENOENT, child) }
          return (posix_spawnp(&child, name, nil, &attributes, argv, envp), child)
        }
      }
    }
    guard code == 0 else { throw Failure(code: code) }
    return ForegroundCommand(child: child)
  }

  /// Waits for its end on a thread of its own.
  package func end() async -> End {
    let child = child
    return await onThread {
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0, errno == EINTR {}
      Self.receiver.store(0, ordering: .sequentiallyConsistent)
      let signal = status & 0x7F
      return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
  }

  package func send(_ signal: Int32) {
    kill(child, signal)
  }

  // MARK: Signals

  /// Who gets our signals; 0 for nobody.
  private static let receiver = Atomic<Int32>(0)
  private static let writingEnd = Atomic<Int32>(-1)

  /// Hands our signals on to it; a second Ctrl-C, or SIGTERM, calls back.
  ///
  /// What a terminal sends goes to the whole group and reaches it without us.
  package func receiveSignals(_ loop: MainLoop, onSecond: @escaping @Sendable () -> Void) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    Self.receiver.store(child, ordering: .sequentiallyConsistent)
    Self.writingEnd.store(ends[1], ordering: .sequentiallyConsistent)
    loop.whenReadable(ends[0], onSecond)
    var action = sigaction()
    #if canImport(Glibc)
      action.__sigaction_handler.sa_sigaction = { number, info, _ in
        ForegroundCommand.note(number, isFromKernel: (info?.pointee.si_code ?? 0) > 0)
      }
    #else
      action.__sigaction_u.__sa_sigaction = { number, info, _ in
        ForegroundCommand.note(number, isFromKernel: info?.pointee.si_pid == 0)
      }
    #endif
    action.sa_flags = SA_SIGINFO | SA_RESTART
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    for signal in [SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2] {
      var known = sigaction()
      sigaction(signal, nil, &known)
      #if canImport(Glibc)
        // nohup's is to stay ignored; SIG_IGN is 1.
        let isIgnored =
          unsafeBitCast(known.__sigaction_handler.sa_handler, to: UInt.self) == 1
      #else
        let isIgnored = unsafeBitCast(known.__sigaction_u.__sa_handler, to: UInt.self) == 1
      #endif
      guard !isIgnored else { continue }
      sigaction(signal, &action, nil)
      sigaddset(&unblocked, signal)
    }
    pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
  }

  /// In a signal handler: nothing but atomics, kill(2), clock_gettime(2) and write(2).
  private static func note(_ number: Int32, isFromKernel: Bool) {
    let turn = number == SIGINT || number == SIGTERM ? Interrupts.note() : .first
    guard turn != .echo else { return }
    let child = receiver.load(ordering: .sequentiallyConsistent)
    if child > 0, !isFromKernel { kill(child, number) }
    guard turn == .again else { return }
    var byte: UInt8 = 1
    _ = write(writingEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
  }
}
