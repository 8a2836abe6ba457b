/// The text, if it is a link that may be followed out of a report: https, to a host whose pages
/// we point to ourselves.
///
/// A report may come from a stranger, and a site's name from the environment.
func trustedLink(_ text: String) -> String? {
  let scheme = "https://"
  guard text.hasPrefix(scheme), text.utf8.allSatisfy(isPlain) else { return nil }
  let host = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
  let isKnown = hosts.contains { host == $0 || host.hasSuffix(".\($0)") }
  return isKnown ? text : nil
}

private let hosts = [
  "datadoghq.com", "datadoghq.eu", "ddog-gov.com", "openai.com", "readthedocs.io",
]

/// What stands in a URL and means nothing in HTML or Markdown.
private func isPlain(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"):
    true
  default: "-._~/?#:@=&%+,;$".utf8.contains(byte)
  }
}
