// dd-trace-php, ext/endpoints.c.
extension AgentAddress {
  static func php(_ environment: Environment, _ host: HostFacts) -> AgentAddress {
    if let text = environment.value("DD_TRACE_AGENT_URL") {
      return phpURL("DD_TRACE_AGENT_URL", text)
    }
    let name = environment.value("DD_AGENT_HOST")
    if let name, name.hasPrefix("unix://"), name != "unix://" {
      return phpURL("DD_AGENT_HOST", name)
    }
    // The port alone does not keep it from the socket.
    if name == nil, host.sockets.contains(defaultSocket) { return socket() }
    var origin = name.map { [AddressSource("DD_AGENT_HOST", $0)] } ?? []
    var port = 8126
    var notes: [AddressNote] = []
    if let text = environment.value("DD_TRACE_AGENT_PORT") {
      if let number = TracerValue.phpInteger(text), (1...65535).contains(number) {
        port = number
        origin.append(AddressSource("DD_TRACE_AGENT_PORT", text))
      } else {
        notes.append(
          AddressNote(
            "DD_TRACE_AGENT_PORT",
            "DD_TRACE_AGENT_PORT '\(text)' is no port: the PHP tracer uses 8126", better: nil))
      }
    }
    if origin.isEmpty { origin = [AddressSource("default", "localhost:8126")] }
    guard let name else { return tcp("localhost", port, origin: origin, notes: notes) }
    // Whatever holds a colon is put into brackets, brackets too.
    let isUsable = HostText.isName(name) || HostText.isIPv6(name)
    guard isUsable else {
      return unusable(
        name.contains(":") ? "http://[\(name)]:\(port)" : "http://\(name):\(port)",
        AddressFault(
          "DD_AGENT_HOST", name, HostText.flaw(name), "the PHP tracer can't connect"))
    }
    return tcp(name, port, origin: origin, notes: notes)
  }

  private static func phpURL(_ name: String, _ text: String) -> AgentAddress {
    let url = URLParts(text)
    func broken(_ reason: String) -> AgentAddress {
      unusable(
        text, AddressFault(name, text, reason, "the PHP tracer refuses it and sends nothing"))
    }
    switch url.scheme {
    case "unix": return unix(name, text, url, broken)
    case "http", "https": return web(name, text, url, keepsPath: true, broken)
    default: return broken("it must be unix:///path/to/agent.sock or http://hostname:port")
    }
  }
}
