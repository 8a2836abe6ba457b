// dd-trace-js, packages/dd-trace/src/config and src/agent/url.js; URLs as Node's `URL` reads them.
extension AgentAddress {
  private static let fails = "every request of dd-trace fails"

  static func node(_ environment: Environment, _ host: HostFacts) -> AgentAddress {
    // A name that is set hides its alias, even where it is empty.
    if let url = first(["DD_TRACE_AGENT_URL", "DD_TRACE_URL"], environment), !url.value.isEmpty {
      return nodeURL(url.name, url.value)
    }
    let used = first(["DD_AGENT_HOST", "DD_TRACE_AGENT_HOSTNAME"], environment)
    var port: (source: AddressSource, number: Int)?
    var notes: [AddressNote] = []
    if let source = first(["DD_TRACE_AGENT_PORT"], environment) {
      if let number = TracerValue.nodeInteger(source.value) {
        port = (source, number)
      } else {
        notes.append(
          AddressNote(
            source.name, "\(source.name) '\(source.value)' is no integer: dd-trace ignores it",
            better: nil))
      }
    }
    guard used != nil || port != nil || !host.sockets.contains(defaultSocket) else {
      var address = socket()
      address.notes = notes
      return address
    }
    let name = used?.value ?? "127.0.0.1"
    guard isNodeHost(name) else {
      return unusable(
        "http://\(name.contains(":") ? bracketed(name) : name):\(port?.number ?? 8126)",
        AddressFault(
          used?.name ?? "DD_AGENT_HOST", name,
          name.isEmpty ? "it is empty" : HostText.flaw(name), fails))
    }
    if let fault = portFault(port, name) {
      return unusable(
        "http://\(bracketed(name))\(port?.number == 0 ? "/" : ":\(fault.value)")", fault)
    }
    let origin = [used, port?.source].compactMap { $0 }
    return tcp(
      name, port?.number ?? 8126,
      origin: origin.isEmpty ? [AddressSource("default", "127.0.0.1:8126")] : origin, notes: notes)
  }

  /// The first of a setting's names that is set.
  static func first(_ names: [String], _ environment: Environment) -> AddressSource? {
    names.lazy.compactMap { name in environment.text(name).map { AddressSource(name, $0) } }.first
  }

  private static func portFault(_ port: (source: AddressSource, number: Int)?, _ host: String)
    -> AddressFault?
  {
    guard let port, !(1...65535).contains(port.number) else { return nil }
    let (name, text) = (port.source.name, port.source.value)
    guard port.number == 0 else { return AddressFault(name, text, "a port is 1 to 65535", fails) }
    return AddressFault(
      name, text, text.isEmpty ? "it is empty" : "0 is no port",
      "dd-trace sends to http://\(bracketed(host))/, which is port 80")
  }

  private static func isNodeHost(_ host: String) -> Bool {
    HostText.isName(host) || HostText.isBareIPv6(host)
      || HostText.isBracketedIPv6(host) && !host.contains("%")
  }

  private static func nodeURL(_ name: String, _ text: String) -> AgentAddress {
    let url = URLParts(nodeRepaired(text))
    func broken(_ reason: String) -> AgentAddress {
      unusable(text, AddressFault(name, text, reason, fails))
    }
    switch url.scheme {
    case "unix": return unix(name, text, url, broken)
    case "http", "https":
      guard !url.host.contains("%") else { return broken(HostText.flaw("[\(url.host)]")) }
      var address = web(name, text, url, keepsPath: false, broken)
      if address.fault == nil, url.path != "", url.path != "/" {
        address.notes.append(
          AddressNote(
            name, "dd-trace drops the path \(url.path) of \(name)",
            better: address.endpoint?.url("")))
      }
      return address
    case let scheme:
      return broken(
        scheme.isEmpty
          ? "it does not begin with http://, https:// or unix://"
          : "protocol \"\(scheme):\" is not supported, expected http:, https: or unix:")
    }
  }

  /// A URL without what Node's parser passes over: blanks and line ends around it, line ends and
  /// tabs inside, and any number of slashes behind `http:`.
  private static func nodeRepaired(_ text: String) -> String {
    // Nothing to repair in most URLs.
    if text.hasPrefix("http://"), !text.hasPrefix("http:///"),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    {
      return text
    }
    let bytes = text.unicodeScalars.drop { $0.value <= 0x20 }
    let kept = bytes.reversed().drop { $0.value <= 0x20 }.reversed()
      .filter { !["\t", "\n", "\r"].contains($0) }
    var url = ""
    url.unicodeScalars.append(contentsOf: kept)
    for scheme in ["http:", "https:"] where url.lowercased().hasPrefix(scheme) {
      return scheme + "//" + url.dropFirst(scheme.count).drop { $0 == "/" || $0 == "\\" }
    }
    return url
  }
}
