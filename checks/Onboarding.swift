import Configuration
package import Diagnosis
package import Probes

extension Onboarding {
  /// What of the set-up is done in a project's folder, and the one next step.
  ///
  /// - Returns: nil where there is no project's folder, or the setup has no application in it.
  package init?(_ findings: [Finding], _ seen: Observations) async {
    let settings = seen.settings
    // What a tracer sent, and what was stored of a span, is not what a set-up is made of.
    guard settings.isProject, settings.setup.hasRuntime,
      !findings.contains(where: { ["application", "delivery"].contains($0.id.group) })
    else { return nil }
    let parts = Part.allCases.filter { $0 != .agent || settings.setup.usesAgent }
    let steps = parts.compactMap { part in
      part.status(findings).map { Step(part.rawValue, $0) }
    }
    let all = findings.filter { $0.blockedBy == nil && $0.failureClass != nil }
    let new = all.filter { $0.known != true }
    let causes = new.isEmpty ? all : new
    for status in [Status.failed, .unknown, .warning] {
      for part in parts {
        let own = causes.filter { $0.status == status && part.holds($0) }
        // What can be set here is set first: other hosts may answer once it is.
        guard let cause = own.first(where: part.isSetting) ?? own.first else { continue }
        let next = await part.next(cause, causes.filter(part.holds), seen)
        self.init(steps: steps, next: next.map(settings.fitting), check: cause.id)
        return
      }
    }
    let isLaunchSeen = !steps.contains { $0.name == Part.launch.rawValue && $0.status == .unknown }
    let isWhole = findings.contains { $0.status == .passed && Part.library.holds($0) }
    let launch = isLaunchSeen || !isWhole ? nil : await seen.launchCommand
    self.init(
      steps: steps, next: launch.map { .command($0, settings.whereToLook) }, check: nil)
  }

  /// The parts of a set-up, in the order in which they are done.
  private enum Part: String, CaseIterable {
    case library
    case agent = "Agent"
    case variables, launch

    func holds(_ finding: Finding) -> Bool {
      switch finding.id.rawValue {
      case "runtime.python.launch", "runtime.node.init", "runtime.duplicates": self == .launch
      case let id where id.hasPrefix("runtime."): self == .library
      case let id where id.hasPrefix("agent."): self == .agent
      default: self == .variables
      }
    }

    /// The worst of its checks; nil where none of them applies.
    func status(_ findings: [Finding]) -> Status? {
      let own = findings.filter(holds).map(\.status)
      if self == .launch, !own.isEmpty, own.allSatisfy({ $0 == .skipped }) {
        // Where the library is there, how the application is started is all that is left.
        let hasLibrary = findings.contains { Part.library.holds($0) && $0.status == .passed }
        return hasLibrary && findings.contains(where: Self.isLaunch) ? .unknown : nil
      }
      let worst: [Status] = [.failed, .unknown, .blocked, .warning, .passed]
      return worst.first(where: own.contains)
    }

    private static func isLaunch(_ finding: Finding) -> Bool {
      finding.message == Settings.unseenLaunch && finding.id != "runtime.duplicates"
    }

    func next(_ cause: Finding, _ causes: [Finding], _ seen: Observations) async -> Remedy? {
      switch self {
      case .library: await seen.installation(cause) ?? cause.remedies.first
      case .agent: seen.settings.firstAgent(cause) ?? cause.remedies.first
      case .variables:
        isSetting(cause) ? Self.exports(causes) ?? cause.remedies.first : cause.remedies.first
      case .launch: cause.remedies.first
      }
    }

    func isSetting(_ cause: Finding) -> Bool {
      self == .variables && cause.settings.contains { $0.kind == .set }
    }

    /// What all causes together want to be set, in one line.
    private static func exports(_ causes: [Finding]) -> Remedy? {
      var values: [(name: String, value: String)] = []
      for cause in causes {
        for remedy in cause.settings where remedy.kind == .set {
          guard let name = remedy.variable, let value = remedy.value,
            remedy.command?.contains("; unset") != true,
            !values.contains(where: { $0.name == name })
          else { continue }
          values.append((name, value))
        }
      }
      return values.isEmpty ? nil : .set(values)
    }
  }
}

extension Settings {
  /// Why nothing is said of how the application is started.
  static let unseenLaunch = "the launch command can't be seen from here"

  /// Whether this is the folder of a project whose language is known.
  fileprivate var isProject: Bool {
    host.application != nil && host.workload == nil && language != nil
      && host.projectFiles.contains { $0.language == language }
  }

  /// How the project would be called as a service.
  var projectName: String? { isProject ? host.application?.name : nil }

  /// Where an application's own data is found, by what it is found with.
  fileprivate var whereToLook: String {
    let host = site.site?.appHost ?? "app.datadoghq.com"
    let isLLM = setup.usesLLMObservability
    let app = isLLM ? environment.value("DD_LLMOBS_ML_APP") : nil
    let terms = [
      app.map { ("@ml_app", $0) } ?? service.map { ("service", $0) }, env.map { ("env", $0) },
    ].compactMap { $0 }.map { "\($0.0):\(queryEncoded($0.1))" }.joined(separator: "%20")
    return "then look at https://\(host)/\(isLLM ? "llm" : "apm")/traces?query=\(terms)"
      + (setup.usesAgent ? ", on the Agent's own site" : "")
  }

  /// The first Agent of a project for which nothing of Datadog's has been configured.
  fileprivate func firstAgent(_ cause: Finding) -> Remedy? {
    let isConfigured = environment.variables.contains { variable in
      ["DD_AGENT", "DD_TRACE", "DD_SERVICE", "DD_ENV"].contains { variable.name.hasPrefix($0) }
    }
    guard !isConfigured, cause.id == "agent.reachable", cause.failureClass == .refused else {
      return nil
    }
    switch host.platform {
    case .docker where host.containerID != nil:
      return .command(Remedies.runAgent(self), "on the machine that runs this container")
    case .host, .docker, .githubActions, .gitlabCI:
      return .command(Remedies.runAgent(self) + " && dd-doctor wait")
    case .kubernetes, .lambda, .ecsFargate, .ecs, .cloudRun, .azureFunctions, .appService:
      return nil
    }
  }
}

extension Observations {
  /// The command that installs the tracer, and what the project asks for besides.
  fileprivate func installation(_ cause: Finding) async -> Remedy? {
    guard cause.id == .runtimePythonTracer, cause.failureClass == .notInstalled,
      let question = settings.pythonInstallation,
      let answer = try? await self.answer(question),
      let path = answer.path, let interpreter = answer.interpreter
    else { return nil }
    let file = settings.host.projectFiles.first { $0.name == "requirements.txt" }
    let isBare = interpreter.packages["openai"] == nil
    var words = file != nil && isBare ? ["-r requirements.txt"] : []
    if file == nil, isBare, settings.host.projectFiles.contains(where: { $0.uses("openai") }) {
      words.append("openai")
    }
    if !(isBare && file?.uses("ddtrace") == true) { words.append("ddtrace") }
    let packages = words.joined(separator: " ")
    guard interpreter.isManaged == true else {
      return .command("\(shellQuoted(path)) -m pip install \(packages)")
    }
    return .command(
      "\(shellQuoted(path)) -m venv .venv && .venv/bin/python -m pip install \(packages)")
  }

  /// The line that starts the application with the tracer loaded.
  fileprivate var launchCommand: String? {
    get async {
      guard let language = settings.language else { return nil }
      switch language {
      case .python: return await pythonCommand
      case .node: return await nodeCommand
      case .php: return nil
      }
    }
  }

  private var pythonCommand: String? {
    get async {
      guard let question = settings.pythonInstallation,
        let answer = try? await self.answer(question), let path = answer.path
      else { return nil }
      let file = await mainFile(["app.py", "main.py", "server.py"]) ?? "<your_app>.py"
      let python = shellQuoted(path)
      // Where no ddtrace-run leads to this Python, the module is as good.
      guard let launcher = answer.launcher, launcher.folder == path.folder,
        let program = path.split(separator: "/").last
      else { return "\(python) -m ddtrace.commands.ddtrace_run \(python) \(quoted(file))" }
      return answer.isOnPath
        ? "ddtrace-run \(program) \(quoted(file))"
        : "\(shellQuoted(launcher)) \(python) \(quoted(file))"
    }
  }

  private var nodeCommand: String? {
    get async {
      guard let question = settings.nodeModules else { return nil }
      let modules = try? await self.answer(question)
      let file =
        await mainFile(["index.js", "app.js", "server.js", "main.js", "index.mjs", "app.mjs"])
        ?? "<your_app>.js"
      let isESM = modules?.isESM == true || file.hasSuffix(".mjs")
      let options = isESM ? "--import dd-trace/initialize.mjs" : "-r dd-trace/init"
      return "node \(options) \(quoted(file))"
    }
  }

  /// The file that takes OpenAI's library in, by its usual name where several do.
  private func mainFile(_ usual: [String]) async -> String? {
    let files = (try? await projectLaunch)?.mentions.map(\.file) ?? []
    return usual.first(where: files.contains) ?? files.first
  }

  /// A placeholder stays one.
  private func quoted(_ file: String) -> String { file.hasPrefix("<") ? file : shellQuoted(file) }
}

/// A text in a URL's query: letters, digits and what needs no escape stay as they are.
private func queryEncoded(_ text: String) -> String {
  text.utf8.map { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."):
      String(UnicodeScalar(byte))
    default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }.joined()
}

extension String {
  /// What stands before a path's last part.
  fileprivate var folder: String {
    split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }
}

extension ProjectFile {
  fileprivate func uses(_ package: String) -> Bool { mentions.contains(package) }
}
