package import Configuration
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks at another process through /proc, and changes nothing in it.
package enum ProcessProbe {
  package enum Failure: Error, Equatable, Sendable {
    /// No such process, or none whose variables may be read; the reason as the system names it.
    case unreadable(String)
    /// It has no variables: a kernel's thread, or one that has ended.
    case empty
  }

  /// The variables that the process was started with, and where it lives.
  package static func workload(_ id: Int, for project: Project? = nil) throws(Failure) -> (
    workload: Workload, folder: String?
  ) {
    let (bytes, code) = Files.all("/proc/\(id)/environ", limit: 8 * 1024 * 1024)
    guard code == 0 else { throw .unreadable(String(cString: strerror(code))) }
    guard !bytes.isEmpty else { throw .empty }
    var workload = WorkloadReader.environ(
      bytes, WorkloadOrigin(name: "pid \(id)", project: project))
    var facts = WorkloadFacts(.process, kind: "process", name: "\(id)")
    facts.processID = id
    let words = (Files.bytes("/proc/\(id)/cmdline", limit: 256 * 1024) ?? []).split(separator: 0)
      .map { String(decoding: $0, as: UTF8.self) }
    facts.recognise(command: words, program: Files.link("/proc/\(id)/exe"))
    let sharesFiles = shares("mnt", id)
    facts.isElsewhere = !shares("net", id)
    let folder = sharesFiles ? Files.link("/proc/\(id)/cwd") : nil
    if let folder { facts.program = program(id, words.first ?? "", workload.environment, folder) }
    workload.facts = facts
    return (workload, folder)
  }

  /// The program as the command names it: by its own path a Python finds its virtual environment.
  private static func program(
    _ id: Int, _ word: String, _ environment: Environment, _ folder: String
  ) -> String? {
    if word.contains("/") {
      let path = word.hasPrefix("/") ? word : "\(folder)/\(word)"
      if Files.isExecutable(path) { return path }
    }
    return environment.has("VIRTUAL_ENV") ? nil : Files.link("/proc/\(id)/exe")
  }

  /// Whether a process lives in the same namespace of a kind as we do; without /proc it does.
  private static func shares(_ kind: String, _ id: Int) -> Bool {
    guard let own = Files.link("/proc/self/ns/\(kind)"),
      let other = Files.link("/proc/\(id)/ns/\(kind)")
    else { return true }
    return own == other
  }
}
