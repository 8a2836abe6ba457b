import Configuration
import Diagnosis
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An output that can't be written: exit status 73.
struct OutputError: Error, Equatable {
  let message: String
}

/// Writes text to streams and files, whole or not at all: the one way out of this process.
///
/// Everything passes the last scan. What it finds is replaced, and the run goes on.
enum Output {
  private struct Gate {
    var secrets: [Secret] = []
    var scan = LastScan()
  }

  private static let gate = Guarded(Gate())

  /// Knows these secrets from now on, whatever they look like.
  static func guards(_ credentials: Credentials) {
    gate.withLock { gate in
      let new = (credentials.all + credentials.concealed).filter { secret in
        !gate.secrets.contains { $0.traits == secret.traits }
      }
      guard !new.isEmpty else { return }
      gate.secrets += new
      gate.scan = LastScan(gate.secrets)
    }
  }

  /// The bytes that may leave.
  static func passed(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return gate.withLock { $0.scan }.cleaned(bytes) ?? bytes
  }

  static func write(_ text: String, to descriptor: Int32) throws(OutputError) {
    try send(passed(text), to: descriptor)
  }

  private static func send(_ bytes: [UInt8], to descriptor: Int32) throws(OutputError) {
    var left = bytes[...]
    while !left.isEmpty {
      let (count, code) = left.withUnsafeBytes { raw -> (Int, Int32) in
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, raw.baseAddress, raw.count)
        #else
          let count = Darwin.write(descriptor, raw.baseAddress, raw.count)
        #endif
        return (count, errno)
      }
      if count > 0 {
        left = left.dropFirst(count)
      } else if code == EAGAIN {
        var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&watched, 1, -1)
      } else if code != EINTR {
        throw OutputError(message: "standard output: \(String(cString: strerror(code)))")
      }
    }
  }

  /// A line on standard error; that it can't be written is nobody's business.
  static func warn(_ line: String) {
    try? write(line + "\n", to: STDERR_FILENO)
  }

  /// Writes a file as a whole, so that no reader sees half of it.
  static func write(_ text: String, toFile path: String) throws(OutputError) {
    if path == "-" { return try write(text, to: STDOUT_FILENO) }
    var status = stat()
    // A pipe or a device is written as it is: there is nothing to move into its place.
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        let shown = printable(Redaction.redacted(path), limit: 200)
        throw OutputError(message: "\(shown): \(String(cString: strerror(errno)))")
      }
      defer { close(descriptor) }
      return try write(text, to: descriptor)
    }
    let file = try OutputFile(path)
    do throws(OutputError) {
      try file.write(text)
    } catch {
      file.abandon()
      throw error
    }
    try file.commit()
  }
}

/// A file that is written beside its place and moved there, so that no reader sees half of it.
struct OutputFile {
  private let path: String
  private let shown: String
  private let temporary: String
  private let descriptor: Int32

  init(_ path: String) throws(OutputError) {
    shown = printable(Redaction.redacted(path), limit: 200)
    // A link stays one: what it leads to is replaced.
    self.path = Self.resolved(path)
    temporary = "\(self.path).\(getpid()).tmp"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw OutputError(message: "\(shown): \(String(cString: strerror(errno)))")
    }
  }

  func write(_ text: String) throws(OutputError) {
    do throws(OutputError) {
      try Output.write(text, to: descriptor)
    } catch {
      throw OutputError(message: "\(shown): \(error.message)")
    }
  }

  func commit() throws(OutputError) {
    close(descriptor)
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw OutputError(message: "\(shown): \(String(cString: strerror(code)))")
    }
  }

  /// Leaves what stood there before.
  func abandon() {
    close(descriptor)
    unlink(temporary)
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
