/// The environment variables that Datadog's tracers, Agents and OpenAI's clients read.
package enum SettingsRegistry {
  static let languages = ["python", "node", "php"]

  /// The release of each tracer whose own list of settings this is.
  package static let releases = [
    "python": "ddtrace 4.16", "node": "dd-trace 6.12", "php": "ddtrace 1.24",
  ]

  static var data: SettingsText { SettingsText(text) }

  /// What is known of a name, nil if nobody is known to read it; exact and case-sensitive.
  package static func entry(_ name: String) -> SettingsEntry? {
    data.line(of: Array(name.utf8)).map { entry(at: $0) }
  }

  /// Whether anybody is known to read a name.
  package static func contains(_ name: String) -> Bool {
    data.line(of: Array(name.utf8)) != nil
  }

  /// Whether a name's value is known to be a secret; cheaper than its whole entry.
  static func isSecret(_ name: String) -> Bool {
    guard let line = data.line(of: Array(name.utf8)) else { return false }
    return data.field(2, of: line).contains(UInt8(ascii: "S"))
  }

  /// The default of a setting in a language's tracer; cheaper than the whole entry.
  package static func standard(_ name: String, _ language: String) -> String? {
    guard let index = languages.firstIndex(of: language),
      let line = data.line(of: Array(name.utf8))
    else { return nil }
    let field = data.field(index + 3, of: line)
    return field.count > 1 ? String(decoding: field.dropFirst(2), as: UTF8.self) : nil
  }

  /// Every name in the order of its bytes.
  package static var names: some Sequence<String> {
    sequence(state: 0) { (offset: inout Int) -> String? in
      guard let line = data.line(at: offset) else { return nil }
      offset = line.end + 1
      return data.name(of: line)
    }
  }

  /// The names that begin so, in the order of their bytes.
  package static func names(beginning prefix: String) -> [String] {
    data.names(beginning: Array(prefix.utf8))
  }

  private static func entry(at line: SettingsText.Line) -> SettingsEntry {
    let fields = data.fields(of: line)
    func field(_ index: Int) -> String? {
      index < fields.count && !fields[index].isEmpty ? fields[index] : nil
    }
    var types: [String: SettingType] = [:]
    var defaults: [String: String] = [:]
    for (index, language) in languages.enumerated() {
      guard let value = field(index + 3), let code = value.utf8.first else { continue }
      types[language] = SettingType(code: code)
      if value.utf8.count > 1 { defaults[language] = String(value.dropFirst(2)) }
    }
    let flags = field(2) ?? ""
    return SettingsEntry(
      name: fields[0], readerCodes: field(1) ?? "", types: types, defaults: defaults,
      aliasOf: field(6),
      aliases: field(7).map { $0.split(separator: ",").map(String.init) } ?? [],
      deprecatedFor: field(8), isDeprecated: flags.contains("D"), isSecret: flags.contains("S"))
  }

  static func readers(of codes: String) -> [String] {
    let table = SettingsText(readersText)
    return codes.utf8.compactMap { code in
      var offset = 0
      while let line = table.line(at: offset) {
        if table.bytes[line.start] == code { return table.string(line.start + 1, line.end) }
        offset = line.end + 1
      }
      return nil
    }
  }
}
