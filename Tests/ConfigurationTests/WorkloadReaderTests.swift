import Testing

@testable import Configuration

/// Reads a text as `--from` would.
func workloads(_ text: String, as kind: SourceKind? = nil) throws -> [Workload] {
  try WorkloadReader.read(Array(text.utf8), as: kind, origin: "file").workloads
}

/// Why a text is not read.
func refusal(_ bytes: [UInt8], as kind: SourceKind? = nil) -> String? {
  do {
    _ = try WorkloadReader.read(bytes, as: kind, origin: "file")
    return nil
  } catch {
    return error.message
  }
}

extension Workload {
  /// A variable's text, for a row of a table.
  func text(_ name: String) -> String? { environment.text(name) }
}

@Suite struct `A file of workloads` {
  /// Each kind in the forms that its own tool writes, with its workloads.
  static let recognised: [(String, SourceKind, [String])] = [
    ("DD_SITE=datadoghq.eu\n", .dotenv, ["file"]),
    ("# only a comment\n", .dotenv, ["file"]),
    ("DD_ENV=a\0PATH=/bin\0", .environ, ["file"]),
    ("Environment=DD_ENV=a \"DD_TAGS=a:b c:d\"\n", .systemctl, ["(no Id)"]),
    ("Environment=\n", .systemctl, ["(no Id)"]),
    ("Environment=prod\nDD_ENV=a\n", .dotenv, ["file"]),
    ("Id=web.service\nLoadState=loaded\n", .systemctl, ["web.service"]),
    (
      #"[{"Id":"0123456789abcdef","Name":"/web","State":{},"Config":{"Env":null}}]"#, .docker,
      ["web"]
    ),
    (
      #"{"Id":"0123456789abcdef","Name":"/web","State":{},"Config":{"Env":["A=1"]}}"#, .docker,
      ["web"]
    ),
    (
      #"{"Id":"1","Name":"/a","Config":{}} {"Id":"2","Name":"/b","Config":{}}"#, .docker,
      ["a", "b"]
    ),
    (#"["DD_ENV=a","PATH=/bin"]"#, .docker, ["(no name)"]),
    (#"{"name":"shop","services":{"web":{},"agent":{}}}"#, .compose, ["shop/web", "shop/agent"]),
    (#"{"services":{"web":{"environment":["A=1","B"]}}}"#, .compose, ["web"]),
    (
      #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c"}]}}"#,
      .kubectl, ["p/c"]
    ),
    (
      #"{"apiVersion":"v1","kind":"List","items":[{"kind":"Service"},{"kind":"CronJob","metadata":{"name":"j","namespace":"n"},"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"c"}],"initContainers":[{"name":"i"}]}}}}}}]}"#,
      .kubectl, ["n/j/i", "n/j/c"]
    ),
    (#"{"FunctionName":"f","Runtime":"python3.12"}"#, .lambda, ["f"]),
    (#"{"Configuration":{"FunctionName":"f"},"Code":{}}"#, .lambda, ["f"]),
    (#"{"Functions":[{"FunctionName":"f"},{"FunctionName":"g"}]}"#, .lambda, ["f", "g"]),
    (#"{"taskDefinition":{"family":"t","containerDefinitions":[{"name":"c"}]}}"#, .ecs, ["t/c"]),
    (#"{"family":"t","containerDefinitions":[{"name":"c"}]}"#, .ecs, ["t/c"]),
    (#"[{"name":"c","image":"i","environment":[]}]"#, .ecs, ["c"]),
    (
      #"{"tasks":[{"taskArn":"arn:aws:ecs:r:1:task/k/77","containers":[{"name":"c"}]}]}"#,
      .ecs, ["77/c"]
    ),
  ]

  @Test func `names the objects of a list of one kind`() throws {
    let list =
      #"{"kind":"DeploymentList","apiVersion":"apps/v1","items":[{"metadata":{"name":"w"},"spec":{"template":{"spec":{"containers":[{"name":"c"}]}}}}]}"#
    #expect(try workloads(list).first?.facts.title == "Deployment w, container c")
  }

  @Test func `of more variables than there can be keeps those that it takes`() throws {
    let block = String(repeating: "DD_ENV=a\0", count: 300_000)
    let environment = try #require(try workloads(block).first?.environment)
    #expect(environment.text("DD_ENV") == "a")
    #expect(environment.shadowed.count == 64)
  }

  @Test func `keeps names on one line, short and without keys`() throws {
    let name = String(repeating: "x", count: 5000) + #"\n\u001b[31m"#
    let facts = try #require(
      try workloads(#"{"services":{"\#(name)":{"image":"a"}}}"#).first?.facts)
    #expect(facts.name.count <= 301)
    let key = "sk-proj-0123456789abcdefghijklmnop"
    let other = try #require(try workloads(#"{"services":{"\#(key)":{}}}"#).first?.facts)
    #expect(!other.name.contains(key))
  }

  @Test(arguments: recognised)
  func `is recognised by its content`(text: String, kind: SourceKind, paths: [String]) throws {
    let read = try WorkloadReader.read(Array(text.utf8), origin: "file")
    #expect(read.kind == kind)
    #expect(read.workloads.map(\.facts.path) == paths)
  }

  /// What is none of it, with what the refusal must say.
  static let refused: [(String, String)] = [
    ("", "empty"), (" \n\n", "empty"), ("[]", "found nothing"), ("{}", "an empty object"),
    (#"{"kind":"List","apiVersion":"v1","items":[]}"#, "the list is empty"),
    (#"{"apiVersion":"v1","kind":"Secret","data":{}}"#, "nothing of it runs (Secret)"),
    (#"{"services":{}}"#, "no service"), (#"{"Functions":[]}"#, "no function"),
    (#"{"containerDefinitions":[]}"#, "no container"),
    (#"{"schemaVersion":1,"checks":[]}"#, "dd-doctor judge"),
    (#"[{"op":"add","path":"/spec","value":1}]"#, "a JSON patch"),
    (#"{"a":1,"b":2}"#, "an object with a, b"), ("[1,2]", "nothing that --from knows"),
    (#"[{"FunctionName":"f"},{"services":{}}]"#, "several kinds (compose, lambda)"),
    (#"{"services":"#, "line 1, column 13"),
    ("apiVersion: v1\nkind: Pod\n", "kubectl get -o json"),
    ("services:\n  web:\n    image: x\n", "docker compose config --format json"),
    ("---\nfoo: bar\n", "YAML"), ("things:\n- a\n", "YAML"),
    ("<testsuites/>", "XML"), ("[Unit]\nDescription=x\n", "systemctl show"),
    ("Error: no such object: web\n", "line 1"), ("DD_ENV=a\nnot an assignment\n", "line 2"),
    ("A=\"open\nB=2\n", "line 1: the quote"), ("A=\"x\" y\n", "line 1"),
  ]

  @Test(arguments: refused)
  func `is refused with what it is, where, and what to type`(text: String, says: String) {
    let reason = refusal(Array(text.utf8))
    #expect(reason?.contains(says) == true, "\(reason ?? "read")")
  }

  @Test func `of another encoding or of bytes alone is refused`() {
    #expect(refusal([0xFF, 0xFE, 0x7B, 0])?.contains("UTF-16") == true)
    #expect(refusal([0x7F, 0x45, 0x4C, 0x46, 0, 0, 1])?.contains("binary") == true)
  }

  @Test(arguments: SourceKind.allCases.filter { $0 != .process && $0 != .dotenv && $0 != .environ })
  func `that is forced into a kind is held to it`(kind: SourceKind) {
    #expect(refusal(Array("DD_ENV=a\n".utf8), as: kind) != nil)
    #expect(refusal(Array(#"{"a":1}"#.utf8), as: kind) != nil)
  }

  @Test(arguments: recognised)
  func `is read the same with CRLF and a byte order mark`(
    text: String, kind: SourceKind, paths: [String]
  ) throws {
    guard kind != .environ else { return }
    let bytes = Array(text.replacing("\n", with: "\r\n").utf8)
    let read = try WorkloadReader.read([0xEF, 0xBB, 0xBF] + bytes, origin: "file")
    #expect(read.kind == kind)
    #expect(read.workloads.map(\.facts.path) == paths)
  }

  @Test(arguments: recognised)
  func `never traps, whatever is cut off or changed`(
    text: String, kind: SourceKind, paths: [String]
  ) {
    let bytes = Array(text.utf8)
    let signs: [UInt8] = [0, 0x0A, 0x22, 0x24, 0x3D, 0x7B, 0xFF]
    for index in bytes.indices {
      _ = refusal(Array(bytes[..<index]), as: kind)
      var changed = bytes
      changed[index] = signs[index % signs.count]
      _ = refusal(changed)
    }
  }
}
