import Configuration
import Diagnosis
import Probes
import StandIn

/// `demo`: the whole way against a stand-in Agent in this process; nothing leaves the machine.
enum DemoCommand {
  /// The names of the faults, for the help.
  static var faults: [String] {
    let width = (AgentFault.allCases.map(\.name.count).max() ?? 0) + 2
    return AgentFault.allCases.map { fault in
      "  " + fault.name + String(repeating: " ", count: width - fault.name.count) + fault.summary
    }
  }

  static var faultNames: [String] { AgentFault.allCases.map(\.name) }

  static func run(_ options: Options, _ loop: MainLoop) async throws -> Int32 {
    var standIn = StandInAgent.Options()
    standIn.fault = try fault(options.fault)
    let agent = try StandInAgent.start(standIn)
    defer { agent.stop() }
    Output.warn(
      "demo: a stand-in Agent at \(agent.url)"
        + (standIn.fault.map { ", which \($0.summary)" } ?? "") + "; nothing leaves this machine")
    var entries = [
      "DD_TRACE_AGENT_URL=\(agent.url)", "DD_SERVICE=shop", "DD_ENV=prod", "DD_VERSION=1.0",
    ]
    if let port = agent.dogStatsDPort { entries.append("DD_DOGSTATSD_URL=udp://127.0.0.1:\(port)") }
    let (setup, language) = audience(of: standIn.fault)
    if setup.usesLLMObservability { entries += ["DD_LLMOBS_ENABLED=1", "DD_LLMOBS_ML_APP=shop"] }
    let (environment, credentials) = Environment.reading(
      entries.map { Array($0.utf8) }, origin: "demo")
    let settings = Settings(
      environment, HostFacts(), setup: setup, language: options.language ?? language,
      detectedFrom: ["the demo's own settings"])
    return try await CheckRun(
      settings, credentials, options, loop, source: Source(kind: "demo", name: "stand-in Agent")
    ).perform()
  }

  /// The set-up whose tracer notices a fault: others get along with it.
  private static func audience(of fault: AgentFault?) -> (Setup, Language) {
    if [.noEVPProxy, .evpDisabled, .noMetaStructs].contains(fault) {
      return (.llmobsAgent, .python)
    }
    return (.apm, [.dogStatsDOff, .dogStatsDPort].contains(fault) ? .php : .python)
  }

  static func fault(_ name: String?) throws -> AgentFault? {
    guard let name else { return nil }
    guard let fault = AgentFault(rawValue: name) else {
      throw UsageError(unknown: "fault", name, among: AgentFault.allCases.map(\.name))
    }
    return fault
  }
}
