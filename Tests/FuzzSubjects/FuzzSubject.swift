import Configuration
import Diagnosis
import DoctorCLI
import LogPatterns
import Probes
import Reporters
import Wire

/// What reads bytes that somebody else wrote: each must answer or refuse, never trap.
package enum FuzzSubject: String, CaseIterable, Sendable {
  case environment, arguments, dotenv, workload, project, report, tracerFile
  case agentInfo, openAIError, httpRequest, httpResponse, messagePack, traffic, events, telemetry
  case datagram, log, phpInfo, json, list, pattern, url, text

  /// Reads the bytes as this subject does.
  ///
  /// - Throws: what did not hold of what came out; a refusal is an answer.
  package func read(_ bytes: [UInt8]) throws(Broken) {
    switch self {
    case .environment: Self.environment(bytes)
    case .arguments:
      _ = try? Invocation.parse(Self.parts(bytes, 0).map { String(decoding: $0, as: UTF8.self) })
    case .dotenv: try Self.workloads(bytes, as: .dotenv)
    case .workload: try Self.workloads(bytes, as: nil)
    case .project: _ = try? Project.reading(bytes, path: "project", today: "2026-11-25")
    case .report: try Self.report(bytes)
    case .tracerFile: _ = TracerFile.reading(bytes, path: "file", rank: .local)
    case .agentInfo: _ = AgentDescription(String(decoding: bytes, as: UTF8.self))?.kind
    case .openAIError:
      for status in [200, 400, 401, 403, 429, 503] {
        _ = OpenAIAnswer(status: status, body: String(decoding: bytes, as: UTF8.self)).knowsKey
      }
    case .httpRequest: try Self.inPieces(bytes, Self.requests)
    case .httpResponse: try Self.inPieces(bytes, Self.response)
    case .messagePack: Self.messagePack(bytes)
    case .traffic: try Self.traffic(bytes)
    case .events: try Self.noted(bytes, at: "/evp_proxy/v2/api/v2/llmobs")
    case .telemetry: try Self.noted(bytes, at: "/telemetry/proxy/api/v2/apmtelemetry")
    case .datagram: try Self.datagram(bytes)
    case .log: try Self.log(bytes)
    case .phpInfo: _ = PHPInfo(String(decoding: bytes, as: UTF8.self))
    case .json: try Self.json(bytes)
    case .list: try Self.inPieces(bytes, Self.objects)
    case .pattern: Self.pattern(bytes)
    case .url: Self.url(bytes)
    case .text: try Self.text(bytes)
    }
  }

  /// Something that must hold of every input, and did not.
  package struct Broken: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
      self.description = description
    }
  }

  static func parts(_ bytes: [UInt8], _ separator: UInt8) -> [[UInt8]] {
    bytes.split(separator: separator).map(Array.init)
  }

  /// A terminal would obey some of these.
  static func harmless(_ text: String, _ what: String) throws(Broken) {
    let bad = text.unicodeScalars.first {
      ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value)
    }
    if let bad { throw Broken("\(what) holds U+\(String(bad.value, radix: 16))") }
  }
}
