import Configuration
package import Diagnosis
package import Probes

/// Whether the tracer instruments the version of OpenAI's library that is installed.
package struct RuntimeOpenAISDK: Check {
  package let about = About(
    id: "runtime.openai-sdk",
    title: "OpenAI's library is supported",
    explanation: """
      The tracer instruments OpenAI's own library, and leaves versions alone that are too old for \
      it: Python needs openai 1.0 (0.26 with ddtrace 2), Node 3.0. What is newer than what was tried \
      here is never a fault. Calls by other means (curl, another library) make no span at all.
      """,
    fix: "Upgrade the openai package of the application.",
    docs: Docs.compatibility,
    statuses: [.passed, .failed, .skipped])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    guard let language = settings.language else {
      return .skipped(settings.noRuntime(.python) ?? "")
    }
    guard settings.host.application != nil else { return .skipped(Settings.noApplication) }
    return switch language {
    case .python: try await Self.python(seen)
    case .node: try await Self.node(seen)
    case .php: try await Self.php(seen)
    }
  }

  private static func python(_ seen: Observations) async throws -> Outcome {
    guard let question = seen.settings.pythonInstallation else { return .skipped("no Python here") }
    let answer = try await seen.answer(question)
    guard let interpreter = answer.interpreter, let path = answer.path else {
      return .skipped("the application's Python did not tell its packages")
    }
    guard let package = interpreter.packages["openai"] else {
      return .skipped("openai is not installed for \(path): nothing to instrument by its name")
    }
    let tracer = interpreter.packages["ddtrace"].flatMap { PackageVersion($0.version) }
    let least = tracer.map { $0.major < 3 } == true ? "0.26" : "1.0"
    guard let own = PackageVersion(package.version), let bound = PackageVersion(least), own < bound
    else {
      return .passed(
        "openai \(package.version.isEmpty ? "of an unknown version" : package.version)")
    }
    return .failed(
      .outdated(
        "openai \(package.version)", least, "ddtrace", path,
        .command("\(shellQuoted(path)) -m pip install --upgrade openai")))
  }

  private static func node(_ seen: Observations) async throws -> Outcome {
    guard let question = seen.settings.nodeModules else { return .skipped("no Node here") }
    guard let version = try await seen.answer(question).packages["openai"]?.version else {
      return .skipped("openai is not in node_modules: nothing to instrument by its name")
    }
    guard let own = PackageVersion(version), own.major < 3 else {
      return .passed("openai \(version)")
    }
    return .failed(
      .outdated(
        "openai \(version)", "3.0", "dd-trace", "node_modules",
        .command("npm install openai@latest")))
  }

  private static func php(_ seen: Observations) async throws -> Outcome {
    guard let question = seen.settings.phpExtension else { return .skipped("no PHP here") }
    guard let client = try await seen.answer(question).client else {
      return .skipped("openai-php/client is not in vendor or composer.lock")
    }
    return .passed("openai-php/client \(client)")
  }
}

extension Problem {
  fileprivate static func outdated(
    _ package: String, _ least: String, _ tracer: String, _ source: String, _ remedy: Remedy
  ) -> Problem {
    Problem(
      "\(package) is too old for \(tracer): no call makes a span", class: .outdated,
      evidence: Evidence(
        "openai", measured: package, expected: "\(least) or later", source: source),
      remedies: remedy)
  }
}
