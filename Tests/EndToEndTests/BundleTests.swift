import Foundation
import StandIn
import Testing

/// `bundle`, and the gate that everything passes on its way out.
@Suite struct BundleTests {
  private static let key = "7c1e09a4d3f85b26e0419cfa73d28b5e"
  private static let project = "sk-proj-canaryABCD0123456789efghCANARY9876"
  private static let odd = "q7R-tY2_wZ9.kLm4-PxV8"

  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func `a bundle says what is inside, and is judged and compared as a report`() throws {
    let agent = try StandInAgent.start()
    defer { agent.stop() }
    let variables = [
      "DD_TRACE_AGENT_URL": agent.url, "DD_API_KEY": Self.key, "DD_TAGS": "k:\(Self.project)",
    ]
    let path = scratch.path("b.json")
    let words = ["--setup", "apm", "--language", "python", "--skip", "datadog,site"]
    let run = try Doctor.run(
      ["bundle", "-o", path, "--report", "json=\(scratch.path("r.json"))"] + words, variables)
    #expect(run.status == 0 && run.output.isEmpty)
    #expect(run.errors.contains("nothing is uploaded") && run.errors.contains("not inside"))
    let text = try scratch.text("b.json")
    #expect(!text.contains(Self.key) && !text.contains(Self.project))
    let bundle = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(Set(bundle.keys) == ["bundleVersion", "hashes", "machine", "redactions", "report"])
    let redactions = try #require(bundle["redactions"] as? [[String: Any]])
    #expect(
      redactions.contains {
        $0["place"] as? String == "configuration DD_TAGS"
          && $0["kind"] as? String == "openai project key" && $0["count"] as? Int == 1
      })
    let judged = try Doctor.run(["judge", path])
    #expect(judged.status == 0 && judged.errors.isEmpty)
    let compared = try Doctor.run(["diff", scratch.path("r.json"), path])
    #expect(compared.status == 0 && compared.errors.isEmpty)
  }

  @Test func `a bundle that was changed is refused, and a place where none can be written`() throws
  {
    let path = scratch.path("b.json")
    _ = try Doctor.run(["bundle", "--offline", "-o", path], ["DD_SERVICE": "shop"])
    let text = try scratch.text("b.json")
    let changes = [
      (text.replacing("\"shop\"", with: "\"shup\""), "hashes do not fit its report"),
      (text.replacing("\"architecture\" : \"", with: "\"architecture\" : \"z"), "its machine"),
      (text.replacing("\"report\" : {\n", with: "\"note\" : 1,\n\"report\" : {\n"), "its note"),
      (text.replacing("\"bundleVersion\" : 1", with: "\"bundleVersion\" : 9"), "schema 9"),
      (String(text.prefix(text.count / 2)), "no report"),
      (String(repeating: "[", count: 513), "no report"), ("", "no report"),
    ]
    for (index, (change, reason)) in changes.enumerated() {
      let name = scratch.path("\(index)")
      try Data(change.utf8).write(to: URL(filePath: name))
      for words in [
        ["judge", name], ["diff", path, name], ["merge", path, name],
        ["--offline", "--baseline", name],
      ] {
        let run = try Doctor.run(words)
        #expect(run.status == 65 && run.output.isEmpty, "\(words)")
        #expect(
          run.errors.split(separator: "\n").count == 1 && run.errors.contains(reason),
          "\(run.errors)")
      }
    }
    #expect(try Doctor.run(["--offline", "--baseline", path], ["DD_SERVICE": "shop"]).status == 0)
    #expect(try Doctor.run(["merge", path, path]).status == 0)
    #expect(try Doctor.run(["bundle"]).status == 64)
    let run = try Doctor.run(["bundle", "--offline", "-o", scratch.path("no/b.json")])
    #expect(run.status == 73 && run.errors.contains("No such file"), "\(run.errors)")
  }

  @Test(arguments: [
    "json", "html", "ndjson", "info", "text", "junit", "tap", "sarif", "prometheus",
  ])
  func `what no rule of the redaction knows is taken out by the last scan`(format: String) throws {
    // A secret without a known shape, in a variable that is shown: nothing but the gate can tell.
    let odd = try Doctor.run(
      ["--offline", "--format", format], ["DD_API_KEY": Self.odd, "DD_SERVICE": Self.odd])
    let plain = try Doctor.run(
      ["--offline", "--format", format], ["DD_API_KEY": Self.odd, "DD_SERVICE": "shop"])
    #expect(odd.status == plain.status && odd.errors.isEmpty)
    #expect(!odd.output.contains(Self.odd))
    if format == "json" { #expect(odd.output.contains("[secret/21/")) }
  }
}
