import Foundation

/// A folder of plug-ins on PATH, each a shell script.
final class PluginFolder: Sendable {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  var path: String { scratch.folder.path }
  var variables: [String: String] { ["PATH": "\(path):/usr/local/bin:/usr/bin:/bin"] }

  /// A plug-in that describes itself as `acme.NAME`, and then does what its body says.
  func add(_ name: String, needs: [String] = [], id: String? = nil, _ body: String) throws {
    let needs = needs.map { "\"\($0)\"" }.joined(separator: ", ")
    try write(
      name,
      """
      #!/bin/sh
      if [ "$1" = --describe ]; then
        echo '{"id": "\(id ?? "acme.\(name)")", "title": "Acme has its \(name)",'
        echo '"explanation": "Without it no gateway answers.", "fix": "Ask the platform team.",'
        echo '"docs": "https://wiki.acme.example/\(name)", "needs": [\(needs)], "since": 2}'
        exit
      fi
      \(body)
      """)
  }

  /// Any executable under a plug-in's name.
  func write(_ name: String, _ text: String) throws {
    let file = scratch.path("dd-doctor-check-\(name)")
    try Data((text + "\n").utf8).write(to: URL(filePath: file))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
  }

  func text(_ name: String) throws -> String { try scratch.text(name) }
  func file(_ name: String) -> String { scratch.path(name) }

  static let passed = #"echo '{"status": "passed", "message": "it is there"}'"#

  static let failed = """
    cat <<'END'
    {
      "status": "failed", "message": "gateway.acme.example is sealed", "failureClass": "disabled",
      "evidence": [{"name": "sealed", "measured": "true", "expected": "false"}],
      "remedies": [
        {"kind": "set", "variable": "ACME_MODE", "value": "it's open; touch /tmp/x"},
        {"kind": "command", "command": "acme unseal", "text": "on the gateway"}
      ]
    }
    END
    """
}

extension PluginFolder {
  /// The one that the README shows.
  static func example() throws -> String {
    let readme = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "README.md")
    let parts = try String(contentsOf: readme, encoding: .utf8).split(
      separator: "<!-- plugin -->\n```python\n")
    return String((parts.count == 2 ? parts[1] : "").prefix { $0 != "`" })
  }
}
