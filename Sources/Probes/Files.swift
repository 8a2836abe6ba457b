#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few things that are asked of a file system, each bounded.
enum Files {
  static func exist(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// Whether something stands there, be it a link that leads nowhere.
  static func isEntry(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && access(path, X_OK) == 0
  }

  /// The beginning of a file, repaired to UTF-8; nil where it can't be read.
  static func text(_ path: String, limit: Int) -> String? {
    bytes(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The beginning of a file, in at most so many bytes.
  static func bytes(_ path: String, limit: Int) -> [UInt8]? {
    // A FIFO without a writer must not hold us up.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let chunk = [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, initialized in
        initialized = max(0, read(descriptor, buffer.baseAddress, buffer.count))
      }
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return bytes.count > limit ? Array(bytes.prefix(limit)) : bytes
  }

  /// A file's bytes, and what kept them from being read: 0 where nothing did.
  static func all(_ path: String, limit: Int) -> (bytes: [UInt8], code: Int32) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return ([], errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while bytes.count < limit {
      let (count, code) = buffer.withUnsafeMutableBytes { raw -> (Int, Int32) in
        let count = read(descriptor, raw.baseAddress, raw.count)
        return (count, errno)
      }
      if count == 0 { break }
      if count < 0, code == EINTR { continue }
      guard count > 0 else { return (bytes, code) }
      bytes += buffer[..<count]
    }
    return (bytes, 0)
  }

  /// The names in a folder, in order, at most so many.
  static func names(in folder: String, limit: Int) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while names.count < limit, let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// What a link says, as those of /proc; nil where none can be read.
  static func link(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &buffer, buffer.count)
    return count > 0
      ? String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }

  /// The path without links; the same path where there is none.
  static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
