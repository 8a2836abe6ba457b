import Checks
import Diagnosis
import Probes
import Testing

@testable import LogPatterns

@Suite struct CatalogueTests {
  private static let patterns = Catalogue.standard.patterns
  private static let failures = patterns.filter { $0.explanation != nil }

  @Test func `ids are unique and in kebab case`() {
    let ids = Self.patterns.map(\.id)
    #expect(Set(ids).count == ids.count)
    for id in ids {
      #expect(id.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(id)")
    }
  }

  @Test func `each failure names a check that exists`() {
    let built = Set(Suite<Observations>.everything.checks.map(\.about.id.rawValue))
    for pattern in Self.failures {
      let id = pattern.explanation?.check.rawValue ?? ""
      #expect(built.contains(id) || Self.contract.contains(id), "\(pattern.id): \(id)")
    }
  }

  @Test func `each failure has a cause, a remedy and a page`() throws {
    for pattern in Self.failures {
      let explanation = try #require(pattern.explanation)
      #expect(explanation.cause.count > 20, "\(pattern.id)")
      #expect(!explanation.remedies.isEmpty, "\(pattern.id)")
      #expect(explanation.remedies.allSatisfy { !$0.line.isEmpty }, "\(pattern.id)")
      #expect(explanation.docs.hasPrefix("https://"), "\(pattern.id)")
      #expect(!explanation.cause.hasSuffix("."), "\(pattern.id)")
    }
  }

  @Test func `each shape begins with a literal and has one that no encoder rewrites`() {
    for pattern in Self.patterns {
      #expect(!pattern.shapes.isEmpty, "\(pattern.id)")
      for shape in pattern.shapes {
        guard case .literal = shape.pieces.first else {
          Issue.record("\(shape.text) begins with a gap")
          continue
        }
        #expect(shape.anchor.count >= 8, "\(shape.text)")
        #expect(!shape.anchor.contains { "\"\\<>&/'".utf8.contains($0) }, "\(shape.text)")
        #expect(Catalogue.standard.anchors.contains { shape.holds($0) }, "\(shape.text)")
      }
    }
  }

  @Test func `what a pattern yields to or follows exists`() {
    let ids = Set(Self.patterns.map(\.id)).union(["*"])
    for pattern in Self.patterns {
      for rule in pattern.rules {
        switch rule {
        case .yields(let others): #expect(ids.isSuperset(of: others), "\(pattern.id)")
        case .after(let other, _): #expect(ids.contains(other), "\(pattern.id)")
        case .anywhere, .alone, .with, .without, .atAnyLevel: continue
        }
      }
    }
  }

  @Test func `each failure has a line of its own among the fixtures`() {
    let shown = Set(Fixtures.failures.map(\.id)).union(PayloadTests.overLines)
    for pattern in Self.failures {
      #expect(shown.contains(pattern.id), "no line for \(pattern.id)")
    }
  }

  /// The ids of CONTRACT.md that a pattern may name before their checks are built.
  private static let contract: Set<String> = [
    "environment.names", "environment.values", "environment.conflicts", "environment.tags",
    "environment.disabled", "environment.sampling", "site.known", "site.llmobs",
    "site.reachable", "site.clock", "datadog.key.present", "datadog.key.shape",
    "datadog.key.valid", "datadog.organization", "datadog.app-key.valid", "agent.address",
    "agent.reachable", "agent.answers", "agent.traces", "agent.evp-proxy", "agent.span",
    "agent.forwarding", "agent.organization", "agent.site", "agent.filters", "agent.dogstatsd",
    "llmobs.enabled", "llmobs.app-name", "llmobs.mode", "llmobs.span", "llmobs.egress",
    "openai.provider", "openai.key.present", "openai.key.shape", "openai.key.valid",
    "openai.key.scope", "openai.model-capabilities", "openai.costs", "openai.organization",
    "openai.crawler", "runtime.python.ddtrace", "runtime.python.launch", "runtime.node.dd-trace",
    "runtime.node.init", "runtime.php.extension", "runtime.php.diagnostics",
    "runtime.openai-sdk", "runtime.duplicates", "lambda.handler", "lambda.layers",
    "lambda.extension", "lambda.key", "lambda.flush", "application.instrumented",
    "application.tracer", "application.integration", "application.openai-span",
    "application.llmobs-span", "application.tags", "application.sampling",
    "application.configuration", "application.flush",
  ]
}
