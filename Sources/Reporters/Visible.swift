/// A stranger's text on one line, without what controls, turns or hides the text around it.
///
/// A report may be read back from a file, so nothing in it is trusted to be printable already.
func visible(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isHidden) else { return text }
  var shown = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": shown += "\\n"
    case "\r": shown += "\\r"
    case "\t": shown += "\\t"
    default:
      if isHidden(scalar) {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
  }
  return shown
}

/// Controls, marks of direction, what has no width, and what XML and HTML forbid.
private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x180E: true
  case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
  case 0xFDD0...0xFDEF, 0xE0000...0xE0FFF: true
  default: scalar.value & 0xFFFE == 0xFFFE
  }
}

/// A text on one line in which a format's own characters are replaced.
///
/// It goes by scalars: a quote with a combining accent is one character, and a quote all the same.
func escaping(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
  var escaped = ""
  for scalar in visible(text).unicodeScalars {
    if let replacement = replacement(scalar) {
      escaped += replacement
    } else {
      escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}
