import Diagnosis

/// `help`, `--help` and `--version`, made from the table of commands.
enum HelpCommand {
  static func text(_ command: Command?) -> String {
    guard let command, command != .help else { return overview }
    var usage = "dd-doctor \(command.rawValue)"
    if let operand = command.operand {
      usage += operand.isOptional ? " [\(operand.name)]" : " \(operand.name)"
    }
    var lines = ["\(usage) [OPTIONS]", "", "  \(command.summary)", "", "Options:"]
    lines += options(of: command)
    if command == .logs { lines += ["", "Input:"] + logs }
    if [.demo, .agent, .capture].contains(command) {
      lines += ["", "Faults:"] + DemoCommand.faults
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static var overview: String {
    var lines = [
      "dd-doctor tells why an application's OpenAI telemetry does not reach Datadog,",
      "or proves how far it does, and says what to type next.",
      "",
      "  dd-doctor                     judge this process's configuration and its Agent",
      "  dd-doctor --info              the same in the words of ddtrace-run --info",
      "  dd-doctor demo                see the whole way with nothing else there",
      "",
      "Commands:",
    ]
    for command in Command.allCases {
      let name = [command.rawValue, command.operand?.name].compactMap { $0 }.joined(separator: " ")
      lines.append(row(name, 17, command.summary))
    }
    lines += ["", "Options of check:"] + options(of: .check)
    lines += [
      "", "Marks: ✓ passed, ! warning, ✗ failed, ○ blocked by a failed one, ? unknown, – skipped",
      "Exit:  0 nothing failed, 1 something failed, 3 could not be determined, 64 usage",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static let logs = [
    "  FILE is a log of an application, a tracer, an Agent or a Lambda function, the output of",
    "  ddtrace-run --info or --debug, php -i or phpinfo(); - is standard input. Plain, coloured,",
    "  or wrapped in JSON, of any size.",
    "", "Exit: 1 a known failure, 0 none, 3 nothing to read, 65 compressed, 66 no such file",
  ]

  private static func options(of command: Command) -> [String] {
    Option.all.filter { command.options.contains($0.name) }.map { option in
      let short = option.short.map { "-\($0), " } ?? "    "
      let name = short + "--\(option.name)" + (option.value.map { " \($0)" } ?? "")
      return row(name, 25, option.summary)
    }
  }

  /// A name and what it is, in 80 columns.
  private static func row(_ name: String, _ width: Int, _ summary: String) -> String {
    var lines = [""]
    for word in summary.split(whereSeparator: \.isWhitespace) {
      let line = lines[lines.count - 1]
      if !line.isEmpty, line.count + 1 + word.count > 77 - width { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    let first =
      name.count > width ? "  \(name)\n  \(padded("", width)) " : "  \(padded(name, width)) "
    return first + lines.joined(separator: "\n  \(padded("", width)) ")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
