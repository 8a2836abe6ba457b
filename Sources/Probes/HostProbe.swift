package import Configuration
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks at the machine: what configuration depends on and can't know by itself.
package enum HostProbe {
  /// The facts of this machine and of a project's folder.
  package static func facts(_ environment: Environment, folder: String = ".") -> HostFacts {
    HostFacts(
      platform: Platform(
        environment, markers: ["/.dockerenv", "/run/.containerenv"].filter(Files.exist)),
      sockets: [AgentAddress.defaultSocket, DogStatsDAddress.defaultSocket].filter(Files.exist),
      projectFiles: ProjectFile.known.compactMap { file in
        guard let text = Files.text("\(folder)/\(file.name)", limit: 256 * 1024) else { return nil }
        return ProjectFile(
          name: file.name, mentions: file.packages.filter { mentions(text, $0) })
      },
      dotenvNames: dotenvNames(Files.text("\(folder)/.env", limit: 256 * 1024) ?? ""),
      application: ApplicationFolder(folder), lambda: LambdaProbe.facts(environment))
  }

  private static func dotenvNames(_ text: String) -> [String] {
    let names = text.split(whereSeparator: \.isNewline).compactMap { line -> String? in
      var line = line.drop(while: \.isWhitespace)
      if line.hasPrefix("export ") { line = line.dropFirst(7) }
      guard line.hasPrefix("DD_"), let equals = line.firstIndex(of: "=") else { return nil }
      let name = line[..<equals]
      return name.utf8.allSatisfy { $0 < 0x80 && ($0 == 95 || $0 > 47) } ? String(name) : nil
    }
    return Set(names).sorted()
  }

  /// The variables of this process, as bytes: a repaired key would be sent wrong.
  package static func processEnvironment() -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var next = environ
    while let entry = next.pointee {
      entries.append(Array(UnsafeRawBufferPointer(start: entry, count: strlen(entry))))
      next += 1
    }
    return entries
  }

  /// Whether a package's name stands in the text as a word of its own, and in no comment.
  private static func mentions(_ text: String, _ package: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { line in
      let line = line.drop(while: \.isWhitespace)
      guard !line.hasPrefix("#"), !line.hasPrefix("//") else { return false }
      var rest = line
      while let found = rest.firstRange(of: package) {
        let before = rest[..<found.lowerBound].last
        let after = rest[found.upperBound...].first
        if !isPartOfName(before), !isPartOfName(after) { return true }
        rest = rest[found.upperBound...]
      }
      return false
    }
  }

  private static func isPartOfName(_ character: Character?) -> Bool {
    guard let character else { return false }
    return character.isLetter || character.isNumber || "-_/@.".contains(character)
  }
}
