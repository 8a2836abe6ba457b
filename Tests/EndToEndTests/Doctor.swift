import Foundation
import Testing

/// The built binary, run as a user runs it.
struct Doctor {
  struct Run {
    let status: Int32
    let output: String
    let errors: String

    /// The JSON report of a run with `--format json`.
    func report() throws -> [String: Any] {
      try #require(
        try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }

    /// One check of the JSON report.
    func check(_ id: String) throws -> [String: Any] {
      let checks = try #require(try report()["checks"] as? [[String: Any]])
      return try #require(checks.first { $0["id"] as? String == id }, "no \(id)")
    }

    /// The ids of the checks with a status.
    func ids(_ status: String) throws -> [String] {
      let checks = try #require(try report()["checks"] as? [[String: Any]])
      return checks.filter { $0["status"] as? String == status }.compactMap { $0["id"] as? String }
    }

    /// What a check says, in two words: `failed unauthorized`.
    func verdict(_ id: String) throws -> String {
      let checks = try #require(try report()["checks"] as? [[String: Any]])
      guard let check = checks.first(where: { $0["id"] as? String == id }) else { return "absent" }
      return ["status", "failureClass"].compactMap { check[$0] as? String }.joined(separator: " ")
    }

    var agentErrorLine: String? {
      output.split(separator: "\n").first { $0.hasPrefix("    Agent error: ") }.map(String.init)
    }
  }

  /// Beside the test bundle, where the build puts it.
  static let binary: URL = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
    let folder = bundle.range(of: #"[^/]*\.xctest.*"#, options: .regularExpression)
      .map { String(bundle[..<$0.lowerBound]) }
    return URL(fileURLWithPath: (folder ?? ".build/debug/") + "dd-doctor")
  }()

  /// Runs it with these variables and no others, in an empty folder.
  static func run(
    _ arguments: [String], _ variables: [String: String] = [:], folder: URL? = nil
  ) throws -> Run {
    try child(binary, arguments, variables, folder: folder)
  }

  /// Runs a shell script, in which `$DOCTOR` is the binary.
  static func shell(_ script: String, _ variables: [String: String] = [:]) throws -> Run {
    try child(
      URL(fileURLWithPath: "/bin/bash"), ["-c", script],
      variables.merging(["DOCTOR": binary.path]) { own, _ in own })
  }

  /// Runs any program to its end; its streams go to files, which never fill up.
  static func child(
    _ program: URL, _ arguments: [String], _ variables: [String: String], folder: URL? = nil
  ) throws -> Run {
    let scratch = try Scratch()
    let empty = scratch.folder.appending(path: "empty")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"].merging(variables) { $1 }
    process.currentDirectoryURL = folder ?? empty
    process.standardOutput = try scratch.file("output")
    process.standardError = try scratch.file("errors")
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus, output: try scratch.text("output"),
      errors: try scratch.text("errors"))
  }
}

/// A folder of a test's own, removed with it.
final class Scratch: Sendable {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "dd-doctor-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func file(_ name: String) throws -> FileHandle {
    try Data().write(to: folder.appending(path: name))
    return try FileHandle(forWritingTo: folder.appending(path: name))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }
}
