import Configuration
import Wire

/// The variables that a program of ours gets: this process's own, without secrets and tracers.
///
/// What would load a tracer, or run code of the application before the program does, is left out:
/// an interpreter that is asked for a version must not send a span.
struct ChildEnvironment: Sendable {
  let entries: [[UInt8]]

  /// - Parameters:
  ///   - entries: this process's, as bytes.
  ///   - secrets: what is a secret here by the project's own word, too.
  ///   - more: what the program is given besides.
  init(
    _ entries: [[UInt8]], without secrets: Credentials, adding more: [(String, String)] = []
  ) {
    let added = Set(more.map(\.0))
    var names = SecretNames()
    self.entries =
      entries.filter { entry in
        guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let name = String(decoding: entry[..<equals], as: UTF8.self)
        return !added.contains(name) && secrets[name] == nil && Self.isHarmless(name, &names)
          && !Self.holdsSecret(entry[(equals + 1)...])
      } + more.map { Array("\($0.0)=\($0.1)".utf8) }
  }

  /// The first value of a name.
  func value(_ name: String) -> String? {
    let prefix = Array("\(name)=".utf8)
    return entries.first { $0.starts(with: prefix) }.map {
      String(decoding: $0.dropFirst(prefix.count), as: UTF8.self)
    }
  }

  /// The path of a program that PATH leads to; nil where there is none.
  func path(of program: String) -> String? {
    for folder in (value("PATH") ?? "/usr/local/bin:/usr/bin:/bin").split(
      separator: ":", omittingEmptySubsequences: false)
    {
      let path = "\(folder.isEmpty ? "." : folder)/\(program)"
      if Files.isExecutable(path) { return path }
    }
    return nil
  }

  private static func isHarmless(_ name: String, _ names: inout SecretNames) -> Bool {
    if left.contains(name) || names.reading(of: name) != .plain { return false }
    return !prefixes.contains { name.hasPrefix($0) }
  }

  /// A key by its shape, or a URL's password.
  private static func holdsSecret(_ value: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: value.prefix(4096), as: UTF8.self)
    return Redaction.redacted(text) != text
  }

  private static let prefixes = [
    "PYTHON", "NODE_", "LD_", "DYLD_", "BASH_", "_DD_", "PERL", "RUBY",
  ]

  private static let left: Set<String> = [
    "ENV", "DD_INJECTION_ENABLED", "DD_INJECT_FORCE", "JAVA_TOOL_OPTIONS", "DD_TRACE_LOG_FILE",
  ]
}
