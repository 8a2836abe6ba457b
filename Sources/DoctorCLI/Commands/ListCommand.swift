import Checks
import Configuration
import Diagnosis
import Probes
import Reporters

/// `list`: every check, with the setups that use it and what it needs.
enum ListCommand {
  static func text(_ options: Options) throws -> String {
    let setups = Setup.allCases.map { ($0.rawValue, ids(usedBy: $0)) }
    let project = try ProjectConfiguration.project()
    let own = project.map { Suite<Observations>.of($0).checks } ?? []
    let others = options.plugins ? Plugins.checks(for: project) : []
    let anywhere = Set((own.map(\.about) + others.map(\.about)).map(\.id))
    let checks = (Suite<Observations>.everything.checks + own + others).map(\.about).map { about in
      Entry(
        id: about.id.rawValue, title: about.title, group: about.id.group,
        setups: setups.filter { $0.1.contains(about.id) || anywhere.contains(about.id) }
          .map(\.0),
        needs: about.needs.map(\.rawValue), docs: about.docs)
    }
    if options.format == .json { return try JSONText.pretty(Listing(checks: checks)) + "\n" }
    let width = (checks.map(\.id.count).max() ?? 0) + 2
    return checks.flatMap { entry in
      let id = entry.id + String(repeating: " ", count: width - entry.id.count)
      guard !options.quiet else { return [id + entry.title] }
      let setups = entry.setups.count == Setup.allCases.count ? ["all"] : entry.setups
      return labelled(id, entry.title)
        + labelled("    setups  ", setups.joined(separator: " "))
        + (entry.needs.isEmpty
          ? [] : labelled("    needs   ", entry.needs.joined(separator: " ")))
    }.joined(separator: "\n") + "\n"
  }

  /// A label and its text, wrapped below itself.
  private static func labelled(_ label: String, _ text: String) -> [String] {
    wrapped(text, width: 80 - label.count).enumerated().map { index, line in
      (index == 0 ? label : String(repeating: " ", count: label.count)) + line
    }
  }

  /// What a setup uses; `capture` looks at every one with an application that it can start.
  static func ids(usedBy setup: Setup) -> Set<CheckID> {
    Set(ids(.of(setup, verifying: true)) + (setup.hasRuntime ? ids(.application) : []))
  }

  private static func ids(_ suite: Suite<Observations>) -> [CheckID] {
    suite.checks.map(\.about.id)
  }

  private struct Listing: Encodable {
    let checks: [Entry]
  }

  private struct Entry: Encodable {
    let id: String
    let title: String
    let group: String
    let setups: [String]
    let needs: [String]
    let docs: String
  }
}
