import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the extension's own diagnostics pass, as its documentation asks.
package struct RuntimePHPDiagnostics: Check {
  package let about = About(
    id: "runtime.php.diagnostics",
    title: "PHP's diagnostics pass",
    explanation: """
      Reads what phpinfo() shows under ddtrace: the rows of Diagnostics and `Diagnostic checks`. \
      Any row makes that say failed, a deprecated name of a variable as much as an Agent that can't \
      be reached; each row is judged for what it means.
      """,
    fix: "Mend what the row names; then php --ri ddtrace says Diagnostic checks => passed.",
    docs: Docs.startupLogs,
    needs: [.runtimePHPExtension],
    statuses: [.passed, .warning, .failed, .skipped, .unknown],
    echoes: .agentReachable)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let settings = seen.settings
    if let reason = settings.noRuntime(.php) { return .skipped(reason) }
    guard let question = settings.phpExtension else { return .skipped(Settings.noApplication) }
    let answer = try await seen.answer(question)
    guard let program = answer.program, let info = answer.info else {
      return .skipped("no php is on PATH here")
    }
    let source = "\(program.program) --ri ddtrace"
    switch info.verdict {
    case "passed": return .passed("Diagnostic checks => passed")
    case "failed" where !info.diagnostics.isEmpty:
      return .worst(info.diagnostics.map { Self.judge($0, source) }, else: .passed("passed"))
    case "failed":
      return .unknown(.wordless("Diagnostic checks => failed, and no row says why", source))
    default:
      return .unknown(.wordless("no row 'Diagnostic checks'", source))
    }
  }

  private static func judge(_ row: PHPInfo.Row, _ source: String) -> Outcome {
    switch row.key {
    case "agent_error": return .failed(.agent(row, source))
    case let key where key.hasSuffix("_reachable"):
      return .failed(
        .row(
          row, "ddtrace does not find its own PHP files", .notLoaded, source,
          .command("php -i | grep datadog.trace.sources_path", "it must name a readable folder")))
    case let key where key.hasPrefix("open_basedir"):
      return .failed(
        .row(
          row, "open_basedir keeps ddtrace from its own PHP files", .permission, source,
          .edit("add /opt/datadog/dd-library to open_basedir in php.ini")))
    case "opcache_file_cache_set":
      return .warning(
        .row(
          row, "opcache.file_cache breaks extensions (bugs.php.net 79825)", .conflict, source,
          .edit("take opcache.file_cache out of php.ini")))
    case let key where key.hasPrefix("incompatible module"):
      return .failed(
        .row(
          row, "another extension makes ddtrace switch itself off", .incompatible, source,
          .edit("remove or upgrade that extension")))
    default:
      if row.value.contains("is deprecated") {
        return .warning(
          .row(row, row.value, .deprecated, source, .edit("use the new name of the variable")))
      }
      return .warning(
        .row(
          row, "ddtrace reports \(row.key)", .conflict, source,
          .advice("see what ddtrace's documentation says of \(row.key)")))
    }
  }
}

extension Problem {
  /// The tracer's own probe of the Agent failed; curl's words tell how.
  fileprivate static func agent(_ row: PHPInfo.Row, _ source: String) -> Problem {
    let text = row.value.lowercased()
    let kind: FailureClass =
      if text.contains("resolve") {
        .dns
      } else if text.contains("timeout") || text.contains("timed out") {
        .timeout
      } else {
        .refused
      }
    return self.row(
      row, "PHP's tracer does not reach the Agent: \(row.value)", kind, source,
      .set("DD_TRACE_AGENT_URL", to: "http://<agent host>:8126", "where the Agent really is"))
  }

  fileprivate static func row(
    _ row: PHPInfo.Row, _ message: String, _ kind: FailureClass, _ source: String, _ remedy: Remedy
  ) -> Problem {
    Problem(
      printable(message, limit: 200), class: kind,
      evidence: Evidence(
        printable(row.key), measured: printable(row.value, limit: 300), expected: "no such row",
        source: source),
      remedies: remedy)
  }

  fileprivate static func wordless(_ what: String, _ source: String) -> Problem {
    Problem(
      "PHP's diagnostics can't be read: \(what)", class: .protocol,
      evidence: Evidence(
        "Diagnostic checks", measured: what, expected: "passed, or failed with its rows",
        source: source),
      remedies: .command("php --ri ddtrace"))
  }
}
