/// Cuts a JSON text of any length into the objects of its lists, as the bytes come.
///
/// The elements of an array, and of `items` or `Functions` in an object, come one by one; any other
/// object comes whole. Memory holds the object that is open and no more.
package struct JSONCutter {
  /// An object's bytes, the line that it begins in, and the name
  /// of the list that it stands in: `items`, `Functions`, or empty for one without a name.
  package typealias Object = (bytes: [UInt8], line: Int, list: String)

  /// A manifest is far smaller.
  package static let objectLimit = 64 * 1024 * 1024

  private static let lists = ["items", "Functions"]

  private var buffer: [UInt8] = []
  /// Up to here the buffer was looked at.
  private var seen = 0
  /// Where the object that is open begins in the buffer.
  private var start: Int?
  private var line = 1
  /// Up to here lines were counted.
  private var counted = 0
  private var depth = 0
  /// The depth whose objects are cut out; 0 for those of the text itself.
  private var level = 0
  private var list = ""
  private var isInString = false
  private var isEscaped = false
  private var stringStart = 0
  /// The last string at a text's own object, which may be a member's name.
  private var name: Range<Int>?

  package init() {}

  /// Reads more of the text and tells what is complete.
  package mutating func feed(
    _ bytes: some Collection<UInt8>, _ tell: (Object) throws -> Void
  ) throws {
    buffer.append(contentsOf: bytes)
    try scan(tell)
    drop()
    if buffer.count > Self.objectLimit {
      throw JSONFault(line: line, column: 1, reason: "an object of more than 64 MiB")
    }
  }

  /// - Throws: where the text ends too early.
  package func end() throws(JSONFault) {
    guard depth == 0, !isInString else {
      let rest = buffer[counted...].count { $0 == UInt8(ascii: "\n") }
      throw JSONFault(line: line + rest, column: 1, reason: "it is cut off")
    }
  }

  private mutating func scan(_ tell: (Object) throws -> Void) throws {
    var index = seen
    while true {
      index = isInString ? string(from: index) : try sign(from: index)
      guard !isInString, index < buffer.count else { break }
      switch buffer[index] {
      case UInt8(ascii: "\""):
        isInString = true
        stringStart = index
      case UInt8(ascii: "{"), UInt8(ascii: "["): open(at: index)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): try close(at: index, tell)
      default: continue
      }
      index += 1
    }
    seen = index
  }

  /// The next quote or bracket outside of strings, or the end.
  ///
  /// Of an object that is open its reader tells what else is wrong in it; between objects nobody else
  /// would.
  private func sign(from first: Int) throws(JSONFault) -> Int {
    let isBetween = start == nil
    let place = buffer.withUnsafeBufferPointer { bytes in
      var index = first
      while index < bytes.count {
        let byte = bytes[index]
        // The bit tells `{` from `[`, and `}` from `]`.
        if byte == UInt8(ascii: "\"") || byte | 0x20 == UInt8(ascii: "{")
          || byte | 0x20 == UInt8(ascii: "}")
          || isBetween && !Self.mayStand(byte, at: depth)
        {
          return index
        }
        index &+= 1
      }
      return index
    }
    guard place < buffer.count, isBetween, !Self.isSign(buffer[place]) else { return place }
    throw JSONFault(line: line + lines(upTo: place), column: 1, reason: "here it is no JSON")
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    "\"{}[]".utf8.contains(byte)
  }

  /// Blanks, and inside a list or an object what numbers, words, commas and colons are made of.
  private static func mayStand(_ byte: UInt8, at depth: Int) -> Bool {
    if [0x20, 0x0A, 0x0D, 0x09, 0xEF, 0xBB, 0xBF].contains(byte) { return true }
    return depth > 0 && ",:-+.0123456789eEtrufalsn".utf8.contains(byte)
  }

  /// Goes on in a string, and comes back behind its end.
  private mutating func string(from start: Int) -> Int {
    var index = start
    buffer.withUnsafeBufferPointer { bytes in
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
          break
        }
      }
    }
    if !isInString, depth == 1 { name = (stringStart + 1)..<(index - 1) }
    return index
  }

  private mutating func open(at index: Int) {
    let isArray = buffer[index] == UInt8(ascii: "[")
    if isArray, depth == 0 || depth == 1 && level == 0 && isList {
      // What stood open was the list's frame.
      level = depth + 1
      list = depth == 0 ? "" : name.map { String(decoding: buffer[$0], as: UTF8.self) } ?? ""
      start = nil
    } else if depth == level, !isArray {
      start = index
    }
    depth += 1
  }

  private var isList: Bool {
    guard let name else { return false }
    return Self.lists.contains { buffer[name].elementsEqual($0.utf8) }
  }

  private mutating func close(at index: Int, _ tell: (Object) throws -> Void) throws {
    depth -= 1
    guard depth >= 0 else {
      throw JSONFault(
        line: line + lines(upTo: index), column: 1, reason: "a bracket is closed that is not open")
    }
    if let first = start, depth == level {
      line += lines(upTo: first)
      counted = first
      try tell((Array(buffer[first...index]), line, list))
      start = nil
    }
    if depth == 0 { (level, list, name) = (0, "", nil) } else if depth < level { level = .max }
  }

  private func lines(upTo end: Int) -> Int {
    buffer.withUnsafeBufferPointer { bytes in
      var count = 0
      for index in counted..<end where bytes[index] == UInt8(ascii: "\n") { count &+= 1 }
      return count
    }
  }

  /// Forgets what was cut out.
  private mutating func drop() {
    // The name of a list stays until the list begins.
    let keep = start ?? (level == 0 && depth == 1 ? name?.lowerBound ?? seen : seen)
    guard keep > 0, isInString ? keep <= stringStart : true else { return }
    line += lines(upTo: max(keep, counted))
    buffer.removeFirst(keep)
    seen -= keep
    stringStart -= keep
    counted = max(0, counted - keep)
    start = start.map { $0 - keep }
    name = name.map { ($0.lowerBound - keep)..<($0.upperBound - keep) }
  }
}
