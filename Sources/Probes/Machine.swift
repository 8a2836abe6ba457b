import CCurl
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a run ran on, for a support bundle; no name of the machine is in it.
package struct Machine: Codable, Equatable, Sendable {
  /// The distribution, as it names itself.
  package var system: String
  /// As `Linux 6.1.0`.
  package var kernel: String
  package var architecture: String
  /// As `libcurl/7.88.1 OpenSSL/3.0.17 …`; left out where it can't be loaded.
  package var libcurl: String?
  /// The compiler that this program was built with.
  package var swift: String

  /// Loads libcurl, to ask for its version.
  package static func current() -> Machine {
    var name = utsname()
    uname(&name)
    return Machine(
      system: distribution, kernel: "\(text(&name.sysname)) \(text(&name.release))",
      architecture: text(&name.machine), libcurl: libcurl, swift: compiler)
  }

  private static func text(_ field: inout some Any) -> String {
    withUnsafeBytes(of: &field) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private static var distribution: String {
    let lines = Files.text("/etc/os-release", limit: 16 * 1024)?.split(separator: "\n") ?? []
    guard let line = lines.first(where: { $0.hasPrefix("PRETTY_NAME=") }) else { return "unknown" }
    return String(line.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" && $0 != "'" })
  }

  private static var libcurl: String? {
    var reason = [CChar](repeating: 0, count: 256)
    guard ccurl_load(CCURL_LIBRARY, &reason, reason.count) == 1, let version = ccurl_version()
    else { return nil }
    return String(cString: version)
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
