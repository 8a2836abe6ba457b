/// Writes MessagePack (msgpack.org), the encoding of trace payloads.
package struct MessagePackWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func array(_ count: Int) {
    header(count, fix: 0x90, fixLimit: 16, wide16: 0xDC, wide32: 0xDD)
  }

  package mutating func map(_ count: Int) {
    header(count, fix: 0x80, fixLimit: 16, wide16: 0xDE, wide32: 0xDF)
  }

  package mutating func string(_ text: String) {
    let utf8 = Array(text.utf8)
    switch utf8.count {
    case ..<32: bytes.append(0xA0 | UInt8(utf8.count))
    case ..<0x100: bytes += [0xD9, UInt8(utf8.count)]
    case ..<0x10000: append(0xDA, UInt16(utf8.count))
    default: append(0xDB, UInt32(truncatingIfNeeded: utf8.count))
    }
    bytes += utf8
  }

  package mutating func binary(_ content: [UInt8]) {
    append(0xC6, UInt32(truncatingIfNeeded: content.count))
    bytes += content
  }

  package mutating func unsigned(_ value: UInt64) {
    switch value {
    case ..<0x80: bytes.append(UInt8(value))
    case ..<0x100: append(0xCC, UInt8(value))
    case ..<0x10000: append(0xCD, UInt16(value))
    case ..<0x1_0000_0000: append(0xCE, UInt32(value))
    default: append(0xCF, value)
    }
  }

  package mutating func signed(_ value: Int64) {
    if value >= 0 { unsigned(UInt64(value)) } else { append(0xD3, UInt64(bitPattern: value)) }
  }

  package mutating func double(_ value: Double) {
    append(0xCB, value.bitPattern)
  }

  private mutating func header(
    _ count: Int, fix: UInt8, fixLimit: Int, wide16: UInt8, wide32: UInt8
  ) {
    switch count {
    case ..<fixLimit: bytes.append(fix | UInt8(max(0, count)))
    case ..<0x10000: append(wide16, UInt16(count))
    default: append(wide32, UInt32(truncatingIfNeeded: count))
    }
  }

  private mutating func append(_ tag: UInt8, _ value: some FixedWidthInteger) {
    bytes.append(tag)
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }
}

/// A MessagePack value, read with bounds on depth, size and counts.
package indirect enum MessagePackValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case unsigned(UInt64)
  case signed(Int64)
  case double(Double)
  case string(String)
  case binary([UInt8])
  case array([MessagePackValue])
  case map([(key: MessagePackValue, value: MessagePackValue)])
  case ext(Int8, [UInt8])

  package static func == (left: MessagePackValue, right: MessagePackValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.unsigned(let a), .unsigned(let b)): a == b
    case (.signed(let a), .signed(let b)): a == b
    case (.double(let a), .double(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.binary(let a), .binary(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.map(let a), .map(let b)): a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
    case (.ext(let t, let a), .ext(let u, let b)): t == u && a == b
    default: false
    }
  }

  package subscript(_ key: String) -> MessagePackValue? {
    guard case .map(let pairs) = self else { return nil }
    return pairs.first { $0.key == .string(key) }?.value
  }

  package var items: [MessagePackValue]? {
    guard case .array(let items) = self else { return nil }
    return items
  }

  package var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The number of a number of any width.
  package var number: Double? {
    switch self {
    case .unsigned(let value): Double(value)
    case .signed(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }
}

package enum MessagePackError: Error, Equatable, Sendable {
  case truncated, tooDeep, tooMany, trailing, reserved
  /// Well-formed, and not what was to be read.
  case unexpected
}

/// Reads one MessagePack value from hostile bytes, all of it at once.
package enum MessagePackReader {
  /// How many values a whole one may hold; what streams has no need of such a bound.
  private static let valueLimit = 1_000_000

  package static func read(_ bytes: [UInt8]) throws(MessagePackError) -> MessagePackValue {
    var cursor = MessagePackCursor(bytes, valueLimit: valueLimit)
    let value = try value(&cursor)
    guard cursor.isAtEnd else { throw .trailing }
    return value
  }

  private static func value(
    _ cursor: inout MessagePackCursor
  ) throws(MessagePackError) -> MessagePackValue {
    switch try cursor.next() {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .unsigned(let value): return .unsigned(value)
    case .signed(let value): return .signed(value)
    case .double(let value): return .double(value)
    case .string(let range): return .string(cursor.text(range))
    case .binary(let range): return .binary(Array(cursor.bytes[range]))
    case .ext(let type, let range): return .ext(type, Array(cursor.bytes[range]))
    case .array(let count):
      var items: [MessagePackValue] = []
      try cursor.inside { cursor throws(MessagePackError) in
        for _ in 0..<count { items.append(try value(&cursor)) }
      }
      return .array(items)
    case .map(let count):
      var pairs: [(key: MessagePackValue, value: MessagePackValue)] = []
      try cursor.inside { cursor throws(MessagePackError) in
        for _ in 0..<count {
          let key = try value(&cursor)
          pairs.append((key, try value(&cursor)))
        }
      }
      return .map(pairs)
    }
  }
}
