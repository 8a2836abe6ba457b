package import Configuration
package import Diagnosis
package import Probes
import Wire

/// Whether a further place that the project's file names is reachable from here.
package struct ProjectEndpoint: Check {
  package let about: About
  private let place: Project.Place

  package init(_ place: Project.Place) {
    self.place = place
    about = About(
      id: CheckID("project.endpoint.\(place.name)"),
      title: "\(place.name) is reachable",
      explanation: """
        `endpoints` in `.dd-doctor.json` names further places that the application needs: a gateway, \
        a vector store, a proxy. Of `https://` and `http://` any answer of HTTP will do, of `tcp://` a \
        connection. Neither a key nor a body is sent, and no redirect is followed.
        """,
      fix: "Start what should answer there, open the way, or correct the URL in .dd-doctor.json.",
      docs: Docs.connection,
      statuses: [.passed, .failed, .unknown])
  }

  package func anticipate(_ seen: Observations) {
    if let question = PlaceAnswers(place) { seen.begin(question) }
  }

  package func judge(_ seen: Observations) async throws -> Outcome {
    guard let question = PlaceAnswers(place) else { return .skipped("no URL that can be asked") }
    let answer = try await seen.answer(question)
    let tried = answer.attempts.map { attempt in
      attempt.error.map { "\(attempt.address): \($0)" } ?? attempt.address
    }
    let evidence = Evidence(
      "tried",
      measured: place.url + (tried.isEmpty ? "" : "  (\(tried.joined(separator: ", ")))"),
      expected: place.path == nil ? "a connection" : "an HTTP answer",
      source: seen.settings.host.project?.title ?? Project.fileName)
    // An answer without end is one.
    guard let fault = answer.fault, fault.failureClass != .tooLarge else {
      return .passed(
        answer.status.map { "\(place.url) answers (\($0))" } ?? "\(place.url) takes connections",
        evidence)
    }
    let problem = Problem(
      "\(place.url): \(fault.message)", class: fault.failureClass, evidence: evidence,
      remedies: place.remedy(fault))
    return fault.isOurs ? .unknown(problem) : .failed(problem)
  }
}

extension Project.Place {
  fileprivate func remedy(_ fault: Fault) -> Remedy {
    let host = endpoint?.host ?? ""
    return switch fault.failureClass {
    case .dns: .command("getent hosts \(shellQuoted(host))", "what name resolution makes of it")
    default: .edit("let \(endpoint?.description ?? url) answer, and be reached from here")
    }
  }
}
