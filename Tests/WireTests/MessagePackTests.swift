import Testing
import Wire

private func written(_ write: (inout MessagePackWriter) -> Void) -> [UInt8] {
  var writer = MessagePackWriter()
  write(&writer)
  return writer.bytes
}

@Suite struct `MessagePack` {
  @Test(arguments: [
    0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000, 0xFFFF_FFFF, 0x1_0000_0000, UInt64.max,
  ])
  func `keeps every unsigned number`(value: UInt64) throws {
    #expect(try MessagePackReader.read(written { $0.unsigned(value) }) == .unsigned(value))
  }

  @Test(arguments: [-1, -32, -33, -128, -129, -32_769, Int64.min, Int64(Int32.min)])
  func `keeps every negative number`(value: Int64) throws {
    #expect(try MessagePackReader.read(written { $0.signed(value) }) == .signed(value))
  }

  @Test(arguments: [0, -0.0, 1.5, .infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
  func `keeps every floating-point number`(value: Double) throws {
    #expect(try MessagePackReader.read(written { $0.double(value) }) == .double(value))
  }

  @Test(arguments: [0, 1, 31, 32, 255, 256, 65_535, 65_536])
  func `keeps strings, lists and maps of every width`(count: Int) throws {
    let text = String(repeating: "a", count: count)
    #expect(try MessagePackReader.read(written { $0.string(text) }).text == text)
    let list = written { writer in
      writer.array(count)
      for _ in 0..<count { writer.unsigned(1) }
    }
    #expect(try MessagePackReader.read(list).items?.count == count)
    let map = written { writer in
      writer.map(count)
      for number in 0..<count {
        writer.string("k\(number)")
        writer.unsigned(1)
      }
    }
    guard case .map(let pairs) = try MessagePackReader.read(map) else {
      Issue.record("no map")
      return
    }
    #expect(pairs.count == count)
  }

  @Test(
    arguments: [
      ([0xC0], MessagePackValue.null), ([0xC2], .bool(false)), ([0xC3], .bool(true)),
      ([0xE0], .signed(-32)), ([0xFF], .signed(-1)), ([0xD0, 0x80], .signed(-128)),
      ([0xD1, 0xFF, 0x00], .signed(-256)), ([0xD2, 0xFF, 0xFF, 0xFF, 0xFF], .signed(-1)),
      ([0xCA, 0x3F, 0xC0, 0, 0], .double(1.5)), ([0xC4, 2, 1, 2], .binary([1, 2])),
      ([0xC5, 0, 1, 9], .binary([9])), ([0xC6, 0, 0, 0, 1, 9], .binary([9])),
      ([0xD4, 0xFF, 7], .ext(-1, [7])), ([0xC7, 2, 1, 8, 9], .ext(1, [8, 9])),
      ([0xD8, 0] + [UInt8](repeating: 3, count: 16), .ext(0, [UInt8](repeating: 3, count: 16))),
      ([0xDC, 0, 1, 5], .array([.unsigned(5)])), ([0xDD, 0, 0, 0, 1, 5], .array([.unsigned(5)])),
      ([0xD9, 1, 0x61], .string("a")), ([0xDA, 0, 1, 0x61], .string("a")),
      ([0xDB, 0, 0, 0, 1, 0x61], .string("a")),
    ] as [([UInt8], MessagePackValue)])
  func `reads each form of the specification`(bytes: [UInt8], value: MessagePackValue) throws {
    #expect(try MessagePackReader.read(bytes) == value)
  }
}

@Suite struct `Hostile MessagePack` {
  private static let span = TestSpan(
    runID: "run-1", environment: "test", start: 1, traceID: 1, spanID: 1)

  @Test func `that is cut at any byte is truncated`() throws {
    let payload = Self.span.payload
    _ = try MessagePackReader.read(payload)
    for count in 0..<payload.count {
      #expect(throws: MessagePackError.truncated) {
        try MessagePackReader.read(Array(payload.prefix(count)))
      }
    }
  }

  @Test func `with any byte changed is read or refused`() {
    let payload = Self.span.payload
    for index in payload.indices {
      for byte in [0x00, 0x80, 0x9F, 0xC1, 0xC6, 0xDB, 0xDD, 0xDF, 0xFF] as [UInt8] {
        var changed = payload
        changed[index] = byte
        _ = try? MessagePackReader.read(changed)
      }
    }
  }

  @Test(
    arguments: [
      [0xDD, 0xFF, 0xFF, 0xFF, 0xFF], [0xDF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
      [0xDB, 0xFF, 0xFF, 0xFF, 0xFF],
      [0xC6, 0x7F, 0xFF, 0xFF, 0xFF, 0], [0xC9, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0xDC, 0, 3, 1], [],
    ] as [[UInt8]])
  func `that counts more than there is takes no memory for it`(bytes: [UInt8]) {
    #expect(throws: MessagePackError.truncated) { try MessagePackReader.read(bytes) }
  }

  @Test func `may nest 64 levels and no more`() throws {
    let nested = [UInt8](repeating: 0x91, count: 63)
    _ = try MessagePackReader.read(nested + [0xC0])
    #expect(throws: MessagePackError.tooDeep) { try MessagePackReader.read(nested + [0x91, 0xC0]) }
    #expect(throws: MessagePackError.tooDeep) {
      try MessagePackReader.read([UInt8](repeating: 0x81, count: 100_000))
    }
  }

  @Test func `holds a million values and no more`() throws {
    let list = { (count: UInt32) -> [UInt8] in
      [0xDD] + withUnsafeBytes(of: count.bigEndian) { Array($0) }
        + [UInt8](repeating: 0xC0, count: Int(count))
    }
    #expect(try MessagePackReader.read(list(999_999)).items?.count == 999_999)
    #expect(throws: MessagePackError.tooMany) { try MessagePackReader.read(list(1_000_000)) }
  }

  @Test func `ends where its value ends`() {
    #expect(throws: MessagePackError.trailing) { try MessagePackReader.read([0xC0, 0xC0]) }
    #expect(throws: MessagePackError.reserved) { try MessagePackReader.read([0xC1]) }
  }
}

@Suite struct `The test span` {
  @Test func `is one trace of one span that is recognisably ours`() throws {
    let payload = TestSpan(
      runID: "run-1", environment: "prod", start: 5, traceID: 0, spanID: 0
    ).payload
    let span = try #require(try MessagePackReader.read(payload).items?.first?.items?.first)
    #expect(span["name"]?.text == "openai.request" && span["service"]?.text == "dd-doctor")
    #expect(span["meta"]?["dd_doctor.run_id"]?.text == "run-1")
    #expect(span["meta"]?["env"]?.text == "prod" && span["start"]?.number == 5)
    #expect(span["metrics"]?["_sampling_priority_v1"] == .double(2))
    // The Agent drops ids of 0 after it has answered 200.
    #expect(span["trace_id"] == .unsigned(1) && span["span_id"] == .unsigned(1))
  }

  @Test(arguments: [nil, ""])
  func `names no environment where there is none`(environment: String?) throws {
    let payload = TestSpan(
      runID: "r", environment: environment, start: 5, traceID: 1, spanID: 1
    ).payload
    let span = try MessagePackReader.read(payload).items?.first?.items?.first
    #expect(span?["meta"] != nil && span?["meta"]?["env"] == nil)
  }
}
