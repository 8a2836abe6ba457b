import LogPatterns
import Wire

// What comes over a line, or stands in a log.
extension FuzzSubject {
  /// The same bytes mean the same, however they were cut on their way.
  static func inPieces(
    _ bytes: [UInt8], _ read: ([ArraySlice<UInt8>]) -> String
  ) throws(Broken) {
    let whole = read([bytes[...]])
    let pieces = read(bytes.indices.map { bytes[$0...$0] })
    guard pieces == whole else {
      throw Broken("byte by byte it reads otherwise: \(pieces), not \(whole)")
    }
  }

  /// What was heard when it was refused depends on how much had come.
  private static func kind(_ error: HTTPSyntaxError) -> String {
    switch error {
    case .notHTTP: "not HTTP"
    case .malformed: "malformed"
    case .tooLarge: "too large"
    }
  }

  static func requests(_ pieces: [ArraySlice<UInt8>]) -> String {
    var parser = HTTPRequestParser()
    var told = ""
    do throws(HTTPSyntaxError) {
      for piece in pieces {
        try parser.feed(piece)
        while let request = try parser.take() { told += "\(request)\n" }
      }
    } catch {
      told += Self.kind(error)
    }
    return told
  }

  static func response(_ pieces: [ArraySlice<UInt8>]) -> String {
    var parser = HTTPResponseParser()
    do throws(HTTPSyntaxError) {
      for piece in pieces where parser.response == nil { try parser.feed(piece) }
    } catch {
      return Self.kind(error)
    }
    _ = parser.close()
    return "\(String(describing: parser.response))"
  }

  static func messagePack(_ bytes: [UInt8]) {
    guard let value = try? MessagePackReader.read(bytes) else { return }
    _ = (value.items, value.text, value.number, value["meta"])
  }

  static func traffic(_ bytes: [UInt8]) throws(Broken) {
    var texts = KnownTexts()
    for version in TracePayload.Version.allCases {
      var traffic = CapturedTraffic()
      let request = HTTPRequest(
        "PUT", version.rawValue, host: "localhost",
        fields: [("Content-Type", "application/msgpack")], body: bytes)
      _ = traffic.read(request, version, &texts)
      guard traffic.spanNames.count <= 100, traffic.openAI.count <= 100 else {
        throw Broken("a list has no bound")
      }
      for name in traffic.spanNames.keys { try harmless(name, "a span's name") }
    }
  }

  static func noted(_ bytes: [UInt8], at path: String) throws(Broken) {
    var traffic = CapturedTraffic()
    traffic.note(
      HTTPRequest("POST", path, host: "localhost", body: bytes),
      path: path, status: 202)
    for event in traffic.events {
      try harmless(
        [event.kind, event.model, event.application].compactMap { $0 }.joined(), "an event")
    }
  }

  static func datagram(_ bytes: [UInt8]) throws(Broken) {
    var traffic = CapturedTraffic()
    traffic.note(datagram: bytes)
    for name in traffic.metrics.names { try harmless(name, "a metric's name") }
  }

  static func log(_ bytes: [UInt8]) throws(Broken) {
    let whole = findings(bytes, atOnce: 256 << 10)
    guard findings(bytes, atOnce: 7) == whole else { throw Broken("in pieces it reads otherwise") }
    for finding in whole { try harmless(finding.excerpt, "an excerpt") }
  }

  private static func findings(_ bytes: [UInt8], atOnce: Int) -> [LogFinding] {
    var scanner = LogScanner(chunk: 1 << 10)
    var rest = bytes[...]
    while scanner.read({ space in
      let piece = rest.prefix(min(atOnce, space.count))
      space.copyBytes(from: piece)
      rest = rest.dropFirst(piece.count)
      return piece.count
    }) {}
    return scanner.results().findings
  }

  static func objects(_ pieces: [ArraySlice<UInt8>]) -> String {
    var cutter = JSONCutter()
    var told = ""
    do {
      for piece in pieces { try cutter.feed(piece) { told += "\($0.line) \($0.bytes)\n" } }
      try cutter.end()
    } catch {
      told += "\(error)"
    }
    return told
  }

  static func json(_ bytes: [UInt8]) throws(Broken) {
    guard let document = try? JSONDocument(bytes) else { return }
    for root in document.roots { walk(root, 0) }
  }

  private static func walk(_ node: JSONNode, _ depth: Int) {
    guard depth < 600 else { return }
    for element in node.elements { walk(element, depth + 1) }
    for member in node.members { walk(member.value, depth + 1) }
    _ = (node.kind, node.line, node.bytes)
  }
}
