import Foundation
import Testing

/// `--from`: configurations of other processes, containers, clusters and functions.
@Suite struct `A configuration from elsewhere` {
  private func run(_ text: String, _ more: [String] = [], file: String = "input") throws
    -> Doctor.Run
  {
    let scratch = try Scratch()
    let path = scratch.folder.appending(path: file)
    try Data(text.utf8).write(to: path)
    return try Doctor.run(["check", "--from", path.path, "--format", "json"] + more)
  }

  private static let pod = #"""
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop"},"spec":{
      "volumes":[{"name":"dd","hostPath":{"path":"/var/run/datadog"}}],
      "containers":[{"name":"app","image":"python:3.12",
        "volumeMounts":[{"name":"dd","mountPath":"/var/run/datadog"}],
        "env":[{"name":"DD_SERVICE","value":"shop"},{"name":"DD_ENV","value":"prod"}]}]}}
    """#

  @Test func `lives on another network, and says so for each check that would need it`() throws {
    let run = try run(Self.pod)
    #expect(run.status == 0, "\(run.errors)")
    let report = try run.report()
    let source = try #require(report["source"] as? [String: String])
    #expect(source["kind"] == "kubectl")
    #expect(source["name"]?.hasSuffix("input: Pod shop/web, container app") == true)
    let reachable = try run.check("agent.reachable")
    #expect(reachable["status"] as? String == "skipped")
    #expect(reachable["message"] as? String == "another network")
    #expect((report["exchanges"] as? [Any])?.isEmpty == true)
    #expect((report["setup"] as? [String: Any])?["language"] as? String == "python")
  }

  @Test func `is probed from here where the user says so`() throws {
    let run = try run(
      #"{"services":{"web":{"environment":{"DD_AGENT_HOST":"127.0.0.1","DD_TRACE_AGENT_PORT":"1"}}}}"#,
      ["--probe-here"])
    #expect(try run.verdict("agent.reachable") == "failed refused")
    #expect(run.status == 1)
  }

  @Test func `is not followed by a look at the shell`() throws {
    let scratch = try Scratch()
    let file = scratch.folder.appending(path: "pod.json")
    try Data(
      """
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop"},"spec":{"template":
      {"spec":{"containers":[{"name":"web","env":[
      {"name":"DD_TRACE_ENABLED","value":"false"}]}]}}}}
      """.utf8
    ).write(to: file)
    let run = try Doctor.run(["--from", file.path])
    #expect(run.status == 1)
    #expect(run.output.contains("\nNext: "), "\(run.output)")
    #expect(!run.output.contains("&& dd-doctor"))
  }

  @Test func `is judged again from its report`() throws {
    let scratch = try Scratch()
    let report = scratch.folder.appending(path: "report.json")
    let first = try run(Self.pod, ["-o", report.path])
    #expect(first.status == 0)
    let again = try Doctor.run(["judge", report.path, "--format", "json"])
    #expect(again.status == 0, "\(again.errors)")
    #expect(try again.check("agent.reachable")["message"] as? String == "another network")
  }

  @Test func `asks which workload is meant, and is told behind the file`() throws {
    let two =
      #"{"services":{"a":{"environment":{"DD_ENV":"x"}},"b":{"environment":{"DD_ENV":"y"}}}}"#
    let asked = try run(two)
    #expect(asked.status == 64)
    #expect(asked.output.isEmpty)
    #expect(asked.errors.contains("a, b") && asked.errors.contains("dd-doctor audit --from"))
    let scratch = try Scratch()
    let path = scratch.folder.appending(path: "compose.json")
    try Data(two.utf8).write(to: path)
    let told = try Doctor.run(["check", "--from", "compose:\(path.path)#b", "--format", "json"])
    #expect(told.status == 0, "\(told.errors)")
    let values = try #require(try told.report()["configuration"] as? [[String: Any]])
    #expect(values.first { $0["name"] as? String == "DD_ENV" }?["value"] as? String == "y")
    let wrong = try Doctor.run(["check", "--from", "\(path.path)#c"])
    #expect(wrong.status == 64)
    #expect(wrong.errors.contains("no workload is named 'c'"))
  }

  @Test(
    arguments: [
      (["--from", "/nonexistent/file"], 66, "No such file"),
      (["--from", "pid:0"], 64, "no process"),
      (["--from", "pid:x"], 64, "no process"), (["--from", "pid:2147483646"], 66, "No such"),
      (["--from", "kubctl:/nonexistent"], 66, "did you mean kubectl:/nonexistent?"),
      (["--from", "/"], 66, "Is a directory"),
    ] as [([String], Int32, String)])
  func `that is not there is refused with its name`(words: [String], status: Int32, says: String)
    throws
  {
    let run = try Doctor.run(["check"] + words)
    #expect(run.status == status)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(says), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `that is not what it claims is refused with its line`() throws {
    let run = try run("{\n \"services\": {\n")
    #expect(run.status == 65)
    #expect(run.errors.contains("line 3, column 1: it ends in the middle"), "\(run.errors)")
    #expect(try Self.run(String(repeating: "[", count: 513)).status == 65)
  }

  private static func run(_ text: String) throws -> Doctor.Run {
    try Doctor.shell("printf %s '\(text)' | \"$DOCTOR\" check --from -")
  }

  @Test func `of a process is what it was started with`() throws {
    let run = try Doctor.shell(
      """
      env -i DD_ENV=prod DD_SERVICE=shop DD_API_KEY=0123456789abcdef0123456789abcdef sleep 60 &
      child=$!
      "$DOCTOR" check --offline --from pid:$child --format json
      status=$?
      kill -KILL $child  # a mask that is handed down may hold TERM back
      exit $status
      """)
    #expect(run.status == 0, "\(run.errors)")
    let report = try run.report()
    #expect((report["source"] as? [String: String])?["kind"] == "pid")
    #expect(!run.output.contains("0123456789abcdef0123456789abcdef"))
    let values = try #require(report["configuration"] as? [[String: Any]])
    #expect(values.compactMap { $0["name"] as? String } == ["DD_API_KEY", "DD_ENV", "DD_SERVICE"])
    #expect(values.allSatisfy { ($0["origin"] as? String)?.hasPrefix("pid ") == true })
  }

  @Test func `of a process is held against its .env file, where both are given`() throws {
    let scratch = try Scratch()
    let file = scratch.folder.appending(path: ".env")
    try Data("DD_SITE=datadoghq.eu\nDD_ENV=prod\n".utf8).write(to: file)
    let run = try Doctor.shell(
      """
      env -i DD_ENV=prod DD_SERVICE=shop sleep 60 &
      child=$!
      "$DOCTOR" check --offline --from pid:$child --from "$FILE" --format json
      status=$?
      kill -KILL $child  # a mask that is handed down may hold TERM back
      exit $status
      """, ["FILE": file.path])
    #expect(run.status == 0, "\(run.errors)")
    let found = try run.check("environment.conflicts")
    #expect(found["status"] as? String == "warning")
    #expect((found["message"] as? String)?.contains("DD_SITE") == true, "\(found)")
  }

  @Test func `of an application and of its Agent are judged together`() throws {
    let scratch = try Scratch()
    let application = scratch.folder.appending(path: "web.json")
    let agent = scratch.folder.appending(path: "agent.json")
    let site = #""env":[{"name":"DD_SITE","value":"datadoghq.eu"},"#
    try Data(Self.pod.replacing(#""env":["#, with: site).utf8).write(to: application)
    try Data(
      #"""
      {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"dd","namespace":"datadog"},"spec":
       {"template":{"spec":{"volumes":[{"name":"s","hostPath":{"path":"/opt/dd"}}],"containers":[
        {"name":"trace-agent","image":"gcr.io/datadoghq/agent:7","volumeMounts":[
         {"name":"s","mountPath":"/var/run/datadog"}],
         "env":[{"name":"DD_API_KEY","value":"0123456789abcdef0123456789abcdef"}]}]}}}}
      """#.utf8
    ).write(to: agent)
    let run = try Doctor.run(
      ["check", "--from", application.path, "--from", agent.path, "--format", "json"])
    #expect(run.status == 1, "\(run.errors)")
    #expect(try run.verdict("agent.site") == "failed wrongSite")
    #expect(try run.verdict("kubernetes.socket-mount") == "failed noSocket")
    #expect(!run.output.contains("0123456789abcdef0123456789abcdef"))
    let report = scratch.folder.appending(path: "report.json")
    try Data(run.output.utf8).write(to: report)
    let again = try Doctor.run(["judge", report.path, "--format", "json"])
    #expect(try again.verdict("agent.site") == "failed wrongSite")
  }

  /// The documentation's own `docker run` of the Agent.
  @Test func `of the documentation's Agent is green, under --strict too`() throws {
    let run = try run(
      #"""
      [{"Id":"0123456789abcdef","Name":"/dd-agent","State":{"Running":true},
        "Config":{"Image":"gcr.io/datadoghq/agent:latest","Env":["DOCKER_DD_AGENT=true",
          "DD_API_KEY=0123456789abcdef0123456789abcdef","DD_DOGSTATSD_NON_LOCAL_TRAFFIC=true",
          "DD_APM_ENABLED=true"]},
        "HostConfig":{"NetworkMode":"default"},"NetworkSettings":{"Networks":{"bridge":{}},
          "Ports":{"8126/tcp":[{"HostIp":"127.0.0.1","HostPort":"8126"}]}}}]
      """#, ["--strict"])
    #expect(run.status == 0, "\(run.output)")
    #expect(try run.report()["verdict"] as? String == "healthy")
  }

  // MARK: Files of others

  static let samples = ProcessInfo.processInfo.environment["DD_DOCTOR_SHARED"].map {
    URL(filePath: $0).appending(path: "samples")
  }

  /// Files of documentation and other projects: none is a broken set-up, but for what it says.
  @Test(.enabled(if: samples != nil))
  func `is recognised and judged, or refused with a reason; none is accused`() throws {
    let folder = try #require(Self.samples)
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var judged = 0
    for case let file as URL in try #require(files) where !file.hasDirectoryPath {
      let name = file.path.dropFirst(folder.path.count + 1)
      let run = try Doctor.run(
        ["check", "--offline", "--from", file.path, "--format", "json"])
      guard run.status <= 3 else {
        #expect([64, 65].contains(run.status), "\(name): \(run.status) \(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1, "\(name): \(run.errors)")
        print("\(name)\trefused \(run.status)\t\(run.errors.drop { $0 != " " })", terminator: "")
        continue
      }
      judged += 1
      let report = try run.report()
      let kind = (report["source"] as? [String: String])?["kind"] ?? ""
      let failed = try run.ids("failed")
      print("\(name)\t\(kind)\t\(report["verdict"] ?? "") \(failed)")
      // A template, whose key is still to be put in, and a function with the extension and no key.
      let hasNoKey = ["ddocs-datadog-agent-ecs-fargate.json", "datadog-ci-maskConfig-2.json"]
        .contains(file.lastPathComponent)
      #expect(failed.isEmpty != hasNoKey, "\(name): \(failed)")
    }
    #expect(judged > 30)
  }
}
