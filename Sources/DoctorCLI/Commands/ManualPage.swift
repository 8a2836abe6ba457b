import Configuration
import Reporters

/// `man`: the manual page in mdoc(7), made from the same table as the help.
enum ManualPage {
  static var text: String {
    var lines = [
      ".Dd \(Version.date)", ".Dt DD-DOCTOR 1", ".Os", ".Sh NAME", ".Nm dd-doctor",
      ".Nd tell why OpenAI telemetry does not reach Datadog", ".Sh SYNOPSIS", ".Nm",
      ".Op Ar COMMAND", ".Op Ar OPTIONS", ".Sh DESCRIPTION",
    ]
    lines += prose(
      """
      Judges the configuration of an application that sends its OpenAI calls to Datadog, and the way \
      that it leads to: variables, Agent, site, keys, LLM Observability, OpenAI and the tracer as it \
      is installed. The report names the cause, the evidence and what to type next.
      """)
    lines += [".Pp", "Without a command it is", ".Cm check .", ".Ss Commands"]
    lines += list(Command.allCases.map { (synopsis($0), $0.summary) })
    lines += [".Ss Options"] + prose("What a command takes is told by its --help.")
    lines += list(Option.all.map { (synopsis($0), $0.summary) })
    lines += [".Sh ENVIRONMENT"] + list(environment.map { (".It Ev \($0.0)", $0.1) })
    lines += [".Sh FILES"] + list(files.map { (".It Pa \($0.0)", $0.1) })
    lines += [".Sh EXIT STATUS"] + list(ExitStatus.meanings.map { (".It \($0.0)", $0.1) })
    lines += [".Sh EXAMPLES"] + examples.map(example).joined(separator: [".Pp"])
    lines += [
      ".Sh SEE ALSO",
      ".Lk https://docs.datadoghq.com/integrations/openai/ \"Datadog's OpenAI documentation\"",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func synopsis(_ command: Command) -> String {
    guard let operand = command.operand else { return ".It Cm \(command.rawValue)" }
    let words = escaped(operand.name)
    return ".It Cm \(command.rawValue) \(operand.isOptional ? "Op " : "")Ar \(words)"
  }

  private static func synopsis(_ option: Option) -> String {
    let short = option.short.map { "Fl \($0) , " } ?? ""
    return ".It \(short)Fl -\(option.name)" + (option.value.map { " Ar \(escaped($0))" } ?? "")
  }

  private static func list(_ items: [(head: String, text: String)]) -> [String] {
    [".Bl -tag -width Ds"] + items.flatMap { [$0.head] + prose($0.text) } + [".El"]
  }

  private static func example(_ text: String, _ command: String) -> [String] {
    prose(text) + [".Bd -literal -offset indent"] + [escaped(command)] + [".Ed"]
  }

  /// A sentence a line, without what mdoc would read as its own.
  private static func prose(_ text: String) -> [String] {
    var sentences = [""]
    for word in text.split(whereSeparator: \.isWhitespace) {
      if sentences[sentences.count - 1].hasSuffix(".") { sentences.append("") }
      let line = sentences[sentences.count - 1]
      sentences[sentences.count - 1] = line.isEmpty ? String(word) : "\(line) \(word)"
    }
    return sentences.flatMap { wrapped($0, width: 76) }.map(escaped)
  }

  private static func escaped(_ line: String) -> String {
    let line = line.replacing("\\", with: "\\e").replacing("--", with: "\\-\\-")
    return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
  }

  private static let environment: [(String, String)] = [
    ("DD_*", "what the tracers and the Agent read; explain says of each name who does"),
    (
      "OPENAI_API_KEY, OPENAI_ADMIN_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID, OPENAI_PROJECT_ID",
      "the keys that are judged, and where they lead"
    ),
    (
      "HTTPS_PROXY, NO_PROXY",
      "the way to Datadog's sites and to OpenAI, never to the Agent, which tracers reach directly"
    ),
    ("SSL_CERT_FILE", "the authorities to trust, as --cacert"),
    ("NO_COLOR, CLICOLOR_FORCE", "no colour, or colour where nobody looks"),
    ("GITHUB_STEP_SUMMARY", "with --format github: a summary is appended to the file"),
  ]

  private static let files: [(String, String)] = [
    (
      TracerFile.known[0].path,
      "set by Datadog's fleet management; outranks the environment"
    ),
    (TracerFile.known[1].path, "underlies the environment"),
    (
      Project.fileName,
      "of the working folder, or of one above it in the same repository: what the project asks for; schema project describes it"
    ),
    (
      "dd-doctor-check-*",
      "on PATH, without relative folders and the distribution's own: checks of others, which are run; schema plugin describes what they say, --no-plugins runs none"
    ),
    (AgentAddress.defaultSocket, "the Agent's socket, used where no variable names an address"),
    (
      ProjectFile.known.map(\.name).joined(separator: ", "),
      "in the working folder: the language, and what the application uses"
    ),
  ]

  private static let examples: [(String, String)] = [
    ("Judge the configuration of this shell:", "dd-doctor"),
    ("The same in the words of ddtrace-run --info:", "dd-doctor --info"),
    (
      "Wait for the Agent, then check, then become the application:",
      "dd-doctor wait && exec dd-doctor run -- ddtrace-run python app.py"
    ),
    ("For a ticket, with a summary on the terminal:", "dd-doctor --report json=report.json"),
    ("What a check or a variable means:", "dd-doctor explain agent.forwarding"),
    ("Complete commands, checks and variables in bash:", "source <(dd-doctor completion bash)"),
  ]
}
