import FoundationEssentials

/// The rules of DD_TRACE_SAMPLING_RULES, as far as they decide about everything.
struct SamplingRules {
  struct Rule: Decodable {
    var service: String?
    var name: String?
    var resource: String?
    var tags: [String: String]?
    var rate: Double?

    private enum CodingKeys: String, CodingKey {
      case service, name, resource, tags
      case rate = "sample_rate"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      service = try? fields.decodeIfPresent(String.self, forKey: .service)
      name = try? fields.decodeIfPresent(String.self, forKey: .name)
      resource = try? fields.decodeIfPresent(String.self, forKey: .resource)
      tags = try? fields.decodeIfPresent([String: String].self, forKey: .tags)
      rate = try? fields.decodeIfPresent(Double.self, forKey: .rate)
    }

    /// Whether it meets every OpenAI trace of this service, as far as can be known from here.
    func meetsAll(of service: String?) -> Bool {
      guard (tags ?? [:]).isEmpty, [name, resource].allSatisfy({ $0.map(Self.isAny) ?? true })
      else {
        return false
      }
      return self.service.map { Self.isAny($0) || $0 == service } ?? true
    }

    private static func isAny(_ pattern: String) -> Bool {
      ["", "*", ".*"].contains(pattern)
    }
  }

  let rules: [Rule]

  /// Nil where the text is no JSON list of rules.
  init?(_ text: String) {
    guard let rules = try? JSONDecoder().decode([Rule].self, from: Data(text.utf8) + Data([0x0A]))
    else { return nil }
    self.rules = rules
  }
}
