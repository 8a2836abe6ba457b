import Configuration
import Diagnosis
import Reporters
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes a report in every format that was asked for, and says how the process ends.
struct ReportWriter {
  let options: Options

  init(_ options: Options) {
    self.options = options
  }

  var format: Format { options.format ?? .text }

  /// Whether a format that was asked for holds the observations.
  var wantsObservations: Bool {
    options.isBundle
      || ([format] + options.reports.map(\.format)).contains { $0 == .json || $0 == .ndjson }
  }

  /// Where the main report goes: standard output may be a command's, or hold exports.
  var stream: Int32 {
    options.isPreflight || options.printsEnvironment ? STDERR_FILENO : STDOUT_FILENO
  }

  func write(_ report: Report) throws -> Int32 {
    try write(report) { format, style in try Self.render(report, format, style) }
  }

  /// Writes a report of which some formats are made elsewhere.
  func write(_ report: Report, _ render: (Format, Style) throws -> String) throws -> Int32 {
    for target in options.reports {
      try Output.write(try render(target.format, Style()), toFile: target.path)
    }
    if options.isBundle {
      try SupportBundle(report).write(to: options.output ?? "-")
    } else if let path = options.output {
      try Output.write(try render(format, Style()), toFile: path)
    } else {
      try Output.write(try render(format, Terminal(stream).style(options)), to: stream)
    }
    if ([format] + options.reports.map(\.format)).contains(.github) {
      StepSummary.append(MarkdownReporter().render(report))
    }
    if options.printsEnvironment {
      try Output.write(exports(report), to: STDOUT_FILENO)
    }
    return format == .nagios ? NagiosReporter.State(report.verdict).rawValue : report.exitStatus
  }

  /// What belongs into a workload's description would do no good in this shell.
  private func exports(_ report: Report) -> String {
    let isElsewhere = SourceKind(rawValue: report.source.kind)?.isElsewhere == true
    return isElsewhere
      ? "# nothing to set here: it belongs into \(visible(report.source.name))\n"
      : EnvironmentExports(report.checks).text
  }

  static func render(_ report: Report, _ format: Format, _ style: Style) throws -> String {
    switch format {
    case .text: TextReporter(style).render(report)
    case .info: InfoReporter().render(report)
    case .json: try JSONReporter().render(report)
    case .ndjson: try NDJSONReporter().render(report)
    case .junit: JUnitReporter().render(report)
    case .tap: TAPReporter().render(report)
    case .sarif: try SARIFReporter().render(report)
    case .github: GitHubReporter().render(report)
    case .markdown: MarkdownReporter().render(report)
    case .html: HTMLReporter().render(report)
    case .prometheus: PrometheusReporter().render(report)
    case .nagios: NagiosReporter().render(report)
    }
  }
}
