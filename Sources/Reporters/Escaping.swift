import Diagnosis

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
