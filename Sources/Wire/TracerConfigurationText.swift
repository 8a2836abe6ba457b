/// What a tracer's own file, `application_monitoring.yaml`, sets: a map of names to scalars.
///
/// Read is `apm_configuration_default` alone, in block style, with plain or quoted scalars on one
/// line. Everything beyond that is not guessed at: its lines are named.
package struct TracerConfigurationText: Sendable {
  package struct Setting: Equatable, Sendable {
    package let name: String
    /// As it is meant, without quotes; it may be a secret.
    package let value: [UInt8]
    /// From 1.
    package let line: Int
  }

  package private(set) var settings: [Setting] = []
  /// The lines that are beyond what is read, each block's first.
  package private(set) var unread: [Int] = []

  private var block = Block.none
  private var hasBegun = false
  private var hasSettings = false

  private enum Block: Equatable {
    case none
    /// The map of settings, once its indentation is known.
    case settings(indent: Int?)
    /// Something else, which was named already.
    case foreign
  }

  package init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    let lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      // The end of a document: nothing behind it counts.
      if line.elementsEqual("...".utf8) { break }
      read(line, index + 1)
    }
  }

  private mutating func read(_ line: ArraySlice<UInt8>, _ number: Int) {
    let text = line.drop { $0 == UInt8(ascii: " ") }
    guard let first = text.first, first != UInt8(ascii: "#"), !text.allSatisfy(isBlank) else {
      return
    }
    let indent = line.count - text.count
    if indent == 0 { return top(text, number) }
    switch block {
    case .none: unread.append(number)
    case .foreign: return
    case .settings(let known):
      block = .settings(indent: known ?? indent)
      guard known == nil || known == indent, let (name, value) = Self.pair(text),
        Self.isName(name), !settings.contains(where: { $0.name == name })
      else { return unread.append(number) }
      settings.append(Setting(name: name, value: value, line: number))
    }
  }

  private mutating func top(_ text: ArraySlice<UInt8>, _ number: Int) {
    defer { hasBegun = true }
    if !hasBegun, text.elementsEqual("---".utf8) { return }
    if Self.isHead(text, "apm_configuration_default"), !hasSettings {
      hasSettings = true
      block = .settings(indent: nil)
    } else if let (name, _) = Self.pair(text), name == "config_id" {
      block = .none
    } else {
      block = .foreign
      unread.append(number)
    }
  }

  /// `name:` with nothing behind it but a comment.
  private static func isHead(_ text: ArraySlice<UInt8>, _ name: String) -> Bool {
    guard text.starts(with: "\(name):".utf8) else { return false }
    let rest = text.dropFirst(name.utf8.count + 1)
    return isEnd(rest) && (rest.isEmpty || isBlank(rest[rest.startIndex]))
  }

  /// Whether nothing follows but blanks and a comment.
  private static func isEnd(_ text: ArraySlice<UInt8>) -> Bool {
    let rest = text.drop(while: isBlank)
    return rest.isEmpty || rest.first == UInt8(ascii: "#")
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
  }

  /// `name: scalar`, or nil where it is anything else.
  private static func pair(_ text: ArraySlice<UInt8>) -> (name: String, value: [UInt8])? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    var name = text[..<colon]
    if let quote = name.first, isQuote(quote), name.count > 2, name.last == quote {
      name = name.dropFirst().dropLast()
    }
    let rest = text[(colon + 1)...]
    guard let blank = rest.first, isBlank(blank) else { return nil }
    let written = rest.drop(while: isBlank)
    return scalar(written).map { (String(decoding: name, as: UTF8.self), $0) }
  }

  private static func scalar(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    switch text.first {
    case UInt8(ascii: "'"): singleQuoted(text)
    case UInt8(ascii: "\""): doubleQuoted(text)
    default: plain(text)
    }
  }

  /// YAML 1.2.2, 7.3.3, on one line: no indicator in front, no `: ` in it, no null.
  private static func plain(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var value = text
    var previous: UInt8 = 0x20
    for (index, byte) in zip(text.indices, text) {
      if byte == UInt8(ascii: "#"), isBlank(previous) {
        value = text[..<index]
        break
      }
      if isBlank(byte), previous == UInt8(ascii: ":") { return nil }
      previous = byte
    }
    while let last = value.last, isBlank(last) { value = value.dropLast() }
    guard let first = value.first, value.last != UInt8(ascii: ":"),
      !"{}[]&*!|>%@`,".utf8.contains(first),
      !(value.count > 1 && isBlank(value[value.startIndex + 1]) && "-?".utf8.contains(first)),
      !["~", "null", "Null", "NULL", "-", "?"].contains(String(decoding: value, as: UTF8.self))
    else { return nil }
    return Array(value)
  }

  private static func singleQuoted(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var value: [UInt8] = []
    var index = text.startIndex + 1
    while index < text.endIndex {
      guard text[index] == UInt8(ascii: "'") else {
        value.append(text[index])
        index += 1
        continue
      }
      guard index + 1 < text.endIndex, text[index + 1] == UInt8(ascii: "'") else {
        return isEnd(text[(index + 1)...]) ? value : nil
      }
      value.append(text[index])
      index += 2
    }
    return nil
  }

  private static func doubleQuoted(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var value: [UInt8] = []
    var index = text.startIndex + 1
    while index < text.endIndex {
      switch text[index] {
      case UInt8(ascii: "\""): return isEnd(text[(index + 1)...]) ? value : nil
      case UInt8(ascii: "\\"):
        index += 1
        guard index < text.endIndex, let byte = escapes[text[index]] else { return nil }
        value.append(byte)
      case let byte: value.append(byte)
      }
      index += 1
    }
    return nil
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D,
    UInt8(ascii: "t"): 0x09,
  ]
}
