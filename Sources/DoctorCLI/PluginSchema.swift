import Diagnosis
import Reporters

/// The JSON Schema (2020-12) of what a plug-in prints: its description, and its outcome.
enum PluginSchema {
  static var text: String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "What dd-doctor-check-NAME prints: a description for --describe, else one outcome",
      "oneOf": [{ "$ref": "#/$defs/description" }, { "$ref": "#/$defs/outcome" }],
      "$defs": {
        "text": { "type": "string", "minLength": 1 },
        "description": {
          "type": "object",
          "required": ["id", "title", "explanation", "fix", "docs"],
          "properties": {
            "id": {
              "description": "In a group of your own: acme.vault.",
              "type": "string",
              "maxLength": 80,
              "pattern": "^[a-z]+(\\\\.[a-z0-9_-]+)+$"
            },
            "title": {
              "description": "What is true when it passes, in the present tense.",
              "type": "string",
              "minLength": 1,
              "maxLength": 80
            },
            "explanation": {
              "description": "What it looks at, and why it matters.",
              "type": "string",
              "minLength": 1,
              "maxLength": 2000
            },
            "fix": {
              "description": "How to mend it, in general.",
              "type": "string",
              "minLength": 1,
              "maxLength": 1000
            },
            "docs": { "type": "string", "format": "uri", "pattern": "^https://[!-~]{3,390}$" },
            "needs": {
              "description": "Ids of checks whose failure makes this one meaningless.",
              "type": "array",
              "maxItems": 32,
              "items": { "$ref": "#/$defs/text" }
            }
          }
        },
        "outcome": {
          "type": "object",
          "required": ["status", "message"],
          "properties": {
            "status": { "enum": \(ReportSchema.list(Status.allCases.filter { $0 != .blocked })) },
            "message": {
              "description": "What was tried, where, and what came back; of skipped, the reason.",
              "type": "string",
              "minLength": 1
            },
            "failureClass": { "enum": \(ReportSchema.list(FailureClass.allCases)) },
            "evidence": {
              "type": "array",
              "maxItems": 32,
              "items": {
                "type": "object",
                "required": ["name", "measured"],
                "properties": {
                  "name": { "$ref": "#/$defs/text" },
                  "measured": { "$ref": "#/$defs/text" },
                  "expected": { "type": "string" },
                  "source": { "type": "string" }
                }
              }
            },
            "remedies": {
              "type": "array",
              "maxItems": 32,
              "items": { "$ref": "#/$defs/remedy" }
            }
          },
          "if": { "properties": { "status": { "enum": ["warning", "failed", "unknown"] } } },
          "then": {
            "required": ["failureClass", "evidence", "remedies"],
            "properties": { "evidence": { "minItems": 1 }, "remedies": { "minItems": 1 } }
          }
        },
        "remedy": {
          "type": "object",
          "required": ["kind"],
          "properties": {
            "kind": { "enum": \(ReportSchema.list(Remedy.Kind.allCases)) },
            "text": { "type": "string" },
            "variable": { "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" },
            "value": { "type": "string" },
            "command": { "$ref": "#/$defs/text" }
          },
          "oneOf": [
            { "properties": { "kind": { "const": "set" } }, "required": ["variable", "value"] },
            { "properties": { "kind": { "const": "unset" } }, "required": ["variable"] },
            { "properties": { "kind": { "const": "command" } }, "required": ["command"] },
            {
              "properties": { "kind": { "enum": ["edit", "advice"] }, "text": { "minLength": 1 } },
              "required": ["text"]
            }
          ]
        }
      }
    }

    """
  }
}
