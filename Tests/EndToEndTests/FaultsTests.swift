import Foundation
import StandIn
import Testing

/// Every fault of the stand-in Agent through the built binary: the check, the class, the status.
@Suite struct FaultsTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let fault: AgentFault
    /// The check that speaks, or nil where nothing is wrong.
    let check: String?
    let status: String
    let failureClass: String?
    let exit: Int32

    var testDescription: String { fault.name }

    static func failed(_ fault: AgentFault, _ check: String, _ failureClass: String) -> Row {
      Row(fault: fault, check: check, status: "failed", failureClass: failureClass, exit: 1)
    }

    static func warned(_ fault: AgentFault, _ check: String, _ failureClass: String) -> Row {
      Row(fault: fault, check: check, status: "warning", failureClass: failureClass, exit: 0)
    }

    static func unknown(_ fault: AgentFault, _ check: String, _ failureClass: String) -> Row {
      Row(fault: fault, check: check, status: "unknown", failureClass: failureClass, exit: 3)
    }

    static func calm(_ fault: AgentFault) -> Row {
      Row(fault: fault, check: nil, status: "passed", failureClass: nil, exit: 0)
    }

    static func skipped(_ fault: AgentFault, _ check: String) -> Row {
      Row(fault: fault, check: check, status: "skipped", failureClass: nil, exit: 0)
    }
  }

  static let rows: [Row] = [
    .failed(.refused, "agent.reachable", "refused"),
    .failed(.silent, "agent.answers", "timeout"),
    .failed(.drip, "agent.answers", "timeout"),
    .failed(.reset, "agent.answers", "reset"),
    .failed(.resetOnAccept, "agent.answers", "reset"),
    .failed(.resetInBody, "agent.answers", "reset"),
    .failed(.closed, "agent.answers", "closed"),
    .failed(.halfHead, "agent.answers", "protocol"),
    .failed(.garbage, "agent.answers", "protocol"),
    .failed(.ssh, "agent.answers", "protocol"),
    .failed(.redis, "agent.answers", "protocol"),
    .failed(.tls, "agent.answers", "protocol"),
    .failed(.http2Preface, "agent.answers", "protocol"),
    .failed(.flood, "agent.answers", "tooLarge"),
    .failed(.endlessHeaders, "agent.answers", "tooLarge"),
    .failed(.endless100, "agent.answers", "tooLarge"),
    .failed(.badChunk, "agent.answers", "protocol"),
    .failed(.twoLengths, "agent.answers", "protocol"),
    .failed(.gzipBody, "agent.answers", "notAgent"),
    .failed(.webPage, "agent.answers", "notAgent"),
    .failed(.notFound, "agent.answers", "notAgent"),
    .failed(.redirect, "agent.answers", "http"),
    .failed(.unauthorized, "agent.answers", "http"),
    .failed(.forbidden, "agent.answers", "http"),
    .failed(.status500, "agent.answers", "http"),
    .failed(.status502, "agent.answers", "http"),
    .failed(.status503, "agent.answers", "http"),
    .failed(.emptyJSON, "agent.answers", "notAgent"),
    .failed(.nullJSON, "agent.answers", "notAgent"),
    .failed(.jsonArray, "agent.answers", "notAgent"),
    .failed(.deepJSON, "agent.answers", "notAgent"),
    .failed(.mistypedInfo, "agent.answers", "notAgent"),
    .warned(.oldAgent, "agent.answers", "outdated"),
    .skipped(.lambdaExtension, "agent.evp-proxy"),
    .skipped(.otelCollector, "agent.evp-proxy"),
    .calm(.testAgent),
    .calm(.slow),
    .failed(.noTraces, "agent.traces", "unsupported"),
    .failed(.spanRejected400, "agent.span", "http"),
    .failed(.spanRejected413, "agent.span", "tooLarge"),
    .failed(.spanRejected415, "agent.span", "http"),
    .failed(.spanRejected429, "agent.span", "throttled"),
    .failed(.spanRejected500, "agent.span", "http"),
    .failed(.spanEmptyAnswer, "agent.span", "notAgent"),
    .failed(.spanHTML, "agent.span", "notAgent"),
    .failed(.spanTimeout, "agent.span", "timeout"),
    .failed(.filters, "agent.filters", "filtered"),
    .warned(.sampledOut, "agent.traces", "sampledOut"),
    .warned(.noMetaStructs, "agent.traces", "outdated"),
    .failed(.keyRefused, "agent.forwarding", "unauthorized"),
    .failed(.noEgress, "agent.forwarding", "noEgress"),
    .unknown(.egressTimeout, "agent.forwarding", "timeout"),
    .failed(.noEVPProxy, "agent.evp-proxy", "unsupported"),
    .failed(.evpDisabled, "agent.evp-proxy", "disabled"),
    .warned(.dogStatsDOff, "agent.dogstatsd", "disabled"),
    .warned(.dogStatsDPort, "agent.dogstatsd", "conflict"),
  ]

  @Test func `every fault has a row`() {
    #expect(Set(Self.rows.map(\.fault)) == Set(AgentFault.allCases))
  }

  @Test(arguments: rows) func `a fault is named by the right check and class`(row: Row) throws {
    let run = try Doctor.run([
      "demo", "--fault", row.fault.name, "--format", "json", "--timeout", "600ms",
    ])
    #expect(run.status == row.exit)
    let report = try run.report()
    #expect(report["exitStatus"] as? Int == Int(row.exit))
    guard let id = row.check else {
      #expect(try run.ids("failed").isEmpty)
      #expect(try run.ids("warning").isEmpty)
      #expect(try run.ids("unknown").isEmpty)
      return
    }
    let check = try run.check(id)
    #expect(check["status"] as? String == row.status)
    #expect(check["failureClass"] as? String == row.failureClass)
    #expect(try run.ids("failed") == (row.status == "failed" ? [id] : []), "one root cause")
    #expect(try run.ids("unknown") == (row.status == "unknown" ? [id] : []))
    let agent = try #require(report["agent"] as? [String: Any])
    #expect(agent["state"] as? String == (row.status == "failed" ? "failed" : "ok"))
    #expect((agent["error"] is NSNull) == (row.status != "failed"))
    let checks = try #require(report["checks"] as? [[String: Any]])
    for blocked in checks where blocked["status"] as? String == "blocked" {
      #expect(blocked["blockedBy"] as? String == id)
    }
  }

  @Test(arguments: rows.filter { $0.status == "failed" })
  func `no failed Agent is called None`(row: Row) throws {
    let run = try Doctor.run(["demo", "--info", "--fault", row.fault.name, "--timeout", "300ms"])
    let line = try #require(run.agentErrorLine)
    #expect(line != "    Agent error: None")
    #expect(line.contains("http://127.0.0.1:"), "the line names the URL")
    #expect(run.status == 1)
  }
}
