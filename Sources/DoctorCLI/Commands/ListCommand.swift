import Checks
import Configuration
import Diagnosis
import Probes
import Reporters

/// `list`: every check, with the setups that use it and what it needs.
enum ListCommand {
  static func text(_ format: Format, withPlugins: Bool) throws -> String {
    let setups = Setup.allCases.map { setup in
      // What `capture` looks at belongs to every setup with an application that it can start.
      (
        setup.rawValue,
        Set(ids(.of(setup, verifying: true)) + (setup.hasRuntime ? ids(.application) : []))
      )
    }
    let project = try ProjectConfiguration.project()
    let own = project.map { Suite<Observations>.of($0).checks } ?? []
    let others = withPlugins ? Plugins.checks(for: project) : []
    let anywhere = Set((own.map(\.about) + others.map(\.about)).map(\.id))
    let checks = (Suite<Observations>.everything.checks + own + others).map(\.about).map { about in
      Entry(
        id: about.id.rawValue, title: about.title, group: about.id.group,
        setups: setups.filter { $0.1.contains(about.id) || anywhere.contains(about.id) }
          .map(\.0),
        needs: about.needs.map(\.rawValue), docs: about.docs)
    }
    if format == .json { return try JSONText.pretty(Listing(checks: checks)) + "\n" }
    let width = checks.map(\.id.count).max() ?? 0
    return checks.map { entry in
      entry.id + String(repeating: " ", count: width - entry.id.count + 2) + entry.title
    }.joined(separator: "\n") + "\n"
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
