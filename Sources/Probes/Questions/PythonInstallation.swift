package import Configuration
import Wire

/// What the application's Python says of its packages; nothing of them is imported.
package struct PythonInstallation: Question {
  package struct Package: Codable, Equatable, Sendable {
    /// Empty where its metadata does not tell.
    package var version: String
    package var folder: String
    /// `ok`, or the file that was built for another Python, machine or C library.
    package var native: String
    /// The file of another module that has its name and is found first.
    package var hiddenBy: String? {
      native.hasPrefix("hidden:") ? String(native.dropFirst("hidden:".count)) : nil
    }

    package init(version: String, folder: String = "", native: String = "ok") {
      self.version = version
      self.folder = folder
      self.native = native
    }
  }

  /// An interpreter that answered.
  package struct Interpreter: Codable, Equatable, Sendable {
    package var version: String
    package var isVirtual: Bool
    package var packages: [String: Package]
    /// Whether the operating system keeps pip out of it (PEP 668).
    package var isManaged: Bool?

    package init(
      version: String, isVirtual: Bool, packages: [String: Package], isManaged: Bool? = nil
    ) {
      self.isManaged = isManaged
      self.version = version
      self.isVirtual = isVirtual
      self.packages = packages
    }
  }

  package struct Answer: Codable, Equatable, Sendable {
    /// Nil where none was found.
    package var path: String?
    /// Why it is taken for the application's: `VIRTUAL_ENV`, a folder's name, or `PATH`.
    package var foundBy: String
    package var interpreter: Interpreter?
    /// How the program ended, where it did not answer as asked.
    package var fault: ProgramAnswer?
    /// The `ddtrace-run` that PATH leads to, or that lies beside a Python which PATH does not name.
    package var launcher: String?

    /// Whether its programs are found by their bare names.
    package var isOnPath: Bool { ["VIRTUAL_ENV", "PATH"].contains(foundBy) }

    package init(
      path: String?, foundBy: String, interpreter: Interpreter? = nil, fault: ProgramAnswer? = nil,
      launcher: String? = nil
    ) {
      self.launcher = launcher
      self.path = path
      self.foundBy = foundBy
      self.interpreter = interpreter
      self.fault = fault
    }
  }

  private let folder: String
  private let virtualEnvironment: String?
  private let pythonPath: [String]
  /// The program of a process that runs.
  private let program: String?

  package init(
    in folder: ApplicationFolder, _ environment: Environment, program: String? = nil
  ) {
    self.program = program
    self.folder = folder.path
    virtualEnvironment = environment.value("VIRTUAL_ENV")
    let bootstraps = environment.pythonPathTools.map(\.folder)
    pythonPath = environment.pythonPath.filter { !bootstraps.contains($0) }
  }

  package var key: String { "runtime.python" }

  package func ask(_ world: World) async -> Answer {
    let environment = ChildEnvironment(
      HostProbe.processEnvironment(), without: world.credentials)
    guard let (path, foundBy) = interpreter(environment) else {
      return Answer(path: nil, foundBy: "PATH")
    }
    let deadline = world.deadline
    // -E: no variable of Python's counts; -S: no code of site-packages runs before our own.
    let arguments = ["-E", "-S", "-c", Self.script] + pythonPath
    let said = await onThread {
      ChildProcess.run(path, arguments, environment, until: deadline)
    }
    guard said.isSuccess, let interpreter = Self.parse(said.output) else {
      var fault = said
      fault.output = printable(fault.output, limit: 200)
      fault.errors = printable(fault.errors, limit: 200)
      return Answer(path: path, foundBy: foundBy, fault: fault)
    }
    var answer = Answer(path: path, foundBy: foundBy, interpreter: interpreter)
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let beside = (folder + ["ddtrace-run"]).joined(separator: "/")
    answer.launcher =
      answer.isOnPath
      ? environment.path(of: "ddtrace-run") : Files.isEntry(beside) ? beside : nil
    return answer
  }

  /// The application's interpreter and what led to it.
  private func interpreter(_ environment: ChildEnvironment) -> (String, String)? {
    let name = program?.split(separator: "/").last ?? ""
    if let program, name.hasPrefix("python") { return (program, "the process") }
    if let virtualEnvironment, Files.isEntry("\(virtualEnvironment)/bin/python") {
      return ("\(virtualEnvironment)/bin/python", "VIRTUAL_ENV")
    }
    for name in [".venv", "venv"] where Files.isEntry("\(folder)/\(name)/bin/python") {
      return ("\(folder)/\(name)/bin/python", name)
    }
    for name in ["python3", "python"] {
      if let path = environment.path(of: name) { return (path, "PATH") }
    }
    return nil
  }

  /// Lists packages without importing any; `site` runs, a project's own `sitecustomize` does not.
  private static let script = """
    sys = __import__('sys')
    sys.path = [p for p in sys.path if p]
    os, site = __import__('os'), __import__('site')
    from importlib import machinery, util
    sys.modules['sitecustomize'] = sys.modules['usercustomize'] = sys
    site.main()
    sys.path[:0] = sys.argv[1:]
    def say(*words):
        print('\\t'.join(('dd-doctor',) + words))
    say('python', '.'.join(map(str, sys.version_info[:3])), str(int(sys.prefix != sys.base_prefix)))
    if os.path.exists(os.path.join(os.path.dirname(os.__file__), 'EXTERNALLY-MANAGED')):
        say('managed')
    found = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            stem, kind = os.path.splitext(name)
            if kind in ('.dist-info', '.egg-info'):
                project, _, version = stem.partition('-')
                project = project.lower().replace('-', '_').replace('.', '_')
                found.setdefault(project, version.split('-py')[0])
    for name, project in (('ddtrace', 'ddtrace'), ('openai', 'openai'),
                          ('opentelemetry', 'opentelemetry_distro'),
                          ('newrelic', 'newrelic'), ('elasticapm', 'elastic_apm')):
        try:
            spec = util.find_spec(name)
        except Exception:
            continue
        if spec is None or not spec.origin:
            continue
        folder = os.path.dirname(spec.origin)
        native = 'ok'
        if name == 'ddtrace':
            try:
                files = [f for f in os.listdir(os.path.join(folder, 'internal'))
                         if f.startswith('_encoding.') and f.endswith(('.so', '.pyd'))]
            except OSError:
                files = []
            ends = tuple(machinery.EXTENSION_SUFFIXES)
            if not os.path.isdir(os.path.join(folder, 'bootstrap')):
                native = 'hidden:' + spec.origin
            elif files and not any(f[9:] in ends for f in files):
                native = files[0]
        say('package', name, found.get(project, ''), folder, native)
    say('end')
    """

  private static func parse(_ output: String) -> Interpreter? {
    var interpreter: Interpreter?
    var isWhole = false
    for line in output.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard words.count >= 2, words[0] == "dd-doctor" else { continue }
      switch (words[1], words.count) {
      case ("python", 4):
        interpreter = Interpreter(version: words[2], isVirtual: words[3] == "1", packages: [:])
      case ("package", 6):
        interpreter?.packages[words[2]] = Package(
          version: printable(words[3], limit: 40), folder: printable(words[4], limit: 300),
          native: printable(words[5], limit: 300))
      case ("managed", 2):
        // A virtual environment of a managed Python is free.
        let isOwn = interpreter?.isVirtual == false
        interpreter?.isManaged = isOwn
      case ("end", 2): isWhole = true
      default: break
      }
    }
    return isWhole ? interpreter : nil
  }
}

extension Settings {
  package var pythonInstallation: PythonInstallation? {
    guard language == .python, let folder = host.application else { return nil }
    return PythonInstallation(in: folder, environment, program: host.workload?.program)
  }
}
