import Checks
import Configuration
import Diagnosis
import Probes
import Reporters
import Wire

/// `explain`: a check or a variable, offline.
enum ExplainCommand {
  static func text(_ name: String) throws(UsageError) -> String {
    let checks = Suite<Observations>.everything.checks.map(\.about)
    if let about = checks.first(where: { $0.id.rawValue == name }) { return text(about) }
    if let entry = SettingsRegistry.entry(name) { return text(entry) }
    let group = checks.filter { $0.id.group == name }
    if !group.isEmpty { return group.map { text($0) }.joined(separator: "\n") }
    if name == name.uppercased(), let near = SettingsRegistry.nearest(to: name) {
      throw UsageError("nobody is known to read \(UsageError.shown(name)); did you mean \(near)?")
    }
    throw UsageError(unknown: "check or variable", name, among: checks.map(\.id.rawValue))
  }

  private static func text(_ about: About) -> String {
    let setups = Setup.allCases.filter { setup in
      Suite<Observations>.of(setup).checks.contains { $0.about.id == about.id }
    }
    var lines = ["\(about.id)  \(about.title)", ""]
    lines += wrapped(about.explanation, width: 78)
    lines += ["", "Fix:     " + wrapped(about.fix, width: 69).joined(separator: "\n         ")]
    if !about.needs.isEmpty {
      lines.append("Needs:   \(about.needs.map(\.rawValue).joined(separator: ", "))")
    }
    lines.append("Setups:  \(setups.map(\.rawValue).joined(separator: ", "))")
    lines.append("Docs:    \(about.docs)")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func text(_ entry: SettingsEntry) -> String {
    var lines = [entry.name]
    if let name = entry.aliasOf { lines.append("  another name of \(name)") }
    if let name = entry.deprecatedFor {
      lines.append("  deprecated: \(name) takes its place")
    } else if entry.isDeprecated {
      lines.append("  deprecated")
    }
    lines += [
      "",
      "Read by: "
        + wrapped(entry.readers.joined(separator: ", "), width: 69).joined(separator: "\n         "),
    ]
    for language in Language.allCases {
      guard let type = entry.types[language.rawValue] else { continue }
      let standard = entry.defaults[language.rawValue].map { "default \($0.isEmpty ? "''" : $0)" }
      lines.append(
        "  \(language.rawValue): \(type.rawValue), \(standard ?? "no default")")
    }
    if !entry.aliases.isEmpty { lines.append("Aliases: \(entry.aliases.joined(separator: ", "))") }
    lines += here(entry)
    lines.append("Docs:    https://docs.datadoghq.com/tracing/trace_collection/library_config/")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Who set it here, and what it won or lost against.
  private static func here(_ entry: SettingsEntry) -> [String] {
    let settings = HostProbe.configuration().settings().settings
    let environment = settings.environment
    guard let variable = environment[entry.name] else { return ["Here:    not set"] }
    var lines = [
      "Here:    \(variable.shown.isEmpty ? "empty" : variable.shown) (\(variable.origin))"
    ]
    for lost in environment.shadowed where lost.name == entry.name {
      lines.append("         wins over \(lost.shown) (\(lost.origin))")
    }
    let agent = AgentAddress.resolve(environment, settings.host, nil)
    if agent.origin.first?.name == entry.name, !agent.shadowed.isEmpty {
      lines.append("         wins over \(agent.shadowed.map(\.name).joined(separator: ", "))")
    }
    if agent.shadowed.contains(where: { $0.name == entry.name }) {
      lines.append("         loses to \(agent.originText)")
    }
    return lines
  }
}
