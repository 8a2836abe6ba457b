import Testing

@testable import Wire

private let key = "0123456789abcdef0123456789abcdef"

@Suite struct `A secret` {
  private let secret = Secret(Array(key.utf8))

  private struct Holder {
    var name = "holder"
    var secret: Secret
    var list: [Secret]
    var maybe: Secret?
  }

  @Test func `can't be seen by print, dump, debug or Mirror`() {
    var shown = ""
    print(secret, to: &shown)
    debugPrint(secret, to: &shown)
    dump(secret, to: &shown)
    shown += String(describing: secret) + String(reflecting: secret)
    let holder = Holder(secret: secret, list: [secret], maybe: secret)
    print(holder, to: &shown)
    debugPrint([holder], to: &shown)
    dump(["a": holder], to: &shown)
    walk(Mirror(reflecting: holder), into: &shown)
    #expect(shown.contains("Datadog API key, 32 characters"))
    #expect(!shown.contains(key) && !shown.contains("48, 49, 50"))
  }

  private func walk(_ mirror: Mirror, into text: inout String) {
    for child in mirror.children {
      text += "\(child.label ?? ""): \(String(reflecting: child.value))\n"
      walk(Mirror(reflecting: child.value), into: &text)
    }
  }

  @Test func `can't be encoded`() {
    #expect(!((secret as Any) is any Encodable))
  }

  @Test func `can't be seen in a request, and is written for its own host alone`() {
    var request = HTTPRequest("GET", "/", host: "api.datadoghq.com")
    request.add("DD-API-KEY", secret, for: "api.datadoghq.com")
    var shown = ""
    dump(request, to: &shown)
    print(request, to: &shown)
    #expect(!shown.contains(key) && !shown.contains("48, 49, 50"))
    #expect(!String(decoding: request.bytes, as: UTF8.self).contains(key))
    let lines = { (host: String) in
      request.lines(encryptedTo: host).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(lines("api.datadoghq.com") == ["DD-API-KEY: \(key)"])
    #expect(lines("api.datadoghq.com.evil.example") == [] && lines("") == [])
  }
}

@Suite struct `A fingerprint` {
  /// The first outputs of the reference implementation, for the messages 00, 00 01, 00 01 02, ….
  @Test(
    arguments: [
      (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (2, 0x0d6c_8009_d9a9_4f5a),
      (3, 0x8567_6696_d7fb_7e2d), (4, 0xcf27_94e0_2771_87b7), (5, 0x1876_5564_cd99_a68d),
      (6, 0xcbc9_466e_58fe_e3ce), (7, 0xab02_00f5_8b01_d137), (8, 0x93f5_f579_9a93_2462),
      (15, 0xa129_ca61_49be_45e5),
    ] as [(Int, UInt64)])
  func `is SipHash-2-4`(count: Int, hash: UInt64) {
    let message = (0..<count).map { UInt8($0) }
    #expect(
      Fingerprint.sipHash(message, key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)) == hash)
  }

  @Test func `never changes, for reports of different versions are compared by it`() {
    #expect(Fingerprint.of(Array(key.utf8)) == "5a21d98a")
    #expect(Fingerprint.of([]).utf8.count == 8)
  }

  @Test(arguments: [" \(key)", "\(key)\r\n", "\"\(key)\"", " '\(key)' "])
  func `is of the value without blanks and quotes`(text: String) {
    #expect(
      SecretTraits(Array(text.utf8)).fingerprint == SecretTraits(Array(key.utf8)).fingerprint)
  }
}

@Suite struct `The traits of a secret` {
  @Test(arguments: [
    (key, SecretTraits.Kind.datadogAPIKey), (key + "01234567", .datadogAppKey),
    ("ddap_abc", .datadogAppKey), ("ddpat_abc", .datadogToken), ("sk-admin-abc", .openAIAdmin),
    ("sk-proj-abc", .openAIProject), ("sk-svcacct-abc", .openAIServiceAccount),
    ("sk-0123456789abcdef01", .openAIUser), ("sk-or-v1-abc", .openRouter),
    ("sk-ant-api03-abcdefghijkl", .foreign), ("ghp_abcdefghij", .foreign),
    ("AKIAABCDEFGHIJKLMNOP", .foreign), ("xoxb-1234567890", .foreign), ("AIzaSyabc", .foreign),
    ("eyJhbGciOiJIUzI1NiJ9.e30.x", .foreign), ("hf_abcdefghij", .foreign),
    ("glpat-abcdefghij", .foreign), ("'sk-ant-api03-abcdefghijkl'", .foreign),
    ("Bearer ghp_abcdefghijklmnopqrst", .foreign), ("postgres://u:p@h/d", .url),
    ("https://a.example", .url), ("", .empty), ("  ", .empty), ("hello", .other),
    ("0123456789abcdef0123456789abcdeg", .other),
  ])
  func `tell its kind`(text: String, kind: SecretTraits.Kind) {
    #expect(SecretTraits(Array(text.utf8)).kind == kind)
  }

  @Test func `tell blanks, line ends, quotes and odd bytes`() {
    let traits = { (text: String) in SecretTraits(Array(text.utf8)) }
    #expect(traits(" a").hasLeadingBlank && !traits("a").hasLeadingBlank)
    #expect(traits("a ").hasTrailingBlank && traits("a\n").hasTrailingNewline)
    #expect(traits("a\r").hasTrailingCarriageReturn && traits("a\r\n").hasTrailingCarriageReturn)
    #expect(traits("\"a\"").isQuoted && traits("'a").isQuoted && !traits("a").isQuoted)
    #expect(traits("a b").hasOddBytes && traits("ä").hasOddBytes && !traits(" ab ").hasOddBytes)
  }

  @Test(arguments: ["<YOUR_API_KEY>", "xxxx", "changeme", "your-api-key", "****"])
  func `tell a placeholder`(text: String) {
    #expect(SecretTraits(Array(text.utf8)).isPlaceholder)
  }

  @Test(arguments: ["${DD_API_KEY}", "$DD_API_KEY", "$(cat key)", "{{ key }}"])
  func `tell a variable that nobody expanded`(text: String) {
    #expect(SecretTraits(Array(text.utf8)).isUnexpanded)
  }
}

@Suite struct `An echo of a secret` {
  private let secret = Secret(Array("my_Very-secret.key+42/xyz".utf8))

  @Test(arguments: [
    "unknown key my_Very-secret.key+42/xyz", #""my_Very-secret.key+42\/xyz""#,
    "?key=my_Very-secret.key%2B42%2Fxyz&a=my_Very-secret.key+42/xyz", "cut my_Very-secret.k",
    "cut my_Very-secret.k…",
  ])
  func `is taken out in every form`(text: String) {
    let clean = SecretRemover([secret], minimum: 4).removed(from: text)
    #expect(!clean.contains("my_Very"), "\(clean)")
    #expect(clean.contains(secret.traits.token))
  }

  @Test func `of a proxy's password has no fingerprint`() {
    let proxy = Secret(Array("http://ann:sword/fish@proxy:3128".utf8))
    let remover = SecretRemover([proxy], minimum: 16)
    #expect(remover.removed(from: "no sword/fish, ann:sword%2Ffish") == "no ****, ann:****")
  }

  @Test func `is not seen in what stands in any text`() {
    let text = #"{"endpoints":["/info"],"cut":"my_V"#
    #expect(
      SecretRemover([Secret(Array("endpoints".utf8))], minimum: 16).removed(from: text) == text)
    #expect(SecretRemover([secret], minimum: 4).removed(from: text) == text)
  }

  @Test func `is not kept behind asterisks either`() {
    #expect(
      Redaction.withoutMasks("Incorrect key: sk-proj-****8Lr2, or **")
        == "Incorrect key: ****, or **"
    )
  }
}

@Suite struct `Redacted text` {
  @Test(arguments: [
    key, key.uppercased(), key + "01234567", "sk-proj-abcdefghijklmnop", "ghp_abcdefghijklmnopqrst",
    "AKIAABCDEFGHIJKLMNOP", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "ddap_abcdefghijklmnop",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    "sk-ant-api03-abcdefghijkl", "hf_abcdefghijklmnopqrstuvwxyz012345",
    "glpat-abcdefghijklmnopqrst",
    "xoxb-1234567890-abcdefghij", "AIzaSyabcdefghijklmnopqrstuvwxyz0123456",
  ])
  func `takes out a key wherever it stands`(secret: String) {
    for text in [
      secret, "DD_API_KEY=\(secret)", "key: \"\(secret)\",", "a/\(secret)/b", "key-\(secret)",
      "old_\(secret)", "x=\(secret)&y=\(secret)",
    ] {
      let redacted = Redaction.redacted(text)
      #expect(!redacted.contains(secret), "\(text) → \(redacted)")
      let token = SecretTraits(Array(secret.utf8)).token
      #expect(redacted.contains(token), "\(text) → \(redacted)")
      #expect(!token.contains { ",: =;".contains($0) } && Redaction.redacted(redacted) == redacted)
    }
  }

  @Test(arguments: [
    ("http://u:p@h", "http://****@h"),
    ("http://user:hunter2@host:8126/path", "http://****@host:8126/path"),
    ("see https://user:a@b@host/ ok", "see https://****@host/ ok"),
    ("http://:pass@host", "http://****@host"), ("//user:pass@host", "//****@host"),
    ("https://TOKEN@dev.azure.com/o/_git/r", "https://****@dev.azure.com/o/_git/r"),
    ("http://user:p/ss@host:8126", "http://****@host:8126"),
    ("http://user:p\"s#s@host", "http://****@host"),
    ("git+ssh://git@host/x", "git+ssh://****@host/x"), ("http://****@host", "http://****@host"),
    (#"{"a":"http://t0ken@h:1","b":"x@y"}"#, #"{"a":"http://****@h:1","b":"x@y"}"#),
  ])
  func `takes out the user and password of a URL`(text: String, redacted: String) {
    #expect(Redaction.redacted(text) == redacted)
  }

  @Test(arguments: [
    "123e4567-e89b-12d3-a456-426614174000", "0123456789abcdef",
    "00000000000000000000000000000000", "http://localhost:8126/info", "http://[::1]:8126/a@b",
    "da39a3ee5e6b4b0d3255bfef95601890afd807", "mail user@host.example about it",
    "openai.request createChatCompletion gpt-4o-mini-2024-07-18", "ünïcode ✓ stays as it is",
    "short", #"{"a":"http://h:1","b":"x@y"}"#, "https://registry.example/@scope/package",
    "//cdn@host", "http://@host/a-b-c", "npm_config_registry_of_mine",
    "hf_hub_download_of_a_model_x",
    "git.commit.sha:da39a3ee5e6b4b0d3255bfef95601890afd80709 env:prod",
  ])
  func `leaves everything else alone`(text: String) {
    #expect(Redaction.redacted(text) == text)
  }

  @Test func `takes no key of forty characters for a commit`() {
    let key = "sk-proj-" + String(repeating: "aB3_", count: 8)
    #expect(key.utf8.count == 40 && !Redaction.redacted("sha=\(key)").contains(key))
  }
}

@Suite struct `Printable text` {
  @Test(arguments: [
    ("a\r\n\tb", #"a\r\n\tb"#), ("\u{1b}[31mred", #"\u{1b}[31mred"#), ("a\0b", #"a\u{0}b"#),
    ("\u{202e}abc", #"\u{202e}abc"#), ("grüß ✓", "grüß ✓"), ("\u{9b}x", #"\u{9b}x"#),
  ])
  func `shows controls and hides none`(text: String, shown: String) {
    #expect(printable(text) == shown)
  }

  @Test func `is cut, and survives bytes that are no UTF-8`() {
    #expect(printable("abcdef", limit: 3) == "abc…" && printable("abc", limit: 3) == "abc")
    #expect(printable([0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
  }
}
