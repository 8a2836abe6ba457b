import Diagnosis
import Reporters
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `merge F...`: the saved reports of many hosts in one, offline.
enum MergeCommand {
  static func run(_ paths: [String], _ options: Options) throws -> Int32 {
    guard [nil, .text, .json, .ndjson].contains(options.format) else {
      throw UsageError("merge has three formats: text, json and ndjson")
    }
    var parts: [MergedReport.Part] = []
    for path in paths { try read(path, into: &parts) }
    guard !parts.isEmpty else {
      throw InputError(
        ExitStatus.badInput,
        "\(paths.map(InputFile.shown).joined(separator: ", ")): events of dd-doctor, and no report")
    }
    let merged = MergedReport(parts)
    let text =
      switch options.format ?? .text {
      case .json: try JSONText.pretty(merged) + "\n"
      case .ndjson: try merged.lines()
      default: merged.text
      }
    if let path = options.output {
      try Output.write(text, toFile: path)
    } else {
      try Output.write(text, to: STDOUT_FILENO)
    }
    return merged.exitStatus
  }

  /// Of several reports in a file, the number and the Agent tell one from the others.
  private static func read(_ path: String, into parts: inout [MergedReport.Part]) throws {
    let name = InputFile.shown(path)
    let first = parts.count
    try InputFile.reports(path) { parts.append(MergedReport.Part(name, $0)) }
    guard parts.count > first + 1 else { return }
    for index in first..<parts.count {
      let agent = parts[index].agent.url.map { " (\($0))" } ?? ""
      parts[index].name = "\(name)#\(index - first + 1)\(agent)"
    }
  }
}
