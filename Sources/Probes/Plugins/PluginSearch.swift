#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the executables that are plug-ins, by their names, in the folders of PATH.
///
/// They are found and not called by anybody: so nothing is taken from a relative folder, from the
/// working folder, or from where others than root and this user could have put it. Nor is the
/// distribution's own software looked through: a thousand names cost every run a tenth of a `curl`.
enum PluginSearch {
  struct File: Equatable, Sendable {
    /// What stands behind the prefix.
    let name: String
    let path: String
    /// Why it is not run.
    let refusal: String?
  }

  static let prefix = "dd-doctor-check-"

  /// More than anybody has; behind them nothing is run.
  static let limit = 64

  /// Where the distribution's packages put theirs.
  static let distribution = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"]

  /// In order of their names; of two with one name the first on PATH, as a shell would take it.
  static func files(on path: String, passingOver passed: [String] = distribution) -> [File] {
    var found: [String: File] = [:]
    var folders = Set((passed + ["."]).compactMap(Identity.init))
    for folder in path.split(separator: ":") where folder.hasPrefix("/") {
      let folder = String(folder)
      guard let identity = Identity(folder), folders.insert(identity).inserted else { continue }
      for name in names(in: folder) where found[name] == nil {
        let path = "\(folder)/\(prefix)\(name)"
        guard Files.isExecutable(path) else { continue }
        found[name] = File(name: name, path: path, refusal: refusal(path, folder))
      }
    }
    return found.values.sorted { $0.name < $1.name }.enumerated().map { index, file in
      index < limit
        ? file
        : File(
          name: file.name, path: file.path,
          refusal: "there are \(found.count) plug-ins on PATH, and no more than \(limit) are run")
    }
  }

  /// What stands behind the prefix; the names of a large folder are looked at as they lie.
  private static func names(in folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let isPlugin = withUnsafePointer(to: &entry.pointee.d_name) { name in
        strncmp(
          UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self), prefix, prefix.utf8.count)
          == 0
      }
      guard isPlugin else { continue }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }.dropFirst(prefix.utf8.count), as: UTF8.self)
      }
      if !name.isEmpty { names.append(name) }
    }
    return names
  }

  private static func refusal(_ path: String, _ folder: String) -> String? {
    let file = Files.resolved(path)
    let parent = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
    for place in [file, parent.isEmpty ? "/" : parent, folder] {
      var status = stat()
      guard stat(place, &status) == 0 else { return "\(place) can't be looked at" }
      if status.st_mode & S_IWOTH != 0 { return "everyone may write to \(place)" }
      if status.st_uid != 0, status.st_uid != geteuid() {
        return "\(place) belongs to user \(status.st_uid), neither root nor you"
      }
    }
    return nil
  }

  /// A folder, whatever it is called.
  private struct Identity: Hashable {
    let device: dev_t
    let number: ino_t

    init?(_ folder: String) {
      var status = stat()
      guard stat(folder, &status) == 0 else { return nil }
      device = status.st_dev
      number = status.st_ino
    }
  }
}
