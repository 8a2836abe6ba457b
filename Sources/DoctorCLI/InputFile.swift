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
    try report(try text(path), shown(path))
  }

  /// Tells every report of a file, one after the other: it may hold many behind one another, as the
  /// log of many pods does, or the lines of `--format ndjson`.
  static func reports(_ path: String, _ tell: (Report) throws -> Void) throws {
    let descriptor = try opened(path)
    defer { close(descriptor) }
    let name = shown(path)
    var cutter = JSONCutter()
    var count = 0
    func read(_ object: JSONCutter.Object) throws {
      count += 1
      let place = count == 1 ? name : "\(name), line \(object.line)"
      let text = String(decoding: object.bytes, as: UTF8.self)
      switch JSONReporter.eventReport(in: text) {
      case .none: try tell(try report(text, place))
      case .some(let report): try report.map(tell)
      }
    }
    do {
      while true {
        let bytes = try piece(from: descriptor, name)
        guard !bytes.isEmpty else { break }
        try cutter.feed(bytes, read)
      }
      try cutter.end()
    } catch let fault as JSONFault {
      guard count > 0 else { throw notAReport(name) }
      throw InputError(ExitStatus.badInput, "\(name), line \(fault.line): \(fault.reason)")
    }
    guard count > 0 else { throw notAReport(name) }
  }

  private static func report(_ text: String, _ name: String) throws(InputError) -> Report {
    do {
      return try JSONReporter.read(try SupportBundle.report(in: text) ?? text)
    } catch {
      let reason =
        switch error {
        case .notAReport: throw notAReport(name)
        case .newer(let version): "of schema \(version), which a newer dd-doctor reads"
        case .incomplete: "a report that is cut off or damaged"
        case .changed(let parts):
          "a bundle that was changed after it was written: its hashes do not fit its"
            + " \(parts.prefix(5).map { printable($0, limit: 40) }.joined(separator: ", "))"
        }
      throw InputError(ExitStatus.badInput, "\(name): \(reason)")
    }
  }

  private static func notAReport(_ name: String) -> InputError {
    InputError(
      ExitStatus.badInput, "\(name): no report of dd-doctor (--format json writes one)")
  }

  static func shown(_ path: String) -> String {
    path == "-" ? "standard input" : printable(Redaction.redacted(path), limit: 200)
  }

  private static func text(_ path: String) throws(InputError) -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }

  static func bytes(_ path: String) throws(InputError) -> [UInt8] {
    let descriptor = try opened(path)
    defer { close(descriptor) }
    return try bytes(of: descriptor, shown(path))
  }

  /// All that an open file holds from where it stands.
  static func bytes(of descriptor: Int32, _ shown: String) throws(InputError) -> [UInt8] {
    let (bytes, code) = readAll(descriptor)
    guard code == 0 else {
      throw InputError(ExitStatus.noInput, "\(shown): \(String(cString: strerror(code)))")
    }
    guard bytes.count <= limit else {
      throw InputError(ExitStatus.badInput, "\(shown): larger than 64 MiB")
    }
    return bytes
  }

  private static func opened(_ path: String) throws(InputError) -> Int32 {
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError(ExitStatus.noInput, "\(shown(path)): \(String(cString: strerror(errno)))")
    }
    return descriptor
  }

  /// A file that can be read again from its start; a pipe goes into one that has no name.
  static func rewindable(_ path: String) throws(InputError) -> Int32 {
    let descriptor = try opened(path)
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return descriptor }
    defer { close(descriptor) }
    let copy = nameless()
    var bytes = try piece(from: descriptor, shown(path))
    while copy >= 0, !bytes.isEmpty {
      guard bytes.withUnsafeBytes({ write(copy, $0.baseAddress, $0.count) }) == bytes.count else {
        break
      }
      bytes = try piece(from: descriptor, shown(path))
    }
    guard copy >= 0, bytes.isEmpty else {
      throw InputError(
        ExitStatus.noInput,
        "\(shown(path)): no room to keep it in \(folder): \(String(cString: strerror(errno)))")
    }
    lseek(copy, 0, SEEK_SET)
    return copy
  }

  private static var folder: String {
    getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  }

  /// A file that nobody else can open, and that ends with us.
  private static func nameless() -> Int32 {
    var name = Array("\(folder)/dd-doctor.XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    if descriptor >= 0 { unlink(name) }
    return descriptor
  }

  /// More of an open file; nothing at its end.
  private static func piece(from descriptor: Int32, _ shown: String) throws(InputError) -> [UInt8] {
    try piece(shown, size: 1 << 18) { read(descriptor, $0, $1) }
  }

  /// The bytes at a place of a file; none at its end.
  static func piece(
    of descriptor: Int32, _ shown: String, at offset: Int, size: Int
  ) throws(InputError) -> [UInt8] {
    try piece(shown, size: size) { pread(descriptor, $0, $1, off_t(offset)) }
  }

  private static func piece(
    _ shown: String, size: Int, _ fill: (UnsafeMutableRawPointer?, Int) -> Int
  ) throws(InputError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      repeat {
        count = fill(buffer.baseAddress, size)
        code = count < 0 ? errno : 0
      } while code == EINTR
      count = max(0, count)
    }
    guard code == 0 else {
      throw InputError(ExitStatus.noInput, "\(shown): \(String(cString: strerror(code)))")
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
