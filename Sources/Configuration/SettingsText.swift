/// A sorted static text as bytes: one line a name, fields cut by tabs, never parsed as a whole.
struct SettingsText {
  /// Where a line and the name at its start lie.
  struct Line {
    let start: Int
    let nameEnd: Int
    let end: Int
  }

  let bytes: UnsafePointer<UInt8>
  let count: Int

  init(_ text: StaticString) {
    bytes = text.utf8Start
    count = text.utf8CodeUnitCount
  }

  /// The line that starts at an offset, nil at the end of the text.
  func line(at start: Int) -> Line? {
    guard start < count else { return nil }
    var nameEnd = start
    while nameEnd < count, bytes[nameEnd] > Byte.tab + 1 { nameEnd &+= 1 }
    var end = nameEnd
    while end < count, bytes[end] != Byte.newline { end &+= 1 }
    return Line(start: start, nameEnd: nameEnd, end: end)
  }

  /// The line of a name by binary search.
  func line(of name: [UInt8]) -> Line? {
    var low = 0
    var high = count
    while low < high {
      var start = low + (high - low) / 2
      while start > low, bytes[start - 1] != Byte.newline { start -= 1 }
      guard let line = line(at: start) else { return nil }
      switch order(of: line, and: name) {
      case 0: return line
      case ..<0: low = line.end + 1
      default: high = start
      }
    }
    return nil
  }

  /// The names that begin so, in order.
  func names(beginning prefix: [UInt8]) -> [String] {
    var low = 0
    var high = count
    // The first line that does not come before the prefix.
    while low < high {
      var start = low + (high - low) / 2
      while start > low, bytes[start - 1] != Byte.newline { start -= 1 }
      guard let line = line(at: start) else { return [] }
      if order(of: line, and: prefix) < 0 { low = line.end + 1 } else { high = start }
    }
    var names: [String] = []
    while let line = line(at: low), begins(line, with: prefix) {
      names.append(name(of: line))
      low = line.end + 1
    }
    return names
  }

  private func begins(_ line: Line, with prefix: [UInt8]) -> Bool {
    line.nameEnd - line.start >= prefix.count
      && prefix.enumerated().allSatisfy { bytes[line.start + $0.offset] == $0.element }
  }

  func string(_ start: Int, _ end: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: bytes + start, count: end - start), as: UTF8.self)
  }

  func name(of line: Line) -> String { string(line.start, line.nameEnd) }

  /// The bytes of one field of a line, empty where it was left out.
  func field(_ index: Int, of line: Line) -> UnsafeBufferPointer<UInt8> {
    var start = line.start
    var left = index
    while left > 0, start < line.end {
      if bytes[start] == Byte.tab { left -= 1 }
      start += 1
    }
    guard left == 0 else { return UnsafeBufferPointer(start: bytes + line.end, count: 0) }
    var end = start
    while end < line.end, bytes[end] != Byte.tab { end += 1 }
    return UnsafeBufferPointer(start: bytes + start, count: end - start)
  }

  /// The fields of a line, the name first; those left out at its end are missing.
  func fields(of line: Line) -> [String] {
    string(line.start, line.end)
      .split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\t" }).map(String.init)
  }

  /// Negative where the line's name comes before the other, 0 where both are equal.
  private func order(of line: Line, and name: [UInt8]) -> Int {
    let length = line.nameEnd - line.start
    var index = 0
    while index < length, index < name.count {
      let difference = Int(bytes[line.start + index]) - Int(name[index])
      if difference != 0 { return difference }
      index += 1
    }
    return length - name.count
  }
}

extension SettingsText {
  /// The bytes that texts and names are cut at.
  enum Byte {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let underscore = UInt8(ascii: "_")
    static let hyphen = UInt8(ascii: "-")

    static func isDigit(_ byte: UInt8) -> Bool {
      byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    static func isLower(_ byte: UInt8) -> Bool {
      byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
    }
  }
}
