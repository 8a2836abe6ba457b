package import Configuration
package import Diagnosis
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An executable on PATH that is a check of somebody else's, and what it says of itself.
package struct Plugin: Codable, Equatable, Sendable {
  package enum State: Codable, Equatable, Sendable {
    case described(PluginDescription)
    /// It is not run, with the reason.
    case refused(String)
    /// It did not describe itself as documented: how it ended, or what is wrong with what it said.
    case undescribed(ProgramAnswer, flaw: String?)
  }

  /// What stands behind `dd-doctor-check-` in its file's name.
  package var name: String
  package var path: String
  package var state: State

  package init(name: String, path: String, state: State) {
    self.name = name
    self.path = path
    self.state = state
  }
}

/// What a plug-in answers to `--describe`, in the words of `About`; whether they will do, is judged.
package struct PluginDescription: Codable, Equatable, Sendable {
  package var id: String
  package var title: String
  package var explanation: String
  package var fix: String
  package var docs: String
  package var needs: [String]

  package init(
    id: String, title: String, explanation: String, fix: String, docs: String,
    needs: [String] = []
  ) {
    self.id = id
    self.title = title
    self.explanation = explanation
    self.fix = fix
    self.docs = docs
    self.needs = needs
  }
}

/// What a plug-in says when it is run: an outcome in the report's words, not yet judged.
package struct PluginOutcome: Codable, Equatable, Sendable {
  package struct Remedy: Codable, Equatable, Sendable {
    package var kind: String
    package var text: String
    package var variable: String?
    package var value: String?
    package var command: String?
  }

  package var status: String
  package var message: String
  package var failureClass: String?
  package var evidence: [Evidence]
  package var remedies: [Remedy]
}

extension Plugin {
  /// Asks every plug-in on this process's PATH for its description, all at once.
  ///
  /// It blocks for no longer than the time-out.
  package static func all(without secrets: Credentials, timeout: Duration) -> [Plugin] {
    describing(files, without: secrets, timeout: timeout)
  }

  fileprivate static var files: [PluginSearch.File] {
    getenv("PATH").map { PluginSearch.files(on: String(cString: $0)) } ?? []
  }

  fileprivate static func describing(
    _ files: [PluginSearch.File], without secrets: Credentials, timeout: Duration
  ) -> [Plugin] {
    guard !files.isEmpty else { return [] }
    let environment = ChildEnvironment(HostProbe.processEnvironment(), without: secrets)
    let reader = PluginReader(secrets)
    let deadline = Deadline(after: timeout)
    return sideBySide(
      files.map { file in
        { Plugin(file, environment, reader, until: deadline) }
      })
  }

  private init(
    _ file: PluginSearch.File, _ environment: ChildEnvironment, _ reader: PluginReader,
    until deadline: Deadline
  ) {
    name = file.name
    path = file.path
    if let refusal = file.refusal {
      state = .refused(refusal)
      return
    }
    let said = ChildProcess.run(path, ["--describe"], environment, input: [], until: deadline)
    let read = reader.reading(said, of: path, reader.description)
    state =
      read.value.map(State.described) ?? .undescribed(read.said, flaw: read.flaw)
  }
}

/// Asks plug-ins for their descriptions beside a run.
package final class PluginDiscovery: Sendable {
  private struct State {
    var plugins: [Plugin]?
    var waiting: [CheckedContinuation<[Plugin], Never>] = []
  }

  private let state = Guarded(State())

  /// Begins at once; nil where there are none, as on most machines.
  package init?(without secrets: Credentials, timeout: Duration) {
    let files = Plugin.files
    guard !files.isEmpty else { return nil }
    detachThread { [self] in
      let plugins = Plugin.describing(files, without: secrets, timeout: timeout)
      let waiting = state.withLock { state in
        state.plugins = plugins
        return state.waiting
      }
      for continuation in waiting { continuation.resume(returning: plugins) }
    }
  }

  /// What was found, once it has described itself.
  package var plugins: [Plugin] {
    get async {
      await withCheckedContinuation { continuation in
        let plugins = state.withLock { state in
          if state.plugins == nil { state.waiting.append(continuation) }
          return state.plugins
        }
        if let plugins { continuation.resume(returning: plugins) }
      }
    }
  }
}
