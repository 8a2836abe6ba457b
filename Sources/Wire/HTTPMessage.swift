/// Header fields in order, looked up without regard to case.
package struct HTTPFields: Codable, Equatable, Sendable {
  package struct Field: Codable, Equatable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package var fields: [Field]

  package init(_ fields: [(String, String)] = []) {
    self.fields = fields.map { Field(name: $0.0, value: $0.1) }
  }

  package subscript(_ name: String) -> String? {
    fields.first { Self.isSame($0.name, name) }?.value
  }

  package func all(_ name: String) -> [String] {
    fields.filter { Self.isSame($0.name, name) }.map(\.value)
  }

  /// Names are compared without regard to case (RFC 9110, 5.1), and nothing is allocated for it.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return left == right
      || zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  package mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }
}

/// A request as it is written on the line; what it says of itself never includes a secret.
package struct HTTPRequest: Equatable, Sendable {
  package var method: String
  /// Path and query, as in `/info`.
  package var target: String
  /// The `Host` field.
  package var host: String
  package var fields: HTTPFields
  package var body: [UInt8]
  /// Header fields that only `bytes` and `lines(for:)` can open.
  var secrets: [SealedField] = []

  package init(
    _ method: String, _ target: String, host: String, fields: [(String, String)] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.target = target
    self.host = host
    self.fields = HTTPFields(fields)
    self.body = body
  }

  /// The whole message for a plain connection, on which no secret is ever written.
  package var bytes: [UInt8] {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n"
    for field in fields.fields {
      head += "\(field.name): \(field.value)\r\n"
    }
    if !body.isEmpty || method != "GET" {
      head += "Content-Length: \(body.count)\r\n"
    }
    return Array((head + "\r\n").utf8) + body
  }
}

/// An answer, whole.
package struct HTTPResponse: Equatable, Sendable {
  package var status: Int
  package var reason: String
  package var fields: HTTPFields
  package var body: [UInt8]

  package init(_ status: Int, reason: String = "", fields: HTTPFields = .init(), body: [UInt8] = [])
  {
    self.status = status
    self.reason = reason
    self.fields = fields
    self.body = body
  }

  /// The whole message as a server writes it, its length always given.
  ///
  /// - Parameters:
  ///   - isClosing: whether the connection ends behind it.
  ///   - toHEAD: whether it answers a HEAD request, which gets the head alone.
  /// - Returns: the bytes to send.
  package func bytes(isClosing: Bool = false, toHEAD: Bool = false) -> [UInt8] {
    let reason = reason.isEmpty ? Self.reason(of: status) : reason
    var head = "HTTP/1.1 \(status) \(reason)\r\n"
    for field in fields.fields {
      head += "\(field.name): \(field.value)\r\n"
    }
    if isClosing { head += "Connection: close\r\n" }
    let hasBody = status >= 200 && status != 204 && status != 304
    if hasBody, fields["Content-Length"] == nil { head += "Content-Length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8) + (hasBody && !toHEAD ? body : [])
  }

  private static func reason(of status: Int) -> String {
    switch status {
    case 100: "Continue"
    case 200: "OK"
    case 202: "Accepted"
    case 302: "Found"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 413: "Request Entity Too Large"
    case 415: "Unsupported Media Type"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    default: "Status \(status)"
    }
  }
}

/// Why bytes are no HTTP message.
package enum HTTPSyntaxError: Error, Equatable, Sendable {
  /// Not HTTP at all; the bytes are what was heard.
  case notHTTP([UInt8])
  case malformed(String)
  case tooLarge(String)
}

/// How much of a message is read before it counts as a flood.
package struct HTTPLimits: Equatable, Sendable {
  package var head = 64 * 1024
  package var body = 4 * 1024 * 1024
  package var interim = 16
  package var chunks = 64 * 1024

  package init() {}
}
