/// How a tracer parses the value of a setting.
package enum SettingType: String, Sendable, CaseIterable {
  case boolean, string, int, decimal, array, map, json

  init?(code: UInt8) {
    switch code {
    case UInt8(ascii: "b"): self = .boolean
    case UInt8(ascii: "s"): self = .string
    case UInt8(ascii: "i"): self = .int
    case UInt8(ascii: "d"): self = .decimal
    case UInt8(ascii: "a"): self = .array
    case UInt8(ascii: "m"): self = .map
    case UInt8(ascii: "j"): self = .json
    default: return nil
    }
  }
}

/// What is known of one environment variable.
package struct SettingsEntry: Equatable, Sendable {
  package let name: String
  /// Who reads it, tracers first: "python", "node", "php", "openai-sdk", "agent", "java", …
  package var readers: [String] { SettingsRegistry.readers(of: readerCodes) }
  let readerCodes: String
  /// The type by language; an alias has the type of the name that it stands for.
  package let types: [String: SettingType]
  /// The default as text by language, absent where the tracer has none.
  package let defaults: [String: String]
  /// The name that this one stands for, unless a tracer has this name as a setting of its own.
  package let aliasOf: String?
  /// Other names that a tracer reads in its place.
  package let aliases: [String]
  package let deprecatedFor: String?
  package let isDeprecated: Bool
  package let isSecret: Bool
}
