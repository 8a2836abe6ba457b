import Checks
import Configuration
import Diagnosis
import Probes

/// The project's own file, held against the checks that there are.
enum ProjectConfiguration {
  /// - Throws: `InputError` naming the file, the line and what to write there.
  static func project() throws(InputError) -> Project? {
    do throws(ProjectError) {
      guard let project = try HostProbe.project() else { return nil }
      try project.holdSkips(against: known(project).map(\.id))
      return project
    } catch {
      throw InputError(ExitStatus.badInput, error.message)
    }
  }

  /// Every check there is, and what the project adds.
  static func known(_ project: Project?) -> [About] {
    (Suite<Observations>.everything.checks + Suite<Observations>.of(project ?? Project()).checks)
      .map(\.about)
  }
}

extension Project {
  fileprivate func holdSkips(against ids: [CheckID]) throws(ProjectError) {
    for skip in skips
    where !ids.contains(where: { Selection.matches($0.rawValue, skip.check) }) {
      let names = ids.map(\.rawValue) + Set(ids.map { "\($0.group).*" }).sorted()
      // A plug-in's id, where nothing of ours is near it: it need not be installed everywhere.
      guard !Plugins.canMean(skip.check) || Spelling.nearest(to: skip.check, among: names) != nil
      else { continue }
      throw ProjectError(
        path, skip.line,
        "unknown check \(UsageError.shown(skip.check))"
          + Spelling.advice(for: skip.check, among: names)
      )
    }
  }
}
