import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether PHP loads Datadog's extension, with tracing on.
package struct RuntimePHPExtension: Check {
  package let about = About(
    id: .runtimePHPExtension,
    title: "PHP loads ddtrace",
    explanation: """
      Asks the php of PATH, by `php --ri ddtrace`, for the extension: there or not, its version, and \
      whether tracing is enabled. That is the command line's PHP; FPM and Apache read other \
      configuration folders, which are looked into where the command line has no extension.
      """,
    fix: "php datadog-setup.php --php-bin=all, then restart FPM or Apache.",
    docs: Docs.libraries + "php/",
    statuses: [.passed, .failed, .skipped, .unknown])

  package init() {}

  package func anticipate(_ seen: Observations) async {
    guard seen.settings.noRuntime(.php) == nil, let question = seen.settings.phpExtension else {
      return
    }
    seen.begin(question)
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noRuntime(.php) { return .skipped(reason) }
    guard let question = settings.phpExtension else { return .skipped(Settings.noApplication) }
    let answer = try await seen.answer(question)
    guard let program = answer.program, let info = answer.info else {
      return .skipped("no php is on PATH here")
    }
    if let support = info.support {
      guard support == "enabled" else { return .failed(.disabled(support, program)) }
      return .passed(
        "ddtrace \(info.version ?? "of an unknown version"), loaded by the command line's PHP")
    }
    if let error = info.loadingError { return .failed(.unloadable(error, program)) }
    guard info.isAbsent else {
      return .unknown(
        .broken(program, "its extensions", expected: "the rows of ddtrace, or that it is not there")
      )
    }
    if let file = answer.elsewhere.first {
      return .skipped("the command line's PHP has no ddtrace, but \(file) loads it: ask that PHP")
    }
    return .failed(.notInstalled(program))
  }
}

extension Settings {
  var phpExtension: PHPExtension? {
    guard language == .php, let folder = host.application else { return nil }
    return PHPExtension(in: folder)
  }
}

extension Problem {
  private static let setup =
    "curl -LO https://github.com/DataDog/dd-trace-php/releases/latest/download/datadog-setup.php"
    + " && php datadog-setup.php --php-bin=all"

  fileprivate static func disabled(_ support: String, _ program: ProgramAnswer) -> Problem {
    Problem(
      "PHP loads ddtrace, and tracing is \(support) in it", class: .disabled,
      evidence: Evidence(
        "Datadog tracing support", measured: support, expected: "enabled",
        source: "\(program.program) --ri ddtrace"),
      remedies: .command("php -i | grep -i -e ddtrace.disable -e datadog.trace.enabled"),
      .advice("a SAPI that ddtrace does not know, and an Xdebug that it refuses, disable it too"))
  }

  fileprivate static func unloadable(_ error: String, _ program: ProgramAnswer) -> Problem {
    let isMissing = error.contains("No such file")
    return Problem(
      isMissing
        ? "PHP is told to load ddtrace.so, and the file is not there"
        : "PHP can't load ddtrace.so: built for another PHP, machine or C library",
      class: isMissing ? .notLoaded : .incompatible,
      evidence: Evidence(
        "start", measured: error, expected: "no warning", source: program.program),
      remedies: .command(setup, "it installs the build that fits"))
  }

  fileprivate static func notInstalled(_ program: ProgramAnswer) -> Problem {
    Problem(
      "PHP does not load ddtrace", class: .notInstalled,
      evidence: Evidence(
        "extension", measured: "Extension 'ddtrace' not present", expected: "ddtrace",
        source: "\(program.program) --ri ddtrace"),
      remedies: .command(setup))
  }
}
