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
      An Agent can be told to drop traces by tags (filter_tags) or by resource (ignore_resources). \
      It accepts such spans like all others and drops them in silence. Newer Agents list their \
      filters in /info, where they are held against DD_SERVICE, DD_ENV, DD_VERSION and DD_TAGS.
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
    if let rule = description.rejectedTags.first(where: { Self.matches($0, tags) }) {
      return .failed(.rejected("filter_tags.reject", rule, settings))
    }
    if let rule = description.rejectedTagPatterns.first(where: { Self.meets($0, tags) == true }) {
      return .failed(.rejected("filter_tags_regex.reject", rule, settings))
    }
    for rule in description.requiredTags where !Self.matches(rule, tags) {
      return Self.graded(.required("filter_tags.require", rule, settings), rule, tags)
    }
    for rule in description.requiredTagPatterns where Self.meets(rule, tags) == false {
      return Self.graded(.requiredPattern(rule, settings), rule, tags)
    }
    for rule in description.ignoredResources {
      guard let pattern = Self.pattern(rule),
        let resource = Self.resources.first(where: { $0.contains(pattern) })
      else { continue }
      return .failed(.ignored(rule, resource, settings))
    }
    let count =
      description.rejectedTags.count + description.requiredTags.count
      + description.rejectedTagPatterns.count + description.requiredTagPatterns.count
      + description.ignoredResources.count
    return .passed(
      count == 0 ? "the Agent filters nothing" : "\(count) filters, none of them meets these tags")
  }

  /// Resources of the tracers' OpenAI spans.
  private static let resources = [
    "createChatCompletion", "chat.completions.create", "createCompletion", "createEmbedding",
    "createResponse", "listModels",
  ]

  /// The tags of a root span that the configuration decides.
  private static func tags(_ settings: Settings, _ description: AgentDescription)
    -> [String: String]
  {
    var tags = Dictionary(settings.tags.map { ($0.key, $0.value) }) { _, last in last }
    tags["service"] = settings.service
    tags["env"] = settings.env ?? description.defaultEnvironment
    tags["version"] = settings.version
    return tags
  }

  /// `key` or `key:value`, as the Agent reads a filter.
  private static func matches(_ rule: String, _ tags: [String: String]) -> Bool {
    guard let colon = rule.firstIndex(of: ":") else { return tags[rule] != nil }
    return tags[String(rule[..<colon])] == String(rule[rule.index(after: colon)...])
  }

  /// The same for a pattern; nil where it can't be told.
  private static func meets(_ rule: String, _ tags: [String: String]) -> Bool? {
    guard let colon = rule.firstIndex(of: ":") else { return tags[rule] != nil }
    guard let value = tags[String(rule[..<colon])] else { return false }
    return pattern(String(rule[rule.index(after: colon)...])).map {
      value.prefix(200).contains($0)
    }
  }

  /// The pattern, unless it could keep a backtracking engine busy for long: it is a stranger's.
  private static func pattern(_ text: String) -> Regex<AnyRegexOutput>? {
    let repeats = text.utf8.filter { "*+{".utf8.contains($0) }.count
    let nests = [")*", ")+", "){", ")?"].contains { text.holds($0) }
    guard text.utf8.count <= 200, repeats <= 3, !nests else { return nil }
    return try? Regex(text)
  }

  /// A tag that the configuration decides is missing for certain; another may be set on the span.
  private static func graded(_ problem: Problem, _ rule: String, _ tags: [String: String])
    -> Outcome
  {
    tags[String(rule.prefix { $0 != ":" })] != nil ? .failed(problem) : .warning(problem)
  }
}

extension Problem {
  fileprivate static func rejected(_ name: String, _ rule: String, _ settings: Settings) -> Problem
  {
    Problem(
      "the Agent drops every trace with \(rule), and the application sets that", class: .filtered,
      evidence: evidence(name, rule, "a rule that does not meet the application", settings),
      remedies: .edit("take '\(rule)' out of the Agent's \(name)"))
  }

  fileprivate static func required(_ name: String, _ rule: String, _ settings: Settings) -> Problem
  {
    let parts = rule.split(separator: ":", maxSplits: 1).map(String.init)
    let set: Remedy =
      switch (parts.first, parts.count) {
      case ("env", 2): .set("DD_ENV", to: parts[1])
      case ("service", 2): .set("DD_SERVICE", to: parts[1])
      case ("version", 2): .set("DD_VERSION", to: parts[1])
      default:
        .set("DD_TAGS", to: parts.count == 2 ? rule : "\(rule):<value>", "add it to the others")
      }
    return Problem(
      "the Agent keeps only traces with \(rule), and the application does not set that",
      class: .filtered, evidence: evidence(name, rule, "a tag of the application", settings),
      remedies: set, .edit("or take '\(rule)' out of the Agent's \(name)"))
  }

  fileprivate static func requiredPattern(_ rule: String, _ settings: Settings) -> Problem {
    Problem(
      "the Agent keeps only traces that meet \(rule), and the application's do not",
      class: .filtered,
      evidence: evidence(
        "filter_tags_regex.require", rule, "a tag of the application", settings),
      remedies: .edit("take '\(rule)' out of the Agent's filter_tags_regex.require"),
      .edit("or give the application a tag that meets it"))
  }

  fileprivate static func ignored(_ rule: String, _ resource: String, _ settings: Settings)
    -> Problem
  {
    Problem(
      "the Agent drops spans whose resource is \(resource), as OpenAI's are", class: .filtered,
      evidence: evidence("ignore_resources", rule, "no rule for OpenAI's resources", settings),
      remedies: .edit(
        "take '\(rule)' out of the Agent's ignore_resources (DD_APM_IGNORE_RESOURCES)"))
  }

  private static func evidence(
    _ name: String, _ rule: String, _ expected: String, _ settings: Settings
  ) -> Evidence {
    Evidence(name, measured: rule, expected: expected, source: settings.agent.url("/info"))
  }
}
