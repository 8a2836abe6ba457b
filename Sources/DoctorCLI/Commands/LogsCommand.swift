import Diagnosis
import LogPatterns
import Reporters
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `logs`: known failures in what tracers, Agents and clients wrote; reads files as streams.
enum LogsCommand {
  /// Reads all files and says what they hold.
  ///
  /// - Returns: the exit status: 1 a finding, 0 none, 3 nothing to read.
  static func run(_ names: [String], _ options: Options) throws -> Int32 {
    let writer = ReportWriter(options)
    for format in [writer.format] + options.reports.map(\.format) where !fits(format) {
      throw UsageError(
        "\(format.rawValue) speaks of an Agent that was asked; logs has text, json, ndjson, junit,"
          + " tap, sarif, github, markdown and html")
    }
    let inputs = try names.map { try LogInput($0) }
    var report = LogReport(names: inputs.map(\.shown))
    for input in inputs {
      var scanner = LogScanner()
      try input.read(into: &scanner)
      report.add(scanner, file: inputs.count > 1 ? input.shown : nil)
    }
    let whole = report.report
    return try writer.write(whole) { format, style in
      switch format {
      case .text: LogText(style).render(report)
      case .json: try JSONText.pretty(report) + "\n"
      case .ndjson: try report.lines
      case .info, .junit, .tap, .sarif, .github, .markdown, .html, .prometheus, .nagios:
        try ReportWriter.render(whole, format, style)
      }
    }
  }

  private static func fits(_ format: Format) -> Bool {
    switch format {
    case .text, .json, .ndjson, .junit, .tap, .sarif, .github, .markdown, .html: true
    case .info, .prometheus, .nagios: false
    }
  }
}

/// A log that was opened: a file, a pipe or standard input.
struct LogInput {
  static let standardInput = "standard input"
  let shown: String
  private let descriptor: Int32

  /// - Throws: `InputError` where there is no such file, or it is none.
  init(_ name: String) throws {
    shown =
      name == "-" ? Self.standardInput : printable(Redaction.redacted(name), limit: 200)
    guard name != "-" else {
      descriptor = STDIN_FILENO
      return
    }
    let opened = open(name, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else {
      throw InputError(ExitStatus.noInput, "\(shown): \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      close(opened)
      throw InputError(ExitStatus.noInput, "\(shown): is a folder, name the files in it")
    }
    descriptor = opened
  }

  func read(into scanner: inout LogScanner) throws {
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var encoding = LogEncoding.unknown
    var goesOn = true
    while goesOn {
      goesOn = try scanner.read { bytes in
        while true {
          let count = try fill(bytes)
          if encoding == .unknown, count > 0 { encoding = LogEncoding(bytes, count) }
          if case .compressed(let tool) = encoding {
            throw InputError(
              ExitStatus.badInput, "\(shown): is compressed; \(tool) | dd-doctor logs -")
          }
          let kept = encoding == .wide ? LogEncoding.narrowed(bytes, count) : count
          if kept > 0 || count == 0 { return kept }
        }
      }
    }
  }

  private func fill(_ bytes: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, bytes.baseAddress, min(bytes.count, 256 << 10))
      #else
        let count = Darwin.read(descriptor, bytes.baseAddress, min(bytes.count, 256 << 10))
      #endif
      if count >= 0 { return count }
      let code = errno
      if code != EINTR {
        throw InputError(ExitStatus.noInput, "\(shown): \(String(cString: strerror(code)))")
      }
    }
  }
}

/// What a file's first bytes say about the others.
private enum LogEncoding: Equatable {
  case unknown, plain
  /// UTF-16, as PowerShell writes it; what is searched for is ASCII in it.
  case wide
  case compressed(String)

  init(_ bytes: UnsafeMutableRawBufferPointer, _ count: Int) {
    let head = Array(bytes.prefix(min(count, 6)))
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      self = .wide
    } else if head.starts(with: [0x1F, 0x8B]) {
      self = .compressed("zcat FILE")
    } else if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      self = .compressed("zstdcat FILE")
    } else if head.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A]) {
      self = .compressed("xzcat FILE")
    } else if head.starts(with: "BZh".utf8), count > 10 {
      self = .compressed("bzcat FILE")
    } else if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      self = .compressed("unzip -p FILE")
    } else {
      self = .plain
    }
  }

  /// Takes the zero bytes out, in place.
  static func narrowed(_ bytes: UnsafeMutableRawBufferPointer, _ count: Int) -> Int {
    var kept = 0
    for index in 0..<count where bytes[index] != 0 {
      bytes[kept] = bytes[index]
      kept += 1
    }
    return kept
  }
}
