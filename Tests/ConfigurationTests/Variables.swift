@testable import Configuration

/// An environment as a process would have it.
func environment(_ variables: [String: String]) -> Environment {
  Environment.reading(variables.map { Array("\($0.key)=\($0.value)".utf8) }).environment
}

/// A machine where the tracers' default sockets exist, or none.
func machine(traces: Bool = false, metrics: Bool = false) -> HostFacts {
  HostFacts(
    sockets: (traces ? [AgentAddress.defaultSocket] : [])
      + (metrics ? [DogStatsDAddress.defaultSocket] : []))
}
