import Checks
import Configuration
import Diagnosis
import Probes
import Wire

/// Which of a suite's checks run, and why the others do not.
struct Selection {
  /// Why a check that --skip names did not run.
  static let skipped = "left out by --skip"

  /// Why a check that the project's file names did not run; the day and the reason stand behind it.
  static let skippedByProject = "left out by .dd-doctor.json"

  /// Why a workload of another network is not probed from here.
  static let anotherNetwork = "another network"

  let checks: [any Check<Observations>]
  let excluded: [CheckID: String]
  /// What --only names; nil where it was not given.
  let named: Set<CheckID>?

  /// Why a plug-in is not run for another's configuration: it would look at this process's own.
  static let anothersConfiguration = "a configuration of --from; --probe-here runs it all the same"

  /// Of the suite that the settings ask for, and of plug-ins behind it.
  init(_ settings: Settings, _ options: Options, plugins: [PluginCheck] = []) throws(UsageError) {
    let suite = Suite<Observations> {
      .of(settings)
      for plugin in plugins { plugin }
    }
    try self.init(
      suite, options,
      isolation: settings.host.workload?.isElsewhere == true ? Self.anotherNetwork : nil,
      project: settings.host.project, all: .everything)
  }

  /// Of a suite; `isolation` says why nothing is probed from here, and is nil where it is.
  ///
  /// - Throws: `UsageError` for a pattern that meets no check at all.
  init(
    _ suite: Suite<Observations>, _ options: Options, isolation: String? = nil,
    project: Project? = nil, all: @autoclosure () -> Suite<Observations>
  ) throws(UsageError) {
    let patterns = options.only + options.skip
    let known =
      patterns.isEmpty
      ? []
      : (all().checks + (project.map { Suite.of($0).checks } ?? [])
        + suite.checks.filter { $0 is PluginCheck }).map(\.about.id)
    for pattern in patterns
    where !known.contains(where: { Self.matches($0.rawValue, pattern) }) {
      throw UsageError(unknown: "check", pattern, among: known.map(\.rawValue))
    }
    checks = suite.checks
    var excluded: [CheckID: String] = [:]
    named =
      options.only.isEmpty
      ? nil
      : Set(
        suite.checks.map(\.about.id).filter { id in
          options.only.contains { Self.matches(id.rawValue, $0) }
        })
    if let named {
      let needed = Self.closure(Array(named), suite)
      for check in suite.checks where !needed.contains(check.about.id) {
        excluded[check.about.id] = "left out by --only"
      }
    }
    for check in suite.checks
    where options.skip.contains(where: { Self.matches(check.about.id.rawValue, $0) }) {
      excluded[check.about.id] = Self.skipped
    }
    for skip in project?.skips ?? [] where skip.holds(on: project?.today ?? "") {
      for check in suite.checks where Self.matches(check.about.id.rawValue, skip.check) {
        // What the command line names runs all the same.
        guard named?.contains(check.about.id) != true else { continue }
        excluded[check.about.id] = excluded[check.about.id] ?? skip.words
      }
    }
    if let isolation {
      for check in suite.checks where check.about.needsNetwork {
        excluded[check.about.id] = excluded[check.about.id] ?? isolation
      }
    }
    if !options.from.isEmpty, !options.probesHere {
      for check in suite.checks where check is PluginCheck {
        excluded[check.about.id] = excluded[check.about.id] ?? Self.anothersConfiguration
      }
    }
    if options.offline {
      for check in suite.checks where check.about.needsNetwork {
        excluded[check.about.id] = excluded[check.about.id] ?? "offline"
      }
    }
    // Each start of an application must neither ask OpenAI about its key nor cost an LLM span.
    if options.isPreflight, options.only.isEmpty {
      for check in suite.checks
      where check.about.id.group == "openai" && check.about.needsNetwork
        || check.about.id == "llmobs.span"
      {
        excluded[check.about.id] = excluded[check.about.id] ?? "not asked before a start"
      }
    }
    self.excluded = excluded
  }

  /// The ids and all that they need.
  private static func closure(_ ids: [CheckID], _ suite: Suite<Observations>) -> Set<CheckID> {
    var found = Set(ids)
    for check in suite.checks.reversed() where found.contains(check.about.id) {
      found.formUnion(check.about.needs)
    }
    return found
  }

  /// `*` stands for any text, `?` for one character; a bare group is all of it.
  static func matches(_ id: String, _ pattern: String) -> Bool {
    if id == pattern || id.hasPrefix(pattern + ".") { return true }
    return glob(Array(id.utf8)[...], Array(pattern.utf8)[...])
  }

  private static func glob(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    // Iterative with one point to come back to: linear memory, no exponential patterns.
    var text = text
    var pattern = pattern
    var retry: (text: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
    while let byte = text.first {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        retry = (text, pattern)
      } else if let next = pattern.first, next == byte || next == UInt8(ascii: "?") {
        text = text.dropFirst()
        pattern = pattern.dropFirst()
      } else if let last = retry {
        text = last.text.dropFirst()
        pattern = last.pattern
        retry = (text, pattern)
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

extension Project.Skip {
  /// Why a check did not run, beginning as `--skip` does.
  fileprivate var words: String {
    let end = expires.map { " until \($0)" } ?? ""
    return "\(Selection.skippedByProject)\(end): \(printable(reason, limit: 200))"
  }
}
