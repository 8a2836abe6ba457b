import Diagnosis
import Testing

@Suite struct RunnerTests {
  /// Says what it was made to say, when its gate opens.
  private struct Scripted: Check {
    let about: About
    let outcome: Outcome
    var waits = false
    var opens = false

    init(
      _ id: CheckID, _ outcome: Outcome, needs: [CheckID] = [], echoes: CheckID? = nil,
      follows: [CheckID] = [], waits: Bool = false, opens: Bool = false
    ) {
      about = About(
        id: id, title: "", explanation: "", fix: "", docs: "", needs: needs, echoes: echoes,
        follows: follows)
      self.outcome = outcome
      self.waits = waits
      self.opens = opens
    }

    func anticipate(_ gate: Gate) {
      if opens { gate.open() }
    }

    func judge(_ gate: Gate) async throws -> Outcome {
      if waits { await gate.passed() }
      return outcome
    }
  }

  @Test func `a failure that follows from another is blocked by its root, whatever its class`()
    async
  {
    let findings = await Runner([
      Scripted("a.one", .failed(problem(.refused))),
      Scripted("a.two", .passed(""), needs: ["a.one"]),
      Scripted("a.three", .failed(problem(.missing)), follows: ["a.two"]),
      Scripted("a.four", .warning(problem(.missing)), follows: ["a.two"]),
      Scripted("a.five", .failed(problem(.missing)), follows: ["a.four"]),
    ]).run(Gate())
    #expect(findings.map(\.status) == [.failed, .blocked, .blocked, .warning, .failed])
    #expect(findings[2].blockedBy == "a.one")
    #expect(!findings[2].evidence.isEmpty, "what it found stays told")
  }

  @Test func `one after the other they find what they find side by side`() async {
    let runner = Runner([
      Scripted("a.one", .passed("")),
      Scripted("a.two", .unknown(problem(.timeout)), needs: ["a.one"]),
      Scripted("a.three", .passed(""), needs: ["a.two"]),
      Scripted("a.four", .skipped("not here"), needs: ["a.one"]),
      Scripted("a.five", .failed(problem(.missing)), needs: ["a.one"]),
      Scripted("a.six", .passed(""), needs: ["a.four"]),
      Scripted("a.seven", .passed(""), needs: ["a.two", "a.four", "a.five"]),
    ])
    func untimed(_ findings: [Finding]) -> [Finding] {
      findings.map { finding in
        var finding = finding
        finding.durationMilliseconds = 0
        return finding
      }
    }
    let findings = untimed(await runner.inOrder(Gate()))
    #expect(findings == untimed(await runner.run(Gate())))
    #expect(
      findings.map(\.status) == [
        .passed, .unknown, .unknown, .skipped, .failed, .skipped, .blocked,
      ])
  }

  private struct Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
      (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    }

    func open() { continuation.finish() }
    func passed() async { for await _ in stream {} }
  }

  private func problem(_ failureClass: FailureClass) -> Problem {
    Problem(
      "broken", class: failureClass, evidence: Evidence("e", measured: "m"),
      remedies: .advice("a"))
  }

  private func run(_ checks: [Scripted], excluding excluded: [CheckID: String] = [:]) async
    -> [Finding]
  {
    await Runner(checks, excluding: excluded).run(Gate())
  }

  @Test func `what a check anticipates begins before its needs have ended`() async {
    let findings = await run([
      Scripted("a.one", .passed("fine"), waits: true),
      Scripted("a.two", .passed("fine"), needs: ["a.one"], opens: true),
    ])
    #expect(findings.map(\.status) == [.passed, .passed])
  }

  @Test func `what an earlier run found is not judged again, and blocks as ever`() async {
    let first = Scripted("a.one", .failed(problem(.refused)), waits: true)
    let findings = await Runner([
      first, Scripted("a.two", .passed(""), needs: ["a.one"]), Scripted("a.three", .passed("fine")),
    ]).run(Gate(), after: [Finding(first.about, .failed(problem(.refused)))])
    #expect(findings.map(\.status) == [.failed, .blocked, .passed])
    #expect(findings[1].blockedBy == "a.one")
    let settled = await Runner([first]).run(
      Gate(), after: [Finding(first.about, .passed("settled"))])
    #expect(settled.map(\.message) == ["settled"])
  }

  @Test func `an equal failure of a sister is told once`() async {
    let findings = await run([
      Scripted("a.one", .failed(problem(.missingScope))),
      Scripted("a.two", .failed(problem(.missingScope)), echoes: "a.one"),
      Scripted("a.three", .failed(problem(.region)), echoes: "a.one"),
      Scripted("a.four", .passed("fine"), echoes: "a.one"),
    ])
    #expect(findings.map(\.status) == [.failed, .blocked, .failed, .passed])
    #expect(findings[1].blockedBy == "a.one")
    #expect(findings[1].failureClass == nil)
  }

  @Test func `without its sister a failure speaks for itself`() async {
    let findings = await run(
      [
        Scripted("a.one", .failed(problem(.missingScope))),
        Scripted("a.two", .failed(problem(.missingScope)), echoes: "a.one"),
      ], excluding: ["a.one": "left out by --only"])
    #expect(findings.map(\.status) == [.skipped, .failed])
  }
}
