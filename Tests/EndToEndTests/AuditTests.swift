import Foundation
import Testing

@Suite struct `audit judges every workload of a file` {
  private struct Report: Decodable {
    struct Workload: Decodable {
      struct Check: Decodable {
        var id: String
        var status: String
        var failureClass: String?
      }

      var kind: String
      var namespace: String?
      var name: String
      var container: String?
      var verdict: String
      var checks: [Check]
    }

    struct Cause: Decodable {
      var checkID: String
      var failureClass: String?
      var count: Int
      var workloads: [String]
    }

    var workloads: [Workload]
    var causes: [Cause]
    var exitStatus: Int32
  }

  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func pod(_ name: String, host: String, image: String = "shop:1") -> String {
    """
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\(name)","namespace":"shop"},"spec":{
    "containers":[{"name":"app","image":"\(image)","env":[\(host),
    {"name":"DD_SERVICE","value":"shop"},{"name":"DD_ENV","value":"prod"}],"volumeMounts":[
    {"name":"kube-api-access-\(name)","mountPath":"/var/run/secrets"}]}]},
    "status":{"hostIP":"10.0.0.\(name.utf8.count)"}}
    """
  }

  private static let onNode =
    #"{"name":"DD_AGENT_HOST","valueFrom":{"fieldRef":{"fieldPath":"status.hostIP"}}}"#
  private static let loopback = #"{"name":"DD_AGENT_HOST","value":"localhost"}"#

  private func audit(_ text: String, _ words: [String] = []) throws -> Doctor.Run {
    try Data(text.utf8).write(to: URL(filePath: scratch.path("list.json")))
    return try Doctor.run(["audit", "--from", scratch.path("list.json")] + words)
  }

  private func report(_ text: String) throws -> Report {
    try JSONDecoder().decode(
      Report.self, from: Data(try audit(text, ["--format", "json"]).output.utf8))
  }

  @Test func `each by itself, and what many share is one cause`() throws {
    let pods = (0..<30).map { pod("web-\($0)", host: $0 < 25 ? Self.loopback : Self.onNode) }
    let service = #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{}}"#
    let plain =
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"db"},"spec":{"#
      + #""containers":[{"name":"db","image":"postgres:16"}]}}"#
    let list =
      #"{"apiVersion":"v1","kind":"List","items":["#
      + (pods + [service, plain]).joined(separator: ",\n") + "]}"
    let report = try report(list)
    #expect(report.workloads.count == 31 && report.exitStatus == 1)
    #expect(report.workloads[0].name == "web-0" && report.workloads[24].name == "web-24")
    #expect(report.workloads[0].namespace == "shop" && report.workloads[0].container == "app")
    #expect(report.workloads.map(\.verdict).filter { $0 == "failed" }.count == 25)
    #expect(report.workloads[25].verdict == "healthy" && report.workloads[30].verdict == "unknown")
    let cause = try #require(report.causes.first)
    #expect(report.causes.count == 1 && cause.checkID == "kubernetes.agent-host")
    #expect(cause.count == 25 && cause.workloads.count == 20)
    #expect(cause.workloads.first == "shop/web-0/app")
    let text = try audit(list)
    #expect(text.status == 1 && text.output.contains("25 × kubernetes.agent-host  failed"))
    #expect(text.output.contains("1 not judged: nothing in them is configured"))
    #expect(!text.output.contains("any-workload"))
    // What goes through a pipe is read as well.
    let piped = try Doctor.shell("cat '\(scratch.path("list.json"))' | $DOCTOR audit --from -")
    #expect(piped.status == 1 && piped.output.contains("25 × kubernetes.agent-host"))
  }

  @Test func `Ctrl-C ends it, with the report so far`() throws {
    let pods = (0..<4_000).map { pod("web-\($0)", host: Self.onNode) }
    try Data("[\(pods.joined(separator: ","))]".utf8).write(
      to: URL(filePath: scratch.path("many.json")))
    // The pipe holds the rest back until it was told to end.
    let run = try Doctor.shell(
      """
      mkfifo '\(scratch.path("pipe"))'
      $DOCTOR audit --from '\(scratch.path("many.json"))' --format ndjson >'\(scratch.path("pipe"))' &
      exec 3<'\(scratch.path("pipe"))'
      read -r first <&3
      kill -INT $!
      cat <&3 >'\(scratch.path("rest"))'
      wait $!
      """)
    #expect(run.status == 130)
    #expect(try scratch.text("rest").contains("\"exitStatus\":130"))
  }

  @Test func `as check judges it alone`() throws {
    for host in [Self.loopback, Self.onNode] {
      let alone = pod("web-0", host: host)
      try Data(alone.utf8).write(to: URL(filePath: scratch.path("pod.json")))
      let checked = try Doctor.run(["--from", scratch.path("pod.json"), "--format", "json"])
      let workload = try #require(try report("[\(alone)]").workloads.first)
      #expect(!workload.checks.isEmpty)
      for check in workload.checks {
        let verdict = [check.status, check.failureClass].compactMap { $0 }.joined(separator: " ")
        #expect(try checked.verdict(check.id) == verdict)
      }
    }
  }

  @Test func `what a list says of its objects counts, and what is no JSON does not pass`() throws {
    let bare = pod("web-0", host: Self.loopback)
      .replacing(#""apiVersion":"v1","kind":"Pod","#, with: "")
    let list = #"{"kind":"PodList","apiVersion":"v1","items":[\#(bare)]}"#
    #expect(try report(list).workloads.map(\.verdict) == ["failed"])
    let broken = try audit("[\(pod("web-0", host: Self.onNode)) error: 40 more not listed ]")
    #expect(broken.status == 3 && broken.output.contains("no JSON"))
    #expect(try Doctor.run(["audit", "--from", scratch.folder.path]).status == 66)
  }

  @Test func `an Agent of the file is held against its applications`() throws {
    let agent = #"""
      {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"datadog","namespace":"dd"},
      "spec":{"template":{"spec":{"containers":[{"name":"agent","image":"gcr.io/datadoghq/agent:7",
      "env":[{"name":"DD_SITE","value":"datadoghq.eu"}],
      "ports":[{"containerPort":8126,"hostPort":8126}]}]}}}}
      """#
    let run = try audit("[\(pod("web-0", host: Self.onNode)),\(agent)]", ["--format", "ndjson"])
    #expect(run.output.contains("DaemonSet dd/datadog"), "\(run.output)")
    #expect(run.output.split(separator: "\n").count == 3)
  }

  @Test func `what can't be read is named with its place, and the rest is judged`() throws {
    let run = try audit("[\n{\"what\":1},\n\(pod("web-0", host: Self.onNode))\n]")
    #expect(run.status == 3 && run.output.contains("list.json, line 2: "))
    #expect(run.output.contains("1 healthy"))
    #expect(try audit("[{\"apiVersion\":").status == 65)
    #expect(try audit("[[{\"CI\":\"true\"}]]").status == 65)
    #expect(try audit("[]").errors.contains("nothing of it runs"))
    #expect(try audit("DD_ENV: prod\nservices:\n").status == 65)
    #expect(try Doctor.run(["audit"]).status == 64)
    #expect(try Doctor.run(["audit", "--from", scratch.path("none")]).status == 66)
  }
}
