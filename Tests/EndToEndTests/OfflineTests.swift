import Foundation
import Testing

/// What needs no network connects to nothing; the kernel is asked, where a tracer of its calls is at hand.
@Suite struct OfflineTests {
  static let commands = [
    "judge b.json", "--offline", "--offline --setup llmobs-agentless --language python -v",
    "diff b.json b.json", "merge b.json b.json", "explain agent.reachable",
    "explain DD_TRACE_AGENT_URL", "list", "egress", "audit --from pod.json", "--version",
    "bundle --offline -o c.json", "logs b.json", "schema", "man", "help",
  ]

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/strace")),
    arguments: commands)
  func `nothing is connected to`(words: String) throws {
    let scratch = try Scratch()
    let pod =
      #"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"},"spec":{"containers":[{"name":"b","env":[{"name":"DD_AGENT_HOST","value":"10.0.0.1"}]}]}}"#
    try Data(pod.utf8).write(to: scratch.folder.appending(path: "pod.json"))
    let run = try Doctor.shell(
      """
      cd '\(scratch.folder.path)' && $DOCTOR bundle --offline -o b.json 2>/dev/null
      strace -f -e trace=%network -o calls $DOCTOR \(words) >/dev/null 2>&1
      """,
      [
        "DD_API_KEY": "7c1e09a4d3f85b26e0419cfa73d28b5e", "DD_AGENT_HOST": "agent.invalid",
        "OPENAI_API_KEY": "sk-proj-canaryABCD0123456789efghCANARY9876",
      ])
    let calls = try scratch.text("calls")
    #expect(calls.contains("+++ exited with \(run.status) +++"), "it was watched to its end")
    // An interpreter that is asked for a version may look for its C library's name cache.
    let connected = calls.split(separator: "\n").filter { $0.contains("connect(") }
    #expect(connected.allSatisfy { $0.contains("/nscd/socket") }, "\(calls)")
    #expect(!calls.contains("AF_INET") && !calls.contains("sendto("), "\(calls)")
  }
}
