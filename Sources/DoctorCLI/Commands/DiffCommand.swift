import Diagnosis
import Reporters
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `diff A B`: what changed from one saved report to another, offline.
enum DiffCommand {
  static func run(_ paths: [String], _ options: Options) throws -> Int32 {
    guard let first = paths.first, let last = paths.last, paths.count == 2 else {
      throw UsageError("diff needs two reports: dd-doctor diff BEFORE AFTER")
    }
    let before = try InputFile.report(first)
    let after = try InputFile.report(last)
    let text: String
    switch options.format ?? .text {
    case .text: text = DiffReporter().render(before, after)
    case .json: text = try JSONText.pretty(ReportDiff(from: before, to: after)) + "\n"
    case .info, .ndjson, .junit, .tap, .sarif, .github, .markdown, .html, .prometheus, .nagios:
      throw UsageError("diff has two formats: text and json")
    }
    if let path = options.output {
      try Output.write(text, toFile: path)
    } else {
      try Output.write(text, to: STDOUT_FILENO)
    }
    return ReportDiff(from: before, to: after).isWorse ? ExitStatus.failed : ExitStatus.success
  }
}
