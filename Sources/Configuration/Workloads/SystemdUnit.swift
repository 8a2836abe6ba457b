import Wire

/// A unit as `systemctl show` writes it, one `Property=value` a line.
package enum SystemdUnit {
  /// Whether a text is the output of `systemctl show`, and no `.env` file.
  static func isOutput(_ lines: [ArraySlice<UInt8>]) -> Bool {
    let names = Set(lines.compactMap(property).map(\.name))
    if !names.isDisjoint(with: [
      "EnvironmentFiles", "LoadState", "FragmentPath", "NeedDaemonReload",
    ]) {
      return true
    }
    // A .env file that sets one variable of this name does not set it to assignments.
    return lines.contains { line in
      guard let property = property(line), property.name == "Environment" else { return false }
      let values = assignments(property.value)
      return values.isEmpty
        ? names.count == 1 : values.allSatisfy { $0.contains(UInt8(ascii: "=")) }
    }
  }

  static func workload(_ lines: [ArraySlice<UInt8>], origin: WorkloadOrigin) -> Workload {
    var facts = WorkloadFacts(.systemctl, kind: "unit", name: "(no Id)")
    facts.isElsewhere = false
    var variables = WorkloadVariables(origin: origin)
    for property in lines.compactMap(property) {
      let text = String(decoding: property.value, as: UTF8.self)
      switch property.name {
      case "Id": facts.name = text
      case "Environment":
        for entry in assignments(property.value) { variables.set(entry: entry) }
      case "EnvironmentFiles": facts.unread.append("file \(file(text))")
      case "ExecStart":
        let words = command(text)
        facts.recognise(image: nil, container: "", command: words)
        if words.first?.holds("datadog-agent") == true { facts.role = .agent }
      case "MainPID": facts.processID = Int(text).flatMap { $0 > 0 ? $0 : nil }
      default: break
      }
    }
    if facts.name.hasPrefix("datadog-agent") { facts.role = .agent }
    return variables.workload(facts)
  }

  private static func property(_ line: ArraySlice<UInt8>) -> (name: String, value: [UInt8])? {
    guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    return (String(decoding: line[..<equals], as: UTF8.self), Array(line[(equals + 1)...]))
  }

  /// The path without ` (ignore_errors=no)`.
  private static func file(_ text: String) -> String {
    guard let end = text.firstRange(of: " (ignore_errors=") else { return text }
    return String(text[..<end.lowerBound])
  }

  /// The words of `{ path=… ; argv[]=… ; … }`.
  private static func command(_ text: String) -> [String] {
    guard let start = text.firstRange(of: "argv[]=") else { return [] }
    let rest = text[start.upperBound...]
    let end = rest.firstRange(of: " ;")?.lowerBound ?? rest.endIndex
    return rest[..<end].split(separator: " ").map(String.init)
  }

  /// Words at blanks; one that holds anything special stands in quotes as a whole, and is escaped.
  ///
  /// systemd, src/basic/escape.c: shell_maybe_quote.
  static func assignments(_ text: [UInt8]) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8]?
    var isQuoted = false
    var rest = text[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        isQuoted.toggle()
        word = word ?? []
      case UInt8(ascii: "\\") where isQuoted:
        guard let sign = rest.popFirst() else { break }
        let plain: UInt8 =
          switch sign {
          case UInt8(ascii: "n"): 0x0A
          case UInt8(ascii: "t"): 0x09
          case UInt8(ascii: "r"): 0x0D
          default: sign
          }
        word = (word ?? []) + [plain]
      case 0x20 where !isQuoted:
        if let done = word { words.append(done) }
        word = nil
      default: word = (word ?? []) + [byte]
      }
    }
    return word.map { words + [$0] } ?? words
  }
}
