import Foundation
import Testing

/// The sources, found from this file.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func swiftFiles(_ folder: String) -> [URL] {
    let files = FileManager.default.enumerator(
      at: root.appending(path: folder), includingPropertiesForKeys: nil)
    return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
  }

  /// The modules that a file imports, whatever stands around the word.
  static func imports(_ file: URL) throws -> Set<String> {
    let text = try String(contentsOf: file, encoding: .utf8)
    let pattern =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func|actor)\s+)?(\w+)/
      .anchorsMatchLineEndings()
    return Set(text.matches(of: pattern).map { String($0.output.1) })
  }
}

/// Who imports whom: the table of the design, which SwiftPM does not enforce.
@Suite struct `The architecture` {
  static let modules: [String: (folder: String, allowed: Set<String>)] = [
    "Diagnosis": ("Sources/Diagnosis", []), "Wire": ("Sources/Wire", []),
    "Configuration": ("Sources/Configuration", ["Diagnosis", "Wire"]),
    "Probes": ("Sources/Probes", ["Configuration", "Wire", "CCurl", "Diagnosis"]),
    "Checks": ("checks", ["Diagnosis", "Configuration", "Wire", "Probes"]),
    "StandIn": ("Sources/StandIn", ["Wire"]),
    "LogPatterns": ("Sources/LogPatterns", ["Diagnosis", "Wire"]),
    "Reporters": ("Sources/Reporters", ["Diagnosis"]),
    // The situations that fire every check, and who answers in them: like DoctorCLI, which would
    // hold them otherwise, but without a terminal.
    "SelfTest": (
      "Sources/SelfTest",
      ["Checks", "Configuration", "Diagnosis", "Probes", "StandIn", "Wire"]
    ),
    "DoctorCLI": (
      "Sources/DoctorCLI",
      [
        "Checks", "Configuration", "Diagnosis", "LogPatterns", "Probes", "Reporters", "SelfTest",
        "StandIn", "Wire",
      ]
    ),
    "dd-doctor": ("Sources/dd-doctor", ["DoctorCLI"]),
  ]

  /// The toolchain's own modules, and who may use them.
  static let toolchain: [String: Set<String>] = [
    "FoundationEssentials": [
      "Configuration", "Probes", "Checks", "Reporters", "DoctorCLI", "Wire",
    ],
    "Synchronization": ["Diagnosis", "Probes", "StandIn", "DoctorCLI"],
    "Glibc": ["Probes", "StandIn", "DoctorCLI", "dd-doctor"],
    "Darwin": ["Probes", "StandIn", "DoctorCLI", "dd-doctor"],
  ]

  @Test(arguments: modules.keys.sorted())
  func `is what the imports say`(module: String) throws {
    let entry = try #require(Self.modules[module])
    for file in Repository.swiftFiles(entry.folder) {
      for imported in try Repository.imports(file) {
        let isAllowed =
          entry.allowed.contains(imported)
          || Self.toolchain[imported]?.contains(module) == true
        #expect(isAllowed, "\(module)/\(file.lastPathComponent) imports \(imported)")
      }
    }
  }

  @Test func `knows every folder of sources`() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "Sources").path)
    #expect(Set(folders).isSubset(of: Set(Self.modules.keys).union(["CCurl"])))
    #expect(Repository.swiftFiles("checks").count > 10)
    #expect(Repository.swiftFiles("Sources").count > 50)
  }

  @Test func `finds imports in every form`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).swift")
    defer { try? FileManager.default.removeItem(at: file) }
    try """
    import A
    package import B
      import C
    @testable import D
    @preconcurrency public import E
    import struct F.G
    // import X
    let text = "import Y"
    """.write(to: file, atomically: true, encoding: .utf8)
    #expect(try Repository.imports(file) == ["A", "B", "C", "D", "E", "F"])
  }

  @Test func `keeps what would trap or exit out of the modules`() throws {
    let banned: [(String, Regex<Substring>)] = [
      ("try!", /\btry!/), ("fatalError", /\bfatalError\(/),
      ("@unchecked Sendable", /@unchecked Sendable/),
      ("nonisolated(unsafe)", /nonisolated\(unsafe\)/),
      ("preconditionFailure", /\bpreconditionFailure\(/),
    ]
    for file in Repository.swiftFiles("Sources") + Repository.swiftFiles("checks") {
      let text = try String(contentsOf: file, encoding: .utf8)
      for (name, pattern) in banned {
        #expect(!text.contains(pattern), "\(file.lastPathComponent): \(name)")
      }
    }
  }

  @Test func `keeps files short`() throws {
    for file in ["Sources", "checks", "Tests"].flatMap(Repository.swiftFiles)
    where file.lastPathComponent != "SettingsRegistry+Data.swift" {
      let lines = try String(contentsOf: file, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 401, "\(file.lastPathComponent): \(lines.count) lines")
    }
  }
}
