import Configuration

/// The JSON Schema of a project's own `.dd-doctor.json`.
enum ProjectSchema {
  static var text: String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "What a project asks of dd-doctor: .dd-doctor.json",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "$schema": { "type": "string" },
        "setup": {
          "description": "How the application is set up; --setup on the command line wins.",
          "enum": \(list(Setup.allCases.map(\.rawValue)))
        },
        "language": {
          "description": "Whose tracer is meant; --language on the command line wins.",
          "enum": \(list(Language.allCases.map(\.rawValue)))
        },
        "skip": {
          "description": "Checks that are left out; what --only names runs all the same.",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["check", "reason"],
            "properties": {
              "check": { "description": "An id or a glob.", "type": "string", "minLength": 1 },
              "reason": { "type": "string", "pattern": "\\\\S" },
              "expires": {
                "description": "The last day on which it holds, UTC.",
                "type": "string",
                "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
              }
            }
          }
        },
        "variables": {
          "description": "Variables that have to be set, each with the values that are allowed.",
          "type": "object",
          "propertyNames": { "pattern": "^[!-<>-~]{1,200}$" },
          "additionalProperties": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "allowed": { "type": "array", "minItems": 1, "items": { "type": "string" } }
            }
          }
        },
        "endpoints": {
          "description": "Further places that have to be reachable, each by a name of its own.",
          "type": "object",
          "propertyNames": { "pattern": "^[a-z0-9_-]{1,40}$" },
          "additionalProperties": { "type": "string", "pattern": "^(https?|tcp)://[^@ ]+$" }
        },
        "secrets": {
          "description": "Further variables whose values are secrets.",
          "type": "array",
          "items": { "type": "string", "pattern": "^[!-<>-~]{1,200}$" }
        }
      }
    }

    """
  }

  private static func list(_ words: [String]) -> String {
    "[" + words.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
  }
}
