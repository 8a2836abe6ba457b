#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The summary of a step on GitHub: Markdown behind what other steps' tools have written there.
enum StepSummary {
  /// GitHub refuses a summary of more than one mebibyte, whole.
  private static let limit = 1024 * 1024

  /// Appends to the file that `GITHUB_STEP_SUMMARY` names, if it names one.
  ///
  /// Nobody asked for it by name, so a file that can't be written is a line on standard error and
  /// changes no exit status.
  static func append(_ markdown: String) {
    guard let path = getenv("GITHUB_STEP_SUMMARY").map({ String(cString: $0) }), !path.isEmpty
    else { return }
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    let code = errno
    guard descriptor >= 0 else {
      return Output.warn("dd-doctor: GITHUB_STEP_SUMMARY: \(String(cString: strerror(code)))")
    }
    defer { close(descriptor) }
    var status = stat()
    let size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    guard size + markdown.utf8.count < limit else {
      return Output.warn("dd-doctor: GITHUB_STEP_SUMMARY: no room left for this report")
    }
    do throws(OutputError) {
      try Output.write((size > 0 ? "\n" : "") + markdown, to: descriptor)
    } catch {
      Output.warn("dd-doctor: GITHUB_STEP_SUMMARY: \(error.message)")
    }
  }
}
