package import Diagnosis
package import Wire

/// One question on the wire and what became of it, the same from our sockets and from libcurl.
package struct Exchange: Codable, Equatable, Sendable {
  package enum Result: Codable, Equatable, Sendable {
    case answered(Answer)
    case failed(Fault)
  }

  /// One address that was tried, with why it did not connect.
  package struct Attempt: Codable, Equatable, Sendable {
    package var address: String
    /// Nil where the connection stands.
    package var error: String?

    package init(address: String, error: String?) {
      self.address = address
      self.error = error
    }
  }

  package var method: String
  package var url: String
  package var result: Result
  package var attempts: [Attempt]
  /// How often it was asked; more than once only after refused or closed.
  package var tries: Int
  package var phases: Transfer.Phases
  /// Bytes.
  package var sent: Int
  /// Bytes.
  package var received: Int
  /// Of a peer that answered over TLS: subject, issuer, dates, names.
  package var certificate: [String]?

  package init(
    method: String, url: String, result: Result, attempts: [Attempt] = [], tries: Int = 1,
    phases: Transfer.Phases = .init(), sent: Int = 0, received: Int = 0
  ) {
    self.method = method
    self.url = url
    self.result = result
    self.attempts = attempts
    self.tries = tries
    self.phases = phases
    self.sent = sent
    self.received = received
  }

  package var answer: Answer? {
    guard case .answered(let answer) = result else { return nil }
    return answer
  }

  package var fault: Fault? {
    guard case .failed(let fault) = result else { return nil }
    return fault
  }

  /// The exchange as the report lists it.
  package func transfer(_ question: String) -> Transfer {
    Transfer(
      question: question, url: url, phases: phases, sent: sent, received: received,
      status: answer?.status ?? fault?.status, error: fault?.message)
  }
}

extension Exchange {
  /// The same with every word of the other side's as this leaves it.
  func removing(_ secrets: (String) -> String) -> Exchange {
    var copy = self
    copy.certificate = certificate?.map(secrets)
    switch result {
    case .answered(var answer):
      answer.reason = secrets(answer.reason)
      answer.body = secrets(answer.body)
      answer.fields.fields = answer.fields.fields.map {
        HTTPFields.Field(name: secrets($0.name), value: secrets($0.value))
      }
      copy.result = .answered(answer)
    case .failed(var fault):
      fault.message = secrets(fault.message)
      fault.heard = fault.heard.map(secrets)
      fault.certificate = fault.certificate?.map(secrets)
      copy.result = .failed(fault)
    }
    return copy
  }
}

/// An HTTP answer, kept as text and cut where it is long.
package struct Answer: Codable, Equatable, Sendable {
  package var status: Int
  package var reason: String
  package var fields: HTTPFields
  /// The body, repaired to UTF-8, redacted, and at most `Answer.bodyLimit` bytes of it.
  package var body: String
  /// Bytes, before any cut.
  package var bodySize: Int

  package static let bodyLimit = 256 * 1024

  package init(_ response: HTTPResponse) {
    status = response.status
    reason = printable(response.reason, limit: 80)
    fields = HTTPFields(
      response.fields.fields.prefix(64).map {
        (printable($0.name, limit: 80), Redaction.redacted(printable($0.value, limit: 400)))
      })
    bodySize = response.body.count
    body = Redaction.redacted(
      String(decoding: response.body.prefix(Self.bodyLimit), as: UTF8.self))
  }

  /// `200 OK`, or the number alone.
  package var line: String {
    reason.isEmpty ? "\(status)" : "\(status) \(reason)"
  }

  /// Status and the beginning of the body, for evidence.
  package var summary: String {
    let text = printable(body, limit: 60)
    return text.isEmpty ? line : "\(line): \(text)"
  }

  package var isSuccess: Bool { (200..<300).contains(status) }
}

/// Why there is no answer.
package struct Fault: Error, Codable, Equatable, Sendable {
  package var failureClass: FailureClass
  /// What happened, in the field's words: `connection refused`.
  package var message: String
  package var errno: Int32?
  /// A status line that came before it broke off.
  package var status: Int?
  /// What the port said instead, made printable.
  package var heard: String?
  /// Of a peer's certificate: subject, issuer, dates.
  package var certificate: [String]?

  package init(
    _ failureClass: FailureClass, _ message: String, errno: Int32? = nil, status: Int? = nil,
    heard: String? = nil, certificate: [String]? = nil
  ) {
    self.failureClass = failureClass
    self.message = message
    self.errno = errno
    self.status = status
    self.heard = heard
    self.certificate = certificate
  }
}

/// The instant at which a probe gives up.
package struct Deadline: Sendable {
  private let instant: ContinuousClock.Instant
  /// Whether the round's end, and not the probe's own time-out, is what limits it.
  package let isRoundEnd: Bool

  package init(after timeout: Duration, atMost round: ContinuousClock.Instant? = nil) {
    let own = ContinuousClock.now + timeout
    if let round, round < own {
      instant = round
      isRoundEnd = true
    } else {
      instant = own
      isRoundEnd = false
    }
  }

  /// Milliseconds left, at least 0, rounded up.
  package var milliseconds: Int32 {
    let left = ContinuousClock.now.duration(to: instant).milliseconds
    return left <= 0 ? 0 : Int32(min(left.rounded(.up), 1_000_000_000))
  }

  package var hasPassed: Bool { ContinuousClock.now >= instant }

  /// The fault of a peer that stayed silent in a phase.
  package func fault(_ message: String) -> Fault {
    isRoundEnd
      ? Fault(.interrupted, "the run's deadline passed: \(message)") : Fault(.timeout, message)
  }
}
