import Testing

@testable import Diagnosis

private func run(
  _ checks: [Stub], excluding excluded: [CheckID: String] = [:]
) async -> [Finding] {
  await Runner(checks, excluding: excluded).run(7)
}

@Suite(.timeLimit(.minutes(1))) struct `A run` {
  @Test func `keeps the suite's order, whoever ends first`() async {
    let gate = Gate()
    let findings = await run([
      Stub("a.late") { _ in
        await gate.pass()
        return .passed("late")
      },
      Stub("a.early") { _ in
        gate.open()
        return .passed("early")
      },
      Stub("a.last", .passed("last")),
    ])
    #expect(findings.map(\.id) == ["a.late", "a.early", "a.last"])
    #expect(findings.map(\.message) == ["late", "early", "last"])
  }

  @Test func `runs checks side by side: each waits for the other here`() async {
    let (first, second) = (Gate(), Gate())
    let findings = await run([
      Stub("a.one") { _ in
        first.open()
        await second.pass()
        return .passed("")
      },
      Stub("a.two") { _ in
        second.open()
        await first.pass()
        return .passed("")
      },
    ])
    #expect(findings.map(\.status) == [.passed, .passed])
  }

  @Test func `begins no check before what it needs has ended`() async {
    let ended = Guarded(false)
    let findings = await run([
      Stub("a.need") { _ in
        for _ in 0..<100 { await Task.yield() }
        ended.withLock { $0 = true }
        return .passed("")
      },
      Stub("a.dependent", needs: "a.need") { _ in
        ended.withLock { $0 } ? .passed("after") : .failed(problem("before"))
      },
    ])
    #expect(findings.map(\.message) == ["", "after"])
  }

  @Test func `names the root cause through two levels`() async {
    let findings = await run([
      Stub("a.root", .failed(problem("down"))),
      Stub("a.child", .passed(""), needs: "a.root"),
      Stub("a.grandchild", .passed(""), needs: "a.child"),
    ])
    #expect(findings.map(\.status) == [.failed, .blocked, .blocked])
    #expect(findings.map(\.blockedBy) == [nil, "a.root", "a.root"])
    #expect(findings[2].message == "needs a.root, which failed")
    #expect(findings[2].failureClass == nil && findings[2].evidence.isEmpty)
  }

  @Test func `lets a warning's dependents run`() async {
    let findings = await run([
      Stub("a.need", .warning(problem("odd"))), Stub("a.child", .passed("ran"), needs: "a.need"),
    ])
    #expect(findings.map(\.status) == [.warning, .passed])
  }

  @Test func `hands on what is unknown, with its class and its cause`() async {
    let findings = await run([
      Stub("a.root", .unknown(problem("busy", .throttled))),
      Stub("a.child", .passed(""), needs: "a.root"),
      Stub("a.grandchild", .passed(""), needs: "a.child"),
    ])
    #expect(findings.map(\.status) == [.unknown, .unknown, .unknown])
    #expect(findings.map(\.failureClass) == [.throttled, .throttled, .throttled])
    #expect(findings.map(\.blockedBy) == [nil, "a.root", "a.root"])
    #expect(findings[2].evidence == findings[0].evidence)
    #expect(findings[2].remedies == findings[0].remedies)
  }

  @Test func `hands on what does not apply, with the reason`() async {
    let findings = await run([
      Stub("a.root", .skipped("no Agent here")), Stub("a.child", .passed(""), needs: "a.root"),
      Stub("a.grandchild", .passed(""), needs: "a.child"),
    ])
    #expect(findings.map(\.status) == [.skipped, .skipped, .skipped])
    #expect(findings.map(\.message) == ["no Agent here", "no Agent here", "no Agent here"])
    #expect(findings.map(\.blockedBy) == [nil, nil, nil])
  }

  @Test func `runs the dependents of a check that the user left out`() async {
    let findings = await run(
      [Stub("a.need", .failed(problem("x"))), Stub("a.child", .passed("ran"), needs: "a.need")],
      excluding: ["a.need": "left out by --skip"])
    #expect(findings.map(\.status) == [.skipped, .passed])
    #expect(findings[0].message == "left out by --skip")
  }

  @Test func `blocks past a check that the user left out: its own need failed`() async {
    let findings = await run(
      [
        Stub("a.root", .failed(problem("down"))), Stub("a.middle", .passed(""), needs: "a.root"),
        Stub("a.child", .passed("false calm"), needs: "a.middle"),
      ], excluding: ["a.middle": "left out by --skip"])
    #expect(findings.map(\.status) == [.failed, .skipped, .blocked])
    #expect(findings[2].blockedBy == "a.root")
  }

  @Test func `names the failed one where several needs stand in the way`() async {
    let findings = await run([
      Stub("a.skipped", .skipped("no")), Stub("a.unknown", .unknown(problem("?", .http))),
      Stub("a.failed", .failed(problem("down"))),
      Stub("a.child", .passed(""), needs: "a.skipped", "a.unknown", "a.failed"),
      Stub("a.other", .passed(""), needs: "a.skipped", "a.unknown"),
    ])
    #expect(findings[3].status == .blocked && findings[3].blockedBy == "a.failed")
    #expect(findings[4].status == .unknown && findings[4].blockedBy == "a.unknown")
  }

  @Test func `takes a need that stands nowhere for no need`() async {
    let findings = await run([Stub("a.child", .passed("ran"), needs: "b.absent")])
    #expect(findings.map(\.status) == [.passed])
  }

  @Test(arguments: [StopReason.interrupted, .deadline])
  func `cut off, says so of what has not ended`(reason: StopReason) async {
    let (events, never) = (EventStream(), Gate())
    let checks = [
      Stub("a.done", .passed("done")),
      Stub("a.hangs", needs: "a.done") { _ in
        events.send(.stop(reason))
        await never.pass()
        return .passed("too late")
      },
      Stub("a.behind", .passed(""), needs: "a.hangs"),
    ]
    let findings = await Runner(checks).run(7, events: events)
    never.open()
    #expect(findings.map(\.status) == [.passed, .unknown, .unknown])
    #expect(findings[1].failureClass == .interrupted && findings[2].failureClass == .interrupted)
    #expect(findings[1].message == reason.message)
    #expect(!findings[1].evidence.isEmpty && findings[1].remedies == [reason.remedy])
  }

  @Test func `calls a check that throws crashed, and goes on`() async {
    struct Broken: Error {}
    let findings = await run([
      Stub("a.broken") { _ in throw Broken() }, Stub("a.child", .passed(""), needs: "a.broken"),
      Stub("a.other", .passed("fine")),
    ])
    #expect(findings.map(\.status) == [.unknown, .unknown, .passed])
    #expect(findings[0].failureClass == .crashed)
    #expect(findings[0].evidence.first?.measured == "Broken")
    #expect(findings[1].blockedBy == "a.broken")
  }

  @Test func `skips a question that the report lacks, and what needs the answer`() async {
    let findings = await run([
      Stub("a.newer") { _ in throw Unobserved(question: "agent.new") },
      Stub("a.child", .passed(""), needs: "a.newer"),
    ])
    #expect(findings.map(\.status) == [.skipped, .skipped])
    #expect(findings.map(\.message).allSatisfy { $0 == "not in this report: agent.new" })
  }

  @Test func `hands its subject to every check`() async {
    let findings = await run([Stub("a.subject") { seen in .passed("\(seen)") }])
    #expect(findings.map(\.message) == ["7"])
  }

  @Test func `of nothing ends at once`() async {
    #expect(await run([]).isEmpty)
  }

  @Test func `tells what begins and what is judged, once each`() async {
    var started: [CheckID] = []
    var judged: [CheckID] = []
    let checks = [
      Stub("a.root", .failed(problem("x"))), Stub("a.child", .passed(""), needs: "a.root"),
      Stub("a.left", .passed("")),
    ]
    _ = await Runner(checks, excluding: ["a.left": "left out"]).run(7) { event in
      switch event {
      case .started(let id): started.append(id)
      case .judged(let finding): judged.append(finding.id)
      case .asking, .answered, .stop: break
      }
    }
    #expect(started == ["a.root"])
    #expect(judged.sorted() == ["a.child", "a.left", "a.root"])
  }
}
