import Configuration
package import Diagnosis
package import Probes

/// Whether what starts the application loads ddtrace.
package struct RuntimePythonLaunch: Check {
  package let about = About(
    id: "runtime.python.launch",
    title: "Launch loads ddtrace",
    explanation: """
      Installed is not loaded: the application is to be started by ddtrace-run, or to import \
      ddtrace.auto first. Looked at are PYTHONPATH, where ddtrace-run and single-step \
      instrumentation leave their mark, and the project's Procfile, Dockerfile, compose file, start \
      scripts and top-level code. What is typed into another shell can't be seen.
      """,
    fix: "Start the application with ddtrace-run, or make `import ddtrace.auto` its first import.",
    docs: Docs.libraries + "python/",
    needs: [.runtimePythonTracer],
    statuses: [.passed, .warning, .failed, .skipped], needsNetwork: false)

  package init() {}

  package func anticipate(_ seen: Observations) async {
    if seen.settings.language == .python, let question = seen.settings.projectLaunch {
      seen.begin(question)
    }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noRuntime(.python) { return .skipped(reason) }
    guard let launch = try await seen.projectLaunch else { return .skipped(Settings.noApplication) }
    var problems = launch.commands.compactMap(Self.problem).map(Outcome.warning)
    if let bootstrap = settings.environment.ddtraceBootstrap {
      if !launch.pythonFolders.contains(bootstrap) {
        problems.append(.failed(.gone(bootstrap)))
      } else if let first = launch.sitecustomizes.first, first != bootstrap {
        problems.append(.warning(.shadowed(first, bootstrap)))
      }
    }
    let ways = Self.ways(settings, launch)
    if ways.isEmpty, let plain = launch.commands.first(where: \.startsPython) {
      problems.append(.warning(.plain(plain)))
    }
    let calm: Outcome =
      ways.isEmpty
      ? .skipped(Settings.unseenLaunch)
      : .passed("ddtrace is loaded by \(ways[0].measured)", evidence: ways)
    return .worst(problems, else: calm)
  }

  /// What loads the tracer, the surest first.
  private static func ways(_ settings: Settings, _ launch: ProjectLaunch.Answer) -> [Evidence] {
    var ways: [Evidence] = []
    if settings.environment.isInjected {
      ways.append(
        Evidence(
          "launch", measured: "single-step instrumentation", source: "DD_INJECTION_ENABLED"))
    }
    if let bootstrap = settings.environment.ddtraceBootstrap {
      ways.append(
        Evidence("launch", measured: "ddtrace-run", source: "PYTHONPATH: \(bootstrap)"))
    }
    ways += launch.commands.filter { $0.tools.contains(.datadog) }.map {
      Evidence("launch", measured: "ddtrace-run", source: $0.shown)
    }
    ways += launch.mentions.filter(\.loadsDDTrace).map {
      Evidence("launch", measured: "the code", source: $0.shown)
    }
    return ways
  }

  private static func problem(_ command: LaunchCommand) -> Problem? {
    guard command.tools.contains(.datadog) else { return nil }
    if command.starts("uwsgi") { return .uwsgi(command) }
    return command.isolatingFlag.map { .isolated($0, command) }
  }
}

extension LaunchCommand {
  /// Whether a line of Python loads the tracer.
  var loadsDDTrace: Bool {
    let text = text.filter { $0 != " " }
    return ["ddtrace.auto", "patch_all(", "LLMObs.enable(", "importpatch", "ddtrace.patch("]
      .contains { text.contains($0) }
  }
}

extension Problem {
  fileprivate static func gone(_ folder: String) -> Problem {
    Problem(
      "PYTHONPATH leads ddtrace's start to a folder that is not there", class: .notLoaded,
      evidence: Evidence(
        "PYTHONPATH", measured: "\(folder): no such folder", expected: "ddtrace's bootstrap folder",
        source: "environment"),
      remedies: .unset(
        "PYTHONPATH", "and start with the ddtrace-run beside the application's Python")
    )
  }

  fileprivate static func shadowed(_ folder: String, _ bootstrap: String) -> Problem {
    Problem(
      "another sitecustomize comes before ddtrace's", class: .conflict,
      evidence: Evidence(
        "PYTHONPATH", measured: "\(folder) before \(bootstrap)", expected: "ddtrace's folder first",
        source: "environment"),
      remedies: .edit("put \(bootstrap) first in PYTHONPATH: it starts the other one, too"))
  }

  fileprivate static func isolated(_ flag: String, _ command: LaunchCommand) -> Problem {
    Problem(
      "python \(flag) ignores what ddtrace-run sets", class: .notLoaded, evidence: command.evidence,
      remedies: .edit("take \(flag) out of the command in \(command.file), or import ddtrace.auto"))
  }

  fileprivate static func uwsgi(_ command: LaunchCommand) -> Problem {
    Problem(
      "ddtrace-run does not get along with uWSGI", class: .incompatible,
      evidence: command.evidence,
      remedies: .edit(
        "start uwsgi by itself with enable-threads, lazy-apps and import = ddtrace.auto"))
  }

  fileprivate static func plain(_ command: LaunchCommand) -> Problem {
    Problem(
      "\(command.file) starts Python without ddtrace-run, and no code at the top of the project"
        + " imports ddtrace",
      class: .notLoaded, evidence: command.evidence,
      remedies: .edit("put ddtrace-run before the command in \(command.file)"),
      .edit("or make `import ddtrace.auto` the first import of the application"))
  }
}
