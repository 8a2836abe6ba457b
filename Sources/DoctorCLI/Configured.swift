import Configuration
import Diagnosis
import FoundationEssentials
import Probes

/// What a run knew before it asked anything: recorded, so that `judge` can start from it.
struct Configured: Codable {
  static let question = "configuration"

  let environment: Environment
  let host: HostFacts
  let setup: Setup
  let language: Language?
  let detectedFrom: [String]
  let findsSite: Bool
  /// Nil in a report from before there was such a question.
  let verifiesDelivery: Bool?

  init(_ settings: Settings) {
    environment = settings.environment
    host = settings.host
    setup = settings.setup
    language = settings.language
    detectedFrom = settings.detectedFrom
    findsSite = settings.findsSite
    verifiesDelivery = settings.verifiesDelivery ? true : nil
  }

  var settings: Settings {
    var settings = Settings(
      environment, host, setup: setup, language: language, detectedFrom: detectedFrom)
    settings.findsSite = findsSite
    settings.verifiesDelivery = verifiesDelivery ?? false
    return settings
  }

  var recorded: Recorded? {
    Recorded(Self.question, of: self)
  }

  /// Nil where a report holds no configuration that this version can read.
  init?(_ report: Report) {
    guard let found = report.observations.first(where: { $0.question == Self.question }),
      let data = try? JSONEncoder().encode(found.answer),
      let configured = try? JSONDecoder().decode(Configured.self, from: data + [0x0A])
    else { return nil }
    self = configured
  }
}
