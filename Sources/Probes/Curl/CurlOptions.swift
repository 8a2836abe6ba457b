package import Wire

/// How libcurl gets to an endpoint; nothing is taken from our own environment.
package struct CurlOptions: Sendable, Equatable {
  /// Nil goes there directly.
  package var proxy: ProxyURL?
  /// A PEM file of the authorities to trust instead of the system's.
  package var caFile: String?
  /// Other places to connect to, as curl's `--connect-to HOST:PORT:HOST2:PORT2`.
  package var connectTo: [String]
  package var limits: HTTPLimits
  /// Whether only the host that is meant may answer; where not, no secret is sent.
  package var verifies: Bool

  package init(
    proxy: ProxyURL? = nil, caFile: String? = nil, connectTo: [String] = [],
    limits: HTTPLimits = HTTPLimits(), verifies: Bool = true
  ) {
    self.proxy = proxy
    self.caFile = caFile
    self.connectTo = connectTo
    self.limits = limits
    self.verifies = verifies
  }
}
