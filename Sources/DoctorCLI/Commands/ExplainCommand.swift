import Checks
import Configuration
import Diagnosis
import Probes
import Reporters
import Wire

/// `explain`: checks or a variable, offline; a glob lists the names that it meets.
enum ExplainCommand {
  static func text(_ name: String) throws -> String {
    let project = try ProjectConfiguration.project()
    let checks = ProjectConfiguration.known(project)
    if let about = checks.first(where: { $0.id.rawValue == name }) { return text(about) }
    if let rung = Delivery.Rung(rawValue: name) { return text(rung) }
    if let entry = SettingsRegistry.entry(name) { return text(entry, project) }
    let others =
      Plugins.canMean(name) && name != name.uppercased()
      ? Plugins.checks(for: project).filter { Selection.matches($0.about.id.rawValue, name) } : []
    let group = checks.filter { Selection.matches($0.id.rawValue, name) }
    if !group.isEmpty || !others.isEmpty {
      return (group.map { text($0) } + others.map(text)).joined(separator: "\n")
    }
    if name.hasPrefix("project.endpoint") {
      return text(ProjectEndpoint(Project.Place(name: "NAME", url: "")).about)
    }
    if name.contains("*") || name.contains("?"), let list = variables(name) { return list }
    let upper = name.uppercased()
    if name == upper, let near = SettingsRegistry.nearest(to: name) {
      throw UsageError("nobody is known to read \(UsageError.shown(name)); did you mean \(near)?")
    }
    if ["DD_", "OPENAI_", "OTEL_"].contains(where: upper.hasPrefix) {
      // A check accuses none where several names are near; here one of them is meant.
      let names = SettingsRegistry.names(beginning: String(upper.prefix(6)))
      if let near = names.contains(upper) ? upper : Spelling.nearest(to: upper, among: names) {
        throw UsageError(
          "nobody is known to read \(UsageError.shown(name)); did you mean \(near)?")
      }
    }
    throw UsageError(unknown: "check or variable", name, among: checks.map(\.id.rawValue))
  }

  private static func isOurs(_ about: About) -> Bool {
    !Plugins.canMean(about.id.rawValue)
  }

  private static func text(_ about: About) -> String {
    let setups = Setup.allCases.filter { setup in
      !isOurs(about) || about.id.group == "project"
        || ListCommand.ids(usedBy: setup).contains(about.id)
    }
    var lines = wrapped("\(about.id)  \(about.title)", width: 80) + [""]
    lines += wrapped(about.explanation, width: 78)
    lines += ["", entry("Fix:", about.fix)]
    if !about.needs.isEmpty {
      lines.append(entry("Needs:", about.needs.map(\.rawValue).joined(separator: ", ")))
    }
    lines.append(entry("Setups:", setups.map(\.rawValue).joined(separator: ", ")))
    lines.append(entry("Docs:", about.docs))
    return lines.joined(separator: "\n") + "\n"
  }

  /// Of a check that is somebody else's: its file, too.
  private static func text(_ check: PluginCheck) -> String {
    text(check.about) + entry("Plug-in:", visible(check.plugin.path)) + "\n"
  }

  private static func text(_ rung: Delivery.Rung) -> String {
    let place = Delivery.Rung.allCases.firstIndex(of: rung).map { $0 + 1 } ?? 0
    return [
      "\(rung.rawValue)  rung \(place) of \(Delivery.Rung.allCases.count) of the delivery ladder",
      "",
      wrapped(meaning(of: rung), width: 78).joined(separator: "\n"), "",
      entry(
        "Marks:",
        "✓ proved by an answer, ✗ an answer says no, ? nobody could be asked, · below a rung that"
          + " failed, – this setup has no such rung"), entry("Docs:", Docs.connection),
    ].joined(separator: "\n") + "\n"
  }

  private static func meaning(of rung: Delivery.Rung) -> String {
    switch rung {
    case .configured:
      "Nothing in the variables, the tracer's files and the keys' shape stops telemetry. It is read"
        + " and not asked: all that --offline can prove."
    case .connected:
      "Something takes a connection at the address that the tracer uses, and answers as what it"
        + " should be: the Agent's /info, or the site's API over TLS where there is no Agent."
    case .accepted:
      "The test span was taken: by the Agent with the sampling rates that only an Agent answers, or"
        + " by the site's LLM Observability intake with 202. An Agent accepts before it looks at its"
        + " own key: accepted is not yet sent on."
    case .counted:
      "The Agent counts the span among those that it received, and none of its filters or its"
        + " sampling dropped it. Where its counters can't be read from here, nobody knows."
    case .forwarded:
      "The intake itself answered that it took the data, through the Agent's proxy or directly, or"
        + " the Agent's writer counted it as sent. A good key and a way out alone do not prove it."
    case .stored:
      "The span was found again by a question to Datadog, with an application key. Accepted data"
        + " can still be dropped by a retention filter or a quota; it takes a minute or two."
    }
  }

  /// A label and its text, wrapped below itself.
  private static func entry(_ label: String, _ text: String) -> String {
    label + String(repeating: " ", count: 9 - label.count)
      + wrapped(text, width: 69).joined(separator: "\n         ")
  }

  /// The names that a glob meets, each with the tracers that read it; nil where it meets none.
  private static func variables(_ glob: String) -> String? {
    let start = String(glob.prefix { $0 != "*" && $0 != "?" })
    let names = SettingsRegistry.names(beginning: start).filter { Selection.matches($0, glob) }
    guard !names.isEmpty else { return nil }
    let width = names.map(\.count).max() ?? 0
    return names.map { name in
      let readers = SettingsRegistry.entry(name)?.readers ?? []
      let tracers = Language.allCases.map(\.rawValue).filter(readers.contains)
      let shown = tracers.isEmpty ? Array(readers.prefix(1)) : tracers
      return name + String(repeating: " ", count: width - name.count + 2)
        + shown.joined(separator: " ") + "\n"
    }.joined()
  }
}

// A variable.
extension ExplainCommand {
  private static func text(_ entry: SettingsEntry, _ project: Project?) -> String {
    var lines = [entry.name]
    if let name = entry.aliasOf { lines.append("  another name of \(name)") }
    if let name = entry.deprecatedFor {
      lines.append("  deprecated: \(name) takes its place")
    } else if entry.isDeprecated {
      lines.append("  deprecated")
    }
    if entry.isSecret { lines.append("  a secret: its value is never shown") }
    let readers = entry.readers.map { reader in
      SettingsRegistry.releases[reader].map { "\(reader) (\($0))" } ?? reader
    }
    lines += ["", self.entry("Read by:", readers.joined(separator: ", "))]
    for language in Language.allCases {
      guard let type = entry.types[language.rawValue] else { continue }
      let standard = entry.defaults[language.rawValue].map { "default \($0.isEmpty ? "''" : $0)" }
      lines.append("  \(language.rawValue): \(type.rawValue), \(standard ?? "no default")")
    }
    if !entry.aliases.isEmpty {
      lines.append(self.entry("Aliases:", entry.aliases.joined(separator: ", ")))
    }
    let (settings, credentials) = HostProbe.configuration(project: project).settings()
    Output.guards(credentials)
    lines += here(entry, settings)
    lines.append(self.entry("Docs:", docs(of: entry.name)))
    return lines.joined(separator: "\n") + "\n"
  }

  /// The page on a variable: what sends with it, or who else reads it.
  private static func docs(of name: String) -> String {
    let pages = [
      ("OPENAI_", OpenAIPages.clients), ("AZURE_OPENAI_", Docs.openAI),
      ("OTEL_", "https://opentelemetry.io/docs/languages/sdk-configuration/"),
      ("DD_LLMOBS_", Docs.llmObservability), ("DD_SITE", Docs.sites), ("DD_API_KEY", Docs.keys),
      ("DD_APP_KEY", Docs.keys), ("DD_DOGSTATSD_", Docs.dogStatsD),
    ]
    return pages.first { name.hasPrefix($0.0) }?.1 ?? Docs.settings
  }

  /// Who set it here, and what it won or lost against.
  private static func here(_ entry: SettingsEntry, _ settings: Settings) -> [String] {
    let environment = settings.environment
    var lines: [String] = []
    if let variable = environment[entry.name] {
      lines.append(shown(variable))
      lines += environment.shadowed.filter { $0.name == entry.name }
        .map { "wins over \($0.shown) (\($0.origin))" }
    } else {
      lines.append("not set")
    }
    let agent = settings.agent
    if agent.origin.first?.name == entry.name, !agent.shadowed.isEmpty {
      lines.append("wins over \(agent.shadowed.map(\.name).joined(separator: ", "))")
    }
    if agent.shadowed.contains(where: { $0.name == entry.name }) {
      lines.append("loses to \(agent.originText)")
    }
    let others = Set(entry.aliases + [entry.aliasOf, entry.deprecatedFor].compactMap { $0 })
    for name in others.sorted() {
      if let other = environment[name] { lines.append("\(name) is set: \(shown(other))") }
    }
    return lines.enumerated().map { index, line in
      (index == 0 ? "Here:    " : "         ")
        + wrapped(line, width: 69).joined(separator: "\n         ")
    }
  }

  private static func shown(_ variable: Variable) -> String {
    "\(variable.isEmpty ? "empty" : variable.shown) (\(variable.origin))"
  }
}
