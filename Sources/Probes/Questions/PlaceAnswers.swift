package import Configuration
package import Diagnosis
import Wire

/// Whether a place that a project's file names can be reached; of its answer the status alone is kept.
package struct PlaceAnswers: Question {
  package struct Answer: Codable, Equatable, Sendable {
    /// Nil for a connection without HTTP.
    package var status: Int?
    package var fault: Fault?
    package var attempts: [Exchange.Attempt]
    package var transfer: Transfer

    package init(
      status: Int?, fault: Fault?, attempts: [Exchange.Attempt], transfer: Transfer
    ) {
      self.status = status
      self.fault = fault
      self.attempts = attempts
      self.transfer = transfer
    }

    fileprivate init(_ exchange: Exchange) {
      status = exchange.answer?.status
      fault = exchange.fault
      // What a stranger said is not kept.
      fault?.heard = nil
      attempts = exchange.attempts
      transfer = exchange.transfer("project.endpoint")
    }
  }

  private let place: Project.Place
  private let endpoint: Endpoint

  /// Nil for a URL that can't be asked.
  package init?(_ place: Project.Place) {
    guard let endpoint = place.endpoint else { return nil }
    self.place = place
    self.endpoint = endpoint
  }

  package var key: String { "project.endpoint \(place.url)" }

  package func ask(_ world: World) async -> Answer {
    guard let path = place.path else {
      let deadline = world.deadline
      let endpoint = endpoint
      return Answer(await onThread { SocketRoute.connection(to: endpoint, until: deadline) })
    }
    let request = HTTPRequest(
      "GET", path, host: endpoint.host ?? "",
      fields: [("User-Agent", "dd-doctor/\(world.version)")])
    if case .tls = endpoint {
      return Answer(await world.secureExchange(request, with: endpoint))
    }
    return Answer(await world.exchange(request, with: endpoint, keeping: false))
  }

  package func transfers(_ answer: Answer) -> [Transfer] { [answer.transfer] }
}
