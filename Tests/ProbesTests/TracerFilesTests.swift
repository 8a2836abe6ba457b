import Configuration
import Foundation
import Probes
import Testing
import Wire

@Suite struct TracerFilesTests {
  @Test func `the tracers' files are read from where they are, and their keys kept apart`() throws {
    let key = "c0ffee00112233445566778899aabbcc"
    let folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let fleet = folder.appending(path: "fleet.yaml")
    try "apm_configuration_default:\n  DD_SERVICE: fleet\n  DD_API_KEY: \(key)\n"
      .write(to: fleet, atomically: true, encoding: .utf8)
    let configuration = HostProbe.configuration(
      tracerFiles: [(fleet.path, .fleet), (folder.appending(path: "none.yaml").path, .local)])
    #expect(configuration.host.tracerFiles.map(\.path) == [fleet.path])
    #expect(!"\(configuration.host)".contains(key))
    let (settings, credentials) = configuration.settings(setup: .llmobsAgentless, language: .python)
    #expect(settings.service == "fleet")
    #expect(settings.environment["DD_API_KEY"]?.origin == fleet.path)
    #expect(credentials["DD_API_KEY"]?.traits == SecretTraits(Array(key.utf8)))
  }
}
