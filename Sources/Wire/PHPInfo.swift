/// What `php --ri ddtrace`, `php -i` or a `phpinfo()` page says of Datadog's extension.
package struct PHPInfo: Codable, Equatable, Sendable {
  /// A row of the extension's block, as `agent_error`.
  package struct Row: Codable, Equatable, Sendable {
    package var key: String
    package var value: String

    package init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// The row `Datadog tracing support`: `enabled` or `disabled`; nil without the extension.
  package var support: String?
  package var version: String?
  /// The last row: `passed` or `failed`; nil where there is none, as of a disabled tracer.
  package var verdict: String?
  /// The rows under `Diagnostics`, each one that did not pass.
  package var diagnostics: [Row] = []
  /// PHP says that the extension is not there.
  package var isAbsent = false
  /// PHP's own complaint about the extension's file at its start.
  package var loadingError: String?

  /// Reads text or HTML, in one pass; what is not of the extension is passed over.
  package init(_ text: String) {
    var isInDiagnostics = false
    for line in Self.lines(of: text) {
      if line.hasPrefix("Extension 'ddtrace' not present") { isAbsent = true }
      if loadingError == nil, line.holds("Unable to load dynamic library"), line.holds("ddtrace") {
        loadingError = line
      }
      if line == "Diagnostics" { isInDiagnostics = support != nil }
      guard let row = Self.row(line) else { continue }
      switch row.key {
      case "Datadog tracing support": support = row.value
      case "Version" where support != nil && version == nil: version = row.value
      case "Diagnostic checks" where support != nil:
        verdict = row.value
        isInDiagnostics = false
      case _ where isInDiagnostics: diagnostics.append(row)
      default: break
      }
    }
  }

  /// Lines without the blanks around them; of HTML a line for each row of a table.
  private static func lines(of text: String) -> [String] {
    guard text.holds("<tr") else {
      return text.split(whereSeparator: \.isNewline).map { trimmed($0) }
    }
    return text.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
      line.split(separator: "</tr>").map { part in
        trimmed(unescaped(withoutTags(part))[...])
      }
    }
  }

  /// `key => value`; nil for every other line, and for one of three columns.
  private static func row(_ line: String) -> Row? {
    guard let arrow = line.firstRange(of: " => ") else { return nil }
    return Row(String(line[..<arrow.lowerBound]), trimmed(line[arrow.upperBound...]))
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return String(text)
  }

  /// Text between tags; the border between two cells becomes an arrow.
  private static func withoutTags(_ part: Substring) -> String {
    var out = ""
    var rest = part
    while let start = rest.firstIndex(of: "<") {
      out += rest[..<start]
      let end = rest[start...].firstIndex(of: ">") ?? rest.endIndex
      let tag = rest[start..<end]
      if tag.hasPrefix("</td") || tag.hasPrefix("</th") { out += " => " }
      rest = end == rest.endIndex ? rest[end...] : rest[rest.index(after: end)...]
    }
    out += rest
    while out.hasSuffix(" => ") { out.removeLast(4) }
    return out.split(separator: " ").joined(separator: " ")
  }

  private static func unescaped(_ text: String) -> String {
    guard text.contains("&") else { return text }
    var text = text
    for (entity, sign) in [
      ("&quot;", "\""), ("&#039;", "'"), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"),
      ("&nbsp;", " "), ("&amp;", "&"),
    ] {
      text = text.replacing(entity, with: sign)
    }
    return text
  }
}
