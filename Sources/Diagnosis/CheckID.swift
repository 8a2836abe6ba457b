/// A check's permanent name, such as `agent.answers`; its first segment is its group.
package struct CheckID: Hashable, Sendable {
  package let rawValue: String

  package init(_ rawValue: String) {
    self.rawValue = rawValue
  }

  /// The first segment: `agent` of `agent.answers`.
  package var group: String {
    String(rawValue.prefix { $0 != "." })
  }
}

extension CheckID: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) {
    self.init(value)
  }
}

extension CheckID: CustomStringConvertible {
  package var description: String { rawValue }
}

extension CheckID: Comparable {
  package static func < (left: CheckID, right: CheckID) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension CheckID: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
