import Configuration
import Diagnosis
import Probes
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `run -- CMD`: checks first, then becomes the command, unless something failed.
enum RunCommand {
  static func run(_ operands: Int, _ options: Options, _ loop: MainLoop) async throws -> Int32 {
    var options = options
    options.isPreflight = true
    let status: Int32
    do {
      status = try await CheckCommand.run(options, loop)
    } catch let error as UsageError {
      throw error
    } catch {
      // A fault of ours must not keep an application from starting.
      Output.warn("dd-doctor: the checks could not run (\(type(of: error))); starting anyway")
      return start(operands)
    }
    if status == ExitStatus.interrupted { return status }
    if status == ExitStatus.failed, !options.warnsOnly {
      Output.warn("dd-doctor: not started; --warn-only starts it all the same")
      return status
    }
    return start(operands)
  }

  /// Replaces this process by the last words of its own command line, byte by byte.
  private static func start(_ operands: Int) -> Int32 {
    let count = Int(CommandLine.argc)
    var words = (count - operands..<count).map { CommandLine.unsafeArgv[$0] }
    words.append(nil)
    for number in [SIGINT, SIGTERM, SIGPIPE] { signal(number, SIG_DFL) }
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    guard let program = words.first ?? nil else { return ExitStatus.usage }
    execvp(program, &words)
    let code = errno
    let name = UsageError.shown(String(cString: program))
    Output.warn("dd-doctor: \(name): \(String(cString: strerror(code)))")
    return code == ENOENT ? 127 : 126
  }
}

/// `wait`: until the Agent is ready, and not merely listening.
enum WaitCommand {
  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    // An Agent is waited for, whatever the setup.
    var (settings, credentials) = HostProbe.configuration().settings(
      setup: .apm, language: options.language)
    settings.detectedFrom.removeAll { $0 == "--setup" }
    var options = options
    let limit = options.deadline ?? .seconds(60)
    options.only = ["agent.answers"]
    options.wait = limit
    options.deadline = min(limit, options.timeout)
    options.quiet = true
    let status = try await CheckRun(settings, credentials, options, loop).perform()
    return status == ExitStatus.undetermined ? ExitStatus.failed : status
  }
}
