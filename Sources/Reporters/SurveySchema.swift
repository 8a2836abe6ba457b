import Diagnosis

/// The JSON Schemas (2020-12) of what is said of many: their parts are those of the report's.
package enum SurveySchema {
  /// What `fleet --format json` writes.
  package static var fleet: String {
    schema(
      "fleet", members: "agents",
      more: "\"durationMilliseconds\": { \"$ref\": \"#/$defs/milliseconds\" },",
      """
      "required": ["url", "state", "error", "checks"],
            "properties": {
              "url": { "type": "string" },
              "state": { "enum": \(ReportSchema.list(AgentSummary.State.allCases)) },
              "version": { "type": "string" },
              "error": { "type": ["string", "null"] },
              "checks": { "type": "array", "items": { "$ref": "#/$defs/check" } }
            }
      """)
  }

  /// What `merge --format json` writes.
  package static var merge: String {
    schema(
      "merge", members: "reports",
      """
      "required": ["name", "alsoIn", "runID", "startedAt", "setup", "source", "agent", "verdict",
              "exitStatus", "checks"],
            "properties": {
              "name": { "type": "string" },
              "alsoIn": { "type": "array", "items": { "type": "string" } },
              "runID": { "type": "string" },
              "startedAt": { "type": "string", "format": "date-time" },
              "setup": { "type": "object", "required": ["name", "detectedFrom"] },
              "source": { "type": "object", "required": ["kind", "name"] },
              "agent": { "type": "object", "required": ["state", "error"] },
              "verdict": { "enum": \(ReportSchema.list(Verdict.allCases)) },
              "exitStatus": { "type": "integer", "minimum": 0, "maximum": 255 },
              "checks": { "type": "array", "items": { "$ref": "#/$defs/check" } }
            }
      """)
  }

  private static func schema(
    _ name: String, members: String, more: String = "", _ member: String
  ) -> String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "https://dd-doctor.dev/schema/\(name)-1.json",
      "title": "dd-doctor \(name)",
      "type": "object",
      "required": ["schemaVersion", "verdict", "exitStatus", "\(members)", "causes", "summary"],
      "properties": {
        "schemaVersion": { "const": 1 },
        "verdict": { "enum": \(ReportSchema.list(Verdict.allCases)) },
        "exitStatus": { "type": "integer", "minimum": 0, "maximum": 255 },
        \(more)
        "\(members)": {
          "type": "array",
          "items": {
            "type": "object",
            \(member)
          }
        },
        "causes": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["checkID", "failureClass", "count", "\(members)"],
            "properties": {
              "checkID": { "type": "string" },
              "failureClass": { "enum": \(ReportSchema.list(FailureClass.allCases)) },
              "count": { "type": "integer", "minimum": 1 },
              "\(members)": {
                "type": "array", "minItems": 1, "maxItems": 20, "items": { "type": "string" }
              }
            }
          }
        },
        "summary": {
          "type": "object",
          "required": \(ReportSchema.list(Status.allCases)),
          "additionalProperties": { "type": "integer", "minimum": 0 }
        }
      },
    \(ReportSchema.definitions)
    """
  }
}
