import Diagnosis
import Reporters
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that a user names, `-` for standard input.
enum InputFile {
  /// More than any report holds; what is larger is something else.
  private static let limit = 64 * 1024 * 1024

  /// A saved JSON report, or that of a support bundle; one that was changed is refused.
  static func report(_ path: String) throws(InputError) -> Report {
    let text = try text(path)
    let name = shown(path)
    do {
      return try JSONReporter.read(try SupportBundle.report(in: text) ?? text)
    } catch {
      let reason =
        switch error {
        case .notAReport: "no report of dd-doctor (--format json writes one)"
        case .newer(let version): "of schema \(version), which a newer dd-doctor reads"
        case .incomplete: "a report that is cut off or damaged"
        case .changed(let parts):
          "a bundle that was changed after it was written: its hashes do not fit its"
            + " \(parts.prefix(5).map { printable($0, limit: 40) }.joined(separator: ", "))"
        }
      throw InputError(ExitStatus.badInput, "\(name): \(reason)")
    }
  }

  static func shown(_ path: String) -> String {
    path == "-" ? "standard input" : printable(Redaction.redacted(path), limit: 200)
  }

  private static func text(_ path: String) throws(InputError) -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }

  static func bytes(_ path: String) throws(InputError) -> [UInt8] {
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    var code = errno
    var bytes: [UInt8] = []
    if descriptor >= 0 {
      defer { close(descriptor) }
      (bytes, code) = readAll(descriptor)
    }
    guard descriptor >= 0, code == 0 else {
      throw InputError(
        ExitStatus.noInput, "\(shown(path)): \(String(cString: strerror(code)))")
    }
    guard bytes.count <= limit else {
      throw InputError(ExitStatus.badInput, "\(shown(path)): larger than 64 MiB")
    }
    return bytes
  }

  /// The bytes up to a little over the limit, and what stopped them: 0 at the end.
  private static func readAll(_ descriptor: Int32) -> ([UInt8], Int32) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let (count, code) = buffer.withUnsafeMutableBytes { raw -> (Int, Int32) in
        let count = read(descriptor, raw.baseAddress, raw.count)
        return (count, errno)
      }
      if count > 0 {
        bytes += buffer[..<count]
      } else if count == 0 {
        return (bytes, 0)
      } else if code != EINTR {
        return (bytes, code)
      }
    }
    return (bytes, 0)
  }
}
