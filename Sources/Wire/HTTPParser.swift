/// Reads one HTTP/1.1 message from bytes that arrive in pieces (RFC 9112), with caps on all of it.
struct HTTPParser {
  enum Kind { case request, response(toHEAD: Bool) }

  private enum State: Equatable {
    case startLine, fields, body(left: Int), chunkSize, chunk(left: Int), chunkEnd, trailers
    case untilClose, done
  }

  private let kind: Kind
  private let limits: HTTPLimits
  private var state = State.startLine
  private var buffer: [UInt8] = []
  private var read = 0
  private var headBytes = 0
  private var interims = 0
  private var chunks = 0
  private(set) var startLine = ""
  /// Method, target and version of a request; version, status and reason of an answer.
  private(set) var words: [String] = []
  private(set) var fields = HTTPFields()
  private(set) var body: [UInt8] = []
  private(set) var status = 0
  private(set) var reason = ""
  /// The message's version is HTTP/1.1 and neither side wants to close.
  private(set) var keepsAlive = false

  init(_ kind: Kind, limits: HTTPLimits = HTTPLimits()) {
    self.kind = kind
    self.limits = limits
  }

  var isDone: Bool { state == .done }

  /// A whole head has arrived, other than an interim one.
  var hasHead: Bool {
    switch state {
    case .startLine, .fields: false
    case .body, .chunkSize, .chunk, .chunkEnd, .trailers, .untilClose, .done: true
    }
  }

  /// What has been heard and not been understood yet.
  var pending: ArraySlice<UInt8> { buffer[read...] }

  mutating func feed(_ bytes: some Sequence<UInt8>) throws(HTTPSyntaxError) {
    buffer.append(contentsOf: bytes)
    while try step() {}
    if read > 64 * 1024 {
      buffer.removeFirst(read)
      read = 0
    }
  }

  /// The peer closed; true where that ends the message properly.
  mutating func close() -> Bool {
    if state == .untilClose { state = .done }
    return state == .done
  }

  /// Forgets the message and keeps what came behind it, for the next one on this connection.
  mutating func next() {
    var rest = buffer
    buffer = []
    rest.removeFirst(read)
    self = HTTPParser(kind, limits: limits)
    // A large message's room is given back, a small one's serves the next.
    buffer = rest.capacity > 128 * 1024 ? Array(rest[...]) : rest
  }

  private mutating func step() throws(HTTPSyntaxError) -> Bool {
    switch state {
    case .startLine:
      try recogniseEarly()
      guard let line = try takeLine() else { return false }
      if line.isEmpty, case .request = kind { return true }
      try readStartLine(line)
      state = .fields
    case .fields:
      guard let line = try takeLine() else { return false }
      if line.isEmpty { try endHead() } else { try readField(line) }
    case .body(let left):
      let taken = try takeBody(atMost: left)
      guard taken > 0 || left == 0 else { return false }
      state = taken == left ? .done : .body(left: left - taken)
    case .chunkSize:
      guard let line = try takeLine() else { return false }
      chunks += 1
      guard chunks <= limits.chunks else { throw .tooLarge("over \(limits.chunks) chunks") }
      let digits = line.prefix { $0 != UInt8(ascii: ";") && !isSpaceOrTab($0) }
      guard !digits.isEmpty, digits.count <= 8, digits.allSatisfy(isHexDigit),
        let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw .malformed("chunk size '\(printable(line, limit: 40))'") }
      state = size == 0 ? .trailers : .chunk(left: size)
    case .chunk(let left):
      let taken = try takeBody(atMost: left)
      guard taken > 0 else { return false }
      state = taken == left ? .chunkEnd : .chunk(left: left - taken)
    case .chunkEnd:
      guard let line = try takeLine() else { return false }
      guard line.isEmpty else { throw .malformed("no line end behind a chunk") }
      state = .chunkSize
    case .trailers:
      guard let line = try takeLine() else { return false }
      if line.isEmpty { state = .done }
    case .untilClose:
      return try takeBody(atMost: .max) > 0
    case .done:
      return false
    }
    return state != .done
  }

  /// Says at once that `SSH-2.0…` or a TLS hello is no HTTP, without waiting for a line end that
  /// may never come.
  private func recogniseEarly() throws(HTTPSyntaxError) {
    guard let first = pending.first else { return }
    switch kind {
    case .request:
      guard isAlphanumeric(first) || "!#$%&'*+-.^_`|~\r\n".utf8.contains(first) else {
        throw .notHTTP(Array(pending))
      }
    case .response:
      let magic = Array("HTTP/".utf8)
      guard pending.elementsEqual(magic.prefix(pending.count)) || pending.starts(with: magic) else {
        throw .notHTTP(Array(pending))
      }
    }
  }

  private mutating func takeLine() throws(HTTPSyntaxError) -> ArraySlice<UInt8>? {
    guard let end = pending.firstIndex(of: UInt8(ascii: "\n")) else {
      if pending.count + headBytes > limits.head {
        throw .tooLarge("head over \(limits.head) bytes")
      }
      return nil
    }
    var line = buffer[read..<end]
    headBytes += line.count + 1
    if state == .chunkSize || state == .chunkEnd { headBytes = 0 }
    if headBytes > limits.head { throw .tooLarge("head over \(limits.head) bytes") }
    read = end + 1
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    guard !line.contains(0) else { throw .malformed("NUL byte in the head") }
    return line
  }

  private mutating func takeBody(atMost limit: Int) throws(HTTPSyntaxError) -> Int {
    let count = min(limit, pending.count)
    guard body.count + count <= limits.body else {
      throw .tooLarge("body over \(limits.body) bytes")
    }
    body.append(contentsOf: buffer[read..<(read + count)])
    read += count
    return count
  }

  private mutating func readStartLine(_ line: ArraySlice<UInt8>) throws(HTTPSyntaxError) {
    startLine = String(decoding: line, as: UTF8.self)
    words = line.split(
      separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false
    ).map { String(decoding: $0, as: UTF8.self) }
    switch kind {
    case .request:
      guard words.count == 3, words[2].hasPrefix("HTTP/1."), !words[0].isEmpty, !words[1].isEmpty
      else {
        throw .notHTTP(Array(line))
      }
      keepsAlive = words[2] == "HTTP/1.1"
    case .response:
      guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3,
        let code = Int(words[1]), (100...999).contains(code)
      else { throw .malformed("status line '\(printable(line, limit: 80))'") }
      status = code
      reason = words.count == 3 ? words[2] : ""
      keepsAlive = words[0] == "HTTP/1.1"
    }
  }

  private mutating func readField(_ line: ArraySlice<UInt8>) throws(HTTPSyntaxError) {
    let isContinued = line.first.map(isSpaceOrTab) ?? false
    if isContinued, var last = fields.fields.popLast() {
      last.value += " " + trimmed(line)
      fields.fields.append(last)
      return
    }
    guard !isContinued, let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex
    else {
      throw .malformed("header line '\(printable(line, limit: 80))'")
    }
    fields.add(String(decoding: line[..<colon], as: UTF8.self), trimmed(line[(colon + 1)...]))
  }

  private mutating func endHead() throws(HTTPSyntaxError) {
    if (100..<200).contains(status), status != 101 {
      interims += 1
      guard interims <= limits.interim else {
        throw .tooLarge("over \(limits.interim) interim answers")
      }
      fields = HTTPFields()
      state = .startLine
      return
    }
    if fields.says("close", in: "Connection") { keepsAlive = false }
    headBytes = 0
    let isChunked = fields.says("chunked", in: "Transfer-Encoding")
    let length = try contentLength()
    switch kind {
    case .request:
      state = isChunked ? .chunkSize : .body(left: length ?? 0)
      // Refused at once, so that a client that expects `100 Continue` keeps its body.
      if case .body(let left) = state, left > limits.body {
        throw .tooLarge("body over \(limits.body) bytes")
      }
    case .response(let toHEAD):
      if toHEAD || status == 204 || status == 304 || status == 101 {
        state = .done
      } else if isChunked {
        state = .chunkSize
      } else if let length {
        state = .body(left: length)
      } else {
        keepsAlive = false
        state = .untilClose
      }
    }
    if state == .body(left: 0) { state = .done }
  }

  private func contentLength() throws(HTTPSyntaxError) -> Int? {
    var agreed: Int?
    for value in fields.all("Content-Length") {
      guard value.utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(value) else {
        throw .malformed("Content-Length '\(printable(value.utf8, limit: 40))'")
      }
      guard agreed == nil || agreed == length else { throw .malformed("two Content-Lengths") }
      agreed = length
    }
    return agreed
  }
}

/// Reads an answer from bytes that arrive in pieces.
package struct HTTPResponseParser {
  private var parser: HTTPParser

  package init(toHEAD: Bool = false, limits: HTTPLimits = HTTPLimits()) {
    parser = HTTPParser(.response(toHEAD: toHEAD), limits: limits)
  }

  /// The whole answer, once it is there.
  package var response: HTTPResponse? {
    parser.isDone ? partial : nil
  }

  /// What has arrived of the answer behind its head, for saying where it broke off.
  package var partial: HTTPResponse? {
    guard parser.hasHead else { return nil }
    return HTTPResponse(
      parser.status, reason: parser.reason, fields: parser.fields, body: parser.body)
  }

  package var keepsAlive: Bool { parser.keepsAlive && parser.isDone && parser.pending.isEmpty }

  /// The bytes behind the last complete part: a greeting, or half a head.
  package var heard: [UInt8] {
    Array(parser.startLine.utf8) + Array(parser.pending)
  }

  package mutating func feed(_ bytes: some Sequence<UInt8>) throws(HTTPSyntaxError) {
    try parser.feed(bytes)
  }

  package mutating func close() -> Bool { parser.close() }
}

/// Reads requests, one after the other, from bytes that arrive in pieces.
package struct HTTPRequestParser {
  private var parser: HTTPParser

  package init(limits: HTTPLimits = HTTPLimits()) {
    parser = HTTPParser(.request, limits: limits)
  }

  package mutating func feed(_ bytes: some Sequence<UInt8>) throws(HTTPSyntaxError) {
    try parser.feed(bytes)
  }

  /// The next whole request, or nil until more bytes come.
  package mutating func take() throws(HTTPSyntaxError) -> HTTPRequest? {
    try parser.feed([])
    guard parser.isDone, let request = partial else { return nil }
    keepsAlive = parser.keepsAlive
    parser.next()
    return request
  }

  /// What has arrived of the request once its head is there, for saying what was refused.
  package var partial: HTTPRequest? {
    guard parser.hasHead, parser.words.count > 1 else { return nil }
    var request = HTTPRequest(
      parser.words[0], parser.words[1], host: parser.fields["Host"] ?? "", body: parser.body)
    request.fields = parser.fields
    return request
  }

  /// The request last taken lets the connection stay open.
  package private(set) var keepsAlive = true

  /// The head has arrived and asks for `100 Continue` before the body.
  package var expectsContinue: Bool {
    parser.hasHead && !parser.isDone && parser.fields["Expect"]?.lowercased() == "100-continue"
  }
}

private func trimmed(_ text: ArraySlice<UInt8>) -> String {
  var text = text.drop(while: isSpaceOrTab)
  while let last = text.last, isSpaceOrTab(last) { text.removeLast() }
  return String(decoding: text, as: UTF8.self)
}

private func isSpaceOrTab(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

extension HTTPFields {
  /// Whether a field's value names something, in any case.
  fileprivate func says(_ word: String, in name: String) -> Bool {
    self[name]?.lowercased().holds(word) ?? false
  }
}
