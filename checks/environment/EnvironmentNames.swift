import Configuration
package import Diagnosis
package import Probes

/// Whether every DD_, OPENAI_ and OTEL_ name is spelt as somebody reads it.
package struct EnvironmentNames: Check {
  package let about = About(
    id: "environment.names",
    title: "Variable names are known",
    explanation: """
      No tracer warns about a DD_ variable that it does not know: a misspelt name is ignored in \
      silence. Names are held against the registries of the three tracers and of all else that is \
      known to read such variables. A name that nobody knows is accused only where a known one is \
      near; the others are listed without a verdict.
      """,
    fix: "Correct the spelling where the application is started.",
    docs: Docs.settings,
    statuses: [.passed, .warning, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let named = seen.settings.environment.variables.filter { Self.isSetting($0.name) }
    guard !named.isEmpty else { return .skipped("no DD_, OPENAI_ or OTEL_ variable is set") }
    var others: [String] = []
    var misspelt: [Outcome] = []
    for variable in named where !SettingsRegistry.contains(variable.name) {
      guard !SettingsRegistry.isForeign(variable.name),
        let near = SettingsRegistry.nearest(to: variable.name)
      else {
        others.append(variable.name)
        continue
      }
      misspelt.append(.warning(.misspelt(variable, near)))
    }
    let known = named.count - others.count - misspelt.count
    let list = Evidence(
      "others", measured: others.joined(separator: " "),
      source: "names that nobody is known to read")
    return .worst(
      misspelt,
      else: .passed(
        others.isEmpty ? "\(known) known" : "\(known) known, \(others.count) of others",
        evidence: others.isEmpty ? [] : [list]))
  }

  private static func isSetting(_ name: String) -> Bool {
    let upper = name.uppercased()
    return ["DD_", "_DD_", "DD-", "DATADOG_", "OPENAI_", "OTEL_"].contains { upper.hasPrefix($0) }
  }
}

extension Problem {
  fileprivate static func misspelt(_ variable: Variable, _ near: String) -> Problem {
    // A key stays in the shell, whatever its name was; so does what is too long to read.
    let isPlain =
      variable.secret == nil && SettingsRegistry.entry(near)?.isSecret != true
      && variable.length < 200 && !variable.shown.isEmpty
    let rename: Remedy =
      isPlain
      ? .rename(variable.name, to: near, value: variable.shown)
      : .command(
        "export \(near)=\"$\(variable.name)\"; unset \(variable.name)", "the name was misspelt")
    return Problem(
      "\(variable.name) is read by nobody; \(near) is", class: .misspelt,
      evidence: Evidence(
        variable.name, measured: "set in the \(variable.origin), in no registry", expected: near,
        source: "the tracers' registries of settings"),
      remedies: rename)
  }
}
