import Foundation

/// The built binary, run with these variables and no others, in an empty folder.
struct Doctor {
  let status: Int32
  let output: String
  let errors: String

  init(_ arguments: [String], _ variables: [String: String] = [:]) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "dd-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let work = folder.appending(path: "work")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    let files = try ["out", "err"].map { name in
      let file = folder.appending(path: name)
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
      return try FileHandle(forUpdating: file)
    }
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = arguments
    process.environment = variables
    process.currentDirectoryURL = work
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = files[0]
    process.standardError = files[1]
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    let texts = try files.map { file in
      try file.seek(toOffset: 0)
      return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    }
    output = texts[0]
    errors = texts[1]
  }

  /// It is built beside the tests.
  static var binary: URL {
    let tests = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    return tests.deletingLastPathComponent().appending(path: "dd-doctor")
  }

  /// What a check of the JSON report says: `failed unauthorized`.
  func verdict(_ id: String) throws -> String {
    let report = try JSONDecoder().decode(Report.self, from: Data(output.utf8))
    guard let check = report.checks.first(where: { $0.id == id }) else { return "absent" }
    return [check.status, check.failureClass].compactMap { $0 }.joined(separator: " ")
  }

  private struct Report: Decodable {
    struct Check: Decodable {
      let id: String
      let status: String
      let failureClass: String?
    }
    let checks: [Check]
  }
}
