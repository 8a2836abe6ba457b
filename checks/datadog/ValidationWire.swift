import FoundationEssentials

/// The answer of `/api/v2/validate`, as far as it is read; none of it is trusted to be there.
struct ValidationWire: Decodable {
  struct Item: Decodable {
    let id: String?
    let attributes: Attributes?
  }

  struct Attributes: Decodable {
    let keyID: String?

    enum CodingKeys: String, CodingKey {
      case keyID = "api_key_id"
    }
  }

  let data: Item

  /// Nil where the text is no such answer.
  init?(_ text: String) {
    // 513 opening brackets and nothing behind them kill JSONDecoder: a newline behind saves it.
    guard
      let wire = try? JSONDecoder().decode(Self.self, from: Data(text.utf8) + Data([0x0A]))
    else { return nil }
    self = wire
  }
}
