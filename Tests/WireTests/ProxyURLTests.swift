import Testing

@testable import Wire

@Suite struct ProxyURLTests {
  @Test(arguments: [
    ("http://proxy:3128", "http", "proxy", 3128, "http://proxy:3128"),
    ("proxy:3128", "http", "proxy", 3128, "proxy:3128"),
    ("http://proxy", "http", "proxy", 1080, "http://proxy"),
    ("HTTPS://proxy/", "https", "proxy", 443, "HTTPS://proxy/"),
    ("socks5h://[::1]:9050", "socks5h", "::1", 9050, "socks5h://[::1]:9050"),
    ("http://ann:canary@proxy:3128/", "http", "proxy", 3128, "http://****@proxy:3128/"),
    ("ann:canary@proxy:3128", "http", "proxy", 3128, "****@proxy:3128"),
    ("http://canary@proxy:3128", "http", "proxy", 3128, "http://****@proxy:3128"),
    ("http://ann:c/an@ary@proxy:1", "http", "proxy", 1, "http://****@proxy:1"),
  ])
  func `a proxy's URL is read, and shown without its user`(
    text: String, scheme: String, host: String, port: Int, shown: String
  ) {
    let url = ProxyURL(Secret(Array(text.utf8)))
    #expect(url.scheme == scheme)
    #expect(url.host == host)
    #expect(url.port == port)
    #expect(url.shown == shown)
  }

  @Test func `the client alone is handed the whole URL`() {
    let url = ProxyURL(Secret(Array("http://ann:canary@proxy:3128".utf8)))
    #expect(url.withURL { String(decoding: $0.dropLast(), as: UTF8.self) }.contains("canary"))
    var dumped = ""
    dump(url, to: &dumped)
    #expect(!dumped.contains("canary"))
    #expect(!String(reflecting: url).contains("canary"))
  }
}

@Suite struct HTTPDateTests {
  @Test(arguments: [
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
    ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
    ("Wed, 25 Nov 2026 12:00:00 GMT", 1_795_608_000),
  ])
  func `an HTTP date is seconds since 1970`(text: String, seconds: Int) {
    #expect(HTTPDate.seconds(text) == seconds)
    #expect(HTTPDate.text(seconds) == text)
  }

  @Test(arguments: [
    "", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Non 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 28:49:37 GMT", "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
  ])
  func `what is no date is none`(text: String) {
    #expect(HTTPDate.seconds(text) == nil)
  }
}
