import Diagnosis

/// What the remedies of a report set, as lines for a POSIX shell; no secret ever stands in them.
struct EnvironmentExports {
  private var lines: [String] = []
  private var names: Set<String> = []

  init(_ findings: [Finding]) {
    for finding in findings where finding.blockedBy == nil {
      for remedy in finding.settings { add(remedy, finding) }
    }
  }

  /// One export a line; what has to be filled in is a comment.
  var text: String { lines.map { $0 + "\n" }.joined() }

  private mutating func add(_ remedy: Remedy, _ finding: Finding) {
    guard let line = line(remedy), names.insert(remedy.variable ?? line).inserted else { return }
    let isOpen = (remedy.value ?? remedy.command ?? "").contains("<")
    guard isOpen else { return lines.append(line) }
    let source = remedy.text.isEmpty ? finding.id.rawValue : remedy.text
    lines.append("# \(line)  # \(visible(source))")
  }

  /// The command in a POSIX shell's words, whatever the report's are.
  private func line(_ remedy: Remedy) -> String? {
    switch remedy.kind {
    case .unset: remedy.variable.map { "unset \($0)" }
    case .set:
      if let variable = remedy.variable, let value = remedy.value {
        "export \(variable)=\(shellQuoted(value))" + (renamed(remedy) ?? "")
      } else {
        nil
      }
    case .command: remedy.command
    case .edit, .advice: nil
    }
  }

  /// Of a rename, the variable that goes.
  private func renamed(_ remedy: Remedy) -> String? {
    for word in ["; unset ", "; set -e "] {
      if let command = remedy.command, let found = command.firstRange(of: word) {
        return "; unset \(command[found.upperBound...])"
      }
    }
    return nil
  }
}
