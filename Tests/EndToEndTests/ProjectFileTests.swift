import Foundation
import StandIn
import Testing

/// `.dd-doctor.json` through the built binary.
@Suite struct ProjectFileTests {
  private func folder(_ text: String) throws -> Scratch {
    let scratch = try Scratch()
    try Data(text.utf8).write(to: scratch.folder.appending(path: ".dd-doctor.json"))
    return scratch
  }

  @Test func `is named in the report, and its skips carry their reason`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let scratch = try folder(
      #"{"setup": "apm", "skip": [{"check": "environment.tags", "reason": "by the platform", "expires": "9999-12-31"}]}"#
    )
    let run = try Doctor.run(
      ["--format", "json", "--strict"], ["DD_TRACE_AGENT_URL": agent.url],
      folder: scratch.folder)
    #expect(run.status == 0, "\(run.output)")
    let setup = try run.report()["setup"] as? [String: Any]
    #expect(setup?["detectedFrom"] as? [String] == ["project file .dd-doctor.json"])
    let tags = try run.check("environment.tags")
    #expect(tags["status"] as? String == "skipped")
    #expect(
      tags["message"] as? String == "left out by .dd-doctor.json until 9999-12-31: by the platform")
    #expect(try run.verdict("project.skips") == "passed")
  }

  @Test func `has skips that end, and a command line that wins`() throws {
    let scratch = try folder(
      #"{"setup": "llmobs-agent", "skip": [{"check": "environment.tags", "reason": "x", "expires": "2020-01-31"}, {"check": "environment.names", "reason": "x"}]}"#
    )
    let arguments = ["--format", "json", "--offline", "--setup", "apm"]
    let run = try Doctor.run(arguments, folder: scratch.folder)
    #expect(try run.verdict("environment.tags") == "warning missing")
    #expect(try run.verdict("project.skips") == "warning outdated")
    #expect(try run.verdict("environment.names") == "skipped")
    #expect((try run.report()["setup"] as? [String: Any])?["name"] as? String == "apm")
    let named = try Doctor.run(
      arguments + ["--only", "environment.names"], ["DD_VERSION": "1"], folder: scratch.folder)
    #expect(try named.verdict("environment.names") == "passed")
  }

  @Test func `that is wrong is 65 with the file, the line and what was meant`() throws {
    let cases = [
      (
        "{\n  \"skips\": []\n}",
        "dd-doctor: .dd-doctor.json:2: unknown key 'skips' in the file; did you mean skip?\n"
      ),
      (
        #"{"skip": [{"check": "agent.forwrding", "reason": "x"}]}"#,
        "dd-doctor: .dd-doctor.json:1: unknown check 'agent.forwrding'; did you mean agent.forwarding?\n"
      ),
    ]
    for (text, expected) in cases {
      let scratch = try folder(text)
      let run = try Doctor.run(["--offline"], folder: scratch.folder)
      #expect(run.status == 65 && run.errors == expected, "\(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  @Test func `is found above, up to the repository's root and no further`() throws {
    let scratch = try folder(#"{"variables": {"MY_MODE": {}}}"#)
    let inner = scratch.folder.appending(path: "a/b")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    let arguments = ["--format", "json", "--offline"]
    #expect(try Doctor.run(arguments, folder: inner).verdict("project.variables") == "absent")
    try Data().write(to: scratch.folder.appending(path: ".git"))
    let run = try Doctor.run(arguments, folder: inner)
    #expect(try run.verdict("project.variables") == "failed missing")
    #expect(run.output.contains("project file ../../.dd-doctor.json"))
    try FileManager.default.createDirectory(
      at: scratch.folder.appending(path: "a/.git"), withIntermediateDirectories: true)
    #expect(try Doctor.run(arguments, folder: inner).verdict("project.variables") == "absent")
  }

  @Test func `keeps its secrets out of everything, and can be judged again`() throws {
    let scratch = try folder(#"{"variables": {"MY_VAULT": {}}, "secrets": ["MY_VAULT"]}"#)
    let secret = "correct-horse-battery-staple"
    let run = try Doctor.run(
      ["--format", "json", "--debug", "--offline"], ["MY_VAULT": secret], folder: scratch.folder)
    #expect(!run.output.contains(secret) && !run.errors.contains(secret))
    #expect(try run.verdict("project.variables") == "passed")
    try Data(run.output.utf8).write(to: scratch.folder.appending(path: "report.json"))
    let again = try Doctor.run(["judge", scratch.path("report.json"), "--format", "json"])
    #expect(try again.verdict("project.variables") == "passed")
  }

  @Test func `keeps its secrets out of what is told of other sources`() throws {
    let scratch = try folder(#"{"secrets": ["DD_TEAM_MODE"]}"#)
    let inputs = [
      ("a.env", "DD_TEAM_MODE=hunter2\n"), ("environ", "DD_TEAM_MODE=hunter2\0DD_ENV=a\0"),
      ("unit", "Id=a.service\nEnvironment=DD_TEAM_MODE=hunter2\n"),
      ("compose.json", #"{"services":{"web":{"environment":{"DD_TEAM_MODE":"hunter2"}}}}"#),
      (
        "docker.json",
        #"{"Id":"1","Name":"/a","State":{},"Config":{"Env":["DD_TEAM_MODE=hunter2"]}}"#
      ),
      ("env.json", #"["DD_TEAM_MODE=hunter2"]"#),
      (
        "pod.json",
        #"{"kind":"Pod","spec":{"containers":[{"name":"c","env":[{"name":"DD_TEAM_MODE","value":"hunter2"}]}]}}"#
      ),
      (
        "task.json",
        #"{"containerDefinitions":[{"name":"c","environment":[{"name":"DD_TEAM_MODE","value":"hunter2"}]}]}"#
      ),
      (
        "function.json",
        #"{"FunctionName":"f","Environment":{"Variables":{"DD_TEAM_MODE":"hunter2"}}}"#
      ),
    ]
    for (name, text) in inputs {
      try Data(text.utf8).write(to: scratch.folder.appending(path: name))
      let run = try Doctor.run(
        ["check", "--offline", "--format", "json", "--from", name], folder: scratch.folder)
      #expect(run.output.contains("DD_TEAM_MODE"), "\(name): \(run.errors)")
      #expect(!run.output.contains("hunter2") && !run.errors.contains("hunter2"), "\(name)")
    }
    let process = try Doctor.shell(
      """
      cd "$FOLDER"
      env -i DD_TEAM_MODE=hunter2 sleep 60 >/dev/null 2>&1 &
      child=$!
      until [ "$(cat /proc/$child/comm)" = sleep ]; do :; done
      "$DOCTOR" check --offline --from pid:$child --format json
      kill -9 $child
      """, ["FOLDER": scratch.folder.path])
    #expect(process.output.contains("DD_TEAM_MODE"), "\(process.errors)")
    #expect(!process.output.contains("hunter2") && !process.errors.contains("hunter2"))
  }

  @Test func `keeps its secrets from the interpreter that is asked`() throws {
    let scratch = try folder(#"{"language": "python", "secrets": ["MY_MODE"]}"#)
    let bin = scratch.folder.appending(path: "bin")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    try Data("#!/bin/sh\nenv > seen\n".utf8).write(to: bin.appending(path: "python3"))
    chmod(bin.appending(path: "python3").path, 0o755)
    _ = try Doctor.run(
      ["--only", "runtime"],
      ["MY_MODE": "hunter2", "MY_OTHER": "x", "PATH": "\(bin.path):/usr/bin:/bin"],
      folder: scratch.folder)
    let seen = try scratch.text("seen")
    #expect(seen.contains("MY_OTHER=x") && !seen.contains("hunter2"), "\(seen)")
  }

  @Test func `has a schema of its own`() throws {
    let run = try Doctor.run(["schema", "project"])
    let schema = try run.report()
    let properties = try #require(schema["properties"] as? [String: Any])
    #expect(
      Set(properties.keys) == [
        "$schema", "setup", "language", "skip", "variables", "endpoints", "secrets",
      ])
    #expect(try Doctor.run(["schema", "projct"]).status == 64)
    #expect(try Doctor.run(["schema", "report"]).output == Doctor.run(["schema"]).output)
  }
}
