/// Bytes of a stranger as text that is safe on any terminal and in any file: one line, no controls.
package func printable(_ bytes: some Sequence<UInt8>, limit: Int = 120) -> String {
  var text = ""
  var count = 0
  for scalar in String(decoding: Array(bytes.prefix(limit * 4)), as: UTF8.self).unicodeScalars {
    guard count < limit else { return text + "…" }
    count += 1
    switch scalar {
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    default:
      if isUnsafe(scalar) {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
  return text
}

/// The same for text that is already a string.
package func printable(_ text: String, limit: Int = 120) -> String {
  printable(text.utf8, limit: limit)
}

/// Controls, and what turns or hides the text around it.
private func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0: true
  case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
  default: false
  }
}

extension String {
  /// Whether the text holds another, byte by byte; the standard library's search costs more.
  package func holds(_ part: String) -> Bool {
    let text = Array(utf8)
    let sought = Array(part.utf8)
    guard let first = sought.first, text.count >= sought.count else { return sought.isEmpty }
    return (0...(text.count - sought.count)).contains { start in
      text[start] == first && text[start..<(start + sought.count)].elementsEqual(sought)
    }
  }
}
