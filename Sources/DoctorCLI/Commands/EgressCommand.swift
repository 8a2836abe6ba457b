import Configuration
import Diagnosis
import Probes
import Reporters
import Wire

/// `egress`: what this setup needs open on the way out, one `host:port` a line; offline.
enum EgressCommand {
  static func text(_ options: Options) throws -> String {
    let settings = try ConfigurationSource(options).settings
    guard let all = Egress.needs(settings) else {
      throw InputError(
        ExitStatus.badInput,
        "DD_SITE '\(printable(settings.site.written, limit: 60))' is no Datadog site:"
          + " see dd-doctor --only site.known")
    }
    let needs = all.filter { !$0.isLocal }
    switch options.format ?? .text {
    case .json:
      return try JSONText.pretty(Listing(setup: settings.setup.rawValue, endpoints: needs)) + "\n"
    case .text:
      for line in notes(needs, all, settings) { Output.warn("egress: \(line)") }
      return lines(needs, verbose: options.verbose)
    case .info, .ndjson, .junit, .tap, .sarif, .github, .markdown, .html, .prometheus, .nagios:
      throw UsageError("egress is written as text or json")
    }
  }

  private static func lines(_ needs: [Egress], verbose: Bool) -> String {
    guard verbose else {
      var seen: Set<String> = []
      return needs.map(\.description).filter { seen.insert($0).inserted }
        .map { $0 + "\n" }.joined()
    }
    let width = needs.map(\.description.count).max() ?? 0
    return needs.map { need in
      let place = need.description
      return place + String(repeating: " ", count: width - place.count + 2)
        + "from the \(need.from.words): \(need.purpose)\n"
    }.joined()
  }

  /// What the bare list does not say.
  private static func notes(_ needs: [Egress], _ all: [Egress], _ settings: Settings) -> [String] {
    var notes: [String] = []
    if all.count > needs.count {
      let local = all.filter(\.isLocal).map(\.description)
      notes.append("\(local.joined(separator: ", ")) stays on this machine and is left out")
    }
    if needs.contains(where: { $0.from == .agent }) {
      notes.append(
        "hosts of \(printable(settings.site.written)) are the Agent's to reach (-v says whose)")
    }
    for name in Set(needs.compactMap(\.through)).sorted() {
      let proxy = printable(settings.environment.text(name) ?? "", limit: 120)
      notes.append("this machine goes through \(name)=\(proxy), which must let the list pass")
    }
    return notes
  }

  private struct Listing: Encodable {
    let schemaVersion = 1
    let setup: String
    let endpoints: [Egress]
  }
}

extension Egress.Origin {
  fileprivate var words: String {
    switch self {
    case .application: "application"
    case .agent: "Agent"
    case .doctor: "doctor alone"
    }
  }
}

/// An input that is not there, or not what it claims to be, with its exit status.
struct InputError: Error, Equatable {
  let status: Int32
  let message: String

  init(_ status: Int32, _ message: String) {
    self.status = status
    self.message = message
  }
}
