/// JSON that is written in the order given, indented by tabs, as the Agent writes `/info`.
indirect enum OrderedJSON: Sendable {
  case null
  case bool(Bool)
  case number(Int)
  case string(String)
  case array([OrderedJSON])
  case object([(String, OrderedJSON)])

  static func strings(_ values: [String]) -> OrderedJSON { .array(values.map(OrderedJSON.string)) }

  var text: String { text(indent: "") }

  private func text(indent: String) -> String {
    switch self {
    case .null: "null"
    case .bool(let value): String(value)
    case .number(let value): String(value)
    case .string(let value): Self.quoted(value)
    case .array(let items):
      Self.lines(items.map { $0.text(indent: indent + "\t") }, within: ("[", "]"), indent: indent)
    case .object(let members):
      Self.lines(
        members.map { "\(Self.quoted($0.0)): \($0.1.text(indent: indent + "\t"))" },
        within: ("{", "}"), indent: indent)
    }
  }

  private static func lines(
    _ lines: [String], within brackets: (String, String), indent: String
  ) -> String {
    guard !lines.isEmpty else { return brackets.0 + brackets.1 }
    let inner = lines.map { "\(indent)\t\($0)" }.joined(separator: ",\n")
    return "\(brackets.0)\n\(inner)\n\(indent)\(brackets.1)"
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
