import Configuration
package import Diagnosis
package import Probes

/// Whether the application's Python finds ddtrace, built for it.
package struct RuntimePythonTracer: Check {
  package let about = About(
    id: .runtimePythonTracer,
    title: "Python has ddtrace",
    explanation: """
      Asks the application's own Python (VIRTUAL_ENV, .venv or venv in the folder, else python3 on \
      PATH) for ddtrace, without importing it or anything of the application: its version, and \
      whether its native parts were built for this Python, machine and C library. ddtrace-run of one \
      environment does not help a program of another.
      """,
    fix: "Install ddtrace with the pip of the Python that runs the application.",
    docs: Docs.libraries + "python/",
    statuses: [.passed, .failed, .skipped, .unknown])

  package init() {}

  package func anticipate(_ seen: Observations) async {
    if let question = seen.settings.pythonInstallation { seen.begin(question) }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noRuntime(.python) { return .skipped(reason) }
    guard let question = settings.pythonInstallation else { return .skipped("no Python here") }
    let answer = try await seen.answer(question)
    guard let path = answer.path else { return .skipped("no Python is on PATH here") }
    guard let interpreter = answer.interpreter else {
      let fault = answer.fault ?? ProgramAnswer(path, .exited(0))
      return .unknown(.broken(fault, "its packages", expected: "a list of its packages"))
    }
    guard let tracer = interpreter.packages["ddtrace"] else {
      guard Self.isApplications(answer, settings) else {
        return .skipped(
          "\(path) has no ddtrace, but nothing tells that the application runs on it; activate its"
            + " virtual environment, or run dd-doctor in its folder")
      }
      return .failed(.notInstalled(path, interpreter, answer.foundBy))
    }
    if let file = tracer.hiddenBy { return .failed(.hidden(file, path)) }
    if tracer.native != "ok" { return .failed(.foreign(path, interpreter, tracer)) }
    if let old = Self.outdated(tracer, settings) { return .failed(.outdated(path, tracer, old)) }
    return .passed(
      "ddtrace \(tracer.version.isEmpty ? "of an unknown version" : tracer.version), Python"
        + " \(interpreter.version)",
      Evidence(
        "interpreter", measured: path, expected: "the application's own",
        source: answer.foundBy))
  }

  /// Whether anything says that this interpreter is the application's.
  private static func isApplications(_ answer: PythonInstallation.Answer, _ settings: Settings)
    -> Bool
  {
    answer.foundBy != "PATH" || answer.interpreter?.isVirtual == true
      || settings.host.projectFiles.contains { $0.language == .python }
      || settings.environment.ddtraceBootstrap != nil
  }

  /// The first version that has LLM Observability under the names of today.
  private static func outdated(_ tracer: PythonInstallation.Package, _ settings: Settings)
    -> String?
  {
    guard settings.setup.usesLLMObservability, let version = PackageVersion(tracer.version),
      let first = PackageVersion("2.14"), version < first
    else { return nil }
    return "2.14"
  }
}

extension Problem {
  fileprivate static func notInstalled(
    _ path: String, _ interpreter: PythonInstallation.Interpreter, _ foundBy: String
  ) -> Problem {
    Problem(
      "the application's Python has no ddtrace", class: .notInstalled,
      evidence: Evidence(
        "interpreter", measured: "\(path) (Python \(interpreter.version)): no ddtrace",
        expected: "ddtrace", source: "\(foundBy), importlib"),
      remedies: interpreter.isManaged == true
        ? .command(
          "\(shellQuoted(path)) -m venv .venv && .venv/bin/python -m pip install ddtrace",
          "the operating system keeps pip out of its own Python")
        : .command("\(shellQuoted(path)) -m pip install ddtrace"))
  }

  fileprivate static func hidden(_ file: String, _ path: String) -> Problem {
    Problem(
      "a module of the name ddtrace is found before Datadog's, or in its place", class: .conflict,
      evidence: Evidence(
        "ddtrace", measured: file, expected: "ddtrace in site-packages", source: path),
      remedies: .command("mv \(shellQuoted(file)) \(shellQuoted(file)).renamed"),
      .command("\(shellQuoted(path)) -m pip install ddtrace"))
  }

  fileprivate static func foreign(
    _ path: String, _ interpreter: PythonInstallation.Interpreter,
    _ tracer: PythonInstallation.Package
  ) -> Problem {
    Problem(
      "ddtrace \(tracer.version) was built for another Python, machine or C library",
      class: .incompatible,
      evidence: Evidence(
        "native module", measured: tracer.native,
        expected: "one that Python \(interpreter.version) of this machine loads",
        source: tracer.folder),
      remedies: .command(
        "\(shellQuoted(path)) -m pip install --force-reinstall ddtrace"))
  }

  fileprivate static func outdated(
    _ path: String, _ tracer: PythonInstallation.Package, _ first: String
  ) -> Problem {
    Problem(
      "ddtrace \(tracer.version) knows no LLM Observability by today's settings", class: .outdated,
      evidence: Evidence(
        "ddtrace", measured: tracer.version, expected: "\(first) or later", source: path),
      remedies: .command("\(shellQuoted(path)) -m pip install --upgrade ddtrace"))
  }
}
