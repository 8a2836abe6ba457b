import Configuration
import Diagnosis
import Probes
import Wire
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A `--from` of `audit`: a file that is read object by object, twice, and never held as a whole.
final class AuditSource: Sendable {
  struct Object: Sendable {
    let bytes: [UInt8]
    let line: Int
    /// The name of the list that it stands in.
    let list: String
  }

  /// As it is shown: a path, or `standard input`.
  let shown: String
  private let kind: SourceKind?
  private let descriptor: Int32
  /// Another kind of file than JSON, which holds one workload.
  private let single: [Workload]?

  init(_ text: String) throws {
    guard !text.hasPrefix("pid:") else {
      throw UsageError(
        "audit reads files; of a process: dd-doctor --from \(UsageError.shown(text))")
    }
    let (forced, path) = WorkloadFile.kind(of: text)
    kind = forced
    shown = InputFile.shown(path)
    descriptor = try InputFile.rewindable(path)
    let head = try InputFile.piece(of: descriptor, shown, at: 0, size: 4096)
    guard !WorkloadReader.looksLikeJSON(head) else {
      single = nil
      return
    }
    let bytes = try InputFile.bytes(of: descriptor, shown)
    do {
      single = try WorkloadReader.read(bytes, as: forced, origin: shown).workloads
    } catch {
      throw InputError(ExitStatus.badInput, "--from \(shown): \(error.message)")
    }
  }

  deinit {
    close(descriptor)
  }

  func workloads(_ object: Object) throws(WorkloadFault) -> [Workload] {
    if let single { return single }
    return try WorkloadReader.object(object.bytes, as: kind, in: object.list, origin: shown)
  }

  /// Tells of the objects from the first one on, a few at a time, until the answer is false; in
  /// between, the loop takes its signals.
  ///
  /// - Throws: `JSONFault` where the text ends too early or is none.
  func each(_ loop: MainLoop, _ tell: ([Object]) async throws -> Bool) async throws {
    guard single == nil else {
      _ = try await tell([Object(bytes: [], line: 1, list: "")])
      return
    }
    var cutter = JSONCutter()
    var offset = 0
    while true {
      let piece = try InputFile.piece(of: descriptor, shown, at: offset, size: 1 << 18)
      guard !piece.isEmpty else { return try cutter.end() }
      offset += piece.count
      var ready: [Object] = []
      var fault: (any Error)?
      do {
        try cutter.feed(piece) {
          ready.append(Object(bytes: $0.bytes, line: $0.line, list: $0.list))
        }
      } catch let error {
        // What stands before the fault is whole.
        fault = error
      }
      guard try await tell(ready) else { return }
      if let fault { throw fault }
      await loop.pause(.zero)
    }
  }
}
