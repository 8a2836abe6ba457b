import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether the Agent would keep the application's spans.
package struct AgentFilters: Check {
  package let about = About(
    id: "agent.filters",
    title: "Agent's filters keep the application's spans",
    explanation: """
      An Agent can be told to drop traces by the tags (filter_tags) or the resource \
      (ignore_resources) of their root span. It accepts such spans like all others and drops them \
      in silence. Newer Agents list their filters in /info, where they are held against DD_ENV, \
      DD_VERSION and DD_TAGS. The service is no tag to a filter: only dd-trace for Node writes one.
      """,
    fix:
      "Change the Agent's apm_config.filter_tags or ignore_resources, or the application's tags.",
    docs: Docs.ignoring,
    needs: [.agentAnswers],
    statuses: [.passed, .warning, .failed, .skipped])

  package init() {}

  package func judge(_ seen: Observations) async throws -> Outcome {
    guard let description = try await seen.agentInfo.description else {
      return .skipped("this Agent does not list its filters")
    }
    let settings = seen.settings
    let tags = Self.tags(settings, description)
    let rejecting =
      Self.rules("filter_tags.reject", description.rejectedTags)
      + Self.rules("filter_tags_regex.reject", description.rejectedTagPatterns, arePatterns: true)
    let requiring =
      Self.rules("filter_tags.require", description.requiredTags)
      + Self.rules("filter_tags_regex.require", description.requiredTagPatterns, arePatterns: true)
    let ignoring = description.ignoredResources.enumerated().map { place, text in
      (text, place < Rule.mostPatterns ? LinearPattern(text) : nil)
    }
    var outcomes: [Outcome] = []
    if let rule = rejecting.first(where: { $0.isMet(by: tags) == true }) {
      outcomes.append(.failed(.rejected(rule, settings)))
    }
    for rule in requiring where rule.isMet(by: tags) == false {
      outcomes.append(Self.missed(rule, tags, settings))
    }
    for case (let text, let pattern?) in ignoring {
      guard let resource = Self.resources.first(where: pattern.isMet) else { continue }
      outcomes.append(.warning(.ignored(text, resource, settings)))
    }
    let untold =
      (rejecting + requiring).filter { $0.isMet(by: tags) == nil }.map(\.text)
      + ignoring.filter { $0.1 == nil }.map(\.0)
    let fields = rejecting.filter { $0.key == "service" && tags["service"] == nil }.map(\.text)
    return Outcome.worst(
      Self.leading(outcomes),
      else: .passed(
        Self.calm(rejecting.count + requiring.count + ignoring.count, untold: untold.count),
        evidence: Self.notes(fields, "matches no tag: \(Self.field(settings))", settings)
          + Self.notes(untold, "not judged: more than the patterns that are read here", settings)))
  }

  /// The worst few: an Agent may list thousands of rules.
  private static func leading(_ outcomes: [Outcome]) -> [Outcome] {
    [Status.failed, .warning].flatMap { status in
      outcomes.filter { $0.status == status }.prefix(5)
    }
  }

  private static func field(_ settings: Settings) -> String {
    "service is a span field" + (settings.language == nil ? " (a tag too with Node)" : "")
  }

  /// Resources of the tracers' OpenAI spans.
  private static let resources = [
    "createChatCompletion", "chat.completions.create", "createCompletion", "createEmbedding",
    "createResponse", "listModels",
  ]

  private static func rules(_ name: String, _ texts: [String], arePatterns: Bool = false) -> [Rule]
  {
    texts.enumerated().map { Rule(name, $1, isPattern: arePatterns, place: $0) }
  }

  /// The tags of a root span that the configuration decides.
  ///
  /// The service is a field of the span; dd-trace alone writes it among the tags as well.
  private static func tags(_ settings: Settings, _ description: AgentDescription)
    -> [String: String]
  {
    var tags = Dictionary(settings.tags.map { ($0.key, $0.value) }) { _, last in last }
    tags["service"] = settings.language == .node ? settings.service : nil
    tags["env"] = settings.env ?? description.defaultEnvironment
    tags["version"] = settings.version
    return tags
  }

  /// A tag that the configuration decides is missing for certain; another may be set on the span.
  private static func missed(_ rule: Rule, _ tags: [String: String], _ settings: Settings)
    -> Outcome
  {
    if rule.key == "service", settings.language != .node {
      let problem = Problem.requiredField(rule, settings)
      return settings.language == nil ? .warning(problem) : .failed(problem)
    }
    let problem =
      rule.isPattern ? Problem.requiredPattern(rule, settings) : .required(rule, settings)
    return tags[rule.key] != nil ? .failed(problem) : .warning(problem)
  }

  private static func calm(_ count: Int, untold: Int) -> String {
    switch (count, untold) {
    case (0, _): "the Agent filters nothing"
    case (_, 0): "\(count) filters, none of them meets these tags"
    default: "\(count) filters, none of the \(count - untold) that can be judged meets these tags"
    }
  }

  private static func notes(_ rules: [String], _ words: String, _ settings: Settings) -> [Evidence]
  {
    rules.prefix(3).map {
      Evidence(
        "filter", measured: "\(printable($0, limit: 80)) \(words)",
        source: settings.agent.url("/info"))
    }
  }
}

/// A rule of the Agent's about one tag: `key`, `key:value` or `key:pattern`.
private struct Rule {
  /// How many patterns of a list are read: the list is a stranger's.
  static let mostPatterns = 200

  /// The longest value that a pattern is held against, in bytes.
  private static let longestValue = 4096

  /// The list that it stands in.
  let name: String
  let text: String
  let key: String
  /// Nil where any value will do.
  let value: String?
  let isPattern: Bool
  private let pattern: LinearPattern?

  init(_ name: String, _ text: String, isPattern: Bool, place: Int) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    self.name = name
    self.text = text
    self.isPattern = isPattern
    key = parts.first.map(String.init) ?? ""
    value = parts.count == 2 && !parts[1].isEmpty ? String(parts[1]) : nil
    pattern = isPattern && place < Self.mostPatterns ? value.flatMap(LinearPattern.init) : nil
  }

  /// As the Agent reads it; nil where it can't be told.
  func isMet(by tags: [String: String]) -> Bool? {
    guard let tag = tags[key] else { return false }
    guard let value else { return true }
    guard isPattern else { return tag == value }
    guard let pattern, tag.utf8.count <= Self.longestValue else { return nil }
    return pattern.isMet(by: tag)
  }
}

extension Problem {
  fileprivate static func rejected(_ rule: Rule, _ settings: Settings) -> Problem {
    Problem(
      "the Agent drops every trace with \(rule.text), and the application sets that",
      class: .filtered,
      evidence: evidence(
        rule.name, rule.text, "a rule that does not meet the application", settings),
      remedies: .edit("take '\(rule.text)' out of the Agent's \(rule.name)"))
  }

  fileprivate static func required(_ rule: Rule, _ settings: Settings) -> Problem {
    Problem(
      "the Agent keeps only traces with \(rule.text), and the application does not set that",
      class: .filtered,
      evidence: evidence(rule.name, rule.text, "a tag of the application", settings),
      remedies: setting(rule, settings),
      .edit("or take '\(rule.text)' out of the Agent's \(rule.name)"))
  }

  /// The variable that sets the tag; DD_TAGS with all that it holds already.
  private static func setting(_ rule: Rule, _ settings: Settings) -> Remedy {
    let value = rule.value ?? "<value>"
    switch rule.key {
    case "env": return .set("DD_ENV", to: value)
    case "service": return .set("DD_SERVICE", to: value)
    case "version": return .set("DD_VERSION", to: value)
    default: break
    }
    let others = settings.tags.filter { $0.key != rule.key }
      .map { $0.value.isEmpty ? $0.key : "\($0.key):\($0.value)" }
    return .set("DD_TAGS", to: (others + ["\(rule.key):\(value)"]).joined(separator: ","))
  }

  fileprivate static func requiredField(_ rule: Rule, _ settings: Settings) -> Problem {
    Problem(
      "the Agent keeps only traces with the tag \(rule.text), and the service is no tag to it:"
        + " every trace is dropped",
      class: .filtered,
      evidence: evidence(
        rule.name, rule.text, "a tag of the root span: service is a span field", settings),
      remedies: .edit("take '\(rule.text)' out of the Agent's \(rule.name)"))
  }

  fileprivate static func requiredPattern(_ rule: Rule, _ settings: Settings) -> Problem {
    Problem(
      "the Agent keeps only traces that meet \(rule.text), and the application's do not",
      class: .filtered,
      evidence: evidence(rule.name, rule.text, "a tag of the application", settings),
      remedies: .edit("take '\(rule.text)' out of the Agent's \(rule.name)"),
      .edit("or give the application a tag that meets it"))
  }

  fileprivate static func ignored(_ rule: String, _ resource: String, _ settings: Settings)
    -> Problem
  {
    Problem(
      "a trace whose root is an OpenAI call is dropped: the Agent ignores \(resource)",
      class: .filtered,
      evidence: evidence(
        "ignore_resources", rule, "no rule for OpenAI's resources (it meets root spans alone)",
        settings),
      remedies: .edit(
        "take '\(rule)' out of the Agent's ignore_resources (DD_APM_IGNORE_RESOURCES)"))
  }

  private static func evidence(
    _ name: String, _ rule: String, _ expected: String, _ settings: Settings
  ) -> Evidence {
    Evidence(name, measured: rule, expected: expected, source: settings.agent.url("/info"))
  }
}
