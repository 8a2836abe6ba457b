/// How text may look: what a terminal can show, and how much is wanted.
package struct Style: Equatable, Sendable {
  package var color: Bool
  /// Glyphs of ASCII alone, for terminals that know no others.
  package var ascii: Bool
  /// Columns.
  package var width: Int
  package var verbose: Bool
  package var quiet: Bool

  package init(
    color: Bool = false, ascii: Bool = false, width: Int = 80, verbose: Bool = false,
    quiet: Bool = false
  ) {
    self.color = color
    self.ascii = ascii
    self.width = max(40, min(width, 100))
    self.verbose = verbose
    self.quiet = quiet
  }

  enum Hue: String {
    case red = "31"
    case yellow = "33"
    case green = "32"
    case dim = "2"
    case bold = "1"
  }

  func paint(_ text: String, _ hue: Hue) -> String {
    color ? "\u{1B}[\(hue.rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// Breaks text at blanks so that no line is wider; a word that is too long stays whole, so that
/// a URL or a command can be copied.
package func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == " " }) {
    if line.isEmpty {
      line = String(word)
    } else if line.count + 1 + word.count <= width {
      line += " " + word
    } else {
      lines.append(line)
      line = String(word)
    }
  }
  lines.append(line)
  return lines
}

/// Cells side by side, none of them broken.
func rows(_ cells: [String], gap: String, width: Int) -> [String] {
  var lines: [String] = []
  for cell in cells {
    if let last = lines.last, last.count + gap.count + cell.count <= width {
      lines[lines.count - 1] = last + gap + cell
    } else {
      lines.append(cell)
    }
  }
  return lines
}

func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
