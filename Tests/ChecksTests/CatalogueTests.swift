import Configuration
import Diagnosis
import Foundation
import Probes
import Testing

@testable import Checks

@Suite struct `The catalogue of checks` {
  static let everything = Suite<Observations>.everything.checks.map(\.about)

  @Test func `has each id once`() {
    #expect(!Self.everything.isEmpty)
    #expect(Set(Self.everything.map(\.id)).count == Self.everything.count)
  }

  @Test func `has ids of a group and a name`() {
    for about in Self.everything {
      #expect(
        about.id.rawValue.wholeMatch(of: /[a-z]+(\.[a-z0-9_-]+)+/) != nil, "\(about.id)")
    }
  }

  @Test func `describes every check in full`() {
    for about in Self.everything {
      #expect(about.title.first?.isUppercase == true, "\(about.id): \(about.title)")
      #expect(!about.title.hasSuffix(".") && about.title.count <= 60, "\(about.id)")
      #expect(about.explanation.count >= 80 && about.explanation.hasSuffix("."), "\(about.id)")
      #expect(!about.fix.isEmpty && about.fix.hasSuffix("."), "\(about.id)")
      #expect(about.docs.hasPrefix("https://"), "\(about.id)")
      #expect(!about.statuses.isEmpty, "\(about.id)")
      #expect(Set(about.statuses).count == about.statuses.count, "\(about.id)")
      #expect(!about.statuses.contains(.blocked), "\(about.id): the runner blocks, no judgement")
    }
  }

  @Test func `has titles of their own`() {
    #expect(Set(Self.everything.map(\.title)).count == Self.everything.count)
  }

  @Test func `lets every need stand earlier, so that there is no cycle`() {
    var seen: Set<CheckID> = []
    for about in Self.everything {
      for need in about.needs {
        #expect(seen.contains(need), "\(about.id) needs \(need)")
        #expect(need != about.id)
      }
      seen.insert(about.id)
    }
  }

  @Test(arguments: Setup.allCases)
  func `orders a setup as everything is ordered, its needs in it`(setup: Setup) {
    let ids = Suite<Observations>.of(setup, verifying: true).checks.map(\.about.id)
    #expect(!ids.isEmpty)
    #expect(ids == Self.everything.map(\.id).filter(ids.contains))
    for check in Suite<Observations>.of(setup, verifying: true).checks {
      #expect(check.about.needs.allSatisfy(ids.contains), "\(check.about.id)")
    }
  }

  @Test func `has every check in some setup, or looks at an application that is watched`() {
    let watched = Suite<Observations>.application.checks.map(\.about.id)
    let asked = Setup.allCases.flatMap {
      Suite<Observations>.of($0, verifying: true).checks.map(\.about.id)
    }
    #expect(Set(asked).isDisjoint(with: watched))
    let used = asked + watched
    #expect(Set(used) == Set(Self.everything.map(\.id)))
  }

  @Test func `keeps one check a file, named for its type`() throws {
    let folder = Repository.root.appending(path: "checks")
    for file in Repository.swiftFiles("checks") {
      let text = try String(contentsOf: file, encoding: .utf8)
      let checks = text.matches(of: /struct (\w+): Check\b/).map { String($0.output.1) }
      guard !checks.isEmpty else { continue }
      let path = file.path.dropFirst(folder.path.count)
      #expect(checks.count == 1, "\(path)")
      #expect(checks.first == file.deletingPathExtension().lastPathComponent, "\(path)")
    }
  }
}
