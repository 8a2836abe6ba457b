package import Configuration
package import Diagnosis
package import Probes
import Wire

/// The checks that plug-ins are, each behind what it needs.
package struct PluginSuite {
  package let checks: [PluginCheck]

  /// - Parameters:
  ///   - plugins: what was found, and what each says of itself.
  ///   - project: whose checks they may need, too.
  ///   - suite: the ids of the setup's checks; nil where no setup is meant.
  package init(_ plugins: [Plugin], for project: Project? = nil, in suite: Set<CheckID>? = nil) {
    let own =
      Suite<Observations>.everything.checks + Suite<Observations>.of(project ?? Project()).checks
    var arrangement = Arrangement(known: Set(own.map(\.about.id)), suite: suite)
    checks = arrangement.checks(plugins)
  }

  /// What every report played back holds of plug-ins.
  package init(_ recorded: [Recorded], _ seen: Observations, in suite: Set<CheckID>) async {
    var plugins: [Plugin] = []
    for recorded in recorded where recorded.question.hasPrefix(PluginAnswer.prefix) {
      let name = String(recorded.question.dropFirst(PluginAnswer.prefix.count))
      let question = PluginAnswer(
        Plugin(name: name, path: "", state: .refused("")), report: nil)
      if var plugin = try? await seen.answer(question).plugin {
        plugin.name = name
        plugins.append(plugin)
      }
    }
    self.init(plugins, for: seen.settings.host.project, in: suite)
  }

  /// The group of a plug-in that can't be asked what it is called.
  static let group = "plugin"

  /// The groups of ids that are ours.
  package static let reservedGroups = Set(
    Suite<Observations>.everything.checks.map(\.about.id.group)
  ).union([group, ProjectVariables().about.id.group])
}

/// Holds what plug-ins say of themselves against all that is known.
private struct Arrangement {
  /// Ids of ours.
  let known: Set<CheckID>
  let suite: Set<CheckID>?
  private let reserved = PluginSuite.reservedGroups
  private var names: Set<CheckID> = []

  init(known: Set<CheckID>, suite: Set<CheckID>?) {
    self.known = known
    self.suite = suite
  }

  mutating func checks(_ plugins: [Plugin]) -> [PluginCheck] {
    var described: [(plugin: Plugin, about: About)] = []
    var checks: [PluginCheck] = []
    for plugin in plugins {
      switch plugin.state {
      case .refused(let reason): checks.append(nameless(plugin, .refused(plugin, reason)))
      case .undescribed(let said, let flaw):
        checks.append(nameless(plugin, .badAnswer(plugin, said, flaw, describing: true)))
      case .described(let description):
        if let flaw = flaw(description) {
          let said = ProgramAnswer(plugin.path, .exited(0))
          checks.append(nameless(plugin, .badAnswer(plugin, said, flaw, describing: true)))
        } else {
          described.append((plugin, description.about))
        }
      }
    }
    let shared = Dictionary(grouping: described, by: \.about.id).filter { $1.count > 1 }
    for (plugin, about) in described {
      guard let others = shared[about.id] else { continue }
      checks.append(nameless(plugin, .sharedID(about.id, others.map(\.plugin), plugin)))
    }
    return checks + ordered(described.filter { shared[$0.about.id] == nil })
  }

  /// Each behind what it needs; what can't be is told.
  private func ordered(_ described: [(plugin: Plugin, about: About)]) -> [PluginCheck] {
    let ids = Set(described.map(\.about.id))
    var checks: [PluginCheck] = []
    var rest = described
    var placed: Set<CheckID> = []
    while !rest.isEmpty {
      let next = rest.filter {
        $0.about.needs.allSatisfy { !ids.contains($0) || placed.contains($0) }
      }
      checks += next.map { check($0.plugin, $0.about, ids) }
      placed.formUnion(next.map(\.about.id))
      if next.isEmpty {
        let circle = circle(in: rest.map(\.about))
        checks += rest.filter { circle.contains($0.about.id) }.map {
          PluginCheck($0.plugin, $0.about.withoutNeeds, objection: .circle(circle, $0))
        }
        placed.formUnion(circle)
      }
      rest.removeAll { placed.contains($0.about.id) }
    }
    return checks
  }

  /// Of checks none of which can be first, those that wait for themselves.
  private func circle(in abouts: [About]) -> [CheckID] {
    let needs = Dictionary(
      abouts.map { ($0.id, $0.needs) }, uniquingKeysWith: { first, _ in first })
    return abouts.map(\.id).filter { id in
      var reached: Set<CheckID> = []
      var next = needs[id] ?? []
      while let one = next.popLast() {
        if reached.insert(one).inserted { next += needs[one] ?? [] }
      }
      return reached.contains(id)
    }
  }

  private func check(_ plugin: Plugin, _ about: About, _ ids: Set<CheckID>) -> PluginCheck {
    let all = known.union(ids)
    if let need = about.needs.first(where: { !all.contains($0) }) {
      return PluginCheck(
        plugin, about, objection: .unknownNeed(need, plugin, among: all.map(\.rawValue).sorted()))
    }
    let absent = about.needs.first { !ids.contains($0) && suite?.contains($0) == false }
    return PluginCheck(plugin, about, absent: absent)
  }

  /// What is wrong with a description that can be read.
  private func flaw(_ description: PluginDescription) -> String? {
    let parts = description.id.split(separator: ".", omittingEmptySubsequences: false)
    let group = parts.first.map(String.init) ?? ""
    let small = "abcdefghijklmnopqrstuvwxyz"
    let isID =
      parts.count > 1 && !group.isEmpty && group.utf8.allSatisfy(small.utf8.contains)
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy((small + "0123456789_-").utf8.contains)
      }
    guard isID else {
      return "id '\(description.id)' is no id, as acme.vault: small letters, a dot"
    }
    guard !reserved.contains(group) else {
      return "id '\(description.id)' is in \(group), a group of dd-doctor's own"
        + (known.contains(CheckID(description.id)) ? ", and one of its checks" : "")
    }
    let isLink =
      description.docs.hasPrefix("https://") && description.docs.utf8.count > 10
      && description.docs.utf8.allSatisfy { byte in
        byte > 0x20 && byte < 0x7F && !"\"<>\\^`{|}".utf8.contains(byte)
      }
    return isLink ? nil : "docs '\(description.docs)' is no https:// page"
  }

  /// A check for a plug-in of which nothing but its file's name is known.
  private mutating func nameless(_ plugin: Plugin, _ objection: Problem) -> PluginCheck {
    let letters = plugin.name.lowercased().utf8.prefix(60).map { byte in
      "abcdefghijklmnopqrstuvwxyz0123456789_-".utf8.contains(byte) ? byte : UInt8(ascii: "-")
    }
    let name = "\(PluginSuite.group).\(String(decoding: letters, as: UTF8.self))"
    var id = CheckID(name)
    var count = 1
    while !names.insert(id).inserted {
      count += 1
      id = CheckID("\(name)-\(count)")
    }
    let about = About(
      id: id, title: "Plug-in \(printable(plugin.name, limit: 40)) can be asked",
      explanation: """
        Executables on PATH whose names begin with dd-doctor-check- are checks of somebody else's. \
        This one can't be used: it does not describe itself as documented, its id is taken, or \
        others than root and you could have written it. Nothing is known of what it would say.
        """,
      fix: "Mend the plug-in, take it from PATH, or leave it out with --skip \(id).",
      docs: Docs.openAI, statuses: [.unknown, .skipped])
    return PluginCheck(plugin, about, objection: objection)
  }
}

extension PluginDescription {
  fileprivate var about: About {
    About(
      id: CheckID(id), title: title, explanation: explanation, fix: fix, docs: docs,
      needs: needs.map { CheckID($0) },
      statuses: Status.allCases.filter { $0 != .blocked })
  }
}

extension About {
  fileprivate var withoutNeeds: About {
    About(
      id: id, title: title, explanation: explanation, fix: fix, docs: docs, statuses: statuses)
  }
}

extension Problem {
  fileprivate static func refused(_ plugin: Plugin, _ reason: String) -> Problem {
    Problem(
      "the plug-in is not run: \(printable(reason, limit: 300))", class: .permission,
      evidence: Evidence(
        "plug-in", measured: plugin.shown,
        expected: "a file and a folder of root's or yours, which nobody else can write"),
      remedies: .command("ls -ld \(shellQuoted(plugin.shown))", "whose it is, and who may write it")
    )
  }

  fileprivate static func sharedID(_ id: CheckID, _ all: [Plugin], _ plugin: Plugin) -> Problem {
    let others = all.filter { $0.path != plugin.path }.map(\.shown).joined(separator: ", ")
    return Problem(
      "the plug-in is not run: \(id) is \(others), too", class: .conflict,
      evidence: Evidence("plug-in", measured: plugin.shown, expected: "an id of its own"),
      Evidence("\(id)", measured: others),
      remedies: .edit("give one of them another id, or take it from PATH"))
  }

  fileprivate static func unknownNeed(_ need: CheckID, _ plugin: Plugin, among ids: [String])
    -> Problem
  {
    Problem(
      "the plug-in needs '\(need)', which is no check\(Spelling.advice(for: need.rawValue, among: ids))",
      class: .misspelt,
      evidence: Evidence(
        "needs", measured: need.rawValue, expected: "an id that dd-doctor list shows",
        source: plugin.shown),
      remedies: .edit("correct needs in what \(plugin.shown) --describe prints"))
  }

  fileprivate static func circle(_ ids: [CheckID], _ one: (plugin: Plugin, about: About)) -> Problem
  {
    Problem(
      "the plug-in waits for itself: \(ids.map(\.rawValue).joined(separator: ", ")) need one another",
      class: .conflict,
      evidence: Evidence(
        "needs", measured: one.about.needs.map(\.rawValue).joined(separator: ", "),
        expected: "an order in which each can run", source: one.plugin.shown),
      remedies: .edit("take a need out of one of them"))
  }
}
