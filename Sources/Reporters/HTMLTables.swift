import Diagnosis

/// What is looked up rather than read: the configuration, and every check.
enum HTMLTables {
  /// Roles stand beside the elements because a narrow page shows rows as blocks, which would take
  /// a table's meaning from those who hear it.
  static func configuration(_ report: Report) -> Markup {
    guard !report.configuration.isEmpty else { return .empty }
    let rows = report.configuration.map { value -> Markup in
      let secret: Markup = value.secret ? " <span class=\"class\">secret</span>" : .empty
      let shadowed = value.shadowed.map { "<p class=\"source\">wins over \($0)</p>" as Markup }
      let standard: Markup =
        switch value.default {
        case nil: "<span class=\"none\">none</span>"
        case "": "<span class=\"none\">empty</span>"
        case let text?: "\(text)"
        }
      return """
        <tr role="row"><th role="rowheader" scope="row">\(value.name)\(secret)</th>\
        <td role="cell" class="value">\(value.value.isEmpty ? "(empty)" : value.value)\
        \(shadowed)</td>\
        <td role="cell"><span class="about">from </span>\(value.origin)</td>\
        <td role="cell"><span class="about">default </span>\(standard)</td></tr>

        """
    }
    return """
      <section aria-labelledby="configuration">
      <h2 id="configuration">\(counted(report.configuration.count, "setting"))</h2>
      <table role="table" class="configuration">
      <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Name</th>\
      <th role="columnheader" scope="col">Value</th><th role="columnheader" scope="col">From</th>\
      <th role="columnheader" scope="col">Default</th></tr></thead>
      <tbody role="rowgroup">
      \(rows)</tbody>
      </table>
      </section>

      """
  }

  static func checks(_ report: Report) -> Markup {
    guard !report.checks.isEmpty else { return .empty }
    var groups: [String] = []
    for finding in report.checks where !groups.contains(finding.group) {
      groups.append(finding.group)
    }
    let lists = groups.map { group -> Markup in
      let items = report.checks.filter { $0.group == group }.map(item)
      return "<h3>\(group)</h3>\n<ul class=\"checks\">\n\(items)</ul>\n"
    }
    return """
      <section aria-labelledby="checks">
      <h2 id="checks">\(counted(report.checks.count, "check"))</h2>
      <details>
      <summary>\(totals(report.summary))</summary>
      \(lists)</details>
      </section>

      """
  }

  private static func item(_ finding: Finding) -> Markup {
    """
    <li class="\(finding.status.rawValue)">\(HTMLStyle.icon(finding.status))\
    <span class="word">\(finding.status.rawValue)</span> \
    <span class="id">\(finding.id.rawValue)</span> \
    <span class="message">\(finding.message)</span></li>

    """
  }

  private static func totals(_ summary: Summary) -> String {
    [
      (summary.failed, "failed"), (summary.blocked, "blocked"), (summary.unknown, "unknown"),
      (summary.warning, "warning"), (summary.passed, "passed"), (summary.skipped, "skipped"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}
