import Foundation
import Testing

@testable import Diagnosis

private func finding(_ id: CheckID, _ status: Status, _ failureClass: FailureClass? = nil)
  -> Finding
{
  Finding(Stub(id, .passed("")).about, status: status, message: "", failureClass: failureClass)
}

@Suite struct `Causes of many` {
  @Test func `are counted by check and class, the most frequent first, without echoes`() {
    let causes = Cause.all(
      .reports,
      [
        ("a", [finding("x.one", .failed, .dns), finding("x.echo", .blocked)]),
        ("b", [finding("x.one", .warning, .refused), finding("x.two", .passed)]),
        ("c", [finding("x.one", .unknown, .refused), finding("x.skip", .skipped)]),
      ])
    #expect(causes.map(\.failureClass) == [.refused, .dns])
    #expect(causes.map(\.count) == [2, 1])
    #expect(causes.map(\.names) == [["b", "c"], ["a"]])
    #expect(causes.map(\.status) == [.unknown, .failed])
  }

  @Test func `name the first 20 and count them all`() throws {
    let many = (1...25).map { (name: "n\($0)", checks: [finding("x.one", .failed, .dns)]) }
    let cause = try #require(Cause.all(.agents, many).first)
    #expect(cause.count == 25)
    #expect(cause.names == (1...20).map { "n\($0)" })
  }

  @Test(arguments: [Cause.Kind.workloads, .agents, .reports])
  func `encode their names under what has the trouble`(kind: Cause.Kind) throws {
    let causes = Cause.all(kind, [("a", [finding("x.one", .failed)])])
    let data = try JSONEncoder().encode(causes)
    let rows = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(rows.first?[kind.rawValue] as? [String] == ["a"])
    #expect(rows.first.map { Set($0.keys) } == ["checkID", "count", kind.rawValue])
  }
}
