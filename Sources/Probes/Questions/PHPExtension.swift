package import Configuration
import FoundationEssentials
package import Wire

/// What PHP says of Datadog's extension: `php --ri ddtrace`, and `php -i` where that says too little.
package struct PHPExtension: Question {
  package struct Answer: Codable, Equatable, Sendable {
    /// Nil where no `php` is on PATH.
    package var program: ProgramAnswer?
    package var info: PHPInfo?
    /// Where another PHP than the command line's loads the extension, as `/etc/php/8.2/fpm/…`.
    package var elsewhere: [String]
    /// Of `openai-php/client`, by Composer's own record.
    package var client: String?

    package init(
      program: ProgramAnswer?, info: PHPInfo? = nil, elsewhere: [String] = [],
      client: String? = nil
    ) {
      self.program = program
      self.info = info
      self.elsewhere = elsewhere
      self.client = client
    }
  }

  private let folder: String

  package init(in folder: ApplicationFolder) {
    self.folder = folder.path
  }

  package var key: String { "runtime.php" }

  package func ask(_ world: World) async -> Answer {
    // No root span, no telemetry: a question must not look like a request of the application.
    let environment = ChildEnvironment(
      HostProbe.processEnvironment(), without: world.credentials,
      adding: [
        ("DD_TRACE_CLI_ENABLED", "1"), ("DD_TRACE_GENERATE_ROOT_SPAN", "0"),
        ("DD_INSTRUMENTATION_TELEMETRY_ENABLED", "0"), ("DD_REMOTE_CONFIGURATION_ENABLED", "0"),
      ])
    var answer = Answer(program: nil, client: client)
    guard let path = environment.path(of: "php") else { return answer }
    let deadline = world.deadline
    var (said, info) = await onThread {
      let said = ChildProcess.run(path, ["--ri", "ddtrace"], environment, until: deadline)
      let info = PHPInfo(said.output + "\n" + said.errors)
      // A PHP that knows no `--ri` has the page still.
      guard said.isEnd, info.support == nil, !info.isAbsent else { return (said, info) }
      let page = ChildProcess.run(path, ["-i"], environment, until: deadline)
      let whole = PHPInfo(page.output + "\n" + page.errors)
      return whole.support == nil ? (said, info) : (page, whole)
    }
    said.output = printable(said.output, limit: 200)
    said.errors = printable(said.errors, limit: 200)
    answer.program = said
    answer.info = info
    if info.support == nil { answer.elsewhere = Self.elsewhere }
    return answer
  }

  /// Configurations of FPM and Apache that load the extension.
  private static var elsewhere: [String] {
    Files.names(in: "/etc/php", limit: 32).flatMap { version in
      ["fpm", "apache2", "cgi"].flatMap { kind in
        let folder = "/etc/php/\(version)/\(kind)/conf.d"
        return Files.names(in: folder, limit: 200).filter { $0.holds("ddtrace") }
          .map { "\(folder)/\($0)" }
      }
    }
  }

  private var client: String? {
    struct Installed: Decodable {
      struct Package: Decodable {
        let name: String?
        let version: String?
      }
      let packages: [Package]
    }
    for name in ["vendor/composer/installed.json", "composer.lock"] {
      guard let bytes = Files.bytes("\(folder)/\(name)", limit: 4 * 1024 * 1024),
        let list = try? JSONDecoder().decode(
          Installed.self, from: Data(bytes + [UInt8(ascii: "\n")]))
      else { continue }
      let package = list.packages.first { $0.name == "openai-php/client" }
      if let version = package?.version { return printable(version, limit: 40) }
    }
    return nil
  }
}

extension ProgramAnswer {
  /// Whether it came to an end by itself.
  fileprivate var isEnd: Bool {
    if case .exited = end { true } else { false }
  }
}
