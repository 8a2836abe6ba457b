/// What became of a check.
package enum Status: String, Codable, CaseIterable, Sendable {
  case passed
  case warning
  case failed
  /// Not applicable, or left out by the user; the message says which.
  case skipped
  /// A check that it needs failed; `blockedBy` names the root cause.
  case blocked
  /// It could not be told. Never read as healthy.
  case unknown
}

/// The kind of a problem, for machines: every warning, failure and unknown has one.
package enum FailureClass: String, Codable, CaseIterable, Sendable {
  // Configuration.
  case missing, malformed, misspelt, conflict, deprecated, unsupported, disabled, sampledOut
  case filtered, exposed
  // Connecting.
  case dns, refused, timeout, reset, closed, unroutable, permission, noSocket, noEgress
  case tlsUntrusted = "tls.untrusted"
  case tlsExpired = "tls.expired"
  case tlsHostname = "tls.hostname"
  case tlsProtocol = "tls.protocol"
  case proxy, clockSkew
  // What answered.
  case `protocol`, notAgent, http, tooLarge
  // Keys and permissions.
  case unauthorized, forbidden, missingScope, wrongKind, wrongSite, wrongHost, wrongOrganization
  case quota, throttled, region, ipNotAllowed, deactivated
  // The application's own tracer.
  case notInstalled, notLoaded, outdated, incompatible
  // Delivery.
  case notSent, notStored
  // The run itself.
  case interrupted, crashed
}
