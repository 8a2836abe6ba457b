import CCurl
import Configuration
import Diagnosis
import Wire

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// All that libcurl tells of a finished transfer, and what it means.
struct CurlObservation: Sendable {
  let code: CURLcode
  let order: CurlOrder
  let answer: CurlAnswer
  var errno: Int32 = 0
  var text = ""
  /// OpenSSL's verdict on the peer's certificate (X509_V_ERR_…).
  var verifyResult = 0
  var proxyVerifyResult = 0
  /// What an HTTP proxy answered to CONNECT.
  var connectStatus = 0
  var isConnected = false
  var isReused = false
  var hasResolved = false
  var hasHandshaken = false
  var hasFirstByte = false
  /// A SOCKS proxy has opened the way.
  var isGranted = false
  /// The TLS alert that we ended a handshake with.
  var alert: String?
  /// Why addresses did not connect, in libcurl's words.
  var failures: [String] = []
  var certificate: [String] = []

  var result: Exchange.Result {
    if code == CURLE_OK, answer.isHeadComplete {
      let lengths = Set(answer.response.fields.all("Content-Length"))
      guard lengths.count > 1 else { return .answered(Answer(answer.response)) }
      return .failed(completed(Fault(.protocol, "two Content-Lengths")))
    }
    if let refusal = connectRefusal { return .failed(refusal) }
    return .failed(completed(hasReachedTarget ? fault : blamedOnProxy(fault)))
  }

  /// A fault with the status line and the greeting that came before it.
  private func completed(_ fault: Fault) -> Fault {
    var fault = fault
    fault.status = fault.status ?? answer.status
    fault.errno = errno == 0 ? nil : errno
    if let greeting = answer.greeting { fault.heard = printable(greeting, limit: 120) }
    return fault
  }

  private var said: String { curlWords(text) }

  // MARK: Proxies

  private var connectRefusal: Fault? {
    guard order.proxy != nil, connectStatus != 0, !(200..<300).contains(connectStatus) else {
      return nil
    }
    return Fault(.proxy, "proxy answered \(connectStatus) to CONNECT", status: connectStatus)
  }

  /// Whether the target, and no proxy before it, is what failed.
  private var hasReachedTarget: Bool {
    guard let proxy = order.proxy else { return true }
    if isReused || hasHandshaken || answer.status != nil { return true }
    if proxy.scheme.hasPrefix("socks") { return isGranted }
    if order.isEncrypted { return (200..<300).contains(connectStatus) }
    return isConnected && ![CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR].contains(code)
  }

  private func blamedOnProxy(_ fault: Fault) -> Fault {
    switch fault.failureClass {
    case .interrupted, .tooLarge, .missing, .malformed: fault
    default: Fault(.proxy, "proxy: \(fault.message)", certificate: fault.certificate)
    }
  }

  // MARK: Codes

  private var fault: Fault {
    if let excess = answer.excess { return Fault(.tooLarge, excess) }
    if let greeting = answer.greeting { return .notHTTP(greeting) }
    return switch code {
    case CURLE_OK: Fault(.protocol, "cut off in the answer's head")
    case CURLE_COULDNT_RESOLVE_PROXY: Fault(.dns, "name not found")
    case CURLE_COULDNT_RESOLVE_HOST: unresolved
    case CURLE_COULDNT_CONNECT: unconnected
    case CURLE_OPERATION_TIMEDOUT: timedOut
    case CURLE_GOT_NOTHING: Fault(.closed, "closed before an answer")
    case CURLE_PARTIAL_FILE: Fault(.closed, "closed in the answer's body")
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR: broken
    case CURLE_SSL_CONNECT_ERROR: handshakeFault
    case CURLE_PEER_FAILED_VERIFICATION: certificateFault
    case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE: unreadableAuthorities
    case CURLE_URL_MALFORMAT: Fault(.malformed, "not a URL: \(said)")
    case CURLE_OUT_OF_MEMORY, CURLcode(rawValue: 100):
      isConnected ? Fault(.tooLarge, "header line too long") : Fault(.crashed, said)
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_NOT_BUILT_IN:
      isConnected ? malformed : Fault(.unsupported, said)
    case CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS:
      Fault(.tlsProtocol, "TLS: \(said)")
    case CURLE_PROXY: Fault(.proxy, said)
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: malformed
    default: Fault(.protocol, said.isEmpty ? "libcurl's error \(code.rawValue)" : said)
    }
  }

  private var malformed: Fault { Fault(.protocol, "malformed answer: \(said)") }

  private var unresolved: Fault {
    if case .unix = order.endpoint { return Fault(.malformed, "socket path too long") }
    return Fault(.dns, "name not found")
  }

  private var unconnected: Fault {
    if errno == 0, failures.contains(where: { $0.contains("refused") }) {
      return Fault(.refused, "connection refused")
    }
    if case .unix = order.endpoint {
      switch errno {
      case ENOENT, ENOTDIR: return Fault(.noSocket, "no such socket")
      case EPROTOTYPE: return Fault(.noSocket, "a datagram socket")
      case ECONNREFUSED: return Fault(.refused, "connection refused: nothing listens on the socket")
      default: break
      }
    }
    return switch errno {
    case ECONNREFUSED: Fault(.refused, "connection refused")
    case ENETUNREACH, EAFNOSUPPORT, EADDRNOTAVAIL: Fault(.unroutable, "no route to network")
    case EHOSTUNREACH, EHOSTDOWN: Fault(.unroutable, "no route to host")
    case EACCES, EPERM: Fault(.permission, "permission denied")
    case ETIMEDOUT: Fault(.timeout, "timed out connecting")
    case ECONNRESET: Fault(.reset, "connection reset")
    default: Fault(.unroutable, said.isEmpty ? "could not connect" : said)
    }
  }

  private var timedOut: Fault {
    guard isConnected else {
      guard !hasResolved || text.hasPrefix("Resolving") else {
        return order.deadline.fault("timed out connecting")
      }
      let fault = order.deadline.fault("timed out resolving the name")
      return fault.failureClass == .timeout ? Fault(.dns, fault.message) : fault
    }
    if order.isEncrypted, !hasHandshaken, !isReused {
      return order.deadline.fault(
        hasReachedTarget ? "timed out in the TLS handshake" : "no answer to CONNECT")
    }
    if answer.isHeadComplete { return order.deadline.fault("timed out in the answer's body") }
    switch answer.status {
    case .some(100..<200): return order.deadline.fault("only an interim answer, then silence")
    case .some: return order.deadline.fault("timed out in the answer's head")
    case nil where hasFirstByte: return order.deadline.fault("timed out in the answer's head")
    case nil: return order.deadline.fault("no answer to the request")
    }
  }

  /// A connection that broke: by a reset, by its end, or by an answer that makes no sense.
  private var broken: Fault {
    if isReset { return Fault(.reset, "connection reset \(place)") }
    if order.isEncrypted, text.contains("alert") { return Fault(.tlsProtocol, "TLS: \(said)") }
    if code == CURLE_SEND_ERROR || isCutOff { return Fault(.closed, "closed \(place)") }
    return hasReachedTarget
      ? malformed : Fault(.closed, "closed before an answer")
  }

  private var isReset: Bool {
    [ECONNRESET, ECONNABORTED, EPIPE].contains(errno)
  }

  private var isCutOff: Bool {
    ["unexpected eof", "SSL_ERROR_SYSCALL", "SSL_ERROR_ZERO_RETURN", "non-properly terminated"]
      .contains { text.contains($0) }
  }

  private var place: String {
    if answer.isHeadComplete { return "in the answer's body" }
    return answer.status == nil ? "before an answer" : "in the answer's head"
  }

  // MARK: TLS

  private var handshakeFault: Fault {
    if isReset { return Fault(.reset, "connection reset in the TLS handshake") }
    if isCutOff, let refusal { return refusal }
    if isCutOff { return Fault(.closed, "closed in the TLS handshake") }
    let isForeign = ["wrong version number", "http request", "packet length too long"]
      .contains { text.contains($0) }
    return Fault(.tlsProtocol, isForeign ? "the port does not speak TLS" : "TLS handshake: \(said)")
  }

  /// Our own refusal, which libcurl 7.88 takes for a cut behind a proxy that itself speaks TLS.
  private var refusal: Fault? {
    guard let alert else { return nil }
    if alert.hasPrefix("certificate expired") { return Fault(.tlsExpired, "certificate expired") }
    guard alert.hasPrefix("unknown CA") || alert.hasPrefix("bad certificate") else { return nil }
    return Fault(.tlsUntrusted, "certificate is not trusted: \(printable(alert, limit: 40))")
  }

  private var unreadableAuthorities: Fault {
    let file = order.options.caFile.map { " in \(printable($0, limit: 200))" } ?? ""
    return Fault(.missing, "no certificate authorities\(file)")
  }

  private var certificateFault: Fault {
    var fault = untrusted
    fault.certificate = certificate.isEmpty ? nil : certificate
    return fault
  }

  private var untrusted: Fault {
    let result = hasReachedTarget || proxyVerifyResult == 0 ? verifyResult : proxyVerifyResult
    // 1 is libcurl's own "not verified yet", which stays where only the name was wrong.
    switch result {
    case 9: return Fault(.tlsExpired, "certificate is not valid yet")
    case 10: return Fault(.tlsExpired, "certificate expired")
    case 18: return Fault(.tlsUntrusted, "certificate is self-signed")
    case 19: return Fault(.tlsUntrusted, "certificate chain ends in an unknown authority")
    case 20: return Fault(.tlsUntrusted, "certificate's issuer is unknown")
    case 21: return Fault(.tlsUntrusted, "certificate chain is incomplete")
    case 62, 64: return Fault(.tlsHostname, "certificate is for another name")
    default: break
    }
    // Other TLS libraries say it only in words.
    let lower = text.lowercased()
    let isName = ["subject name", "hostname", "host name", "does not match"].contains {
      lower.contains($0)
    }
    if isName { return Fault(.tlsHostname, "certificate is for another name") }
    if lower.contains("expired") { return Fault(.tlsExpired, "certificate expired") }
    return Fault(.tlsUntrusted, "certificate is not trusted: \(said)")
  }
}

extension Fault {
  /// A port that answers with something else than HTTP/1.
  fileprivate static func notHTTP(_ greeting: [UInt8]) -> Fault {
    if greeting.count >= 5, greeting[0] == 0x15 || greeting[0] == 0x16, greeting[1] == 3 {
      return Fault(.protocol, "not HTTP: it speaks TLS")
    }
    // RFC 9113: a server's first frame is SETTINGS (type 4) on stream 0.
    if greeting.count >= 9, greeting[3] == 4, greeting[5...8].allSatisfy({ $0 == 0 }) {
      return Fault(.protocol, "not HTTP/1.1: it speaks HTTP/2")
    }
    let line = greeting.prefix { $0 != 0x0A && $0 != 0x0D }
    return Fault(.protocol, "not HTTP: it says \(printable(line, limit: 60))")
  }
}

/// libcurl's words with nothing secret or dangerous in them, beginning in lower case.
func curlWords(_ text: String) -> String {
  let words = printable(Redaction.redacted(text), limit: 160)
  guard let first = words.first, words.dropFirst().first?.isUppercase != true else { return words }
  return first.lowercased() + words.dropFirst()
}
