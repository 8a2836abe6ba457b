import Diagnosis

/// What the remedies of a report set, as lines for a POSIX shell; no secret ever stands in them.
struct EnvironmentExports {
  private var lines: [String] = []
  private var names: Set<String> = []

  init(_ findings: [Finding]) {
    // A shell runs what is printed: nothing of a plug-in's, or of what a report calls one.
    for finding in findings where finding.blockedBy == nil && finding.isOurs {
      for remedy in finding.settings { add(remedy, finding) }
    }
  }

  /// One export a line; what has to be filled in is a comment.
  var text: String { lines.map { $0 + "\n" }.joined() }

  private mutating func add(_ remedy: Remedy, _ finding: Finding) {
    guard let line = line(remedy), names.insert(remedy.variable ?? line).inserted else { return }
    let isOpen = (remedy.value ?? remedy.command ?? "").contains("<")
    guard isOpen || isExample(remedy, finding) else { return lines.append(line) }
    let source = remedy.text.isEmpty ? finding.id.rawValue : remedy.text
    lines.append("# \(line)  # \(visible(source))")
  }

  /// Whether the value is one of many that would do: only the user knows what a thing is called.
  private func isExample(_ remedy: Remedy, _ finding: Finding) -> Bool {
    let named = [
      "DD_SERVICE", "DD_ENV", "DD_VERSION", "DD_LLMOBS_ML_APP", "DD_AGENT_HOST",
      "DD_TRACE_AGENT_URL",
    ]
    guard let variable = remedy.variable, named.contains(variable) else { return false }
    // What stands there already and is only written wrong is no guess.
    return ![.misspelt, .malformed, .deprecated, .conflict].contains(finding.failureClass)
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

extension Finding {
  fileprivate var isOurs: Bool { !Plugins.canMean(id.rawValue) }
}
