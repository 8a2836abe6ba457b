import Foundation
import Testing

@testable import Probes

/// Which files of PATH's folders are plug-ins, and which of them may be run.
@Suite struct PluginSearchTests {
  private let root = FileManager.default.temporaryDirectory.appending(path: "search-\(UUID())")

  private func make(_ file: String, mode: Int = 0o755) throws {
    let url = root.appending(path: file)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("#!/bin/sh\n".utf8).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
  }

  private func names(_ folders: String...) -> [String] {
    PluginSearch.files(
      on: folders.map { $0.hasPrefix("/") ? root.path + $0 : $0 }.joined(separator: ":")
    )
    .map { $0.path.replacing(root.path, with: "") + ($0.refusal == nil ? "" : " refused") }
  }

  @Test func `are executable, named for it, and the first of their name`() throws {
    defer { try? FileManager.default.removeItem(at: root) }
    try make("a/dd-doctor-check-one")
    try make("b/dd-doctor-check-one")
    try make("b/dd-doctor-check-two")
    try make("b/dd-doctor-check-plain", mode: 0o644)
    try make("b/dd-doctor-check-")
    try make("b/dd-doctor-checks")
    try make("b/dd-doctor-check-folder/x")
    #expect(names("/none", "/b", "/a") == ["/b/dd-doctor-check-one", "/b/dd-doctor-check-two"])
    #expect(names("/a", "/b", "/a") == ["/a/dd-doctor-check-one", "/b/dd-doctor-check-two"])
    #expect(names("", ".", "a").isEmpty)
    let others = PluginSearch.files(
      on: "\(root.path)/a/:\(root.path)/b", passingOver: ["\(root.path)/b/../a"])
    #expect(others.map(\.path).first == "\(root.path)/b/dd-doctor-check-one")
  }

  @Test func `are refused where others could have put them, links included`() throws {
    defer { try? FileManager.default.removeItem(at: root) }
    try make("mine/dd-doctor-check-fine")
    try make("mine/dd-doctor-check-open", mode: 0o757)
    try make("open/tool")
    let link = root.appending(path: "mine/dd-doctor-check-led")
    try FileManager.default.createSymbolicLink(
      at: link, withDestinationURL: root.appending(path: "open/tool"))
    #expect(
      names("/mine") == [
        "/mine/dd-doctor-check-fine", "/mine/dd-doctor-check-led",
        "/mine/dd-doctor-check-open refused",
      ])
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o1777], ofItemAtPath: root.appending(path: "open").path)
    #expect(names("/mine")[1] == "/mine/dd-doctor-check-led refused")
  }

  @Test func `are so many and no more`() throws {
    defer { try? FileManager.default.removeItem(at: root) }
    for number in 100..<(101 + PluginSearch.limit) { try make("a/dd-doctor-check-\(number)") }
    let found = names("/a")
    #expect(found.count == PluginSearch.limit + 1)
    #expect(found.filter { $0.hasSuffix("refused") } == ["/a/dd-doctor-check-164 refused"])
  }
}
