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
      near; the others are listed without a verdict, and of ten thousand only the first 64 are \
      compared.
      """,
    fix: "Correct the spelling where the application is started.",
    docs: Docs.settings,
    statuses: [.passed, .warning, .skipped], needsNetwork: false)

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    let named = seen.settings.environment.variables.filter { Self.isSetting($0.name) }
    guard !named.isEmpty else { return .skipped("no DD_, OPENAI_ or OTEL_ variable is set") }
    let unknown = named.filter { !SettingsRegistry.contains($0.name) }
    var misspelt: [Outcome] = []
    var others: [String] = []
    for variable in unknown.prefix(SecretNames.limit) {
      if !SettingsRegistry.isForeign(variable.name),
        let near = SettingsRegistry.nearest(to: variable.name)
      {
        misspelt.append(.warning(.misspelt(variable, near)))
      } else {
        others.append(variable.name)
      }
    }
    others += unknown.dropFirst(SecretNames.limit).map(\.name)
    return .worst(misspelt, else: Self.calm(named.count - unknown.count, others))
  }

  private static func calm(_ known: Int, _ others: [String]) -> Outcome {
    guard !others.isEmpty else { return .passed("\(known) known") }
    let limit = SecretNames.limit
    let rest = others.count - limit
    let list = Evidence(
      "others",
      measured: others.prefix(limit).joined(separator: " ") + (rest > 0 ? " and \(rest) more" : ""),
      source: "names that nobody is known to read"
        + (rest > 0 ? "; the first \(limit) were compared with known ones" : ""))
    return .passed("\(known) known, \(others.count) of others", evidence: [list])
  }

  private static func isSetting(_ name: String) -> Bool {
    let upper = name.uppercased()
    return ["DD_", "_DD_", "DD-", "DATADOG_", "OPENAI_", "OTEL_"].contains { upper.hasPrefix($0) }
  }
}

extension Problem {
  fileprivate static func misspelt(_ variable: Variable, _ near: String) -> Problem {
    let isKey = SettingsRegistry.entry(near)?.isSecret == true
    return Problem(
      "\(variable.name) is read by nobody; \(near) is", class: .misspelt,
      evidence: Evidence(
        variable.name, measured: "set in the \(variable.origin), in no registry", expected: near,
        source: "the tracers' registries of settings"),
      remedies: .renaming(variable, to: near, isKey: isKey))
  }
}
