import Diagnosis

/// The JSON Schema (2020-12) of the report.
package enum ReportSchema {
  /// The parts that other schemas share, up to the end of the text.
  static var definitions: String {
    let text = text
    return text.firstRange(of: "  \"$defs\": {").map { String(text[$0.lowerBound...]) } ?? "}"
  }

  package static var text: String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "https://dd-doctor.dev/schema/report-1.json",
      "title": "dd-doctor report",
      "type": "object",
      "required": ["schemaVersion", "tool", "runID", "startedAt", "durationMilliseconds", "setup",
        "source", "verdict", "exitStatus", "agent", "delivery", "summary", "exchanges",
        "configuration", "checks", "observations"],
      "properties": {
        "schemaVersion": { "const": 1 },
        "tool": { "$ref": "#/$defs/tool" },
        "runID": { "type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" },
        "startedAt": { "type": "string", "format": "date-time" },
        "durationMilliseconds": { "type": "number", "minimum": 0 },
        "setup": {
          "type": "object",
          "required": ["name", "detectedFrom"],
          "properties": {
            "name": { "enum": ["openai-api", "llmobs-agentless", "llmobs-agent", "llmobs-lambda", "apm"] },
            "language": { "enum": ["python", "node", "php"] },
            "detectedFrom": { "type": "array", "items": { "type": "string" } }
          }
        },
        "source": {
          "type": "object",
          "required": ["kind", "name"],
          "properties": { "kind": { "type": "string" }, "name": { "type": "string" } }
        },
        "verdict": { "enum": \(list(Verdict.allCases)) },
        "exitStatus": { "type": "integer", "minimum": 0, "maximum": 255 },
        "tracer": {
          "type": "object",
          "required": ["enabled", "debug", "logInjection"],
          "properties": {
            "enabled": { "type": "boolean" },
            "debug": { "type": "boolean" },
            "logInjection": { "type": "boolean" },
            "service": { "type": "string" },
            "env": { "type": "string" },
            "version": { "type": "string" },
            "tags": { "type": "string" }
          }
        },
        "agent": {
          "type": "object",
          "required": ["state", "error"],
          "properties": {
            "url": { "type": "string" },
            "mode": { "enum": ["tcp", "unix", "https"] },
            "version": { "type": "string" },
            "state": { "enum": \(list(AgentSummary.State.allCases)) },
            "error": { "type": ["string", "null"] }
          },
          "if": { "properties": { "state": { "const": "failed" } } },
          "then": { "properties": { "error": { "type": "string" } } },
          "else": { "properties": { "error": { "type": "null" } } }
        },
        "delivery": {
          "type": "object",
          "required": ["rungs"],
          "properties": {
            "reached": { "enum": \(list(Delivery.Rung.allCases)) },
            "rungs": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["name", "status", "reason"],
                "properties": {
                  "name": { "enum": \(list(Delivery.Rung.allCases)) },
                  "status": { "enum": \(list(Delivery.RungStatus.allCases)) },
                  "reason": { "type": "string" }
                }
              }
            }
          }
        },
        "summary": {
          "type": "object",
          "required": \(list(Status.allCases)),
          "additionalProperties": { "type": "integer", "minimum": 0 }
        },
        "exchanges": { "type": "array", "items": { "$ref": "#/$defs/exchange" } },
        "configuration": { "type": "array", "items": { "$ref": "#/$defs/configured" } },
        "checks": { "type": "array", "items": { "$ref": "#/$defs/check" } },
        "onboarding": {
          "type": "object",
          "required": ["steps"],
          "properties": {
            "steps": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["name", "status"],
                "properties": {
                  "name": { "type": "string" },
                  "status": { "enum": \(list(Status.allCases)) }
                }
              }
            },
            "next": { "$ref": "#/$defs/remedy" },
            "check": { "type": "string" }
          }
        },
        "observations": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["question", "answer"],
            "properties": { "question": { "type": "string" }, "answer": true }
          }
        },
        "findings": { "type": "array", "items": { "$ref": "#/$defs/finding" } },
        "proofs": { "type": "array", "items": { "$ref": "#/$defs/proof" } },
        "input": {
          "type": "object",
          "required": ["files", "bytes", "lines"],
          "additionalProperties": { "type": "integer", "minimum": 0 }
        }
      },
      "$defs": {
        "tool": {
          "type": "object",
          "required": ["name", "version"],
          "properties": { "name": { "type": "string" }, "version": { "type": "string" } }
        },
        "milliseconds": { "type": "number", "minimum": 0 },
        "exchange": {
          "type": "object",
          "required": ["question", "url", "phases", "sent", "received"],
          "properties": {
            "question": { "type": "string" },
            "url": { "type": "string" },
            "phases": {
              "type": "object",
              "required": ["total"],
              "properties": {
                "dns": { "$ref": "#/$defs/milliseconds" },
                "connect": { "$ref": "#/$defs/milliseconds" },
                "tls": { "$ref": "#/$defs/milliseconds" },
                "firstByte": { "$ref": "#/$defs/milliseconds" },
                "total": { "$ref": "#/$defs/milliseconds" }
              }
            },
            "sent": { "type": "integer", "minimum": 0 },
            "received": { "type": "integer", "minimum": 0 },
            "status": { "type": "integer" },
            "error": { "type": "string" }
          }
        },
        "remedy": {
          "type": "object",
          "required": ["kind", "text"],
          "properties": {
            "kind": { "enum": \(list(Remedy.Kind.allCases)) },
            "text": { "type": "string" },
            "variable": { "type": "string" },
            "value": { "type": "string" },
            "command": { "type": "string" }
          }
        },
        "configured": {
          "type": "object",
          "required": ["name", "value", "origin", "secret", "shadowed"],
          "properties": {
            "name": { "type": "string" },
            "value": { "type": "string" },
            "origin": { "type": "string" },
            "default": { "type": "string" },
            "secret": { "type": "boolean" },
            "shadowed": { "type": "array", "items": { "type": "string" } }
          }
        },
        "line": { "type": "integer", "minimum": 1 },
        "finding": {
          "type": "object",
          "required": ["id", "checkID", "count", "firstLine", "lastLine", "excerpt", "cause",
            "remedies", "docs"],
          "properties": {
            "id": { "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" },
            "checkID": { "type": "string", "pattern": "^[a-z]+(\\\\.[a-z0-9_-]+)+$" },
            "failureClass": { "enum": \(list(FailureClass.allCases)) },
            "writer": { "type": "string" },
            "count": { "$ref": "#/$defs/line" },
            "firstLine": { "$ref": "#/$defs/line" },
            "lastLine": { "$ref": "#/$defs/line" },
            "excerpt": { "type": "string" },
            "cause": { "type": "string" },
            "remedies": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/remedy" } },
            "docs": { "type": "string", "format": "uri" },
            "file": { "type": "string" }
          }
        },
        "proof": {
          "type": "object",
          "required": ["id", "statement", "count", "firstLine", "lastLine"],
          "properties": {
            "id": { "type": "string" },
            "statement": { "type": "string" },
            "count": { "$ref": "#/$defs/line" },
            "firstLine": { "$ref": "#/$defs/line" },
            "lastLine": { "$ref": "#/$defs/line" },
            "file": { "type": "string" }
          }
        },
        "check": {
          "type": "object",
          "required": ["id", "title", "group", "status", "message", "evidence", "remedies", "docs",
            "attempts", "durationMilliseconds"],
          "properties": {
            "id": { "type": "string", "pattern": "^[a-z]+(\\\\.[a-z0-9_-]+)+$" },
            "title": { "type": "string" },
            "group": { "type": "string" },
            "status": { "enum": \(list(Status.allCases)) },
            "message": { "type": "string" },
            "failureClass": { "enum": \(list(FailureClass.allCases)) },
            "evidence": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["name", "measured", "expected", "source"],
                "properties": {
                  "name": { "type": "string" },
                  "measured": { "type": "string" },
                  "expected": { "type": "string" },
                  "source": { "type": "string" }
                }
              }
            },
            "remedies": { "type": "array", "items": { "$ref": "#/$defs/remedy" } },
            "docs": { "type": "string", "format": "uri" },
            "blockedBy": { "type": "string" },
            "known": { "type": "boolean" },
            "attempts": { "type": "integer", "minimum": 1 },
            "durationMilliseconds": { "$ref": "#/$defs/milliseconds" }
          },
          "if": { "properties": { "status": { "enum": ["warning", "failed", "unknown"] } } },
          "then": {
            "required": ["failureClass"],
            "properties": { "evidence": { "minItems": 1 }, "remedies": { "minItems": 1 } }
          },
          "else": { "properties": { "failureClass": false } }
        }
      }
    }

    """
  }

  /// The names of an enumeration's cases.
  package static func list<Case: RawRepresentable<String>>(_ cases: [Case]) -> String {
    "[" + cases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") + "]"
  }
}
