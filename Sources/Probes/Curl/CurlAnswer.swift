import Wire

/// What libcurl's callbacks heard, with our own caps: it calls a head that was cut off a success.
struct CurlAnswer: Sendable {
  private let limits: HTTPLimits
  private var headBytes = 0
  private var interims = 0
  private var isInHead = false
  /// Status 0 until a status line came.
  private(set) var response = HTTPResponse(0)
  /// An empty line has ended the head, other than an interim one.
  private(set) var isHeadComplete = false
  /// Which cap was passed.
  private(set) var excess: String?
  /// What the port said instead of a head.
  private(set) var greeting: [UInt8]?

  private static let greetingLimit = 240

  init(limits: HTTPLimits) {
    self.limits = limits
  }

  /// The status of a line that came, interim or not.
  var status: Int? { response.status == 0 ? nil : response.status }

  /// Takes one header line; false stops the transfer.
  mutating func takeHeader(_ bytes: some Collection<UInt8>) -> Bool {
    headBytes += bytes.count
    guard headBytes <= limits.head else {
      excess = "head over \(limits.head) bytes"
      return false
    }
    // Behind the head come a chunked body's trailers, which nobody reads.
    guard !isHeadComplete else { return true }
    let line = String(
      decoding: bytes.filter { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
    guard isInHead else {
      startHead(line)
      return true
    }
    guard line.isEmpty else {
      addField(line)
      return true
    }
    return endHead()
  }

  /// Takes a piece of the body; false stops the transfer.
  mutating func takeBody(_ bytes: some Collection<UInt8>) -> Bool {
    guard isHeadComplete else {
      greeting = Array(bytes.prefix(Self.greetingLimit))
      return false
    }
    guard response.body.count + bytes.count <= limits.body else {
      excess = "body over \(limits.body) bytes"
      return false
    }
    response.body.append(contentsOf: bytes)
    return true
  }

  private mutating func startHead(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    response.status = words.count > 1 ? Int(words[1]) ?? 0 : 0
    response.reason = words.count > 2 ? String(words[2]) : ""
    response.fields = HTTPFields()
    isInHead = true
  }

  private mutating func addField(_ line: String) {
    let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    if let first = line.first, blank(first), var last = response.fields.fields.popLast() {
      last.value += " " + trimmed(line[...], blank)
      response.fields.fields.append(last)
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    response.fields.add(String(line[..<colon]), trimmed(line[line.index(after: colon)...], blank))
  }

  private mutating func endHead() -> Bool {
    isInHead = false
    guard (100..<200).contains(response.status), response.status != 101 else {
      isHeadComplete = true
      return true
    }
    interims += 1
    guard interims <= limits.interim else {
      excess = "over \(limits.interim) interim answers"
      return false
    }
    return true
  }
}

private func trimmed(_ text: Substring, _ isBlank: (Character) -> Bool) -> String {
  var text = text.drop(while: isBlank)
  while let last = text.last, isBlank(last) { text.removeLast() }
  return String(text)
}
