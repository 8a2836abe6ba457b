import Wire

/// What DD_SITE names: tracers take it as it is written, so nothing is repaired, only guessed at.
package struct SiteSetting: Equatable, Sendable {
  package enum Reading: Equatable, Sendable {
    case known(Site)
    /// It works, and yet is not how the site is written.
    case odd(Site, flaw: String)
    /// Set to nothing: some take the default then, and agentless tracers fail.
    case empty
    /// It leads nowhere; the site is what was probably meant.
    case mistyped(flaw: String, meant: Site?)
    /// A host name that may be a site, and is none that is known here.
    case unknown(meant: Site?)
  }

  /// As it is set, or the default.
  package let written: String
  /// The variable, or `default`.
  package let origin: String
  package let reading: Reading

  /// The site to ask, where it is one of the nine.
  package var site: Site? {
    switch reading {
    case .known(let site), .odd(let site, _): site
    case .empty: .us1
    case .mistyped, .unknown: nil
    }
  }

  package var isSet: Bool { origin != "default" }
}

extension Site {
  /// The site that a tracer of this language takes from the configuration.
  package static func resolve(_ environment: Environment, _ language: Language?) -> SiteSetting {
    guard let text = environment.text("DD_SITE") else {
      return SiteSetting(written: us1.domain, origin: "default", reading: .known(us1))
    }
    var reading = SiteText(text).reading
    // Node takes the dot off before it compares a certificate's names; Python does not.
    if language == .node, case .mistyped(SiteText.dotted, let meant?) = reading {
      reading = .odd(meant, flaw: SiteText.dotted)
    }
    return SiteSetting(written: text, origin: "DD_SITE", reading: reading)
  }
}

/// A text that should be a site, taken apart until something is recognised.
private struct SiteText {
  private let text: String
  private var rest: String
  private var flaw: String?

  static let dotted = "ends with a dot"

  init(_ text: String) {
    self.text = text
    rest = text
  }

  var reading: SiteSetting.Reading {
    if text.isEmpty { return .empty }
    if let site = Site(domain: text) { return .known(site) }
    if let site = Site(domain: text.lowercased()) { return .odd(site, flaw: "is in capitals") }
    if looksUnexpanded(text) {
      return .mistyped(flaw: "is a variable that was never expanded", meant: nil)
    }
    if looksLikePlaceholder(text) { return .mistyped(flaw: "is a placeholder", meant: nil) }
    var peeled = self
    peeled.peel()
    return peeled.recognised
  }

  private mutating func note(_ words: String) {
    if flaw == nil { flaw = words }
  }

  // MARK: What stands around a site

  private mutating func peel() {
    cut("has blanks or a line end around it", TracerValue.trimmingBlanks(rest))
    cut("has quotes in it", TracerValue.trimmingBlanks(rest.filter { !"\"'`".contains($0) }))
    if let scheme = rest.firstRange(of: "://") {
      cut("is a URL", String(rest[scheme.upperBound...]))
    }
    if let end = rest.firstIndex(where: { "/?#".contains($0) }) {
      cut("has a path behind it", String(rest[..<end]))
    }
    if let at = rest.lastIndex(of: "@") {
      cut("has a user in it", String(rest[rest.index(after: at)...]))
    }
    if let colon = rest.firstIndex(of: ":") { cut("has a port", String(rest[..<colon])) }
    if rest.hasSuffix(".") { cut(Self.dotted, String(rest.dropLast())) }
    rest = rest.lowercased()
    while let prefix = Self.hosts.first(where: { rest.hasPrefix($0) }) {
      cut("is the name of a host on the site", String(rest.dropFirst(prefix.count)))
    }
  }

  private mutating func cut(_ words: String, _ shorter: String) {
    guard shorter != rest else { return }
    note(words)
    rest = shorter
  }

  private static let hosts = [
    "app.", "api.", "www.", "trace.agent.", "agent.", "http-intake.logs.", "llmobs-intake.",
    "intake.", "logs.", "otlp.",
  ]

  // MARK: What it is

  private var recognised: SiteSetting.Reading {
    if rest == "datad0g.com" || rest.hasSuffix(".datad0g.com") { return strange(nil) }
    if let site = Site(domain: rest) { return .mistyped(flaw: flaw ?? "is misspelt", meant: site) }
    if let site = Self.short[rest] {
      return .mistyped(flaw: flaw ?? "is the short name of a site", meant: site)
    }
    let labels = rest.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard labels.allSatisfy(Self.isLabel) else {
      return .mistyped(flaw: flaw ?? "is no host name", meant: nil)
    }
    if let base = labels.firstIndex(where: Self.isDatadog) { return named(labels, base) }
    return labels.count > 1
      ? strange(nil) : .mistyped(flaw: flaw ?? "is no host name", meant: nil)
  }

  /// A host's name that is not known; with something around it, it can't work whatever it is.
  private func strange(_ meant: Site?) -> SiteSetting.Reading {
    flaw.map { .mistyped(flaw: $0, meant: meant) } ?? .unknown(meant: meant)
  }

  /// A name with Datadog's own in it, and labels before and behind.
  private func named(_ labels: [String], _ base: Int) -> SiteSetting.Reading {
    let isGovernment = Self.isGovernment(labels[base]) || labels.contains("gov")
    let isExact = ["datadoghq", "ddog-gov"].contains(labels[base])
    if let region = labels[..<base].last {
      let site = isGovernment ? Self.government[region] : Self.short[region]
      if let site { return .mistyped(flaw: flaw ?? "is misspelt", meant: site) }
      // A site younger than this list, or an organisation's own name in a browser's address.
      if isExact, Self.endings.contains(labels[(base + 1)...].joined(separator: ".")) {
        return strange(Self.isRegion(region) ? nil : home(labels, base, isGovernment))
      }
    }
    return .mistyped(flaw: flaw ?? "is misspelt", meant: home(labels, base, isGovernment))
  }

  private func home(_ labels: [String], _ base: Int, _ isGovernment: Bool) -> Site? {
    if isGovernment { return Site(domain: "ddog-gov.com") }
    let isEuropean = labels.contains("eu") || labels[base].hasSuffix("eu")
    return Site(domain: isEuropean ? "datadoghq.eu" : "datadoghq.com")
  }

  private static let short: [String: Site] = {
    var names = government.filter { $0.key != "us1" && $0.key != "us" }
    for site in Site.all {
      names[site.name.lowercased()] = site
    }
    names["us"] = .us1
    for (alias, domain) in [
      ("eu", "datadoghq.eu"), ("uk", "uk1.datadoghq.com"), ("gov", "ddog-gov.com"),
      ("fed", "ddog-gov.com"), ("us1fed", "ddog-gov.com"), ("us2fed", "us2.ddog-gov.com"),
    ] {
      names[alias] = Site(domain: domain)
    }
    return names
  }()

  private static let government: [String: Site] = {
    let known = Site.all.filter(\.isGovernment)
    return Dictionary(
      known.flatMap { site in
        let region = String(site.name.lowercased().prefix(3))
        return [(region, site), (site.name.lowercased(), site)]
      }, uniquingKeysWith: { first, _ in first })
  }()

  private static let endings: Set<String> = ["com", "eu"]

  /// `us6`: how Datadog names its regions.
  private static func isRegion(_ label: String) -> Bool {
    let bytes = Array(label.utf8)
    return bytes.count == 3 && bytes[2] >= 48 && bytes[2] <= 57
      && bytes[..<2].allSatisfy { (97...122).contains($0) }
  }

  private static func isLabel(_ label: String) -> Bool {
    !label.isEmpty && label.utf8.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
      && label.utf8.allSatisfy {
        (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
      }
  }

  private static func isGovernment(_ label: String) -> Bool {
    ["ddog-gov", "datadog-gov", "datadoghq-gov", "ddoggov"].contains(label)
  }

  /// Datadog's name, with up to two slips of the hand in it.
  private static func isDatadog(_ label: String) -> Bool {
    isGovernment(label) || label.hasPrefix("datadog") && label.utf8.count <= 12
      || label.utf8.count >= 6 && distance(label, "datadoghq") <= 2
  }

  private static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right.utf8)
    guard left.utf8.count <= right.count + 2 else { return .max }
    var previous = Array(0...right.count)
    for (row, byte) in left.utf8.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        current.append(
          min(
            previous[column] + (byte == other ? 0 : 1), previous[column + 1] + 1,
            current[column] + 1))
      }
      previous = current
    }
    return previous[right.count]
  }
}
