import Foundation
import StandIn
import Testing

/// Checks of others, through the built binary.
@Suite struct `Plug-ins` {
  private static let offline = ["--only", "acme.*", "--format", "json"]

  @Test func `stand in list and explain as our own do`() throws {
    let plugins = try PluginFolder()
    try plugins.add("vault", needs: ["agent.answers"], PluginFolder.failed)
    let list = try Doctor.run(["list"], plugins.variables)
    #expect(list.status == 0 && list.output.contains("\nacme.vault "), "\(list.output)")
    #expect(
      list.output.hasSuffix("  Acme has its vault\n    setups  all\n    needs   agent.answers\n"))
    let json = try Doctor.run(["list", "--format", "json"], plugins.variables)
    let entry = try #require((try json.report()["checks"] as? [[String: Any]])?.last)
    #expect(entry["id"] as? String == "acme.vault" && entry["group"] as? String == "acme")
    #expect(entry["needs"] as? [String] == ["agent.answers"])
    #expect((entry["setups"] as? [String])?.count == 5)
    #expect(entry["docs"] as? String == "https://wiki.acme.example/vault")
    for name in ["acme.vault", "acme", "acme.*"] {
      let explained = try Doctor.run(["explain", name], plugins.variables)
      #expect(explained.status == 0 && explained.errors.isEmpty, "\(explained.errors)")
      #expect(explained.output.contains("Without it no gateway answers.\n"))
      #expect(
        explained.output.contains("Fix:     Ask the platform team.\nNeeds:   agent.answers\n"))
      #expect(explained.output.hasSuffix("Plug-in: \(plugins.file("dd-doctor-check-vault"))\n"))
    }
    let completed = try Doctor.run(
      ["completion", "words", "--", "explain", "acme.v"], plugins.variables)
    #expect(completed.output == "acme.vault\tAcme has its vault\n")
    let none = try Doctor.run(["list", "--no-plugins"], plugins.variables)
    #expect(none.output == (try Doctor.run(["list"])).output)
  }

  @Test(
    arguments: [
      ("text", "✗ acme.vault  gateway.acme.example is sealed"), ("info", "acme.vault"),
      ("json", "\"id\" : \"acme.vault\""), ("ndjson", "\"check\":\"acme.vault\""),
      ("junit", "acme.vault"), ("tap", "acme.vault"), ("sarif", "\"acme.vault\""),
      ("github", "::error title=acme.vault (disabled)::"), ("markdown", "acme.vault"),
      ("html", "acme.vault"), ("prometheus", "acme.vault"),
      ("nagios", "acme.vault: gateway.acme.example is sealed"),
    ])
  func `stand in the report in every format`(format: String, expected: String) throws {
    let plugins = try PluginFolder()
    try plugins.add("vault", PluginFolder.failed)
    let run = try Doctor.run(["--only", "acme.vault", "--format", format], plugins.variables)
    #expect(run.status == (format == "nagios" ? 2 : 1), "\(run.output)")
    #expect(run.output.contains(expected), "\(run.output)")
    #expect(run.errors.isEmpty, "\(run.errors)")
  }

  @Test(arguments: [("shop cart", "passed"), ("cart", "failed missing")])
  func `are written as the README says`(services: String, verdict: String) throws {
    let plugins = try PluginFolder()
    try plugins.write("service", try PluginFolder.example())
    let work = try Scratch()
    try Data(services.utf8).write(to: work.folder.appending(path: "services.txt"))
    let run = try Doctor.run(
      ["--only", "acme.service", "--format", "json", "--timeout", "20s"],
      plugins.variables.merging(["DD_SERVICE": "shop"]) { $1 }, folder: work.folder)
    #expect(try run.verdict("acme.service") == verdict, "\(run.output)")
    let explained = try Doctor.run(["explain", "acme.service"], plugins.variables)
    #expect(explained.output.contains("\nNeeds:   environment.tags\n"))
    // And by hand, as it says.
    let tried = try Doctor.shell(
      "cd '\(work.folder.path)' && \"$DOCTOR\" --no-plugins --offline --format json"
        + " | '\(plugins.file("dd-doctor-check-service"))'",
      plugins.variables.merging(["DD_SERVICE": "shop"]) { $1 })
    #expect(tried.output.contains("\"status\": \"\(verdict.prefix(6))\""), "\(tried.errors)")
  }

  @Test func `read the report so far, and get no key`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let plugins = try PluginFolder()
    try plugins.add(
      "vault", needs: ["agent.answers"],
      """
      env >'\(plugins.file("env"))'
      cat >'\(plugins.file("report"))'
      \(PluginFolder.passed)
      """)
    let secrets = [
      "DD_APP_KEY": "c0ffee00112233445566778899aabbccddeeff00",
      "ACME_TOKEN": "a long and winding token", "OPENAI_ADMIN_KEY": "sk-admin-" + "a1B2" * 12,
    ]
    let run = try Doctor.run(
      ["--skip", "openai,datadog", "--format", "json", "--language", "python"],
      plugins.variables.merging(secrets) { $1 }.merging(
        ["DD_TRACE_AGENT_URL": agent.url, "DD_SERVICE": "shop", "DD_ENV": "prod"]) { $1 })
    #expect(try run.verdict("acme.vault") == "passed", "\(run.output)")
    #expect(try run.check("acme.vault")["message"] as? String == "it is there")
    let environment = try plugins.text("env")
    #expect(environment.contains("DD_SERVICE=shop\n"))
    let report = try plugins.text("report")
    for secret in secrets.values {
      #expect(
        !environment.contains(secret) && !report.contains(secret) && !run.output.contains(secret))
    }
    let seen = try #require(
      try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any])
    let whole = try run.report()
    for key in ["schemaVersion", "runID", "setup", "source", "configuration"] {
      #expect(seen[key] as? NSObject == whole[key] as? NSObject, "\(key)")
    }
    let checks = try #require(seen["checks"] as? [[String: Any]])
    #expect(
      checks.contains { $0["id"] as? String == "agent.span" && $0["status"] as? String == "passed" }
    )
    let questions = (seen["observations"] as? [[String: Any]])?.compactMap {
      $0["question"] as? String
    }
    #expect(questions?.contains("agent.info \(agent.url)") == true)
  }

  @Test func `cost their own time and nothing else, however they end`() throws {
    let plugins = try PluginFolder()
    for row in Self.endings { try plugins.add(row.name, row.body) }
    let run = try Doctor.run(Self.offline + ["--timeout", "8s"], plugins.variables)
    #expect(run.status == 3)
    for row in Self.endings {
      #expect(try run.verdict("acme.\(row.name)") == row.verdict, "\(row.name)")
      let check = try run.check("acme.\(row.name)")
      let message = check["message"] as? String ?? ""
      #expect(message.contains(row.says), "\(row.name): \(message)")
      guard row.verdict.hasPrefix("unknown") else { continue }
      let evidence = check["evidence"] as? [[String: String]] ?? []
      let command = evidence.first { $0["name"] == "command" }?["measured"] ?? ""
      #expect(command.hasPrefix(plugins.file("dd-doctor-check-\(row.name)")), "\(row.name)")
      #expect(evidence.contains { $0["name"] == "standard error" }, "\(row.name)")
      #expect((check["remedies"] as? [Any])?.isEmpty == false)
    }
    let boom = try run.check("acme.crash")["evidence"] as? [[String: String]]
    #expect(boom?.first { $0["name"] == "standard error" }?["measured"] == "boom: no gateway")
  }

  private struct Ending {
    let name: String
    let body: String
    let verdict: String
    let says: String

    init(_ name: String, _ body: String, _ verdict: String, _ says: String) {
      self.name = name
      self.body = body
      self.verdict = verdict
      self.says = says
    }
  }

  private static func prints(_ json: String) -> String { "cat <<'END'\n\(json)\nEND" }

  private static let endings = [
    Ending("fine", PluginFolder.passed, "passed", "it is there"),
    Ending("late-child", "sleep 600 & \(PluginFolder.passed)", "passed", "it is there"),
    Ending("deaf", "exec <&-; \(PluginFolder.passed)", "passed", "it is there"),
    Ending("hang", "exec sleep 600", "unknown timeout", "no answer in time"),
    Ending("hang-all", "sleep 600 & sleep 600", "unknown timeout", "no answer in time"),
    Ending(
      "crash", "echo starting >&2; echo 'boom: no gateway' >&2; exit 2", "unknown crashed", "exit 2"
    ),
    Ending("signal", "kill -SEGV $$", "unknown crashed", "killed by signal 11"),
    Ending("liar", "\(PluginFolder.passed); exit 1", "unknown crashed", "exit 1"),
    Ending("flood", "exec yes", "unknown tooLarge", "more than 256 KiB"),
    Ending("flood-errors", "exec yes >&2", "unknown tooLarge", "more than 256 KiB"),
    Ending("mute", ":", "unknown protocol", "it printed nothing"),
    Ending("words", "echo all is well", "unknown protocol", "'all' is no JSON value"),
    Ending(
      "twice", "\(PluginFolder.passed); \(PluginFolder.passed)", "unknown protocol",
      "line 2: there is more behind the end of the object"),
    Ending(
      "bytes", #"printf '{"status": "passed", "message": "\377\376"}'"#, "unknown protocol",
      "no valid UTF-8"),
    Ending(
      "deep", "printf '[%.0s' $(seq 513)", "unknown protocol", "nested more than 32 deep"),
    Ending("list", "echo '[]'", "unknown protocol", "the answer is an array"),
    Ending("empty", "echo '{}'", "unknown protocol", "status is missing"),
    Ending(
      "blank", prints(#"{"status": "passed", "message": " "}"#), "unknown protocol",
      "message is empty"),
    Ending(
      "status", prints(#"{"status": "pass", "message": "x"}"#), "unknown protocol",
      "status 'pass' is unknown; did you mean passed?"),
    Ending(
      "blocks", prints(#"{"status": "blocked", "message": "x"}"#), "unknown protocol",
      "status 'blocked'"),
    Ending(
      "classless", prints(#"{"status": "failed", "message": "x"}"#), "unknown protocol",
      "failed without a failureClass"),
    Ending(
      "class", prints(#"{"status": "failed", "message": "x", "failureClass": "timeuot"}"#),
      "unknown protocol", "did you mean timeout?"),
    Ending(
      "proofless", prints(#"{"status": "failed", "message": "x", "failureClass": "dns"}"#),
      "unknown protocol", "failed without evidence"),
    Ending(
      "hopeless",
      prints(
        #"{"status": "warning", "message": "x", "failureClass": "dns", "evidence": [{"name": "a", "measured": "b"}]}"#
      ), "unknown protocol", "warning without a remedy"),
    Ending(
      "numbers",
      prints(#"{"status": "failed", "message": "x", "evidence": [{"name": "a", "measured": 7}]}"#),
      "unknown protocol", "measured is a number, and has to be a string"),
    Ending(
      "injects",
      prints(
        #"{"status": "failed", "message": "x", "failureClass": "dns", "evidence": [{"name": "a", "measured": "b"}], "remedies": [{"kind": "set", "variable": "A=1;B", "value": "c"}]}"#
      ), "unknown protocol", "names no variable"),
    Ending(
      "no-matter", prints(#"{"status": "skipped", "message": "no gateway here"}"#), "skipped",
      "no gateway"),
  ]

  @Test func `are killed with all that they started`() throws {
    let plugins = try PluginFolder()
    try plugins.add("hang", "echo $$ >'\(plugins.file("group"))'; sleep 600 & sleep 600")
    let run = try Doctor.run(Self.offline + ["--timeout", "4s"], plugins.variables)
    #expect(try run.verdict("acme.hang") == "unknown timeout")
    let group = try plugins.text("group").trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(try !RuntimeTests.isAlive(group: group))
  }

  /// The report so far is written, and nothing is left behind.
  @Test(arguments: [("", "acme.slow"), ("--describe", "plugin.slow")])
  func `end with Ctrl-C, whatever they are asked`(word: String, id: String) throws {
    let plugins = try PluginFolder()
    try plugins.write(
      "slow",
      """
      #!/bin/sh
      if [ "$1" = "\(word)" ]; then
        echo $$ >'\(plugins.file("group"))'
        echo ready >'\(plugins.file("ready"))'
        exec sleep 600
      fi
      echo '{"id": "acme.slow", "title": "Slow", "explanation": "It is.", "fix": "None.",'
      echo '"docs": "https://wiki.acme.example/slow"}'
      """)
    let run = try Doctor.shell(
      """
      mkfifo '\(plugins.file("ready"))'
      "$DOCTOR" --language python --format json --timeout 300s --deadline 300s &
      read -r line <'\(plugins.file("ready"))'
      kill -INT $!
      wait $!
      """, plugins.variables.merging(["DD_TRACE_AGENT_URL": "http://127.0.0.1:1"]) { $1 })
    #expect(run.status == 130, "\(run.errors)")
    #expect(try run.verdict(id) == "unknown interrupted", "\(run.output)")
    let group = try plugins.text("group").trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(try !RuntimeTests.isAlive(group: group))
  }

  @Test func `that do not describe themselves are unknown under their file's name`() throws {
    let plugins = try PluginFolder()
    try plugins.add("fine", PluginFolder.passed)
    try plugins.write("garbage", "\u{1}\u{2}")
    try plugins.write("Silent One", "#!/bin/sh\necho 'no such option' >&2; exit 64")
    try plugins.write("hang", "#!/bin/sh\nexec sleep 600")
    try plugins.add("thief", id: "agent.span", PluginFolder.passed)
    try plugins.add("one", id: "acme.same", PluginFolder.passed)
    try plugins.add("two", id: "acme.same", PluginFolder.passed)
    let run = try Doctor.run(
      ["--only", "acme.*,plugin", "--format", "json", "--timeout", "8s"], plugins.variables)
    #expect(run.status == 3)
    let expected = [
      ("acme.fine", "passed", "it is there"),
      ("plugin.garbage", "unknown incompatible", "it can't be started: Exec format error"),
      ("plugin.silent-one", "unknown crashed", "exit 64"),
      ("plugin.hang", "unknown timeout", "no answer in time"),
      ("plugin.thief", "unknown protocol", "'agent.span' is in agent, a group of dd-doctor's own"),
      (
        "plugin.one", "unknown conflict", "acme.same is \(plugins.file("dd-doctor-check-two")), too"
      ),
      (
        "plugin.two", "unknown conflict", "acme.same is \(plugins.file("dd-doctor-check-one")), too"
      ),
    ]
    for (id, verdict, says) in expected {
      #expect(try run.verdict(id) == verdict)
      let message = try run.check(id)["message"] as? String ?? ""
      #expect(message.contains(says), "\(message)")
    }
    let evidence = try run.check("plugin.silent-one")["evidence"] as? [[String: String]]
    #expect(evidence?.contains { $0["measured"] == "no such option" } == true)
    #expect(try run.verdict("acme.same") == "absent")
    let listed = try Doctor.run(["list"], plugins.variables)
    #expect(listed.output.contains("plugin.thief "))
  }
}

func * (text: String, count: Int) -> String { String(repeating: text, count: count) }
