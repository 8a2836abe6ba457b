import Configuration
import Diagnosis
import Wire

/// A request that libcurl can be trusted with: its URL and lines hold nothing that would split it.
struct CurlOrder: Sendable {
  let request: HTTPRequest
  let endpoint: Endpoint
  let options: CurlOptions
  let deadline: Deadline
  let url: String
  /// Header lines in libcurl's own notation, without line ends.
  let lines: [[UInt8]]

  init(
    _ request: HTTPRequest, to endpoint: Endpoint, _ options: CurlOptions, until deadline: Deadline
  ) throws(Fault) {
    self.request = request
    self.endpoint = endpoint
    self.options = options
    self.deadline = deadline
    guard !request.method.isEmpty, request.method.utf8.allSatisfy(isTokenByte) else {
      throw Fault(.malformed, "method '\(printable(request.method, limit: 20))'")
    }
    guard options.verifies || request.sealedSecrets.isEmpty else {
      throw Fault(.unsupported, "no secret goes to a host that is not verified")
    }
    url = try Self.url(of: request, at: endpoint)
    lines = try Self.lines(of: request, to: endpoint)
    let strings = [options.caFile ?? ""] + options.connectTo
    guard strings.allSatisfy({ !$0.utf8.contains(0) }), options.proxy?.isText != false else {
      throw Fault(.malformed, "NUL byte in a proxy, a file's path or a connect-to")
    }
  }

  var isEncrypted: Bool {
    if case .tls = endpoint { true } else { false }
  }

  /// The proxy in use; a Unix socket is never reached through one.
  var proxy: ProxyURL? {
    if case .unix = endpoint { nil } else { options.proxy }
  }

  /// The exchange with its result, before libcurl's own numbers are added.
  func exchange(_ result: Exchange.Result) -> Exchange {
    Exchange(request, to: endpoint, result)
  }

  private static func url(
    of request: HTTPRequest, at endpoint: Endpoint
  ) throws(Fault) -> String {
    guard request.target.hasPrefix("/"), request.target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
    else { throw Fault(.malformed, "path '\(printable(request.target, limit: 60))'") }
    switch endpoint {
    case .tcp(let host, let port):
      return "http://\(try authority(host, port))\(request.target)"
    case .tls(let host, let port):
      return "https://\(try authority(host, port))\(request.target)"
    case .unix(let path):
      guard !path.isEmpty, !path.utf8.contains(0) else {
        throw Fault(.malformed, "socket path '\(printable(path, limit: 60))'")
      }
      return "http://localhost\(request.target)"
    }
  }

  /// A host and port that stay a host and port in a URL: no `user@`, no path, no escape.
  private static func authority(_ host: String, _ port: Int) throws(Fault) -> String {
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let bare = isBracketed ? String(host.dropFirst().dropLast()) : host
    let isAddress = bare.utf8.contains(UInt8(ascii: ":"))
    guard !bare.isEmpty, bare.utf8.allSatisfy({ isHostByte($0, inAddress: isAddress) }) else {
      throw Fault(.malformed, "'\(printable(host, limit: 60))' is no host name")
    }
    guard (1...65535).contains(port) else { throw Fault(.malformed, "port \(port)") }
    guard isAddress else { return "\(bare):\(port)" }
    // RFC 6874: the zone's percent sign is itself escaped.
    let parts = bare.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    return "[\(parts.joined(separator: "%25"))]:\(port)"
  }

  private static func lines(
    of request: HTTPRequest, to endpoint: Endpoint
  ) throws(Fault) -> [[UInt8]] {
    var lines =
      switch endpoint {
      case .tls(let host, _): request.lines(encryptedTo: host)
      case .tcp, .unix: request.fields.fields.map { Array("\($0.name): \($0.value)".utf8) }
      }
    lines.insert(Array("Host: \(request.host)".utf8), at: 0)
    for index in lines.indices {
      lines[index] = try notation(lines[index])
    }
    // An emptied line keeps libcurl from adding its own.
    for name in ["Accept", "Content-Type", "Expect", "User-Agent"] {
      if request.fields[name] == nil { lines.append(Array("\(name):".utf8)) }
    }
    return lines
  }

  /// A line as CURLOPT_HTTPHEADER takes it: `Name;` where the value is empty, which else drops it.
  private static func notation(_ line: [UInt8]) throws(Fault) -> [UInt8] {
    let name = line.prefix { $0 != UInt8(ascii: ":") }
    guard !name.isEmpty, name.allSatisfy(isTokenByte) else {
      throw Fault(.malformed, "header field name '\(printable(name, limit: 40))'")
    }
    guard !line.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else {
      throw Fault(.malformed, "line end in the value of header field \(printable(name, limit: 40))")
    }
    let value = line.dropFirst(name.count + 1)
    return value.allSatisfy { $0 == 0x20 || $0 == 0x09 } ? name + [UInt8(ascii: ";")] : line
  }
}

/// What a method or a field's name is made of (RFC 9110, token).
private func isTokenByte(_ byte: UInt8) -> Bool {
  isLetterOrDigit(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
}

private func isHostByte(_ byte: UInt8, inAddress: Bool) -> Bool {
  isLetterOrDigit(byte) || "-._".utf8.contains(byte) || inAddress && ":%".utf8.contains(byte)
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"):
    true
  default: false
  }
}
