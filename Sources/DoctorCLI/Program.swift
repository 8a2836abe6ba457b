import Configuration
import Diagnosis
import Probes
import Reporters
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program behind `main.swift`.
package enum Program {
  /// Runs a command line; what needs no network ends without a task.
  ///
  /// - Parameter end: ends the process with a status.
  package static func run(_ end: @escaping @Sendable (Int32) -> Never) -> Never {
    signal(SIGPIPE, SIG_IGN)
    holdClosedStreams()
    do {
      let invocation = try Invocation.parse(arguments())
      if let text = try offlineText(invocation) {
        try Output.write(text, to: STDOUT_FILENO)
        end(ExitStatus.success)
      }
      guardProcess(invocation)
      if invocation.command == .diff {
        end(try DiffCommand.run(invocation.operands, invocation.options))
      }
      if invocation.command == .merge {
        end(try MergeCommand.run(invocation.operands, invocation.options))
      }
      if invocation.command == .logs {
        end(try LogsCommand.run(invocation.operands, invocation.options))
      }
      let loop = try MainLoop()
      Task(executorPreference: loop) {
        do {
          end(try await perform(invocation, loop))
        } catch {
          end(report(error, for: invocation.options.format))
        }
      }
      loop.run()
    } catch {
      end(report(error))
    }
  }

  /// Keeps a closed standard stream from becoming a pipe of ours, which a command would inherit.
  ///
  /// Opened the wrong way round it fails at its first use, as a closed one does.
  private static func holdClosedStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(stream, F_GETFD) < 0 {
      _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Knows the secrets of this process where a command does not read them for itself, or without
  /// those that the project's file names.
  private static func guardProcess(_ invocation: Invocation) {
    let reads = [.check, .span, .bundle].contains(invocation.command)
    guard !reads || !invocation.options.from.isEmpty else { return }
    // A file that is wrong is the other commands' to tell.
    let project = try? HostProbe.project()
    Output.guards(Environment.reading(HostProbe.processEnvironment(), for: project).credentials)
  }

  /// The words behind the program's name; a command's to start are taken from the bytes themselves.
  private static func arguments() -> [String] {
    CommandLine.arguments.dropFirst().map { $0 }
  }

  private static func offlineText(_ invocation: Invocation) throws -> String? {
    if invocation.options.showsVersion { return "\(Version.name) \(Version.number)\n" }
    if invocation.wantsHelp {
      return HelpCommand.text(invocation.namesCommand ? invocation.command : nil)
    }
    switch invocation.command {
    case .help:
      guard let name = invocation.operands.first else { return HelpCommand.text(nil) }
      guard let command = Command(rawValue: name) else {
        throw UsageError(unknown: "command", name, among: Command.allCases.map(\.rawValue))
      }
      return HelpCommand.text(command)
    case .list: return try ListCommand.text(invocation.options)
    case .explain: return try ExplainCommand.text(invocation.operands.first ?? "")
    case .schema:
      switch invocation.operands.first ?? "report" {
      case "report": return ReportSchema.text
      case "project": return ProjectSchema.text
      case "plugin": return PluginSchema.text
      case "fleet": return SurveySchema.fleet
      case "merge": return SurveySchema.merge
      case let name: throw UsageError(unknown: "schema", name, among: Command.schemas)
      }
    case .completion: return try CompletionCommand.text(invocation.operands)
    case .man: return ManualPage.text
    case .egress: return try EgressCommand.text(invocation.options)
    case .check, .span, .demo, .agent, .diff, .merge, .logs, .run, .capture, .wait, .judge,
      .selftest,
      .bundle, .fleet, .audit:
      return nil
    }
  }

  private static func perform(_ invocation: Invocation, _ loop: MainLoop) async throws -> Int32 {
    switch invocation.command {
    case .check: try await CheckCommand.run(invocation.options, loop)
    case .span: try await CheckCommand.span(invocation.options, loop)
    case .bundle: try await CheckCommand.bundle(invocation.options, loop)
    case .audit: try await AuditCommand.run(invocation.options, loop)
    case .fleet: try await FleetCommand.run(invocation.options, loop)
    case .demo: try await DemoCommand.run(invocation.options, loop)
    case .selftest: try await SelftestCommand.run(invocation.options)
    case .agent: try await AgentCommand.run(invocation.options, loop)
    case .run:
      try await RunCommand.run(invocation.operands.count, invocation.options, loop)
    case .capture:
      try await CaptureCommand.run(invocation.operands.count, invocation.options, loop)
    case .wait: try await WaitCommand.run(invocation.options, loop)
    case .judge:
      try await JudgeCommand.run(invocation.operands.first ?? "", invocation.options, loop)
    case .list, .explain, .egress, .schema, .completion, .man, .help, .diff,
      .merge, .logs:
      ExitStatus.success
    }
  }

  /// Says what is wrong in one line; a monitoring system reads standard output alone.
  private static func report(_ error: any Error, for format: Format? = nil) -> Int32 {
    let (message, status) =
      switch error {
      case let error as UsageError: (error.message, ExitStatus.usage)
      case let error as OutputError: (error.message, ExitStatus.noOutput)
      case let error as InputError: (error.message, error.status)
      default:
        ("internal fault (\(type(of: error))); please report it", ExitStatus.internalFault)
      }
    Output.warn("dd-doctor: \(message)")
    guard format == .nagios else { return status }
    try? Output.write(NagiosReporter.unknown(message), to: STDOUT_FILENO)
    return NagiosReporter.State.unknown.rawValue
  }
}
