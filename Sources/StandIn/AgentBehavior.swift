/// What an Agent that speaks HTTP rightly is and does: the healthy one, and each variation of it.
struct AgentBehavior: Sendable {
  enum Receiver: Sendable { case agent, oldAgent, lambdaExtension, otelCollector, testAgent }
  enum Traces: Sendable { case accepted, missing, silent, answered(TraceAnswer) }
  enum TraceAnswer: Sendable { case malformed, tooLarge, mediaType, noCPU, failing, empty, page }
  enum Proxy: Sendable { case open, keyRefused, noEgress, silent, missing, disabled }
  enum DogStatsD: Sendable { case on, off, saysPort(UInt16) }

  var receiver = Receiver.agent
  var traces = Traces.accepted
  var proxy = Proxy.open
  var dogStatsD = DogStatsD.on
  var targetTPS = 10
  var spanMetaStructs = true
  var hasFilters = false
  var hasMistypedInfo = false
  /// Milliseconds before each answer.
  var delay = 0

  init(_ change: (inout AgentBehavior) -> Void = { _ in }) {
    change(&self)
  }
}
