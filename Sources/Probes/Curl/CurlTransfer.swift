import CCurl
import Configuration
import Diagnosis
import Wire

/// One request on libcurl's thread, which alone may touch it: the handle and all that it points to.
final class CurlTransfer {
  let id: UInt64
  let easy: UnsafeMutableRawPointer
  private let order: CurlOrder
  private var ending: CurlLoop.Ending?
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: 256)
  private var lists: [UnsafeMutablePointer<curl_slist>] = []
  private var answer: CurlAnswer
  private var attempts = CurlAttempts()

  /// Makes the handle, or answers at once and gives nil where that can't be.
  init?(_ order: CurlOrder, id: UInt64, ending: @escaping CurlLoop.Ending) {
    guard let easy = ccurl_easy_init() else {
      errorText.deallocate()
      let fault = Fault(.crashed, "libcurl has no room for a request")
      ending(order.exchange(.failed(fault)), nil)
      return nil
    }
    self.id = id
    self.easy = easy
    self.order = order
    self.ending = ending
    answer = CurlAnswer(limits: order.options.limits)
    errorText.initialize(repeating: 0, count: 256)
    let time = Int(order.deadline.milliseconds)
    guard time > 0 else {
      end(order.deadline.fault("no time was left to ask"))
      return nil
    }
    do throws(Fault) {
      try setUp(milliseconds: time)
    } catch {
      end(error)
      return nil
    }
  }

  deinit {
    ccurl_easy_cleanup(easy)
    for list in lists { ccurl_slist_free_all(list) }
    errorText.deallocate()
  }

  /// Until its deadline, at least 0.
  var millisecondsLeft: Int32 { order.deadline.milliseconds }

  /// Answers with a fault of our own side.
  func end(_ fault: Fault) {
    resume(order.exchange(.failed(fault)))
  }

  /// Answers with what libcurl's code means, given all that was observed.
  func end(_ code: CURLcode) {
    var exchange = order.exchange(observation(code).result)
    exchange.phases = phases
    exchange.sent = ccurl_get_long(easy, CURLINFO_REQUEST_SIZE) + size(CURLINFO_SIZE_UPLOAD_T)
    exchange.received = ccurl_get_long(easy, CURLINFO_HEADER_SIZE) + size(CURLINFO_SIZE_DOWNLOAD_T)
    if let greeting = answer.greeting { exchange.received = max(exchange.received, greeting.count) }
    exchange.attempts = attempts.attempts
    if order.isEncrypted, exchange.answer != nil { exchange.certificate = leafCertificate }
    resume(exchange)
  }

  private func resume(_ exchange: Exchange) {
    ending?(exchange, exchange.answer == nil ? nil : answer.response)
    ending = nil
  }
}

// MARK: - What is asked

extension CurlTransfer {
  private func setUp(milliseconds: Int) throws(Fault) {
    try set(CURLOPT_URL, order.url)
    ccurl_set_http_only(easy)
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLoption(UInt32(CCURL_QUICK_EXIT)), 1)
    set(CURLOPT_TIMEOUT_MS, milliseconds)
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    set(CURLOPT_HTTP09_ALLOWED, 1)
    try setTLS()
    try setWay()
    try setMessage()
    setCallbacks()
  }

  private func setTLS() throws(Fault) {
    set(CURLOPT_SSL_VERIFYPEER, order.options.verifies ? 1 : 0)
    set(CURLOPT_SSL_VERIFYHOST, order.options.verifies ? 2 : 0)
    set(CURLOPT_PROXY_SSL_VERIFYPEER, 1)
    set(CURLOPT_PROXY_SSL_VERIFYHOST, 2)
    set(CURLoption(UInt32(CCURL_CA_CACHE_TIMEOUT)), 3600)
    if order.isEncrypted { set(CURLOPT_CERTINFO, 1) }
    if let file = order.options.caFile {
      try set(CURLOPT_CAINFO, file)
      if order.proxy?.scheme == "https" {
        try set(CURLOPT_PROXY_CAINFO, file)
      }
    }
  }

  /// Proxy and addresses, always said outright: libcurl would else read our environment.
  private func setWay() throws(Fault) {
    try setProxy()
    try set(CURLOPT_NOPROXY, "")
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // Our header fields are for the target and never for the proxy.
    set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
    if case .unix(let path) = order.endpoint {
      try set(CURLOPT_UNIX_SOCKET_PATH, path)
    } else if !order.options.connectTo.isEmpty {
      try set(CURLOPT_CONNECT_TO, order.options.connectTo.map { Array($0.utf8) })
    }
  }

  private func setProxy() throws(Fault) {
    guard let proxy = order.proxy else { return try set(CURLOPT_PROXY, "") }
    let easy = easy
    let code = proxy.withURL { bytes in
      bytes.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer {
        ccurl_set_string(easy, CURLOPT_PROXY.rawValue, $0.baseAddress)
      }
    }
    guard code == CURLE_OK else { throw .refusedOption(code) }
  }

  private func setMessage() throws(Fault) {
    let request = order.request
    if request.method == "HEAD" {
      set(CURLOPT_NOBODY, 1)
    } else if request.method != "GET" || !request.body.isEmpty {
      ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE.rawValue, curl_off_t(request.body.count))
      let code = request.body.withUnsafeBytes {
        ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS.rawValue, $0.baseAddress ?? .init(easy))
      }
      guard code == CURLE_OK else { throw .refusedOption(code) }
    }
    if request.method != "HEAD" { try set(CURLOPT_CUSTOMREQUEST, request.method) }
    try set(CURLOPT_HTTPHEADER, order.lines)
  }

  private func setCallbacks() {
    let me = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
    ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER.rawValue, errorText)
    ccurl_set_pointer(easy, CURLOPT_HEADERDATA.rawValue, me)
    ccurl_set_write(easy, CURLOPT_HEADERFUNCTION.rawValue) { bytes, size, count, me in
      take(bytes, size &* count, me) { $0.answer.takeHeader($1) }
    }
    ccurl_set_pointer(easy, CURLOPT_WRITEDATA.rawValue, me)
    ccurl_set_write(easy, CURLOPT_WRITEFUNCTION.rawValue) { bytes, size, count, me in
      take(bytes, size &* count, me) { $0.answer.takeBody($1) }
    }
    set(CURLOPT_VERBOSE, 1)
    ccurl_set_pointer(easy, CURLOPT_DEBUGDATA.rawValue, me)
    ccurl_set_debug(easy) { _, kind, bytes, size, me in
      // Everything but its own text may hold secrets.
      guard kind == CURLINFO_TEXT else { return 0 }
      _ = take(bytes, size, me) {
        $0.attempts.read(String(decoding: $1, as: UTF8.self))
        return true
      }
      return 0
    }
  }

  private func set(_ option: CURLoption, _ value: Int) {
    ccurl_set_long(easy, option.rawValue, value)
  }

  private func set(_ option: CURLoption, _ value: String) throws(Fault) {
    let code = ccurl_set_string(easy, option.rawValue, value)
    guard code == CURLE_OK else { throw .refusedOption(code) }
  }

  private func set(_ option: CURLoption, _ lines: [[UInt8]]) throws(Fault) {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      let longer = (line.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
        ccurl_slist_append(list, $0.baseAddress)
      }
      guard let longer else {
        ccurl_slist_free_all(list)
        throw Fault(.crashed, "libcurl has no room for a header")
      }
      list = longer
    }
    guard let list else { return }
    lists.append(list)
    let code = ccurl_set_list(easy, option.rawValue, list)
    guard code == CURLE_OK else { throw .refusedOption(code) }
  }
}

/// Gives a callback's bytes to the transfer it is for; another count than theirs stops libcurl.
private func take(
  _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ transfer: UnsafeMutableRawPointer?,
  _ body: (CurlTransfer, UnsafeRawBufferPointer) -> Bool
) -> Int {
  guard let transfer else { return 0 }
  let me = Unmanaged<CurlTransfer>.fromOpaque(transfer).takeUnretainedValue()
  let stop = count == 0 ? 1 : 0
  return body(me, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : stop
}

// MARK: - What came of it

extension CurlTransfer {
  private func observation(_ code: CURLcode) -> CurlObservation {
    var seen = CurlObservation(code: code, order: order, answer: answer)
    seen.errno = code == CURLE_OK ? 0 : Int32(truncatingIfNeeded: number(CURLINFO_OS_ERRNO))
    seen.text = String(cString: errorText)
    seen.verifyResult = number(CURLINFO_SSL_VERIFYRESULT)
    seen.proxyVerifyResult = number(CURLINFO_PROXY_SSL_VERIFYRESULT)
    seen.connectStatus = number(CURLINFO_HTTP_CONNECTCODE)
    if let address = ccurl_get_string(easy, CURLINFO_PRIMARY_IP), address.pointee != 0 {
      let host = bracketed(String(cString: address))
      attempts.connect("\(host):\(number(CURLINFO_PRIMARY_PORT))")
      seen.isConnected = true
    }
    if case .unix = order.endpoint {
      seen.isConnected = number(CURLINFO_NUM_CONNECTS) > 0 || answer.status != nil
      attempts = CurlAttempts()
    }
    seen.failures = attempts.attempts.compactMap(\.error)
    seen.isGranted = attempts.isGranted
    seen.alert = attempts.alert
    seen.isReused = seen.isConnected && number(CURLINFO_NUM_CONNECTS) == 0
    seen.hasResolved = size(CURLINFO_NAMELOOKUP_TIME_T) > 0
    seen.hasHandshaken = size(CURLINFO_APPCONNECT_TIME_T) > 0
    seen.hasFirstByte = size(CURLINFO_STARTTRANSFER_TIME_T) > 0
    seen.certificate = certificate
    return seen
  }

  /// Of the peer's certificate, where libcurl kept it: names, issuer, dates.
  private var certificate: [String] {
    let labels = [
      "Subject": "subject", "Issuer": "issuer", "Start date": "not before",
      "Expire date": "not after", "X509v3 Subject Alternative Name": "names",
    ]
    var lines: [String] = []
    var index: Int32 = 0
    while let line = ccurl_get_certificate_line(easy, index), index < 200 {
      index += 1
      let parts = String(cString: line).split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2, let label = labels[parts[0]] else { continue }
      lines.append("\(label): \(printable(parts[1], limit: 200))")
    }
    return lines
  }

  /// The lines of the peer's own certificate, without those of its issuers.
  private var leafCertificate: [String]? {
    let lines = certificate
    let next = lines.dropFirst().firstIndex { $0.hasPrefix("subject: ") } ?? lines.endIndex
    return lines.isEmpty ? nil : Array(lines[..<next])
  }

  private var phases: Transfer.Phases {
    let isNew = number(CURLINFO_NUM_CONNECTS) > 0
    let lookup = milliseconds(CURLINFO_NAMELOOKUP_TIME_T)
    let connect = milliseconds(CURLINFO_CONNECT_TIME_T)
    let handshake = milliseconds(CURLINFO_APPCONNECT_TIME_T)
    let firstByte = milliseconds(CURLINFO_STARTTRANSFER_TIME_T)
    let ready = max(handshake, connect)
    return Transfer.Phases(
      dns: isNew && lookup > 0 ? lookup : nil,
      connect: isNew && connect > 0 ? max(connect - lookup, 0) : nil,
      tls: isNew && handshake > 0 ? max(handshake - connect, 0) : nil,
      firstByte: firstByte > 0 ? max(firstByte - ready, 0) : nil,
      total: milliseconds(CURLINFO_TOTAL_TIME_T))
  }

  private func number(_ info: CURLINFO) -> Int { ccurl_get_long(easy, info) }
  private func size(_ info: CURLINFO) -> Int { Int(ccurl_get_size(easy, info)) }
  private func milliseconds(_ info: CURLINFO) -> Double { Double(size(info)) / 1000 }
}

extension Fault {
  fileprivate static func refusedOption(_ code: CURLcode) -> Fault {
    Fault(.unsupported, "this libcurl can't do what is asked (\(code.rawValue))")
  }
}
