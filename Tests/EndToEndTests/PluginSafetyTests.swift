import Foundation
import StandIn
import Testing

/// What plug-ins may not do, and when none is run.
@Suite struct `Plug-ins are` {
  private func marked(_ plugins: PluginFolder) throws {
    try plugins.add("vault", "touch '\(plugins.file("ran"))'\n\(PluginFolder.passed)")
  }

  private func hasRun(_ plugins: PluginFolder) -> Bool {
    FileManager.default.fileExists(atPath: plugins.file("ran"))
  }

  @Test(
    arguments: [
      (["--offline", "--format", "json"], "skipped"),
      (["--format", "json", "--skip", "acme.*", "--offline"], "skipped"),
      (["--format", "json", "--only", "environment"], "absent"),
      (["--format", "json", "--no-plugins", "--offline"], "absent"),
      (["--format", "json", "--from", "ENV"], "skipped"),
      (["span", "--format", "json"], "absent"), (["demo", "--format", "json"], "absent"),
      (["--format", "json", "--only", "acme.vault"], "passed"),
      (["--format", "json", "--only", "acme.vault", "--from", "ENV", "--probe-here"], "passed"),
    ] as [([String], String)])
  func `not run where nothing is asked`(arguments: [String], verdict: String) throws {
    let plugins = try PluginFolder()
    try marked(plugins)
    try Data("DD_SERVICE=shop\n".utf8).write(to: URL(filePath: plugins.file("ENV")))
    let words = arguments.map { $0 == "ENV" ? "dotenv:\(plugins.file("ENV"))" : $0 }
    let run = try Doctor.run(words + ["--timeout", "20s"], plugins.variables)
    #expect(try run.verdict("acme.vault") == verdict, "\(run.errors)")
    #expect(hasRun(plugins) == (verdict == "passed"))
  }

  @Test(
    arguments: ["", ".", "bin", "./bin", "WORK"])
  func `never taken from the working folder or a relative one`(entry: String) throws {
    let plugins = try PluginFolder()
    try marked(plugins)
    let work = URL(filePath: plugins.path)
    let folder = entry.hasSuffix("bin") ? work.deletingLastPathComponent() : work
    let name = entry.hasSuffix("bin") ? work.lastPathComponent : entry == "WORK" ? work.path : entry
    let run = try Doctor.run(
      ["list"], ["PATH": "\(name):/usr/local/bin:/usr/bin:/bin"], folder: folder)
    #expect(run.status == 0 && !run.output.contains("vault"), "\(run.output)")
    let found = try Doctor.run(["list"], plugins.variables)
    #expect(found.output.contains("acme.vault"))
  }

  @Test(arguments: ["dd-doctor-check-vault", ""])
  func `not run where everyone can write them`(name: String) throws {
    let plugins = try PluginFolder()
    try marked(plugins)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: plugins.path + (name.isEmpty ? "" : "/\(name)"))
    let run = try Doctor.run(["--only", "plugin", "--format", "json"], plugins.variables)
    #expect(run.status == 3)
    #expect(try run.verdict("plugin.vault") == "unknown permission", "\(run.output)")
    #expect(
      try (run.check("plugin.vault")["message"] as? String)?.contains("everyone may write to")
        == true)
    #expect(!hasRun(plugins))
  }

  @Test func `not heard where they tell a secret, however they write it`() throws {
    let plugins = try PluginFolder()
    let key = "sk-proj-" + "a1B2" * 12
    let pin = "opensesame-and-close-again"
    try plugins.add(
      "vault",
      #"printf '{"status": "passed", "message": "\\u0073\#(key.dropFirst()) \\u006f\#(pin.dropFirst()) \\u001b[31m"}'"#
    )
    let project = try Scratch()
    try Data(#"{"secrets": ["ACME_PIN"]}"#.utf8).write(
      to: project.folder.appending(path: ".dd-doctor.json"))
    for format in ["json", "text"] {
      let run = try Doctor.run(
        ["--only", "acme.vault", "-v", "--format", format],
        plugins.variables.merging(["ACME_PIN": pin]) { $1 }, folder: project.folder)
      #expect(run.output.contains("acme.vault"), "\(run.output)")
      for text in [key, pin, "\u{1B}"] { #expect(!run.output.contains(text), "\(run.output)") }
      if format == "json" { #expect(try run.verdict("acme.vault") == "passed") }
    }
  }

  @Test func `no part of what a shell is given`() throws {
    let plugins = try PluginFolder()
    try plugins.add("vault", PluginFolder.failed)
    let run = try Doctor.run(["--only", "acme.vault", "--print-env"], plugins.variables)
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.errors.contains(#"export ACME_MODE='it'\''s open; touch /tmp/x'"#), "\(run.errors)")
  }

  @Test func `judged again from the report, and not run`() throws {
    let plugins = try PluginFolder()
    try plugins.add("vault", "touch '\(plugins.file("ran"))'\n\(PluginFolder.failed)")
    try plugins.add("crash", "exit 9")
    try plugins.write("mute", "#!/bin/sh\n")
    let saved = plugins.file("report.json")
    let first = try Doctor.run(
      ["--only", "acme.*,plugin", "--format", "json", "-o", saved], plugins.variables)
    #expect(first.status == 1)
    try FileManager.default.removeItem(atPath: plugins.file("ran"))
    let judged = try Doctor.run(["judge", saved, "--format", "json"], plugins.variables)
    #expect(!hasRun(plugins))
    #expect(try judged.verdict("acme.vault") == "failed disabled", "\(judged.output)")
    #expect(try judged.verdict("acme.crash") == "unknown crashed")
    #expect(try judged.verdict("plugin.mute") == "unknown protocol")
    for command in [["merge", saved, saved], ["diff", saved, saved], ["--baseline", saved]] {
      let run = try Doctor.run(command + ["--format", "json"], plugins.variables)
      #expect([0, 1].contains(run.status) && run.errors.isEmpty, "\(command): \(run.errors)")
    }
    let known = try Doctor.run(
      ["--only", "acme.vault", "--baseline", saved, "--format", "json"], plugins.variables)
    #expect(known.status == 0)
    #expect(try known.check("acme.vault")["known"] as? Bool == true)
  }

  @Test func `left out by a project, installed or not`() throws {
    let plugins = try PluginFolder()
    try marked(plugins)
    let project = try Scratch()
    func run(_ skip: String, _ variables: [String: String]) throws -> Doctor.Run {
      try Data(#"{"skip": [{"check": "\#(skip)", "reason": "not here"}]}"#.utf8).write(
        to: project.folder.appending(path: ".dd-doctor.json"))
      return try Doctor.run(
        ["--format", "json", "--skip", "agent,site,openai"], variables, folder: project.folder)
    }
    #expect(
      try run("acme.*", plugins.variables).check("acme.vault")["message"] as? String
        == "left out by .dd-doctor.json: not here")
    #expect(!hasRun(plugins))
    #expect(try run("acme.*", [:]).status != 65)
    #expect(try run("agnet.*", [:]).status == 65)
  }

  @Test func `blocked by what they need, and run in the order of their needs`() throws {
    let closed = try StandInAgent.start()
    closed.stop()
    let plugins = try PluginFolder()
    try plugins.add("behind", needs: ["agent.answers"], PluginFolder.passed)
    try plugins.add("above", needs: ["acme.below"], PluginFolder.passed)
    try plugins.add("below", PluginFolder.failed)
    try plugins.add("lost", needs: ["agent.answrs"], PluginFolder.passed)
    try plugins.add("egg", needs: ["acme.hen"], PluginFolder.passed)
    try plugins.add("hen", needs: ["acme.egg"], PluginFolder.passed)
    try plugins.add("chick", needs: ["acme.hen"], PluginFolder.passed)
    let variables = plugins.variables.merging(["DD_TRACE_AGENT_URL": closed.url]) { $1 }
    let run = try Doctor.run(["--only", "acme", "--format", "json"], variables)
    #expect(try run.check("acme.behind")["blockedBy"] as? String == "agent.reachable")
    #expect(try run.check("acme.above")["blockedBy"] as? String == "acme.below")
    #expect(try run.verdict("acme.lost") == "unknown misspelt")
    #expect(try run.verdict("acme.egg") == "unknown conflict")
    #expect(try run.verdict("acme.hen") == "unknown conflict")
    #expect(try run.check("acme.chick")["blockedBy"] as? String == "acme.hen")
    let other = try Doctor.run(
      ["--only", "acme", "--format", "json", "--setup", "openai-api"], variables)
    #expect(try other.verdict("acme.behind") == "skipped")
    #expect(
      try other.check("acme.behind")["message"] as? String
        == "needs agent.answers, which is no check of this setup")
  }
}
