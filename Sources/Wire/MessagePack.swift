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
}

/// Reads one MessagePack value from hostile bytes.
package struct MessagePackReader {
  private let bytes: [UInt8]
  private var position = 0
  private var values = 0
  private let depthLimit: Int
  private let valueLimit: Int

  package init(_ bytes: [UInt8], depthLimit: Int = 64, valueLimit: Int = 1_000_000) {
    self.bytes = bytes
    self.depthLimit = depthLimit
    self.valueLimit = valueLimit
  }

  package static func read(_ bytes: [UInt8]) throws(MessagePackError) -> MessagePackValue {
    var reader = MessagePackReader(bytes)
    let value = try reader.value(depth: 0)
    guard reader.position == bytes.count else { throw .trailing }
    return value
  }

  private mutating func value(depth: Int) throws(MessagePackError) -> MessagePackValue {
    guard depth < depthLimit else { throw .tooDeep }
    values += 1
    guard values <= valueLimit else { throw .tooMany }
    let tag = try byte()
    switch tag {
    case 0x00...0x7F: return .unsigned(UInt64(tag))
    case 0x80...0x8F: return try map(Int(tag & 0x0F), depth)
    case 0x90...0x9F: return try array(Int(tag & 0x0F), depth)
    case 0xA0...0xBF: return try string(Int(tag & 0x1F))
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
    case 0xD9: return try string(Int(byte()))
    case 0xDA: return try string(Int(integer(UInt16.self)))
    case 0xDB: return try string(Int(integer(UInt32.self)))
    case 0xDC: return try array(Int(integer(UInt16.self)), depth)
    case 0xDD: return try array(Int(integer(UInt32.self)), depth)
    case 0xDE: return try map(Int(integer(UInt16.self)), depth)
    case 0xDF: return try map(Int(integer(UInt32.self)), depth)
    default: return .signed(Int64(Int8(bitPattern: tag)))
    }
  }

  private mutating func array(_ count: Int, _ depth: Int) throws(MessagePackError)
    -> MessagePackValue
  {
    guard count <= bytes.count - position else { throw .truncated }
    var items: [MessagePackValue] = []
    for _ in 0..<count { items.append(try value(depth: depth + 1)) }
    return .array(items)
  }

  private mutating func map(_ count: Int, _ depth: Int) throws(MessagePackError)
    -> MessagePackValue
  {
    guard count <= (bytes.count - position) / 2 else { throw .truncated }
    var pairs: [(key: MessagePackValue, value: MessagePackValue)] = []
    for _ in 0..<count {
      let key = try value(depth: depth + 1)
      pairs.append((key, try value(depth: depth + 1)))
    }
    return .map(pairs)
  }

  private mutating func string(_ count: Int) throws(MessagePackError) -> MessagePackValue {
    .string(String(decoding: try take(count), as: UTF8.self))
  }

  private mutating func ext(_ count: Int) throws(MessagePackError) -> MessagePackValue {
    .ext(Int8(bitPattern: try byte()), try take(count))
  }

  private mutating func byte() throws(MessagePackError) -> UInt8 {
    guard position < bytes.count else { throw .truncated }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func take(_ count: Int) throws(MessagePackError) -> [UInt8] {
    guard count <= bytes.count - position else { throw .truncated }
    defer { position += count }
    return Array(bytes[position..<(position + count)])
  }

  private mutating func integer<Integer: FixedWidthInteger>(
    _: Integer.Type
  ) throws(MessagePackError) -> Integer {
    var value: Integer = 0
    for _ in 0..<(Integer.bitWidth / 8) { value = value << 8 | Integer(try byte()) }
    return value
  }
}
