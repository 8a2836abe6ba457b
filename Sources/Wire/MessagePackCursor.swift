/// Walks through MessagePack value by value, with bounds on depth, size and counts; keeps nothing.
package struct MessagePackCursor {
  /// The head of a value; strings and bytes are named by where they stand.
  package enum Head: Equatable, Sendable {
    case null
    case bool(Bool)
    case unsigned(UInt64)
    case signed(Int64)
    case double(Double)
    case string(Range<Int>)
    case binary(Range<Int>)
    /// So many items follow.
    case array(Int)
    /// So many pairs follow.
    case map(Int)
    case ext(Int8, Range<Int>)

    /// The number of a number of any width.
    package var number: Double? {
      switch self {
      case .unsigned(let value): Double(value)
      case .signed(let value): Double(value)
      case .double(let value): value
      case .null, .bool, .string, .binary, .array, .map, .ext: nil
      }
    }
  }

  package let bytes: [UInt8]
  /// What `shown` has made safe before.
  var texts = KnownTexts()
  private var position: Int
  private let end: Int
  private var depth = 0
  private var valuesLeft: Int
  private let depthLimit: Int

  /// Reads a part of some bytes; the whole of them where none is named.
  package init(
    _ bytes: [UInt8], in range: Range<Int>? = nil, depthLimit: Int = 64, valueLimit: Int = .max
  ) {
    self.bytes = bytes
    let whole = bytes.indices
    let range = range?.clamped(to: whole) ?? whole
    position = range.lowerBound
    end = range.upperBound
    self.depthLimit = depthLimit
    valuesLeft = valueLimit
  }

  package var isAtEnd: Bool { position == end }

  package func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: bytes.indices)], as: UTF8.self)
  }

  /// Whether a string is this one, byte by byte.
  package func holds(_ range: Range<Int>, _ text: StaticString) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    return bytes[range].elementsEqual(
      UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// The head of the next value; the items of a list or a map are read next.
  package mutating func next() throws(MessagePackError) -> Head {
    guard depth < depthLimit else { throw .tooDeep }
    guard valuesLeft > 0 else { throw .tooMany }
    valuesLeft -= 1
    let tag = try byte()
    switch tag {
    case 0x00...0x7F: return .unsigned(UInt64(tag))
    case 0x80...0x8F: return try map(Int(tag & 0x0F))
    case 0x90...0x9F: return try array(Int(tag & 0x0F))
    case 0xA0...0xBF: return .string(try take(Int(tag & 0x1F)))
    case 0xC0: return .null
    case 0xC1: throw .reserved
    case 0xC2, 0xC3: return .bool(tag == 0xC3)
    case 0xC4: return .binary(try take(Int(byte())))
    case 0xC5: return .binary(try take(Int(integer(UInt16.self))))
    case 0xC6: return .binary(try take(Int(integer(UInt32.self))))
    case 0xC7: return try ext(Int(byte()))
    case 0xC8: return try ext(Int(integer(UInt16.self)))
    case 0xC9: return try ext(Int(integer(UInt32.self)))
    case 0xCA: return .double(Double(Float(bitPattern: try integer(UInt32.self))))
    case 0xCB: return .double(Double(bitPattern: try integer(UInt64.self)))
    case 0xCC: return .unsigned(UInt64(try byte()))
    case 0xCD: return .unsigned(UInt64(try integer(UInt16.self)))
    case 0xCE: return .unsigned(UInt64(try integer(UInt32.self)))
    case 0xCF: return .unsigned(try integer(UInt64.self))
    case 0xD0: return .signed(Int64(Int8(bitPattern: try byte())))
    case 0xD1: return .signed(Int64(Int16(bitPattern: try integer(UInt16.self))))
    case 0xD2: return .signed(Int64(Int32(bitPattern: try integer(UInt32.self))))
    case 0xD3: return .signed(Int64(bitPattern: try integer(UInt64.self)))
    case 0xD4...0xD8: return try ext(1 << Int(tag - 0xD4))
    case 0xD9: return .string(try take(Int(byte())))
    case 0xDA: return .string(try take(Int(integer(UInt16.self))))
    case 0xDB: return .string(try take(Int(integer(UInt32.self))))
    case 0xDC: return try array(Int(integer(UInt16.self)))
    case 0xDD: return try array(Int(integer(UInt32.self)))
    case 0xDE: return try map(Int(integer(UInt16.self)))
    case 0xDF: return try map(Int(integer(UInt32.self)))
    default: return .signed(Int64(Int8(bitPattern: tag)))
    }
  }

  /// Reads what a list or a map holds, one level further down.
  package mutating func inside(
    _ read: (inout MessagePackCursor) throws(MessagePackError) -> Void
  ) throws(MessagePackError) {
    depth += 1
    try read(&self)
    depth -= 1
  }

  /// Passes over the next value, whatever it holds.
  package mutating func skip() throws(MessagePackError) {
    try skipRest(of: try next())
  }

  /// Passes over what a value holds whose head was read.
  package mutating func skipRest(of head: Head) throws(MessagePackError) {
    let count: Int
    switch head {
    case .array(let items): count = items
    case .map(let pairs): count = pairs * 2
    case .null, .bool, .unsigned, .signed, .double, .string, .binary, .ext: return
    }
    try inside { cursor throws(MessagePackError) in
      for _ in 0..<count { try cursor.skip() }
    }
  }

  /// Reads the pairs of a map: its keys that are strings, each in front of its value.
  ///
  /// Whoever is called reads exactly one value.
  package mutating func pairs(
    _ count: Int,
    _ read: (inout MessagePackCursor, Range<Int>) throws(MessagePackError) -> Void
  ) throws(MessagePackError) {
    try inside { cursor throws(MessagePackError) in
      for _ in 0..<count {
        let key = try cursor.next()
        if case .string(let range) = key {
          try read(&cursor, range)
        } else {
          try cursor.skipRest(of: key)
          try cursor.skip()
        }
      }
    }
  }

  // A count is held against the bytes that are left, so that no list of air is ever walked.

  private func array(_ count: Int) throws(MessagePackError) -> Head {
    guard count <= end - position else { throw .truncated }
    return .array(count)
  }

  private func map(_ count: Int) throws(MessagePackError) -> Head {
    guard count <= (end - position) / 2 else { throw .truncated }
    return .map(count)
  }

  private mutating func ext(_ count: Int) throws(MessagePackError) -> Head {
    let type = Int8(bitPattern: try byte())
    return .ext(type, try take(count))
  }

  private mutating func byte() throws(MessagePackError) -> UInt8 {
    guard position < end else { throw .truncated }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func take(_ count: Int) throws(MessagePackError) -> Range<Int> {
    guard count <= end - position else { throw .truncated }
    defer { position += count }
    return position..<(position + count)
  }

  private mutating func integer<Integer: FixedWidthInteger>(
    _: Integer.Type
  ) throws(MessagePackError) -> Integer {
    var value: Integer = 0
    for _ in 0..<(Integer.bitWidth / 8) { value = value << 8 | Integer(try byte()) }
    return value
  }
}
