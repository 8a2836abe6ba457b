/// XML or HTML that is safe to put out: every string that is interpolated into it is escaped.
///
/// Only literals and other markup get in as they are, so that a forgotten escape can't be written.
struct Markup: Equatable, Sendable {
  private(set) var source: String

  static let empty: Markup = ""

  static func + (left: Markup, right: Markup) -> Markup {
    Markup(unescaped: left.source + right.source)
  }

  /// Text of ours that was never a stranger's: a style sheet, a script.
  init(unescaped source: String) {
    self.source = source
  }
}

extension Markup: ExpressibleByStringLiteral {
  init(stringLiteral value: StaticString) {
    source = value.description
  }
}

extension Markup: ExpressibleByStringInterpolation {
  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity * 2)
    }

    mutating func appendLiteral(_ literal: StaticString) {
      source += literal.description
    }

    mutating func appendInterpolation(_ text: String) {
      source += Markup.escaped(text)
    }

    mutating func appendInterpolation(_ number: Int) {
      source += String(number)
    }

    mutating func appendInterpolation(_ markup: Markup) {
      source += markup.source
    }

    mutating func appendInterpolation(_ parts: [Markup], separator: Markup = "") {
      source += parts.map(\.source).joined(separator: separator.source)
    }
  }

  init(stringInterpolation: StringInterpolation) {
    source = stringInterpolation.source
  }

  /// The five characters that mean something in text or in an attribute, and no controls.
  private static func escaped(_ text: String) -> String {
    escaping(text) { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#39;"
      default: nil
      }
    }
  }
}
